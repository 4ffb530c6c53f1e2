/* SPDX-License-Identifier: MIT */
/* tasks.md, wps.yaml, spec.md and plan.md: what they say. */
#include "base/str.h"
#include "mission/manifest.h"
#include "mission/requirement.h"
#include "mission/tasksdoc.h"
#include "tests/unit/tap.h"

/* What is read, as "WP01: title <dependencies (requirements) [open]; ..." */
static const struct {
	const char *title, *text, *want;
} docs[] = {
	{"headings",
	 "## WP01: a\n### WP02 - b\n## Work Package WP03: **c**\n"
	 "## Work Package 4: d\n### Work Package 12 \xe2\x80\x94 e\n"
	 "#### WP05 \xe2\x80\x9c"
	 "f\n",
	 "WP01:a;WP02:b;WP03:c;WP04:d;WP12:e;WP05:\xe2\x80\x9c"
	 "f;"},
	{"what is no heading of one",
	 "# WP01\n## WP1\n##WP02\n## WP03b\n## About WP04\n"
	 "## Work Package 123\n##### WP05\n```\n## WP06\n```\n## wp07\n",
	 ""},
	{"a label with commas", "## WP03\n**Dependencies**: WP01, WP02.\n",
	 "WP03:<WP01,WP02;"},
	{"a colon within the bold", "## WP03\n- **Dependencies:** WP01\r\n",
	 "WP03:<WP01;"},
	{"a full stop for a colon", "## WP03\n**Dependencies.** WP01.\n",
	 "WP03:<WP01;"},
	{"depends on", "## WP03\nDepends on WP01 (schema), WP02 (runner).\n",
	 "WP03:<WP01,WP02;"},
	{"behind a pipe",
	 "## WP03\n**Priority**: P1 | **Dependencies**: WP01\n", "WP03:<WP01;"},
	{"and, and twice", "## WP03\nDepends on: WP02 and WP01, WP02\n",
	 "WP03:<WP02,WP01;"},
	{"a range", "## WP09\nDependencies: WP01-WP03, WP05\n",
	 "WP09:<WP01,WP02,WP03,WP05;"},
	{"a range of a hundred is the longest",
	 "## WP09\nDepends on WP001-WP101, WP07\n",
	 "WP09:<WP001,WP001-WP101,WP07;"},
	{"a range that goes back is named, and what follows is read",
	 "## WP09\nDependencies: WP05-WP03, WP07\n",
	 "WP09:<WP05,WP05-WP03,WP07;"},
	{"a number too long for a range",
	 "## WP09\nDepends on WP01-WP9999999999999999999999, WP07\n",
	 "WP09:<WP01,WP01-WP9999999999999999999999,WP07;"},
	{"ranges in other words",
	 "## WP09\nDepends on WP01-02, WP04 through WP05 and WP7\n",
	 "WP09:<WP01,WP02,WP04,WP05,WP7;"},
	{"links, quotes, notes and small letters",
	 "## WP09\nDepends on [WP01](#wp01) (a) [b], [WP02](#wp02)\n"
	 "## WP10\nDependencies: [\"WP01\", 'WP02']\n"
	 "## WP11\nDepends on wp01, WP02 (x (y)), WP03\n",
	 "WP09:<WP01,WP02;WP10:<WP01,WP02;WP11:<WP01,WP02,WP03;"},
	{"a semicolon ends the list, but within a note",
	 "## WP09\nDepends on WP01 (a; b), WP02; WP03 can go beside it\n",
	 "WP09:<WP01,WP02;"},
	{"no range, an explanation",
	 "## WP09\nDepends on WP01 - 3 of them, WP02\n", "WP09:<WP01;"},
	{"a heading and items",
	 "## WP03\n### Dependencies\n- WP01 (x)\n* `WP02`\n- Depends on WP04.\n"
	 "### Risks\n- WP07 is late\n",
	 "WP03:<WP01,WP02,WP04;"},
	{"a heading of the same level", "## WP03\n## Dependencies\n- WP01\n",
	 "WP03:<WP01;"},
	{"none", "## WP03\nDependencies: None (see WP01)\n", "WP03:<-;"},
	{"none in a list", "## WP03\n### Dependencies\n- none\n", "WP03:<-;"},
	{"no mention",
	 "## WP03\nWP01 depends on WP02. The dependencies: WP04\n", "WP03:;"},
	{"the end of a section", "## WP01\n## Notes\nDepends on WP09\n",
	 "WP01:;"},
	{"a heading below", "### WP01\n### Notes\nDepends on WP09\n",
	 "WP01:<WP09;"},
	{"requirements",
	 "## WP01\n**Requirement Refs**: fr-001, NFR-2, C-3\n"
	 "Requirements: FR-001, FR-9x\n",
	 "WP01:(FR-001,NFR-2,C-3);"},
	{"open boxes, also below a heading",
	 "## WP01\n- [ ] T001 a\n### Sub\n  * [ ] T002\n1. [ ] T003\n"
	 "- [x] T004\n- [X] T005\n```\n- [ ] T006\n```\nsee - [ ] T007\n"
	 "## WP02\n- [ ] T008\n",
	 "WP01:[T001 a,T002,T003];WP02:[T008];"},
	{"boxes as marking knows them: in a quote, without a space",
	 "## WP01\n> - [ ] T001\n-[ ] T002\n1.[ ] T003\n",
	 "WP01:[T001,T002,T003];"},
	{"code that stands in an item is no task",
	 "## WP01\n- [x] T001\n    - deeper\n      ```\n      - [ ] T002\n"
	 "      ```\n- [ ] T003\n",
	 "WP01:[T003];"},
	{"a comment is no task",
	 "## WP01\n<!--\n- [ ] T001\n## WP02\nDepends on WP03\n-->\n"
	 "- [ ] T004\n",
	 "WP01:[T004];"},
	{"two sections of one",
	 "## WP01: a\n- [ ] T1\n## WP02\n"
	 "## WP01: b\n- [ ] T2\nDepends on WP02\n",
	 "WP01:a<WP02[T1,T2];WP02:;"},
	{"no line end, BOM and CR", "\xef\xbb\xbf## WP01: a\r\n- [ ] T1",
	 "WP01:a[T1];"},
	{"nothing", "", ""},
};

static void put(struct sk_str *out, const char *open,
		const struct sk_words *words, const char *close)
{
	for (size_t i = 0; i < words->len; i++)
		sk_str_addf(out, "%s%s", i ? "," : open, words->items[i]);
	if (words->len)
		sk_str_puts(out, close);
}

static void show(struct sk_str *out, const struct sk_tasks *tasks)
{
	for (size_t i = 0; i < tasks->len; i++) {
		const struct sk_tasks_wp *wp = &tasks->wps[i];

		sk_str_addf(out, "%s:%s", wp->id, wp->title ? wp->title : "");
		if (wp->says_dependencies && !wp->dependencies.len)
			sk_str_puts(out, "<-");
		put(out, "<", &wp->dependencies, "");
		put(out, "(", &wp->requirement_refs, ")");
		put(out, "{", &wp->owned_files, "}");
		put(out, "[", &wp->unchecked, "]");
		sk_str_putc(out, ';');
	}
}

static void test_docs(void)
{
	for (size_t i = 0; i < SK_COUNTOF(docs); i++) {
		struct sk_tasks tasks = SK_TASKS_INIT;
		struct sk_str got = SK_STR_INIT;

		sk_tasks_read(&tasks, docs[i].text, strlen(docs[i].text));
		show(&got, &tasks);
		is(got.ptr, docs[i].want, docs[i].title);
		sk_tasks_free(&tasks);
		sk_str_free(&got);
	}
}

static const struct {
	const char *title, *text, *want, *fault; /* NULL: none */
} manifests[] = {
	{"all keys",
	 "work_packages:\n- id: WP01\n  title: a\n  dependencies: []\n"
	 "  requirement_refs: [fr-1]\n- id: WP02\n  depends_on: WP01\n"
	 "  owned_files:\n  - src/**\n",
	 "WP01:a<-(FR-1);WP02:<WP01{src/**};", NULL},
	{"nothing in the list", "work_packages: []\n", "", NULL},
	{"no list", "work_packages:\n", NULL, "no list 'work_packages'"},
	{"another key", "packages: []\n", NULL, "no list 'work_packages'"},
	{"no id", "work_packages:\n- id: WP01\n- title: a\n", NULL,
	 "work package 2 has no 'id'"},
	{"one id twice", "work_packages:\n- id: WP01\n- id: WP01\n", NULL,
	 "'WP01' stands there twice"},
	{"no YAML", "work_packages: [\n", NULL, "line 2"},
	{"nothing", "", NULL, "no list 'work_packages'"},
};

static void test_manifests(void)
{
	for (size_t i = 0; i < SK_COUNTOF(manifests); i++) {
		struct sk_tasks tasks = SK_TASKS_INIT;
		struct sk_str got = SK_STR_INIT;
		struct sk_err err = {0};
		int rc = sk_manifest_read(&tasks, manifests[i].text,
					  strlen(manifests[i].text), &err);

		show(&got, &tasks);
		ok(rc == (manifests[i].want ? 0 : -1), "manifest: %s",
		   manifests[i].title);
		if (manifests[i].want)
			is(got.ptr, manifests[i].want, "manifest: it is read");
		else
			ok(strstr(err.msg, manifests[i].fault),
			   "manifest: that is told: %s", err.msg);
		sk_tasks_free(&tasks);
		sk_str_free(&got);
	}
}

static const struct {
	const char *text, *known, *functional;
	bool is_substantive;
} specs[] = {
	{"- **FR-001**: Users log in\n- **NFR-001**: fast\n", "FR-001,NFR-001",
	 "FR-001", true},
	{"* **FR-001** - Users log in\n", "FR-001", "FR-001", true},
	{"| FR-001 | Login | Users log in |\n", "FR-001", "FR-001", true},
	{"| **FR-001** | [title] | Users log in |\n", "FR-001", "FR-001", true},
	{"| FR-001 | [title] | [what it does] |\n", "FR-001", "FR-001", false},
	{"| FR-001 | | |\n", "FR-001", "FR-001", false},
	{"- **FR-001**: System MUST [capability, e.g., log in]\n", "FR-001",
	 "FR-001", false},
	{"- FR-001: see [the page](x.md)\n", "FR-001", "FR-001", true},
	{"- FR-001: NEEDS CLARIFICATION\n", "FR-001", "FR-001", false},
	{"- FR-001: TBD later\n", "FR-001", "FR-001", false},
	{"- FR-001: todos are listed\n", "FR-001", "FR-001", true},
	{"- FR-001\n", "FR-001", "FR-001", false},
	{"### FR-001: Login\n", "FR-001", "FR-001", true},
	{"As FR-001 says, and XFR-2, c-3 and FR-4b\n", "FR-001,C-3", "", false},
	{"```\n- FR-001: a\n```\n", "", "", false},
	{"- NFR-001: fast\n", "NFR-001", "", false},
	{"", "", "", false},
};

static const struct {
	const char *text;
	bool is_substantive;
} plans[] = {
	{"## Technical Context\n**Language/Version**: C11\n**Testing**: bats\n",
	 true},
	{"## Technical Context\r\n- **Language/Version:** C11\r\n"
	 "- **Testing:** bats\r\n",
	 true},
	{"## Technical Context\n**Language/Version**: [e.g., C11]\n"
	 "**Testing**: bats\n",
	 false},
	{"## Technical Context\n**Language/Version**: C11\n"
	 "**Testing**: NEEDS CLARIFICATION\n",
	 false},
	{"## Technical Context\n**Language/Version**: [FEATURE] C11\n"
	 "**Testing**: bats or [NEEDS CLARIFICATION: which]\n",
	 true},
	{"## Technical Context\n**Language/Version**: C11\n## More\n"
	 "**Testing**: bats\n",
	 false},
	{"**Language/Version**: C11\n**Testing**: bats\n", false},
	{"", false},
};

static void test_many(void)
{
	struct sk_tasks tasks = SK_TASKS_INIT;
	struct sk_str text = SK_STR_INIT;

	for (int i = 0; i < 100000; i++)
		sk_str_addf(&text, "## WP%06d\n- [ ] T%d\n", i, i);
	sk_tasks_read(&tasks, text.ptr, text.len);
	ok(tasks.len == 100000 && sk_tasks_find(&tasks, "WP099999") &&
		   sk_tasks_find(&tasks, "WP099999")->unchecked.len == 1,
	   "tasks: 100,000 sections are read");
	sk_tasks_free(&tasks);
	sk_str_free(&text);
}

int main(void)
{
	test_docs();
	test_many();
	test_manifests();
	for (size_t i = 0; i < SK_COUNTOF(specs); i++) {
		struct sk_str known = SK_STR_INIT, functional = SK_STR_INIT;
		struct sk_spec spec;

		sk_spec_read(&spec, specs[i].text, strlen(specs[i].text));
		put(&known, "", &spec.known, "");
		put(&functional, "", &spec.functional, "");
		ok(strcmp(known.ptr, specs[i].known) == 0 &&
			   strcmp(functional.ptr, specs[i].functional) == 0 &&
			   spec.is_substantive == specs[i].is_substantive,
		   "spec: %zu says %s, substantive: %d", i, known.ptr,
		   spec.is_substantive);
		sk_spec_free(&spec);
		sk_str_free(&known);
		sk_str_free(&functional);
	}
	for (size_t i = 0; i < SK_COUNTOF(plans); i++)
		ok(sk_plan_is_substantive(plans[i].text,
					  strlen(plans[i].text)) ==
			   plans[i].is_substantive,
		   "plan: %zu is %s", i,
		   plans[i].is_substantive ? "substantive" : "a template");
	return done_testing();
}
