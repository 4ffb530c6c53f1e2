/* SPDX-License-Identifier: MIT */
#include "guard/lanebranch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/commitfile.h"
#include "mission/lanes.h"
#include "mission/meta.h"
#include "mission/names.h"

#define LOCAL  "refs/heads/"
#define REMOTE "refs/remotes/"

enum { FILE_MAX = 16 << 20 };

void sk_branch_list_free(struct sk_branch_list *list)
{
	sk_words_free(&list->names);
	free(list->tips);
	*list = (struct sk_branch_list)SK_BRANCH_LIST_INIT;
}

static int add_branch(void *ctx, const char *ref, const struct sk_oid *tip)
{
	struct sk_branch_list *list = ctx;

	if (strncmp(ref, "refs/", strlen("refs/")) != 0)
		return 0;
	SK_GROW(list->tips, list->names.len, list->cap);
	list->tips[list->names.len] = *tip;
	sk_words_add(&list->names, ref);
	return 0;
}

/* The branch `name`, here or else on a remote; NULL: there is none. */
static const struct sk_oid *find_branch(const struct sk_branch_list *list,
					const char *name)
{
	const struct sk_oid *remote = NULL;

	for (size_t i = 0; i < list->names.len; i++) {
		const char *ref = list->names.items[i];

		if (strncmp(ref, LOCAL, strlen(LOCAL)) == 0) {
			if (strcmp(ref + strlen(LOCAL), name) == 0)
				return &list->tips[i];
			continue;
		}
		/* refs/remotes/<remote>/<name>, and a remote may have slashes
		 */
		if (strlen(ref) > strlen(REMOTE) + strlen(name) + 1 &&
		    strcmp(ref + strlen(ref) - strlen(name), name) == 0 &&
		    ref[strlen(ref) - strlen(name) - 1] == '/')
			remote = &list->tips[i];
	}
	return remote;
}

static bool has_lane(const struct sk_branch_list *list, const char *slug)
{
	struct sk_str prefix = SK_STR_INIT;
	bool found = false;

	sk_str_puts(&prefix, LOCAL);
	sk_mission_branch_add(&prefix, slug);
	sk_str_putc(&prefix, '-');
	for (size_t i = 0; i < list->names.len && !found; i++)
		found = strncmp(list->names.items[i], prefix.ptr, prefix.len) ==
				0 &&
			sk_lane_id_is_code(list->names.items[i] + prefix.len);
	sk_str_free(&prefix);
	return found;
}

static bool is_unfinished(const struct sk_reduced *state)
{
	for (size_t i = 0; i < state->wp_count; i++) {
		if (!sk_lane_is_terminal(state->wps[i].row->to))
			return true;
	}
	return false;
}

/* What the mission's files call its branch and its target. 0 or -1. */
static int read_names(struct sk_str *branch, struct sk_str *target,
		      struct sk_repo *repo, const char *slug,
		      const struct sk_oid *mission, struct sk_err *err)
{
	struct sk_raw text = SK_RAW_INIT;
	struct sk_meta meta = SK_META_INIT;
	struct sk_lanes lanes = {0};
	int rc = sk_tree_file_read(&text, repo, mission, "lanes.json", FILE_MAX,
				   err);

	if (rc == 0) {
		rc = sk_lanes_read(&lanes, text.data, text.len, err);
		if (rc == 0) {
			sk_str_puts(branch, lanes.mission_branch);
			sk_str_puts(target, lanes.target_branch);
		} else {
			sk_within(err, "lanes.json");
		}
		sk_raw_release(&text);
	} else if (rc > 0) {
		sk_mission_branch_add(branch, slug);
		rc = sk_tree_file_read(&text, repo, mission, "meta.json",
				       FILE_MAX, err);
		if (rc == 0)
			rc = sk_meta_read(&meta, text.data, text.len, err);
		if (rc == 0 && meta.target_branch)
			sk_str_puts(target, meta.target_branch);
		sk_raw_release(&text);
	}
	sk_meta_free(&meta);
	sk_lanes_free(&lanes);
	return rc < 0 ? -1 : 0;
}

static void report(struct sk_blockers *out, const char *slug,
		   const char *branch, const struct sk_oid *target)
{
	struct sk_blocker *b =
		sk_blocker_add(out, SK_BLOCKER_MISSING_MISSION_BRANCH, slug);
	char hex[SK_HEX_LEN + 1];

	sk_str_puts(&b->message, "mission '");
	sk_str_add_visible(&b->message, slug, strlen(slug), 200);
	sk_str_puts(&b->message,
		    "': its lanes have branches here, but its own branch '");
	sk_str_add_visible(&b->message, branch, strlen(branch), 200);
	sk_str_puts(&b->message, "' is missing");
	if (target) {
		sk_oid_hex(hex, target);
		sk_blocker_add_branch(&b->remediation, branch, hex);
	} else {
		sk_str_puts(&b->remediation, "git fetch --all");
	}
	sk_blockers_drop_twin(out);
}

int sk_lane_branch_look(struct sk_blockers *out, struct sk_repo *repo,
			const char *slug, const struct sk_oid *mission,
			const struct sk_reduced *state,
			struct sk_branch_list *branches, struct sk_err *err)
{
	struct sk_str branch = SK_STR_INIT, target = SK_STR_INIT;
	int rc = 0;

	if (!is_unfinished(state))
		return 0;
	if (!branches->is_read)
		rc = sk_repo_each_tip(repo, add_branch, branches, err);
	branches->is_read = rc == 0;
	if (rc == 0 && has_lane(branches, slug)) {
		rc = read_names(&branch, &target, repo, slug, mission, err);
		if (rc == 0 && !find_branch(branches, branch.ptr))
			report(out, slug, branch.ptr,
			       target.len ? find_branch(branches, target.ptr)
					  : NULL);
	}
	sk_str_free(&target);
	sk_str_free(&branch);
	return rc;
}
