/* SPDX-License-Identifier: MIT */
/*
 * The batch protocol: how events become a request body, and what an answer of
 * the server means for each of them. Pure functions over bytes; no I/O.
 * Source: docs/wire.md.
 */
#ifndef SK_WIRE_BATCH_H
#define SK_WIRE_BATCH_H

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "wire/http.h"

/* What the server takes at once. Sources: its health answer, else these. */
struct sk_limits {
	int64_t max_events; /* 1000 */
	int64_t max_bytes;  /* uncompressed: min(0.9 * limit, 512 KiB) */
};

#define SK_LIMITS_DEFAULT                                                      \
	{                                                                      \
		1000, 235929                                                   \
	}

/* Read `sync_ingress.limits` of a health answer; what is absent stays. */
void sk_limits_read(struct sk_limits *limits, const char *json, size_t len);

enum sk_category {
	SK_CAT_NONE,
	SK_CAT_SCHEMA_MISMATCH,
	SK_CAT_AUTH_EXPIRED,
	SK_CAT_UNAUTHENTICATED,
	SK_CAT_UNAUTHORIZED,
	SK_CAT_MISSING_PRIVATE_TEAM, /* direct_ingress_missing_private_team */
	SK_CAT_THROTTLED,
	SK_CAT_OVERSIZED_BATCH,
	SK_CAT_OVERSIZED_EVENT,
	SK_CAT_RETRYABLE_TRANSPORT,
	SK_CAT_SERVER_ERROR,
	SK_CAT_MISCONFIGURED, /* a redirect, a portal's HTML, not this API */
	SK_CAT_UNKNOWN,
};

/* Its name in documents and the queue, "throttled"; borrowed for ever. */
const char *sk_category_name(enum sk_category category);

/* What to do next: one sentence naming our commands; "" when nothing helps. */
const char *sk_category_action(enum sk_category category);

/* The category of an error text alone: whole words, first match of the table.
 */
enum sk_category sk_category_of_text(const char *text);

enum sk_verdict {
	SK_VERDICT_NONE, /* the answer says nothing of it: it stays as it is */
	SK_VERDICT_SUCCESS,
	SK_VERDICT_DUPLICATE,
	SK_VERDICT_PENDING, /* taken, not yet processed: stays */
	SK_VERDICT_REJECTED,
};

/* What one answer says of one event. */
struct sk_result {
	enum sk_verdict verdict;
	enum sk_category category; /* of a rejection */
	char *error;		   /* of a rejection; owned */
};

/* What to do about the batch as a whole. */
enum sk_batch_fate {
	SK_BATCH_READ,	 /* results say it, event by event */
	SK_BATCH_SPLIT,	 /* 400 without usable details: halve it */
	SK_BATCH_SHRINK, /* 413 or the like: halve it, keep the new size */
	SK_BATCH_LOG_IN, /* 401 */
	SK_BATCH_LATER,	 /* nothing about the events: try again later */
	SK_BATCH_STOP,	 /* repeating cannot help: 403, redirect, HTML, ... */
};

struct sk_answer {
	enum sk_batch_fate fate;
	enum sk_category category; /* of the batch when it is not READ */
	struct sk_str error;	   /* the server's words, raw; "" when READ */
	struct sk_result *results; /* one for each event sent; owned */
	size_t count;
};

/*
 * Read what came. `ids` maps each event id sent to its index, 0 to count - 1.
 * Only exact, explicit verdicts count: an id that is missing, unknown or named
 * twice with different verdicts has none. *answer is owned, free it with
 * sk_answer_free(). Never fails: what makes no sense is SK_BATCH_STOP.
 */
void sk_answer_read(struct sk_answer *answer,
		    const struct sk_http_response *res,
		    const struct sk_map *ids, size_t count);

/* The same for an exchange that failed with *err (SK_ENET, SK_EDATA). */
void sk_answer_failed(struct sk_answer *answer, const struct sk_err *err,
		      size_t count);

/* Release what the answer holds. */
void sk_answer_free(struct sk_answer *answer);

#endif
