/* SPDX-License-Identifier: MIT */
/* What could not be read: known by what it is, in each clone, for a while. */
#include <string.h>

#include "outbox/unreadable.h"
#include "tests/unit/box.h"

struct seen {
	int calls, stop_at;
	char text[64];
};

static int see_line(void *ctx, const struct sk_unreadable *what)
{
	struct seen *seen = ctx;

	seen->calls++;
	snprintf(seen->text, sizeof(seen->text), "%s:%s:%s:%d:%d:%s",
		 what->commit, what->path, what->key, (int)what->line,
		 (int)what->size, what->reason);
	return seen->stop_at;
}

static void test_unreadable(struct fixture *fx)
{
	const char *path = fixture_path(fx, "queue.db");
	struct sk_outbox *box = must_open(fx, path);
	struct sk_unreadable line = {"c1", "p", "!k", 3, 12, "torn"};
	struct seen all = {0}, one = {.stop_at = 1}, none = {0};

	ok(sk_unreadable_add(box, "a", &line, 1, &fx->err) == -1,
	   "unreadable: wants a transaction");
	if (sk_outbox_begin(box, &fx->err) < 0)
		abort();
	ok(sk_unreadable_add(box, "a", &line, 1, &fx->err) == 0,
	   "unreadable: a new line is recorded");
	line.commit = "c2";
	line.line = 4;
	ok(sk_unreadable_add(box, "a", &line, 2, &fx->err) == 1,
	   "unreadable: in another commit it is the same");
	ok(sk_unreadable_add(box, "b", &line, 3, &fx->err) == 0,
	   "unreadable: in another clone it is not");
	line.path = "q";
	ok(sk_unreadable_add(box, "a", &line, 4, &fx->err) == 0,
	   "unreadable: nor in another file");
	ok(sk_unreadable_each(box, "a", see_line, &one, &fx->err) == 1 &&
		   one.calls == 1,
	   "unreadable: the callback stops it");
	is(one.text, "c2:p:!k:4:12:torn",
	   "unreadable: the last commit and all other fields come back");
	ok(sk_unreadable_each(box, NULL, see_line, &all, &fx->err) == 0 &&
		   all.calls == 3,
	   "unreadable: each visits those of all clones");
	ok(sk_unreadable_forget(box, "a", "p", "!k", &fx->err) == 0 &&
		   sk_outbox_commit(box, &fx->err) == 0,
	   "unreadable: one is forgotten");
	ok(sk_unreadable_each(box, "a", see_line, &none, &fx->err) == 0 &&
		   none.calls == 1,
	   "unreadable: and no other");
	sk_outbox_close(box);
	sql(path, "DROP TABLE sk_unreadable");
	sql(path, "CREATE TABLE sk_unreadable(clone TEXT, commit_id TEXT,"
		  " path TEXT, line INTEGER, reason TEXT, seen_at INTEGER)");
	sql(path, "INSERT INTO sk_unreadable(clone) VALUES('a')");
	ok(sk_outbox_open_readonly(&box, path, &fx->err) == 0 &&
		   sk_unreadable_each(box, NULL, see_line, &none, &fx->err) ==
			   0,
	   "unreadable: the table of an older git-sk can be looked at");
	sk_outbox_close(box);
	sk_outbox_close(must_open(fx, path));
	ok(sql(path, "SELECT count(key) FROM sk_unreadable") == 0,
	   "unreadable: and is made anew");
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_unreadable(&fx);
	fixture_end(&fx);
	return done_testing();
}
