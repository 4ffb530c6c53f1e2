/* SPDX-License-Identifier: MIT */
/* git sk-auth: who we are to the server of the team. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/now.h"
#include "format/time.h"
#include "front/cli.h"
#include "front/hooknote.h"
#include "front/login.h"
#include "front/who.h"
#include "wire/dialect.h"

enum { LOCK_WAIT_MS = 10000 };

struct opts {
	bool json;
};

static const char *events(int64_t count)
{
	return count == 1 ? "event" : "events";
}

static void print_json(struct sk_str *json)
{
	puts(json->ptr);
	sk_str_free(json);
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
		print_json(&out);
		return;
	}
	puts(was_logged_in ? "Logged out" : "Nobody was logged in");
	if (count)
		printf("still queued in '%s': %lld %s, sent after the next"
		       " login of this account\n",
		       queue->ptr, (long long)count, events(count));
}

static int run_logout(void *values, int argc, char **argv, struct sk_err *err)
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

static int64_t seconds_left(int64_t expires)
{
	int64_t left = expires - sk_now_ms() / 1000;

	return left > 0 ? left : 0;
}

/* A token without a time is good until the server says otherwise. */
static bool is_alive(const struct sk_credentials *creds)
{
	return !creds->access_expires || seconds_left(creds->access_expires) ||
	       (creds->refresh.len && (!creds->refresh_expires ||
				       seconds_left(creds->refresh_expires)));
}

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
		sk_jsonw_bool(&w, "expired", !is_alive(creds));
		sk_jsonw_int(&w, "access_seconds_left",
			     seconds_left(creds->access_expires));
		sk_jsonw_int(&w, "refresh_seconds_left",
			     seconds_left(creds->refresh_expires));
	}
	sk_jsonw_text(&w, "queue", queue);
	sk_jsonw_end_object(&w);
	print_json(&out);
}

static void print_left(const char *what, int64_t expires)
{
	struct sk_str span = SK_STR_INIT;
	int64_t left = seconds_left(expires);

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
	if (!is_alive(creds))
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

static int run_status(void *values, int argc, char **argv, struct sk_err *err)
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
	ret = rc == 0 && is_alive(&creds) ? 0 : 1;
out:
	sk_str_free(&contract);
	sk_str_free(&queue);
	sk_credentials_free(&creds);
	return ret;
}

static int run_whoami(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	int rc;

	(void)values, (void)argc, (void)argv; /* takes none */
	rc = sk_credentials_load(&creds, err);
	if (rc == 0 && is_alive(&creds)) {
		sk_print_visible(creds.username.ptr);
		putchar('\n');
	} else if (rc == 0) {
		rc = 1;
	}
	sk_credentials_free(&creds);
	return rc;
}

static const struct sk_opt login_opts[] = {
	SK_TEXT(0, "server", struct sk_login_opts, server, "url",
		"the server of the team, https://..."),
	SK_TEXT(0, "username", struct sk_login_opts, username, "name",
		"log in as <name>; asked for when not given"),
	SK_FLAG(0, "password-stdin", struct sk_login_opts, password_stdin,
		"read the password from standard input"),
	SK_FLAG('f', "force", struct sk_login_opts, force,
		"leave events of another account where they are"),
	SK_JSON(struct sk_login_opts, json),
	SK_OPT_LAST};

static const struct sk_opt json_opts[] = {SK_JSON(struct opts, json),
					  SK_OPT_LAST};

int main(int argc, char **argv)
{
	struct sk_login_opts login = {0};
	struct opts o = {0};
	const struct sk_cmd cmds[] = {
		{.name = "login",
		 .operands = "",
		 .summary = "Log in to the server of the team.",
		 .opts = login_opts,
		 .values = &login,
		 .run = sk_login_run,
		 .after = sk_note_hooks},
		{.name = "logout",
		 .operands = "",
		 .summary = "Forget the login; queued events stay.",
		 .opts = json_opts,
		 .values = &o,
		 .run = run_logout},
		{.name = "status",
		 .operands = "",
		 .summary = "Show who is logged in, and where.",
		 .opts = json_opts,
		 .values = &o,
		 .run = run_status,
		 .after = sk_note_hooks},
		{.name = "whoami",
		 .operands = "",
		 .summary = "Print the user who is logged in.",
		 .run = run_whoami},
	};

	return sk_cli_dispatch("git sk-auth",
			       "Who you are to the server of your team.", cmds,
			       SK_COUNTOF(cmds), argc, argv);
}
