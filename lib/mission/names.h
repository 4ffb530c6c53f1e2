/* SPDX-License-Identifier: MIT */
/*
 * The names a mission goes by: its directory below kitty-specs/ (the mission
 * slug), its branches and worktrees, and what a branch name says about it. A
 * mission slug always holds all of the directory's name, its mid8 included.
 */
#ifndef SK_MISSION_NAMES_H
#define SK_MISSION_NAMES_H

#include "base/str.h"
#include "mission/wpfile.h"

/* With mid8, lane and what git appends it still is a name of a file. */
#define SK_SLUG_MAX 200

/* The first characters of a mission's id, which end the name of its folder. */
#define SK_MID8_LEN 8

/* Below the top of the main checkout. */
#define SK_WORKTREES_DIR ".worktrees"

/*
 * What one may ask for at create: words of a-z and 0-9 joined by single
 * hyphens, at most SK_SLUG_MAX bytes.
 */
bool sk_slug_is_valid(const char *slug);

/*
 * The slug without one leading "NNN-" (three digits, and something behind).
 * Borrowed from `slug`.
 */
const char *sk_slug_human(const char *slug);

/*
 * Whether a folder of this name can be a mission: a single path component that
 * also is safe as part of a branch name. True of every name that create makes,
 * and of older ones.
 */
bool sk_mission_slug_is_safe(const char *mission_slug);

/* 26 characters of Crockford's base 32, whatever time they stand for. */
bool sk_mission_id_is_valid(const char *id);

/* Append the name of a new mission's folder: human slug, "-", mid8. */
void sk_mission_slug_add(struct sk_str *out, const char *slug,
			 const char *mission_id);

/* How much of a mission slug stands before "-" and its mid8; all, if none. */
size_t sk_slug_len_without_mid8(const char *mission_slug);

/* Append kitty/mission-<mission_slug>, and with "-<lane_id>" behind. */
void sk_mission_branch_add(struct sk_str *out, const char *mission_slug);
void sk_lane_branch_add(struct sk_str *out, const char *mission_slug,
			const char *lane_id);

/*
 * Append the folder of a worktree, relative to the top of the main checkout:
 * .worktrees/<mission_slug>-<lane_id>, and .worktrees/<mission_slug>-coord.
 */
void sk_lane_worktree_add(struct sk_str *out, const char *mission_slug,
			  const char *lane_id);
void sk_coord_worktree_add(struct sk_str *out, const char *mission_slug);

/* `lane-` and one letter: a lane that has a branch and a worktree. */
bool sk_lane_id_is_code(const char *lane_id);

/* What the name of a branch says. `slug` is borrowed from it; the rest is ""
 * when unsaid. */
struct sk_place_name {
	const char *slug; /* the mission slug, mid8 and NNN- included */
	size_t slug_len;
	char lane_id[8];	  /* "lane-a" */
	char wp_id[SK_WP_ID_MAX]; /* of a branch for one WP */
};

/*
 * Read the name of a branch, without refs/heads/: kitty/mission-<slug>, the
 * same with a lane, or NNN-slug-WPnn of older releases.
 * Returns false when it is no branch of a mission.
 */
bool sk_branch_name_read(struct sk_place_name *out, const char *branch);

/* Whether it is one of a lane, kitty/mission-<slug>-<lane_id>. */
bool sk_branch_has_lane(const char *branch);

#endif
