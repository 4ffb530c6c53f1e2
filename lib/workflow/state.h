/* SPDX-License-Identifier: MIT */
/*
 * All event logs of one mission, united: those of a clone's branches are copies
 * that grew apart, and a transition is the same one wherever its id stands. A
 * log that is the beginning of another is not read again.
 */
#ifndef SK_WORKFLOW_STATE_H
#define SK_WORKFLOW_STATE_H

#include "mission/reduce.h"
#include "workflow/missions.h"

struct sk_state_log {
	struct sk_oid blob;
	struct sk_raw raw;
	struct sk_log log; /* empty when `whole` is set */
	size_t whole;	   /* the log this one begins, or its own place */
	size_t rows;	   /* how many it has */
};

struct sk_state {
	struct sk_state_log *logs; /* the longest first */
	size_t count, cap;
	struct sk_reduced reduced; /* of all of them */
	size_t unreadable;	   /* lines, each once */
	struct sk_err fault;	   /* of a log that cannot be read */
	struct sk_oid missing;	   /* such a log is not here; len 0: it is */
};

#define SK_STATE_INIT                                                          \
	{                                                                      \
		.reduced = SK_REDUCED_INIT                                     \
	}

/*
 * Read those of all versions. A log that cannot be read is left out, and told
 * in `fault`. *state is owned: sk_state_free(), before the repository is
 * closed.
 */
void sk_state_read(struct sk_state *state, const struct sk_mission *m,
		   const struct sk_missions *all);
void sk_state_free(struct sk_state *state);

/* The newest of all transitions; NULL when there is none. */
const struct sk_log_row *sk_state_newest(const struct sk_state *state);

/* The log of that blob; NULL when it was not read. */
const struct sk_state_log *sk_state_log(const struct sk_state *state,
					const struct sk_oid *blob);

/* Whether a log has that row, which is one of the state. */
bool sk_state_log_has(const struct sk_state *state,
		      const struct sk_state_log *log,
		      const struct sk_log_row *row);

/* How many transitions one log has that the other lacks; NULL lacks all. */
size_t sk_state_ahead(const struct sk_state *state,
		      const struct sk_state_log *log,
		      const struct sk_state_log *other);

/*
 * Append who made a transition: the text it has, or what an object is called.
 * Appends nothing when nobody is named.
 */
void sk_state_add_actor(struct sk_str *out, const struct sk_state *state,
			const struct sk_log_row *row);

/* The same of the value of `actor`, as it stands in a row. */
void sk_actor_add_span(struct sk_str *out, const struct sk_json_span *value);

#endif
