/* SPDX-License-Identifier: MIT */
/*
 * The database of sk-ingestd: events, users and tokens in one SQLite file that
 * only its owner can read. WAL with synchronous=FULL: what a call that returned
 * 0 has written survives a power cut.
 *
 * A handle may be used from any thread; calls take turns. Other processes may
 * have the file open too. Every call may wait two seconds for one of them, and
 * fails with SK_EBUSY when that was not enough, SK_EFULL when the disk is full.
 * Times are seconds since the epoch.
 */
#ifndef SK_SERVER_STORE_H
#define SK_SERVER_STORE_H

#include "base/err.h"
#include "base/str.h"
#include "format/sha256.h"

struct sk_store;

/* Set *out to the file used when none is named. Returns 0 or -1. */
int sk_store_default_path(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

/*
 * Open the database at `path`, making it (0600) and its folder (0700) when they
 * are missing. On success *out is owned, free it with sk_store_close().
 * Returns 0; -1 with SK_EDATA when the file is not ours: readable by others, of
 * another program or a newer version.
 */
int sk_store_open(struct sk_store **out, const char *path,
		  struct sk_err *err) SK_NODISCARD;

/* Move the log into the database file and close. Accepts NULL. */
void sk_store_close(struct sk_store *store);

/* One event to keep; text borrowed for the call. */
struct sk_store_event {
	const char *id; /* as it is compared: one spelling for one id */
	const char *type;
	const char *project; /* NULL = not said */
	const char *data;    /* the event as JSON */
	size_t data_len;
	bool is_new; /* out: false when the id was there already */
};

/*
 * Keep the events whose ids are not there yet: all of them or, on failure,
 * none. Once it returned 0 they are durable. Returns 0 or -1.
 */
int sk_store_add_events(struct sk_store *store, const char *user,
			struct sk_store_event *events, size_t count,
			struct sk_err *err) SK_NODISCARD;

/* One event that is kept; text borrowed for the callback. */
struct sk_store_row {
	int64_t seq;
	const char *received_at;
	const char *data;
	size_t data_len;
};

/*
 * Visit events behind `after` in the order of their arrival, at most `limit`,
 * until `each` returns other than 0. The callback must not use the store.
 * Returns 0; the callback's value; -1.
 */
typedef int sk_store_row_fn(void *ctx, const struct sk_store_row *row);
int sk_store_each_event(struct sk_store *store, int64_t after, unsigned limit,
			sk_store_row_fn *each, void *ctx,
			struct sk_err *err) SK_NODISCARD;

struct sk_user {
	struct sk_str name;
	struct sk_str team; /* slug; may be empty */
	struct sk_str hash; /* of the password */
};

#define SK_USER_INIT                                                           \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT                          \
	}

/* Release what the user holds. */
void sk_user_free(struct sk_user *user);

/* Returns 0; 1 when there is a user of that name already; -1. */
int sk_user_add(struct sk_store *store, const char *name, const char *team,
		const char *hash, struct sk_err *err) SK_NODISCARD;

/*
 * Change the password, or remove the user. Both end all sessions of the user.
 * Return 0; 1 when there is no such user; -1.
 */
int sk_user_set_hash(struct sk_store *store, const char *name, const char *hash,
		     struct sk_err *err) SK_NODISCARD;
int sk_user_remove(struct sk_store *store, const char *name,
		   struct sk_err *err) SK_NODISCARD;

/* Fill *out. Returns 0; 1 when there is no such user; -1. */
int sk_user_get(struct sk_store *store, const char *name, struct sk_user *out,
		struct sk_err *err) SK_NODISCARD;

/* Visit all users by name, without hashes. Returns 0, `each`'s value, -1. */
typedef int sk_user_fn(void *ctx, const char *name, const char *team,
		       const char *created_at);
int sk_user_each(struct sk_store *store, sk_user_fn *each, void *ctx,
		 struct sk_err *err) SK_NODISCARD;

/* A new pair of tokens, as hashes, with the times at which they end. */
struct sk_token_pair {
	unsigned char access[SK_SHA256_LEN];
	unsigned char refresh[SK_SHA256_LEN];
	int64_t access_expires;
	int64_t refresh_expires;
};

/* A used refresh token stays good for this long: its answer may be lost. */
#define SK_TOKEN_GRACE_S 60

/* Returns 0; 1 when the user was removed meanwhile; -1. */
int sk_token_add(struct sk_store *store, const char *user,
		 const struct sk_token_pair *pair,
		 struct sk_err *err) SK_NODISCARD;

/*
 * Exchange a refresh token for the new pair, and fill *user. Returns 0; 1 when
 * the token is unknown or its time is over; -1.
 */
int sk_token_rotate(struct sk_store *store,
		    const unsigned char refresh[SK_SHA256_LEN],
		    const struct sk_token_pair *pair, int64_t now,
		    struct sk_user *user, struct sk_err *err) SK_NODISCARD;

/*
 * Append the name of the user whom the access token speaks for. Returns 0; 1
 * when the token is unknown or its time is over; -1.
 */
int sk_token_user(struct sk_store *store,
		  const unsigned char access[SK_SHA256_LEN], int64_t now,
		  struct sk_str *user, struct sk_err *err) SK_NODISCARD;

#endif
