/* SPDX-License-Identifier: MIT */
/*
 * Events of contract 1.0.0: the five types, their payloads, their ids, and the
 * envelope around them (docs/wire.md). An event is drafted where it is found
 * and gets its envelope, with the Lamport clock, when it is queued.
 *
 * Ids. A line of an event log keeps its own. All others are ULIDs of a time
 * and the first 80 bits of SHA-256 over what the event is, so that every clone
 * that sees the same fact makes the same id:
 *   WPStatusChanged   author time; project, mission, WP, from, to, that time
 *   ReviewRollback    time of the transition; its id
 *   MissionStarted,   time the mission was created; project, mission, phase
 *   PhaseEntered
 *   MissionCompleted  time of completion; project, mission, that time
 */
#ifndef SK_CONTRACT_EVENT_H
#define SK_CONTRACT_EVENT_H

#include "base/str.h"
#include "format/json.h"
#include "mission/lane.h"

#define SK_CONTRACT_VERSION "1.0.0"

/* An id as text, and its NUL: a ULID, or what a log line brought along. */
#define SK_EVENT_ID_SIZE 37

/*
 * An event without its envelope. Owned; free it with sk_draft_free(). An id
 * that is made of the project's uuid was another one while the project had
 * another uuid: the former ids, one for each former uuid.
 */
struct sk_draft {
	char event_id[SK_EVENT_ID_SIZE];
	char (*former_ids)[SK_EVENT_ID_SIZE];
	size_t former_count;	/* 0 for the id of a log's line */
	const char *event_type; /* one of the five, for ever */
	char *aggregate_id;
	char *causation_id;    /* NULL when nothing caused it */
	int64_t at_us;	       /* when it happened, microseconds */
	struct sk_str payload; /* a JSON object */
};

/* Release what the draft holds. */
void sk_draft_free(struct sk_draft *draft);

/* The project all events of a repository belong to; borrowed text. */
struct sk_project_id {
	const char *uuid;
	const char *slug;
	const char *const *formers; /* uuids it had before; mostly none */
	size_t former_count;
};

/* One work package going from one lane to another; all borrowed. */
struct sk_transition {
	const char *event_id; /* NULL: derive one */
	const char *mission;
	const char *wp_id;
	enum sk_lane from, to;
	int64_t at_us;
	const char *actor;
	bool force;
	const char *reason; /* may be NULL, as the following */
	const char *review_ref;
	const char *execution_mode; /* as in the log */
	const struct sk_json *evidence;
};

/* A WPStatusChanged. *out is owned. */
void sk_draft_status_changed(struct sk_draft *out,
			     const struct sk_project_id *project,
			     const struct sk_transition *transition);

/* A transition back from review to work is also a ReviewRollback. */
bool sk_transition_is_rollback(const struct sk_transition *transition);

/* Its ReviewRollback; `cause` is the draft of the transition. *out is owned. */
void sk_draft_rollback(struct sk_draft *out,
		       const struct sk_transition *transition,
		       const struct sk_draft *cause);

/* What the events of a whole mission say; all borrowed. */
struct sk_mission_fact {
	const char *mission;	 /* slug: the folder's name */
	const char *mission_key; /* its type: "software-dev", ... */
	const char *actor;	 /* who made the commit */
	int64_t created_us;	 /* `created_at` of meta.json, else `at_us` */
	int64_t at_us;
};

/* A MissionStarted. *out is owned. */
void sk_draft_mission_started(struct sk_draft *out,
			      const struct sk_project_id *project,
			      const struct sk_mission_fact *fact);

/*
 * A PhaseEntered; phases: specify, plan, tasks, implement, review. *out is
 * owned.
 */
void sk_draft_phase_entered(struct sk_draft *out,
			    const struct sk_project_id *project,
			    const struct sk_mission_fact *fact,
			    const char *phase);

/* A MissionCompleted; of how many WPs how many are done. *out is owned. */
void sk_draft_mission_completed(struct sk_draft *out,
				const struct sk_project_id *project,
				const struct sk_mission_fact *fact,
				int64_t wp_count, int64_t done_count);

/* Append the whole event, JSON on one line, as spec-kitty's queue has it. */
void sk_envelope_add(struct sk_str *out, const struct sk_draft *draft,
		     const struct sk_project_id *project, const char *node_id,
		     int64_t lamport_clock);

#endif
