/* SPDX-License-Identifier: MIT */
/*
 * Who this process is, in the six canonical fields that two processes must
 * agree on before they work on one queue: read from disk alone, changing
 * nothing.
 */
#ifndef SK_GUARD_IDENTITY_H
#define SK_GUARD_IDENTITY_H

#include "wire/credentials.h"

/* In the order in which they are compared and shown. */
enum sk_canonical {
	SK_CANONICAL_VERSION,
	SK_CANONICAL_EXECUTABLE,
	SK_CANONICAL_SOURCE,
	SK_CANONICAL_SERVER,
	SK_CANONICAL_TEAM,
	SK_CANONICAL_QUEUE,
};

#define SK_CANONICAL_FIELDS (SK_CANONICAL_QUEUE + 1)

/* An empty text is a field that is not set. */
struct sk_identity {
	struct sk_str version;
	struct sk_str executable_path; /* of this process, symlinks resolved */
	struct sk_str source_path;     /* the installation it belongs to */
	struct sk_str server_url;      /* set when somebody is logged in */
	struct sk_str team_or_user;    /* `user/team`, likewise */
	struct sk_str queue_db_path;
};

#define SK_IDENTITY_INIT                                                       \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,            \
			SK_STR_INIT, SK_STR_INIT                               \
	}

/* Fill *id for this process and this login; NULL is nobody. Returns 0 or -1. */
int sk_identity_of(struct sk_identity *id, const struct sk_credentials *creds,
		   struct sk_err *err) SK_NODISCARD;

/* Release what the identity holds. */
void sk_identity_free(struct sk_identity *id);

/* The text of one field, borrowed; "" when it is not set. */
const char *sk_identity_get(const struct sk_identity *id,
			    enum sk_canonical field);

/* Its name in documents ("daemon_package_version", ...); borrowed for ever. */
const char *sk_canonical_name(enum sk_canonical field);

/*
 * Whether both mean the same: equal texts, and for the executable also two
 * programs of one installation.
 */
bool sk_canonical_equal(enum sk_canonical field, const char *a, const char *b);

#endif
