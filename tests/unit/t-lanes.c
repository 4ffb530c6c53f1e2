/* SPDX-License-Identifier: MIT */
/* lanes.json: read, and computed. */
#include "base/str.h"
#include "mission/lanes.h"
#include "tests/unit/tap.h"

#define HEAD                                                                   \
	"{\"version\": 1, \"mission_slug\": \"m\", \"mission_branch\": \"b\"," \
	" \"target_branch\": \"main\", \"lanes\": "
#define LANE                                                                   \
	"{\"lane_id\": \"lane-a\", \"wp_ids\": [\"WP01\"],"                    \
	" \"depends_on_lanes\": [], \"parallel_group\": 0, \"mine\": 1}"

static const struct {
	const char *title, *text, *fault; /* NULL: read */
} files[] = {
	{"one lane, and what nobody knows", HEAD "[" LANE "], \"x\": 1}", NULL},
	{"no lane", HEAD "[]}", NULL},
	{"a lane twice", HEAD "[" LANE "," LANE "]}", "twice"},
	{"a torn file", HEAD "[" LANE, "byte"},
	{"nothing", "", "byte"},
	{"no object", "[]", "version"},
	{"another version", "{\"version\": 2}", "version"},
	{"no slug", "{\"version\": 1, \"feature_slug\": \"m\"}",
	 "mission_slug"},
	{"no lanes", HEAD "{}}", "lanes"},
	{"a lane without id", HEAD "[{}]}", "lane_id"},
	{"an id that is no text",
	 HEAD "[{\"lane_id\": \"a\", \"wp_ids\": [1]}]}", "wp_ids"},
};

static void test_reading(void)
{
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		struct sk_lanes lanes;
		struct sk_err err = {0};
		int rc = sk_lanes_read(&lanes, files[i].text,
				       strlen(files[i].text), &err);

		if (!ok(files[i].fault ? rc == -1 && err.code == SK_EDATA &&
						 strstr(err.msg, files[i].fault)
				       : rc == 0,
			"read: %s", files[i].title))
			printf("# %d %s\n", rc, err.msg);
		if (i == 0)
			ok(sk_lanes_find(&lanes, "WP01") &&
				   !sk_lanes_find(&lanes, "WP02") &&
				   strcmp(lanes.mission_id, "m") == 0,
			   "read: a work package is found in its lane");
		if (i == 0)
			ok(strcmp(sk_lanes_mode(&lanes, "WP01"), "worktree") ==
					   0 &&
				   strcmp(sk_lanes_mode(&lanes, "WP02"),
					  "direct_repo") == 0,
			   "read: in a lane it is worked on in a worktree");
		sk_lanes_free(&lanes);
	}
}

/* A line each: "WP01 src/a,src/b <WP02", and "-" for planning. */
static const struct {
	const char *title, *wps;
	bool joins;
	const char *want; /* "a: WP01,WP02 <lanes @group" or the fault */
} plans[] = {
	{"apart", "WP02 src/b\nWP01 src/a\n", false,
	 "lane-a:WP01@0;lane-b:WP02@0;"},
	{"a name that another begins with", "WP01 src/foo\nWP02 src/foobar\n",
	 false, "lane-a:WP01@0;lane-b:WP02@0;"},
	{"overlap", "WP01 src/a/**\nWP02 x\nWP03 src/a/b\n", false,
	 "lane-a:WP01,WP03@0;lane-b:WP02@0;"
	 "WP01+WP03 write_scope_overlap src/a/** overlaps src/a/b;"
	 "1 strangers;"},
	{"overlap of one with what it depends on", "WP01 a\nWP02 a <WP01\n",
	 false,
	 "lane-a:WP01,WP02@0;WP01+WP02 write_scope_overlap a overlaps a;"},
	{"lanes depend", "WP01 a\nWP02 b <WP01\nWP03 c <WP02,WP01\n", false,
	 "lane-a:WP01@0;lane-b:WP02<lane-a@1;lane-c:WP03<lane-a,lane-b@2;"},
	{"dependents joined", "WP01 a\nWP02 b <WP01\nWP03 c\n", true,
	 "lane-a:WP01,WP02@0;lane-b:WP03@0;"
	 "WP02+WP01 dependency WP02 depends on WP01;"},
	{"order within a lane", "WP01 a <WP03\nWP02 a\nWP03 a\n", false,
	 "lane-a:WP02,WP03,WP01@0;"
	 "WP01+WP02 write_scope_overlap a overlaps a;"
	 "WP01+WP03 write_scope_overlap a overlaps a;"
	 "1 strangers;"},
	{"planning is a lane of its own", "WP01 - \nWP02 b <WP01\nWP03 -\n",
	 false, "lane-planning:WP01,WP03@0;lane-a:WP02<lane-planning@1;"},
	{"planning in front and behind", "WP01 -\nWP02 b <WP01\nWP03 - <WP02\n",
	 false,
	 "lane-planning:WP01,WP03<lane-a@0;lane-a:WP02<lane-planning@1;"},
	{"planning joins nobody by what it owns",
	 "WP01 - docs/**\nWP02 docs/a\nWP03 - docs/a\n", false,
	 "lane-a:WP02@0;lane-planning:WP01,WP03@0;"},
	{"code that owns nothing", "WP01\nWP02\n", false,
	 "'WP01' changes code and owns no files;"
	 "'WP02' changes code and owns no files;"},
	{"nothing", "", false, ""},
};

struct input {
	struct sk_words owned, on;
	char id[16];
};

static size_t read_plan(struct input *inputs, struct sk_lane_wp *wps,
			const char *text)
{
	size_t len = 0;

	while (*text) {
		struct input *in = &inputs[len];
		const char *eol = strchr(text, '\n');

		*in = (struct input){.id = ""};
		wps[len] = (struct sk_lane_wp){.id = in->id,
					       .owned_files = &in->owned,
					       .dependencies = &in->on};
		while (text < eol) {
			size_t word = strcspn(text, " ,\n");

			if (*text == '-')
				wps[len].is_planning = true;
			else if (!in->id[0])
				memcpy(in->id, text, word);
			else if (*text == '<')
				sk_words_add_len(&in->on, text + 1, word - 1);
			else if (word && in->on.len)
				sk_words_add_len(&in->on, text, word);
			else if (word)
				sk_words_add_len(&in->owned, text, word);
			text += word + (text[word] != '\n');
		}
		text = eol + 1;
		len++;
	}
	return len;
}

static void put(struct sk_str *out, const char *open, const struct sk_words *w)
{
	for (size_t i = 0; i < w->len; i++)
		sk_str_addf(out, "%s%s", i ? "," : open, w->items[i]);
}

static void show(struct sk_str *out, const struct sk_form *form)
{
	const struct sk_form *events =
		sk_form_get(sk_form_get(form, "collapse_report"), "events");
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_lanes lanes;
	int64_t strangers = 0;

	sk_lanes_add(&text, form);
	ok(sk_lanes_read(&lanes, text.ptr, text.len, &err) == 0,
	   "make: what was made can be read");
	for (size_t i = 0; i < lanes.len; i++) {
		sk_str_addf(out, "%s:", lanes.items[i].id);
		put(out, "", &lanes.items[i].wp_ids);
		put(out, "<", &lanes.items[i].depends_on);
		sk_str_addf(out, "@%d;", (int)lanes.items[i].parallel_group);
	}
	for (size_t i = 0; i < sk_form_count(events); i++) {
		const struct sk_form *event = sk_form_at(events, i);

		sk_str_addf(out, "%s+%s %s %s;",
			    sk_form_get_text(event, "wp_a"),
			    sk_form_get_text(event, "wp_b"),
			    sk_form_get_text(event, "rule"),
			    sk_form_get_text(event, "evidence"));
	}
	sk_form_as_int(sk_form_get(sk_form_get(form, "collapse_report"),
				   "independent_wps_collapsed"),
		       &strangers);
	if (strangers)
		sk_str_addf(out, "%d strangers;", (int)strangers);
	sk_lanes_free(&lanes);
	sk_str_free(&text);
}

static void make(struct sk_str *out, const char *text, bool joins)
{
	struct input inputs[32];
	struct sk_lane_wp wps[32];
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_lane_plan plan = {
		.mission_slug = "m",
		.target_branch = "main",
		.computed_at = "2026-05-25T07:16:00+00:00",
		.wps = wps,
		.len = read_plan(inputs, wps, text),
		.joins_dependents = joins,
	};
	struct sk_form *form;

	if (sk_lanes_make(&form, &plan, &faults) == 0)
		show(out, form);
	for (size_t i = 0; i < faults.len; i++)
		sk_str_addf(out, "%s;", faults.items[i].text);
	for (size_t i = 0; i < plan.len; i++) {
		sk_words_free(&inputs[i].owned);
		sk_words_free(&inputs[i].on);
	}
	sk_faults_free(&faults);
	sk_form_free(form);
}

int main(void)
{
	struct sk_str got = SK_STR_INIT, many = SK_STR_INIT;

	test_reading();
	for (size_t i = 0; i < SK_COUNTOF(plans); i++) {
		sk_str_clear(&got);
		make(&got, plans[i].wps, plans[i].joins);
		is(got.ptr, plans[i].want, plans[i].title);
	}
	for (int i = 1; i <= 26; i++)
		sk_str_addf(&many, "WP%02d f%d\n", i, i);
	sk_str_clear(&got);
	make(&got, many.ptr, false);
	ok(strstr(got.ptr, "lane-z:WP26@0;"), "make: there are 26 lanes");
	sk_str_puts(&many, "WP27 f27\n");
	sk_str_clear(&got);
	make(&got, many.ptr, false);
	is(got.ptr,
	   "more than 26 lanes, each with a letter: have work packages own"
	   " files together, or make two missions;",
	   "make: and no more");
	sk_str_free(&got);
	sk_str_free(&many);
	return done_testing();
}
