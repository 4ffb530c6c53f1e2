/* SPDX-License-Identifier: MIT */
/*
 * Event logs on disk: appended under the lock, killed at each write, written
 * by many at once, with what others left half done. Run with arguments it is a
 * writer: <common folder> <mission's folder> <how many>.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "mission/eventlog.h"
#include "mission/logfile.h"
#include "mission/logline.h"
#include "mission/reduce.h"
#include "tests/unit/tap.h"

#define SLUG "001-a"

static struct sk_str folder = SK_STR_INIT;

/* A path in the test's folder, borrowed until the next but one. */
static const char *at(const char *name)
{
	static struct sk_str paths[2] = {SK_STR_INIT, SK_STR_INIT};
	static int turn;
	struct sk_str *path = &paths[turn++ % 2];

	sk_str_clear(path);
	sk_str_addf(path, "%s/%s", folder.ptr, name);
	return path->ptr;
}

static void put(const char *name, const char *data, size_t len)
{
	struct sk_err err = {0};

	if (sk_file_write(at(name), data, len, 0644, &err) < 0)
		abort();
}

/* The bytes of a file, borrowed until the next call; "" when there is none. */
static const char *get(const char *name)
{
	static struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_clear(&text);
	if (sk_file_read(&text, at(name), SK_EVENT_LOG_MAX, &err) < 0)
		abort();
	return text.ptr;
}

static void add_line(struct sk_str *out, const char *wp, enum sk_lane to)
{
	struct sk_logline line = {.mission_slug = SLUG,
				  .wp_id = wp,
				  .to = to,
				  .actor = "agent",
				  .execution_mode = "worktree"};

	sk_logline_stamp(&line, sk_now_ms() * 1000, 0);
	sk_logline_add(out, &line);
}

/* Append one row as a command does. Returns 0 or -1. */
static int write_one(const char *common, const char *mission,
		     struct sk_err *err)
{
	struct sk_str line = SK_STR_INIT, path = SK_STR_INIT;
	struct sk_str aside = SK_STR_INIT;
	int lock, ret = -1;

	add_line(&line, "WP01", SK_LANE_CLAIMED);
	sk_str_addf(&path, "%s/" SK_EVENT_LOG_NAME, mission);
	lock = sk_status_lock(common, SLUG, SK_STATUS_LOCK_WAIT_MS, err);
	if (lock >= 0 &&
	    sk_logfile_append(path.ptr, line.ptr, line.len, &aside, err) == 0)
		ret = 0;
	sk_unlock(lock);
	sk_str_free(&line);
	sk_str_free(&path);
	sk_str_free(&aside);
	return ret;
}

/* How many rows there are, all of them readable but a torn last; else -1. */
static int count_rows(const char *text)
{
	const char *eol = strrchr(text, '\n');
	struct sk_log log = SK_LOG_INIT;
	int count;

	sk_log_read(&log, text, eol ? (size_t)(eol - text) : 0, SIZE_MAX);
	count = log.fault_count ? -1 : (int)log.row_count;
	sk_log_free(&log);
	return count;
}

#define ROW                                                                    \
	"{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\": \"WP02\","  \
	" \"to_lane\": \"planned\", \"at\": \"2026-05-01T10:00:00Z\"}"

static void endings(void)
{
	static const struct {
		const char *title, *before, *kept, *torn;
		size_t len;
	} cases[] = {
		{"an empty log", "", "", "", 0},
		{"a log that ends as it should", ROW "\n", ROW "\n", "", 0},
		{"a row without an end gets one", ROW, ROW "\n", "", 0},
		{"so does a row of a kind we do not know",
		 "{\"to_lane\": \"x\", \"wp_id\": \"WP01\"}",
		 "{\"to_lane\": \"x\", \"wp_id\": \"WP01\"}\n", "", 0},
		{"a torn line is set aside", ROW "\n{\"event_id\": \"01",
		 ROW "\n", "{\"event_id\": \"01", 0},
		{"so is one that is all there is", "{\"a", "", "{\"a", 0},
		{"so are zeros that a crash left", ROW "\n\0\0\0", ROW "\n", "",
		 sizeof(ROW) + 3},
		{"a line that is broken but ended stays", "oops\n" ROW "\n",
		 "oops\n" ROW "\n", "", 0},
		{"ends of lines stay", ROW "\r\n\r\n", ROW "\r\n\r\n", "", 0},
		{"white space gets an end", ROW "\n  ", ROW "\n  \n", "", 0},
	};

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		size_t len =
			cases[i].len ? cases[i].len : strlen(cases[i].before);
		struct sk_str line = SK_STR_INIT, want = SK_STR_INIT;
		struct sk_str aside = SK_STR_INIT, log = SK_STR_INIT;
		struct sk_str torn = SK_STR_INIT;
		struct sk_err err = {0};
		bool has_torn = *cases[i].torn || cases[i].len;

		add_line(&line, "WP01", SK_LANE_DONE);
		sk_str_addf(&want, "%s%s", cases[i].kept, line.ptr);
		put("log", cases[i].before, len);
		ok(sk_logfile_append(at("log"), line.ptr, line.len, &aside,
				     &err) == 0,
		   "logfile: a line goes behind: %s", err.msg);
		is(get("log"), want.ptr, cases[i].title);
		ok(has_torn == (aside.len > 0), "logfile: and that is told");
		if (aside.len)
			is(get(aside.ptr + folder.len + 1), cases[i].torn,
			   "logfile: what was torn is there");
		sk_str_add(&log, cases[i].before, len);
		sk_logfile_join(&log, line.ptr, line.len, &torn);
		is(log.ptr, want.ptr, "logfile: the same in memory");
		ok(has_torn == (torn.len > 0), "logfile: with what was torn");
		sk_str_clear(&log);
		sk_str_puts(&log, at("log"));
		sk_logfile_add_aside(&log, torn.ptr, torn.len);
		ok(!has_torn || strcmp(log.ptr, aside.ptr) == 0,
		   "logfile: and a name for that");
		sk_str_free(&line);
		sk_str_free(&want);
		sk_str_free(&aside);
		sk_str_free(&log);
		sk_str_free(&torn);
	}
}

static void refusals(void)
{
	static const char bad[] = "{\"event_id\": \"x\", \"wp_id\": \"WP01\","
				  " \"to_lane\": \"done\"}\n";
	struct sk_str aside = SK_STR_INIT;
	struct sk_err err = {0};
	int rc;

	put("log", ROW "\n", sizeof(ROW));
	rc = sk_logfile_append(at("log"), bad, sizeof(bad) - 1, &aside, &err);
	ok(rc < 0 && err.code == SK_EDATA && strstr(err.msg, "event_id"),
	   "logfile: what could not be read again is not written");
	rc = sk_logfile_append(at("log"), ROW, sizeof(ROW) - 1, &aside, &err);
	ok(rc < 0, "logfile: nor is half a line");
	is(get("log"), ROW "\n", "logfile: the log is as it was");
	if (symlink(at("log"), at("link")) < 0)
		abort();
	rc = sk_logfile_append(at("link"), ROW "\n", sizeof(ROW), &aside, &err);
	ok(rc < 0, "logfile: a link is not followed");
	rc = sk_logfile_append(at("no/log"), ROW "\n", sizeof(ROW), &aside,
			       &err);
	ok(rc < 0, "logfile: without a folder there is no log");
	rc = sk_status_lock(folder.ptr, "../x", 0, &err);
	ok(rc < 0 && err.code == SK_EDATA, "lock: a slug is no path");
	sk_str_free(&aside);
}

static void locks(void)
{
	struct sk_err err = {0};
	struct stat st;
	int lock, second;

	if (chmod(folder.ptr, 02770) < 0)
		abort();
	lock = sk_status_lock(folder.ptr, SLUG, 0, &err);
	ok(lock >= 0, "lock: it is taken: %s", err.msg);
	ok(stat(at("spec-kitty-locks/" SLUG ".status.lock"), &st) == 0 &&
		   (st.st_mode & 0777) == 0660,
	   "lock: it is where spec-kitty has it, and for the group as well");
	ok(stat(at("spec-kitty-locks"), &st) == 0 &&
		   (st.st_mode & 07777) == 02770,
	   "lock: so is its folder");
	second = sk_status_lock(folder.ptr, SLUG, 30, &err);
	ok(second < 0 && err.code == SK_EBUSY && strstr(err.msg, SLUG) &&
		   err.hint[0],
	   "lock: whoever comes second is told: %s", err.msg);
	second = sk_status_lock(folder.ptr, "002-b", 0, &err);
	ok(second >= 0, "lock: another mission is another one");
	sk_unlock(second);
	sk_unlock(lock);
	lock = sk_status_lock(folder.ptr, SLUG, 0, &err);
	ok(lock >= 0, "lock: given back it can be taken again");
	sk_unlock(lock);
	lock = sk_status_lock(at("no"), SLUG, 0, &err);
	ok(lock < 0 && strncmp(err.msg, "cannot open '", 13) == 0,
	   "lock: without a repository there is none: %s", err.msg);
}

/* Run ourselves as a writer. Returns the process. */
static pid_t start_writer(const char *program, const char *count)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(program, program, folder.ptr, at("m"), count,
		      (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* As spec-kitty's writers without a lock do. */
static void append_unlocked(int count)
{
	for (int i = 0; i < count; i++) {
		struct sk_str line = SK_STR_INIT;
		int fd = open(at("m/" SK_EVENT_LOG_NAME), O_WRONLY | O_APPEND);

		add_line(&line, "WP09", SK_LANE_PLANNED);
		if (fd < 0 ||
		    write(fd, line.ptr, line.len) != (ssize_t)line.len)
			abort();
		close(fd);
		sk_str_free(&line);
	}
}

static void at_once(const char *program)
{
	enum { WRITERS = 4, UNLOCKED = 50 };
	pid_t pids[WRITERS];
	int status, good = 0;

	put("m/" SK_EVENT_LOG_NAME, "", 0);
	for (int i = 0; i < WRITERS; i++)
		pids[i] = start_writer(program, "25");
	append_unlocked(UNLOCKED);
	for (int i = 0; i < WRITERS; i++) {
		waitpid(pids[i], &status, 0);
		good += status == 0;
	}
	ok(good == WRITERS, "logfile: four write at once");
	ok(count_rows(get("m/" SK_EVENT_LOG_NAME)) == 25 * WRITERS + UNLOCKED,
	   "logfile: no row is lost, of those without the lock neither");
}

/* Write under strace, which kills at the n-th of these calls, each counted. */
static bool write_killed(const char *program, const char *call, int when)
{
	struct sk_str command = SK_STR_INIT;
	int status;

	sk_str_addf(&command,
		    "strace -f -qq -o /dev/null -e trace=%s -e"
		    " inject=%s:signal=KILL:when=%d ",
		    call, call, when);
	sk_str_add_quoted(&command, program);
	sk_str_addf(&command, " %s %s 1 >'%s' 2>&1", folder.ptr, at("m"),
		    at("out"));
	status = system(command.ptr);
	sk_str_free(&command);
	/* a shell may stand between */
	return WIFSIGNALED(status) || WEXITSTATUS(status) == 128 + SIGKILL;
}

/* What another writer left when it was killed. */
static void tear(void)
{
	int fd = open(at("m/" SK_EVENT_LOG_NAME), O_WRONLY | O_APPEND);

	if (fd < 0 || write(fd, "{\"ev", 4) != 4)
		abort();
	close(fd);
}

/* Kill one, look, and write another. Returns whether it was killed. */
static bool kill_one(const char *program, const char *call, int when, int *rows,
		     int *bad)
{
	struct sk_err err = {0};
	bool was_killed;
	int now;

	tear();
	was_killed = write_killed(program, call, when);
	now = count_rows(get("m/" SK_EVENT_LOG_NAME));
	*bad += now != *rows && now != *rows + 1;
	*bad += write_one(folder.ptr, at("m"), &err) != 0;
	*rows = now + 1;
	return was_killed;
}

static void killed(const char *program)
{
	static const char *const calls[] = {"openat",	 "write",  "fsync",
					    "ftruncate", "rename", "fchmod"};
	int kills = 0, rows = 1, bad = 0;
	struct sk_err err = {0};

	put("m/" SK_EVENT_LOG_NAME, "", 0);
	ok(write_one(folder.ptr, at("m"), &err) == 0, "killed: it begins");
	for (size_t i = 0; i < SK_COUNTOF(calls); i++) {
		int when = 1;

		while (when < 100 &&
		       kill_one(program, calls[i], when, &rows, &bad))
			when++;
		kills += when - 1;
	}
	ok(bad == 0, "killed: the log is whole");
	ok(kills > 15, "killed: at %d places", kills);
	ok(strstr(get("m/" SK_EVENT_LOG_NAME), "{\"ev\n") == NULL &&
		   system("test \"$(cat \"$SK_TEST\"/m/*.torn-*)\" ="
			  " '{\"ev'") == 0,
	   "killed: what was torn is set aside, once");
	ok(system("test -z \"$(find \"$SK_TEST\"/m -name '*.sk-*')\"") == 0,
	   "killed: no temporary file is left");
}

static int be_writer(char **argv)
{
	struct sk_err err = {0};

	for (int i = atoi(argv[3]); i > 0; i--) {
		if (write_one(argv[1], argv[2], &err) < 0) {
			printf("# %s\n", err.msg);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");

	if (argc == 4)
		return be_writer(argv);
	sk_str_addf(&folder, "%s/sk-logfile-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder.ptr) || mkdir(at("m"), 0755) < 0 ||
	    setenv("SK_TEST", folder.ptr, 1) < 0)
		abort();
	endings();
	refusals();
	locks();
	at_once(argv[0]);
	killed(argv[0]);
	if (system("rm -rf \"$SK_TEST\"") != 0)
		abort();
	return done_testing();
}
