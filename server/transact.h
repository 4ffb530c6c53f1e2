/* SPDX-License-Identifier: MIT */
/*
 * How the files of the store take turns at its connection. Private to them.
 */
#ifndef SK_SERVER_TRANSACT_H
#define SK_SERVER_TRANSACT_H

#include <pthread.h>

#include "server/store.h"
#include "sql/stmt.h"

struct sk_store {
	struct sk_sql *db;
	pthread_mutex_t lock;
};

/* Take the store for reading alone, and give it back. */
void sk_store_lock(struct sk_store *store);
void sk_store_unlock(struct sk_store *store);

/*
 * Take it for a write transaction (BEGIN IMMEDIATE). Returns 0; -1 when it was
 * not taken.
 */
int sk_store_begin(struct sk_store *store, struct sk_err *err) SK_NODISCARD;

/*
 * Commit when `ok`, else roll back, and give the store back. Returns 0 once
 * everything is written; -1 when nothing is, always when not `ok`.
 */
int sk_store_end(struct sk_store *store, bool ok,
		 struct sk_err *err) SK_NODISCARD;

#endif
