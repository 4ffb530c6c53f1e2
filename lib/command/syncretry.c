/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <unistd.h>

#include "base/now.h"
#include "front/cli.h"
#include "guard/account.h"
#include "outbox/backlog.h"
#include "outbox/outcome.h"

struct opts {
	bool all, quiet;
};

/* Frees them all or none. Returns 0; 1 when one is neither held nor parked. */
static int free_events(struct sk_outbox *box, int count, char **ids,
		       int64_t *freed, struct sk_err *err)
{
	int64_t now = sk_now_ms() / 1000, some;
	int unknown = 0, rc;

	if (sk_outbox_begin(box, err) < 0)
		return -1;
	if (count == 0 && sk_queue_retry(box, NULL, now, freed, err) < 0)
		goto fail;
	for (int i = 0; i < count; i++) {
		rc = sk_queue_retry(box, ids[i], now, &some, err);
		if (rc < 0)
			goto fail;
		if (rc == 1) {
			sk_warn("event '%.64s' is neither held nor parked",
				ids[i]);
			unknown = 1;
		} else {
			*freed += some;
		}
	}
	return sk_outbox_commit(box, err) < 0 ? -1 : unknown;
fail:
	sk_outbox_rollback(box);
	return -1;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_outbox *box = NULL;
	int64_t freed = 0;
	int ret = -1;

	if (opts->all == (argc > 0))
		return sk_fail(err, SK_EUSAGE,
			       "name the events, or all of them by --all");
	if (sk_account_load(&account, err) < 0)
		goto out;
	ret = access(account.queue_path.ptr, F_OK) == 0 ? 0 : 1;
	if (ret == 0 &&
	    (sk_outbox_open(&box, account.queue_path.ptr, err) < 0 ||
	     (ret = free_events(box, argc, argv, &freed, err)) < 0))
		ret = -1;
	if (ret < 0)
		goto out;
	sk_say("Freed %lld %s.\n", (long long)freed,
	       sk_plural(freed, "event", "events"));
	if (freed > 0) {
		sk_advise("run 'git sk-sync now' to send what was freed");
		ret = sk_backlog_mark(0, err) < 0 ? -1 : ret;
	}
out:
	sk_outbox_close(box);
	sk_account_free(&account);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "all", struct opts, all, "all held and parked events"),
	SK_QUIET_FLAG(struct opts, quiet), SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_retry = {
	.name = "retry",
	.operands = "[<id>...]",
	.summary = "Free events that are held or parked.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = -1,
	.run = run,
	.after = sk_note_clone,
};
