/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "mission/lanes.h"
#include "mission/review.h"
#include "mission/tasksdoc.h"
#include "workflow/editsave.h"
#include "workflow/movepart.h"

/* Of the open boxes so many are named, each so far. */
enum { OPEN_NAMED = 3, OPEN_SHOWN = 60 };

int sk_move_find_mode(const char **mode, const struct sk_move *move,
		      const struct sk_edit *edit, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_lanes lanes = {0};
	int rc = sk_edit_read_work(edit, "lanes.json", &text, err);

	if (rc == 0)
		rc = sk_edit_parse_lanes(&lanes, edit, &text, err);
	*mode = sk_lanes_mode(&lanes, move->id);
	sk_lanes_free(&lanes);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

int sk_move_find_open(size_t *open, struct sk_str *names,
		      const struct sk_move *move, const struct sk_edit *edit,
		      struct sk_err *err)
{
	struct sk_tasks tasks = SK_TASKS_INIT;
	struct sk_str text = SK_STR_INIT;
	const struct sk_tasks_wp *wp;
	int rc = sk_edit_read_work(edit, "tasks.md", &text, err);

	sk_tasks_read(&tasks, text.ptr, text.len);
	wp = sk_tasks_find(&tasks, move->id);
	*open = wp ? wp->unchecked.len : 0;
	for (size_t i = 0; i < *open && i < OPEN_NAMED; i++) {
		const char *says = wp->unchecked.items[i];

		sk_str_puts(names, i ? ", '" : "'");
		sk_str_add_visible(names, says, strlen(says), OPEN_SHOWN);
		sk_str_puts(names, "'");
	}
	if (*open > OPEN_NAMED)
		sk_str_addf(names, " and %zu more", *open - OPEN_NAMED);
	sk_tasks_free(&tasks);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

/* The newest review of one work package. */
struct search {
	const char *wp_id;
	const char *in;		 /* the folder that is being read */
	struct sk_words folders; /* below tasks/ */
	struct sk_review newest;
};

static void keep_folder(void *ctx, const char *name)
{
	struct search *s = ctx;

	if (sk_review_is_folder(name, s->wp_id))
		sk_words_add_len(&s->folders, name, strlen(name));
}

static void keep_newest(void *ctx, const char *name)
{
	struct search *s = ctx;

	sk_review_keep(&s->newest, s->in, name);
}

/* Set *name to the newest, "" when there is none. Returns 0 or -1. */
static int find_newest(struct sk_str *name, const struct sk_move *move,
		       const struct sk_edit *edit, struct sk_err *err)
{
	struct search s = {.wp_id = move->id,
			   .folders = SK_WORDS_INIT,
			   .newest = SK_REVIEW_INIT};
	int rc = sk_edit_each_name(edit, "tasks", keep_folder, &s, err);

	for (size_t i = 0; rc == 0 && i < s.folders.len; i++) {
		s.in = s.folders.items[i];
		sk_str_set(name, "tasks/");
		sk_str_puts(name, s.in);
		rc = sk_edit_each_name(edit, name->ptr, keep_newest, &s, err);
	}
	sk_str_clear(name);
	if (rc == 0 && s.newest.number) {
		sk_str_puts(name, "tasks/");
		sk_review_add_path(name, &s.newest);
	}
	sk_review_free(&s.newest);
	sk_words_free(&s.folders);
	return rc;
}

/* What cannot be read has no verdict. */
static enum sk_verdict read_verdict(const struct sk_edit *edit,
				    const char *name)
{
	enum sk_verdict verdict = SK_VERDICT_NONE;
	struct sk_str text = SK_STR_INIT;
	struct sk_err unread = {0};

	if (sk_edit_read_work(edit, name, &text, &unread) != 0 ||
	    sk_review_read(&verdict, text.ptr, text.len, &unread) < 0)
		verdict = SK_VERDICT_NONE;
	sk_str_free(&text);
	return verdict;
}

static int refuse(const struct sk_move *move, const char *name,
		  enum sk_verdict verdict, struct sk_err *err)
{
	if (verdict == SK_VERDICT_REJECTED)
		sk_fail(err, SK_ENO, "the newest review of %s rejects it: '%s'",
			move->id, name);
	else
		sk_fail(err, SK_ENO,
			"the newest review of %s has no verdict: '%s'",
			move->id, name);
	return sk_hint(err, "have it reviewed again, or add '--force --reason"
			    " <text>'");
}

int sk_move_check_review(const struct sk_move *move, const struct sk_edit *edit,
			 struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;
	enum sk_verdict verdict;
	int rc = find_newest(&name, move, edit, err);

	if (rc == 0 && name.len) {
		verdict = read_verdict(edit, name.ptr);
		if (verdict != SK_VERDICT_PASSED)
			rc = refuse(move, name.ptr, verdict, err);
	}
	sk_str_free(&name);
	return rc;
}
