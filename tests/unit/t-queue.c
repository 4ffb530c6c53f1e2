/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>

#include "base/now.h"
#include "outbox/outcome.h"
#include "outbox/stats.h"
#include "tests/unit/box.h"

/* What a run of sk_queue_each() saw. */
struct seen {
	struct sk_outbox *box;
	int64_t count, bytes;
	int64_t stop_at;
	struct sk_queue_pos last;
	struct sk_str ids, data;
};

static int see(void *ctx, const struct sk_queue_row *row)
{
	struct seen *seen = ctx;

	seen->count++;
	seen->bytes += (int64_t)row->data_len;
	seen->last = row->pos;
	if (seen->count <= 20) {
		sk_str_addf(&seen->ids, "%s,", row->event_id);
		sk_str_clear(&seen->data);
		sk_str_add(&seen->data, row->data, row->data_len);
	}
	return seen->count == seen->stop_at ? 5 : 0;
}

static void seen_init(struct seen *seen)
{
	*seen = (struct seen){.ids = SK_STR_INIT, .data = SK_STR_INIT};
}

static void seen_free(struct seen *seen)
{
	sk_str_free(&seen->ids);
	sk_str_free(&seen->data);
}

static void check_ids(struct fixture *fx, struct sk_outbox *box,
		      const char *want, const char *name)
{
	struct sk_queue_pos start = {0};
	struct seen seen;

	seen_init(&seen);
	if (sk_queue_each(box, start, see, &seen, &fx->err) < 0)
		sk_str_puts(&seen.ids, fx->err.msg);
	is(seen.ids.ptr, want, name);
	seen_free(&seen);
}

static void test_order(struct fixture *fx)
{
	const char *path = fixture_path(fx, "order.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_queue_pos start = {0};
	struct seen seen;

	check_ids(fx, box, "", "each: an empty queue has no rows");
	sql(path, "INSERT INTO queue(event_id, event_type, data, timestamp,"
		  " retry_count) VALUES('c', 't', '1', 20, 0),"
		  " ('a', 't', '2', 10, NULL), ('held', 't', '3', 10, 5),"
		  " ('b', 't', '4', 10, 4), ('neg', 't', '5', -3, 0)");
	check_ids(fx, box, "neg,a,b,c,",
		  "each: by time, then id, held skipped");
	seen_init(&seen);
	seen.stop_at = 2;
	ok(sk_queue_each(box, start, see, &seen, &fx->err) == 5,
	   "each: the callback stops it");
	start = seen.last;
	seen.stop_at = 0;
	ok(sk_queue_each(box, start, see, &seen, &fx->err) == 0,
	   "each: goes on behind a place");
	is(seen.ids.ptr, "neg,a,b,c,", "each: no row twice, none left out");
	ok(sk_queue_ready(box, &fx->err) == 4, "ready: held rows don't count");
	seen_free(&seen);
	sk_outbox_close(box);
}

/* A table another program made without constraints; all kinds of values. */
static void make_odd(const char *path)
{
	sql(path, "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT,"
		  " event_id TEXT UNIQUE, event_type TEXT, data TEXT,"
		  " timestamp INTEGER, retry_count INTEGER)");
	sql(path, "INSERT INTO queue(event_id, event_type, data, timestamp,"
		  " retry_count) VALUES"
		  " ('null', 't', NULL, 1, NULL),"
		  " ('blob', NULL, x'7b007d', 2, 'x'),"
		  " (NULL, 't', 'noid', 3, 0),"
		  " (x'6200', 't', '{}', 4, 0),"
		  " ('real', 't', '{}', 1.5, 0),"
		  " ('text', 't', '{}', 'soon', 0),"
		  " ('never', 't', '{}', NULL, 0),"
		  " ('max', 't', '{}', 9223372036854775807, 0),"
		  " ('after', 't', 5, 5, 0)");
}

struct park_all {
	struct sk_outbox *box;
	struct sk_err *err;
	int parked;
};

static int park_row(void *ctx, const struct sk_queue_row *row)
{
	struct park_all *all = ctx;

	if (sk_queue_park(all->box, row->pos, row->event_id, row->data,
			  row->data_len, "unknown", "odd", 9, all->err) != 0)
		return -1;
	all->parked++;
	return 0;
}

static void test_odd_rows(struct fixture *fx)
{
	const char *path = fixture_path(fx, "odd.db");
	struct sk_queue_pos start = {0};
	struct sk_outbox *box;
	struct park_all all;
	struct seen seen;
	int64_t count;

	make_odd(path);
	box = must_open(fx, path);
	check_ids(fx, box, "null,blob,,b,after,real,text,never,max,",
		  "odd: each row is visited, odd times last");
	seen_init(&seen);
	for (seen.stop_at = 1; seen.stop_at < 30; seen.stop_at++) {
		if (sk_queue_each(box, start, see, &seen, &fx->err) != 5)
			break;
		start = seen.last;
	}
	ok(seen.count == 9, "odd: going on behind a place ends too");
	seen_free(&seen);
	all = (struct park_all){.box = box, .err = &fx->err};
	start = (struct sk_queue_pos){0};
	ok(sk_outbox_begin(box, &fx->err) == 0 &&
		   sk_queue_each(box, start, park_row, &all, &fx->err) == 0 &&
		   sk_outbox_commit(box, &fx->err) == 0 && all.parked == 9,
	   "odd: each can be parked");
	ok(sql(path, "SELECT count(*) FROM sk_parked") == 9 &&
		   sql(path, "SELECT count(*) FROM queue") == 0,
	   "odd: no parked row takes another's place");
	ok(sql(path, "SELECT count(*) FROM sk_parked"
		     " WHERE event_id = 'row-3'") == 1,
	   "odd: a row without an id is parked under its number");
	ok(sql(path, "SELECT hex(data) = '7B007D' AND size_bytes = 3"
		     " FROM sk_parked WHERE event_id = 'blob'") == 1,
	   "odd: parked bytes are those that were queued");
	ok(sk_outbox_begin(box, &fx->err) == 0 &&
		   sk_queue_retry(box, NULL, 50, &count, &fx->err) == 0 &&
		   count == 9 && sk_outbox_commit(box, &fx->err) == 0 &&
		   sk_queue_ready(box, &fx->err) == 9,
	   "odd: all come back by a retry");
	sk_outbox_close(box);
}

static struct sk_queue_pos first_pos(struct fixture *fx, struct sk_outbox *box)
{
	struct sk_queue_pos start = {0};
	struct seen seen;

	seen_init(&seen);
	seen.stop_at = 1;
	if (sk_queue_each(box, start, see, &seen, &fx->err) < 0)
		abort();
	seen_free(&seen);
	return seen.last;
}

static void test_settle(struct fixture *fx)
{
	const char *path = fixture_path(fx, "settle.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_queue_pos pos;
	struct sk_err *err = &fx->err;

	sql(path, "INSERT INTO queue(event_id, event_type, data, timestamp)"
		  " VALUES('P', 't', 'new', 1)");
	ok(add_one(fx, box, "E", "{}") == 0, "settle: a row of ours");
	pos = first_pos(fx, box);
	ok(sk_queue_ack(box, pos, "P", "new", 3, SK_ACK_DELIVERED, 7, err) < 0,
	   "settle: refused outside of a transaction");
	if (sk_outbox_begin(box, err) < 0)
		ok(false, "settle: %s", err->msg);
	ok(sk_queue_ack(box, pos, "P", "old", 3, SK_ACK_DELIVERED, 7, err) ==
			   1 &&
		   sk_queue_ack(box, pos, "Q", "new", 3, SK_ACK_DELIVERED, 7,
				err) == 1 &&
		   sk_queue_reject(box, pos, "P", "ne", 2, "c", "e", 7, err) ==
			   1 &&
		   sk_queue_park(box, pos, "P", "", 0, "c", "e", 7, err) == 1,
	   "settle: a row replaced meanwhile is left alone");
	ok(sk_queue_ack(box, pos, "P", "new", 3, SK_ACK_DUPLICATE, 7, err) ==
			   0 &&
		   sk_queue_ack(box, pos, "P", "new", 3, SK_ACK_DELIVERED, 7,
				err) == 1,
	   "settle: takes the row out, once");
	ok(sk_outbox_commit(box, err) == 0, "settle: commits");
	pos = first_pos(fx, box);
	if (sk_outbox_begin(box, err) < 0 ||
	    sk_queue_reject(box, pos, "E", "{}", 2, "c", "e", 7, err) < 0)
		ok(false, "settle: %s", err->msg);
	ok(sk_queue_ack(box, pos, "E", "{}", 2, SK_ACK_DELIVERED, 8, err) ==
			   0 &&
		   sk_outbox_commit(box, err) == 0,
	   "settle: a row that was rejected before can be delivered");
	sk_outbox_close(box);
	ok(sql(path, "SELECT count(*) FROM sk_ledger WHERE"
		     " (event_id = 'P' AND state = 'duplicate'"
		     "  AND settled_at = 7 AND commit_id IS NULL) OR"
		     " (event_id = 'E' AND state = 'delivered'"
		     "  AND settled_at = 8 AND captured_at = 100"
		     "  AND commit_id = 'c0ffee')") == 2,
	   "settle: the ledger tells what became of each");
	ok(sql(path, "SELECT (SELECT count(*) FROM queue) +"
		     " (SELECT count(*) FROM sk_error)") == 0,
	   "settle: nothing else is left of them");
}

static int see_stuck(void *ctx, const struct sk_stuck_row *row)
{
	struct sk_str *text = ctx;

	sk_str_addf(text, "%s %s %s %s %s %d %d;",
		    row->parked ? "parked" : "held", row->event_id,
		    row->event_type, row->category, row->error,
		    (int)row->size_bytes, (int)row->retry_count);
	return 0;
}

static void check_stuck(struct fixture *fx, struct sk_outbox *box,
			const char *want, const char *name)
{
	struct sk_str text = SK_STR_INIT;

	if (sk_stuck_each(box, see_stuck, &text, &fx->err) < 0)
		sk_str_puts(&text, fx->err.msg);
	is(text.ptr, want, name);
	sk_str_free(&text);
}

static void reject(struct fixture *fx, struct sk_outbox *box, const char *id)
{
	struct sk_queue_pos pos = first_pos(fx, box);

	if (sk_outbox_begin(box, &fx->err) < 0 ||
	    sk_queue_reject(box, pos, id, "{}", 2, "schema_mismatch", "bad", 9,
			    &fx->err) != 0 ||
	    sk_outbox_commit(box, &fx->err) < 0)
		ok(false, "reject: %s", fx->err.msg);
}

static void test_stuck(struct fixture *fx)
{
	struct sk_outbox *box = must_open(fx, fixture_path(fx, "stuck.db"));
	struct sk_queue_pos pos;
	int64_t count;

	add_one(fx, box, "H", "{}");
	add_one(fx, box, "K", "{\"n\":1}");
	for (int i = 1; i < SK_OUTBOX_HELD_AT; i++)
		reject(fx, box, "H");
	check_ids(fx, box, "H,K,", "reject: four times is not held yet");
	reject(fx, box, "H");
	check_ids(fx, box, "K,", "reject: the fifth holds it");
	pos = first_pos(fx, box);
	ok(sk_outbox_begin(box, &fx->err) == 0 &&
		   sk_queue_park(box, pos, "K", "{\"n\":1}", 7,
				 "oversized_event", "big", 9, &fx->err) == 0 &&
		   sk_outbox_commit(box, &fx->err) == 0,
	   "park: takes the row out");
	check_stuck(fx, box,
		    "held H WPStatusChanged schema_mismatch bad 2 5;"
		    "parked K WPStatusChanged oversized_event big 7 0;",
		    "stuck: held and parked, with their reasons");
	ok(add_one(fx, box, "K", "{}") == 1, "park: a parked id is known");
	ok(sk_queue_retry(box, "K", 500, &count, &fx->err) < 0,
	   "retry: refused outside of a transaction");
	ok(sk_outbox_begin(box, &fx->err) == 0 &&
		   sk_queue_retry(box, "none", 500, &count, &fx->err) == 1 &&
		   count == 0,
	   "retry: an id that is not stuck is told");
	ok(sk_queue_retry(box, "H", 500, &count, &fx->err) == 0 && count == 1,
	   "retry: one by its id");
	ok(sk_queue_retry(box, NULL, 500, &count, &fx->err) == 0 && count == 1,
	   "retry: all that are left");
	ok(sk_outbox_commit(box, &fx->err) == 0, "retry: commits");
	check_ids(fx, box, "H,K,", "retry: both are sent again");
	check_stuck(fx, box, "", "retry: nothing is stuck any more");
	sk_outbox_close(box);
}

/* A million bytes of row data a step, however many rows there are. */
static void test_many(struct fixture *fx)
{
	const char *path = fixture_path(fx, "many.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_queue_pos start = {0};
	struct rusage before, after;
	struct sk_queue_stats stats;
	struct seen seen;
	int64_t spent;

	sql(path, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
		  " FROM n WHERE i < 100000) INSERT INTO queue(event_id,"
		  " event_type, data, timestamp, retry_count)"
		  " SELECT 'E' || i, 'type' || (i % 7), printf('%500d', i),"
		  " 1700000000, i % 6 FROM n; INSERT INTO sk_ledger(event_id,"
		  " state) VALUES('D', 'delivered'), ('U', 'duplicate'),"
		  " ('Q', 'queued')");
	seen_init(&seen);
	getrusage(RUSAGE_SELF, &before);
	spent = sk_mono_ms();
	ok(sk_queue_each(box, start, see, &seen, &fx->err) == 0 &&
		   seen.count == 83334 && seen.bytes == 83334 * 500,
	   "many: each row is visited once");
	printf("# each: %d ms\n", (int)(sk_mono_ms() - spent));
	getrusage(RUSAGE_SELF, &after);
	ok(after.ru_maxrss - before.ru_maxrss < 16 * 1024,
	   "many: memory stays flat");
	seen_free(&seen);
	spent = sk_mono_ms();
	ok(sk_queue_stats(box, &stats, &fx->err) == 0, "stats: are counted");
	printf("# stats: %d ms\n", (int)(sk_mono_ms() - spent));
	ok(stats.depth == 100000 && stats.held == 16666 && stats.parked == 0 &&
		   stats.bodies == 0 && stats.body_failures == 0 &&
		   stats.unreadable == 0 && stats.delivered == 2 &&
		   stats.oldest == 1700000000,
	   "stats: the numbers are right");
	ok(stats.retried[0] == 16666 && stats.retried[1] == 50001 &&
		   stats.retried[2] == 33333,
	   "stats: rows by number of retries");
	ok(stats.types == SK_STATS_TYPES && stats.type[0].count == 14286 &&
		   strcmp(stats.type[0].name, "type1") == 0,
	   "stats: the most frequent types first");
	sk_outbox_close(box);
}

/* A callback may take its time: others can write and checkpoint meanwhile. */
static int truncate_wal(void *ctx, const struct sk_queue_row *row)
{
	int64_t *busy = ctx;
	const char *path = row->data;

	*busy = sql(path, "INSERT INTO queue(event_id, event_type, data,"
			  " timestamp) VALUES('late', 't', '', 1);"
			  "PRAGMA wal_checkpoint(TRUNCATE)");
	return 5;
}

static void test_no_read_stays_open(struct fixture *fx)
{
	const char *path = fixture_path(fx, "slow.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_queue_pos start = {0};
	int64_t busy = -1;

	add_one(fx, box, "E", path);
	/* so many bytes that the step ends before its statement does */
	sql(path, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
		  " FROM n WHERE i < 400) INSERT INTO queue(event_id,"
		  " event_type, data, timestamp)"
		  " SELECT 'E' || i, 't', printf('%9000d', i), 1000 FROM n");
	ok(sk_queue_each(box, start, truncate_wal, &busy, &fx->err) == 5 &&
		   busy == 0,
	   "each: holds no read transaction while the callback runs");
	sk_outbox_close(box);
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_order(&fx);
	test_odd_rows(&fx);
	test_settle(&fx);
	test_stuck(&fx);
	test_many(&fx);
	test_no_read_stays_open(&fx);
	fixture_end(&fx);
	return done_testing();
}
