/* SPDX-License-Identifier: MIT */
#include "daemon/flush.h"

#include "base/now.h"
#include "deliver/deliver.h"
#include "deliver/sender.h"
#include "outbox/backlog.h"

static void set_text(struct sk_daemon_result *result,
		     const struct sk_report *report)
{
	const char *detail = sk_report_detail(report);
	struct sk_str *out = &result->text;

	sk_str_clear(out);
	sk_str_addf(out, "%lld delivered", (long long)result->delivered);
	if (report->pending)
		sk_str_addf(out, ", %lld pending", (long long)report->pending);
	if (report->failed)
		sk_str_addf(out, ", %lld refused", (long long)report->failed);
	if (report->queued)
		sk_str_addf(out, ", %lld wait", (long long)report->queued);
	if (*detail)
		sk_str_addf(out, ": %s", detail);
}

static void take_report(struct sk_daemon_result *result,
			const struct sk_report *report)
{
	int64_t got = sk_report_delivered(report);

	result->delivered += got;
	result->has_failed = report->stopped && !report->interrupted;
	result->next_ms = report->next_ms;
	if (got || report->pending || report->failed || report->stopped)
		set_text(result, report);
}

/* Returns whether a pass was made, so that another one may find more. */
static bool send_once(const struct sk_daemon_flush *orders,
		      struct sk_account *account,
		      struct sk_daemon_result *result)
{
	const struct sk_deliver_options options = {.attempts =
							   SK_DELIVER_ATTEMPTS,
						   .respect_wait = true,
						   .stop = orders->stop};
	struct sk_sender sender = SK_SENDER_INIT;
	struct sk_report report = SK_REPORT_INIT;
	enum sk_sender_state state;
	struct sk_err err = {0};
	int rc = sk_account_reload(account, &err);

	if (rc == 0)
		rc = sk_sender_open(&sender, account, &state, &err);
	if (rc == 0 && state != SK_SENDER_READY)
		rc = 1;
	if (rc == 0)
		rc = sk_clearance_announce(sender.clearance, (int)orders->port,
					   orders->token, &err);
	if (rc == 0)
		rc = sk_deliver(&sender, &options, &report, &err);
	if (rc == 0)
		take_report(result, &report);
	else if (rc < 0)
		sk_str_set(&result->text, err.msg);
	else
		result->next_ms = report.next_ms;
	result->has_tried |= rc <= 0;
	result->has_failed |= rc < 0;
	sk_report_free(&report);
	sk_sender_close(&sender);
	return rc == 0;
}

void sk_daemon_flush(const struct sk_daemon_flush *orders,
		     struct sk_daemon_result *result)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};
	bool may;

	if (sk_config_may_send(&may, orders->config, &err) < 0) {
		sk_str_set(&result->text, err.msg);
		result->has_tried = result->has_failed = true;
		return;
	}
	/* as after any sender: what was queued meanwhile had no other chance */
	for (int round = 0; may && round < SK_DELIVER_ROUNDS; round++) {
		if (!send_once(orders, &account, result) || *orders->stop ||
		    !sk_backlog_due(sk_now_ms()))
			break;
	}
	sk_account_free(&account);
}
