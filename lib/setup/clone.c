/* SPDX-License-Identifier: MIT */
#include "setup/clone.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/trace.h"
#include "git/glance.h"
#include "git/tree.h"
#include "git/walk.h"
#include "outbox/cursor.h"

static void take_id(struct sk_clone *clone, const struct sk_config *config)
{
	const char *known = sk_config_get(config, "sk.clone");

	if (known && strlen(known) == SK_ULID_LEN)
		memcpy(clone->id, known, sizeof(clone->id));
	else
		sk_ulid_random(clone->id);
}

/* Commits that a baseline is made of. */
struct tips {
	struct sk_repo *repo;
	struct sk_oid *list;
	size_t count, cap;
	size_t cursors; /* of the clone, whatever became of their commits */
	struct sk_map seen;
	struct sk_err *err;
};

/* Once each; one that is gone, by gc maybe, hides nothing any more. */
static int add_tip(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct tips *tips = ctx;
	struct sk_commit *commit = NULL;
	bool added;
	int rc;

	(void)ref;
	sk_map_add(&tips->seen, (const char *)tip->id, SK_OID_LEN, 1, &added);
	if (!added)
		return 0;
	rc = sk_commit_read(&commit, tips->repo, tip, tips->err);
	sk_commit_free(commit);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	SK_GROW(tips->list, tips->count, tips->cap);
	tips->list[tips->count++] = *tip;
	return 0;
}

/* Of a cursor: that there are any says that the clone is known. */
static int add_cursor(void *ctx, const char *ref, const char *tip)
{
	struct tips *tips = ctx;
	struct sk_oid oid;

	tips->cursors++;
	return sk_oid_parse(&oid, tip) == 0 ? add_tip(ctx, ref, &oid) : 0;
}

static void free_tips(struct tips *tips)
{
	sk_map_free(&tips->seen);
	free(tips->list);
}

static int set_cursor(struct sk_outbox *box, const char *clone, const char *ref,
		      const struct sk_oid *tip, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, tip);
	return sk_cursor_set(box, clone, ref, hex, err);
}

/* Tips that hide what they reach until the ledger knows it; `but` may be NULL.
 */
static int set_baseline(struct sk_outbox *box, const char *clone,
			const struct tips *tips, const struct sk_oid *but,
			struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < tips->count; i++) {
		if (but && sk_oid_equal(&tips->list[i], but))
			continue;
		sk_str_clear(&ref);
		sk_str_addf(&ref, SK_CURSOR_BASELINE "%zu", i);
		rc = set_cursor(box, clone, ref.ptr, &tips->list[i], err);
	}
	sk_str_free(&ref);
	return rc;
}

/*
 * A new clone begins with all that any of its branches and worktrees reaches.
 * Where that cannot be read, an object of some other branch is missing maybe,
 * the tips have to do.
 */
static int begin_clone(const struct sk_capture *orders, struct tips *tips,
		       struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_err unread = {0};
	struct sk_oid head;
	bool is_read;
	int rc = sk_repo_each_tip(orders->repo, add_tip, tips, err);

	if (rc == 0)
		rc = sk_repo_head(orders->repo, &head, &ref, err);
	if (rc != 0)
		goto out;
	is_read = sk_capture_baseline(orders, tips->list, tips->count,
				      &unread) == 0;
	rc = -1;
	if (sk_outbox_begin(orders->box, err) == 0 &&
	    (is_read ||
	     set_baseline(orders->box, orders->clone, tips, NULL, err) == 0) &&
	    set_cursor(orders->box, orders->clone, ref.ptr, &head, err) == 0 &&
	    sk_outbox_commit(orders->box, err) == 0)
		rc = 0;
out:
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

/*
 * What was there before. A clone that has cursors keeps them: what came since
 * is still to be queued, and what they reach was captured, or was before.
 */
static int make_baseline(const struct sk_capture *orders, struct sk_err *err)
{
	struct tips tips = {.repo = orders->repo, .err = err};
	struct sk_err unread = {0};
	int rc = sk_cursor_each(orders->box, orders->clone, add_cursor, &tips,
				err);

	if (rc == 0 && !tips.cursors)
		rc = begin_clone(orders, &tips, err);
	else if (rc == 0 && sk_capture_baseline(orders, tips.list, tips.count,
						&unread) < 0)
		sk_trace("setup", "no baseline: %s", unread.msg);
	free_tips(&tips);
	return rc;
}

/* How much of the history was never published; remembers what it cost. */
static int take_stock(const struct sk_capture *orders,
		      struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture look = *orders;

	look.everything = look.dry_run = true;
	if (sk_capture(&look, report, err) < 0)
		return -1;
	return make_baseline(orders, err);
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
	take_id(clone, config);
	rc = sk_account_open_queue(&orders.box, account, err);
	if (rc == 0)
		rc = load_project(&clone->project, repo, config, err);
	if (rc == 0)
		rc = sk_project_settle(&clone->project, config, err);
	if (rc == 0)
		rc = take_stock(&orders, &clone->history, err);
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

static void match_urls(struct allowed *a)
{
	const char *at = a->config->raw.ptr, *end = at + a->config->raw.len;

	for (; at < end; at += strlen(at) + 1) {
		const char *url = strchr(at, '\n');

		if (strncmp(at, "remote.", 7) == 0 && url &&
		    fnmatch(a->pattern, url + 1, 0) == 0)
			a->yes = true;
	}
}

static void try_pattern(void *ctx, const char *pattern)
{
	struct allowed *a = ctx;

	a->any = true;
	a->pattern = pattern;
	match_urls(a);
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

/* All other branches, and what was there before the commit: its parents. */
static int find_baseline(struct tips *tips, const struct sk_commit *commit)
{
	int rc = sk_repo_each_tip(tips->repo, add_tip, tips, tips->err);

	for (size_t i = 0; rc == 0 && i < commit->parent_count; i++)
		rc = add_tip(tips, "", &commit->parents[i]);
	return rc;
}

static int adopt_from(struct sk_clone *clone, struct sk_repo *repo,
		      const struct sk_account *account,
		      const struct sk_commit *commit, struct sk_err *err)
{
	struct tips tips = {.repo = repo, .err = err};
	struct sk_outbox *box = NULL;
	int ret = -1;

	if (sk_account_open_queue(&box, account, err) == 0 &&
	    find_baseline(&tips, commit) == 0 &&
	    sk_outbox_begin(box, err) == 0 &&
	    set_baseline(box, clone->id, &tips, &commit->id, err) == 0 &&
	    sk_outbox_commit(box, err) == 0 &&
	    sk_config_set("sk.clone", clone->id, err) == 0)
		ret = 0;
	sk_outbox_close(box);
	free_tips(&tips);
	return ret;
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
		take_id(clone, config);
		rc = adopt_from(clone, repo, account, commit, err);
	}
	sk_commit_free(commit);
	sk_str_free(&ref);
	return rc;
}

static int add_baseline(void *ctx, const char *ref, const char *tip)
{
	size_t len = strlen(SK_CURSOR_BASELINE);

	return strncmp(ref, SK_CURSOR_BASELINE, len) == 0
		       ? add_cursor(ctx, ref, tip)
		       : 0;
}

static int fill(const struct sk_capture *orders, struct sk_err *err)
{
	struct tips tips = {.repo = orders->repo, .err = err};
	int rc = sk_cursor_each(orders->box, orders->clone, add_baseline, &tips,
				err);

	if (rc == 0)
		rc = sk_capture_baseline(orders, tips.list, tips.count, err);
	free_tips(&tips);
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
	orders.clone = sk_config_get(&config, "sk.clone");
	if (!orders.clone)
		ret = 0; /* taken out again meanwhile */
	else if (sk_repo_open(&orders.repo, err) == 0 &&
		 load_project(&project, orders.repo, &config, err) == 0 &&
		 sk_account_load(&account, err) == 0 &&
		 sk_account_open_queue(&orders.box, &account, err) == 0)
		ret = fill(&orders, err);
	sk_outbox_close(orders.box);
	sk_project_free(&project);
	sk_repo_close(orders.repo);
	sk_config_free(&config);
	sk_account_free(&account);
	return ret;
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

int sk_clone_forget(struct sk_repo *repo, struct sk_err *err)
{
	static const char *const keys[] = {
		"sk.clone",	"sk.derivedUuid", "sk.settledUuid",
		"sk.settledBy", "sk.settledSlug", "sk.formerUuid",
		"sk.hooks",	"sk.hooksDir",	  "sk.madeHooksDir"};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		if (sk_config_unset(keys[i], err) < 0)
			return -1;
	}
	remove_stamps(sk_repo_common_dir(repo));
	return 0;
}
