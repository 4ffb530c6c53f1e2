/* SPDX-License-Identifier: MIT */
#include "deliver/finalsync.h"

#include "base/now.h"
#include "deliver/deliver.h"
#include "deliver/sender.h"
#include "git/config.h"
#include "outbox/backlog.h"

static void say_report(struct sk_diagnostics *said,
		       const struct sk_report *report)
{
	const char *detail = sk_report_detail(report);
	struct sk_str text = SK_STR_INIT;

	if (sk_report_is_clean(report))
		return;
	if (report->queued > 0)
		sk_str_addf(
			&text,
			"%lld %s in the queue and will be tried again: %s",
			(long long)report->queued,
			sk_plural(report->queued, "event waits", "events wait"),
			detail);
	else
		sk_str_addf(&text,
			    "the server refused %lld %s; see 'git sk-sync"
			    " status': %s",
			    (long long)report->failed,
			    report->failed == 1 ? "event, which is kept"
						: "events, which are kept",
			    detail);
	sk_diagnostic_say(said, sk_diagnostic_of_report(report), text.ptr);
	sk_str_free(&text);
}

/* Returns whether a pass was made, so that another one may find more. */
static bool send_once(struct sk_account *account, struct sk_diagnostics *said)
{
	const struct sk_deliver_options options = {
		.attempts = SK_DELIVER_ATTEMPTS, .respect_wait = true};
	struct sk_sender sender = SK_SENDER_INIT;
	struct sk_report report = SK_REPORT_INIT;
	enum sk_sender_state state;
	struct sk_err err = {0};
	int rc = 1;

	if (sk_account_reload(account, &err) < 0 ||
	    sk_sender_open(&sender, account, &state, &err) < 0)
		rc = -1;
	else if (state == SK_SENDER_READY)
		rc = sk_deliver(&sender, &options, &report, &err);
	if (rc < 0)
		sk_diagnostic_say(said, sk_diagnostic_of_error(&err), err.msg);
	else if (rc == 0)
		say_report(said, &report);
	sk_report_free(&report);
	sk_sender_close(&sender);
	return rc == 0;
}

/*
 * Whoever queues an event while we hold the lease starts a sender that leaves
 * at once, because we are there: so look again after letting go, and at who is
 * logged in by then.
 */
void sk_final_sync_run(struct sk_diagnostics *said)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_err err = {0}, ignored = {0};
	bool may = true;

	/* without git nothing is switched off */
	if (sk_config_load(&config, &ignored) == 0 &&
	    sk_config_may_send(&may, &config, &err) < 0) {
		sk_diagnostic_say(said, sk_diagnostic_of_error(&err), err.msg);
		may = false;
	}
	for (int round = 0; may && round < SK_DELIVER_ROUNDS; round++) {
		if (!send_once(&account, said) || !sk_backlog_due(sk_now_ms()))
			break;
	}
	sk_account_free(&account);
	sk_config_free(&config);
}
