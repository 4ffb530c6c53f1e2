/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "capture/declared.h"
#include "command/setupview.h"
#include "front/projectview.h"
#include "setup/byhand.h"
#include "setup/clone.h"
#include "setup/remove.h"
#include "setup/roster.h"

struct opts {
	bool check, remove, list, manual, project;
	bool local, worktree, global;
	bool files, no_filters, dry_run, json, quiet;
};

static enum sk_hook_scope scope_of(const struct opts *o)
{
	return o->global     ? SK_SCOPE_GLOBAL
	       : o->worktree ? SK_SCOPE_WORKTREE
			     : SK_SCOPE_LOCAL;
}

static struct sk_setup_orders orders_of(const struct opts *o)
{
	return (struct sk_setup_orders){.scope = scope_of(o),
					.files_only = o->files,
					.no_filters = o->no_filters,
					.manual = o->manual};
}

/* The clone first, the hooks last: until then nothing has changed for git. */
static int apply(const struct sk_setup_plan *plan, const struct sk_setup *s,
		 struct sk_clone *clone, struct sk_err *err)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	int ret = -1;

	if (sk_account_load(&account, err) == 0 &&
	    sk_clone_register(clone, s->repo, &s->config, &account, err) == 0 &&
	    sk_setup_apply(plan, s, err) == 0)
		ret = sk_roster_add(s->common, err);
	sk_account_free(&account);
	return ret;
}

static bool is_known(const struct sk_setup *s)
{
	return sk_config_clone(&s->config);
}

static void show_plan(const struct sk_setup_plan *plan,
		      const struct sk_setup *s, const struct opts *o)
{
	if (o->manual && !o->json)
		sk_setup_show_lines(s);
	sk_setup_show_plan(&plan->steps,
			   plan->sets_config ? plan->config_file.ptr : NULL,
			   is_known(s) ? NULL : "register this clone", o->json);
}

static int install(const struct sk_setup *s, const struct opts *o,
		   struct sk_err *err)
{
	const struct sk_setup_orders orders = orders_of(o);
	struct sk_setup_plan plan;
	struct sk_clone clone = {0};
	int ret = -1;

	if (!sk_setup_has_commits(s)) {
		sk_fail(err, SK_EFAIL,
			"this is a bare repository: nothing is"
			" committed here");
		return sk_hint(err, "run 'git sk-setup' in the clones that"
				    " people commit in");
	}
	if (sk_setup_plan_install(&plan, s, &orders, err) < 0)
		goto out;
	if (o->dry_run) {
		show_plan(&plan, s, o);
		ret = 0;
	} else if (apply(&plan, s, &clone, err) == 0) {
		sk_setup_show_done(&plan, s, &clone, o->manual, o->json);
		ret = 0;
	}
out:
	sk_clone_free(&clone);
	sk_setup_plan_free(&plan);
	return ret;
}

static int remove_hooks(const struct sk_setup *s, const struct opts *o,
			struct sk_err *err)
{
	struct sk_removal removal;
	int ret = sk_removal_plan(&removal, s, err);

	if (ret == 0 && o->dry_run)
		sk_setup_show_plan(
			&removal.steps,
			removal.configs[0].len ? removal.configs[0].ptr : NULL,
			is_known(s) ? "forget this clone" : NULL, o->json);
	else if (ret == 0)
		ret = sk_removal_apply(&removal, s, err);
	if (ret == 0 && !o->dry_run)
		sk_setup_show_removal(&removal, s, o->json);
	sk_removal_free(&removal);
	return ret;
}

/* What is declared now, whatever was settled: somebody asks for it. */
static int adopt_project(const struct sk_setup *s, const struct opts *o,
			 struct sk_err *err)
{
	struct sk_project project;
	int rc;

	if (!is_known(s)) {
		sk_fail(err, SK_EFAIL, "this clone is not set up");
		return sk_hint(err, "run '%s'", sk_setup_command(s));
	}
	rc = sk_project_readopt(&project, s->repo, &s->config, err);
	if (rc > 0) {
		sk_fail(err, SK_EFAIL, "'%s' declares no project.uuid",
			SK_DECLARED_FILE);
		return sk_hint(err, "add it there, or run 'git config"
				    " sk.projectUuid <uuid>'");
	}
	if (rc == 0 && !o->dry_run)
		rc = sk_project_settle(&project, &s->config, err);
	if (rc == 0)
		sk_project_show_change(&project, o->dry_run, o->json);
	sk_project_free(&project);
	return rc;
}

/* One repository. */
static int run_here(const struct opts *o, struct sk_err *err)
{
	struct sk_setup s;
	int ret = -1;

	if (sk_setup_open(&s, err) == 0)
		ret = o->check	   ? sk_setup_show_check(&s, o->json)
		      : o->remove  ? remove_hooks(&s, o, err)
		      : o->project ? adopt_project(&s, o, err)
				   : install(&s, o, err);
	sk_setup_close(&s);
	return ret;
}

/* All repositories of this person: no repository is needed for that. */
static int run_global(const struct opts *o, struct sk_err *err)
{
	struct sk_everywhere all;
	int ret = -1;

	if (o->manual || o->files || o->no_filters)
		return sk_fail(err, SK_EUSAGE,
			       "--global is for hooks by configuration alone");
	if (sk_everywhere_open(&all, err) == 0)
		ret = o->check ? sk_setup_show_everywhere(&all, o->json)
			       : sk_everywhere_set(&all, !o->remove, o->dry_run,
						   err);
	if (ret == 0 && !o->check)
		sk_setup_show_everywhere_done(&all, !o->remove, o->dry_run,
					      o->json);
	sk_everywhere_close(&all);
	return ret;
}

static int check_options(const struct opts *o, struct sk_err *err)
{
	if (o->check + o->remove + o->list + o->manual + o->project > 1)
		return sk_fail(err, SK_EUSAGE,
			       "--check, --remove, --list, --manual and"
			       " --project exclude each other");
	if (o->project && (o->files || scope_of(o) != SK_SCOPE_LOCAL))
		return sk_fail(err, SK_EUSAGE,
			       "--project is about no hooks: it goes without"
			       " --files, --worktree and --global");
	if (o->local + o->worktree + o->global > 1)
		return sk_fail(err, SK_EUSAGE,
			       "--local, --worktree and --global exclude each"
			       " other");
	return 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;

	(void)argc, (void)argv;
	if (check_options(o, err) < 0)
		return -1;
	if (o->list)
		return sk_setup_show_list(o->json, err);
	return o->global ? run_global(o, err) : run_here(o, err);
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "check", struct opts, check,
		"say whether commits here reach git-sk; exit 1 when not"),
	SK_FLAG(0, "remove", struct opts, remove,
		"take the hooks out again and bring kept ones back"),
	SK_FLAG(0, "list", struct opts, list,
		"show the repositories that this account has set up"),
	SK_FLAG(0, "manual", struct opts, manual,
		"write no hooks: print the lines to add by hand"),
	SK_FLAG(0, "project", struct opts, project,
		"take the project that is declared now in the place of the"
		" settled one"),
	SK_FLAG(0, "local", struct opts, local,
		"hooks for this repository and all its worktrees (default)"),
	SK_FLAG(0, "worktree", struct opts, worktree,
		"hooks for this worktree alone, with git 2.54"),
	SK_FLAG(0, "global", struct opts, global,
		"hooks for all repositories of this person, with git 2.54"),
	SK_FLAG(0, "files", struct opts, files,
		"hooks as files alone, whatever git knows"),
	SK_FLAG(0, "no-filters", struct opts, no_filters,
		"have git show and merge event logs without git-sk"),
	SK_FLAG('n', "dry-run", struct opts, dry_run,
		"say what would be done, and change nothing"),
	SK_QUIET_FLAG(struct opts, quiet),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_setup = {
	.name = "git sk-setup",
	.operands = "",
	.summary = "Put git-sk's hooks into this repository.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_project,
};
