/* SPDX-License-Identifier: MIT */
/*
 * Ids of tasks and work packages in a row, as people write them: T001, T002 and
 * T004-T006. Marks of bold and code, quotes and links may be around them;
 * commas, `and`, notes in brackets divide them, any other word ends the list.
 */
#ifndef SK_MISSION_TASKIDS_H
#define SK_MISSION_TASKIDS_H

#include "mission/tasktext.h"

/* How long the id is, letters and digits, that the text begins with; 0 when it
 * begins with none. */
size_t sk_task_id_len(struct sk_task_part text);

/* An id of a list, or the first and the last one of a range. */
struct sk_task_member {
	struct sk_task_part first;
	struct sk_task_part last; /* its digits; len 0 when it is no range */
};

/* The next member from *at on, which moves behind it. Returns false at the end
 * of the list. */
bool sk_task_ids_next(struct sk_task_member *member, struct sk_task_part list,
		      size_t *at);

/* The numbers from which to which a range goes; false for those too long. */
bool sk_task_member_range(uint64_t *from, uint64_t *to,
			  const struct sk_task_member *member);

/*
 * Find the id, whatever its case, among those the list begins with. Returns the
 * one that is it, or the first of its range; of length 0 for none.
 */
struct sk_task_part sk_task_ids_find(struct sk_task_part list,
				     struct sk_task_part id);

#endif
