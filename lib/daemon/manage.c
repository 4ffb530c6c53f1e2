/* SPDX-License-Identifier: MIT */
#include "daemon/manage.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/home.h"
#include "base/now.h"
#include "base/spawn.h"
#include "base/trace.h"
#include "daemon/detach.h"
#include "daemon/hold.h"
#include "daemon/loop.h"
#include "wire/api.h"

enum {
	START_WAIT_MS = 10000,
	POLL_MS = 20,
	STOP_WAIT_MS = 5000, /* for each way of asking */
	ANSWER_S = 2,
};

/* Where to is said by the port alone: the URL in the file is for others. */
static int request(struct sk_api_answer *answer,
		   const struct sk_daemon_state *state, const char *method,
		   const char *path, struct sk_err *err)
{
	struct sk_api_call call = {
		.method = method, .path = path, .timeout_s = ANSWER_S};
	struct sk_str url = SK_STR_INIT;
	struct sk_http *http = NULL;
	int ret = -1;

	if (method[0] == 'P') {
		call.bearer = state->token.ptr;
		call.body = "{}";
	}
	sk_str_addf(&url, "http://127.0.0.1:%u", state->port);
	if (sk_http_new(&http, url.ptr, err) == 0)
		ret = sk_api_send(answer, http, &call, err);
	sk_http_free(http);
	sk_str_free(&url);
	return ret;
}

void sk_daemon_health_free(struct sk_daemon_health *health)
{
	sk_str_free(&health->version);
	sk_str_free(&health->last_sync);
}

static int read_health(struct sk_daemon_health *health,
		       const struct sk_api_answer *answer, struct sk_err *err)
{
	const struct sk_json *root = answer->body;
	const struct sk_json *sync = sk_json_get(root, "sync");
	const char *version = sk_json_get_text(root, "package_version");
	const char *last = sk_json_get_text(sync, "last_sync");

	if (answer->res.status != 200)
		return sk_fail(err, SK_EDATA, "it answered with status %ld",
			       answer->res.status);
	if (!version || !sk_json_is_object(sync))
		return sk_fail(err, SK_EDATA,
			       "its answer is none of a daemon's");
	sk_str_set(&health->version, version);
	sk_str_set(&health->last_sync, last ? last : "");
	health->is_sending = sk_json_is_true(sk_json_get(sync, "running"));
	sk_json_int(sk_json_get(sync, "consecutive_failures"),
		    &health->failures);
	return 0;
}

int sk_daemon_ask(struct sk_daemon_health *health,
		  const struct sk_daemon_state *state, struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	int ret = request(&answer, state, "GET", "/api/health", err);

	if (ret == 0)
		ret = read_health(health, &answer, err);
	sk_api_answer_free(&answer);
	return ret;
}

/* What is detached becomes a child again, so that its end can be seen. */
static int launch(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_sibling_path(&path, SK_DAEMON_PROGRAM, err);

	if (ret == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		ret = sk_fail_errno(err, errno, "cannot look after a process");
	sk_daemon_detach();
	if (ret == 0)
		ret = sk_spawn_detach(
			(const char *const[]){path.ptr, "run", NULL}, err);
	sk_str_free(&path);
	return ret;
}

/* One that ends with 0 has made way for another, which is still starting. */
static bool has_died(void)
{
	int status;

	return waitpid(-1, &status, WNOHANG) > 0 &&
	       !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int fail_to_answer(struct sk_err *err)
{
	struct sk_str log = SK_STR_INIT;
	struct sk_err ignored = {0};

	sk_fail(err, SK_EFAIL, "the daemon does not answer");
	if (sk_home_path(&log, SK_DAEMON_LOG, &ignored) == 0)
		sk_hint(err, "see the end of '%s'", log.ptr);
	sk_str_free(&log);
	return -1;
}

/* Found, and answering: then it is there for whoever comes next. */
static bool is_up(struct sk_daemon_state *state)
{
	struct sk_daemon_health health = SK_DAEMON_HEALTH_INIT;
	struct sk_err why = {0};
	int process;
	bool up;

	sk_daemon_state_free(state);
	up = sk_daemon_find(state, &process, &why) == SK_DAEMON_RUNNING &&
	     sk_daemon_ask(&health, state, &why) == 0;
	if (process >= 0)
		close(process);
	sk_daemon_health_free(&health);
	return up;
}

/*
 * Whether there is room for one to start. A file that makes no sense is no
 * obstacle, as the daemon writes it anew; what keeps us from reading it is.
 */
static int look_around(struct sk_daemon_state *state, struct sk_err *err)
{
	struct sk_err why = {0};
	enum sk_daemon_presence found;
	int process;

	found = sk_daemon_find(state, &process, &why);
	if (process >= 0)
		close(process);
	if (found == SK_DAEMON_FOREIGN)
		return sk_daemon_refuse(state, err);
	if (found == SK_DAEMON_DAMAGED && why.code != SK_EDATA) {
		*err = why;
		return -1;
	}
	return found == SK_DAEMON_RUNNING ? 1 : 0;
}

int sk_daemon_start(struct sk_daemon_state *state, struct sk_err *err)
{
	int64_t until = sk_mono_ms() + START_WAIT_MS;
	int rc = look_around(state, err);

	if (rc != 0)
		return rc;
	if (launch(err) < 0)
		return -1;
	while (!is_up(state)) {
		if (has_died()) {
			sk_fail(err, SK_EFAIL, "the daemon did not start");
			return sk_hint(err, "run 'git sk-daemon run' to see"
					    " why");
		}
		if (sk_mono_ms() > until)
			return fail_to_answer(err);
		sk_sleep_ms(POLL_MS);
	}
	return 0;
}

static int end_process(const struct sk_daemon_state *state, int process,
		       struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	struct sk_err why = {0};
	bool asked;

	asked = request(&answer, state, "POST", "/api/shutdown", &why) == 0 &&
		answer.res.status == 200;
	if (!asked)
		sk_trace("http", "shutdown: status %ld %s", answer.res.status,
			 why.msg);
	sk_api_answer_free(&answer);
	if (asked && sk_hold_wait(process, STOP_WAIT_MS))
		return 0;
	if (sk_hold_ask_to_end(process, err) < 0)
		return -1;
	if (sk_hold_wait(process, STOP_WAIT_MS))
		return 0;
	sk_fail(err, SK_EBUSY, "process %ld has not ended yet",
		(long)state->pid);
	return sk_hint(err, "it ends once the server has answered the batch in"
			    " flight; see 'git sk-daemon status'");
}

/* One that was killed could not remove its file. */
static int clear_away(const struct sk_daemon_state *state, struct sk_err *err)
{
	return sk_daemon_state_remove(state->pid, err) < 0 ? -1 : 1;
}

int sk_daemon_stop(pid_t *pid, struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	int process, ret = -1;

	switch (sk_daemon_find(&state, &process, err)) {
	case SK_DAEMON_NONE:
		ret = 1;
		break;
	case SK_DAEMON_RUNNING:
		ret = end_process(&state, process, err);
		close(process);
		break;
	case SK_DAEMON_ENDED:
		ret = clear_away(&state, err);
		break;
	case SK_DAEMON_FOREIGN:
		ret = sk_daemon_refuse(&state, err);
		break;
	case SK_DAEMON_DAMAGED:
		if (!err->hint[0])
			sk_hint(err, "remove that file; a daemon that runs"
				     " writes it anew");
		break;
	}
	*pid = state.pid;
	sk_daemon_state_free(&state);
	return ret;
}
