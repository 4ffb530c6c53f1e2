/* SPDX-License-Identifier: MIT */
/* What git tells its pre-push hook, read from the right. */
#include "guard/push.h"
#include "tests/unit/tap.h"

#define ONE  "1111111111111111111111111111111111111111"
#define TWO  "2222222222222222222222222222222222222222"
#define NONE "0000000000000000000000000000000000000000"

struct push_case {
	const char *name, *text;
	int rc;
	size_t count, tips;
};

static const struct push_case cases[] = {
	{"nothing", "", 0, 0, 0},
	{"one ref", "refs/heads/a " ONE " refs/heads/b " TWO "\n", 0, 1, 1},
	{"no line feed", "refs/heads/a " ONE " refs/heads/b " TWO, 0, 1, 1},
	{"a local ref with spaces",
	 "HEAD^{/fix bug} " ONE " refs/heads/b " TWO "\n", 0, 1, 1},
	{"an empty local ref", " " ONE " refs/heads/b " TWO "\n", 0, 1, 1},
	{"a deletion", "(delete) " NONE " refs/heads/b " TWO "\n", 0, 0, 0},
	{"a tag", "refs/tags/v1 " ONE " refs/tags/v1 " NONE "\n", 0, 0, 0},
	{"one commit at two refs",
	 "a " ONE " refs/heads/b " TWO "\na " ONE " refs/heads/c " NONE "\n", 0,
	 2, 1},
	{"an id that is none", "a xyz refs/heads/b " TWO "\n", -1, 0, 0},
	{"too few words", "refs/heads/b " TWO "\n", -1, 0, 0},
	{"one word", "x\n", -1, 0, 0},
};

int main(void)
{
	struct sk_push push = SK_PUSH_INIT;
	struct sk_err err = {0};

	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		const struct push_case *c = &cases[i];

		ok(sk_push_read(&push, c->text, strlen(c->text), &err) ==
				   c->rc &&
			   push.count == c->count && push.tip_count == c->tips,
		   "push: %s", c->name);
		sk_push_free(&push);
	}
	ok(sk_push_read(&push, cases[3].text, strlen(cases[3].text), &err) ==
			   0 &&
		   strcmp(push.refs[0].name, "refs/heads/b") == 0 &&
		   push.refs[0].now.id[0] == 0x11 &&
		   push.refs[0].old.id[0] == 0x22,
	   "push: its name and ids are those on the right");
	sk_push_free(&push);
	return done_testing();
}
