/* SPDX-License-Identifier: MIT */
#include "server/transact.h"

void sk_store_lock(struct sk_store *store)
{
	pthread_mutex_lock(&store->lock);
}

void sk_store_unlock(struct sk_store *store)
{
	pthread_mutex_unlock(&store->lock);
}

int sk_store_begin(struct sk_store *store, struct sk_err *err)
{
	sk_store_lock(store);
	if (sk_stmt_run(sk_stmt_new(store->db, "BEGIN IMMEDIATE"), err) == 0)
		return 0;
	sk_store_unlock(store);
	return -1;
}

int sk_store_end(struct sk_store *store, bool ok, struct sk_err *err)
{
	struct sk_err ignored = {0};
	int ret = ok ? sk_stmt_run(sk_stmt_new(store->db, "COMMIT"), err) : -1;

	/* SQLite rolls some failures back by itself */
	if (ret < 0 && sk_sql_in_transaction(store->db) &&
	    sk_sql_exec(store->db, "ROLLBACK", &ignored) < 0)
		ret = -1;
	sk_store_unlock(store);
	return ret;
}
