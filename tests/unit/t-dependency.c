/* SPDX-License-Identifier: MIT */
/* Dependencies of work packages: faults, and an order. */
#include "base/str.h"
#include "mission/dependency.h"
#include "tests/unit/tap.h"

/* "WP01<WP02,WP03;WP02" */
static void read_graph(struct sk_dependencies *out, const char *text)
{
	while (*text) {
		struct sk_words on = SK_WORDS_INIT;
		struct sk_str id = SK_STR_INIT;
		size_t len = strcspn(text, "<;");

		sk_str_add(&id, text, len);
		text += len;
		while (*text == '<' || *text == ',') {
			len = strcspn(++text, ",;");
			sk_words_add_len(&on, text, len);
			text += len;
		}
		text += *text == ';';
		sk_dependencies_add(out, id.ptr, &on);
		sk_words_free(&on);
		sk_str_free(&id);
	}
}

static const struct {
	const char *title, *graph, *faults, *order;
} cases[] = {
	{"a chain", "WP03<WP02;WP02<WP01;WP01", "", "WP01 WP02 WP03"},
	{"a diamond", "WP04<WP02,WP03;WP03<WP01;WP02<WP01;WP01", "",
	 "WP01 WP02 WP03 WP04"},
	{"the smallest first", "WP01<WP04;WP02;WP03;WP04", "",
	 "WP02 WP03 WP04 WP01"},
	{"a smaller one that is ready later", "WP01<WP02;WP02;WP03", "",
	 "WP02 WP01 WP03"},
	{"itself and nobody", "WP01<WP01,WP09;WP02<WP08",
	 "'WP01' depends on itself|'WP01' depends on 'WP09', which is not "
	 "there|'WP02' depends on 'WP08', which is not there|",
	 "WP01 WP02"},
	{"a cycle from its smallest", "WP03<WP02;WP02<WP01;WP01<WP03",
	 "dependencies in a circle: WP01 -> WP03 -> WP02 -> WP01|",
	 "WP01 WP02 WP03"},
	{"the same in another order", "WP01<WP03;WP02<WP01;WP03<WP02",
	 "dependencies in a circle: WP01 -> WP03 -> WP02 -> WP01|",
	 "WP01 WP02 WP03"},
	{"two cycles, and one behind",
	 "WP01<WP02;WP02<WP01;WP03<WP04;"
	 "WP04<WP03,WP03;WP05<WP04;WP06",
	 "dependencies in a circle: WP01 -> WP02 -> WP01|"
	 "dependencies in a circle: WP03 -> WP04 -> WP03|",
	 "WP06 WP01 WP02 WP03 WP04 WP05"},
	{"a cycle that is come upon from outside, not at its smallest",
	 "WP01<WP03;WP02<WP03;WP03<WP02",
	 "dependencies in a circle: WP02 -> WP03 -> WP02|", "WP01 WP02 WP03"},
	{"cycles that share a node", "WP01<WP02,WP03;WP02<WP01;WP03<WP01",
	 "dependencies in a circle: WP01 -> WP02 -> WP01|"
	 "dependencies in a circle: WP01 -> WP03 -> WP01|",
	 "WP01 WP02 WP03"},
	{"nothing", "", "", ""},
};

static void test_long_chain(void)
{
	struct sk_dependencies all = SK_DEPENDENCIES_INIT;
	struct sk_faults faults = SK_FAULTS_INIT;
	char id[16];

	for (int i = 0; i < 100000; i++) {
		struct sk_words on = SK_WORDS_INIT;

		snprintf(id, sizeof(id), "WP%06d", (i + 1) % 100000);
		sk_words_add(&on, id);
		snprintf(id, sizeof(id), "WP%06d", i);
		sk_dependencies_add(&all, id, &on);
		sk_words_free(&on);
	}
	sk_dependencies_check(&all, &faults);
	ok(faults.len == 1 && sk_faults_count(&faults, SK_FAULT_CYCLE) == 1,
	   "check: a cycle of 100,000 is one");
	sk_faults_free(&faults);
	sk_dependencies_free(&all);
}

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_dependencies all = SK_DEPENDENCIES_INIT;
		struct sk_faults faults = SK_FAULTS_INIT;
		struct sk_words order = SK_WORDS_INIT;
		struct sk_str got = SK_STR_INIT;

		read_graph(&all, cases[i].graph);
		sk_dependencies_check(&all, &faults);
		for (size_t j = 0; j < faults.len; j++)
			sk_str_addf(&got, "%s|", faults.items[j].text);
		is(got.ptr, cases[i].faults, cases[i].title);
		sk_str_clear(&got);
		sk_dependencies_order(&all, &order);
		for (size_t j = 0; j < order.len; j++)
			sk_str_addf(&got, "%s%s", j ? " " : "", order.items[j]);
		is(got.ptr, cases[i].order, cases[i].title);
		sk_str_free(&got);
		sk_words_free(&order);
		sk_faults_free(&faults);
		sk_dependencies_free(&all);
	}
	test_long_chain();
	return done_testing();
}
