/* SPDX-License-Identifier: MIT */
/*
 * Ids of tasks in a row, as people write them: T001, T002 and T004-T006.
 */
#ifndef SK_MISSION_TASKIDS_H
#define SK_MISSION_TASKIDS_H

#include "mission/tasktext.h"

/* How long the id is, letters and digits, that the text begins with; 0 when it
 * begins with none. */
size_t sk_task_id_len(struct sk_task_part text);

/*
 * Find the id, whatever its case, among those the list begins with; commas,
 * `and`, notes in brackets divide them, any other word ends the list. Returns
 * the one that is it, or the first of its range; of length 0 for none.
 */
struct sk_task_part sk_task_ids_find(struct sk_task_part list,
				     struct sk_task_part id);

#endif
