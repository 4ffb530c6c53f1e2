/* SPDX-License-Identifier: MIT */
/* Globs of owned files: what they own, and what two of them share. */
#include "mission/ownership.h"
#include "mission/surface.h"
#include "tests/unit/tap.h"

static const struct {
	const char *a, *b;
	bool overlap;
} pairs[] = {
	{"src/foo", "src/foobar", false},
	{"src/foo/**", "src/foobar/**", false},
	{"src/foo", "src/foo/bar.c", true},
	{"src/foo/", "src/foo/**", true},
	{"src/**", "src/a/b.c", true},
	{"src/*", "src/a/b.c", true},
	{"src/*.c", "src/*.h", false},
	{"src/*.c", "src/a*", true},
	{"src/a*.c", "src/b*.c", false},
	{"src/*a*b", "src/b*a", false},
	{"src/*a*b", "src/ba*", true},
	{"**/x.c", "src/**", true},
	{"**/x.c", "src/y.c", false},
	{"**/test/*.c", "src/**/x.h", false},
	{"**/test/*.c", "src/**/x.?", true},
	{"a/**/z", "a/z", true},
	{"a/**/z", "a/b/c/z", true},
	{"a/**/z", "b/**", false},
	{"**", "anything", true},
	{"src/?.c", "src/ab.c", false},
	{"src/?.c", "src/\xc3\xa9.c", true},
	{"src/[ab].c", "src/[bc].c", true},
	{"src/[ab].c", "src/[cd].c", false},
	{"src/[a-m]x", "src/[!a-l]x", true},
	{"src/[a-m]x", "src/[!a-m]x", false},
	{"src/[!a]x", "src/[!b]x", true},
	{"src/[]a].c", "src/].c", true},
	{"src/[!]a].c", "src/].c", false},
	{"src/[a].c", "src/a.c", true},
	{"src/[^a].c", "src/b.c", true},
	{"src/[^a].c", "src/a.c", false},
	{"src/[a-].c", "src/-.c", true},
	{"src/x[.-0]", "src/x[!.0]", false},
	{"src/[a-].c", "src/b.c", false},
	{"src/[!", "src/[!", true},
	{"src/[a", "src/[a", true},
	{"src/[a", "src/a", false},
	{"./src//a", "src/a", true},
	{"src/a**z/x", "src/q/x", true},
	{"docs/a.md", "docs/a.md", true},
	{"docs/a.md", "docs/A.md", false},
	{"src/a/b", "a/b", false},
	{"docs/v1.2", "docs/v1.2/x.md", true},
	{"docs/v1.2", "docs/*/x.md", true},
	{"docs/v1", "docs/**/x.md", true},
	{"src/y.c", "**", true},
	{"src/*/x.c", "**/*.md", false},
	{"src/*.c", "src/*/x.h", false},
	{"src/*.c", "src/a.c/x.h", true},
	{"src/*.c", "src/*.d/x.h", false},
	{"src/*.d", "src/a.d/x.h", true},
	{"src/*.d", "src/*/x.h", false},
	{"src/*.d/", "src/*/x.h", true},
	{"src/*.d/**", "src/*/x.h", true},
	{"docs/v1.2", "docs/**/x.md", false},
	{"docs/v1.2/", "docs/**/x.md", true},
	{".github", "**/*.yml", true},
	{"**/*.md", ".md/x", true},
	{"*", "a/b/c", true},
	{"**/*", "a/b", true},
	{"a/*/c", "a/b", true},
	{"a/*/c", "*/b/*", true},
	{"a/*/c", "b/*/c", false},
	{"a/**/b/**/c.h", "a/x/c.h", false},
	{"a/**/b/**/c", "a/x/**", true},
	{"**/a/**", "**/b/**", true},
	{"*.c", "*.h", false},
	{"*.c", "**/*.c", true},
};

static const struct {
	const char *glob, *path;
	bool owns;
} paths[] = {
	{"src/foo/**", "src/foo/a/b.c", true},
	{"src/foo/**", "src/foobar/a.c", false},
	{"src/foo", "src/foo/a.c", true},
	{"src/foo/a.c", "src/foo", false},
	{"src/*.c", "src/a.c", true},
	{"src/*.c", "src/a/b.c", false},
	{"*.md", "README.md", true},
	{"*.md", "docs/a.md", false},
	{"**/*.md", "docs/a.md", true},
	{"**/*.md", "a.md", true},
	{"**/*.md", "a.md/x", true},
	{"**/*.md", ".md/x", true},
	{"src/[ab].c", "src/[ab].c", false},
	{"src/\\*", "src/*", false},
	{"src/a.c", "src/*", false},
	{"src/?", "src/\xff", true},
	{"a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

static const struct {
	const char *glob;
	bool is_outside, is_of_missions;
} odd[] = {
	{"kitty-specs/**", false, true},
	{"kitty-specs", false, true},
	{"./kitty-specs/a", false, true},
	{"kitty-*/x", false, true},
	{"*-specs/x", false, true},
	{"?itty-specs", false, true},
	{"?", false, false},
	{"kitty-specs2/x", false, false},
	{"src/kitty-specs", false, false},
	{"**", false, false},
	{"*", false, false},
	{"**/*.md", false, false},
	{"/src", true, false},
	{"../src", true, false},
	{"src/../../x", true, false},
	{"", true, false},
	{"./", true, false},
	{"src/..x", false, false},
};

static const struct {
	const char *text;
	bool is_planning;
	const char *files, *surface;
	bool is_guess;
} inferred[] = {
	{"Change `src/app/main.py`, and tests/app/. See spec.md.", false,
	 "src/app/main.py,tests/app/**", "src/app/", false},
	{"Write spec.md and plan.md in kitty-specs/x/.", true, "", "", false},
	{"Write docs/how-to and plan.md", true, "docs/how-to/**",
	 "docs/how-to/", false},
	{"Do it.", false, "src/**", "src/", true},
	{"All of test/ at once", false, "test/**", "test/", false},
	{"All of src/ at once", false, "src/**", "src/", false},
	{"src/a/b.c src/a/c/d.c mysrc/x src/a/b.c", false,
	 "src/a/b.c,src/a/c/d.c", "src/a/", false},
	{"src/a/c/d.c src/a/b.c", false, "src/a/c/d.c,src/a/b.c", "src/a/",
	 false},
	{"src/ab/x.c src/ac/x.c", false, "src/ab/x.c,src/ac/x.c", "src/",
	 false},
	{"src/../etc/passwd", false, "src/**", "src/", true},
	{"", false, "src/**", "src/", true},
};

static void test_inferred(void)
{
	for (size_t i = 0; i < SK_COUNTOF(inferred); i++) {
		struct sk_str files = SK_STR_INIT, surface = SK_STR_INIT;
		struct sk_ownership own;

		sk_ownership_infer(&own, inferred[i].text,
				   strlen(inferred[i].text));
		for (size_t j = 0; j < own.files.len; j++)
			sk_str_addf(&files, "%s%s", j ? "," : "",
				    own.files.items[j]);
		sk_ownership_surface(&surface, &own.files);
		ok(own.is_planning == inferred[i].is_planning,
		   "infer: '%s' is %s", inferred[i].text,
		   inferred[i].is_planning ? "planning" : "code");
		is(files.ptr, inferred[i].files, "infer: the files named");
		ok(own.is_guess == inferred[i].is_guess,
		   "infer: or it is a guess");
		is(surface.ptr, inferred[i].surface, "infer: their folder");
		ok(!own.files.len || sk_surface_covers(surface.ptr, &own.files),
		   "infer: the folder covers one of them");
		sk_words_free(&own.files);
		sk_str_free(&files);
		sk_str_free(&surface);
	}
}

/* What is too long to be compared may be anything. */
static void test_huge(void)
{
	struct sk_str huge = SK_STR_INIT;

	while (huge.len <= SK_GLOB_MAX)
		sk_str_puts(&huge, "src/");
	ok(sk_glob_owns(huge.ptr, "docs/a") && sk_glob_owns("docs/a", huge.ptr),
	   "own: a glob that is too long may own any path");
	sk_str_free(&huge);
}

int main(void)
{
	struct sk_words globs = SK_WORDS_INIT;

	for (size_t i = 0; i < SK_COUNTOF(pairs); i++)
		ok(sk_globs_overlap(pairs[i].a, pairs[i].b) ==
				   pairs[i].overlap &&
			   sk_globs_overlap(pairs[i].b, pairs[i].a) ==
				   pairs[i].overlap,
		   "overlap: %s and %s %s", pairs[i].a, pairs[i].b,
		   pairs[i].overlap ? "share a path" : "are apart");
	for (size_t i = 0; i < SK_COUNTOF(paths); i++)
		ok(sk_glob_owns(paths[i].glob, paths[i].path) == paths[i].owns,
		   "own: %s %s %s", paths[i].glob,
		   paths[i].owns ? "owns" : "does not own", paths[i].path);
	for (size_t i = 0; i < SK_COUNTOF(odd); i++)
		ok(sk_glob_is_outside(odd[i].glob) == odd[i].is_outside &&
			   sk_glob_is_of_missions(odd[i].glob) ==
				   odd[i].is_of_missions,
		   "glob: '%s'%s%s", odd[i].glob,
		   odd[i].is_outside ? " is outside" : "",
		   odd[i].is_of_missions ? " is the mission's own" : "");
	sk_words_add(&globs, "src/a/x.c");
	sk_words_add(&globs, "docs/**");
	ok(sk_globs_own(&globs, "docs/x") && !sk_globs_own(&globs, "src/a"),
	   "own: one of a list is enough");
	ok(sk_surface_covers("src/a/", &globs) &&
		   sk_surface_covers("./docs", &globs) &&
		   !sk_surface_covers("src/ab/", &globs) &&
		   !sk_surface_covers("do", &globs),
	   "surface: is a folder that an entry begins with");
	sk_words_free(&globs);
	test_inferred();
	test_huge();
	return done_testing();
}
