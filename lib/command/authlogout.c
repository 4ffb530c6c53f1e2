/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "base/file.h"
#include "command/who.h"
#include "guard/account.h"
#include "outbox/backlog.h"

enum { LOCK_WAIT_MS = 10000 };

struct opts {
	bool json;
};

static int remove_credentials(struct sk_err *err)
{
	int lock = sk_credentials_lock(LOCK_WAIT_MS, err), ret;

	if (lock < 0)
		return -1;
	ret = sk_credentials_remove(err);
	sk_unlock(lock);
	return ret;
}

static void print_logout(const struct opts *o, bool was_logged_in,
			 const struct sk_account *account, int64_t count)
{
	const char *queue = account->queue_path.ptr;
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	if (o->json) {
		sk_jsonw_object(&w, NULL);
		sk_jsonw_int(&w, "schema_version", 1);
		sk_jsonw_bool(&w, "logged_in", false);
		sk_jsonw_bool(&w, "was_logged_in", was_logged_in);
		sk_jsonw_text(&w, "queue",
			      account->is_logged_in ? queue : NULL);
		sk_jsonw_int(&w, "queued", count);
		sk_jsonw_end_object(&w);
		puts(out.ptr);
		sk_str_free(&out);
		return;
	}
	puts(was_logged_in ? "Logged out" : "Nobody was logged in");
	if (count)
		printf("still queued in '%s': %lld %s, sent after the next"
		       " login of this account\n",
		       queue, (long long)count,
		       sk_plural(count, "event", "events"));
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err ignored = {0}; /* also a broken file can be removed */
	int64_t count = 0;
	int rc;

	(void)argc, (void)argv; /* takes none */
	if (sk_account_load(&account, &ignored) == 0 && account.is_logged_in)
		count = sk_who_waiting(account.queue_path.ptr);
	rc = remove_credentials(err);
	if (rc >= 0) {
		/* for whom nothing is to be sent no hook needs to wake */
		if (sk_backlog_clear(&ignored) < 0)
			sk_warn("%s", ignored.msg);
		print_logout(values, rc == 0, &account, count);
	}
	sk_account_free(&account);
	return rc < 0 ? -1 : 0;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_auth_logout = {
	.name = "logout",
	.operands = "",
	.summary = "Forget the login; queued events stay.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
