/* SPDX-License-Identifier: MIT */
/*
 * tasks.md: the work packages of a mission, what they depend on,
 * which requirements they meet, and which of their subtasks are open.
 *
 * The section of a work package begins with a heading of level 2 to 4 that
 * starts with "WPnn", "Work Package WPnn" or "Work Package n". It ends at the
 * next of these, or at a heading of level 1 or 2 that does not say
 * "Dependencies"; headings below are part of it. What tasktext.h hides, code
 * and comments, is no task.
 */
#ifndef SK_MISSION_TASKSDOC_H
#define SK_MISSION_TASKSDOC_H

#include "base/map.h"
#include "base/words.h"
#include "mission/wpfile.h"

/* A work package; of several sections of one, all of them. */
struct sk_tasks_wp {
	char id[SK_WP_ID_MAX];
	char *title;
	bool says_dependencies; /* that there are none, perhaps */
	struct sk_words dependencies;
	struct sk_words requirement_refs; /* upper case */
	struct sk_words owned_files;	  /* of a manifest */
	struct sk_words unchecked;	  /* what open boxes say */
};

struct sk_tasks {
	struct sk_tasks_wp *wps; /* in the order of the file */
	size_t len, cap;
	struct sk_map places; /* of each id in `wps` */
};

#define SK_TASKS_INIT                                                          \
	{                                                                      \
		NULL, 0, 0, SK_MAP_INIT                                        \
	}

/* Read the bytes of a tasks.md into an empty *out, sk_tasks_free() it. */
void sk_tasks_read(struct sk_tasks *out, const char *data, size_t len);

/* Release the memory; it is empty and usable again. */
void sk_tasks_free(struct sk_tasks *tasks);

/* Append a work package of that id that says nothing yet; borrowed. */
struct sk_tasks_wp *sk_tasks_add(struct sk_tasks *tasks, const char *id);

/* The work package of that id; borrowed. NULL when there is none. */
struct sk_tasks_wp *sk_tasks_find(const struct sk_tasks *tasks, const char *id);

#endif
