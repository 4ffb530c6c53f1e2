/* SPDX-License-Identifier: MIT */
#include "setup/clone.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/trace.h"
#include "capture/baseline.h"
#include "capture/partial.h"
#include "capture/unseen.h"
#include "format/gitconfig.h"
#include "git/glance.h"
#include "git/tree.h"
#include "git/walk.h"

/* Of hooks that adopt a clone, one at a time. */
#define LOCK_NAME "sk-adopt.lock"

enum { LOCK_MS = 2000 };

/*
 * The id there is, also where `git -c sk.clone=` hides it or it was not there
 * when *config was loaded, or a new one. Returns whether there was one.
 */
static bool take_id(struct sk_clone *clone, struct sk_repo *repo,
		    const struct sk_config *config)
{
	const char *known = sk_config_clone(config);
	struct sk_str own = SK_STR_INIT;
	bool has_id;

	if (!known && sk_config_ask_clone(&own, sk_repo_common_dir(repo)) == 0)
		known = own.ptr;
	has_id = known && strlen(known) == SK_ULID_LEN;
	if (has_id)
		memcpy(clone->id, known, sizeof(clone->id));
	else
		sk_ulid_random(clone->id);
	sk_str_free(&own);
	return has_id;
}

/*
 * What was there before. Where that cannot be read, an object of some branch is
 * missing maybe, the cursors that hide it have to do.
 */
static int make_baseline(const struct sk_capture *orders, struct sk_err *err)
{
	struct sk_err unread = {0};

	if (sk_baseline_meet(orders, NULL, err) < 0)
		return -1;
	if (orders->project->uuid.len && sk_baseline_fill(orders, &unread) < 0)
		sk_trace("setup", "no baseline: %s", unread.msg);
	return 0;
}

/* How much of the history was never published; remembers what it cost. */
static int take_stock(const struct sk_capture *orders,
		      struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture look = *orders;
	struct sk_bounds head = SK_BOUNDS_INIT;
	int rc = sk_bounds_of_revs(&head, orders->repo, NULL, 0, err);

	look.everything = look.dry_run = true;
	if (rc == 0)
		rc = sk_capture(&look, &head, report, err);
	sk_bounds_free(&head);
	return rc;
}

/* Returns 0; 1 when there is no commit yet: no project, and no history; -1. */
static int load_project(struct sk_project *project, struct sk_repo *repo,
			const struct sk_config *config, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(repo, &head, &ref, err);

	sk_str_free(&ref);
	return rc ? rc : sk_project_load(project, repo, config, err);
}

int sk_clone_register(struct sk_clone *clone, struct sk_repo *repo,
		      const struct sk_config *config,
		      const struct sk_account *account, struct sk_err *err)
{
	struct sk_capture orders = {
		.repo = repo, .project = &clone->project, .clone = clone->id};
	int rc;

	*clone = (struct sk_clone){.logged_in = account->is_logged_in,
				   .project = SK_PROJECT_INIT};
	take_id(clone, repo, config);
	rc = sk_account_open_queue(&orders.box, account, err);
	if (rc == 0)
		rc = sk_partial_fetch_missions(repo, isatty(STDERR_FILENO),
					       err);
	if (rc == 0)
		rc = load_project(&clone->project, repo, config, err);
	if (rc == 0)
		rc = sk_project_settle(&clone->project, config, err);
	if (rc == 0)
		rc = take_stock(&orders, &clone->history, err);
	if (rc >= 0)
		rc = make_baseline(&orders, err);
	if (rc >= 0 && (sk_config_set("sk.clone", clone->id, err) < 0 ||
			sk_config_unset("sk.capture", err) < 0))
		rc = -1;
	sk_outbox_close(orders.box);
	return rc < 0 ? -1 : 0;
}

void sk_clone_free(struct sk_clone *clone)
{
	sk_project_free(&clone->project);
	sk_capture_report_free(&clone->history);
}

/* One pattern of sk.allow against the URL of every remote. */
struct allowed {
	const struct sk_config *config;
	const char *pattern;
	bool any, yes; /* is there a pattern; does one match */
};

static void match_url(void *ctx, const char *key, const char *value)
{
	struct allowed *a = ctx;

	if (strncmp(key, "remote.", 7) == 0 &&
	    fnmatch(a->pattern, value, 0) == 0)
		a->yes = true;
}

static void try_pattern(void *ctx, const char *pattern)
{
	struct allowed *a = ctx;

	a->any = true;
	a->pattern = pattern;
	sk_gitconfig_each_printed(&a->config->raw, match_url, a);
}

/* Returns 0 when the repository may be registered unasked; 1; -1. */
static int is_allowed(const struct sk_config *config, struct sk_err *err)
{
	struct allowed a = {.config = config};
	bool wanted = true;

	if (sk_config_bool(&wanted, config, "sk.capture", err) < 0)
		return -1;
	sk_config_each_value(config, "sk.allow", try_pattern, &a);
	return !wanted || (a.any && !a.yes);
}

/* Returns 0 when the commit has missions, 1 when not, -1. */
static int has_missions(struct sk_repo *repo, const struct sk_commit *commit,
			struct sk_err *err)
{
	struct sk_tree_entry entry;

	return sk_tree_find(repo, &commit->tree, "kitty-specs", &entry, err);
}

static void remove_stamps(const char *common)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	DIR *dir;

	sk_stamp_remove(common);
	sk_str_addf(&path, "%s/worktrees", common);
	dir = opendir(path.ptr);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/worktrees/%s", common, entry->d_name);
		sk_stamp_remove(path.ptr);
	}
	if (dir)
		closedir(dir);
	sk_str_free(&path);
}

int sk_clone_join(const char *id, struct sk_repo *repo,
		  const struct sk_account *account, struct sk_err *err)
{
	struct sk_capture orders = {.repo = repo, .clone = id};
	int rc = sk_account_open_queue(&orders.box, account, err);

	if (rc == 0)
		rc = sk_baseline_except(&orders, err);
	sk_outbox_close(orders.box);
	return rc;
}

static int meet_here(const struct sk_clone *clone, struct sk_repo *repo,
		     const struct sk_account *account, struct sk_err *err)
{
	struct sk_capture orders = {
		.repo = repo, .clone = clone->id, .wake = SK_WAKE_COMMIT};
	int ret = -1;

	if (sk_account_open_queue(&orders.box, account, err) == 0 &&
	    sk_baseline_meet(&orders, NULL, err) >= 0 &&
	    sk_config_set("sk.clone", clone->id, err) == 0)
		ret = 0;
	sk_outbox_close(orders.box);
	return ret;
}

/* One at a time: two would each give an id, and be history to one another. */
static int adopt_here(struct sk_clone *clone, struct sk_repo *repo,
		      const struct sk_config *config,
		      const struct sk_account *account, struct sk_err *err)
{
	const char *common = sk_repo_common_dir(repo);
	struct sk_str path = SK_STR_INIT;
	int fd, ret = -1;

	sk_str_addf(&path, "%s/" LOCK_NAME, common);
	fd = sk_lock_as(path.ptr, sk_git_file_mode(common), LOCK_MS, err);
	if (fd >= 0)
		clone->is_joined = take_id(clone, repo, config);
	if (fd >= 0 && clone->is_joined) {
		ret = sk_clone_join(clone->id, repo, account, err);
	} else if (fd >= 0) {
		remove_stamps(common); /* of commits without missions */
		ret = meet_here(clone, repo, account, err);
	}
	sk_unlock(fd);
	sk_str_free(&path);
	return ret < 0 ? -1 : 0;
}

int sk_clone_adopt(struct sk_clone *clone, struct sk_repo *repo,
		   const struct sk_config *config, struct sk_account *account,
		   struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_commit *commit = NULL;
	struct sk_oid head;
	int rc = is_allowed(config, err);

	*clone = (struct sk_clone){.project = SK_PROJECT_INIT};
	if (rc == 0)
		rc = sk_repo_head(repo, &head, &ref, err);
	if (rc == 0)
		rc = sk_commit_read(&commit, repo, &head, err);
	if (rc == 0)
		rc = has_missions(repo, commit, err);
	if (rc == 0)
		rc = sk_account_load(account, err);
	if (rc == 0) {
		clone->logged_in = account->is_logged_in;
		rc = adopt_here(clone, repo, config, account, err);
	}
	sk_commit_free(commit);
	sk_str_free(&ref);
	return rc;
}

int sk_clone_fill_baseline(struct sk_err *err)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_project project = SK_PROJECT_INIT;
	struct sk_capture orders = {.project = &project};
	int ret = -1;

	if (sk_config_load(&config, err) < 0)
		return -1;
	orders.clone = sk_config_clone(&config);
	if (!orders.clone)
		ret = 0; /* taken out again meanwhile */
	else if (sk_repo_open(&orders.repo, err) == 0 &&
		 load_project(&project, orders.repo, &config, err) == 0 &&
		 sk_account_load(&account, err) == 0 &&
		 sk_account_open_queue(&orders.box, &account, err) == 0)
		ret = sk_baseline_fill(&orders, err);
	sk_outbox_close(orders.box);
	sk_project_free(&project);
	sk_repo_close(orders.repo);
	sk_config_free(&config);
	sk_account_free(&account);
	return ret;
}

int sk_clone_forget(struct sk_repo *repo, struct sk_err *err)
{
	static const char *const keys[] = {"sk.clone",	      "sk.derivedUuid",
					   "sk.settledUuid",  "sk.settledBy",
					   "sk.settledSlug",  "sk.formerUuid",
					   "sk.hooks",	      "sk.hooksDir",
					   "sk.madeHooksDir", "sk.filters"};
	struct sk_str lock = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		if (sk_config_unset(keys[i], err) < 0)
			return -1;
	}
	sk_str_addf(&lock, "%s/" LOCK_NAME, sk_repo_common_dir(repo));
	unlink(lock.ptr);
	sk_str_free(&lock);
	remove_stamps(sk_repo_common_dir(repo));
	sk_unseen_remove(sk_repo_common_dir(repo));
	return 0;
}
