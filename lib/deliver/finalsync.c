/* SPDX-License-Identifier: MIT */
#include "deliver/finalsync.h"

#include <string.h>

#include "base/now.h"
#include "deliver/deliver.h"
#include "deliver/sender.h"
#include "git/config.h"
#include "outbox/backlog.h"
#include "outbox/state.h"

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

/* Why it is not tried now: what went wrong the last time. */
static void say_wait(struct sk_diagnostics *said, struct sk_outbox *box)
{
	struct sk_str category = SK_STR_INIT, reason = SK_STR_INIT;
	struct sk_report report = SK_REPORT_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_err ignored = {0};
	int64_t was_refreshing = 0;

	if (sk_state_get(box, "last_category", &category, &ignored) < 0 ||
	    sk_state_get(box, "last_error", &reason, &ignored) < 0 ||
	    sk_state_get_int(box, "was_refreshing", &was_refreshing, &ignored) <
		    0)
		goto out;
	report.is_refreshing = was_refreshing;
	for (int i = 0; i < SK_REPORT_CATEGORIES; i++) {
		if (strcmp(category.ptr, sk_category_name(i)) == 0)
			report.queued_category = (enum sk_category)i;
	}
	sk_str_addf(&text,
		    "events wait in the queue and will be tried again:"
		    " the last time: %s",
		    reason.ptr);
	sk_diagnostic_say(said, sk_diagnostic_of_report(&report), text.ptr);
out:
	sk_report_free(&report);
	sk_str_free(&text);
	sk_str_free(&category);
	sk_str_free(&reason);
}

static void say_taken(struct sk_diagnostics *said)
{
	sk_diagnostic_say(said, SK_DIAG_LOCK_UNAVAILABLE,
			  "events wait in the queue: another process is"
			  " sending, and takes them along");
}

/* Returns whether a pass was made, so that another one may find more. */
static bool send_once(struct sk_account *account, bool is_awaited,
		      struct sk_diagnostics *said)
{
	const struct sk_deliver_options options = {
		.attempts = is_awaited ? 1 : SK_DELIVER_ATTEMPTS,
		.respect_wait = true};
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
	else if (is_awaited && state == SK_SENDER_READY)
		say_wait(said, sender.box);
	else if (is_awaited && state == SK_SENDER_TAKEN)
		say_taken(said);
	sk_report_free(&report);
	sk_sender_close(&sender);
	return rc == 0;
}

/*
 * Whoever queues an event while we hold the lease starts a sender that leaves
 * at once, because we are there: so look again after letting go, and at who is
 * logged in by then.
 */
static void run(struct sk_diagnostics *said, bool is_awaited)
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
		if (!send_once(&account, is_awaited, said) ||
		    !sk_backlog_due(sk_now_ms()))
			break;
	}
	sk_account_free(&account);
	sk_config_free(&config);
}

void sk_final_sync_run(struct sk_diagnostics *said)
{
	run(said, false);
}

void sk_final_sync_run_once(struct sk_diagnostics *said)
{
	run(said, true);
}
