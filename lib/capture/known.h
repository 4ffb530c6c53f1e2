/* SPDX-License-Identifier: MIT */
/*
 * The ids that stand in logs outside of a walk: in the commits it begins
 * behind. What a log of a parent holds, in whichever mission, was brought by a
 * commit of the walk or stands there; it is not new, wherever it went.
 */
#ifndef SK_CAPTURE_KNOWN_H
#define SK_CAPTURE_KNOWN_H

#include "base/map.h"
#include "capture/version.h"

struct sk_known {
	struct sk_oid *trees; /* of kitty-specs/, outside of the walk */
	size_t count, cap;
	size_t read;	     /* so many of these have been */
	struct sk_oid late;  /* a log of theirs that is; its `len` may be 0 */
	struct sk_map index; /* the trees, by raw id */
	struct sk_map keys;  /* ids of rows, keys of faults */
};

/* Add the kitty-specs/ of a commit outside of the walk; read when asked. */
void sk_known_add(struct sk_known *known, const struct sk_oid *tree);
void sk_known_free(struct sk_known *known);

/*
 * Whether one of them holds it, logs being late where `reader` says. What else
 * cannot be read, or is more than a commit may cost, is not there. Returns 0; 1
 * when none does; -1, and the reader is stopped, when a log that is late may.
 */
int sk_known_has(struct sk_known *known, struct sk_versions *versions,
		 struct sk_reader *reader, const char *key,
		 struct sk_err *err) SK_NODISCARD;

#endif
