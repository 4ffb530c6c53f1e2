/* SPDX-License-Identifier: MIT */
/*
 * The note that says what a lane's worktree is for, in the main checkout's
 * .kittify/workspaces/<mission_slug>-<lane_id>.json. One that is not what it
 * should be counts as none: it can be made again.
 */
#ifndef SK_MISSION_WORKSPACE_H
#define SK_MISSION_WORKSPACE_H

#include "base/str.h"
#include "base/words.h"
#include "format/jsonform.h"

/* Texts are borrowed: of a note that was read, from `form`. */
struct sk_workspace {
	struct sk_form *form; /* of one that was read: all of it, owned */
	const char *wp_id;    /* the one it was made for */
	const char *mission_slug;
	const char *worktree_path; /* relative to the main checkout */
	const char *branch_name;
	const char *base_branch;
	const char *base_commit;
	const char *created_at;
	const char *lane_id;
	const char *current_wp;
	struct sk_words dependencies;
	struct sk_words lane_wp_ids;
};

/* Append where the note of a lane is, relative to the main checkout. */
void sk_workspace_path_add(struct sk_str *out, const char *mission_slug,
			   const char *lane_id);

/*
 * Read the bytes of a note. *out is owned, sk_workspace_free() it whatever this
 * returned. Returns false when it is malformed: no object, or without its lane.
 */
bool sk_workspace_read(struct sk_workspace *out, const char *data, size_t len);
void sk_workspace_free(struct sk_workspace *workspace);

/* What the note of a new worktree holds; owned, sk_form_free(). */
struct sk_form *sk_workspace_make(const struct sk_workspace *workspace);

/*
 * Note that a lane's worktree goes on with another work package, which depends
 * on these; all else in the note stays.
 */
void sk_workspace_turn_to(struct sk_form *form, const char *wp_id,
			  const struct sk_words *dependencies);

/* Append the bytes of the file. */
void sk_workspace_add(struct sk_str *out, const struct sk_form *form);

#endif
