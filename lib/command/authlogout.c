/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "base/file.h"
#include "command/who.h"

enum { LOCK_WAIT_MS = 10000 };

struct opts {
	bool json;
};

static const char *events(int64_t count)
{
	return count == 1 ? "event" : "events";
}

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
			 const struct sk_str *queue, int64_t count)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	if (o->json) {
		sk_jsonw_object(&w, NULL);
		sk_jsonw_int(&w, "schema_version", 1);
		sk_jsonw_bool(&w, "logged_in", false);
		sk_jsonw_bool(&w, "was_logged_in", was_logged_in);
		sk_jsonw_text(&w, "queue", queue->len ? queue->ptr : NULL);
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
		       queue->ptr, (long long)count, events(count));
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_str queue = SK_STR_INIT;
	struct sk_err ignored = {0}; /* also a broken file can be removed */
	int64_t count = 0;
	int rc;

	(void)argc, (void)argv; /* takes none */
	if (sk_credentials_load(&creds, &ignored) == 0 &&
	    sk_scope_queue_path(&queue, &creds, &ignored) == 0)
		count = sk_who_waiting(queue.ptr);
	rc = remove_credentials(err);
	if (rc >= 0)
		print_logout(values, rc == 0, &queue, count);
	sk_str_free(&queue);
	sk_credentials_free(&creds);
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
