/* SPDX-License-Identifier: MIT */
#include "workflow/editactivity.h"

#include <string.h>

#include "mission/activity.h"

void sk_edit_add_starts(struct sk_words *starts, const struct sk_edit *edit,
			const char *wp)
{
	struct sk_str start = SK_STR_INIT, actor = SK_STR_INIT;

	for (size_t i = 0; i < edit->state.count; i++) {
		const struct sk_log_row *row = edit->state.rows[i];

		if (strcmp(row->wp_id, wp) != 0)
			continue;
		sk_str_clear(&start);
		sk_str_clear(&actor);
		sk_edit_add_actor(&actor, edit, row);
		sk_activity_entry(&start, row->at_us, actor.ptr, NULL, "");
		sk_words_add_new(starts, start.ptr);
	}
	sk_str_free(&start);
	sk_str_free(&actor);
}

static bool is_put(const struct sk_edit *edit, const char *name)
{
	for (size_t i = 0; i < edit->file_count; i++) {
		if (strcmp(edit->files[i].name, name) == 0)
			return true;
	}
	return false;
}

/* What cannot be read is told by a change that is about it. */
static void follow(struct sk_edit *edit, const char *wp)
{
	struct sk_str name = SK_STR_INIT, work = SK_STR_INIT;
	struct sk_words starts = SK_WORDS_INIT;
	struct sk_str head = SK_STR_INIT;
	struct sk_err ignored = {0};

	if (sk_edit_find_wp(edit, wp, &name, &ignored) == 0 &&
	    !is_put(edit, name.ptr) &&
	    sk_edit_read(edit, name.ptr, &work, &head, &ignored) == 0) {
		sk_edit_add_starts(&starts, edit, wp);
		if (sk_activity_follow(&head, &work, &starts))
			sk_edit_put(edit, name.ptr, &work, &head);
	}
	sk_words_free(&starts);
	sk_str_free(&name);
	sk_str_free(&work);
	sk_str_free(&head);
}

void sk_edit_follow(struct sk_edit *edit)
{
	if (edit->keeps_status || edit->no_commit)
		return;
	for (size_t i = 0; i < edit->uncommitted.len; i++)
		follow(edit, edit->uncommitted.items[i]);
}
