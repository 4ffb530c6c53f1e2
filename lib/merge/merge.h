/* SPDX-License-Identifier: MIT */
/*
 * The merge of two commits of a repository with missions, in the object
 * database alone (git/mergetree.h): git's own, in which the event logs that
 * both sides have changed are merged row by row (mission/logmerge.h), and
 * status.json beside them is made anew.
 *
 * Where the attribute `merge` names a driver that is configured, git has run
 * it, and its answer stands; that is how it is in a clone that was set up. In
 * others git would merge lines, or call it a conflict: there the log is merged
 * here, as the driver would have. The base is the log that the sides have in
 * common, of several such commits the rows of all.
 *
 * Only both sides' changes are merged, as by git: a log that one side alone has
 * changed is that side's, whatever it took out.
 */
#ifndef SK_MERGE_MERGE_H
#define SK_MERGE_MERGE_H

#include "git/mergetree.h"
#include "git/repo.h"
#include "mission/logmerge.h"

/* What is to be known about a log that was merged here; see logmerge.h. */
struct sk_merge_note {
	enum sk_log_note_kind kind;
	bool is_ours;  /* kept, dropped: our side lacks it */
	char *path;    /* of the log */
	char *name;    /* of the event, or the line's start; fit for messages */
	size_t number; /* its line in the answer, or 0 */
};

/* What became of a file of a mission that both sides have changed. */
enum sk_merge_made {
	SK_MERGE_BY_DRIVER,	/* it is as git's driver made it */
	SK_MERGE_LOG,		/* merged here */
	SK_MERGE_LOG_CONFLICT,	/* merged here, with conflicts */
	SK_MERGE_STATUS,	/* made anew from the merged log */
	SK_MERGE_STATUS_UNMADE, /* as git has it: log or meta.json is not to be
				   read; it may be wrong where git merged it */
	SK_MERGE_LEFT,		/* as git has it: it is not of two logs, as
				   where one was moved to another's place, or
				   a log is too long */
};

struct sk_merge_file {
	char *path;
	enum sk_merge_made made;
};

struct sk_merge {
	struct sk_merged_tree git; /* what is merged here is no conflict */
	struct sk_merge_file *files;
	size_t file_count, file_cap;
	struct sk_merge_note *notes; /* in order of the logs' lines */
	size_t note_count, note_cap;
};

/*
 * Merge `theirs` into `ours`, ids of commits or revisions, at a place as
 * git/mergetree.h has it: attributes are those of its work tree. Runs git a few
 * times, more often where both sides have changed a log. *out is owned:
 * sk_merge_free().
 *
 * Returns 0, the tree being out->git.tree; 1 when there are conflicts; -1 as
 * sk_merge_trees().
 */
int sk_merge_commits(struct sk_merge *out, struct sk_repo *repo,
		     const struct sk_git_place *place, const char *ours,
		     const char *theirs, struct sk_err *err) SK_NODISCARD;
void sk_merge_free(struct sk_merge *merge);

#endif
