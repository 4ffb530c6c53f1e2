/* SPDX-License-Identifier: MIT */
#include "workflow/mark.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "mission/ourlines.h"
#include "mission/transition.h"
#include "workflow/approval.h"
#include "workflow/editsave.h"
#include "workflow/mission.h"

#define FILE_NAME "tasks.md"

/* What tasks.md is: in the work tree, in the commit. */
struct tasks {
	struct sk_str work, head;
	bool is_committed;
};

static bool is_found(const struct sk_mark *mark)
{
	return mark->outcome == SK_MARK_UPDATED ||
	       mark->outcome == SK_MARK_SATISFIED;
}

/* By the log, or the file where the mission has no log. */
static enum sk_lane lane_of(const struct sk_edit *edit, const char *wp)
{
	const struct sk_reduced_wp *row = sk_reduced_find(&edit->state, wp);
	const struct sk_package *package;

	if (row)
		return row->row->to;
	package = sk_mission_package(edit->mission, wp);
	return package && !edit->state.wp_count ? package->lane
						: SK_LANE_PLANNED;
}

/* Whether one that was named before is on its way to done. */
static bool is_moved(const struct sk_marking *m, const char *wp)
{
	for (size_t i = 0; i < m->at; i++) {
		if (m->marks[i].format == SK_MARK_WP_ID &&
		    m->marks[i].outcome == SK_MARK_UPDATED &&
		    strcmp(m->marks[i].id.ptr, wp) == 0)
			return true;
	}
	return false;
}

static bool is_done(void *ctx, const char *id)
{
	const struct sk_marking *m = ctx;

	return lane_of(m->edit, id) == SK_LANE_DONE || is_moved(m, id);
}

static bool has_wp(void *ctx, const char *wp)
{
	struct sk_marking *m = ctx;
	struct sk_str name = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = sk_edit_find_wp(m->edit, wp, &name, &err);

	sk_str_free(&name);
	/* two files are one too many for others */
	if (rc < 0 && err.code != SK_EDATA)
		m->fault = err;
	return rc == 0 || (rc < 0 && err.code == SK_EDATA) ||
	       sk_reduced_find(&m->edit->state, wp);
}

/* Make the line that moves it. Returns 0; -1 with the reason in *err. */
static int add_line(struct sk_marking *m, struct sk_edit *edit, const char *wp,
		    enum sk_lane from, struct sk_err *err)
{
	struct sk_form *evidence =
		sk_approval_of(&edit->state, edit->log_text.ptr, wp);
	const struct sk_form *review = sk_form_get(evidence, "review");
	const struct sk_transition_inputs inputs = {
		.actor = m->actor,
		.reviewer = sk_form_get_text(review, "reviewer"),
		.reference = sk_form_get_text(review, "reference")};
	struct sk_logline line = {.wp_id = wp,
				  .from = from,
				  .to = SK_LANE_DONE,
				  .actor = m->actor,
				  .execution_mode = "direct_repo",
				  .evidence = evidence};
	int rc = sk_transition_check(from, SK_LANE_DONE, &inputs, err);

	if (rc == 0)
		sk_edit_add_line(edit, &line);
	sk_form_free(evidence);
	return rc;
}

/* Say why it is where it is. */
static void stay(struct sk_mark *mark, struct sk_marking *m, const char *why)
{
	if (m->stuck == m->count)
		m->stuck = m->at;
	sk_str_addf(&mark->message, "%s: transition failed - %s", mark->id.ptr,
		    why);
}

static void move(struct sk_mark *mark, struct sk_marking *m,
		 struct sk_edit *edit)
{
	const char *wp = mark->id.ptr;
	enum sk_lane from = lane_of(edit, wp);
	struct sk_err err = {0};

	mark->outcome = SK_MARK_NOT_FOUND;
	if (!has_wp(m, wp)) {
		sk_str_addf(&mark->message,
			    "%s: transition failed - there is no file of it in"
			    " tasks/, and no line in the event log",
			    wp);
	} else if (!m->done) {
		stay(mark, m, "Unknown lane: pending");
	} else if (is_done(m, wp)) {
		mark->outcome = SK_MARK_SATISFIED;
		sk_str_addf(&mark->message, "%s is already in lane '%s'.", wp,
			    sk_lane_name(SK_LANE_DONE));
	} else if (add_line(m, edit, wp, from, &err) < 0) {
		stay(mark, m, err.msg);
	} else {
		mark->outcome = SK_MARK_UPDATED;
		sk_str_addf(&mark->message,
			    "Emitted status transition for %s to lane '%s'.",
			    wp, sk_lane_name(SK_LANE_DONE));
	}
}

static void mark_one(struct sk_marking *m, struct sk_edit *edit,
		     struct sk_task_text *text)
{
	const struct sk_mark_facts facts = {is_done, has_wp, m};
	struct sk_mark *mark = &m->marks[m->at], now = SK_MARK_INIT;

	sk_mark_task(&now, text, m->typed[m->at], m->done, &facts);
	if (now.outcome == SK_MARK_TO_MOVE)
		move(&now, m, edit);
	/* what we had written before somebody came between is our doing */
	if (now.outcome == SK_MARK_SATISFIED &&
	    mark->outcome == SK_MARK_UPDATED) {
		sk_mark_free(&now);
	} else {
		sk_mark_free(mark);
		*mark = now;
	}
}

/* Whether all are work packages by their looks, which need no tasks.md. */
static bool are_packages(const struct sk_marking *m)
{
	struct sk_task_text none = SK_TASK_TEXT_INIT;
	struct sk_mark mark = SK_MARK_INIT;
	bool are = true;

	for (size_t i = 0; are && i < m->count; i++) {
		sk_mark_task(&mark, &none, m->typed[i], m->done, NULL);
		are = mark.format == SK_MARK_WP_ID;
	}
	sk_mark_free(&mark);
	return are;
}

/* A link would be replaced by a file, and git has the link alone. */
static int check_file(const struct sk_edit *edit, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct stat st;
	int rc = 0;

	sk_str_addf(&path, "%s/" FILE_NAME, edit->home.plan.folder.ptr);
	if (edit->home.plan.folder.len && lstat(path.ptr, &st) == 0 &&
	    S_ISLNK(st.st_mode)) {
		rc = sk_fail(err, SK_EDATA, "'%s' is a symbolic link",
			     path.ptr);
		sk_hint(err, "put the file itself there");
	}
	sk_str_free(&path);
	return rc;
}

static int read_tasks(struct tasks *tasks, const struct sk_marking *m,
		      const struct sk_edit *edit, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = check_file(edit, err);

	if (rc == 0)
		rc = sk_edit_read_work(edit, FILE_NAME, &tasks->work, err);
	if (rc == 0) {
		rc = sk_edit_read_head(edit, FILE_NAME, &tasks->head, err);
		tasks->is_committed = rc == 0;
	} else if (rc == 1 && !are_packages(m)) {
		sk_edit_add_path(&path, edit, FILE_NAME);
		rc = sk_fail(err, SK_EFAIL, "there is no '%s'", path.ptr);
		sk_hint(err, "list the tasks there first");
	}
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

/* Returns whether some line of tasks.md has what was asked for. */
static bool is_in_text(const struct sk_mark *mark)
{
	return is_found(mark) && mark->format != SK_MARK_WP_ID;
}

static void put_tasks(struct sk_marking *m, struct sk_edit *edit,
		      const struct tasks *tasks,
		      const struct sk_task_text *text)
{
	struct sk_str work = SK_STR_INIT, head = SK_STR_INIT;
	struct sk_our_text committed = {tasks->head.ptr, tasks->head.len}, now;
	size_t entered = 0;

	sk_task_text_add(&work, text);
	now = (struct sk_our_text){work.ptr, work.len};
	if (tasks->is_committed)
		entered = sk_our_lines(&head, committed, now, m->marks,
				       m->count, m->done, m->left);
	for (size_t i = 0; !tasks->is_committed && i < m->count; i++)
		m->left[i] = is_in_text(&m->marks[i]) &&
			     m->marks[i].outcome == SK_MARK_UPDATED;
	if (entered || !sk_str_equal(&work, &tasks->work))
		sk_edit_put(edit, FILE_NAME, &work, entered ? &head : NULL);
	sk_str_free(&work);
	sk_str_free(&head);
}

/* Of one, or of many, as spec-kitty calls its commits. */
static void make_message(struct sk_marking *m, struct sk_edit *edit)
{
	const char *status = m->done ? "done" : "pending", *id = "";

	for (size_t i = 0; i < m->count; i++) {
		if (is_found(&m->marks[i]))
			id = m->marks[i].id.ptr;
	}
	sk_str_set(&m->message, "chore: Mark ");
	if (m->found == 1)
		sk_str_puts(&m->message, id);
	else
		sk_str_addf(&m->message, "%zu subtasks", m->found);
	sk_str_addf(&m->message, " as %s on spec %s", status,
		    edit->mission->slug);
	edit->message = m->message.ptr;
}

static int change(void *ctx, struct sk_edit *edit, struct sk_err *err)
{
	struct tasks tasks = {SK_STR_INIT, SK_STR_INIT, false};
	struct sk_task_text text = SK_TASK_TEXT_INIT;
	struct sk_marking *m = ctx;
	bool touches_text = false;
	int rc = read_tasks(&tasks, m, edit, err);

	m->edit = edit;
	m->found = 0;
	m->stuck = m->count;
	edit->keeps_status = true;
	sk_task_text_open(&text, tasks.work.ptr, tasks.work.len);
	for (m->at = 0; rc == 0 && m->at < m->count; m->at++) {
		mark_one(m, edit, &text);
		touches_text = touches_text || is_in_text(&m->marks[m->at]);
		if (!is_found(&m->marks[m->at]))
			continue;
		m->found++;
		/* a line of one who was killed is committed, too */
		if (m->marks[m->at].format == SK_MARK_WP_ID)
			edit->keeps_status = false;
	}
	if (rc == 0 && m->fault.code != SK_OK) {
		*err = m->fault;
		rc = -1;
	}
	if (rc == 0 && touches_text)
		put_tasks(m, edit, &tasks, &text);
	if (rc == 0)
		make_message(m, edit);
	sk_task_text_free(&text);
	sk_str_free(&tasks.work);
	sk_str_free(&tasks.head);
	return rc;
}

int sk_marking_run(struct sk_marking *m, struct sk_edit *edit,
		   struct sk_err *err)
{
	int rc;

	m->marks = sk_calloc(m->count + 1, sizeof(*m->marks));
	m->left = sk_calloc(m->count + 1, sizeof(*m->left));
	for (size_t i = 0; i < m->count; i++)
		m->marks[i] = (struct sk_mark)SK_MARK_INIT;
	rc = sk_edit_run(edit, change, m, err);
	return rc < 0 ? -1 : 0;
}

void sk_marking_free(struct sk_marking *m)
{
	for (size_t i = 0; m->marks && i < m->count; i++)
		sk_mark_free(&m->marks[i]);
	free(m->marks);
	free(m->left);
	sk_str_free(&m->message);
	m->marks = NULL;
	m->left = NULL;
}
