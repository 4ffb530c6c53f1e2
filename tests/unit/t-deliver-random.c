/* SPDX-License-Identifier: MIT */
/*
 * Delivery against a server that does anything, with a client that is killed
 * at any time. After every run: each event is in the server's table, or in the
 * queue, or parked; none that the server lacks has left; and the counts that
 * were reported are those of the answers. In the end a server that behaves gets
 * all there is, once, but for what it refuses, which is held.
 *
 * SCRIPTS sets how many random scripts are run, SEED where they start; with
 * SK_LONG they are many.
 */
#include <sys/time.h>

#include "deliver/deliver.h"
#include "deliver/sender.h"
#include "outbox/stats.h"
#include "tests/unit/box.h"
#include "tests/unit/liar.h"

enum { SCRIPTS = 300, LONG_SCRIPTS = 2000, SMALL_WAIT_US = 3000 };

struct test {
	struct fixture fx;
	struct world *w;
	struct sk_str queue;
	uint64_t random;
	int events;
	int misfits;	  /* the last events: no JSON */
	int parked, held; /* as of the last look */
	long runs, killed, checked;
	const char *why; /* what is broken */
};

static void write_login(struct test *t)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_account account = SK_ACCOUNT_INIT;

	sk_str_addf(&creds.server, "http://127.0.0.1:%d", t->w->port);
	sk_str_puts(&creds.username, "dev");
	sk_str_addf(&creds.access, "access-%d", t->w->token);
	sk_str_puts(&creds.refresh, "r");
	if (sk_credentials_save(&creds, &t->fx.err) < 0 ||
	    sk_account_of(&account, &creds, &t->fx.err) < 0) {
		printf("Bail out! %s\n", t->fx.err.msg);
		exit(1);
	}
	sk_str_set(&t->queue, account.queue_path.ptr);
	sk_account_free(&account);
	sk_credentials_free(&creds);
}

static void fill_queue(struct test *t)
{
	struct sk_outbox *box;

	unlink(t->queue.ptr);
	box = must_open(&t->fx, t->queue.ptr);
	if (sk_outbox_begin(box, &t->fx.err) < 0)
		abort();
	for (int i = 0; i < t->events; i++) {
		struct sk_str data = SK_STR_INIT;
		char id[32];

		snprintf(id, sizeof(id), "01KE%022d", i);
		if (i >= t->events - t->misfits)
			sk_str_puts(&data, "{\"torn\": ");
		else
			sk_str_addf(&data, "{\"event_id\": \"%s\", %s\"n\": 1}",
				    id,
				    i % 5 ? ""
					  : "\"drain_blocked_reason\": null, ");
		if (add(&t->fx, box, id, data.ptr) != 0)
			abort();
		sk_str_free(&data);
	}
	if (sk_outbox_commit(box, &t->fx.err) < 0)
		abort();
	sk_outbox_close(box);
}

/* In the child: one whole run of a sender. */
static void run_client(struct world *w)
{
	const struct sk_deliver_options options = {.attempts = 1};
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_sender sender = SK_SENDER_INIT;
	struct sk_report report = SK_REPORT_INIT;
	enum sk_sender_state state;
	struct sk_err err = {0};

	if (sk_account_load(&account, &err) < 0 ||
	    sk_sender_open(&sender, &account, &state, &err) < 0 ||
	    state != SK_SENDER_READY ||
	    sk_deliver(&sender, &options, &report, &err) != 0) {
		fprintf(stderr, "# client: %s\n", err.msg);
		_exit(1);
	}
	w->synced = report.synced;
	w->duplicates = report.duplicates;
	w->pending = report.pending;
	w->failed = report.failed;
	w->parked = report.parked;
	w->queued = report.queued;
	w->is_reported = true;
	sk_report_free(&report);
	sk_sender_close(&sender);
	sk_account_free(&account);
	_exit(0);
}

/* Returns whether the client lived. */
static bool run_once(struct test *t)
{
	struct world *w = t->w;
	struct itimerval timer = {{0, 0}, {0, 0}};
	int status;
	pid_t pid;

	liar_settle(w);
	w->is_reported = false;
	w->said_success = w->said_duplicate = 0;
	w->said_pending = w->said_rejected = 0;
	if (!w->is_good && pick(&t->random, 4) == 0)
		timer.it_value.tv_usec = 1 + pick(&t->random, SMALL_WAIT_US);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		w->client = getpid();
		setitimer(ITIMER_REAL, &timer, NULL); /* SIGALRM kills */
		run_client(w);
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	t->runs++;
	if (WIFSIGNALED(status)) {
		t->killed++;
		if (WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGALRM)
			t->why = "the client crashed";
	} else if (WEXITSTATUS(status) != 0) {
		t->why = "the client failed";
	}
	return w->is_reported;
}

/* What the queue file says of one event: bits */
enum { QUEUED = 1, PARKED = 2, DONE = 4 };

static void look(struct test *t, int *where)
{
	static const struct {
		int bit;
		const char *sql;
	} asks[] = {
		{QUEUED, "SELECT event_id, retry_count FROM queue"},
		{PARKED, "SELECT event_id, 0 FROM sk_parked"},
	};
	sqlite3 *db = NULL;

	memset(where, 0, MAX_EVENTS * sizeof(*where));
	t->held = 0;
	if (sqlite3_open(t->queue.ptr, &db) != SQLITE_OK)
		abort();
	sqlite3_busy_timeout(db, 5000);
	for (size_t i = 0; i < SK_COUNTOF(asks); i++) {
		sqlite3_stmt *st = NULL;

		if (sqlite3_prepare_v2(db, asks[i].sql, -1, &st, NULL) !=
		    SQLITE_OK)
			abort();
		while (sqlite3_step(st) == SQLITE_ROW) {
			const char *id =
				(const char *)sqlite3_column_text(st, 0);

			where[atoi(id + 4)] |= asks[i].bit;
			t->held +=
				sqlite3_column_int(st, 1) >= SK_OUTBOX_HELD_AT;
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
}

static void check_run(struct test *t, bool lived)
{
	const struct world *w = t->w;
	int where[MAX_EVENTS], parked = 0, queued = 0;
	int parked_before = t->parked, held_before = t->held;

	liar_settle(w);
	look(t, where);
	for (int i = 0; i < t->events; i++) {
		if (!where[i] && !w->stored[i])
			t->why = "an event is lost";
		if (where[i] == (QUEUED | PARKED))
			t->why = "an event is in two places";
		parked += where[i] == PARKED;
		queued += where[i] == QUEUED;
		t->checked++;
	}
	t->parked = parked;
	if (!lived)
		return;
	if (w->synced != w->said_success)
		t->why = "Synced is not what the server said";
	if (w->duplicates != w->said_duplicate)
		t->why = "Duplicates is not what the server said";
	if (w->pending != w->said_pending)
		t->why = "Pending is not what the server said";
	if (w->failed != w->said_rejected + w->parked)
		t->why = "Failed is not what was refused and parked";
	if (w->parked != parked - parked_before)
		t->why = "parked events were not counted once";
	if (queued != held_before + w->queued + w->pending + w->said_rejected)
		t->why = "events stay in the queue unsaid";
}

/* A server that behaves: all but the guilty must arrive. */
static void check_end(struct test *t)
{
	struct world *w = t->w;
	int where[MAX_EVENTS];
	struct sk_outbox *box;
	struct sk_queue_stats stats;

	w->is_good = true;
	write_login(t);
	for (int i = 0; i < 1 + SK_OUTBOX_HELD_AT && !t->why; i++) {
		check_run(t, run_once(t));
		if (w->failed + w->pending + w->queued == 0)
			break;
	}
	look(t, where);
	for (int i = 0; i < t->events; i++) {
		bool stays = w->is_guilty[i] || i >= t->events - t->misfits;

		if (!stays && (!w->stored[i] || where[i]))
			t->why = "an event did not arrive";
		if (stays && (w->stored[i] || !where[i]))
			t->why = "a refused event is not kept";
	}
	box = must_open(&t->fx, t->queue.ptr);
	if (sk_queue_stats(box, &stats, &t->fx.err) < 0 ||
	    stats.depth != stats.held)
		t->why = "status does not show what is held";
	sk_outbox_close(box);
}

static bool run_script(struct test *t, uint64_t seed)
{
	struct world *w = t->w;
	int rounds;

	t->random = seed * 2654435761u + 1;
	w->random = seed * 40503u + 77;
	w->is_good = false;
	w->token = 1;
	t->why = NULL;
	t->parked = t->held = 0;
	t->events = 1 + (int)pick(&t->random, 12);
	t->misfits = pick(&t->random, 4) == 0 && t->events > 1;
	memset(w->stored, 0, sizeof(w->stored));
	for (int i = 0; i < MAX_EVENTS; i++)
		w->is_guilty[i] = pick(&t->random, 6) == 0;
	write_login(t);
	fill_queue(t);
	rounds = 1 + (int)pick(&t->random, 3);
	for (int i = 0; i < rounds && !t->why; i++) {
		write_login(t);
		check_run(t, run_once(t));
	}
	if (!t->why)
		check_end(t);
	if (t->why)
		printf("# seed %llu: %s\n", (unsigned long long)seed, t->why);
	return !t->why;
}

static long number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? atol(text) : otherwise;
}

int main(void)
{
	long wanted = getenv("SK_LONG") ? LONG_SCRIPTS : SCRIPTS;
	long scripts = number("SCRIPTS", wanted), ran = 0, failed = 0;
	uint64_t first = (uint64_t)number("SEED", 1);
	struct test t = {.fx = FIXTURE_INIT, .queue = SK_STR_INIT};
	pid_t server;

	fixture_start(&t.fx);
	setenv("GIT_SK_HOME", t.fx.dir.ptr, 1);
	setenv("PATH", "/nonexistent", 1); /* git's settings are not asked */
	t.w = mmap(NULL, sizeof(*t.w), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	server = liar_start(t.w);
	for (; ran < scripts && failed < 5; ran++)
		failed += !run_script(&t, first + (uint64_t)ran);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	ok(failed == 0,
	   "deliver: whatever the server does, no event is lost, doubled or"
	   " miscounted");
	ok(t.killed > t.runs / 50, "deliver: many of the runs were killed");
	printf("# ran %ld random scripts from seed %llu: %ld senders, %ld"
	       " killed, %d requests\n",
	       ran, (unsigned long long)first, t.runs, t.killed, t.w->requests);
	setenv("PATH", "/usr/bin:/bin", 1);
	sk_str_free(&t.queue);
	fixture_end(&t.fx);
	return done_testing();
}
