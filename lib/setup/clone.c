/* SPDX-License-Identifier: MIT */
#include "setup/clone.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "flow/store.h"
#include "git/glance.h"
#include "git/tree.h"
#include "git/walk.h"

static void take_id(struct sk_clone *clone, const struct sk_config *config)
{
	const char *known = sk_config_get(config, "sk.clone");

	if (known && strlen(known) == SK_ULID_LEN)
		memcpy(clone->id, known, sizeof(clone->id));
	else
		sk_ulid_random(clone->id);
}

static int count_cursor(void *ctx, const char *ref, const char *tip)
{
	(void)ref, (void)tip;
	++*(int *)ctx;
	return 0;
}

/* What is to be said of a clone's cursors, in one transaction. */
struct cursors {
	struct sk_outbox *box;
	const char *clone;
	const struct sk_oid *born; /* the commit just made: no baseline */
	struct sk_err *err;
};

static int set_cursor(void *ctx, const char *ref, const struct sk_oid *tip)
{
	const struct cursors *c = ctx;
	char hex[SK_HEX_LEN + 1];

	if (c->born && sk_oid_equal(tip, c->born))
		return 0;
	sk_oid_hex(hex, tip);
	return sk_cursor_set(c->box, c->clone, ref, hex, c->err);
}

/* What was there before the commit just made: its parents. */
static int set_parents(struct cursors *c, const struct sk_commit *commit)
{
	struct sk_str ref = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < commit->parent_count; i++) {
		sk_str_clear(&ref);
		sk_str_addf(&ref, "baseline/%zu", i);
		rc = set_cursor(c, ref.ptr, &commit->parents[i]);
	}
	sk_str_free(&ref);
	return rc;
}

/* A clone that has a cursor keeps it: what came since is still to be queued. */
static int first_cursor(struct cursors *c, struct sk_repo *repo)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int have = 0, rc;

	if (sk_cursor_each(c->box, c->clone, count_cursor, &have, c->err) < 0)
		return -1;
	rc = have ? 1 : sk_repo_head(repo, &head, &ref, c->err);
	if (rc == 0)
		rc = sk_outbox_begin(c->box, c->err) < 0 ||
				     set_cursor(c, ref.ptr, &head) < 0 ||
				     sk_outbox_commit(c->box, c->err) < 0
			     ? -1
			     : 0;
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

/* How much of the history was never published; remembers what it cost. */
static int count_history(struct sk_repo *repo, const struct sk_config *config,
			 struct sk_outbox *box,
			 struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture orders = {
		.repo = repo, .box = box, .everything = true, .dry_run = true};
	struct sk_project project = SK_PROJECT_INIT;
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int ret = sk_repo_head(repo, &head, &ref, err);

	sk_str_free(&ref);
	if (ret != 0) /* no commit yet: no history, and no project either */
		return ret < 0 ? -1 : 0;
	ret = -1;
	if (sk_project_load(&project, repo, config, err) < 0)
		return -1;
	orders.project = &project;
	if (sk_capture(&orders, report, err) == 0 &&
	    (!project.is_from_root ||
	     sk_config_set("sk.derivedUuid", project.uuid.ptr, err) == 0))
		ret = 0;
	sk_project_free(&project);
	return ret;
}

int sk_clone_register(struct sk_clone *clone, struct sk_repo *repo,
		      const struct sk_config *config, struct sk_err *err)
{
	struct cursors c = {.clone = clone->id, .err = err};
	int ret = -1;

	*clone = (struct sk_clone){0};
	take_id(clone, config);
	if (sk_store_open(&c.box, &clone->logged_in, err) == 0 &&
	    count_history(repo, config, c.box, &clone->history, err) == 0 &&
	    first_cursor(&c, repo) == 0 &&
	    sk_config_set("sk.clone", clone->id, err) == 0 &&
	    sk_config_unset("sk.capture", err) == 0)
		ret = 0;
	sk_outbox_close(c.box);
	return ret;
}

void sk_clone_free(struct sk_clone *clone)
{
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

int sk_clone_adopt(struct sk_clone *clone, struct sk_repo *repo,
		   const struct sk_config *config, struct sk_err *err)
{
	struct cursors c = {.clone = clone->id, .err = err};
	struct sk_str ref = SK_STR_INIT;
	struct sk_commit *commit = NULL;
	struct sk_oid head;
	int rc = is_allowed(config, err);

	*clone = (struct sk_clone){0};
	if (rc == 0)
		rc = sk_repo_head(repo, &head, &ref, err);
	if (rc == 0)
		rc = sk_commit_read(&commit, repo, &head, err);
	if (rc == 0)
		rc = has_missions(repo, commit, err);
	if (rc != 0)
		goto out;
	take_id(clone, config);
	c.born = &head;
	rc = -1;
	if (sk_store_open(&c.box, &clone->logged_in, err) == 0 &&
	    sk_outbox_begin(c.box, err) == 0 &&
	    sk_repo_each_tip(repo, set_cursor, &c, err) == 0 &&
	    set_parents(&c, commit) == 0 && sk_outbox_commit(c.box, err) == 0 &&
	    sk_config_set("sk.clone", clone->id, err) == 0)
		rc = 0;
	sk_outbox_close(c.box);
out:
	sk_commit_free(commit);
	sk_str_free(&ref);
	return rc;
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
	static const char *const keys[] = {"sk.clone", "sk.derivedUuid",
					   "sk.manual", "sk.hooksDir",
					   "sk.madeHooksDir"};

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		if (sk_config_unset(keys[i], err) < 0)
			return -1;
	}
	remove_stamps(sk_repo_common_dir(repo));
	return 0;
}
