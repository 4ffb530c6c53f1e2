/* SPDX-License-Identifier: MIT */
/*
 * The front matter of a work package's prompt file, tasks/WPnn-slug.md: YAML
 * between two "---" lines. Reading is tolerant of the forms that occur, and
 * leaves what is no text or list of texts aside; frontedit.h changes it.
 */
#ifndef SK_MISSION_FRONTMATTER_H
#define SK_MISSION_FRONTMATTER_H

#include "base/words.h"
#include "format/jsonform.h"
#include "mission/wpfile.h"

/* The texts are borrowed from `form`, and NULL when there is none. */
struct sk_wp {
	struct sk_form *form;  /* all of the front matter, owned */
	char id[SK_WP_ID_MAX]; /* `work_package_id`; "" when none is valid */
	const char *title;
	const char *execution_mode;
	const char *authoritative_surface;
	const char *scope;
	const char *agent; /* of a mapping: its tool */
	const char *shell_pid;
	const char *base_commit;
	struct sk_words dependencies;
	struct sk_words requirement_refs; /* upper case */
	struct sk_words owned_files;
};

/*
 * Read the file. *out is owned, free it with sk_wp_free(), whatever this
 * returned. Returns 0; 1 when there is no front matter; -1 with SK_EDATA and
 * the line when it is not a YAML mapping.
 */
int sk_wp_read(struct sk_wp *out, const char *data, size_t len,
	       struct sk_err *err) SK_NODISCARD;
void sk_wp_free(struct sk_wp *wp);

/*
 * Append what a value lists: the texts of an array, or of a text that is parted
 * by commas and may stand in brackets. "none" is nothing.
 */
void sk_wp_add_list(struct sk_words *out, const struct sk_form *value);

#endif
