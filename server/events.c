/* SPDX-License-Identifier: MIT */
#include "base/now.h"
#include "format/time.h"
#include "server/transact.h"

static int insert(struct sk_store *store, const char *user, const char *now,
		  struct sk_store_event *ev, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		store->db, "INSERT INTO events(event_id, event_type,"
			   " project_uuid, username, received_at, data)"
			   " VALUES(:id, :type, :project, :user, :now, :data)"
			   " ON CONFLICT(event_id) DO NOTHING");
	int64_t added;

	sk_stmt_text(st, ":id", ev->id);
	sk_stmt_text(st, ":type", ev->type);
	sk_stmt_text(st, ":project", ev->project);
	sk_stmt_text(st, ":user", user);
	sk_stmt_text(st, ":now", now);
	sk_stmt_text_len(st, ":data", ev->data, ev->data_len);
	if (sk_stmt_run_counted(st, &added, err) < 0)
		return -1;
	ev->is_new = added > 0;
	return 0;
}

int sk_store_add_events(struct sk_store *store, const char *user,
			struct sk_store_event *events, size_t count,
			struct sk_err *err)
{
	struct sk_str now = SK_STR_INIT;
	int ret = 0;

	if (!count)
		return 0;
	if (sk_store_begin(store, err) < 0)
		return -1;
	sk_time_add(&now, sk_now_ms() * 1000);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = insert(store, user, now.ptr, &events[i], err);
	ret = sk_store_end(store, ret == 0, err);
	sk_str_free(&now);
	return ret;
}

int sk_store_each_event(struct sk_store *store, int64_t after, unsigned limit,
			sk_store_row_fn *each, void *ctx, struct sk_err *err)
{
	struct sk_stmt *st;
	int rc, stop = 0;

	sk_store_lock(store);
	st = sk_stmt_new(store->db, "SELECT seq, received_at, data FROM events"
				    " WHERE seq > :after ORDER BY seq"
				    " LIMIT :limit");
	sk_stmt_int(st, ":after", after);
	sk_stmt_int(st, ":limit", limit);
	while (!stop && (rc = sk_stmt_step(st, err)) > 0) {
		struct sk_store_row row = {
			.seq = sk_stmt_col_int(st, 0),
			.received_at = sk_stmt_col_text(st, 1, NULL),
		};

		row.data = sk_stmt_col_text(st, 2, &row.data_len);
		stop = each(ctx, &row);
	}
	sk_stmt_free(st);
	sk_store_unlock(store);
	return stop ? stop : rc;
}
