/* SPDX-License-Identifier: MIT */
#include "guard/commitguard.h"

#include <string.h>

#include "base/spawn.h"
#include "git/headfile.h"
#include "guard/staged.h"
#include "mission/ownership.h"

int sk_guard_parse(enum sk_guard_mode *mode, const char *text,
		   struct sk_err *err)
{
	static const char *const names[] = {
		[SK_GUARD_WARN] = "warn",
		[SK_GUARD_BLOCK] = "block",
		[SK_GUARD_OFF] = "off",
	};

	*mode = SK_GUARD_WARN;
	for (size_t i = 0; text && i < SK_COUNTOF(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*mode = (enum sk_guard_mode)i;
			return 0;
		}
	}
	if (!text)
		return 0;
	sk_fail(err, SK_EDATA, "sk.guard is '%.40s'", text);
	return sk_hint(err, "set it to warn, block or off");
}

/*
 * The lane that HEAD is on; *name borrows from *branch. Returns 0; 1 when it is
 * on none; -1.
 */
static int find_lane(struct sk_place_name *name, struct sk_str *branch,
		     const char *git_dir, struct sk_err *err)
{
	int rc = sk_head_branch(branch, git_dir);

	if (rc < 0) /* only git can read it */
		rc = sk_spawn_ask(branch,
				  (const char *const[]){"git", "symbolic-ref",
							"-q", "--short", "HEAD",
							NULL},
				  err);
	if (rc == 0 &&
	    (!sk_branch_name_read(name, branch->ptr) || !name->lane_id[0]))
		rc = 1;
	return rc > 0 ? 1 : rc;
}

static bool is_of_missions(const char *path)
{
	static const char folder[] = "kitty-specs";
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 &&
	       (path[len] == '/' || !path[len]);
}

/* Keep the paths of missions, and those that are astray. */
static void sort_out(struct sk_guard_report *report,
		     const struct sk_words *paths)
{
	const struct sk_active_wp *wp = &report->wp;
	bool is_told = wp->untold == SK_WP_TOLD && !wp->owns_all;

	for (size_t i = 0; i < paths->len; i++) {
		const char *path = paths->items[i];

		if (is_of_missions(path))
			sk_words_add(&report->specs, path);
		else if (is_told && !sk_globs_own(&wp->file.owned_files, path))
			sk_words_add(&report->astray, path);
	}
}

static bool has_others(const struct sk_words *paths)
{
	size_t i = 0;

	while (i < paths->len && is_of_missions(paths->items[i]))
		i++;
	return i < paths->len;
}

static void drop_undone(struct sk_guard_report *report,
			const struct sk_place_name *name)
{
	struct sk_str slug = SK_STR_INIT, base = SK_STR_INIT;

	sk_str_add(&slug, name->slug, name->slug_len);
	sk_str_puts(&base, "refs/heads/");
	sk_mission_branch_add(&base, slug.ptr);
	if (report->specs.len)
		sk_staged_drop_undone(&report->specs, base.ptr);
	if (report->astray.len)
		sk_staged_drop_undone(&report->astray, base.ptr);
	sk_str_free(&base);
	sk_str_free(&slug);
}

int sk_guard_look(struct sk_guard_report *report, struct sk_repo *repo,
		  const struct sk_config *config, struct sk_err *err)
{
	const char *git_dir = sk_repo_git_dir(repo);
	struct sk_words paths = SK_WORDS_INIT;
	struct sk_str branch = SK_STR_INIT;
	struct sk_place_name name;
	int rc = find_lane(&name, &branch, git_dir, err);

	if (rc == 0 && sk_staged_is_replay(git_dir))
		rc = 1;
	if (rc == 0)
		rc = sk_staged_paths(&paths, git_dir, err);
	if (rc == 0) {
		if (has_others(&paths))
			sk_active_wp_find(&report->wp, repo, config, &name);
		sort_out(report, &paths);
		drop_undone(report, &name);
	}
	sk_words_free(&paths);
	sk_str_free(&branch);
	return rc < 0 ? -1 : 0;
}

void sk_guard_report_free(struct sk_guard_report *report)
{
	sk_active_wp_free(&report->wp);
	sk_words_free(&report->astray);
	sk_words_free(&report->specs);
}
