/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "command/after.h"
#include "command/changeview.h"
#include "command/missionopt.h"
#include "format/json.h"
#include "mission/meta.h"
#include "setup/lanehooks.h"
#include "workflow/actor.h"
#include "workflow/implement.h"

struct opts {
	const char *mission, *feature, *agent, *base, *reason, *shell_pid;
	bool force, json;
};

/* What is implemented, once the command line has been understood. */
struct order {
	char wp[SK_WP_ID_MAX];
	const char *mission;
	struct sk_str actor, pid;
};

/* "wp01" is WP01. */
static int read_wp(char wp[SK_WP_ID_MAX], const char *word, struct sk_err *err)
{
	size_t len = strlen(word);

	if (len < SK_WP_ID_MAX) {
		for (size_t i = 0; i <= len; i++)
			wp[i] = (char)toupper((unsigned char)word[i]);
		if (sk_wp_id_is_valid(wp))
			return 0;
	}
	return sk_fail(err, SK_EUSAGE, "'%.100s' is no work package", word);
}

static int check_options(const struct opts *opts, struct sk_err *err)
{
	if (opts->shell_pid &&
	    (!*opts->shell_pid ||
	     opts->shell_pid[strspn(opts->shell_pid, "0123456789")]))
		return sk_fail(err, SK_EUSAGE, "'%.100s' is no process id",
			       opts->shell_pid);
	if (opts->force && !(opts->reason && *opts->reason))
		return sk_fail(err, SK_EUSAGE, "--force wants a --reason");
	return 0;
}

/* The process that called, or that called the git which called us. */
static int64_t find_caller(void)
{
	int64_t pid = getppid();
	struct sk_str program = SK_STR_INIT;
	struct sk_err ignored = {0};
	const char *name;

	if (sk_process_program(&program, pid, &ignored) == 0) {
		name = strrchr(program.ptr, '/');
		if (name && strcmp(name, "/git") == 0)
			pid = sk_process_parent(pid);
	}
	sk_str_free(&program);
	return pid;
}

static void find_who(struct order *order, const struct opts *opts,
		     const struct sk_repo *repo)
{
	int64_t pid;

	sk_actor_add(&order->actor, repo, opts->agent);
	if (opts->shell_pid)
		sk_str_puts(&order->pid, opts->shell_pid);
	else if ((pid = find_caller()) > 0)
		sk_str_add_int(&order->pid, pid, 0);
}

static void add_test_env(struct sk_jsonw *w, const struct sk_implement *im)
{
	const struct sk_form *env = sk_form_get(im->note, "lane_test_env");

	sk_jsonw_object(w, "lane_test_env");
	for (size_t i = 0; i < sk_form_count(env); i++) {
		const char *value = sk_form_as_text(sk_form_at(env, i));

		if (value)
			sk_jsonw_text(w, sk_form_key_at(env, i), value);
	}
	sk_jsonw_end_object(w);
}

static void print_json(const struct sk_implement *im)
{
	const struct sk_mission *m = im->edit.mission;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "status", "created");
	sk_jsonw_text(&w, "workspace", im->workspace.ptr);
	sk_jsonw_text(&w, "workspace_path", im->workspace.ptr);
	sk_jsonw_text(&w, "folder", im->folder.ptr);
	sk_jsonw_text(&w, "branch", im->branch.ptr);
	sk_jsonw_text(&w, "mission_slug", m->slug);
	if (m->number >= 0)
		sk_jsonw_int(&w, "mission_number", m->number);
	else
		sk_jsonw_null(&w, "mission_number");
	sk_jsonw_text(&w, "mission_type", m->type ? m->type : "software-dev");
	sk_jsonw_text(&w, "wp_id", im->wp);
	sk_jsonw_text(&w, "lane_id", im->lane ? im->lane->id : "lane-planning");
	sk_jsonw_text(&w, "execution_mode",
		      im->lane ? "code_change" : "planning_artifact");
	add_test_env(&w, im);
	sk_jsonw_text(&w, "actor", im->actor);
	sk_jsonw_bool(&w, "is_reused", im->is_reused);
	sk_change_add_commit(&w, "commit", &im->edit.commit);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

/* The folder comes last: cd "$(git sk-task implement WP01 | tail -n 1)". */
static void print_text(const struct sk_implement *im)
{
	struct sk_str actor = SK_STR_INIT;

	sk_str_add_visible(&actor, im->actor, strlen(im->actor), 100);
	printf("%s is in progress by '%s'%s.\n", im->wp, actor.ptr,
	       im->is_begun ? ", as before" : "");
	printf("The %s is on branch '%s':\n",
	       !im->lane       ? "plan"
	       : im->is_reused ? "worktree"
			       : "new worktree",
	       im->branch.ptr);
	puts(im->folder.ptr);
	sk_str_free(&actor);
}

static void warn(const struct sk_implement *im)
{
	sk_change_warn(&im->edit);
	if (im->base && !*im->added.branch)
		sk_warn("'%s' is there already, and stays where it began",
			im->branch.ptr);
	if (im->beside.len)
		sk_warn("others are at work in the same lane: %s",
			im->beside.ptr);
	if (im->no_note.code)
		sk_warn("the note of the worktree is not written: %s",
			im->no_note.msg);
}

/* Upstream's document for a failure, with what to do. */
static void print_failure(const char *wp, const struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "status", "error");
	sk_jsonw_text(&w, "error", err->msg);
	sk_jsonw_text(&w, "hint", err->hint[0] ? err->hint : NULL);
	sk_jsonw_text(&w, "wp_id", wp);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

/* The first branch of a lane is when a clone wants their hooks. */
static void guard_lane(const struct sk_implement *im)
{
	struct sk_str where = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = 1;

	if (im->lane && *im->added.branch && sk_config_clone(im->config))
		rc = sk_lane_hooks_install(&where, &err);
	if (rc == 0)
		sk_note("hook pre-commit looks at commits on lanes from now on:"
			" it is in place in '%s'",
			where.ptr);
	else if (rc < 0)
		sk_warn("hook pre-commit cannot be put in place: %s%s%s",
			err.msg, *err.hint ? "; " : "", err.hint);
	sk_str_free(&where);
}

static int implement(const struct opts *opts, struct order *order,
		     struct sk_repo *repo, const struct sk_config *config,
		     struct sk_err *err)
{
	struct sk_implement im = SK_IMPLEMENT_INIT;
	int rc;

	find_who(order, opts, repo);
	im.repo = repo;
	im.config = config;
	im.mission = order->mission;
	im.wp = order->wp;
	im.actor = order->actor.ptr;
	im.pid = order->pid.len ? order->pid.ptr : NULL;
	im.base = opts->base;
	im.reason = opts->reason && *opts->reason ? opts->reason : NULL;
	im.force = opts->force;
	sk_before_change(opts->json);
	rc = sk_implement(&im, err);
	if (rc == 0) {
		warn(&im);
		guard_lane(&im);
		if (opts->json)
			print_json(&im);
		else
			print_text(&im);
	}
	if (rc == 0 || im.edit.commit.len)
		sk_after_edit(&im.edit, opts->json);
	sk_implement_free(&im);
	return rc;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct order order = {.actor = SK_STR_INIT, .pid = SK_STR_INIT};
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_repo *repo = NULL;
	int rc = -1;

	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which work package?");
	if (read_wp(order.wp, argv[0], err) == 0 &&
	    sk_mission_named(&order.mission, opts->mission, opts->feature, 0,
			     NULL, err) == 0 &&
	    check_options(opts, err) == 0 &&
	    sk_repo_open_as_git(&repo, err) == 0 &&
	    sk_config_load(&config, err) == 0)
		rc = implement(opts, &order, repo, &config, err);
	if (rc < 0 && opts->json && err->code != SK_EUSAGE)
		print_failure(order.wp, err);
	sk_str_free(&order.actor);
	sk_str_free(&order.pid);
	sk_config_free(&config);
	sk_repo_close(repo);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "of this one"),
	SK_TEXT(0, "agent", struct opts, agent, "name", "who implements it"),
	SK_TEXT(0, "base", struct opts, base, "rev",
		"begin the branch of the lane there"),
	SK_FLAG('f', "force", struct opts, force,
		"in spite of dependencies, or of another's claim"),
	SK_TEXT(0, "reason", struct opts, reason, "text", "why"),
	SK_TEXT(0, "shell-pid", struct opts, shell_pid, "pid",
		"of the agent's shell; else who called"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_task_implement = {
	.name = "implement",
	.operands = "<WPnn>",
	.summary = "Start a work package, with a worktree for it.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
