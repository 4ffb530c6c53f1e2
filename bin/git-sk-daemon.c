/* SPDX-License-Identifier: MIT */
/* git sk-daemon: a sender that stays, for those who want one. */
#include <stdio.h>
#include <unistd.h>

#include "base/home.h"
#include "daemon/loop.h"
#include "daemon/manage.h"
#include "daemon/unit.h"
#include "format/json.h"
#include "front/cli.h"
#include "front/hooknote.h"

struct status_opts {
	bool json;
};

struct unit_opts {
	bool remove;
};

static int run_start(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_daemon_state state = SK_DAEMON_STATE_INIT;
	int rc = sk_daemon_start(&state, err);

	(void)values, (void)argc, (void)argv;
	if (rc >= 0)
		printf("%s: process %ld, port %u\n",
		       rc ? "Already running" : "Started", (long)state.pid,
		       state.port);
	sk_daemon_state_free(&state);
	return rc < 0 ? -1 : 0;
}

static int run_stop(void *values, int argc, char **argv, struct sk_err *err)
{
	pid_t pid = 0;
	int rc = sk_daemon_stop(&pid, err);

	(void)values, (void)argc, (void)argv;
	if (rc == 0)
		printf("Stopped: process %ld\n", (long)pid);
	else if (rc > 0)
		puts("No daemon is running.");
	return rc < 0 ? -1 : 0;
}

/* All that is known of the daemon; it may run and yet not answer. */
struct view {
	struct sk_daemon_state state;
	enum sk_daemon_presence presence;
	struct sk_daemon_health health;
	bool answers;
	struct sk_str log;
};

static void print_view_json(const struct view *v)
{
	bool runs = v->presence == SK_DAEMON_RUNNING;
	const struct sk_str *last = &v->health.last_sync;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "running", runs);
	if (runs) {
		sk_jsonw_int(&w, "pid", v->state.pid);
		sk_jsonw_int(&w, "port", v->state.port);
		sk_jsonw_text(&w, "url", v->state.url.ptr);
		sk_jsonw_bool(&w, "answers", v->answers);
	}
	if (v->answers) {
		sk_jsonw_text(&w, "version", v->health.version.ptr);
		sk_jsonw_bool(&w, "sending", v->health.is_sending);
		sk_jsonw_text(&w, "last_sync", last->len ? last->ptr : NULL);
		sk_jsonw_int(&w, "consecutive_failures", v->health.failures);
	}
	sk_jsonw_text(&w, "log", v->log.ptr);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

static void print_view(const struct view *v)
{
	static const char *const others[] = {
		[SK_DAEMON_NONE] = "No daemon is running.",
		[SK_DAEMON_ENDED] = "No daemon is running; the last one was"
				    " killed.",
		[SK_DAEMON_FOREIGN] = "Another program's daemon is running,"
				      " none of git-sk's.",
		[SK_DAEMON_DAMAGED] = "No daemon can be found.",
	};
	const struct sk_daemon_health *health = &v->health;

	if (v->presence != SK_DAEMON_RUNNING) {
		puts(others[v->presence]);
		return;
	}
	printf("Running:    process %ld, %s\n", (long)v->state.pid,
	       v->state.url.ptr);
	if (v->answers) {
		printf("Version:    %s\n", health->version.ptr);
		printf("Last sync:  %s%s\n",
		       health->last_sync.len ? health->last_sync.ptr : "none",
		       health->is_sending ? ", sending now" : "");
		if (health->failures)
			printf("Failures:   %lld in a row\n",
			       (long long)health->failures);
	}
	printf("Log:        %s\n", v->log.ptr);
}

static int run_status(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct status_opts *opts = values;
	struct view v = {.state = SK_DAEMON_STATE_INIT,
			 .health = SK_DAEMON_HEALTH_INIT,
			 .log = SK_STR_INIT};
	struct sk_err why = {0};
	int process, ret = -1;

	(void)argc, (void)argv;
	if (sk_home_path(&v.log, SK_DAEMON_LOG, err) < 0)
		goto out;
	v.presence = sk_daemon_find(&v.state, &process, &why);
	if (process >= 0)
		close(process);
	if (v.presence == SK_DAEMON_RUNNING)
		v.answers = sk_daemon_ask(&v.health, &v.state, &why) == 0;
	if (why.code != SK_OK)
		sk_warn("%s", why.msg);
	if (why.hint[0])
		sk_advise("%s", why.hint);
	if (opts->json)
		print_view_json(&v);
	else
		print_view(&v);
	ret = v.presence == SK_DAEMON_RUNNING ? 0 : 1;
out:
	sk_daemon_health_free(&v.health);
	sk_daemon_state_free(&v.state);
	sk_str_free(&v.log);
	return ret;
}

/* For whoever started us in the foreground: a person, or systemd's journal. */
static void say_started(const char *url, pid_t pid)
{
	printf("Started: process %ld, %s\n", (long)pid, url);
	fflush(stdout);
}

static int run_run(void *values, int argc, char **argv, struct sk_err *err)
{
	enum sk_daemon_end end;

	(void)values, (void)argc, (void)argv;
	if (sk_daemon_run(&end, say_started, err) < 0)
		return -1;
	switch (end) {
	case SK_DAEMON_TAKEN:
		puts("Already running: another daemon.");
		break;
	case SK_DAEMON_REPLACED:
		puts("Ended: the program was replaced.");
		return 1;
	case SK_DAEMON_ASKED:
		puts("Ended: asked to.");
		break;
	}
	return 0;
}

static int run_unit(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct unit_opts *opts = values;
	struct sk_str path = SK_STR_INIT;
	int rc;

	(void)argc, (void)argv;
	rc = opts->remove ? sk_daemon_unit_remove(&path, err)
			  : sk_daemon_unit_write(&path, err);
	if (rc == 0 && opts->remove)
		printf("Removed %s. To end the daemon and forget the unit,"
		       " run:\n"
		       "  git sk-daemon stop\n"
		       "  systemctl --user daemon-reload\n",
		       path.ptr);
	else if (rc == 0)
		printf("Wrote %s. To start the daemon now and with each"
		       " login, run:\n"
		       "  systemctl --user daemon-reload\n"
		       "  systemctl --user enable --now"
		       " git-sk-daemon.service\n",
		       path.ptr);
	else if (rc > 0)
		puts("Nothing to remove.");
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static const struct sk_opt status_table[] = {SK_JSON(struct status_opts, json),
					     SK_OPT_LAST};

static const struct sk_opt unit_table[] = {SK_FLAG(0, "remove",
						   struct unit_opts, remove,
						   "take the unit away again"),
					   SK_OPT_LAST};

int main(int argc, char **argv)
{
	struct status_opts status = {false};
	struct unit_opts unit = {false};
	const struct sk_cmd cmds[] = {
		{.name = "start",
		 .operands = "",
		 .summary = "Start the daemon in the background.",
		 .run = run_start,
		 .after = sk_note_hooks},
		{.name = "stop",
		 .operands = "",
		 .summary = "End it, after the batch in flight.",
		 .run = run_stop},
		{.name = "status",
		 .operands = "",
		 .summary = "Say whether it runs and how it is.",
		 .opts = status_table,
		 .values = &status,
		 .run = run_status,
		 .after = sk_note_hooks},
		{.name = "run",
		 .operands = "",
		 .summary = "Be the daemon, in the foreground.",
		 .run = run_run},
		{.name = "install-unit",
		 .operands = "",
		 .summary = "Write a systemd unit that keeps it running.",
		 .opts = unit_table,
		 .values = &unit,
		 .run = run_unit},
	};

	return sk_cli_dispatch("git sk-daemon",
			       "Send queued events from a process that stays.",
			       cmds, SK_COUNTOF(cmds), argc, argv);
}
