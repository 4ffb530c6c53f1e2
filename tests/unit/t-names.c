/* SPDX-License-Identifier: MIT */
/* The names of missions, of their branches and worktrees. */
#include "mission/names.h"
#include "tests/unit/tap.h"

#define ID "01KNXQS9ATWWFXS3K5ZJ9E5008"

static const struct {
	const char *slug;
	bool is_valid;
} slugs[] = {
	{"login", true},     {"a", true},      {"7-up", true},
	{"042-login", true}, {"a-b-c9", true}, {"", false},
	{"-a", false},	     {"a-", false},    {"a--b", false},
	{"Login", false},    {"a_b", false},   {"a b", false},
	{"a/b", false},	     {"../a", false},  {"caf\xc3\xa9", false},
	{"a\n", false},
};

static const struct {
	const char *name;
	bool is_safe;
} folders[] = {
	{"login-01KNXQS9", true},
	{"042-login", true},
	{"a_b.c", true},
	{"AZ", true},
	{"", false},
	{".", false},
	{"..", false},
	{"a..b", false},
	{"a/b", false},
	{"-a", false},
	{"a.lock", false},
	{"a.", false},
	{"a b", false},
	{"a~1", false},
	{"a\nb", false},
	{"a\\b", false},
};

/* What a name says; slug NULL: nothing. */
struct said {
	const char *name, *slug, *lane_id, *wp_id;
};

static const struct said branches[] = {
	{"kitty/mission-foo-01ABCDEF", "foo-01ABCDEF", "", ""},
	{"kitty/mission-foo-01ABCDEF-lane-a", "foo-01ABCDEF", "lane-a", ""},
	{"kitty/mission-042-foo-01ABCDEF-lane-z", "042-foo-01ABCDEF", "lane-z",
	 ""},
	{"kitty/mission-042-foo-lane-b", "042-foo", "lane-b", ""},
	{"kitty/mission-042-foo", "042-foo", "", ""},
	{"kitty/mission-foo", "foo", "", ""},
	{"kitty/mission-foo-lane-b", "foo", "lane-b", ""},
	{"kitty/mission-foo-lane-planning", "foo-lane-planning", "", ""},
	{"kitty/mission-foo-01ABCDEI", "foo-01ABCDEI", "", ""},
	{"kitty/mission-foo-lane-A", "foo-lane-A", "", ""},
	{"kitty/mission-foo-lane-a-lane-b", "foo-lane-a", "lane-b", ""},
	{"kitty/mission-01ABCDEF", "01ABCDEF", "", ""},
	{"kitty/mission-lane-a", "lane-a", "", ""},
	{"042-foo-WP03", "042-foo", "", "WP03"},
	{"foo-WP03", NULL, NULL, NULL},
	{"042-foo-WP01234567890123456789012345678", "042-foo", "",
	 "WP01234567890123456789012345678"},
	{"042-foo-WP012345678901234567890123456789", NULL, NULL, NULL},
	{"042-foo-WP3", NULL, NULL, NULL},
	{"042-foo", NULL, NULL, NULL},
	{"kitty/mission-", NULL, NULL, NULL},
	{"kitty/mission-a/b", NULL, NULL, NULL},
	{"kitty/pr/foo-to-main", NULL, NULL, NULL},
	{"main", NULL, NULL, NULL},
	{"", NULL, NULL, NULL},
};

static void test_branches(void)
{
	for (size_t i = 0; i < SK_COUNTOF(branches); i++) {
		const struct said *want = &branches[i];
		struct sk_place_name got;
		bool is_one = sk_branch_name_read(&got, want->name);

		ok(is_one == (want->slug != NULL) &&
			   (!is_one ||
			    (got.slug_len == strlen(want->slug) &&
			     strncmp(got.slug, want->slug, got.slug_len) == 0 &&
			     strcmp(got.lane_id, want->lane_id) == 0 &&
			     strcmp(got.wp_id, want->wp_id) == 0)),
		   "branch: '%s' is of %s", want->name,
		   want->slug ? want->slug : "no mission");
	}
}

static void test_made(void)
{
	struct sk_str text = SK_STR_INIT;

	sk_mission_slug_add(&text, "042-login", ID);
	is(text.ptr, "login-01KNXQS9", "slug: one number goes, mid8 comes");
	sk_str_clear(&text);
	sk_mission_slug_add(&text, "042-7-up", ID);
	is(text.ptr, "7-up-01KNXQS9", "slug: only one number goes");
	is(sk_slug_human("0421-x"), "0421-x", "slug: four digits are a word");
	is(sk_slug_human("042-"), "042-", "slug: a number alone stays");
	sk_str_clear(&text);
	sk_mission_branch_add(&text, "foo-01ABCDEF");
	is(text.ptr, "kitty/mission-foo-01ABCDEF", "branch: of a mission");
	sk_str_clear(&text);
	sk_lane_branch_add(&text, "foo-01ABCDEF", "lane-b");
	is(text.ptr, "kitty/mission-foo-01ABCDEF-lane-b", "branch: of a lane");
	sk_str_clear(&text);
	sk_lane_worktree_add(&text, "foo-01ABCDEF", "lane-b");
	is(text.ptr, ".worktrees/foo-01ABCDEF-lane-b", "worktree: of a lane");
	sk_str_clear(&text);
	sk_coord_worktree_add(&text, "foo-01ABCDEF");
	is(text.ptr, ".worktrees/foo-01ABCDEF-coord",
	   "worktree: of coordination");
	sk_str_free(&text);
}

static void test_lengths(void)
{
	char slug[SK_SLUG_MAX + 2];

	memset(slug, 'a', sizeof(slug));
	slug[SK_SLUG_MAX] = '\0';
	ok(sk_slug_is_valid(slug), "slug: %d letters are one", SK_SLUG_MAX);
	slug[SK_SLUG_MAX] = 'a';
	slug[SK_SLUG_MAX + 1] = '\0';
	ok(!sk_slug_is_valid(slug), "slug: one letter more is too long");
}

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(slugs); i++)
		ok(sk_slug_is_valid(slugs[i].slug) == slugs[i].is_valid,
		   "slug: '%s' is %s", slugs[i].slug,
		   slugs[i].is_valid ? "one" : "none");
	for (size_t i = 0; i < SK_COUNTOF(folders); i++)
		ok(sk_mission_slug_is_safe(folders[i].name) ==
			   folders[i].is_safe,
		   "folder: '%s' is %s", folders[i].name,
		   folders[i].is_safe ? "safe" : "not safe");
	test_branches();
	ok(sk_mission_id_is_valid(ID) && !sk_mission_id_is_valid("01KNXQS9") &&
		   !sk_mission_id_is_valid("01KNXQS9ATWWFXS3K5ZJ9E500I"),
	   "id: 26 characters of base 32, without I, L, O and U");
	ok(sk_lane_id_is_code("lane-a") && !sk_lane_id_is_code("lane-aa") &&
		   !sk_lane_id_is_code("lane-planning") &&
		   !sk_lane_id_is_code("lane-"),
	   "lane: one letter is a lane with a branch");
	ok(sk_branch_has_lane("kitty/mission-a-lane-b") &&
		   !sk_branch_has_lane("kitty/mission-a") &&
		   !sk_branch_has_lane("kitty/mission-a-lane-bb") &&
		   !sk_branch_has_lane("kitty/mission-a/b-lane-b") &&
		   !sk_branch_has_lane("x/kitty/mission-a-lane-b") &&
		   !sk_branch_has_lane("001-a-WP01"),
	   "lane: its branch is known by its name");
	test_made();
	test_lengths();
	return done_testing();
}
