/* SPDX-License-Identifier: MIT */
#include "base/now.h"
#include "format/time.h"
#include "server/sql.h"

static int insert_all(struct sk_store *store, struct sk_stmt *st,
		      struct sk_store_event *events, size_t count,
		      struct sk_err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct sk_store_event *ev = &events[i];

		sk_stmt_text(st, ":id", ev->id);
		sk_stmt_text(st, ":type", ev->type);
		sk_stmt_text(st, ":project", ev->project);
		sk_stmt_text_len(st, ":data", ev->data, ev->data_len);
		if (sk_stmt_run(st, err) < 0)
			return -1;
		ev->is_new = sqlite3_changes(store->db) > 0;
	}
	return 0;
}

int sk_store_add_events(struct sk_store *store, const char *user,
			struct sk_store_event *events, size_t count,
			struct sk_err *err)
{
	struct sk_str now = SK_STR_INIT;
	struct sk_stmt st;
	int ret = -1;

	if (!count)
		return 0;
	if (sk_sql_begin(store, err) < 0)
		return -1;
	st = sk_stmt_new(store,
			 "INSERT INTO events(event_id, event_type,"
			 " project_uuid, username, received_at, data)"
			 " VALUES(:id, :type, :project, :user, :now, :data)"
			 " ON CONFLICT(event_id) DO NOTHING");
	sk_time_add(&now, sk_now_ms() * 1000);
	sk_stmt_text(&st, ":user", user);
	sk_stmt_text(&st, ":now", now.ptr);
	ret = insert_all(store, &st, events, count, err);
	sk_stmt_free(&st);
	ret = sk_sql_end(store, ret == 0, err);
	sk_str_free(&now);
	return ret;
}

int sk_store_each_event(struct sk_store *store, int64_t after, unsigned limit,
			sk_store_row_fn *each, void *ctx, struct sk_err *err)
{
	struct sk_stmt st;
	int rc, stop = 0;

	sk_sql_lock(store);
	st = sk_stmt_new(store, "SELECT seq, received_at, data FROM events"
				" WHERE seq > :after ORDER BY seq"
				" LIMIT :limit");
	sk_stmt_int(&st, ":after", after);
	sk_stmt_int(&st, ":limit", limit);
	while (!stop && (rc = sk_stmt_step(&st, err)) > 0) {
		struct sk_store_row row = {
			.seq = sk_stmt_col_int(&st, 0),
			.received_at = sk_stmt_col_text(&st, 1),
			.data = sk_stmt_col_text(&st, 2),
			.data_len = sk_stmt_col_len(&st, 2),
		};

		stop = each(ctx, &row);
	}
	sk_stmt_free(&st);
	sk_sql_unlock(store);
	return stop ? stop : rc;
}
