/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/feed.h"
#include "base/file.h"
#include "base/now.h"
#include "base/spawn.h"
#include "tap.h"

#define RUN(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_proc_read(void)
{
	struct sk_str out = SK_STR_INIT, errors = SK_STR_INIT;
	struct sk_err err = {0};

	ok(sk_spawn_read(&out, &errors,
			 RUN("sh", "-c", "cat; echo a; echo b >&2; exit 3"), 99,
			 &err) == 3,
	   "spawn: the exit status");
	is(out.ptr, "a\n", "spawn: output, and no input");
	is(errors.ptr, "b\n", "spawn: errors apart");
	ok(sk_spawn_read(&out, NULL, RUN("sh", "-c", "kill -9 $$"), 99, &err) ==
		   128 + 9,
	   "spawn: a signal");
	ok(sk_spawn_read(&out, NULL, RUN("no-such-program"), 99, &err) == -1,
	   "spawn: a program that is not there (%s)", err.msg);
	sk_str_clear(&out);
	ok(sk_spawn_read(&out, &errors,
			 RUN("sh", "-c",
			     "head -c 300000 /dev/zero >&2;"
			     " head -c 300000 /dev/zero"),
			 300002, &err) == 0 &&
		   out.len == 300000 && errors.len == 300002,
	   "spawn: more than a pipe holds, on both");
	sk_str_clear(&out);
	ok(sk_spawn_read(&out, NULL, RUN("yes"), 1000, &err) == -1 &&
		   err.code == SK_EDATA,
	   "spawn: stops a program that prints for ever (%s)", err.msg);
	sk_str_free(&errors);
	sk_str_free(&out);
}

/* What a child is told, however much, and whether it listens. */
static void test_proc_talk(void)
{
	struct sk_str out = SK_STR_INIT, input = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_puts(&input, "a\n");
	ok(sk_spawn_talk(&out, &input, RUN("cat"), 99, &err) == 0,
	   "spawn: a child is told something");
	is(out.ptr, "a\n", "spawn: it hears that and the end");
	while (input.len < 300000)
		sk_str_puts(&input, "more than a pipe holds\n");
	sk_str_clear(&out);
	ok(sk_spawn_talk(&out, &input, RUN("cat"), 1u << 20, &err) == 0 &&
		   out.len == input.len && strcmp(out.ptr, input.ptr) == 0,
	   "spawn: however much (%s)", err.msg);
	ok(sk_spawn_talk(NULL, &input, RUN("true"), 99, &err) == 0,
	   "spawn: one that does not listen is let be (%s)", err.msg);
	sk_str_free(&input);
	sk_str_free(&out);
}

static int count(void *ctx, struct sk_err *err)
{
	int *asked = ctx;

	(void)err;
	*asked += access("made", F_OK) == 0 ? 1 : 100;
	return 0;
}

static int refuse(void *ctx, struct sk_err *err)
{
	count(ctx, err);
	return sk_fail(err, SK_EFAIL, "no");
}

/* Who asks for the data is told apart from who could. */
static void test_proc_wanted(void)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};
	int asked = 0;
	struct sk_feed feed = {.data = "data", .len = 4, .ctx = &asked};

	unlink("made");
	feed.wanted = count;
	ok(sk_feed_run(&out, NULL, &feed,
		       RUN("sh", "-c", "sleep 0.2; touch made; cat"), 99,
		       &err) == 0 &&
		   asked == 1,
	   "spawn: asked once, when the child reads (%d)", asked);
	is(out.ptr + strspn(out.ptr, "\n"), "data",
	   "spawn: which it gets then");
	ok(sk_feed_run(NULL, NULL, &feed, RUN("sh", "-c", "exit 3"), 99,
		       &err) == 3 &&
		   asked == 1,
	   "spawn: not asked for one that does not read");
	feed.wanted = refuse;
	sk_str_clear(&out);
	ok(sk_feed_run(&out, NULL, &feed, RUN("cat"), 99, &err) == -1 &&
		   asked == 2 && !strchr(out.ptr, 'd'),
	   "spawn: refused, the child gets nothing (%s)", err.msg);
	unlink("made");
	sk_str_free(&out);
}

/* Whoever started us may have ignored SIGCHLD, which exec passes on. */
static void test_proc_ignored(void)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_child child = {0};
	struct sk_err err = {0};

	signal(SIGCHLD, SIG_IGN);
	ok(sk_spawn_read(&out, NULL, RUN("sh", "-c", "exit 3"), 99, &err) == 3,
	   "spawn: the exit status, where SIGCHLD was ignored");
	signal(SIGCHLD, SIG_IGN);
	ok(sk_spawn_run("/bin/sh", RUN("sh", "-c", "exit 4"), &err) == 4,
	   "spawn: the same with our streams");
	signal(SIGCHLD, SIG_IGN);
	ok(sk_spawn_detach(RUN("/bin/true"), &err) == 0, "spawn: and detached");
	signal(SIGCHLD, SIG_IGN);
	ok(sk_child_start(&child, RUN("sh", "-c", "exit 5"), RUN(NULL), &err) ==
			   0 &&
		   sk_child_stop(&child) == 5,
	   "child: the same for one that we talk with");
	signal(SIGCHLD, SIG_DFL);
	sk_str_free(&out);
}

/* Waits for a file with content; false after ten seconds. */
static bool wait_for(struct sk_str *out, const char *path)
{
	struct sk_err err;

	for (int i = 0; i < 1000; i++) {
		sk_str_clear(out);
		if (sk_file_read(out, path, 9999, &err) == 0 && out->len)
			return true;
		sk_sleep_ms(10);
	}
	return false;
}

static void test_proc_detach(const char *dir)
{
	struct sk_str out = SK_STR_INIT, script = SK_STR_INIT;
	struct sk_err err = {0};
	int fds[2], spare = -1;
	char c;

	/* the program prints its descriptors and stays: who waits for the end
	 * of our pipe must not wait for it */
	sk_str_addf(&script,
		    "{ ls -l /proc/$$/fd; pwd; } >%s/t; mv %s/t %s/seen;"
		    " sleep 2",
		    dir, dir, dir);
	if (!ok(pipe(fds) == 0 && (spare = dup2(fds[1], 77)) == 77,
		"spawn: a pipe"))
		return;
	ok(sk_spawn_detach(RUN("/bin/sh", "-c", script.ptr), &err) == 0,
	   "spawn: detached");
	close(fds[1]);
	close(spare);
	ok(read(fds[0], &c, 1) == 0, "spawn: nothing of ours stays open");
	close(fds[0]);
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	   "spawn: there is no child to reap");
	ok(wait_for(&out, "seen"), "spawn: it runs");
	ok(strstr(out.ptr, " 0 -> /dev/null\n") &&
		   strstr(out.ptr, " 2 -> /dev/null\n") &&
		   !strstr(out.ptr, "pipe:") && !strstr(out.ptr, " 77 ->"),
	   "spawn: with /dev/null alone");
	ok(out.len > 3 && strcmp(out.ptr + out.len - 3, "\n/\n") == 0,
	   "spawn: in the root folder");
	sk_str_free(&script);
	sk_str_free(&out);
}
/* Who reads a pipe waits for all who could write, by whatever descriptor. */
static void test_detached_holds_nothing(void)
{
	static const char *const argv[] = {"/bin/sleep", "5", NULL};
	struct rlimit limit = {8192, 8192};
	struct pollfd watch = {.events = POLLIN};
	struct sk_err err = {0};
	int ends[2], high;

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || pipe(ends) < 0 ||
	    (high = fcntl(ends[1], F_DUPFD, 5000)) < 0) {
		ok(true, "spawn: no descriptor 5000 # SKIP none to be had");
		return;
	}
	close(ends[1]);
	ok(sk_spawn_detach(argv, &err) == 0,
	   "spawn: a process goes its own way");
	close(high);
	watch.fd = ends[0];
	ok(poll(&watch, 1, 4000) == 1 && (watch.revents & POLLHUP),
	   "spawn: and holds no descriptor, however high its number");
	close(ends[0]);
}

int main(void)
{
	char dir[] = "/tmp/t-spawn.XXXXXX";
	struct sk_str clean = SK_STR_INIT;

	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	test_proc_read();
	test_proc_talk();
	test_proc_wanted();
	test_proc_ignored();
	test_proc_detach(dir);
	test_detached_holds_nothing();
	sk_str_addf(&clean, "rm -rf %s", dir);
	if (chdir("/") < 0 || system(clean.ptr) != 0)
		return 1;
	sk_str_free(&clean);
	return done_testing();
}
