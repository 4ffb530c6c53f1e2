/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "mission/frontmatter.h"
#include "mission/lanes.h"
#include "mission/tasksdoc.h"
#include "workflow/editsave.h"
#include "workflow/movepart.h"

#define REVIEW_BEGIN "review-cycle-"
#define REVIEW_END   ".md"

/* Of the open boxes so many are named, each so far. */
enum { OPEN_NAMED = 3, OPEN_SHOWN = 60 };

int sk_move_find_mode(const char **mode, const struct sk_move *move,
		      const struct sk_edit *edit, struct sk_err *err)
{
	const struct sk_work_lane *lane = NULL;
	struct sk_str text = SK_STR_INIT;
	struct sk_lanes lanes = {0};
	int rc = sk_edit_read_work(edit, "lanes.json", &text, err);

	if (rc == 0) {
		rc = sk_edit_parse_lanes(&lanes, edit, &text, err);
		if (rc == 0)
			lane = sk_lanes_find(&lanes, move->id);
	}
	*mode = lane && strcmp(lane->id, SK_LANES_PLANNING) != 0
			? "worktree"
			: "direct_repo";
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

/* Keep the highest N of the names review-cycle-N.md. */
static void keep_newest(void *ctx, const char *name)
{
	unsigned long *newest = ctx, number;
	const char *digits = name + strlen(REVIEW_BEGIN);
	char *end;

	if (strncmp(name, REVIEW_BEGIN, strlen(REVIEW_BEGIN)) != 0 ||
	    *digits < '1' || *digits > '9')
		return;
	number = strtoul(digits, &end, 10);
	if (strcmp(end, REVIEW_END) == 0 && number > *newest)
		*newest = number;
}

/* Set *verdict to what the front matter of the review says. 0, 1 or -1. */
static int read_verdict(struct sk_str *verdict, const struct sk_edit *edit,
			const char *name, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_wp front = {0};
	const char *said = NULL;
	int rc = sk_edit_read_work(edit, name, &text, err);

	if (rc == 0)
		rc = sk_wp_read(&front, text.ptr, text.len, err);
	if (rc == 0)
		said = sk_form_get_text(front.form, "verdict");
	if (said)
		sk_str_set(verdict, said);
	sk_wp_free(&front);
	sk_str_free(&text);
	return rc;
}

static int refuse(const struct sk_move *move, const char *name,
		  const struct sk_str *verdict, struct sk_err *err)
{
	if (verdict->len)
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
	struct sk_str name = SK_STR_INIT, verdict = SK_STR_INIT;
	struct sk_err unread = {0};
	unsigned long newest = 0;
	int rc = 0;

	if (!move->file.len)
		return 0;
	/* the folder beside the file, without its .md */
	sk_str_add(&name, move->file.ptr, move->file.len - strlen(".md"));
	rc = sk_edit_each_name(edit, name.ptr, keep_newest, &newest, err);
	if (rc == 0 && newest) {
		sk_str_addf(&name, "/" REVIEW_BEGIN "%lu" REVIEW_END, newest);
		if (read_verdict(&verdict, edit, name.ptr, &unread) != 0)
			sk_str_clear(&verdict);
		if (!verdict.len || strcmp(verdict.ptr, "rejected") == 0)
			rc = refuse(move, name.ptr, &verdict, err);
	}
	sk_str_free(&name);
	sk_str_free(&verdict);
	return rc;
}
