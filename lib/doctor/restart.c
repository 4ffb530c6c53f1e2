/* SPDX-License-Identifier: MIT */
#include "doctor/restart.h"

#include <string.h>
#include <unistd.h>

#include "daemon/manage.h"
#include "format/json.h"
#include "guard/owner.h"

/* NULL for what the record does not have. */
static const char *or_null(const struct sk_str *text)
{
	return text->len ? text->ptr : NULL;
}

static void add_orphan_json(struct sk_jsonw *w, const struct sk_owner *owner)
{
	sk_jsonw_object(w, NULL);
	sk_jsonw_int(w, "pid", owner->pid);
	sk_jsonw_int(w, "port", owner->port);
	sk_jsonw_text(w, "package_version", owner->package_version.ptr);
	sk_jsonw_text(w, "executable_path", owner->executable_path.ptr);
	sk_jsonw_text(w, "source_checkout_path",
		      owner->source_checkout_path.ptr);
	sk_jsonw_text(w, "server_url", owner->server_url.ptr);
	sk_jsonw_text(w, "auth_scope", or_null(&owner->auth_scope));
	sk_jsonw_text(w, "queue_db_path", owner->queue_db_path.ptr);
	sk_jsonw_text(w, "started_at", owner->started_at.ptr);
	sk_jsonw_end_object(w);
}

/* With `error`, of a record that cannot be read, nobody knows how many. */
static void add_orphans_json(struct sk_str *out, const char *path,
			     const struct sk_owner *orphan,
			     const struct sk_err *error)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	if (error)
		sk_jsonw_null(&w, "orphan_count");
	else
		sk_jsonw_int(&w, "orphan_count", orphan ? 1 : 0);
	sk_jsonw_text(&w, "owner_record_path", path);
	sk_jsonw_text(&w, "retirement_command",
		      orphan ? "git sk-doctor restart-daemon" : NULL);
	sk_jsonw_array(&w, "orphans");
	if (orphan)
		add_orphan_json(&w, orphan);
	sk_jsonw_end_array(&w);
	if (error) {
		sk_jsonw_text(&w, "error", error->msg);
		sk_jsonw_text(&w, "hint", error->hint[0] ? error->hint : NULL);
	}
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

static void add_orphans_text(struct sk_str *out, const char *path,
			     const struct sk_owner *orphan,
			     enum sk_owner_life life)
{
	struct sk_str reason = SK_STR_INIT;

	if (!orphan) {
		sk_str_puts(out, "No orphaned owner record.\n");
		return;
	}
	sk_owner_add_name(&reason, orphan);
	sk_str_puts(&reason, ": ");
	sk_owner_add_reason(&reason, orphan, life);
	sk_str_addf(out, "Orphaned owner record %s\n  ", path);
	sk_str_add_visible(out, reason.ptr, reason.len, 400);
	sk_str_puts(out, "\nTo remove it, run: git sk-doctor restart-daemon\n");
	sk_str_free(&reason);
}

int sk_doctor_orphans(struct sk_str *out, bool as_json, struct sk_err *err)
{
	struct sk_owner owner = SK_OWNER_INIT;
	enum sk_owner_life life = SK_OWNER_LIVE;
	const struct sk_owner *orphan = NULL;
	struct sk_str path = SK_STR_INIT;
	int rc = sk_owner_path(&path, err);

	if (rc == 0)
		rc = sk_owner_read(&owner, err);
	if (rc == 0 && (life = sk_owner_life(&owner)) != SK_OWNER_LIVE)
		orphan = &owner;
	if (as_json)
		add_orphans_json(out, path.len ? path.ptr : NULL, orphan,
				 rc < 0 ? err : NULL);
	else if (rc >= 0)
		add_orphans_text(out, path.ptr, orphan, life);
	sk_owner_free(&owner);
	sk_str_free(&path);
	return rc < 0 ? -1 : orphan != NULL;
}

/* What happened to the owner record. */
enum record {
	RECORD_NONE,	/* or one of a sender of ours that is at work */
	RECORD_REMOVED, /* it was an orphan */
	RECORD_FOREIGN, /* of another program's process, which lives */
	RECORD_BROKEN,	/* *err says why */
};

static enum record clear_record(pid_t *pid, struct sk_err *err)
{
	struct sk_owner owner = SK_OWNER_INIT;
	enum record ret = RECORD_NONE;
	int rc = sk_owner_read(&owner, err);

	*pid = rc == 0 ? (pid_t)owner.pid : 0;
	if (rc < 0) {
		ret = RECORD_BROKEN;
	} else if (rc == 0 && sk_owner_life(&owner) != SK_OWNER_LIVE) {
		rc = sk_owner_remove(&owner, err);
		ret = rc < 0 ? RECORD_BROKEN : RECORD_REMOVED;
	} else if (rc == 0 && !sk_owner_is_ours(&owner)) {
		ret = RECORD_FOREIGN;
	}
	sk_owner_free(&owner);
	return ret;
}

static void start(struct sk_restart *out)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;

	if (sk_daemon_start(&state, &out->err) < 0) {
		out->status = SK_RESTART_RESPAWN_FAILED;
	} else {
		out->now = state.pid;
		out->status = SK_RESTART_DONE;
	}
	sk_daemon_state_free(&state);
}

/* No daemon of ours runs: what is there to clear away? */
static void clean(struct sk_restart *out)
{
	bool was_killed = out->previous != 0; /* and stop cleared up */
	pid_t owner;
	enum record record = clear_record(&owner, &out->err);

	if (!was_killed)
		out->previous = owner;
	if (record == RECORD_FOREIGN)
		sk_fail(&out->err, SK_EBOUNDARY,
			"process %ld of another program owns the queue",
			(long)owner);
	if (record == RECORD_FOREIGN || record == RECORD_BROKEN) {
		out->status = SK_RESTART_STOP_FAILED;
	} else if (was_killed || record == RECORD_REMOVED) {
		out->is_cleaned = true;
	} else {
		out->status = SK_RESTART_NO_OWNER;
		out->previous = 0;
		sk_fail(&out->err, SK_EFAIL, "no daemon is running");
		sk_hint(&out->err, "run 'git sk-daemon start'");
	}
}

/* What else was left behind is no obstacle to a new daemon. */
void sk_doctor_restart(struct sk_restart *out)
{
	int rc;

	*out = (struct sk_restart){.status = SK_RESTART_DONE};
	rc = sk_daemon_stop(&out->previous, &out->err);
	if (rc == 0)
		start(out);
	else if (rc > 0)
		clean(out);
	else
		out->status = SK_RESTART_STOP_FAILED;
}

static const char *status_name(const struct sk_restart *done)
{
	switch (done->status) {
	case SK_RESTART_DONE:
		break;
	case SK_RESTART_NO_OWNER:
		return "no_owner";
	case SK_RESTART_RESPAWN_FAILED:
		return "respawn_failed";
	case SK_RESTART_STOP_FAILED:
		return "stop_failed";
	}
	return done->is_cleaned ? "stale_owner_cleaned" : "restarted";
}

static void add_pid(struct sk_jsonw *w, const char *key, pid_t pid)
{
	if (pid)
		sk_jsonw_int(w, key, pid);
	else
		sk_jsonw_null(w, key);
}

void sk_doctor_add_restart(struct sk_str *out, const struct sk_restart *done,
			   bool as_json)
{
	bool is_done = done->status == SK_RESTART_DONE;
	bool has_hint = !is_done && done->err.hint[0];
	struct sk_jsonw w = SK_JSONW(out);

	if (as_json) {
		sk_jsonw_object(&w, NULL);
		sk_jsonw_text(&w, "error", is_done ? NULL : done->err.msg);
		sk_jsonw_int(&w, "exit_code", done->status);
		sk_jsonw_text(&w, "hint", has_hint ? done->err.hint : NULL);
		add_pid(&w, "new_pid", done->now);
		add_pid(&w, "previous_pid", done->previous);
		sk_jsonw_int(&w, "schema_version", 1);
		sk_jsonw_text(&w, "status", status_name(done));
		sk_jsonw_end_object(&w);
		sk_str_putc(out, '\n');
	} else if (is_done && done->is_cleaned) {
		sk_str_addf(out,
			    "Removed what process %ld, which is gone, left"
			    " behind. 'git sk-daemon start' starts a daemon.\n",
			    (long)done->previous);
	} else if (is_done) {
		sk_str_addf(out, "Restarted: process %ld instead of %ld\n",
			    (long)done->now, (long)done->previous);
	}
}
