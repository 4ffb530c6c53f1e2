/* SPDX-License-Identifier: MIT */
/*
 * What the start of a work package changes beside the event log: its file,
 * meta.json, and the note of its worktree, which git does not see.
 */
#ifndef SK_WORKFLOW_STARTFILES_H
#define SK_WORKFLOW_STARTFILES_H

#include "mission/frontmatter.h"
#include "mission/lanes.h"
#include "workflow/edit.h"

/* All borrowed. */
struct sk_start {
	const char *agent;	 /* NULL: who has it and since when is said */
	const char *pid;	 /* of the agent's shell; NULL: unknown */
	const char *note;	 /* of the entry in the activity log */
	int64_t at_us;		 /* when it began */
	const char *base_branch; /* NULL: its branch has commits of its own */
	const char *base_commit;
};

/*
 * Read the front matter of a work package's file. *out is owned: sk_wp_free(),
 * also after a failure. Returns 0; -1, also when there is none.
 */
int sk_start_read_front(struct sk_wp *out, const struct sk_str *text,
			struct sk_err *err) SK_NODISCARD;

/*
 * Have the change say it: agent, shell_pid, base_branch, base_commit,
 * created_at of the front matter, and an entry of the activity log, each once.
 * `name` is the file's. Returns 0; -1 when it cannot be changed without harm.
 */
int sk_start_put_file(struct sk_edit *edit, const char *name,
		      const struct sk_start *start,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Have meta.json say that git is used, and since when, unless it does. One that
 * is not committed, or cannot be read, is let be. Returns 0 or -1.
 */
int sk_start_put_meta(struct sk_edit *edit, int64_t at_us,
		      struct sk_err *err) SK_NODISCARD;

/* The worktree of a lane, for its note; all borrowed. */
struct sk_start_place {
	const char *main_folder; /* absolute */
	const char *workspace;	 /* below that */
	const char *branch;
	const char *base_branch, *base_commit;
	const struct sk_work_lane *lane;
	const char *wp;
	const struct sk_words *dependencies;
	bool is_new; /* what a note says of an older one is of no account */
};

/*
 * Write the note, or turn the one that is there to this work package. *note
 * becomes what it says, owned: sk_form_free(), also after a failure to write
 * it. Returns 0 or -1.
 */
int sk_start_write_note(struct sk_form **note, const struct sk_edit *edit,
			const struct sk_start_place *place,
			struct sk_err *err) SK_NODISCARD;

#endif
