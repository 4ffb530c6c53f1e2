/* SPDX-License-Identifier: MIT */
/*
 * How far the retrospective of a mission is, by the rows of its event log
 * whose `event_name` begins with "retrospective.".
 */
#ifndef SK_MISSION_RETROSPECTIVE_H
#define SK_MISSION_RETROSPECTIVE_H

#include "format/jsonform.h"
#include "mission/eventlog.h"

/*
 * What status.json says of it; `data` is what the log was read from. Returns
 * an object that is owned, or NULL when there are no such rows.
 */
struct sk_form *sk_retrospective_of(const struct sk_log *log, const char *data);

#endif
