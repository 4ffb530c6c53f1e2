/* SPDX-License-Identifier: MIT */
/* Which review of a work package is the newest, and what it says. */
#include <string.h>

#include "mission/review.h"
#include "tests/unit/tap.h"

static void test_folders(void)
{
	ok(sk_review_is_folder("WP01", "WP01") &&
		   sk_review_is_folder("WP01-x", "WP01") &&
		   sk_review_is_folder("WP01_x", "WP01") &&
		   sk_review_is_folder("WP01.x", "WP01"),
	   "review: the id, and what a file's name may go on with");
	ok(!sk_review_is_folder("WP010", "WP01") &&
		   !sk_review_is_folder("WP0", "WP01") &&
		   !sk_review_is_folder("x-WP01", "WP01"),
	   "review: another's folder is not this one's");
}

static void test_newest(void)
{
	static const char *const none[] = {
		"review-cycle-0.md",	"review-cycle-07.md",
		"review-cycle-.md",	"review-cycle-3.txt",
		"review-cycle-3.md.md", "review-cycle--3.md",
		"Review-cycle-3.md",	"review-cycle-99999999999999999999.md",
	};
	struct sk_review newest = SK_REVIEW_INIT;
	struct sk_str path = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(none); i++)
		ok(!sk_review_keep(&newest, "WP01", none[i]),
		   "review: '%s' is none", none[i]);
	ok(sk_review_keep(&newest, "WP01-x", "review-cycle-9.md") &&
		   sk_review_keep(&newest, "WP01", "review-cycle-10.md") &&
		   !sk_review_keep(&newest, "WP01-x", "review-cycle-2.md"),
	   "review: the highest number is kept");
	ok(sk_review_keep(&newest, "WP01-x", "review-cycle-10.md") &&
		   !sk_review_keep(&newest, "WP01", "review-cycle-10.md"),
	   "review: of two with one number the folder decides, in any order");
	sk_review_add_path(&path, &newest);
	is(path.ptr, "WP01-x/review-cycle-10.md", "review: it has a path");
	sk_str_free(&path);
	sk_review_free(&newest);
}

static void check(const char *text, int want_rc, enum sk_verdict want)
{
	enum sk_verdict verdict = SK_VERDICT_NONE;
	struct sk_err err = {0};
	int rc = sk_review_read(&verdict, text, strlen(text), &err);

	ok(rc == want_rc && verdict == want, "review: what '%.30s...' says",
	   text);
}

int main(void)
{
	test_folders();
	test_newest();
	check("---\nverdict: rejected\n---\n", 0, SK_VERDICT_REJECTED);
	check("---\nverdict: approved\n---\n", 0, SK_VERDICT_PASSED);
	check("---\nverdict: arbiter_override\n---\n", 0, SK_VERDICT_PASSED);
	check("---\nverdict: rejected\nreview_artifact_override_at: x\n---\n",
	      0, SK_VERDICT_PASSED);
	check("---\nverdict: \"\"\n---\n", 0, SK_VERDICT_NONE);
	check("---\ncycle_number: 1\n---\n", 0, SK_VERDICT_NONE);
	check("rejected\n", 0, SK_VERDICT_NONE);
	check("---\nverdict: [\n---\n", -1, SK_VERDICT_NONE);
	return done_testing();
}
