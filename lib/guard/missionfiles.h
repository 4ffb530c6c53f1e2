/* SPDX-License-Identifier: MIT */
/*
 * The files of a mission, seen from the branch of one of its lanes: that has a
 * copy as old as the branch, which does not count, nor does that of another
 * lane. They are read in the main checkout, on the target branch and on the
 * mission's own; where a branch is checked out its files count before its
 * commit, for what is not committed yet has happened, too.
 *
 * Which of them the status is written to is a question of workflow/home.h, that
 * reads every branch for it; who only reads takes the logs of all together, and
 * a hook has no time for more.
 */
#ifndef SK_GUARD_MISSIONFILES_H
#define SK_GUARD_MISSIONFILES_H

#include "git/config.h"
#include "git/repo.h"

/* One copy of the mission's folder. */
struct sk_mission_copy {
	struct sk_str folder; /* in a work tree; "": none */
	struct sk_oid tree;   /* in a commit; len 0: none */
};

enum { SK_MISSION_COPIES = 3 };

struct sk_mission_files {
	struct sk_repo *repo; /* borrowed */
	struct sk_str slug;
	struct sk_str main_ref; /* what the main checkout has; "": see above */
	struct sk_mission_copy copies[SK_MISSION_COPIES];
	size_t count;
};

#define SK_MISSION_FILES_INIT                                                  \
	{                                                                      \
		.slug = SK_STR_INIT, .main_ref = SK_STR_INIT                   \
	}

/*
 * Find the copies in the main checkout and on the branch of the mission, in
 * that order. Runs git a few times. *files is owned: sk_mission_files_free();
 * the repository is borrowed. Returns 0 or -1.
 */
int sk_mission_files_find(struct sk_mission_files *files, struct sk_repo *repo,
			  const struct sk_config *config, const char *slug,
			  struct sk_err *err) SK_NODISCARD;

/*
 * Append a file of the copy that HEAD has, the lane's, of at most `max` bytes:
 * only good for what no other copy says. Returns 0; 1 when it has none; -1.
 */
int sk_mission_files_read_head(struct sk_str *out,
			       const struct sk_mission_files *files,
			       const char *name, size_t max,
			       struct sk_err *err) SK_NODISCARD;

/*
 * Put the copy on the target branch in front of them, when that is another
 * branch. Runs git. Returns 0 or -1.
 */
int sk_mission_files_add_target(struct sk_mission_files *files,
				const char *target,
				struct sk_err *err) SK_NODISCARD;
void sk_mission_files_free(struct sk_mission_files *files);

/*
 * Append a file of one copy, of at most `max` bytes. Returns 0; 1 when it has
 * none; -1.
 */
int sk_mission_copy_read(struct sk_str *out,
			 const struct sk_mission_files *files, size_t copy,
			 const char *name, size_t max,
			 struct sk_err *err) SK_NODISCARD;

/* The same of the first copy that has it. */
int sk_mission_files_read(struct sk_str *out,
			  const struct sk_mission_files *files,
			  const char *name, size_t max,
			  struct sk_err *err) SK_NODISCARD;

/*
 * Append the file of a work package, tasks/WPnn-<slug>.md, of the first copy
 * that has one. Returns 0; 1 when none has; -1.
 */
int sk_mission_files_read_wp(struct sk_str *out,
			     const struct sk_mission_files *files,
			     const char *wp_id, size_t max,
			     struct sk_err *err) SK_NODISCARD;

#endif
