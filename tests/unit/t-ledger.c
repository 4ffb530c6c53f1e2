/* SPDX-License-Identifier: MIT */
/* What the ledger remembers of an event besides its state. */
#include "outbox/ledger.h"
#include "tests/unit/box.h"

/* One event of a project, in a transaction of its own. */
static void add_of(struct fixture *fx, struct sk_outbox *box, const char *id,
		   const char *project_uuid)
{
	const struct sk_event event = {.event_id = id,
				       .event_type = "WPStatusChanged",
				       .data = "{}",
				       .commit = "c0ffee",
				       .project_uuid = project_uuid};

	if (sk_outbox_begin(box, &fx->err) < 0 ||
	    sk_outbox_add(box, &event, 100, &fx->err) != 0 ||
	    sk_outbox_commit(box, &fx->err) < 0)
		abort();
}

/* Whether the ledger has the event with that project, "" for none. */
static bool has_project(const char *path, const char *id, const char *uuid)
{
	struct sk_str text = SK_STR_INIT;
	int64_t count;

	sk_str_addf(&text,
		    "SELECT count(*) FROM sk_ledger WHERE event_id = '%s'"
		    " AND coalesce(project_uuid, '') = '%s'",
		    id, uuid);
	count = sql(path, text.ptr);
	sk_str_free(&text);
	return count == 1;
}

static void test_project(struct fixture *fx)
{
	const char *path = fixture_path(fx, "project.db");
	enum sk_ledger_state state;
	struct sk_outbox *box;

	/* a file as git-sk 0.1.0 left it */
	sk_outbox_close(must_open(fx, path));
	sql(path, "ALTER TABLE sk_ledger DROP COLUMN project_uuid;"
		  "UPDATE sk_state SET value = '1' WHERE key = 'schema';"
		  "INSERT INTO sk_ledger(event_id, state)"
		  " VALUES('OLD', 'delivered'), ('BEFORE', 'before')");
	box = must_open(fx, path);
	ok(sk_ledger_look(box, "OLD", &state, &fx->err) == 0 &&
		   state == SK_LEDGER_CAPTURED && has_project(path, "OLD", ""),
	   "project: an older ledger stays, and does not say");
	add_of(fx, box, "A", "uuid-a");
	add_of(fx, box, "B", "uuid-b");
	add_of(fx, box, "BEFORE", "uuid-b");
	add_of(fx, box, "NONE", NULL);
	ok(has_project(path, "A", "uuid-a"), "project: that of the event");
	ok(has_project(path, "BEFORE", "uuid-b"),
	   "project: of history that is published that of the publication");
	ok(has_project(path, "NONE", ""), "project: of nothing else");
	sk_outbox_close(box);
	ok(sql(path, "SELECT value FROM sk_state WHERE key = 'schema'") == 2,
	   "project: the file says what it is now");
}

/* Whether the ledger says so of the event. */
static bool is_said(struct fixture *fx, struct sk_outbox *box, const char *id,
		    enum sk_ledger_state want)
{
	enum sk_ledger_state state;

	if (sk_ledger_look(box, id, &state, &fx->err) < 0)
		abort();
	return state == want;
}

static void test_reading(struct fixture *fx)
{
	const char *path = fixture_path(fx, "reading.db");
	struct sk_outbox *box = must_open(fx, path), *reader = NULL;

	if (sk_outbox_open_readonly(&reader, path, &fx->err) != 0 ||
	    sk_outbox_begin_reading(reader, &fx->err) < 0)
		abort();
	ok(is_said(fx, reader, "A", SK_LEDGER_UNKNOWN),
	   "reading: the ledger as it is");
	add_of(fx, box, "A", NULL);
	ok(is_said(fx, reader, "A", SK_LEDGER_UNKNOWN),
	   "reading: others write, and it stays as it was");
	sk_outbox_rollback(reader);
	ok(is_said(fx, reader, "A", SK_LEDGER_CAPTURED),
	   "reading: ended it is as they left it");
	sk_outbox_close(reader);
	sk_outbox_close(box);
}

int main(void)
{
	struct fixture fx = FIXTURE_INIT;

	fixture_start(&fx);
	test_project(&fx);
	test_reading(&fx);
	fixture_end(&fx);
	return done_testing();
}
