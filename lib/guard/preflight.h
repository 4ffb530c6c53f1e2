/* SPDX-License-Identifier: MIT */
/*
 * May this process work on this queue? Compares who we are with whoever the
 * owner record names, and looks for rows that were left behind in the queue
 * without an account. Reads a few small files and one database; changes
 * nothing, asks nobody on the network, takes a few milliseconds.
 */
#ifndef SK_GUARD_PREFLIGHT_H
#define SK_GUARD_PREFLIGHT_H

#include "format/json.h"
#include "guard/identity.h"
#include "guard/owner.h"
#include "outbox/adopt.h"

/* What a canonical field that is not set is shown as. */
#define SK_CANONICAL_UNSET "<unset>"

enum sk_owner_state {
	SK_OWNER_ABSENT,
	SK_OWNER_PRESENT,
	SK_OWNER_ORPHAN,
	SK_OWNER_CORRUPT,
};

struct sk_preflight {
	const struct sk_account *account; /* borrowed: who asks */
	enum sk_owner_state owner_state;
	struct sk_owner owner;		    /* when PRESENT or ORPHAN */
	struct sk_str owner_reason;	    /* why ORPHAN or CORRUPT */
	bool mismatch[SK_CANONICAL_FIELDS]; /* of self and a PRESENT owner */
	size_t mismatches;
	/* rows of the queue without an account, when somebody is logged in */
	struct sk_adoption legacy;
	bool auth_present;
	bool auth_required;
};

#define SK_PREFLIGHT_INIT                                                      \
	{                                                                      \
		.owner = SK_OWNER_INIT, .owner_reason = SK_STR_INIT            \
	}

/*
 * Look, for this account, which is borrowed as long as *out is used. *out is
 * owned, free it with sk_preflight_free(). Returns 0 whatever the answer; -1
 * when it cannot be known, e.g. the queue cannot be read.
 */
int sk_preflight(struct sk_preflight *out, const struct sk_account *account,
		 bool require_auth, struct sk_err *err) SK_NODISCARD;
void sk_preflight_free(struct sk_preflight *pre);

/* Whether the boundary is clean. */
bool sk_preflight_is_ok(const struct sk_preflight *pre);

/*
 * The same but for legacy rows, which a migration is there to take care of, and
 * for a record that a killed sender of ours left: whoever gets the lease
 * replaces it.
 */
bool sk_preflight_may_migrate(const struct sk_preflight *pre);

/* Whether there is such a record. */
bool sk_preflight_is_leftover(const struct sk_preflight *pre);

/*
 * Whether it is clean, or will be once somebody sends: a record of that kind is
 * replaced, and rows that may be taken go along.
 */
bool sk_preflight_is_curable(const struct sk_preflight *pre);

/* Legacy rows that stand in the way: events and body uploads. */
int64_t sk_preflight_legacy_events(const struct sk_preflight *pre);
int64_t sk_preflight_legacy_bodies(const struct sk_preflight *pre);

/*
 * Append what is wrong and what to run, in at most 25 lines of at most 80
 * columns; nothing when all is well.
 */
void sk_preflight_add_text(struct sk_str *out, const struct sk_preflight *pre);

/* Write it as one object (docs/preflight.schema.json). */
void sk_preflight_add_json(struct sk_jsonw *w, const char *key,
			   const struct sk_preflight *pre);

/*
 * The part of it that other documents share: mismatches, orphan_records and
 * owner_record_error, as members of the object being written.
 */
void sk_preflight_add_findings(struct sk_jsonw *w,
			       const struct sk_preflight *pre);

/* Fill *err with the refusal: SK_EBOUNDARY, in one line. Returns -1. */
int sk_preflight_refuse(const struct sk_preflight *pre, struct sk_err *err);

#endif
