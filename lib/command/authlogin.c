/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/home.h"
#include "base/trace.h"
#include "command/gitcredential.h"
#include "command/who.h"
#include "deliver/backoff.h"
#include "format/toml.h"
#include "front/cli.h"
#include "front/prompt.h"
#include "guard/clearance.h"
#include "outbox/backlog.h"
#include "wire/dialect.h"
#include "wire/session.h"

struct opts {
	const char *server;
	const char *username;
	bool password_stdin;
	bool force;
	bool json;
};

enum { LOCK_WAIT_MS = 10000, MAX_CONFIG = 1 << 20 };

/* --server, else `[sync] server_url` of config.toml, else the last login's. */
static int find_server(struct sk_str *out, const struct opts *o,
		       const struct sk_credentials *last, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc = 1;

	if (o->server) {
		sk_str_set(out, o->server);
		return 0;
	}
	if (sk_home_path(&path, "config.toml", err) < 0)
		return -1;
	if (sk_file_read(&text, path.ptr, MAX_CONFIG, err) == 0)
		rc = sk_toml_get(out, text.ptr, text.len, "sync.server_url",
				 err);
	if (rc != 0)
		sk_str_set(out, last->server.ptr);
	sk_str_free(&text);
	sk_str_free(&path);
	if (!out->len)
		return sk_fail(err, SK_EUSAGE,
			       "which server? --server <url> is missing");
	return 0;
}

static int find_username(struct sk_str *out, const struct opts *o,
			 struct sk_err *err)
{
	int rc;

	if (o->username) {
		sk_str_set(out, o->username);
	} else {
		rc = sk_prompt(out, "Username: ", false, err);
		if (rc < 0)
			return -1;
		if (rc > 0)
			return sk_fail(err, SK_EUSAGE,
				       "there is no terminal to ask for the"
				       " user name: --username <name> is"
				       " missing");
	}
	if (!out->len)
		return sk_fail(err, SK_EUSAGE, "the user name is empty");
	return 0;
}

/* Ask at the terminal. Returns 0; 1 when there is none; -1. */
static int ask_password(struct sk_str *out, const char *server,
			const char *username, struct sk_err *err)
{
	struct sk_str question = SK_STR_INIT;
	int rc;

	sk_str_puts(&question, "Password of '");
	sk_str_add_visible(&question, username, strlen(username), 80);
	sk_str_addf(&question, "' at %s: ", server);
	rc = sk_prompt(out, question.ptr, true, err);
	sk_str_free(&question);
	return rc;
}

static int exchange(struct sk_credentials *creds, struct sk_http *http,
		    const char *username, const struct sk_str *password,
		    struct sk_err *err)
{
	if (!password->len)
		return sk_fail(err, SK_EFAIL, "the password is empty");
	return sk_login(creds, http, username, password->ptr, err);
}

/*
 * With what a helper of git's has. Returns 0; 1 when there is nothing, or the
 * server did not take it (then *err says so); -1.
 */
static int log_in_stored(struct sk_credentials *creds, struct sk_http *http,
			 const char *username, struct sk_str *password,
			 struct sk_err *err)
{
	const char *server = sk_http_server(http);

	if (!sk_git_credential_fill(password, server, username))
		return 1;
	if (exchange(creds, http, username, password, err) == 0) {
		sk_git_credential_approve(server, username, password->ptr);
		return 0;
	}
	if (err->code != SK_EAUTH)
		return -1;
	sk_git_credential_reject(server, username, password->ptr);
	return 1;
}

static int log_in_asking(struct sk_credentials *creds, struct sk_http *http,
			 const char *username, struct sk_str *password,
			 struct sk_err *err)
{
	const char *server = sk_http_server(http);
	int rc = ask_password(password, server, username, err);

	if (rc > 0 && err->code == SK_EAUTH)
		return -1; /* the stored one was wrong: that is the news */
	if (rc > 0)
		return sk_fail(err, SK_EUSAGE,
			       "there is no terminal to ask for the password:"
			       " --password-stdin is missing");
	if (rc < 0 || exchange(creds, http, username, password, err) < 0)
		return -1;
	sk_git_credential_approve(server, username, password->ptr);
	return 0;
}

static int log_in(struct sk_credentials *creds, struct sk_http *http,
		  const struct opts *o, const char *username,
		  struct sk_err *err)
{
	struct sk_str password = SK_STR_INIT;
	int ret;

	if (o->password_stdin) {
		ret = sk_read_line(&password, err);
		if (ret == 0)
			ret = exchange(creds, http, username, &password, err);
	} else {
		ret = log_in_stored(creds, http, username, &password, err);
		if (ret > 0)
			ret = log_in_asking(creds, http, username, &password,
					    err);
	}
	sk_str_wipe(&password);
	return ret;
}

static int save(const struct sk_credentials *creds, struct sk_err *err)
{
	int lock = sk_credentials_lock(LOCK_WAIT_MS, err), ret;

	if (lock < 0)
		return -1;
	ret = sk_credentials_save(creds, err);
	sk_unlock(lock);
	return ret;
}

/* What waited without an account goes along; *moved says how much. */
static int take_along(const struct sk_account *account,
		      struct sk_adoption *moved, struct sk_err *err)
{
	struct sk_clearance *clearance = NULL;
	int ret = -1;

	*moved = (struct sk_adoption){0};
	if (sk_clearance_take_to_migrate(&clearance, account, err) == 0)
		ret = sk_clearance_migrate(clearance, false, moved, err);
	sk_clearance_release(clearance);
	return ret;
}

/* How many events wait of the account before, when it is another one. */
static int64_t left_behind(const struct sk_account *last,
			   const struct sk_account *next)
{
	const char *queue = last->queue_path.ptr;

	if (!last->is_logged_in || strcmp(queue, next->queue_path.ptr) == 0)
		return 0;
	return sk_who_waiting(queue);
}

/* Changing the account under a queue that is not empty wants a word. */
static int check_switch(const struct opts *o, const struct sk_account *last,
			const struct sk_account *next, struct sk_err *err)
{
	int64_t count = o->force ? 0 : left_behind(last, next);

	if (count == 0)
		return 0;
	sk_fail(err, SK_EBOUNDARY,
		"%lld %s of '%.80s' at '%.120s' %s not been sent",
		(long long)count, sk_plural(count, "event", "events"),
		last->creds.username.ptr, last->creds.server.ptr,
		count == 1 ? "has" : "have");
	return sk_hint(err, "run 'git sk-sync now' first, or log in with"
			    " --force: they stay where they are until that"
			    " account logs in again");
}

/* The same before the server is asked: only the team is not known yet. */
static int check_switch_early(const struct opts *o,
			      const struct sk_account *last, const char *server,
			      const char *username, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_account next = SK_ACCOUNT_INIT;
	int ret;

	sk_str_set(&creds.server, server);
	sk_str_set(&creds.username, username);
	sk_str_set(&creds.team, last->creds.team.ptr);
	ret = sk_account_of(&next, &creds, err);
	if (ret == 0)
		ret = check_switch(o, last, &next, err);
	sk_account_free(&next);
	sk_credentials_free(&creds);
	return ret;
}

/* Events of the account before stay where they are; say so. */
static void mention_last(const struct sk_account *last,
			 const struct sk_account *account)
{
	int64_t count = left_behind(last, account);

	if (count == 0)
		return;
	sk_warn("%lld %s of '%s' at '%s' wait in '%s'", (long long)count,
		sk_plural(count, "event", "events"), last->creds.username.ptr,
		last->creds.server.ptr, last->queue_path.ptr);
	sk_advise("they are sent when that account logs in again");
}

/* Rows of another program wait for a word of their user. */
static void mention_unknown(const struct sk_adoption *moved)
{
	int64_t count = moved->unknown.events + moved->unknown.bodies;

	if (count == 0)
		return;
	sk_warn("%lld %s that another program queued without an account %s"
		" not taken along",
		(long long)count, count == 1 ? "row" : "rows",
		count == 1 ? "was" : "were");
	sk_advise("run 'git sk-sync migrate --adopt' to send them as this"
		  " account");
}

static void print_login(const struct opts *o,
			const struct sk_credentials *creds, int64_t moved)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&out);

	if (!o->json) {
		sk_who_print("Logged in as ", creds, "\n");
		if (moved)
			printf("%lld queued %s will be sent by the next"
			       " 'git sk-sync now'\n",
			       (long long)moved,
			       sk_plural(moved, "event", "events"));
		return;
	}
	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "logged_in", true);
	sk_who_add_json(&w, creds);
	sk_jsonw_int(&w, "events_taken_along", moved);
	sk_jsonw_end_object(&w);
	puts(out.ptr);
	sk_str_free(&out);
}

/* Whatever the server said before, it said of another login. */
static int forget_failures(const struct sk_account *account, struct sk_err *err)
{
	struct sk_outbox *box;
	int rc;

	if (sk_account_open_queue(&box, account, err) < 0)
		return -1;
	rc = sk_outbox_begin(box, err);
	if (rc == 0)
		rc = sk_backoff_reset(box, err);
	if (rc == 0)
		rc = sk_outbox_commit(box, err);
	sk_outbox_close(box);
	return rc;
}

/* What waits can be sent from now on: the next hook is to start a sender. */
static int wake(const struct sk_account *account, struct sk_err *err)
{
	if (sk_who_waiting(account->queue_path.ptr) <= 0)
		return 0;
	if (forget_failures(account, err) < 0)
		return -1;
	return sk_backlog_mark(0, err);
}

/* After the login itself: what fails here leaves a login that works. */
static void settle_in(const struct opts *o, struct sk_http *http,
		      const struct sk_account *last,
		      const struct sk_account *account)
{
	struct sk_err err = {0};
	struct sk_adoption moved;

	if (sk_dialect_learn(http, &account->creds, &err) < 0) {
		sk_warn("%s", err.msg);
		if (err.hint[0])
			sk_advise("%s", err.hint);
	}
	if (take_along(account, &moved, &err) < 0) {
		sk_warn("events queued before the login stay where they are:"
			" %s",
			err.msg);
		sk_advise("%s",
			  err.hint[0] ? err.hint : "run 'git sk-sync migrate'");
	}
	if (wake(account, &err) < 0)
		sk_warn("%s", err.msg);
	mention_last(last, account);
	mention_unknown(&moved);
	print_login(o, &account->creds, moved.taken.events);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_account last = SK_ACCOUNT_INIT, account = SK_ACCOUNT_INIT;
	struct sk_str server = SK_STR_INIT, username = SK_STR_INIT;
	struct sk_http *http = NULL;
	struct sk_err ignored = {0}; /* a broken file is about to be replaced */
	int ret = -1;

	(void)argc, (void)argv; /* takes none */
	if (sk_account_load(&last, &ignored) < 0)
		sk_trace("login", "%s", ignored.msg);
	if (find_server(&server, o, &last.creds, err) < 0 ||
	    sk_http_new(&http, server.ptr, err) < 0)
		goto out;
	sk_warn_lines(sk_http_notices(http));
	if (find_username(&username, o, err) < 0 ||
	    check_switch_early(o, &last, sk_http_server(http), username.ptr,
			       err) < 0 ||
	    log_in(&creds, http, o, username.ptr, err) < 0 ||
	    sk_account_of(&account, &creds, err) < 0 ||
	    check_switch(o, &last, &account, err) < 0 || save(&creds, err) < 0)
		goto out;
	settle_in(o, http, &last, &account);
	ret = 0;
out:
	sk_str_free(&username);
	sk_str_free(&server);
	sk_http_free(http);
	sk_account_free(&account);
	sk_account_free(&last);
	sk_credentials_free(&creds);
	return ret;
}

static const struct sk_opt table[] = {
	SK_TEXT(0, "server", struct opts, server, "url",
		"the server of the team, https://..."),
	SK_TEXT(0, "username", struct opts, username, "name",
		"log in as <name>; asked for when not given"),
	SK_FLAG(0, "password-stdin", struct opts, password_stdin,
		"read the password from standard input"),
	SK_FLAG('f', "force", struct opts, force,
		"leave events of another account where they are"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_auth_login = {
	.name = "login",
	.operands = "",
	.summary = "Log in to the server of the team.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_clone,
};
