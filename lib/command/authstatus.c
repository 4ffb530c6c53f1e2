/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "command/who.h"
#include "format/time.h"
#include "wire/dialect.h"

struct opts {
	bool json;
};

static void print_status_json(const struct sk_credentials *creds,
			      const char *queue, const char *contract,
			      bool logged_in)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "logged_in", logged_in);
	if (logged_in) {
		sk_who_add_json(&w, creds);
		sk_jsonw_text(&w, "contract", contract);
		sk_jsonw_bool(&w, "expired", !sk_who_is_alive(creds));
		sk_jsonw_int(&w, "access_seconds_left",
			     sk_who_seconds_left(creds->access_expires));
		sk_jsonw_int(&w, "refresh_seconds_left",
			     sk_who_seconds_left(creds->refresh_expires));
	}
	sk_jsonw_text(&w, "queue", queue);
	sk_jsonw_end_object(&w);
	puts(out.ptr);
	sk_str_free(&out);
}

static void print_left(const char *what, int64_t expires)
{
	struct sk_str span = SK_STR_INIT;
	int64_t left = sk_who_seconds_left(expires);

	if (!expires)
		sk_str_puts(&span, "until the server says otherwise");
	else if (left)
		sk_time_add_span(&span, left);
	else
		sk_str_puts(&span, "expired");
	printf("%s%s\n", what, span.ptr);
	sk_str_free(&span);
}

static void print_status(const struct sk_credentials *creds, const char *queue,
			 const char *contract)
{
	sk_who_print("", creds, "\n");
	printf("queue: %s\ncontract: ", queue);
	sk_print_visible(contract);
	print_left("\naccess token: ", creds->access_expires);
	if (!sk_who_is_alive(creds))
		puts("the login has expired: run 'git sk-auth login'");
	else if (creds->refresh.len)
		print_left("the login renews itself for: ",
			   creds->refresh_expires);
}

/* A config.toml that cannot be read does not hide who is logged in. */
static void find_contract(struct sk_str *out)
{
	struct sk_err err = {0};

	if (sk_dialect_current(out, &err) == 0)
		return;
	sk_warn("%s", err.msg);
	sk_str_set(out, "unknown");
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_str queue = SK_STR_INIT, contract = SK_STR_INIT;
	int ret = -1, rc;

	(void)argc, (void)argv; /* takes none */
	rc = sk_credentials_load(&creds, err);
	if (rc < 0 ||
	    sk_scope_queue_path(&queue, rc == 0 ? &creds : NULL, err) < 0)
		goto out;
	find_contract(&contract);
	if (o->json)
		print_status_json(&creds, queue.ptr, contract.ptr, rc == 0);
	else if (rc == 0)
		print_status(&creds, queue.ptr, contract.ptr);
	else
		puts("nobody is logged in: run 'git sk-auth login'");
	ret = rc == 0 && sk_who_is_alive(&creds) ? 0 : 1;
out:
	sk_str_free(&contract);
	sk_str_free(&queue);
	sk_credentials_free(&creds);
	return ret;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_auth_status = {
	.name = "status",
	.operands = "",
	.summary = "Show who is logged in, and where.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_hooks,
};
