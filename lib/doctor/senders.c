/* SPDX-License-Identifier: MIT */
/* Who sends, who may, and whether the server is there to send to. */
#include "doctor/part.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "daemon/manage.h"
#include "guard/preflight.h"
#include "wire/api.h"

enum {
	ANSWER_S = 5,
	MAX_OFFSET_S = 30, /* a token's time left is judged by our clock */
};

static void add_owner(struct sk_doctor *d, const struct sk_preflight *pre)
{
	static const char *const states[] = {
		[SK_OWNER_ABSENT] = "absent",
		[SK_OWNER_PRESENT] = "present",
		[SK_OWNER_ORPHAN] = "orphan",
		[SK_OWNER_CORRUPT] = "corrupt",
	};
	struct sk_str name = SK_STR_INIT;
	bool known = pre->owner_state == SK_OWNER_PRESENT ||
		     pre->owner_state == SK_OWNER_ORPHAN;

	sk_jsonw_object(&d->w, "owner_record");
	sk_jsonw_text(&d->w, "status", states[pre->owner_state]);
	if (known) {
		sk_owner_add_name(&name, &pre->owner);
		sk_doctor_line(d, "Owner record", "%s: %s, process %lld%s%s",
			       states[pre->owner_state], name.ptr,
			       (long long)pre->owner.pid,
			       pre->owner_reason.len ? "; " : "",
			       pre->owner_reason.ptr);
		sk_jsonw_text(&d->w, "name", name.ptr);
		sk_jsonw_int(&d->w, "pid", pre->owner.pid);
		sk_jsonw_text(&d->w, "started_at", pre->owner.started_at.ptr);
	} else {
		sk_doctor_line(d, "Owner record", "%s%s%s",
			       states[pre->owner_state],
			       pre->owner_reason.len ? ": " : "",
			       pre->owner_reason.ptr);
	}
	sk_jsonw_text(&d->w, "reason",
		      pre->owner_reason.len ? pre->owner_reason.ptr : NULL);
	sk_jsonw_end_object(&d->w);
	sk_str_free(&name);
}

static void judge_boundary(struct sk_doctor *d, const struct sk_preflight *pre)
{
	struct sk_str path = SK_STR_INIT, command = SK_STR_INIT;
	struct sk_err err = {0};

	if (pre->owner_state == SK_OWNER_ORPHAN) {
		sk_doctor_find(d, "orphan_owner",
			       "git sk-doctor restart-daemon",
			       "the owner record is an orphan: %s",
			       pre->owner_reason.ptr);
	} else if (pre->owner_state == SK_OWNER_CORRUPT &&
		   sk_owner_path(&path, &err) == 0) {
		sk_str_puts(&command, "rm ");
		sk_str_add_quoted(&command, path.ptr);
		sk_doctor_find(d, "corrupt_owner", command.ptr,
			       "the owner record cannot be read: %s",
			       pre->owner_reason.ptr);
	}
	for (size_t i = 0; i < SK_CANONICAL_FIELDS; i++) {
		if (!pre->mismatch[i])
			continue;
		sk_doctor_find(d, "mismatch", "git sk-sync status --check",
			       "%s differs from that of process %lld, which is"
			       " sending",
			       sk_canonical_name((enum sk_canonical)i),
			       (long long)pre->owner.pid);
	}
	sk_str_free(&command);
	sk_str_free(&path);
}

static long long events(const struct sk_adopt_rows *rows)
{
	return (long long)(rows->events + rows->bodies);
}

/* Rows of the queue without an account, once somebody is logged in. */
static void judge_legacy(struct sk_doctor *d, const struct sk_preflight *pre)
{
	const struct sk_adoption *rows = &pre->legacy;
	const char *path = pre->account->unowned_path.ptr;
	long long taken = events(&rows->taken);
	long long unknown = events(&rows->unknown);
	long long others = events(&rows->others);

	if (taken)
		sk_doctor_find(d, "unowned_events", "git sk-sync now",
			       "%lld %s in '%s', captured without a login",
			       taken, sk_doctor_events_wait(taken), path);
	if (unknown)
		sk_doctor_find(
			d, "unknown_events", "git sk-sync migrate --adopt",
			"%lld %s in '%s', and nobody knows of which account",
			unknown, sk_doctor_events_wait(unknown), path);
	if (others)
		sk_doctor_find(
			d, "other_account", "git sk-auth login",
			"%lld %s in '%s' until its account logs in again",
			others, sk_doctor_events_wait(others), path);
}

static void add_boundary(struct sk_doctor *d)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_err err = d->account_err;

	if (err.code == SK_OK &&
	    sk_preflight(&pre, &d->account, false, &err) == 0) {
		add_owner(d, &pre);
		judge_boundary(d, &pre);
		judge_legacy(d, &pre);
	} else {
		sk_doctor_line(d, "Owner record", "cannot be told: %s",
			       err.msg);
		sk_doctor_find_err(d, "boundary", &err);
	}
	sk_preflight_free(&pre);
}

static void add_daemon(struct sk_doctor *d)
{
	static const char *const words[] = {
		[SK_DAEMON_NONE] = "not running",
		[SK_DAEMON_RUNNING] = "running",
		[SK_DAEMON_ENDED] = "killed",
		[SK_DAEMON_FOREIGN] = "another program's",
		[SK_DAEMON_DAMAGED] = "unknown",
	};
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_daemon_health health = SK_DAEMON_HEALTH_INIT;
	struct sk_err err = {0};
	enum sk_daemon_presence found;
	bool answers = false;
	int process;

	found = sk_daemon_find(&state, &process, &err);
	if (process >= 0)
		close(process);
	if (found == SK_DAEMON_RUNNING)
		answers = sk_daemon_ask(&health, &state, &err) == 0;
	if (found == SK_DAEMON_NONE)
		sk_doctor_line(d, "Daemon", "%s", words[found]);
	else
		sk_doctor_line(d, "Daemon", "%s, process %ld", words[found],
			       (long)state.pid);
	sk_jsonw_object(&d->w, "daemon");
	sk_jsonw_text(&d->w, "status", words[found]);
	if (state.pid)
		sk_jsonw_int(&d->w, "pid", state.pid);
	if (found == SK_DAEMON_RUNNING)
		sk_jsonw_bool(&d->w, "answers", answers);
	if (answers)
		sk_jsonw_text(&d->w, "version", health.version.ptr);
	sk_jsonw_end_object(&d->w);

	if (found == SK_DAEMON_DAMAGED)
		sk_doctor_find_err(d, "daemon_state", &err);
	else if (found == SK_DAEMON_ENDED)
		sk_doctor_find(d, "daemon_killed", "git sk-daemon start",
			       "the daemon, process %ld, was killed",
			       (long)state.pid);
	else if (found == SK_DAEMON_RUNNING && !answers)
		sk_doctor_find(d, "daemon_hangs",
			       "git sk-doctor restart-daemon",
			       "the daemon, process %ld, does not answer: %s",
			       (long)state.pid, err.msg);
	else if (answers && strcmp(health.version.ptr, SK_VERSION) != 0)
		sk_doctor_find(d, "daemon_version",
			       "git sk-doctor restart-daemon",
			       "the daemon is of version %s, not %s",
			       health.version.ptr, SK_VERSION);
	sk_daemon_health_free(&health);
	sk_daemon_state_free(&state);
}

void sk_doctor_senders(struct sk_doctor *d)
{
	sk_doctor_begin(d, "Senders");
	sk_jsonw_object(&d->w, "senders");
	add_boundary(d);
	add_daemon(d);
	sk_jsonw_end_object(&d->w);
}

/* A token that has run out is not sent: it is refreshed when events are. */
static bool has_token(const struct sk_doctor *d)
{
	return d->account.creds.access.len &&
	       (!d->account.creds.access_expires ||
		d->account.creds.access_expires > d->now_s);
}

static void judge_answer(struct sk_doctor *d,
			 const struct sk_http_response *res)
{
	const char *server = d->account.creds.server.ptr;

	if (res->status == 401 && has_token(d))
		sk_doctor_find(d, "login_refused", "git sk-auth login",
			       "server '%s' does not accept the login", server);
	else if (res->status == 403)
		sk_doctor_find(d, "forbidden", "git sk-auth whoami",
			       "server '%s' does not let '%s' in", server,
			       d->account.creds.username.ptr);
	else if (res->status >= 500)
		sk_doctor_find(d, "server_unavailable", "git sk-sync now",
			       "server '%s' is not available (status %ld);"
			       " queued events are safe",
			       server, res->status);
	else if (res->status != 200 && res->status != 401)
		sk_doctor_find(d, "no_api", "git sk-auth login --server <url>",
			       "'%s' does not answer like a server of events"
			       " (status %ld)",
			       server, res->status);
}

static void add_clock(struct sk_doctor *d, const struct sk_http_response *res,
		      int64_t here_s)
{
	int64_t offset = here_s - res->date;

	if (!res->date) {
		sk_doctor_line(d, "Clock", "the server does not tell the time");
		sk_jsonw_null(&d->w, "clock_offset_s");
		return;
	}
	sk_jsonw_int(&d->w, "clock_offset_s", offset);
	sk_doctor_line(d, "Clock", "%lld s %s the server's",
		       llabs((long long)offset),
		       offset < 0 ? "behind" : "ahead of");
	if (llabs((long long)offset) > MAX_OFFSET_S)
		sk_doctor_find(d, "clock", "timedatectl set-ntp true",
			       "this machine's clock is %lld s %s the server's",
			       llabs((long long)offset),
			       offset < 0 ? "behind" : "ahead of");
}

static void ask_server(struct sk_doctor *d)
{
	const struct sk_credentials *creds = &d->account.creds;
	const char *token = has_token(d) ? creds->access.ptr : NULL;
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	struct sk_http *http = NULL;
	struct sk_err err = {0};

	if (sk_http_new(&http, creds->server.ptr, &err) == 0 &&
	    sk_api_health(&answer, http, token, ANSWER_S, &err) == 0) {
		sk_doctor_line(d, "Answer", "status %ld", answer.res.status);
		sk_jsonw_bool(&d->w, "is_reachable", true);
		sk_jsonw_int(&d->w, "status", answer.res.status);
		judge_answer(d, &answer.res);
		add_clock(d, &answer.res, sk_now_ms() / 1000);
	} else {
		sk_doctor_line(d, "Answer", "none: %s", err.msg);
		sk_jsonw_bool(&d->w, "is_reachable", false);
		sk_doctor_find_err(d, "unreachable", &err);
	}
	sk_http_free(http);
	sk_api_answer_free(&answer);
}

void sk_doctor_server(struct sk_doctor *d)
{
	if (d->offline || !d->account.is_logged_in) {
		sk_jsonw_null(&d->w, "server");
		return;
	}
	sk_doctor_begin(d, "Server");
	sk_jsonw_object(&d->w, "server");
	sk_doctor_line(d, "URL", "%s", d->account.creds.server.ptr);
	sk_jsonw_text(&d->w, "url", d->account.creds.server.ptr);
	ask_server(d);
	sk_jsonw_end_object(&d->w);
}
