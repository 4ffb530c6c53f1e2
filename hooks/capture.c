/* SPDX-License-Identifier: MIT */
/*
 * What every post-* hook hands over to when it cannot tell at a glance that
 * there is nothing to do: capture, then start the background sender. Any
 * failure is one warning on stderr, and never git's failure.
 *
 *   capture <event> <status>    <status> of the kept hook is passed through
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/home.h"
#include "base/spawn.h"
#include "base/trace.h"
#include "capture/catchup.h"
#include "capture/unseen.h"
#include "deliver/start.h"
#include "git/glance.h"
#include "git/tree.h"
#include "setup/clone.h"
#include "setup/confighook.h"
#include "setup/roster.h"

/* The hook's one line on stderr. */
static void warn(const char *event, const char *text, const char *hint)
{
	struct sk_str line = SK_STR_INIT;

	sk_str_addf(&line, "warning: %s hook: ", event);
	sk_str_add_visible(&line, text, strlen(text), 1000);
	if (*hint)
		sk_str_addf(&line, "; %s", hint);
	fprintf(stderr, "%s\n", line.ptr);
	sk_str_free(&line);
}

/* A checkout goes where others have been; before all others is a commit. */
static bool is_made(const char *event)
{
	return strcmp(event, "post-checkout") != 0;
}

/* Say the most important thing there is to say. True when there was one. */
static bool tell(const char *event, const struct sk_capture_report *report,
		 const char *overdue)
{
	struct sk_str text = SK_STR_INIT;

	/* said once in the life of a clone; the status has the others, too */
	if (report->notice) {
		warn(event, report->notice, "");
	} else if (report->fault_count) {
		const struct sk_fault *fault = &report->faults[0];

		sk_str_addf(&text, "commit %.12s: ", fault->commit);
		sk_fault_add_place(&text, fault);
		sk_str_addf(&text, " cannot be read: %s", fault->reason);
		if (report->fault_count > 1)
			sk_str_addf(&text, " (and %zu more)",
				    report->fault_count - 1);
		warn(event, text.ptr,
		     "the rest is queued; see 'git sk-sync status'");
	} else if (report->is_partial) {
		warn(event,
		     is_made(event) ? "this queue begins with this commit"
				    : "this queue begins with the next commit",
		     "run 'git sk-sync backfill' to publish what was before");
	} else if (*overdue) {
		warn(event, overdue, "");
	}
	sk_str_free(&text);
	return report->notice || report->fault_count || report->is_partial ||
	       *overdue;
}

/*
 * Remember that all up to `tip` is captured, so that the next hook can tell.
 * Not HEAD: somebody else may have committed here since it was read.
 */
static void stamp(struct sk_repo *repo, const struct sk_oid *tip)
{
	struct sk_tree_entry missions;
	struct sk_commit *commit = NULL;
	struct sk_stamp out = {0};
	struct sk_err ignored = {0};
	int rc;

	if (sk_commit_read(&commit, repo, tip, &ignored) != 0)
		return;
	rc = sk_tree_find(repo, &commit->tree, "kitty-specs", &missions,
			  &ignored);
	sk_oid_hex(out.tip, tip);
	sk_oid_hex(out.tree, &commit->tree);
	if (rc == 0)
		sk_oid_hex(out.missions, &missions.id);
	if (rc >= 0)
		sk_stamp_write(sk_repo_git_dir(repo), &out);
	sk_commit_free(commit);
}

/*
 * What git told us of the repository may be seen from this folder, and may be
 * all that there is to find it by.
 */
static int name_repository(struct sk_repo *repo, struct sk_err *err)
{
	const char *tree = sk_repo_work_tree(repo);

	unsetenv("GIT_INDEX_FILE");
	if (setenv("GIT_DIR", sk_repo_git_dir(repo), 1) < 0 ||
	    (tree && setenv("GIT_WORK_TREE", tree, 1) < 0))
		return sk_fail_errno(err, errno, "cannot set GIT_DIR");
	return 0;
}

/* A walk of the whole history, a long log, or the network: not here. */
static int start_beside(struct sk_repo *repo, const char *subcommand,
			struct sk_err *err)
{
	const char *tree = sk_repo_work_tree(repo);
	struct sk_str path = SK_STR_INIT;
	int ret = sk_sibling_path(&path, "git-sk-sync", err);

	if (ret == 0)
		ret = name_repository(repo, err);
	if (ret == 0)
		ret = sk_spawn_detach(
			(const char *const[]){
				path.ptr, subcommand,
				tree ? tree : sk_repo_git_dir(repo), NULL},
			err);
	sk_str_free(&path);
	return ret;
}

/*
 * A log that is too long for a hook wants reading whatever is sent, or it would
 * wait for a command. What a partial clone left out wants fetching, unless
 * nothing is sent.
 */
static int look_later(struct sk_repo *repo, const struct sk_config *config,
		      bool is_late, struct sk_err *err)
{
	const char *mode = sk_config_get(config, "sk.flush");
	enum sk_flush flush = SK_FLUSH_BACKGROUND;

	if (!is_late && (!sk_repo_is_partial(repo) || !sk_unseen_exists(repo)))
		return 0;
	if (mode && sk_flush_parse(&flush, mode, err) < 0)
		return -1;
	return is_late || flush != SK_FLUSH_OFF
		       ? start_beside(repo, "complete", err)
		       : 0;
}

/*
 * A merge that stopped for conflicts and was concluded by hand has met no gate:
 * git commit runs another hook. What is wrong with it is said now.
 */
static void look_at_merge(struct sk_repo *repo, const char *event,
			  const struct sk_oid *head)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_commit *commit = NULL;
	struct sk_err ignored = {0};

	if (strcmp(event, "post-commit") != 0 ||
	    sk_commit_read(&commit, repo, head, &ignored) != 0)
		return;
	if (commit->parent_count > 1 &&
	    sk_sibling_path(&path, "gate", &ignored) == 0 &&
	    sk_spawn_run(path.ptr, (const char *const[]){path.ptr, event, NULL},
			 &ignored) != 0)
		sk_trace("hook", "the merge is not looked at");
	sk_str_free(&path);
	sk_commit_free(commit);
}

static int capture(struct sk_repo *repo, const struct sk_config *config,
		   const struct sk_account *account, const char *clone,
		   const char *event, bool is_quiet, struct sk_err *err)
{
	struct sk_capture orders = {.repo = repo,
				    .clone = clone,
				    .wake = is_made(event) ? SK_WAKE_COMMIT
							   : SK_WAKE_CHECKOUT,
				    .log_max = SK_LOG_IN_HOOK};
	struct sk_str overdue = SK_STR_INIT;
	struct sk_capture_report report;
	const char *mode = sk_config_get(config, "sk.flush");
	enum sk_flush flush = SK_FLUSH_BACKGROUND;
	struct sk_err ignored = {0}; /* to be said when all is captured */
	int ret;

	if (mode && sk_flush_parse(&flush, mode, &ignored) == 0 &&
	    flush == SK_FLUSH_FOREGROUND)
		orders.log_max = 0; /* who waits for that has the time */
	ret = sk_catch_up(&orders, config, account, &report, &overdue, err);
	if (ret < 0)
		sk_stamp_spoil(sk_repo_git_dir(repo));
	if (ret == 0) {
		if (report.has_head)
			stamp(repo, &report.head);
		ret = sk_send_later(config, account, report.queued > 0, err);
		if (ret == 0 && report.is_new)
			ret = start_beside(repo, "baseline", err);
		if (ret == 0)
			ret = look_later(repo, config, report.is_late, err);
		if (!is_quiet && tell(event, &report, overdue.ptr))
			ret = 0; /* one line is all a hook says */
		if (report.has_head)
			look_at_merge(repo, event, &report.head);
	}
	sk_capture_report_free(&report);
	sk_str_free(&overdue);
	return ret;
}

/* Not to be registered: the next commit is looked at if it touches missions. */
static void step_over(struct sk_repo *repo)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_err ignored = {0};
	struct sk_oid head;

	if (sk_repo_head(repo, &head, &ref, &ignored) == 0)
		stamp(repo, &head);
	sk_str_free(&ref);
}

static void say_adopted(void)
{
	fprintf(stderr,
		"git-sk: lane transitions of this repository are queued from"
		" this commit on; 'git sk-setup --remove' ends that\n");
}

/*
 * A clone nobody set up: only the hooks of the global scope may register it,
 * and only at a commit, which is then the first that counts.
 */
static int adopt(struct sk_repo *repo, const struct sk_config *config,
		 struct sk_account *account, const char *event,
		 struct sk_err *err)
{
	struct sk_clone clone;
	int ret = sk_clone_adopt(&clone, repo, config, account, err);

	if (ret == 0) {
		ret = capture(repo, config, account, clone.id, event, true,
			      err);
		if (ret == 0 && !clone.is_joined)
			ret = sk_roster_add(sk_repo_common_dir(repo), err);
		/* all that was there before is a long walk */
		if (ret == 0)
			ret = start_beside(repo, "baseline", err);
		/* last: where nobody reads it may be the end of us */
		if (!clone.is_joined)
			say_adopted();
	} else if (ret > 0) {
		step_over(repo);
	}
	sk_clone_free(&clone);
	return ret < 0 ? -1 : 0;
}

static bool may_adopt(const char *event)
{
	return sk_confighook_is_global() && strcmp(event, "post-commit") == 0;
}

/*
 * Where no hook has captured yet, the commit just made may be older than what
 * another hook called the beginning, in another worktree.
 */
static int capture_here(struct sk_repo *repo, const struct sk_config *config,
			const struct sk_account *account, const char *clone,
			const char *event, struct sk_err *err)
{
	int joined = 1, ret = 0;

	if (may_adopt(event) && !sk_stamp_exists(sk_repo_git_dir(repo)))
		joined = sk_clone_join(clone, repo, account, err);
	if (joined >= 0)
		ret = capture(repo, config, account, clone, event, false, err);
	if (joined == 0 && ret == 0)
		ret = start_beside(repo, "baseline", err);
	return joined < 0 ? -1 : ret;
}

static int run(const char *event, struct sk_err *err)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_repo *repo = NULL;
	const char *clone;
	int ret = -1;

	if (sk_config_load(&config, err) < 0)
		return -1;
	clone = sk_config_clone(&config);
	if (!clone && !may_adopt(event))
		ret = 0; /* not set up, or no more: nothing was agreed to */
	else if (sk_repo_open(&repo, err) < 0)
		ret = -1;
	else if (!clone)
		ret = adopt(repo, &config, &account, event, err);
	else if (sk_account_load(&account, err) == 0)
		ret = capture_here(repo, &config, &account, clone, event, err);
	sk_account_free(&account);
	sk_repo_close(repo);
	sk_config_free(&config);
	return ret;
}

int main(int argc, char **argv)
{
	struct sk_err err = {0};
	const char *event = argc > 1 ? argv[1] : "post-commit";

	if (run(event, &err) < 0)
		warn(event, err.msg,
		     err.code == SK_EBUSY ? "nothing is lost: the next hook or"
					    " 'git sk-sync now' captures it"
					  : err.hint);
	return argc > 2 ? atoi(argv[2]) : 0;
}
