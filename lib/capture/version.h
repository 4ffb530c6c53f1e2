/* SPDX-License-Identifier: MIT */
/*
 * The versions of event logs that a walk meets. A log mostly grows: a version
 * that begins with the bytes of one that is known is that one and its own rows
 * behind, so that each line is parsed once, and none before somebody asks.
 */
#ifndef SK_CAPTURE_VERSION_H
#define SK_CAPTURE_VERSION_H

#include "capture/reader.h"
#include "mission/eventlog.h"

/* Lanes whose first row is a milestone. */
enum sk_reach {
	SK_REACH_WORK,
	SK_REACH_REVIEW,
	SK_REACHES, /* how many there are */
};

struct sk_version_text; /* bytes that versions share */

struct sk_version {
	struct sk_version *prev; /* what it grew from, or NULL */
	struct sk_version_text *text;
	size_t len;	     /* in bytes, those of `prev` included */
	struct sk_log own;   /* rows behind those of `prev`, read so far */
	struct sk_map *keys; /* of these; NULL: nobody has asked yet */
	bool is_blank;
	signed char reached[SK_REACHES]; /* 1 yes, -1 no, 0 not known */
};

/* All that are known. */
struct sk_versions;
struct sk_versions *sk_versions_new(void);
void sk_versions_free(struct sk_versions *all);

/* Forget everything once it has become much; no version may be in use. */
void sk_versions_trim(struct sk_versions *all);

/*
 * The version that is this blob, borrowed until the versions are trimmed; it
 * may have grown from one of `parents` (some may be NULL). Returns 0 or -1.
 */
int sk_version_get(struct sk_version **out, struct sk_versions *all,
		   struct sk_reader *reader, const struct sk_oid *blob,
		   struct sk_version *const *parents, size_t count,
		   struct sk_err *err) SK_NODISCARD;

/* Its bytes; borrowed until another version is got. */
const char *sk_version_bytes(const struct sk_version *version);

/* Whether it is `base`, or grew from it in one or more steps. */
bool sk_version_is_from(const struct sk_version *version,
			const struct sk_version *base);

/*
 * Visit, in order, the parts that `version` has behind `base` (NULL: all of
 * them), every line of them read. Stops when `each` returns non-zero. Returns
 * that, or 0.
 */
typedef int sk_version_fn(void *ctx, const struct sk_version *part);
int sk_version_each(struct sk_version *version, const struct sk_version *base,
		    sk_version_fn *each, void *ctx);

/* Whether a row has this id, or a line that cannot be read this key. */
bool sk_version_has(struct sk_version *version, const char *key);

/* Whether some row came so far; reads no more lines than it takes. */
bool sk_version_reached(struct sk_version *version, enum sk_reach reach);
bool sk_lane_reaches(enum sk_lane lane, enum sk_reach reach);

#endif
