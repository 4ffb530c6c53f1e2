/* SPDX-License-Identifier: MIT */
/* The queues of all accounts, and how delivery of the active one goes. */
#include "doctor/part.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/home.h"
#include "outbox/state.h"
#include "outbox/stats.h"

enum { DAY_S = 86400 };

/* One queue file and what is in it. */
struct queue {
	struct sk_str path;
	bool is_active;	 /* of whoever is logged in, or of nobody */
	bool is_unowned; /* queue.db: captured without an account */
	struct sk_queue_stats stats;
	int64_t last_delivery, failures, next_ms;
	struct sk_str last_error;
};

static int read_queue(struct queue *q, struct sk_err *err)
{
	struct sk_outbox *box = NULL;
	int rc = sk_outbox_open_readonly(&box, q->path.ptr, err);

	if (rc == 0 &&
	    (sk_queue_stats(box, &q->stats, err) < 0 ||
	     sk_state_get_int(box, "last_delivery", &q->last_delivery, err) <
		     0 ||
	     sk_state_get_int(box, "failures", &q->failures, err) < 0 ||
	     sk_state_get_int(box, "next_attempt_ms", &q->next_ms, err) < 0 ||
	     sk_state_get(box, "last_error", &q->last_error, err) < 0))
		rc = -1;
	sk_outbox_close(box);
	return rc;
}

static void add_counts(struct sk_doctor *d, const struct queue *q)
{
	const struct sk_queue_stats *s = &q->stats;
	long long ready = (long long)(s->depth - s->held);

	sk_doctor_line(d, "",
		       "%lld ready, %lld held, %lld parked, %lld unreadable",
		       ready, (long long)s->held, (long long)s->parked,
		       (long long)s->unreadable);
	sk_jsonw_int(&d->w, "ready", ready);
	sk_jsonw_int(&d->w, "held", s->held);
	sk_jsonw_int(&d->w, "parked", s->parked);
	sk_jsonw_int(&d->w, "unreadable", s->unreadable);
	sk_jsonw_int(&d->w, "body_uploads", s->bodies);
	sk_jsonw_int(&d->w, "delivered", s->delivered);
	sk_doctor_json_time(d, "oldest_at", s->oldest);
	sk_doctor_json_time(d, "last_delivery", q->last_delivery);
	sk_jsonw_int(&d->w, "failures_in_a_row", q->failures);
	sk_jsonw_text(&d->w, "last_error",
		      q->failures > 0 ? q->last_error.ptr : NULL);
	sk_doctor_json_time(d, "next_attempt",
			    q->next_ms / 1000 > d->now_s ? q->next_ms / 1000
							 : 0);
}

/* What is stuck for good until somebody does something, in any queue. */
static void judge_rows(struct sk_doctor *d, const struct queue *q)
{
	const struct sk_queue_stats *s = &q->stats;

	if (s->held > 0)
		sk_doctor_find(d, "events_held", "git sk-sync status",
			       "%lld %s refused too often and held in '%s'",
			       (long long)s->held,
			       s->held == 1 ? "event was" : "events were",
			       q->path.ptr);
	if (s->parked > 0)
		sk_doctor_find(d, "events_parked", "git sk-sync status",
			       "%lld %s, in '%s'", (long long)s->parked,
			       s->parked == 1
				       ? "event cannot be sent as it is"
				       : "events cannot be sent as they are",
			       q->path.ptr);
	if (s->unreadable > 0)
		sk_doctor_find(d, "lines_unreadable", "git sk-sync status",
			       "%lld unreadable %s left out of '%s'",
			       (long long)s->unreadable,
			       s->unreadable == 1 ? "line of an event log was"
						  : "lines of event logs were",
			       q->path.ptr);
}

static void judge_active(struct sk_doctor *d, const struct queue *q)
{
	const struct sk_queue_stats *s = &q->stats;
	long long ready = (long long)(s->depth - s->held);
	const char *wait = sk_doctor_events_wait(ready);

	if (ready && !d->account.is_logged_in)
		sk_doctor_find(d, "logged_out", "git sk-auth login",
			       "%lld %s, and nobody is logged in", ready, wait);
	else if (ready && q->failures > 0)
		sk_doctor_find(d, "delivery_fails", "git sk-sync now",
			       "%lld %s; the last %lld attempts failed: %s",
			       ready, wait, (long long)q->failures,
			       q->last_error.ptr);
	else if (ready && s->oldest && s->oldest < d->now_s - DAY_S)
		sk_doctor_find(d, "overdue", "git sk-sync now",
			       "%lld %s, the oldest for more than a day", ready,
			       wait);
}

static void judge_other(struct sk_doctor *d, const struct queue *q)
{
	const struct sk_queue_stats *s = &q->stats;
	long long waiting = (long long)(s->depth - s->held);

	/* of queue.db the preflight knows more: whose its rows are */
	if (waiting && !q->is_unowned)
		sk_doctor_find(
			d, "other_account", "git sk-auth login",
			"%lld %s in '%s' until its account logs in again",
			waiting, sk_doctor_events_wait(waiting), q->path.ptr);
}

static void check_mode(struct sk_doctor *d, const char *path)
{
	struct sk_str command = SK_STR_INIT;
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 077)) {
		sk_str_puts(&command, "chmod 600 ");
		sk_str_add_quoted(&command, path);
		sk_doctor_find(d, "queue_open", command.ptr,
			       "queue '%s' is open to others (mode %03o)", path,
			       (unsigned)st.st_mode & 0777);
	}
	sk_str_free(&command);
}

static void add_delivery(struct sk_doctor *d, const struct queue *q)
{
	struct sk_str text = SK_STR_INIT;

	if (q->last_delivery > 0)
		sk_doctor_add_when(&text, q->last_delivery, d->now_s);
	sk_doctor_line(d, "Last delivery", "%s",
		       q->last_delivery > 0 ? text.ptr : "never");
	sk_str_clear(&text);
	if (q->next_ms / 1000 > d->now_s) {
		sk_doctor_add_when(&text, q->next_ms / 1000, d->now_s);
		sk_doctor_line(d, "Next attempt", "%s", text.ptr);
	}
	sk_str_free(&text);
}

static void add_queue(struct sk_doctor *d, struct queue *q)
{
	struct sk_err err = {0};
	int rc = read_queue(q, &err);

	sk_doctor_line(d, q->is_active ? "Active" : "Other", "%s", q->path.ptr);
	sk_jsonw_object(&d->w, NULL);
	sk_jsonw_text(&d->w, "path", q->path.ptr);
	sk_jsonw_bool(&d->w, "is_active", q->is_active);
	sk_jsonw_bool(&d->w, "is_readable", rc == 0);
	check_mode(d, q->path.ptr);
	if (rc == 0) {
		add_counts(d, q);
		judge_rows(d, q);
		if (q->is_active)
			judge_active(d, q);
		else
			judge_other(d, q);
		if (q->is_active)
			add_delivery(d, q);
	} else if (rc < 0) {
		sk_doctor_line(d, "", "cannot be read: %s", err.msg);
		sk_doctor_find_err(d, "queue_unreadable", &err);
	}
	sk_jsonw_end_object(&d->w);
}

static int is_queue(const struct dirent *entry)
{
	return fnmatch("queue*.db", entry->d_name, 0) == 0;
}

static void add_folder(struct sk_doctor *d, const char *dir, const char *active,
		       size_t *count)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_queue, alphasort);

	for (int i = 0; i < n; i++) {
		struct queue q = {.path = SK_STR_INIT,
				  .last_error = SK_STR_INIT};

		sk_str_addf(&q.path, "%s/%s", dir, names[i]->d_name);
		q.is_active = strcmp(q.path.ptr, active) == 0;
		q.is_unowned = strcmp(names[i]->d_name, "queue.db") == 0;
		add_queue(d, &q);
		sk_str_free(&q.last_error);
		sk_str_free(&q.path);
		free(names[i]);
	}
	free(names);
	*count += n > 0 ? (size_t)n : 0;
}

void sk_doctor_queues(struct sk_doctor *d)
{
	const char *active = d->account.queue_path.ptr;
	struct sk_str dir = SK_STR_INIT;
	struct sk_err ignored = {0};
	size_t count = 0;

	sk_doctor_begin(d, "Queues");
	sk_jsonw_array(&d->w, "queues");
	if (sk_home_path(&dir, "", &ignored) == 0) {
		add_folder(d, dir.ptr, active, &count);
		sk_str_puts(&dir, "/queues");
		add_folder(d, dir.ptr, active, &count);
	}
	if (!count)
		sk_doctor_line(d, "None", "nothing has been queued yet");
	sk_jsonw_end_array(&d->w);
	sk_str_free(&dir);
}
