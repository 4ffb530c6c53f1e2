/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/git: what a commit takes, wherever its branch is: blobs, and an
 * index of its own with nothing but the branch's tip and them.
 */
#ifndef SK_GIT_RECORDPART_H
#define SK_GIT_RECORDPART_H

#include "git/entries.h"
#include "git/indexhold.h"
#include "git/record.h"

/* How often a branch may move under us before we give up; and be locked, which
 * git has waited for already. Each time the user's hooks run again. */
#define SK_RECORD_TRIES	     50
#define SK_RECORD_LOCK_TRIES 3

struct sk_recording {
	struct sk_repo *repo;
	const struct sk_record *record;
	struct sk_git_place place;  /* of the worktree, or the repository */
	bool is_ours;		    /* the worktree is that of `repo` */
	struct sk_git_place beside; /* the same with the index of our own */
	struct sk_str git_dir;	    /* where that index and our lock are */
	struct sk_str index;
	struct sk_hold hold;
	bool is_sha256;
	char tip[SK_HEX_LEN + 1];  /* what the branch names; "": nothing yet */
	char tree[SK_HEX_LEN + 1]; /* the same, or the empty tree */
	char made[SK_HEX_LEN + 1]; /* the tree of our index; "": not yet */
	struct sk_git_args paths;
	struct sk_entry *meant; /* for each file */
	unsigned locked;	/* so often was the branch */
};

/*
 * Set place and git_dir to those of the worktree in the record's folder; a
 * folder within one is none. May run git. Returns 0 or -1.
 */
int sk_recording_find(struct sk_recording *rec,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Whether the branch is what HEAD is on there, with nothing else going on. May
 * run git. Returns 0; -1 with what there is instead, and what to do.
 */
int sk_recording_check_head(const struct sk_recording *rec,
			    struct sk_err *err) SK_NODISCARD;

/*
 * Begin, place and git_dir being set: one of us at a time there. Owned, also
 * after a failure: sk_recording_end(). Returns 0 or -1.
 */
int sk_recording_begin(struct sk_recording *rec,
		       struct sk_err *err) SK_NODISCARD;
void sk_recording_end(struct sk_recording *rec);

/* Set tip and tree to what `ref` names now. Returns 0 or -1. */
int sk_recording_look(struct sk_recording *rec, const char *ref,
		      struct sk_err *err) SK_NODISCARD;

/*
 * Make the blobs, compared with the tip's. Returns 0; 1 when that has them all;
 * -1, with SK_EBUSY when one is not what it was at `base`.
 */
int sk_recording_make_blobs(struct sk_recording *rec,
			    struct sk_err *err) SK_NODISCARD;

/* Make the index: the tip's tree and the blobs. Returns 0 or -1. */
int sk_recording_make_index(struct sk_recording *rec,
			    struct sk_err *err) SK_NODISCARD;

/* Set `made`, when nothing more is put into the index. Returns 0 or -1. */
int sk_recording_write_tree(struct sk_recording *rec,
			    struct sk_err *err) SK_NODISCARD;

/*
 * Git has refused: whether that was for `ref`, no more `tip` or locked, and it
 * is worth trying again. Looks at it anew. Returns 1; 0 it was not; -1.
 */
int sk_recording_has_moved(struct sk_recording *rec, const char *ref,
			   const struct sk_str *said,
			   struct sk_err *err) SK_NODISCARD;

/*
 * Ask git there for one id: *hex is "" when it says no, as `rev-parse -q` does.
 * Returns 0 or -1.
 */
int sk_recording_ask(char hex[SK_HEX_LEN + 1], const struct sk_git_place *place,
		     const char *const args[], struct sk_err *err) SK_NODISCARD;

/* sk_record_commit() for a branch that nobody has checked out. Returns alike.
 */
int sk_record_on_ref(struct sk_oid *out, struct sk_repo *repo,
		     const struct sk_record *record,
		     struct sk_err *err) SK_NODISCARD;

#endif
