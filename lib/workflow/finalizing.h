/* SPDX-License-Identifier: MIT */
/*
 * The tasks of a mission, finalized: what mission/finalize.h plans, of the
 * files as they are, written and committed as one change.
 */
#ifndef SK_WORKFLOW_FINALIZING_H
#define SK_WORKFLOW_FINALIZING_H

#include "mission/finalize.h"
#include "workflow/edit.h"

struct sk_finalizing {
	/* to be set; borrowed, and NULL where it cannot be told */
	const char *actor;
	const char *project_uuid;
	const char *project_slug;
	bool validate_only;

	/* what was found */
	bool is_looked;		 /* the files were */
	struct sk_faults faults; /* all there are; nothing is written then */
	struct sk_words names;	 /* of the files below tasks/ */
	struct sk_str *texts;	 /* and their bytes */
	size_t text_cap;
	struct sk_final final;	 /* borrows from both */
	struct sk_words seeded;	 /* work packages that had no transition yet */
	struct sk_words written; /* files of the commits, within the folder */
	struct sk_str message;
};

#define SK_FINALIZING_INIT                                                     \
	{                                                                      \
		.faults = SK_FAULTS_INIT, .names = SK_WORDS_INIT,              \
		.final = {.lanes = SK_STR_INIT}, .seeded = SK_WORDS_INIT,      \
		.written = SK_WORDS_INIT, .message = SK_STR_INIT               \
	}

/*
 * Do it, edit->repo and edit->handle being set. Both are owned, also after a
 * failure: sk_finalizing_free(), sk_edit_free().
 * Returns 0; 1 when there was nothing to be written or committed, as when there
 * are faults, or only a look was asked for; -1.
 */
int sk_finalizing_run(struct sk_finalizing *f, struct sk_edit *edit,
		      struct sk_err *err) SK_NODISCARD;
void sk_finalizing_free(struct sk_finalizing *f);

#endif
