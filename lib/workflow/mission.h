/* SPDX-License-Identifier: MIT */
/*
 * What a mission says of itself: its state is that of all its event logs
 * together. Where none of them has a transition, the lanes are those that the
 * work package files have; one that nobody has moved is planned.
 */
#ifndef SK_WORKFLOW_MISSION_H
#define SK_WORKFLOW_MISSION_H

#include "workflow/missions.h"

/*
 * Fill the rest of *m. What cannot be read is no failure: m->fault says why,
 * m->unreadable counts lines. Does nothing the second time.
 */
void sk_mission_read(struct sk_mission *m, const struct sk_missions *all);

/* Only what meta.json says. */
void sk_mission_read_meta(struct sk_mission *m, const struct sk_missions *all);

/* The titles, behind sk_mission_read(): opens each work package file. */
void sk_mission_read_titles(struct sk_mission *m,
			    const struct sk_missions *all);

/* Release what these have filled in. */
void sk_mission_forget(struct sk_mission *m);

/* The work package of that id, behind sk_mission_read(); NULL: none. */
const struct sk_package *sk_mission_package(const struct sk_mission *m,
					    const char *id);

/* Nothing is left to be done: there are work packages, all done or canceled. */
bool sk_mission_is_finished(const struct sk_mission *m);

/*
 * Append a file of the mission, of at most `max` bytes; `name` is for the
 * message. Returns false, with m->fault set unless it is, when it cannot be
 * read.
 */
bool sk_mission_read_file(struct sk_str *out, struct sk_mission *m,
			  const struct sk_missions *all,
			  const struct sk_oid *blob, const char *name,
			  size_t max);

#endif
