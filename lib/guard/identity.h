/* SPDX-License-Identifier: MIT */
/*
 * Who this process is, in the six canonical fields that two processes must
 * agree on before they work on one queue: its program, and its account.
 */
#ifndef SK_GUARD_IDENTITY_H
#define SK_GUARD_IDENTITY_H

#include "guard/account.h"

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

/* One field of this process, borrowed; "" when it is not set. */
const char *sk_identity_get(const struct sk_account *account,
			    enum sk_canonical field);

/* Its name in documents ("daemon_package_version", ...); borrowed for ever. */
const char *sk_canonical_name(enum sk_canonical field);

/*
 * Whether both mean the same: equal texts, and for the executable also two
 * programs of one installation.
 */
bool sk_canonical_equal(enum sk_canonical field, const char *a, const char *b);

#endif
