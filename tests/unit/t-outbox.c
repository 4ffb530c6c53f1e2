/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/now.h"
#include "outbox/cursor.h"
#include "outbox/ledger.h"
#include "outbox/state.h"
#include "outbox/stats.h"
#include "outbox/unreadable.h"
#include "tests/unit/box.h"

static enum sk_ledger_state ledger(struct fixture *fx, struct sk_outbox *box,
				   const char *event_id)
{
	enum sk_ledger_state state;

	if (sk_ledger_look(box, event_id, &state, &fx->err) < 0)
		abort();
	return state;
}

static unsigned mode_of(const char *path, const char *suffix)
{
	struct sk_str name = SK_STR_INIT;
	struct stat st;
	int rc;

	sk_str_addf(&name, "%s%s", path, suffix);
	rc = stat(name.ptr, &st);
	sk_str_free(&name);
	return rc < 0 ? 0 : st.st_mode & 0777;
}

static void test_first_use(struct fixture *fx)
{
	const char *path = fixture_path(fx, "new/folder/queue.db");
	struct sk_outbox *box;
	mode_t mask = umask(0);

	box = must_open(fx, path);
	ok(add_one(fx, box, "E1", "{}") == 0, "add: a new event is added");
	ok(mode_of(path, "") == 0600 && mode_of(path, "-wal") == 0600 &&
		   mode_of(path, "-shm") == 0600,
	   "open: all files are 0600 whatever the umask");
	umask(mask);
	ok(add_one(fx, box, "E1", "{\"x\":1}") == 1, "add: a known id is told");
	ok(ledger(fx, box, "E1") == SK_LEDGER_CAPTURED &&
		   ledger(fx, box, "E2") == SK_LEDGER_UNKNOWN,
	   "ledger: has what was added and nothing else");
	is(sk_outbox_path(box), path, "path: is the one given");
	sk_outbox_close(box);
	ok(sql(path, "SELECT count(*) FROM queue WHERE data = '{}'"
		     " AND retry_count = 0 AND coalesce_key IS NULL") == 1,
	   "add: nothing of a known event is changed");
	ok(sql(path, "PRAGMA user_version") == 0,
	   "schema: user_version stays spec-kitty's");
	ok(sql(path, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
		     " AND name LIKE 'idx%'") == 6,
	   "schema: spec-kitty's indexes are there");
	ok(sql(path, "INSERT INTO queue(event_id, event_type, data, timestamp)"
		     " VALUES('P1', 't', '{}', 5); SELECT changes()") == 1,
	   "schema: another program can add rows");
	box = must_open(fx, path);
	ok(add_one(fx, box, "P1", "{}") == 1,
	   "add: an id that another program queued is known");
	ok(ledger(fx, box, "P1") == SK_LEDGER_UNKNOWN,
	   "add: a known event leaves the ledger alone");
	ok(sql(path, "DELETE FROM queue WHERE event_id = 'E1'") < 0 &&
		   add_one(fx, box, "E1", "{}") == 0,
	   "add: what the ledger says is for the caller to ask");
	sk_outbox_close(box);
}

static void test_all_or_nothing(struct fixture *fx)
{
	const char *path = fixture_path(fx, "tx.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_str value = SK_STR_INIT;
	int64_t number = 0;

	ok(add(fx, box, "E1", "{}") < 0 && fx->err.code == SK_EFAIL,
	   "add: refused outside of a transaction");
	ok(sk_state_set(box, "k", "v", &fx->err) < 0,
	   "state: refused outside of a transaction");
	if (sk_outbox_begin(box, &fx->err) < 0 || add(fx, box, "E1", "{}") ||
	    sk_cursor_set(box, "clone", "HEAD", "tip", &fx->err) < 0)
		ok(false, "begin: %s", fx->err.msg);
	sk_outbox_rollback(box);
	sk_outbox_rollback(box);
	ok(ledger(fx, box, "E1") == SK_LEDGER_UNKNOWN,
	   "rollback: nothing is left");
	if (sk_outbox_begin(box, &fx->err) < 0 ||
	    sk_state_set(box, "text", "a 'b'", &fx->err) < 0 ||
	    sk_state_set_int(box, "int", INT64_MIN, &fx->err) < 0 ||
	    sk_outbox_commit(box, &fx->err) < 0)
		ok(false, "state: %s", fx->err.msg);
	ok(sk_state_get(box, "text", &value, &fx->err) == 0 &&
		   strcmp(value.ptr, "a 'b'") == 0,
	   "state: text comes back");
	ok(sk_state_get_int(box, "int", &number, &fx->err) == 0 &&
		   number == INT64_MIN,
	   "state: a number comes back");
	ok(sk_state_get_int(box, "text", &number, &fx->err) == 1 &&
		   sk_state_get(box, "none", &value, &fx->err) == 1 &&
		   value.len == 0,
	   "state: what is absent or no number is told");
	sk_str_free(&value);
	sk_outbox_close(box);
}

struct seen {
	int calls, stop_at;
	char text[64];
};

static int see_cursor(void *ctx, const char *ref, const char *tip)
{
	struct seen *seen = ctx;
	size_t len = strlen(seen->text);

	snprintf(seen->text + len, sizeof(seen->text) - len, "%s=%s;", ref,
		 tip);
	return ++seen->calls == seen->stop_at ? 7 : 0;
}

static void test_cursor(struct fixture *fx)
{
	struct sk_outbox *box = must_open(fx, fixture_path(fx, "cursor.db"));
	struct seen all = {0}, one = {.stop_at = 1};

	if (sk_outbox_begin(box, &fx->err) < 0 ||
	    sk_cursor_set(box, "a", "refs/1", "old", &fx->err) < 0 ||
	    sk_cursor_set(box, "a", "refs/1", "new", &fx->err) < 0 ||
	    sk_cursor_set(box, "a", "HEAD", "tip", &fx->err) < 0 ||
	    sk_cursor_set(box, "b", "HEAD", "other", &fx->err) < 0)
		ok(false, "cursor: %s", fx->err.msg);
	ok(sk_outbox_commit(box, &fx->err) == 0, "cursor: commits");
	ok(sk_cursor_each(box, "a", see_cursor, &all, &fx->err) == 0,
	   "cursor: each reaches the end");
	is(all.text, "HEAD=tip;refs/1=new;", "cursor: one tip for each ref");
	ok(sk_cursor_each(box, "a", see_cursor, &one, &fx->err) == 7 &&
		   one.calls == 1,
	   "cursor: the callback stops it");
	sk_outbox_close(box);
}

static void test_limit(struct fixture *fx)
{
	const char *path = fixture_path(fx, "limit.db");
	struct sk_outbox *box = must_open(fx, path);
	int64_t depth;

	sk_outbox_set_limit(box, 2);
	ok(add_one(fx, box, "E1", "{}") == 0 &&
		   add_one(fx, box, "E2", "{}") == 0,
	   "limit: rows up to it are taken");
	ok(add_one(fx, box, "E3", "{}") < 0 && fx->err.code == SK_EFULL,
	   "limit: growth is refused");
	ok(strstr(fx->err.hint, "git sk-sync now"), "limit: says what to do");
	ok(add_one(fx, box, "E1", "{}") == 1, "limit: a known id is no growth");
	if (sk_outbox_begin(box, &fx->err) < 0)
		ok(false, "limit: %s", fx->err.msg);
	sk_outbox_set_limit(box, 3);
	ok(add(fx, box, "E4", "{}") == 0 && add(fx, box, "E5", "{}") < 0,
	   "limit: rows of this transaction count");
	sk_outbox_close(box);
	depth = sql(path, "SELECT count(*) FROM queue"
			  " WHERE event_id IN ('E1', 'E2')");
	ok(depth == 2, "limit: nothing is dropped");
}

static void test_refusals(struct fixture *fx)
{
	struct sk_str target = SK_STR_INIT;
	struct sk_outbox *box = NULL;
	const char *path;

	sk_outbox_close(must_open(fx, fixture_path(fx, "target.db")));
	sk_str_puts(&target, fx->path.ptr);
	path = fixture_path(fx, "link.db");
	ok(symlink(target.ptr, path) == 0 &&
		   sk_outbox_open(&box, path, &fx->err) < 0 &&
		   strstr(fx->err.msg, "symbolic link"),
	   "open: a symbolic link is refused");
	path = fixture_path(fx, "dir.db");
	ok(mkdir(path, 0700) == 0 && sk_outbox_open(&box, path, &fx->err) < 0,
	   "open: a folder is refused");
	path = fixture_path(fx, "fifo.db");
	ok(mkfifo(path, 0600) == 0 && sk_outbox_open(&box, path, &fx->err) < 0,
	   "open: a FIFO is refused");
	path = fixture_path(fx, "garbage.db");
	ok(sk_file_write(path, target.ptr, target.len, 0600, &fx->err) == 0 &&
		   sk_outbox_open(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EDATA && strstr(fx->err.msg, path) &&
		   strstr(fx->err.hint, "git sk-sync backfill"),
	   "open: what is no database is SK_EDATA with a way out");
	ok(sk_outbox_open_readonly(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EDATA,
	   "open_readonly: what is no database is SK_EDATA");
	path = fixture_path(fx, "empty.db");
	ok(sk_file_write(path, "", 0, 0644, &fx->err) == 0 &&
		   sk_outbox_open_readonly(&box, path, &fx->err) == 0,
	   "open_readonly: a file without content can be looked at");
	sk_outbox_close(box);
	ok(sk_outbox_open(&box, path, &fx->err) == 0 &&
		   mode_of(path, "") == 0600,
	   "open: a file without content is filled, and closed to others");
	sk_outbox_close(box);
	ok(sk_outbox_open_readonly(&box, fixture_path(fx, "none"), &fx->err) ==
		   1,
	   "open_readonly: an absent file is told");
	if (geteuid() == 0) {
		path = fixture_path(fx, "foreign.db");
		ok(sk_file_write(path, "", 0, 0600, &fx->err) == 0 &&
			   chown(path, 12345, 12345) == 0 &&
			   sk_outbox_open(&box, path, &fx->err) < 0 &&
			   strstr(fx->err.msg, "another user"),
		   "open: another user's file is refused");
	}
	sk_str_free(&target);
}

static void test_versions(struct fixture *fx)
{
	const char *path = fixture_path(fx, "newer.db");
	struct sk_outbox *box = NULL;

	sk_outbox_close(must_open(fx, path));
	sql(path, "UPDATE sk_state SET value = '99' WHERE key = 'schema'");
	ok(sk_outbox_open(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EDATA && strstr(fx->err.msg, "newer"),
	   "open: tables of a newer git-sk are refused");
	path = fixture_path(fx, "old.db");
	sql(path, "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT,"
		  " event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,"
		  " data TEXT NOT NULL, timestamp INTEGER NOT NULL,"
		  " retry_count INTEGER DEFAULT 0);"
		  "CREATE TABLE body_upload_queue (id INTEGER PRIMARY KEY,"
		  " project_uuid TEXT, feature_slug TEXT, mission_key TEXT);"
		  "INSERT INTO queue(event_id, event_type, data, timestamp)"
		  " VALUES('OLD', 't', '{}', 1)");
	ok(sk_outbox_open_readonly(&box, path, &fx->err) == 0 &&
		   sk_queue_ready(box, &fx->err) == 1 &&
		   ledger(fx, box, "OLD") == SK_LEDGER_UNKNOWN,
	   "open_readonly: an older file can be read as it is");
	sk_outbox_close(box);
	ok(sql(path, "SELECT count(*) FROM sqlite_schema"
		     " WHERE name LIKE 'sk%'") == 0,
	   "open_readonly: nothing is created");
	box = must_open(fx, path);
	ok(sk_queue_ready(box, &fx->err) == 1, "open: older rows stay");
	sk_outbox_close(box);
	ok(sql(path, "SELECT count(coalesce_key IS NULL) FROM queue") == 1 &&
		   sql(path, "SELECT count(*) FROM sqlite_schema"
			     " WHERE name = 'idx_coalesce_key'") == 1,
	   "open: an older queue gets its coalesce_key");
	ok(sql(path, "SELECT count(feature_slug) FROM body_upload_queue") == 0,
	   "open: older tables of bodies are left alone");
}

static void test_locked(struct fixture *fx)
{
	const char *path = fixture_path(fx, "locked.db");
	struct sk_outbox *mine = must_open(fx, path), *other = NULL;
	int64_t start, waited;

	other = must_open(fx, path);
	if (sk_outbox_begin(other, &fx->err) < 0)
		ok(false, "locked: %s", fx->err.msg);
	start = sk_mono_ms();
	ok(sk_outbox_begin(mine, &fx->err) < 0 && fx->err.code == SK_EBUSY &&
		   fx->err.hint[0],
	   "begin: another writer is SK_EBUSY");
	waited = sk_mono_ms() - start;
	ok(waited >= 1000 && waited < 4000, "begin: waits, but not for ever");
	ok(ledger(fx, mine, "E1") == SK_LEDGER_UNKNOWN,
	   "begin: reading goes on beside a writer");
	sk_outbox_rollback(other);
	ok(sk_outbox_begin(mine, &fx->err) == 0, "begin: works afterwards");
	sk_outbox_close(mine);
	sk_outbox_close(other);
}

/* A file in rollback journal mode, as spec-kitty makes it. */
static void test_rollback_mode(struct fixture *fx)
{
	const char *path = fixture_path(fx, "rollback.db");
	struct sk_outbox *box = NULL;
	sqlite3 *db = NULL;
	int64_t start, waited;

	sql(path, "CREATE TABLE other(x); INSERT INTO other VALUES(1)");
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
		abort();
	start = sk_mono_ms();
	ok(sk_outbox_open(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EBUSY && strstr(fx->err.msg, path),
	   "open: a file locked by another is SK_EBUSY");
	waited = sk_mono_ms() - start;
	ok(waited >= 1000 && waited < 4000, "open: waits, but not for ever");
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sk_outbox_close(must_open(fx, path));
	sql(path, "PRAGMA journal_mode = DELETE");
	if (sqlite3_exec(db, "BEGIN; SELECT * FROM other", NULL, NULL, NULL) !=
	    SQLITE_OK)
		abort();
	ok(sk_outbox_open(&box, path, &fx->err) == 0,
	   "open: goes on without WAL while another reads");
	sk_outbox_close(box);
	sqlite3_close(db);
	box = must_open(fx, path);
	ok(mode_of(path, "-wal") == 0600, "open: converts to WAL when it can");
	sk_outbox_close(box);
}

/* Each child: first use of the file, then its events one by one. */
static void write_many(struct fixture *fx, const char *path, int child)
{
	struct sk_outbox *box;
	char id[32];

	for (int i = 0; i < 10; i++) {
		box = must_open(fx, path);
		snprintf(id, sizeof(id), "E-%d-%d", child, i);
		if (add_one(fx, box, id, "{}") != 0) {
			printf("# %s\n", fx->err.msg);
			fflush(stdout);
			_exit(1);
		}
		sk_outbox_close(box);
	}
	_exit(0);
}

static void test_parallel(struct fixture *fx)
{
	const char *path = fixture_path(fx, "parallel.db");
	int status, failed = 0;

	fflush(stdout);
	for (int child = 0; child < 16; child++)
		if (fork() == 0)
			write_many(fx, path, child);
	while (wait(&status) > 0)
		failed += status != 0;
	ok(failed == 0, "parallel: 16 processes use a new file at once");
	ok(sql(path, "SELECT count(*) FROM queue JOIN sk_ledger"
		     " USING(event_id)") == 160,
	   "parallel: no event is lost");
	ok(sql(path, "SELECT count(*) = 1 FROM pragma_integrity_check"
		     " WHERE integrity_check = 'ok'") == 1,
	   "parallel: the file is sound");
}

/* Three events and a cursor a transaction, until the parent kills us. */
static void write_until_killed(struct fixture *fx, const char *path, int round)
{
	struct sk_outbox *box = must_open(fx, path);
	char id[32];

	for (int i = 0; sk_outbox_begin(box, &fx->err) == 0; i++) {
		for (int k = 0; k < 3; k++) {
			snprintf(id, sizeof(id), "E-%d-%d-%d", round, i, k);
			if (add(fx, box, id, "{}") != 0)
				_exit(1);
		}
		snprintf(id, sizeof(id), "%d-%d", round, i);
		if (sk_cursor_set(box, "clone", id, "tip", &fx->err) < 0 ||
		    sk_outbox_commit(box, &fx->err) < 0)
			_exit(1);
	}
	_exit(1);
}

static void test_kill(struct fixture *fx)
{
	const char *path = fixture_path(fx, "kill.db");
	int status, killed = 0;
	pid_t pid;

	fflush(stdout);
	for (int round = 0; round < 50; round++) {
		pid = fork();
		if (pid == 0)
			write_until_killed(fx, path, round);
		usleep(1500 + (useconds_t)round * 300);
		kill(pid, SIGKILL);
		if (waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
			killed++;
	}
	ok(killed == 50, "kill: the writers were killed at work");
	ok(sql(path, "SELECT count(*) FROM sk_cursor") > 0,
	   "kill: some had committed before");
	ok(sql(path, "SELECT (SELECT count(*) FROM queue) ="
		     " 3 * (SELECT count(*) FROM sk_cursor) AND"
		     " (SELECT count(*) FROM queue) ="
		     " (SELECT count(*) FROM sk_ledger)") == 1,
	   "kill: rows, ledger and cursor are all there or none");
	ok(sql(path, "SELECT integrity_check = 'ok'"
		     " FROM pragma_integrity_check") == 1,
	   "kill: the file is sound");
}

static void test_readonly_folder(struct fixture *fx)
{
	struct sk_outbox *box = NULL;
	const char *path;

	if (geteuid() == 0) {
		ok(true, "open: a read-only folder # SKIP root may write");
		return;
	}
	path = fixture_path(fx, "closed");
	if (mkdir(path, 0500) < 0)
		abort();
	path = fixture_path(fx, "closed/queue.db");
	ok(sk_outbox_open(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EFAIL && strstr(fx->err.msg, path),
	   "open: a read-only folder is named");
	path = fixture_path(fx, "closed");
	if (chmod(path, 0700) < 0)
		abort();
	path = fixture_path(fx, "closed/queue.db");
	sk_outbox_close(must_open(fx, path));
	path = fixture_path(fx, "closed");
	if (chmod(path, 0500) < 0)
		abort();
	path = fixture_path(fx, "closed/queue.db");
	ok(sk_outbox_open(&box, path, &fx->err) < 0 &&
		   fx->err.code == SK_EFAIL && strstr(fx->err.msg, path),
	   "open: a queue in a read-only folder is named");
	path = fixture_path(fx, "closed");
	if (chmod(path, 0700) < 0)
		abort();
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_first_use(&fx);
	test_all_or_nothing(&fx);
	test_cursor(&fx);
	test_limit(&fx);
	test_refusals(&fx);
	test_versions(&fx);
	test_locked(&fx);
	test_rollback_mode(&fx);
	test_parallel(&fx);
	test_kill(&fx);
	test_readonly_folder(&fx);
	fixture_end(&fx);
	return done_testing();
}
