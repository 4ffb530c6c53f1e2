/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "command/who.h"
#include "format/time.h"
#include "guard/account.h"
#include "wire/dialect.h"

struct opts {
	bool json;
};

static void print_status_json(const struct sk_account *account,
			      const char *contract)
{
	const struct sk_credentials *creds = &account->creds;
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "logged_in", account->is_logged_in);
	if (account->is_logged_in) {
		sk_who_add_json(&w, creds);
		sk_jsonw_text(&w, "contract", contract);
		sk_jsonw_bool(&w, "expired", !sk_who_is_alive(creds));
		sk_jsonw_int(&w, "access_seconds_left",
			     sk_who_seconds_left(creds->access_expires));
		sk_jsonw_int(&w, "refresh_seconds_left",
			     sk_who_seconds_left(creds->refresh_expires));
	}
	sk_jsonw_text(&w, "queue", account->queue_path.ptr);
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

static void print_status(const struct sk_account *account, const char *contract)
{
	const struct sk_credentials *creds = &account->creds;

	sk_who_print("", creds, "\n");
	printf("queue: %s\ncontract: ", account->queue_path.ptr);
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
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_str contract = SK_STR_INIT;
	int ret = -1;

	(void)argc, (void)argv; /* takes none */
	if (sk_account_load(&account, err) < 0)
		goto out;
	find_contract(&contract);
	if (o->json)
		print_status_json(&account, contract.ptr);
	else if (account.is_logged_in)
		print_status(&account, contract.ptr);
	else
		puts("nobody is logged in: run 'git sk-auth login'");
	ret = account.is_logged_in && sk_who_is_alive(&account.creds) ? 0 : 1;
out:
	sk_str_free(&contract);
	sk_account_free(&account);
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
	.after = sk_note_clone,
};
