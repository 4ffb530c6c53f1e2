/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "mission/activity.h"
#include "mission/frontedit.h"
#include "mission/frontmatter.h"
#include "mission/requirement.h"
#include "mission/tasksdoc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Setting a key again changes nothing; where it cannot be set, nothing does. */
static void edit(const char *data, size_t size)
{
	struct sk_str file = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_wp wp;
	int rc;

	sk_str_add(&file, data, size);
	rc = sk_front_set(&file, "agent", "a # \"b\"", &err);
	if (rc != 0 && (file.len != size || memcmp(file.ptr, data, size) != 0))
		abort();
	if (rc == 0 && (sk_wp_read(&wp, file.ptr, file.len, &err) != 0 ||
			strcmp(wp.agent, "a # \"b\"") != 0))
		abort();
	if (rc == 0) {
		sk_wp_free(&wp);
		if (sk_front_set(&file, "agent", "a # \"b\"", &err) != 1)
			abort();
	}
	sk_activity_add(&file, "entry");
	sk_str_free(&file);
}

/* Any bytes, as a prompt file, a tasks.md, a spec.md and a plan.md. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_tasks tasks = SK_TASKS_INIT;
	const char *text = (const char *)data;
	struct sk_spec spec;

	edit(text, size);
	sk_tasks_read(&tasks, text, size);
	sk_tasks_free(&tasks);
	sk_spec_read(&spec, text, size);
	sk_spec_free(&spec);
	if (sk_plan_is_substantive(text, size) && size == 0)
		abort();
	return 0;
}
