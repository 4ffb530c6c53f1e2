/* SPDX-License-Identifier: MIT */
/* meta.json: read, made, written. */
#include "mission/meta.h"
#include "tests/unit/tap.h"

#define ID "01KNXQS9ATWWFXS3K5ZJ9E5008"

static const struct {
	const char *json;
	bool has;
	int64_t number;
} numbers[] = {
	{"null", false, 0},
	{"\"\"", false, 0},
	{"42", true, 42},
	{"0", true, 0},
	{"\"042\"", true, 42},
	{"\"pending\"", false, 0},
	{"true", false, 0},
	{"\"TBD\"", false, 0},
	{"1.5", false, 0},
	{"[]", false, 0},
	{"-1", false, 0},
	{"\" 1\"", false, 0},
	{"\"99999999999999999999\"", false, 0},
};

static void test_numbers(void)
{
	int64_t number = 7;

	for (size_t i = 0; i < SK_COUNTOF(numbers); i++) {
		struct sk_str text = SK_STR_INIT;
		struct sk_meta meta;
		struct sk_err err = {0};

		sk_str_addf(&text, "{\"mission_number\":%s}", numbers[i].json);
		ok(sk_meta_read(&meta, text.ptr, text.len, &err) == 0 &&
			   meta.has_number == numbers[i].has &&
			   meta.mission_number == numbers[i].number,
		   "number: %s is %s", numbers[i].json,
		   numbers[i].has ? "one" : "none");
		sk_meta_free(&meta);
		sk_str_free(&text);
	}
	ok(!sk_meta_number(&number, NULL) && number == 7,
	   "number: what is not there is none");
}

static void test_reading(void)
{
	static const char older[] =
		"\xef\xbb\xbf{\"feature_slug\": \"042-a\", \"mission\": "
		"\"research\", \"target_branch\": \"\"}\r\n";
	static const char *const broken[] = {"", "[]", "{", "{} x", "null"};
	struct sk_meta meta;
	struct sk_err err = {0};

	ok(sk_meta_read(&meta, older, strlen(older), &err) == 0 &&
		   strcmp(meta.mission_slug, "042-a") == 0 &&
		   strcmp(meta.mission_type, "research") == 0 &&
		   !meta.mission_id && !meta.target_branch,
	   "meta: an older release's names are read");
	sk_meta_free(&meta);
	for (size_t i = 0; i < SK_COUNTOF(broken); i++) {
		ok(sk_meta_read(&meta, broken[i], strlen(broken[i]), &err) ==
				   -1 &&
			   err.code == SK_EDATA && !meta.form,
		   "meta: '%s' is refused", broken[i]);
	}
}

static void test_writing(void)
{
	static const char mine[] =
		"{\"z\": [1, 1.50], \"own\": \"\\u00e9\", \"slug\": \"a\"}";
	struct sk_str text = SK_STR_INIT;
	struct sk_meta meta;
	struct sk_err err = {0};

	ok(sk_meta_read(&meta, mine, strlen(mine), &err) == 0,
	   "meta: unknown members are read");
	sk_form_set(meta.form, "vcs", sk_form_text("git"));
	sk_meta_add(&text, meta.form);
	is(text.ptr,
	   "{\n  \"own\": \"\xc3\xa9\",\n  \"slug\": \"a\",\n"
	   "  \"vcs\": \"git\",\n  \"z\": [\n    1,\n    1.5\n  ]\n}\n",
	   "meta: unknown members are written, sorted and raw");
	sk_meta_free(&meta);
	sk_str_free(&text);
}

static void test_making(void)
{
	struct sk_meta_new mission = {
		.mission_slug = "login-page-01KNXQS9",
		.mission_type = "software-dev",
		.target_branch = "main",
		.created_at = "2026-05-25T07:16:00.123456+00:00",
		.mission_id = ID,
		.purpose_tldr = "",
		.is_pr_bound = true,
	};
	struct sk_form *form = sk_meta_make(&mission);
	struct sk_str text = SK_STR_INIT;

	sk_meta_add(&text, form);
	is(text.ptr,
	   "{\n  \"created_at\": \"2026-05-25T07:16:00.123456+00:00\",\n"
	   "  \"friendly_name\": \"login page\",\n"
	   "  \"mission_id\": \"" ID "\",\n  \"mission_number\": null,\n"
	   "  \"mission_slug\": \"login-page-01KNXQS9\",\n"
	   "  \"mission_type\": \"software-dev\",\n  \"pr_bound\": true,\n"
	   "  \"slug\": \"login-page-01KNXQS9\",\n"
	   "  \"target_branch\": \"main\"\n}\n",
	   "make: a new mission has no number and no empty text");
	sk_form_free(form);
	sk_str_free(&text);
}

int main(void)
{
	test_numbers();
	test_reading();
	test_writing();
	test_making();
	return done_testing();
}
