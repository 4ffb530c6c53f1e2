/* SPDX-License-Identifier: MIT */
/*
 * Ids that stand in the logs of two missions, as a folder that was copied has
 * them: an id is one event, so that the second is never queued.
 */
#ifndef SK_CAPTURE_TWINS_H
#define SK_CAPTURE_TWINS_H

#include "git/repo.h"
#include "mission/eventlog.h"

struct sk_twin {
	char event_id[SK_LOG_ID_SIZE];
	char *missions; /* "001-a, 002-b", in git's order */
};

struct sk_twins {
	struct sk_twin *items;
	size_t count, cap;
};

/*
 * Find those of the commit at HEAD; logs that cannot be read have none. *out is
 * owned: sk_twins_free(). Returns 0 or -1.
 */
int sk_twins_find(struct sk_twins *out, struct sk_repo *repo,
		  struct sk_err *err) SK_NODISCARD;

/* Release them; there are none then. */
void sk_twins_free(struct sk_twins *twins);

#endif
