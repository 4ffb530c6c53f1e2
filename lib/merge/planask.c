/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "merge/planning.h"

void sk_plan_split(struct sk_words *out, const struct sk_str *text)
{
	const char *at = text->ptr, *end = text->ptr + text->len;

	for (; at < end; at += strlen(at) + 1)
		sk_words_add(out, at);
}

bool sk_plan_has(const struct sk_planning *p, const char *commit,
		 const char *tip)
{
	struct sk_err ignored = {0};

	return sk_git_run(NULL, NULL, &p->place, NULL,
			  (const char *const[]){"merge-base", "--is-ancestor",
						tip, commit, NULL},
			  &ignored) == 0;
}

int sk_plan_diff(struct sk_words *out, const struct sk_planning *p,
		 const char *option, const char *from, const char *to,
		 struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_must(
		&said, &p->place, NULL,
		(const char *const[]){"diff-tree", "-r", "-z", "--name-only",
				      "--no-renames", option, from, to, NULL},
		err);

	if (rc == 0)
		sk_plan_split(out, &said);
	sk_str_free(&said);
	return rc;
}
