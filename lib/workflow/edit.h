/* SPDX-License-Identifier: MIT */
/*
 * One change to one mission: read under its lock, written to its files, and
 * committed where it lives. Its status (event log, status.json) and all else
 * may be on two branches (home.h); then it is two commits, the status first.
 *
 * The files of a work tree are written before they are committed. Who is killed
 * in between, or refused by a hook, leaves lines in the log there that are not
 * committed: the next change to the mission takes them along, with the entries
 * of activity logs that belong to them.
 */
#ifndef SK_WORKFLOW_EDIT_H
#define SK_WORKFLOW_EDIT_H

#include "base/words.h"
#include "format/jsonform.h"
#include "mission/logline.h"
#include "mission/reduce.h"
#include "workflow/home.h"

/* A file that is to be written. */
struct sk_edit_file {
	char *name;	    /* within the mission's folder */
	struct sk_str work; /* the bytes for the work tree */
	struct sk_str head; /* those to be committed */
	bool is_kept;	    /* the commit has no part in it */
	bool is_unseen;	    /* the work tree has none */
};

struct sk_edit {
	/* to be set */
	struct sk_repo *repo; /* borrowed, as the other two */
	const char *handle;   /* which mission; NULL: the one here (handle.h) */
	const char *message;  /* of the commits; `change` may still set it */
	bool no_commit;	      /* write the files alone, or fail without any */
	bool is_whole; /* where it comes to no commit, put the files back */

	/* what there is, from the call of `change` on */
	struct sk_missions missions;
	struct sk_mission *mission; /* of these */
	struct sk_mission_home home;
	struct sk_form *meta; /* NULL: none that can be read */
	struct sk_str log_text;
	struct sk_log log;
	struct sk_reduced state;

	/* what is to be */
	struct sk_str lines; /* behind the log */
	int64_t at_us;	     /* the time of the first */
	size_t line_count;
	struct sk_edit_file *files;
	size_t file_count, file_cap;
	bool keeps_status; /* log and status.json are let be, whatever they are,
			      lines of somebody who was killed too */

	/* what was done */
	struct sk_str aside;  /* where a torn line is now: a file, or a
				 commit's; "" none */
	struct sk_oid commit; /* of the status; len 0: there is none */
	struct sk_oid plan_commit;
	bool is_unhooked; /* no hook has seen one of them */

	int lock;
	struct sk_str picked;	     /* the mission here, once it is known */
	struct sk_str head_log;	     /* the log as committed */
	struct sk_str missing;	     /* lines of it that the work tree lacks */
	struct sk_words uncommitted; /* whose rows the work tree alone has */
};

#define SK_EDIT_INIT                                                           \
	{                                                                      \
		.missions = SK_MISSIONS_INIT, .home = SK_MISSION_HOME_INIT,    \
		.log_text = SK_STR_INIT, .log = SK_LOG_INIT,                   \
		.state = SK_REDUCED_INIT, .lines = SK_STR_INIT,                \
		.aside = SK_STR_INIT, .lock = -1, .picked = SK_STR_INIT,       \
		.head_log = SK_STR_INIT, .missing = SK_STR_INIT,               \
		.uncommitted = SK_WORDS_INIT                                   \
	}

/*
 * Says what is to be changed, by sk_edit_add_line() and sk_edit_put(), having
 * looked at what there is. Is called again, on what there is then, when
 * somebody else was faster; lines of the first time may be in the log by then.
 * Returns 0; 1 when there is nothing to be changed; -1.
 */
typedef int sk_edit_fn(void *ctx, struct sk_edit *edit, struct sk_err *err);

/*
 * Make the change. Takes the mission's lock, and waits for it. *edit is owned,
 * also after a failure: sk_edit_free().
 *
 * Returns 0; 1 when there was nothing to be written or committed; -1: with
 * nothing written when `change` failed or the mission cannot be read, nor when
 * `is_whole` and nothing is committed, else the message says what is written
 * and not committed.
 */
int sk_edit_run(struct sk_edit *edit, sk_edit_fn *change, void *ctx,
		struct sk_err *err) SK_NODISCARD;
void sk_edit_free(struct sk_edit *edit);

/*
 * Add a transition. Its id, its time and the names of the mission are filled
 * in. What edit->state says does not change.
 */
void sk_edit_add_line(struct sk_edit *edit, struct sk_logline *line);

/* Append who made a transition of edit->log; nothing when nobody is named. */
void sk_edit_add_actor(struct sk_str *out, const struct sk_edit *edit,
		       const struct sk_log_row *row);

/*
 * Append a file of the mission that is no part of its status, `name` within its
 * folder: as the work tree has it, where there is one, and as it is committed.
 * What only one of the two has is both. Returns 0; 1 when there is none; -1.
 */
int sk_edit_read(const struct sk_edit *edit, const char *name,
		 struct sk_str *work, struct sk_str *head,
		 struct sk_err *err) SK_NODISCARD;

/* Append the first of these alone, as who works on it sees it. Returns alike.
 */
int sk_edit_read_work(const struct sk_edit *edit, const char *name,
		      struct sk_str *out, struct sk_err *err) SK_NODISCARD;

/* Append what is committed, and nothing else. Returns alike. */
int sk_edit_read_head(const struct sk_edit *edit, const char *name,
		      struct sk_str *out, struct sk_err *err) SK_NODISCARD;

/*
 * Have that file written: `work` into the work tree, where there is one, `head`
 * into the commit; NULL leaves it out of that. Both are copied.
 */
void sk_edit_put(struct sk_edit *edit, const char *name,
		 const struct sk_str *work, const struct sk_str *head);

/*
 * Visit the names of what is in that folder of the mission, as the work tree
 * has it, where there is one, else as it is committed. A folder that is not
 * there is empty. Returns 0 or -1.
 */
typedef void sk_edit_name_fn(void *ctx, const char *name);
int sk_edit_each_name(const struct sk_edit *edit, const char *folder,
		      sk_edit_name_fn *each, void *ctx,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Set *name to the work package's file within the folder, "tasks/WP01-x.md".
 * Returns 0; 1 when there is none; -1 when there are two.
 */
int sk_edit_find_wp(const struct sk_edit *edit, const char *wp,
		    struct sk_str *name, struct sk_err *err) SK_NODISCARD;

#endif
