/* SPDX-License-Identifier: MIT */
/*
 * An append that fails leaves the log as it was: a full disk, and an end that
 * cannot be read. Run with an argument it appends to that log.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/file.h"
#include "mission/eventlog.h"
#include "mission/logfile.h"
#include "tests/unit/tap.h"

#define ROW                                                                    \
	"{\"event_id\": \"01KE0000000000000000000001\", \"wp_id\": \"WP02\","  \
	" \"to_lane\": \"planned\", \"at\": \"2026-05-01T10:00:00Z\"}\n"
#define TORN ROW "{\"ev"

static int append(const char *path, struct sk_err *err)
{
	struct sk_str aside = SK_STR_INIT;
	int rc = sk_logfile_append(path, ROW, strlen(ROW), &aside, err);

	sk_str_free(&aside);
	return rc;
}

static void put(const char *path, const char *text)
{
	struct sk_err err = {0};

	if (sk_file_write(path, text, strlen(text), 0644, &err) < 0)
		abort();
}

static void still(const char *path, const char *want, const char *title)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_file_read(&text, path, SK_EVENT_LOG_MAX, &err) != 0)
		abort();
	is(text.ptr, want, title);
	sk_str_free(&text);
}

/* Append where no file becomes longer than that. */
static int append_within(size_t limit, const char *path, struct sk_err *err)
{
	struct rlimit old, now;
	int rc;

	if (getrlimit(RLIMIT_FSIZE, &old) < 0)
		abort();
	now = (struct rlimit){limit, old.rlim_max};
	if (setrlimit(RLIMIT_FSIZE, &now) < 0)
		abort();
	rc = append(path, err);
	if (setrlimit(RLIMIT_FSIZE, &old) < 0)
		abort();
	return rc;
}

static void full(const char *path)
{
	struct sk_err err = {0};
	int rc;

	put(path, ROW);
	rc = append_within(strlen(ROW) + 9, path, &err);
	ok(rc < 0 && strstr(err.msg, "No space left on device"),
	   "full: half a line is a failure: %s", err.msg);
	still(path, ROW, "full: what was written of it is taken back");
	rc = append_within(strlen(ROW), path, &err);
	ok(rc < 0 && strstr(err.msg, "File too large"),
	   "full: so is none of it: %s", err.msg);
	still(path, ROW, "full: then there is nothing to take back");
}

/* Append in a process of its own, of which reads of the log end so first. */
static int append_traced(const char *program, const char *path,
			 const char *error)
{
	struct sk_str command = SK_STR_INIT;
	int status;

	/* a search for leaks cannot be made under strace */
	sk_str_addf(&command,
		    "ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -P "
		    "'%s' -e trace=pread64 -e"
		    " inject=pread64:error=%s:when=1 ",
		    path, error);
	sk_str_add_quoted(&command, program);
	sk_str_addf(&command, " '%s'", path);
	status = system(command.ptr);
	sk_str_free(&command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A log of which the end is unknown may end in half a line. */
static void unreadable(const char *program, const char *path)
{
	put(path, TORN);
	ok(append_traced(program, path, "EIO") == 1,
	   "unreadable: without knowing the end nothing is appended");
	still(path, TORN, "unreadable: the log is as it was");
	ok(append_traced(program, path, "EINTR") == 0,
	   "unreadable: a read that is interrupted is made again");
	still(path, ROW ROW, "unreadable: and the end is known");
}

static int be_writer(const char *path)
{
	struct sk_err err = {0};
	int rc = append(path, &err);

	if (rc < 0)
		printf("# %s\n", err.msg);
	return rc < 0;
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	struct sk_str path = SK_STR_INIT;

	if (argc == 2)
		return be_writer(argv[1]);
	sk_str_addf(&path, "%s/sk-logfull-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(path.ptr) || setenv("SK_TEST", path.ptr, 1) < 0 ||
	    signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		abort();
	sk_str_puts(&path, "/log");
	full(path.ptr);
	unreadable(argv[0], path.ptr);
	sk_str_free(&path);
	if (system("rm -rf \"$SK_TEST\"") != 0)
		abort();
	return done_testing();
}
