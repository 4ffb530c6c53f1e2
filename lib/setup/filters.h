/* SPDX-License-Identifier: MIT */
/*
 * What git does with the files of missions by our programs: it shows event
 * logs in words, and merges them row by row, and the status.json beside them.
 * The commands are in the repository's own configuration, and the attributes
 * that ask for them, as
 *
 *	kitty-specs/ ** /status.events.jsonl diff=sk-eventlog
 *
 * (without the spaces), in info/attributes of the folder all worktrees share,
 * never in a file that is committed. They stand first there: a line of the
 * user's own says more.
 */
#ifndef SK_SETUP_FILTERS_H
#define SK_SETUP_FILTERS_H

#include "base/err.h"
#include "base/str.h"

enum sk_filter_kind {
	SK_FILTER_WORDS,  /* diff.sk-eventlog.textconv */
	SK_FILTER_LOG,	  /* merge.sk-eventlog.driver */
	SK_FILTER_STATUS, /* merge.sk-status.driver */
	SK_FILTERS,
};

struct sk_filter {
	struct sk_str command; /* what git is to run */
	bool has_line;	       /* our line is in the file */
	bool has_command;      /* the configuration has our command */
	bool has_other;	       /* or one that is not as it should be */
};

struct sk_filters {
	struct sk_str file; /* info/attributes */
	struct sk_str text; /* what is in it */
	mode_t mode;	    /* of a new file */
	struct sk_filter all[SK_FILTERS];
};

/*
 * Look at the repository whose common folder this is. *filters is owned, also
 * on failure: sk_filters_free(). Runs git once. Returns 0 or -1.
 */
int sk_filters_look(struct sk_filters *filters, const char *common_dir,
		    struct sk_err *err) SK_NODISCARD;
void sk_filters_free(struct sk_filters *filters);

/* Whether git shows event logs in words, and whether it merges by row. */
bool sk_filters_show(const struct sk_filters *filters);
bool sk_filters_merge(const struct sk_filters *filters);

/* Whether anything of ours is there to show, or to merge, be it in part. */
bool sk_filters_have_show(const struct sk_filters *filters);
bool sk_filters_have_merge(const struct sk_filters *filters);

/* Put all in place, as far as they are not. Returns 0 or -1. */
int sk_filters_install(const struct sk_filters *filters,
		       struct sk_err *err) SK_NODISCARD;

/* Take all out; all else in the file stays as it is. Returns 0 or -1. */
int sk_filters_remove(const struct sk_filters *filters,
		      struct sk_err *err) SK_NODISCARD;

#endif
