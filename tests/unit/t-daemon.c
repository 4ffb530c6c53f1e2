/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/process.h"
#include "daemon/control.h"
#include "daemon/hold.h"
#include "daemon/state.h"
#include "tests/unit/tap.h"

#define TOKEN  "0123456789abcdef0123456789abcdef"
#define DIGITS "01234567890123456789012345678901"

static char home[] = "/tmp/t-daemon.XXXXXX";

static void write_state(const char *text, mode_t mode)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_home_path(&path, "sync-daemon", &err) < 0 ||
	    sk_file_write(path.ptr, text, strlen(text), mode, &err) < 0)
		abort();
	sk_str_free(&path);
}

/* What a file is read as: "port token pid start", or how reading failed. */
static void reads_as(const char *text, const char *want, const char *name)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_str got = SK_STR_INIT;
	struct sk_err err = {0};

	write_state(text, 0600);
	if (sk_daemon_state_load(&state, &err) == 0)
		sk_str_addf(&got, "%u '%s' %ld %lld", state.port,
			    state.token.ptr, (long)state.pid,
			    (long long)state.start);
	else
		sk_str_puts(&got, err.code == SK_EDATA ? "damaged" : "failed");
	is(got.ptr, want, name);
	sk_str_free(&got);
	sk_daemon_state_free(&state);
}

static void test_file(void)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_err err = {0};

	ok(sk_daemon_state_load(&state, &err) == 1, "state: none is no file");
	reads_as("http://127.0.0.1:9400\n9400\n" TOKEN "\n12\n345\n",
		 "9400 '" TOKEN "' 12 345", "state: five lines");
	reads_as("http://127.0.0.1:9400\n9400\n" TOKEN "\n12\n",
		 "9400 '" TOKEN "' 12 0", "state: four, as spec-kitty's");
	reads_as("http://127.0.0.1:9400\n9400\n12\n", "9400 '' 12 0",
		 "state: without a token the process id stays what it is");
	reads_as("http://127.0.0.1:9400\n9400\n\n12\n345\n", "9400 '' 12 345",
		 "state: an empty token moves nothing");
	reads_as("http://127.0.0.1:9400\n9400\n" DIGITS "\n12\n345\n",
		 "9400 '" DIGITS "' 12 345", "state: a token of digits is one");
	reads_as("http://127.0.0.1:9400\n9400\n" TOKEN "\n",
		 "9400 '" TOKEN "' 0 0", "state: without a process id");
	reads_as("http://127.0.0.1:9400\n9400", "9400 '' 0 0",
		 "state: two lines, cut before the end of the second");
	reads_as("", "damaged", "state: an empty file is damaged");
	reads_as("http://127.0.0.1:9400\n", "damaged", "state: no port");
	reads_as("x\n0\n" TOKEN "\n12\n", "damaged", "state: port 0");
	reads_as("x\n65536\n" TOKEN "\n12\n", "damaged", "state: port 65536");
	reads_as("x\n9400\n" TOKEN "\n99999999999\n1\n", "9400 '" TOKEN "' 0 1",
		 "state: an impossible process id");
	reads_as("x\n9400\n" TOKEN "\n-1\n1\n", "9400 '" TOKEN "' 0 1",
		 "state: a negative process id is none");
	write_state("x\n9400\n" TOKEN "\n12\n", 0640);
	ok(sk_daemon_state_load(&state, &err) < 0 && err.code == SK_EDATA,
	   "state: not believed when others can read it");
	sk_daemon_state_free(&state);
}

static void test_remove(void)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_err err = {0};

	write_state("x\n9400\n" TOKEN "\n12\n345\n", 0600);
	ok(sk_daemon_state_remove(13, &err) == 1 &&
		   sk_daemon_state_load(&state, &err) == 0,
	   "remove: not the file of another process");
	ok(sk_daemon_state_remove(12, &err) == 0 &&
		   sk_daemon_state_load(&state, &err) == 1,
	   "remove: its own");
	sk_daemon_state_free(&state);
}

static void test_hold(void)
{
	int64_t start = sk_process_started_at(getpid());
	struct sk_err err = {0};
	int fd = -1;

	ok(sk_hold_take(&fd, getpid(), start, "t-daemon", &err) == 0 &&
		   fd >= 0 && !sk_hold_wait(fd, 0),
	   "hold: this very process");
	close(fd);
	ok(sk_hold_take(&fd, getpid(), start + 1, "t-daemon", &err) == 1,
	   "hold: not one that began at another time");
	ok(sk_hold_take(&fd, getpid(), start, "t-other", &err) == 1,
	   "hold: not one that runs another program");
	ok(sk_hold_take(&fd, getpid(), 0, "t-daemon", &err) == 1,
	   "hold: not one of which the start is not known");
	ok(sk_hold_take(&fd, 1, sk_process_started_at(1), "init", &err) == 1,
	   "hold: never the first process");
	ok(sk_hold_take(&fd, 999999999, 1, "t-daemon", &err) == 1,
	   "hold: not one that is not there");
}

static void no_health(void *ctx, struct sk_str *json)
{
	(void)ctx;
	sk_str_puts(json, "{}");
}

static bool no_trigger(void *ctx)
{
	(void)ctx;
	return false;
}

static void no_shutdown(void *ctx)
{
	(void)ctx;
}

/* More ports than there are in the range: each gets one, all different. */
static void test_ports(void)
{
	const struct sk_control_calls calls = {NULL, no_health, no_trigger,
					       no_shutdown};
	struct sk_control *all[60] = {NULL};
	unsigned ports[60] = {0}, opened = 0, inside = 0, twice = 0;
	struct sk_err err = {0};

	for (size_t i = 0; i < SK_COUNTOF(all); i++) {
		opened += sk_control_open(&all[i], &ports[i], TOKEN, &calls,
					  &err) == 0;
		inside += ports[i] >= 9400 && ports[i] <= 9449;
		for (size_t j = 0; j < i; j++)
			twice += ports[i] == ports[j];
	}
	ok(opened == SK_COUNTOF(all) && twice == 0,
	   "ports: one that is taken is no obstacle, nor are all");
	ok(inside > 0 && inside <= 50, "ports: of the range while it has some");
	for (size_t i = 0; i < SK_COUNTOF(all); i++)
		sk_control_close(all[i]);
}

int main(void)
{
	struct sk_str path = SK_STR_INIT;

	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		return 1;
	test_file();
	test_remove();
	test_hold();
	test_ports();
	sk_str_addf(&path, "%s/sync-daemon", home);
	unlink(path.ptr);
	rmdir(home);
	sk_str_free(&path);
	return done_testing();
}
