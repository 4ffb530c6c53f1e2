/* SPDX-License-Identifier: MIT */
#include "daemon/loop.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/now.h"
#include "base/process.h"
#include "base/trace.h"
#include "daemon/control.h"
#include "daemon/detach.h"
#include "daemon/flush.h"
#include "daemon/hold.h"
#include "daemon/state.h"
#include "deliver/flushlog.h"
#include "format/json.h"
#include "format/time.h"
#include "git/config.h"

enum {
	TICK_MS = 2000,	     /* how often it looks after itself */
	PAUSE_MS = 100,	     /* between rounds nobody asked for, at least */
	LOCK_WAIT_MS = 1000, /* one that is just ending */
	PROTOCOL_VERSION = 1,
};

/* Set by a signal, which a request to end is turned into as well. */
static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
	(void)number;
	is_stopped = 1;
}

struct daemon {
	struct sk_daemon_state state;
	struct sk_control *control;
	int wake; /* an eventfd: somebody wants a round */

	struct sk_str exe;
	struct stat program; /* as it was at the start */

	pthread_mutex_t mutex; /* around what follows, which health shows */
	bool is_sending;
	int64_t last_sync; /* when the server last took something; 0 = never */
	int64_t failures;  /* in a row */
};

static void note(const char *fmt, ...) SK_PRINTF(1, 2);

static void note(const char *fmt, ...)
{
	struct sk_str text = SK_STR_INIT, line = SK_STR_INIT;
	va_list args;

	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	sk_str_add_visible(&line, text.ptr, text.len, 2048);
	sk_str_putc(&line, '\n');
	sk_logfile_add(SK_DAEMON_LOG, line.ptr, line.len);
	sk_str_free(&line);
	sk_str_free(&text);
}

/* Blocked but while the main thread waits or sends, so that it gets them. */
static void catch_signals(sigset_t *signals)
{
	struct sigaction act = {.sa_handler = on_signal};

	sigemptyset(&act.sa_mask);
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	/* the second Ctrl-C does what it always does */
	act.sa_flags = SA_RESETHAND;
	sigaction(SIGINT, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void give_health(void *ctx, struct sk_str *json)
{
	struct daemon *d = ctx;
	struct sk_jsonw w = SK_JSONW(json);
	struct sk_str time = SK_STR_INIT;
	int64_t last_sync, failures;
	bool is_sending;

	pthread_mutex_lock(&d->mutex);
	is_sending = d->is_sending;
	last_sync = d->last_sync;
	failures = d->failures;
	pthread_mutex_unlock(&d->mutex);

	if (last_sync)
		sk_time_add(&time, last_sync * 1000000);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "status", "ok");
	sk_jsonw_int(&w, "protocol_version", PROTOCOL_VERSION);
	sk_jsonw_text(&w, "package_version", SK_VERSION);
	sk_jsonw_object(&w, "sync");
	sk_jsonw_bool(&w, "running", is_sending);
	sk_jsonw_text(&w, "last_sync", last_sync ? time.ptr : NULL);
	sk_jsonw_int(&w, "consecutive_failures", failures);
	sk_jsonw_end_object(&w);
	sk_jsonw_text(&w, "websocket_status", "Offline");
	sk_jsonw_end_object(&w);
	sk_str_free(&time);
}

static bool take_trigger(void *ctx)
{
	const struct daemon *d = ctx;
	const uint64_t one = 1;

	return !is_stopped && write(d->wake, &one, sizeof(one)) > 0;
}

/* One way to end: the signal interrupts what the main thread waits for. */
static void take_shutdown(void *ctx)
{
	(void)ctx;
	kill(getpid(), SIGTERM);
}

static int make_token(struct sk_str *out, struct sk_err *err)
{
	unsigned char raw[SK_DAEMON_TOKEN_LEN / 2];

	if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
		return sk_fail_errno(err, errno, "cannot make a token");
	for (size_t i = 0; i < sizeof(raw); i++)
		sk_str_addf(out, "%02x", raw[i]);
	return 0;
}

static int know_program(struct daemon *d, struct sk_err *err)
{
	if (sk_process_program(&d->exe, 0, err) < 0)
		return -1;
	if (stat("/proc/self/exe", &d->program) < 0)
		return sk_fail_errno(err, errno, "cannot find this program");
	return 0;
}

/* After an upgrade an old version must not go on sending for weeks. */
static bool is_replaced(const struct daemon *d)
{
	struct stat now;

	return stat(d->exe.ptr, &now) < 0 || now.st_dev != d->program.st_dev ||
	       now.st_ino != d->program.st_ino ||
	       now.st_mtim.tv_sec != d->program.st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != d->program.st_mtim.tv_nsec;
}

/* A live daemon that is not ours is left alone, and must not lose its file. */
static int check_foreign(struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_err ignored = {0};
	enum sk_daemon_presence found;
	int process, ret = 0;

	found = sk_daemon_find(&state, &process, &ignored);
	if (found == SK_DAEMON_FOREIGN)
		ret = sk_daemon_refuse(&state, err);
	if (process >= 0)
		close(process);
	sk_daemon_state_free(&state);
	return ret;
}

static int open_daemon(struct daemon *d, const struct sk_control_calls *calls,
		       struct sk_err *err)
{
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->wake < 0)
		return sk_fail_errno(err, errno, "cannot make an eventfd");
	d->state.pid = getpid();
	d->state.start = sk_process_started_at(getpid());
	if (know_program(d, err) < 0 || check_foreign(err) < 0 ||
	    make_token(&d->state.token, err) < 0 ||
	    sk_control_open(&d->control, &d->state.port, d->state.token.ptr,
			    calls, err) < 0)
		return -1;
	sk_str_addf(&d->state.url, "http://127.0.0.1:%u", d->state.port);
	return sk_daemon_state_save(&d->state, err);
}

static void close_daemon(struct daemon *d)
{
	struct sk_err ignored = {0};

	sk_control_close(d->control);
	if (d->state.port && sk_daemon_state_remove(d->state.pid, &ignored) < 0)
		note("%s", ignored.msg);
	if (d->wake >= 0)
		close(d->wake);
	sk_daemon_state_free(&d->state);
	sk_str_free(&d->exe);
	pthread_mutex_destroy(&d->mutex);
}

/*
 * Whether the state file still leads to us. One that was lost or damaged is
 * written again; one that names another live daemon means that we are not
 * wanted any more. Returns 0; 1 for the latter; -1 when the home is gone.
 */
static int keep_state(const struct daemon *d, struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	struct sk_str home = SK_STR_INIT;
	struct sk_err why = {0};
	enum sk_daemon_presence found;
	int process, ret = 0;

	found = sk_daemon_find(&state, &process, &why);
	if (found == SK_DAEMON_FOREIGN ||
	    (found == SK_DAEMON_RUNNING && state.pid != d->state.pid)) {
		ret = 1;
	} else if (found != SK_DAEMON_RUNNING) {
		if (sk_home_path(&home, "", err) < 0)
			ret = -1;
		else if (access(home.ptr, F_OK) < 0)
			ret = sk_fail_errno(err, errno, "home folder '%s'",
					    home.ptr);
		else if (sk_daemon_state_save(&d->state, &why) < 0)
			note("%s", why.msg);
	}
	if (process >= 0)
		close(process);
	sk_str_free(&home);
	sk_daemon_state_free(&state);
	return ret;
}

static int64_t interval_ms(const struct sk_config *config)
{
	const char *text = sk_config_get(config, "sk.daemonInterval");
	long seconds = text ? strtol(text, NULL, 10) : 0;

	if (seconds < 1 || seconds > 86400)
		seconds = SK_DAEMON_INTERVAL_S;
	return seconds * 1000;
}

/*
 * One round, with the settings and the account as they are by now. Returns in
 * how many milliseconds the next is due.
 */
static int64_t send_round(struct daemon *d, const sigset_t *signals)
{
	struct sk_config config = SK_CONFIG_INIT;
	const struct sk_daemon_flush orders = {
		d->state.port, d->state.token.ptr, &is_stopped, &config};
	struct sk_daemon_result result = SK_DAEMON_RESULT_INIT;
	struct sk_err why = {0}; /* without git there are no settings */
	int64_t next_ms, backoff_ms;

	if (sk_config_load(&config, &why) < 0)
		sk_trace("config", "%s", why.msg);
	next_ms = interval_ms(&config);
	pthread_mutex_lock(&d->mutex);
	d->is_sending = true;
	pthread_mutex_unlock(&d->mutex);

	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
	sk_daemon_flush(&orders, &result);
	pthread_sigmask(SIG_BLOCK, signals, NULL);

	pthread_mutex_lock(&d->mutex);
	d->is_sending = false;
	if (result.delivered > 0)
		d->last_sync = sk_now_ms() / 1000;
	if (result.has_tried)
		d->failures = result.has_failed ? d->failures + 1 : 0;
	pthread_mutex_unlock(&d->mutex);

	if (result.text.len)
		note("%s", result.text.ptr);
	backoff_ms = result.next_ms - sk_now_ms();
	if (result.next_ms && backoff_ms < next_ms)
		next_ms = backoff_ms > PAUSE_MS ? backoff_ms : PAUSE_MS;
	sk_str_free(&result.text);
	sk_config_free(&config);
	return next_ms;
}

/* Wait for a request or a signal. Returns whether a round is wanted. */
static bool wait_ms(const struct daemon *d, int64_t ms)
{
	const struct timespec span = {ms / 1000, ms % 1000 * 1000000};
	struct pollfd watch = {.fd = d->wake, .events = POLLIN};
	uint64_t wanted = 0;
	sigset_t none;

	sigemptyset(&none);
	if (ppoll(&watch, 1, &span, &none) <= 0)
		return false;
	return read(d->wake, &wanted, sizeof(wanted)) > 0;
}

static int loop(struct daemon *d, const sigset_t *signals,
		enum sk_daemon_end *end, struct sk_err *err)
{
	int64_t due = sk_mono_ms(), now;
	int rc;

	for (;;) {
		*end = is_stopped ? SK_DAEMON_ASKED : SK_DAEMON_REPLACED;
		if (is_stopped || is_replaced(d))
			return 0;
		*end = SK_DAEMON_TAKEN;
		if ((rc = keep_state(d, err)) != 0)
			return rc < 0 ? -1 : 0;
		now = sk_mono_ms();
		if (now >= due)
			due = sk_mono_ms() + send_round(d, signals);
		now = sk_mono_ms();
		if (!is_stopped && due > now &&
		    wait_ms(d, due - now < TICK_MS ? due - now : TICK_MS))
			due = 0;
	}
}

/* Held as long as the process lives, so that there is never a second one. */
static int take_lock(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int fd = -1;

	if (sk_home_path(&path, "sync/daemon", err) == 0 &&
	    sk_mkdir_p(path.ptr, err) == 0) {
		sk_str_puts(&path, "/run.lock");
		fd = sk_lock(path.ptr, LOCK_WAIT_MS, err);
	}
	sk_str_free(&path);
	return fd;
}

int sk_daemon_run(enum sk_daemon_end *end, sk_daemon_said_fn *said,
		  struct sk_err *err)
{
	static const char *const reasons[] = {
		[SK_DAEMON_ASKED] = "ended: asked to",
		[SK_DAEMON_REPLACED] = "ended: its program was replaced",
		[SK_DAEMON_TAKEN] = "ended: another daemon took over",
	};
	struct daemon d = {.state = SK_DAEMON_STATE_INIT,
			   .wake = -1,
			   .exe = SK_STR_INIT,
			   .mutex = PTHREAD_MUTEX_INITIALIZER};
	const struct sk_control_calls calls = {&d, give_health, take_trigger,
					       take_shutdown};
	sigset_t signals;
	int lock, ret = -1;

	sk_daemon_detach();
	lock = take_lock(err);
	if (lock < 0 && err->code == SK_EBUSY) {
		*end = SK_DAEMON_TAKEN;
		return 0;
	}
	if (lock < 0)
		return -1;
	catch_signals(&signals);
	if (open_daemon(&d, &calls, err) == 0) {
		note("started: version %s, %s", SK_VERSION, d.state.url.ptr);
		said(d.state.url.ptr, d.state.pid);
		ret = loop(&d, &signals, end, err);
	}
	note("%s", ret < 0 ? err->msg : reasons[*end]);
	close_daemon(&d);
	sk_unlock(lock);
	return ret;
}
