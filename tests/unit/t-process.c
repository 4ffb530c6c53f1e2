/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/process.h"
#include "base/spawn.h"
#include "tests/unit/tap.h"

static bool ends_with(const struct sk_str *text, const char *end)
{
	size_t len = strlen(end);

	return text->len >= len &&
	       strcmp(text->ptr + text->len - len, end) == 0;
}

static void test_look(void)
{
	struct sk_process self, none;
	int64_t now = sk_now_ms() / 1000;

	sk_process_look(&self, getpid());
	ok(self.is_alive && self.start > 0 &&
		   self.start == sk_process_started_at(getpid()),
	   "process: alive, and since when");
	ok(self.start_s > now - 3600 && self.start_s < now + 10,
	   "process: that as a time, too");
	sk_process_look(&none, 999999999);
	ok(!none.is_alive && !none.start &&
		   sk_process_started_at(999999999) == 0,
	   "process: one that is not there");
}

static void test_args(void)
{
	struct sk_str args = SK_STR_INIT;

	sk_str_puts(&args, "x");
	ok(sk_process_args(&args, getpid()) && args.ptr[0] == 'x' &&
		   args.ptr[args.len - 1] == '\0' &&
		   strstr(args.ptr, "t-process"),
	   "process: its arguments, each ended by NUL");
	ok(!sk_process_args(&args, 999999999),
	   "process: one that is not there has none");
	sk_str_free(&args);
}

/* The child of a copy of sleep, once it runs that. */
static pid_t start_nap(struct sk_str *program)
{
	struct sk_err err = {0};
	pid_t child;

	if (sk_spawn_run("/bin/cp",
			 (const char *const[]){"cp", "/bin/sleep", "nap", NULL},
			 &err) != 0)
		abort();
	child = fork();
	if (child == 0) {
		execl("nap", "nap", "60", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 1000 && !ends_with(program, "/nap"); i++) {
		sk_sleep_ms(10);
		if (sk_process_program(program, child, &err) < 0)
			abort();
	}
	return child;
}

static void test_program(void)
{
	struct sk_str mine = SK_STR_INIT, program = SK_STR_INIT;
	struct sk_err err = {0};
	pid_t child;

	ok(sk_process_program(&mine, 0, &err) == 0 &&
		   ends_with(&mine, "/t-process"),
	   "program: of this process");
	child = start_nap(&program);
	ok(ends_with(&program, "/nap"), "program: of another");
	if (unlink("nap") < 0)
		abort();
	ok(sk_process_program(&program, child, &err) == 0 &&
		   ends_with(&program, "/nap"),
	   "program: of one whose file is gone, without the kernel's word");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ok(sk_process_program(&program, child, &err) == -1 &&
		   strstr(err.msg, "/exe'"),
	   "program: not of one that has ended (%s)", err.msg);
	sk_str_free(&program);
	sk_str_free(&mine);
}

static void test_lock_holder(void)
{
	struct sk_str text = SK_STR_INIT, want = SK_STR_INIT;
	struct sk_err err = {0};
	int ready[2];
	pid_t child;
	char c;

	if (pipe(ready) < 0)
		abort();
	child = fork();
	if (child == 0) {
		if (sk_lock("lock", 0, &err) < 0 || write(ready[1], "x", 1) < 0)
			_exit(1);
		pause();
	}
	if (read(ready[0], &c, 1) != 1)
		abort();
	sk_str_addf(&want, "process %d (t-process)", (int)child);
	ok(sk_lock_holder(&text, "lock"), "lock: somebody has it");
	is(text.ptr, want.ptr, "lock: and who that is");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	sk_str_clear(&text);
	ok(!sk_lock_holder(&text, "lock") && !text.len,
	   "lock: nobody any more");
	sk_str_free(&want);
	sk_str_free(&text);
}

int main(void)
{
	char dir[] = "/tmp/t-process.XXXXXX";
	struct sk_str clean = SK_STR_INIT;

	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	test_look();
	test_args();
	test_program();
	test_lock_holder();
	sk_str_addf(&clean, "rm -rf %s", dir);
	if (chdir("/") < 0 || system(clean.ptr) != 0)
		return 1;
	sk_str_free(&clean);
	return done_testing();
}
