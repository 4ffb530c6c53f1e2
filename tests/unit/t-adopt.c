/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "outbox/adopt.h"
#include "outbox/cursor.h"
#include "outbox/state.h"
#include "outbox/unreadable.h"
#include "tests/unit/box.h"

enum { EVENTS = 400 };

static int adopt(const char *from, const char *to, bool want_unknown,
		 struct sk_adoption *out, struct sk_err *err)
{
	const struct sk_adopt orders = {from, to, "s|u|t", want_unknown};

	return sk_adopt_run(&orders, out, err);
}

/* A queue as capture leaves it behind when nobody is logged in. */
static void fill(struct fixture *fx, const char *path)
{
	struct sk_outbox *box = must_open(fx, path);
	const struct sk_unreadable torn = {"c0ffee", "p", "!k", 3, 4, "torn"};
	char id[32];

	if (sk_outbox_begin(box, &fx->err) < 0)
		abort();
	for (int i = 0; i < EVENTS; i++) {
		struct sk_event event = {id, "WPStatusChanged", "{}", "c0ffee",
					 NULL};

		snprintf(id, sizeof(id), "E%05d", i);
		if (sk_outbox_add(box, &event, 100 + i, &fx->err) != 0)
			abort();
	}
	if (sk_cursor_set(box, "clone", "HEAD", "c0ffee", &fx->err) < 0 ||
	    sk_unreadable_add(box, "clone", &torn, 100, &fx->err) < 0 ||
	    sk_state_set_int(box, "lamport", 77, &fx->err) < 0 ||
	    sk_outbox_commit(box, &fx->err) < 0)
		abort();
	sk_outbox_close(box);
}

static void test_moves(struct fixture *fx)
{
	char *from = sk_strdup(fixture_path(fx, "from.db"));
	char *to = sk_strdup(fixture_path(fx, "to/queue.db"));
	struct sk_adoption out;

	fill(fx, from);
	sql(from, "INSERT INTO sk_parked(event_id, data) VALUES('P', '{}');"
		  "INSERT INTO body_upload_queue(project_uuid, mission_slug,"
		  " target_branch, mission_type, manifest_version,"
		  " artifact_path, content_hash, content_body, size_bytes,"
		  " created_at) VALUES('u','m','t','y','v','a','h','b',1,2.5);"
		  "ALTER TABLE queue ADD COLUMN extra TEXT DEFAULT 'x'");
	sk_outbox_close(must_open(fx, to));
	sql(to, "INSERT INTO queue(event_id, event_type, data, timestamp)"
		" VALUES('E00007', 't', 'theirs', 5);"
		"INSERT INTO sk_cursor VALUES('clone', 'HEAD', 'feed');"
		"INSERT INTO sk_state VALUES('lamport', '12')");
	ok(adopt(from, to, true, &out, &fx->err) == 0 &&
		   out.taken.events == EVENTS + 1 && out.taken.bodies == 1 &&
		   out.unknown.events == 0,
	   "adopt: says how many events left");
	ok(sql(to, "SELECT count(*) FROM queue") == EVENTS &&
		   sql(to, "SELECT count(*) FROM sk_parked") == 1 &&
		   sql(to, "SELECT count(*) FROM body_upload_queue"
			   " WHERE created_at = 2.5") == 1 &&
		   sql(to, "SELECT count(*) FROM sk_ledger"
			   " WHERE commit_id = 'c0ffee'") == EVENTS &&
		   sql(to, "SELECT count(*) FROM sk_unreadable") == 1,
	   "adopt: all tables go along, whatever columns they have more");
	ok(sql(to, "SELECT count(*) FROM queue WHERE data = 'theirs'") == 1 &&
		   sql(to, "SELECT count(*) FROM sk_cursor"
			   " WHERE tip = 'feed'") == 1,
	   "adopt: what was there before wins");
	ok(sql(to, "SELECT value FROM sk_state WHERE key = 'lamport'") == 77,
	   "adopt: the clock does not run backwards");
	ok(sql(to, "SELECT count(*) FROM queue a JOIN queue b ON"
		   " a.event_id < b.event_id AND a.id > b.id"
		   " AND a.data = b.data") == 0,
	   "adopt: the order stays");
	ok(sql(from, "SELECT (SELECT count(*) FROM queue)"
		     " + (SELECT count(*) FROM sk_ledger)"
		     " + (SELECT count(*) FROM sk_cursor)"
		     " + (SELECT count(*) FROM sk_parked)"
		     " + (SELECT count(*) FROM body_upload_queue)") == 0,
	   "adopt: nothing stays behind");
	ok(adopt(from, to, true, &out, &fx->err) == 0 && out.taken.events == 0,
	   "adopt: the second time there is nothing to do");
	ok(adopt("/nonexistent/x.db", to, true, &out, &fx->err) == 0 &&
		   out.taken.events == 0,
	   "adopt: from no file nothing comes");
	ok(adopt(to, to, true, &out, &fx->err) == 0 &&
		   sql(to, "SELECT count(*) FROM queue") == EVENTS,
	   "adopt: a file does not move into itself");
	free(from);
	free(to);
}

/* Whatever fails on the way, the source keeps all it had. */
static void test_fails(struct fixture *fx)
{
	char *from = sk_strdup(fixture_path(fx, "kept.db"));
	char *to = sk_strdup(fixture_path(fx, "kept-to.db"));
	struct sk_adoption out;

	fill(fx, from);
	sql(from, "CREATE TRIGGER keep BEFORE DELETE ON sk_cursor BEGIN"
		  " SELECT RAISE(ABORT, 'kept'); END");
	ok(adopt(from, to, true, &out, &fx->err) == -1 && out.taken.events == 0,
	   "adopt: one row that stays fails it all (%s)", fx->err.msg);
	ok(sql(from, "SELECT count(*) FROM queue") == EVENTS &&
		   sql(to, "SELECT count(*) FROM queue") == EVENTS,
	   "adopt: then the others stay too");
	sql(from, "DROP TRIGGER keep;"
		  "ALTER TABLE sk_ledger RENAME captured_at TO was");
	sql(to, "DELETE FROM queue");
	ok(adopt(from, to, true, &out, &fx->err) == -1 &&
		   sql(from, "SELECT count(*) FROM queue") == EVENTS,
	   "adopt: rows that cannot be counted do not pass for none (%s)",
	   fx->err.msg);
	free(from);
	free(to);
}

/* Killed anywhere, again and again: each event is in one file at least. */
static void test_killed(struct fixture *fx)
{
	char *from = sk_strdup(fixture_path(fx, "killed.db"));
	char *to = sk_strdup(fixture_path(fx, "killed-to.db"));
	struct sk_str attach = SK_STR_INIT;
	int lost = 0, killed = 0, status;
	struct sk_adoption out;

	fill(fx, from);
	sk_outbox_close(must_open(fx, to));
	sk_str_addf(&attach,
		    "ATTACH '%s' AS other; SELECT count(*) FROM (SELECT"
		    " event_id FROM queue UNION SELECT event_id FROM"
		    " other.queue)",
		    to);
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(adopt(from, to, true, &out, &fx->err) < 0);
		usleep((useconds_t)(i * 500));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		killed += WIFSIGNALED(status) != 0;
		lost += sql(from, attach.ptr) != EVENTS;
		if (i % 10 == 9) {
			/* start again with a full source */
			sql(from, "DELETE FROM sk_ledger; DELETE FROM queue");
			sql(to, "DELETE FROM sk_ledger; DELETE FROM queue");
			fill(fx, from);
		}
	}
	printf("# killed %d of 60\n", killed);
	ok(killed > 0 && lost == 0,
	   "adopt: a kill at any moment loses nothing");
	ok(adopt(from, to, true, &out, &fx->err) == 0 &&
		   sql(to, "SELECT count(*) FROM queue") == EVENTS &&
		   sql(from, "SELECT count(*) FROM queue") == 0,
	   "adopt: the next one finishes the work");
	sk_str_free(&attach);
	free(from);
	free(to);
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_moves(&fx);
	test_fails(&fx);
	test_killed(&fx);
	fixture_end(&fx);
	return done_testing();
}
