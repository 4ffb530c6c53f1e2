/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "mission/activity.h"
#include "mission/frontedit.h"
#include "mission/frontmatter.h"
#include "workflow/editactivity.h"
#include "workflow/movepart.h"

/* Entries have whole seconds. */
enum { SECOND_US = 1000000 };

/* A file as it is, and as it shall be. */
struct texts {
	struct sk_str work, head;
};

static void add_entry(struct sk_str *out, const struct sk_move *move,
		      int64_t at_us)
{
	struct sk_str note = SK_STR_INIT;

	if (move->note)
		sk_str_puts(&note, move->note);
	else if (move->is_claim)
		sk_str_puts(&note, "Started review");
	else
		sk_str_addf(&note, "Moved to %s", sk_lane_name(move->to));
	sk_activity_entry(out, at_us, move->actor, move->shell_pid, note.ptr);
	sk_str_free(&note);
}

/* How entries begin that were written with transitions of this one. */
static void add_starts(struct sk_words *starts, const struct sk_move *move,
		       const struct sk_edit *edit, int64_t at_us)
{
	struct sk_str start = SK_STR_INIT;

	sk_activity_entry(&start, at_us, move->actor, NULL, "");
	sk_words_add_new(starts, start.ptr);
	sk_edit_add_starts(starts, edit, move->id);
	sk_str_free(&start);
}

/* How many of its transitions are told of by one entry, word by word. */
static size_t count_like(const struct sk_move *move, const struct sk_edit *edit,
			 int64_t at_us)
{
	struct sk_str actor = SK_STR_INIT;
	size_t count = 0;

	for (size_t i = 0; i < edit->state.count; i++) {
		const struct sk_log_row *row = edit->state.rows[i];

		if (strcmp(row->wp_id, move->id) != 0 || row->to != move->to ||
		    row->at_us / SECOND_US != at_us / SECOND_US)
			continue;
		sk_str_clear(&actor);
		sk_edit_add_actor(&actor, edit, row);
		count += strcmp(actor.ptr, move->actor) == 0;
	}
	sk_str_free(&actor);
	return count;
}

/* Whether the front matter says so, in whatever form. */
static bool has_agent(const struct sk_str *text, const char *agent)
{
	struct sk_err ignored = {0};
	struct sk_wp wp = {0};
	bool has;

	has = sk_wp_read(&wp, text->ptr, text->len, &ignored) == 0 &&
	      wp.agent && strcmp(wp.agent, agent) == 0;
	sk_wp_free(&wp);
	return has;
}

static void set(struct sk_move *move, struct texts *now, const char *key,
		const char *value)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (!value ||
	    (strcmp(key, "agent") == 0 && has_agent(&now->work, value) &&
	     has_agent(&now->head, value)))
		return;
	sk_str_add_utf8(&text, value, strlen(value));
	if (sk_front_set(&now->work, key, text.ptr, &err) < 0 ||
	    sk_front_set(&now->head, key, text.ptr, &err) < 0)
		sk_str_addf(&move->warning, "'%s' of '%s' stays as it is: %s\n",
			    key, move->file.ptr, err.msg);
	sk_str_free(&text);
}

static void set_front(struct sk_move *move, struct texts *now)
{
	sk_str_clear(&move->warning);
	set(move, now, "agent", move->agent);
	set(move, now, "assignee", move->assignee);
	set(move, now, "shell_pid", move->shell_pid);
}

int sk_move_put_file(struct sk_move *move, struct sk_edit *edit, int64_t at_us,
		     bool is_new, bool is_due, struct sk_err *err)
{
	struct texts old = {SK_STR_INIT, SK_STR_INIT};
	struct texts now = {SK_STR_INIT, SK_STR_INIT};
	struct sk_words starts = SK_WORDS_INIT;
	struct sk_str entry = SK_STR_INIT;
	int rc = 1;

	if (move->file.len)
		rc = sk_edit_read(edit, move->file.ptr, &old.work, &old.head,
				  err);
	if (rc == 0) {
		sk_str_add(&now.work, old.work.ptr, old.work.len);
		sk_str_add(&now.head, old.head.ptr, old.head.len);
		add_entry(&entry, move, at_us);
		add_starts(&starts, move, edit, at_us);
		if (is_new ||
		    (is_due && sk_activity_count(&now.work, entry.ptr) <
				       count_like(move, edit, at_us)))
			sk_activity_add(&now.work, entry.ptr);
		/* another's commit may have taken the entry, and no names */
		if (sk_activity_follow(&now.head, &now.work, &starts) ||
		    is_due ||
		    (move->agent && has_agent(&now.work, move->agent)))
			set_front(move, &now);
		if (sk_str_equal(&old.work, &now.work) &&
		    sk_str_equal(&old.head, &now.head))
			rc = 1;
		else
			sk_edit_put(edit, move->file.ptr, &now.work, &now.head);
	}
	sk_str_free(&old.work);
	sk_str_free(&old.head);
	sk_str_free(&now.work);
	sk_str_free(&now.head);
	sk_words_free(&starts);
	sk_str_free(&entry);
	return rc;
}
