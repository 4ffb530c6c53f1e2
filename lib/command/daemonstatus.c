/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <unistd.h>

#include "base/home.h"
#include "daemon/loop.h"
#include "daemon/manage.h"
#include "format/json.h"

struct opts {
	bool json;
};

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

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
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

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_daemon_status = {
	.name = "status",
	.operands = "",
	.summary = "Say whether it runs and how it is.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_clone,
};
