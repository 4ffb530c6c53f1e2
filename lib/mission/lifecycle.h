/* SPDX-License-Identifier: MIT */
/*
 * The rows of an event log that tell how far a mission is, and no lane: it was
 * created, its spec, plan and tasks were begun and completed, work packages
 * were made. Byte for byte as spec-kitty writes them. Each is there once for a
 * mission, those of work packages once for each.
 */
#ifndef SK_MISSION_LIFECYCLE_H
#define SK_MISSION_LIFECYCLE_H

#include "base/words.h"
#include "format/jsonform.h"
#include "mission/eventlog.h"

/* What rows have in common; all borrowed. */
struct sk_lifecycle {
	const char *mission_slug;
	const struct sk_form *meta; /* of the mission; NULL: unreadable */
	const char *actor;
	const char *project_uuid; /* NULL is null, as for the next */
	const char *project_slug;
	int64_t at_us;
	/* the log they go to, and its bytes: no row is added that it has */
	const struct sk_log *log;
	const char *data;
};

/* Append "MissionCreated", which tells what meta.json does. */
void sk_lifecycle_add_created(struct sk_str *out,
			      const struct sk_lifecycle *life);

/* Append "SpecifyStarted", "PlanStarted" or "TasksStarted". */
void sk_lifecycle_add_started(struct sk_str *out,
			      const struct sk_lifecycle *life,
			      const char *type);

/*
 * Append "SpecifyCompleted", "PlanCompleted" or "TasksCompleted"; `file` is the
 * name of what was made, within the folder. A `wp_count` below 0 is not told.
 */
void sk_lifecycle_add_completed(struct sk_str *out,
				const struct sk_lifecycle *life,
				const char *type, const char *file,
				int64_t wp_count);

/* A work package that was made; all borrowed. */
struct sk_lifecycle_wp {
	const char *id;
	const char *title; /* NULL: the id */
	const char *file;  /* "tasks/WP01-x.md" */
	const struct sk_words *dependencies;
};

/* Append "WPCreated". */
void sk_lifecycle_add_wp(struct sk_str *out, const struct sk_lifecycle *life,
			 const struct sk_lifecycle_wp *wp);

#endif
