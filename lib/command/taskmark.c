/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/changeview.h"
#include "command/missionopt.h"
#include "format/json.h"
#include "workflow/actor.h"
#include "workflow/mark.h"

enum { LINE_MAX = 1000 };

struct opts {
	const char *status, *mission, *feature, *agent;
	bool no_commit, json;
};

static int check(const struct opts *opts, int argc, struct sk_err *err)
{
	if (!opts->status)
		return sk_fail(err, SK_EUSAGE, "say --status done or pending");
	if (strcmp(opts->status, "done") != 0 &&
	    strcmp(opts->status, "pending") != 0)
		return sk_fail(err, SK_EUSAGE,
			       "invalid status '%.100s', must be 'done' or"
			       " 'pending'",
			       opts->status);
	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which tasks?");
	return 0;
}

static size_t count_of(const struct sk_marking *m, enum sk_mark_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += m->marks[i].outcome == outcome;
	return count;
}

static void add_summary(struct sk_jsonw *w, const struct sk_marking *m)
{
	static const enum sk_mark_outcome outcomes[] = {
		SK_MARK_UPDATED, SK_MARK_SATISFIED, SK_MARK_NOT_FOUND};

	sk_jsonw_object(w, "summary");
	for (size_t i = 0; i < SK_COUNTOF(outcomes); i++)
		sk_jsonw_int(w, sk_mark_outcome_name(outcomes[i]),
			     (int64_t)count_of(m, outcomes[i]));
	sk_jsonw_end_object(w);
}

static void add_json(struct sk_str *out, const struct sk_marking *m)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_array(&w, "results");
	for (size_t i = 0; i < m->count; i++) {
		const struct sk_mark *mark = &m->marks[i];

		sk_jsonw_object(&w, NULL);
		sk_jsonw_text(&w, "id", mark->id.ptr);
		sk_jsonw_text(&w, "outcome",
			      sk_mark_outcome_name(mark->outcome));
		sk_jsonw_text(&w, "format", sk_mark_format_name(mark->format));
		sk_jsonw_text(&w, "message", mark->message.ptr);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	add_summary(&w, m);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

static void add_text(struct sk_str *out, const struct sk_marking *m,
		     const struct sk_edit *edit)
{
	struct sk_str where = SK_STR_INIT;

	for (size_t i = 0; i < m->count; i++) {
		const struct sk_str *message = &m->marks[i].message;

		sk_str_add_visible(out, message->ptr, message->len, LINE_MAX);
		sk_str_putc(out, '\n');
	}
	sk_change_add_committed(&where, edit);
	if (where.len)
		sk_str_addf(out, "Committed %s.\n", where.ptr);
	sk_str_free(&where);
}

static void print(const struct sk_marking *m, const struct sk_edit *edit,
		  bool json)
{
	struct sk_str text = SK_STR_INIT;

	if (json)
		add_json(&text, m);
	else
		add_text(&text, m, edit);
	fwrite(text.ptr, 1, text.len, stdout);
	sk_str_free(&text);
}

/* Where to look for what was not found; of what cannot be moved see warn(). */
static void advise(const struct sk_marking *m, const struct sk_edit *edit)
{
	bool has_task = false, has_wp = false;

	for (size_t i = 0; i < m->count; i++) {
		const struct sk_mark *mark = &m->marks[i];

		if (mark->outcome != SK_MARK_NOT_FOUND)
			continue;
		has_wp |= mark->format == SK_MARK_WP_ID;
		has_task |= mark->format != SK_MARK_WP_ID;
	}
	if (has_task)
		sk_advise("look into '%s/%s/tasks.md' for the ids of tasks",
			  SK_MISSIONS_FOLDER, edit->mission->slug);
	if (has_wp && m->stuck == m->count)
		sk_advise("run 'git sk-task list --mission %s' to see the work"
			  " packages",
			  edit->mission->slug);
}

static void warn(const struct sk_marking *m, const struct sk_edit *edit)
{
	sk_change_warn(edit);
	for (size_t i = 0; !edit->no_commit && i < m->count; i++) {
		if (m->left[i])
			sk_warn("the line of %s is not committed, and so its"
				" mark is not; commit '%s/%s/tasks.md' when it"
				" is ready",
				m->marks[i].id.ptr, SK_MISSIONS_FOLDER,
				edit->mission->slug);
	}
	if (m->stuck < m->count)
		sk_advise("run 'git sk-task move %s <lane>' to move it lane by"
			  " lane",
			  m->marks[m->stuck].id.ptr);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_edit edit = SK_EDIT_INIT;
	struct sk_marking marking = {.typed = (const char *const *)argv,
				     .count = (size_t)argc,
				     .message = SK_STR_INIT};
	struct sk_str actor = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	int rc;

	if (sk_mission_named(&edit.handle, opts->mission, opts->feature, 0,
			     NULL, err) < 0 ||
	    check(opts, argc, err) < 0)
		return -1;
	sk_before_change(opts->json);
	rc = sk_repo_open_as_git(&repo, err);
	if (rc == 0) {
		sk_actor_add(&actor, repo, opts->agent);
		marking.actor = actor.ptr;
		marking.done = strcmp(opts->status, "done") == 0;
		edit.repo = repo;
		edit.no_commit = opts->no_commit;
		rc = sk_marking_run(&marking, &edit, err);
	}
	if (rc == 0) {
		print(&marking, &edit, opts->json);
		warn(&marking, &edit);
		if (!opts->json)
			advise(&marking, &edit);
		sk_after_edit(&edit, opts->json);
		rc = marking.found ? 0 : 1;
	}
	sk_marking_free(&marking);
	sk_edit_free(&edit);
	sk_str_free(&actor);
	sk_repo_close(repo);
	return rc;
}

static const struct sk_opt table[] = {
	SK_TEXT('s', "status", struct opts, status, "status",
		"done or pending"),
	SK_MISSION_OPTS(struct opts, "whose tasks they are"),
	SK_TEXT(0, "agent", struct opts, agent, "name",
		"who does it, for the event log"),
	SK_FLAG(0, "no-commit", struct opts, no_commit,
		"write the files, and commit nothing"),
	SK_JSON(struct opts, json),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_task_mark = {
	.name = "mark",
	.operands = "<task>...",
	.summary = "Mark tasks or work packages done, or pending again.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = -1,
	.run = run,
};
