/* SPDX-License-Identifier: MIT */
/*
 * Hooks into a repository, and out again. Looks first: what is there, and
 * which git runs it. A plan made of that is what --dry-run prints and what the
 * real run executes.
 */
#ifndef SK_SETUP_SETUP_H
#define SK_SETUP_SETUP_H

#include "git/config.h"
#include "git/repo.h"
#include "git/version.h"
#include "setup/arrange.h"
#include "setup/confighook.h"
#include "setup/filters.h"
#include "setup/folder.h"

/* A repository as setup sees it. */
struct sk_setup {
	struct sk_repo *repo;
	struct sk_config config;
	struct sk_git_version git; /* the one in use */
	struct sk_folder folder;   /* that git runs hooks from */
	char *common, *tree;	   /* real paths; tree may be NULL */
	struct sk_str programs[SK_HOOK_EVENTS]; /* absolute paths of ours */
	struct sk_place places[SK_HOOK_EVENTS]; /* in `folder` */
	struct sk_confighook configured[SK_HOOK_EVENTS];
	bool wants[SK_HOOK_EVENTS]; /* see wanted.h */
	struct sk_filters filters;
};

/*
 * Look at the repository here. *setup is owned, also on failure, and stays
 * where it is: sk_setup_close(). Returns 0; -1 outside a repository, where git
 * refuses it, or where git cannot be asked.
 */
int sk_setup_open(struct sk_setup *setup, struct sk_err *err) SK_NODISCARD;
void sk_setup_close(struct sk_setup *setup);

/* Whether commits are made here: not in a bare one without worktrees. */
bool sk_setup_has_commits(const struct sk_setup *setup);

/*
 * What to type to have hooks here: "git sk-setup", with the options that it was
 * run with, or --manual where no way is left that we may go by ourselves.
 * Static.
 */
const char *sk_setup_command(const struct sk_setup *setup);

/* Whether setup was not run with --no-filters, the last time. */
bool sk_setup_wants_filters(const struct sk_setup *setup);

/* Append what there is to be done to take the filters out. */
void sk_setup_drop_filters(struct sk_steps *steps,
			   const struct sk_setup *setup);

/*
 * Fill in the paths of our programs, SK_HOOK_EVENTS of them in the order of
 * sk_hook_events; owned, also on failure. Returns 0; -1 when one is missing.
 */
int sk_setup_find_programs(struct sk_str *programs,
			   struct sk_err *err) SK_NODISCARD;

/* How it was asked for. */
struct sk_setup_orders {
	enum sk_hook_scope scope;
	bool files_only; /* no hooks by configuration */
	bool manual;	 /* no hooks at all: somebody adds lines by hand */
	bool no_filters; /* git shows and merges our files as any others */
	bool hooks_only; /* git shows and merges them as it does now */
};

/* What is going to be done. */
struct sk_setup_plan {
	struct sk_steps steps;
	struct sk_str config_file; /* hooks by configuration go here */
	enum sk_hook_scope scope;
	bool sets_config;
	bool writes_files;
	bool sets_filters, drops_filters;
	const char *how; /* sk.hooks: "manual", "files", or NULL; static */
};

#define SK_SETUP_PLAN_INIT                                                     \
	{                                                                      \
		.steps = SK_STEPS_INIT, .config_file = SK_STR_INIT             \
	}

/*
 * Plan the hooks that are wanted, and the filters, which go where they are not.
 * Both ways where the git in use knows both: an older one, an editor's or a
 * container's, still finds the files. *plan is owned: sk_setup_plan_free().
 * Returns 0; -1 when the folder is not ours to write to and no other way is
 * left, with a hint, or as sk_arrange_install().
 */
int sk_setup_plan_install(struct sk_setup_plan *plan,
			  const struct sk_setup *setup,
			  const struct sk_setup_orders *orders,
			  struct sk_err *err) SK_NODISCARD;

/* Do it, and remember the folder. Returns 0 or -1. */
int sk_setup_apply(const struct sk_setup_plan *plan,
		   const struct sk_setup *setup,
		   struct sk_err *err) SK_NODISCARD;
void sk_setup_plan_free(struct sk_setup_plan *plan);

#endif
