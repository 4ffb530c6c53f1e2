/* SPDX-License-Identifier: MIT */
#include "mission/taskstext.h"

#include <string.h>

#include "mission/manifest.h"

static void add_list(struct sk_str *out, const char *label,
		     const struct sk_words *words)
{
	if (!words->len)
		return;
	sk_str_addf(out, "**%s**: ", label);
	for (size_t i = 0; i < words->len; i++)
		sk_str_addf(out, "%s%s", i ? ", " : "", words->items[i]);
	sk_str_puts(out, "\n");
}

static void add_section(struct sk_str *out, const struct sk_tasks_wp *wp)
{
	sk_str_addf(out, "\n## %s", wp->id);
	if (wp->title && *wp->title)
		sk_str_addf(out, ": %.*s", (int)strcspn(wp->title, "\r\n"),
			    wp->title);
	sk_str_puts(out, "\n\n");
	if (wp->dependencies.len)
		add_list(out, "Dependencies", &wp->dependencies);
	else
		sk_str_puts(out, "**Dependencies**: none\n");
	add_list(out, "Requirement Refs", &wp->requirement_refs);
}

void sk_tasks_text_add(struct sk_str *tasks, const char *name, const char *data,
		       size_t len)
{
	struct sk_tasks said = SK_TASKS_INIT, has = SK_TASKS_INIT;
	struct sk_err ignored = {0};

	if (sk_manifest_read(&said, data, len, &ignored) == 0) {
		sk_tasks_read(&has, tasks->ptr, tasks->len);
		if (!tasks->len)
			sk_str_addf(tasks, "# Tasks%s%s\n", name ? ": " : "",
				    name ? name : "");
		else if (tasks->ptr[tasks->len - 1] != '\n')
			sk_str_putc(tasks, '\n');
		for (size_t i = 0; i < said.len; i++) {
			if (!sk_tasks_find(&has, said.wps[i].id))
				add_section(tasks, &said.wps[i]);
		}
	}
	sk_tasks_free(&said);
	sk_tasks_free(&has);
}
