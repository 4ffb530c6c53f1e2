/* SPDX-License-Identifier: MIT */
/*
 * A parcel: rows of the queue, in order, checked and made ready to be sent
 * together. Any range of its items can be sent alone, which is how a refused
 * batch is halved. Rows that cannot be sent at all are set aside with a reason
 * as misfits. Memory is reused from one filling to the next.
 */
#ifndef SK_DELIVER_PARCEL_H
#define SK_DELIVER_PARCEL_H

#include "base/map.h"
#include "outbox/queue.h"
#include "wire/batch.h"

/* Offsets, because the strings they point into grow. */
struct sk_parcel_item {
	struct sk_queue_pos pos;
	size_t id;		   /* in `text` */
	size_t start, end;	   /* what is sent, in `body` */
	size_t stored, stored_len; /* in `text`, when it is not what is sent */
	bool is_changed;
	int64_t retry_count;
};

struct sk_misfit {
	struct sk_queue_pos pos;
	size_t id, reason;	   /* in `text` */
	size_t stored, stored_len; /* in `text` */
};

struct sk_parcel {
	struct sk_parcel_item *items;
	size_t count, cap;
	struct sk_misfit *misfits;
	size_t misfit_count, misfit_cap;
	struct sk_queue_pos
		last;	    /* the last row taken, or where filling began */
	struct sk_str body; /* the request body, uncompressed */
	struct sk_str text;
	struct sk_map ids; /* of the items, each with its index */
};

#define SK_PARCEL_INIT                                                         \
	{                                                                      \
		.body = SK_STR_INIT, .text = SK_STR_INIT, .ids = SK_MAP_INIT   \
	}

/* Release the memory; the parcel is empty and usable again. */
void sk_parcel_free(struct sk_parcel *parcel);

/*
 * Empty it and take the rows behind `after`, as many as the limits allow, at
 * least one, but none whose id is in `skip`. None is left when it stays empty
 * of items and misfits. Returns 0 or -1.
 */
int sk_parcel_fill(struct sk_parcel *parcel, struct sk_outbox *box,
		   struct sk_queue_pos after, const struct sk_map *skip,
		   const struct sk_limits *limits,
		   struct sk_err *err) SK_NODISCARD;

/* Whether the last filling took nothing, neither items nor misfits. */
bool sk_parcel_is_empty(const struct sk_parcel *parcel);

/* Id and stored bytes of an item; borrowed until the next filling. */
const char *sk_parcel_id(const struct sk_parcel *parcel, size_t item);
const char *sk_parcel_stored(const struct sk_parcel *parcel, size_t item,
			     size_t *len);

/* Size of the uncompressed body with the items from `from` up to `to`. */
size_t sk_parcel_bytes(const struct sk_parcel *parcel, size_t from, size_t to);

/* The end of the longest range from `from` that the limits allow. */
size_t sk_parcel_fit(const struct sk_parcel *parcel, size_t from, size_t to,
		     const struct sk_limits *limits);

/* Set *out to the compressed body of that range. */
void sk_parcel_pack(const struct sk_parcel *parcel, size_t from, size_t to,
		    struct sk_str *scratch, struct sk_str *out);

/* Set *ids to the ids of that range, each with its index in it. */
void sk_parcel_ids(const struct sk_parcel *parcel, size_t from, size_t to,
		   struct sk_map *ids);

#endif
