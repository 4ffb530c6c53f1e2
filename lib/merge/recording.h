/* SPDX-License-Identifier: MIT */
/*
 * Inside lib/merge: what the mission's own files are to say of its merge, made
 * of those that the merge makes.
 */
#ifndef SK_MERGE_RECORDING_H
#define SK_MERGE_RECORDING_H

#include "git/treewrite.h"
#include "merge/planning.h"
#include "mission/meta.h"

#define SK_RECORD_META "meta.json"

struct sk_recording {
	struct sk_planning *p;
	struct sk_oid tree;	/* that the merge makes */
	struct sk_str log_text; /* its event log */
	struct sk_log log;
	struct sk_reduced state;
	bool has_folder;     /* of the mission */
	struct sk_meta meta; /* form NULL: none, or none that can be read */
	struct sk_str lines; /* behind the log */
	size_t line_count;
	struct sk_words moved;	  /* the work packages of these lines */
	struct sk_tree_put *puts; /* the paths are owned */
	size_t put_count, put_cap;
};

/*
 * Append a file of the mission, as the merge makes it; in a partial clone it is
 * fetched. Returns 0; 1 when there is none; -1, also where something else is in
 * its place.
 */
int sk_record_read(struct sk_str *out, const struct sk_recording *r,
		   const char *name, struct sk_err *err) SK_NODISCARD;

/* Make the lines, of those that are approved. Returns 0 or -1. */
int sk_record_rows(struct sk_recording *r, struct sk_err *err) SK_NODISCARD;

/*
 * Set in r->meta what the merge settles; *changed tells whether there was
 * anything. Returns 0 or -1.
 */
int sk_record_meta(bool *changed, struct sk_recording *r,
		   struct sk_err *err) SK_NODISCARD;

/* Fetch what a partial clone left out of these. Returns 0 or -1. */
int sk_record_fetch(const struct sk_recording *r, const struct sk_oid *blobs,
		    size_t count, struct sk_err *err) SK_NODISCARD;

#endif
