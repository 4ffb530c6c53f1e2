/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "merge/planning.h"

/* Where 'git push' would send it, be it tracked or not; else to 'origin'. */
int sk_plan_look_remote(struct sk_planning *p, struct sk_err *err)
{
	static const char format[] =
		"--format=%(push:remotename)%00%(push:remoteref)%00";
	struct sk_words words = SK_WORDS_INIT;
	struct sk_str said = SK_STR_INIT;
	struct sk_blocker *b;
	int rc;

	if (!p->wanted->pushes || !p->target)
		return 0;
	rc = sk_git_must(&said, &p->place, NULL,
			 (const char *const[]){"for-each-ref", format,
					       p->target->ref, NULL},
			 err);
	sk_plan_split(&words, &said);
	if (rc == 0 && words.len >= 2 && *words.items[0]) {
		p->plan->remote = sk_strdup(words.items[0]);
		p->plan->there = sk_strdup(*words.items[1] ? words.items[1]
							   : p->target->ref);
	} else if (rc == 0 &&
		   sk_git_run(NULL, NULL, &p->place, NULL,
			      (const char *const[]){"remote", "get-url",
						    "origin", NULL},
			      err) == 0) {
		p->plan->remote = sk_strdup("origin");
		p->plan->there = sk_strdup(p->target->ref);
	} else if (rc == 0) {
		b = sk_blocker_add(&p->plan->found, SK_BLOCKER_MISSING_REMOTE,
				   p->plan->target);
		sk_str_puts(&b->message, "there is no remote to push ");
		sk_plan_add_name(&b->message, p->plan->target);
		sk_str_puts(&b->message, " to; leave out --push, or add one");
		sk_str_puts(&b->remediation, "git remote -v");
	}
	sk_words_free(&words);
	sk_str_free(&said);
	return rc;
}
