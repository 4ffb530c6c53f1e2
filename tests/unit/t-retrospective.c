/* SPDX-License-Identifier: MIT */
/* What the rows of a mission's retrospective come to. */
#include <stdlib.h>

#include "mission/retrospective.h"
#include "tests/unit/tap.h"

#define ROW(name, time, id, payload)                                           \
	"{\"event_name\": \"retrospective." name "\", \"at\": " time           \
	", \"event_id\": \"" id "\", \"payload\": " payload "}\n"
#define AT(second) "\"2026-05-01T10:00:0" second "Z\""

/* mode status record_path: total applied rejected pending; "" for none */
static const struct {
	const char *title, *log, *want;
} cases[] = {
	{"no row", "", ""},
	{"a row that only begins alike",
	 "{\"event_name\": \"retrospective.\", \"at\": " AT("1") "}\n", ""},
	{"a row of that type and without a name, or of another",
	 "{\"type\": \"retrospective.completed\"}\n"
	 "{\"event_type\": \"retrospective.done\", \"event_name\": \"x\"}\n",
	 ""},
	{"one that began",
	 ROW("requested", AT("1"), "a", "{\"mode\": \"hic\"}"),
	 "hic pending -: 0 0 0 0"},
	{"the latest decides, wherever it stands",
	 ROW("completed", AT("3"), "a", "{\"record_path\": \"new\"}")
		 ROW("skipped", AT("2"), "b", "{\"record_path\": \"old\"}"),
	 "- completed new: 0 0 0 0"},
	{"of one time the greatest id does",
	 ROW("skipped", AT("1"), "b", "{}") ROW("failed", AT("1"), "a", "{}"),
	 "- skipped -: 0 0 0 0"},
	{"what has no time was before all",
	 ROW("failed", "null", "b", "{}")
		 ROW("skipped", "\"1970-01-01T00:00:00Z\"", "a", "{}")
			 ROW("completed", "\"soon\"", "c", "{}"),
	 "- skipped -: 0 0 0 0"},
	{"a row without an id was before those of its time",
	 ROW("failed", AT("1"), "a", "{}") "{\"event_name\":"
					   " \"retrospective.skipped\", \"at\":"
					   " " AT("1") "}\n",
	 "- failed -: 0 0 0 0"},
	{"another event is no end",
	 ROW("completed", AT("1"), "a", "{}") ROW("opened", AT("2"), "b", "{}"),
	 "- completed -: 0 0 0 0"},
	{"proposals are counted",
	 ROW("proposal.generated", AT("1"), "a", "{}") ROW("proposal.generated",
							   AT("1"), "b", "{}")
		 ROW("proposal.generated", AT("1"), "c", "{}")
			 ROW("proposal.applied", AT("2"), "d", "{}")
				 ROW("proposal.rejected", AT("2"), "e", "{}"),
	 "- pending -: 3 1 1 1"},
	{"a count that is greater counts",
	 ROW("proposal.generated", AT("1"), "a", "{\"proposals_count\": 4}"),
	 "- pending -: 4 0 0 4"},
	{"one that is less does not",
	 ROW("proposal.generated", AT("1"), "a", "{}")
		 ROW("proposal.generated", AT("2"), "b",
		     "{\"proposals_count\": 1}"),
	 "- pending -: 2 0 0 2"},
	{"no less than none are left",
	 ROW("proposal.applied", AT("1"), "a", "{}")
		 ROW("proposal.rejected", AT("1"), "b", "{}"),
	 "- pending -: 0 1 1 0"},
};

static void add_text(struct sk_str *out, const struct sk_form *form,
		     const char *key, const char *end)
{
	const char *text = sk_form_get_text(form, key);

	sk_str_addf(out, "%s%s", text ? text : "-", end);
}

static void show(struct sk_str *out, const struct sk_form *form)
{
	static const char *const counts[] = {
		"proposals_total", "proposals_applied", "proposals_rejected",
		"proposals_pending"};

	add_text(out, form, "mode", " ");
	add_text(out, form, "status", " ");
	add_text(out, form, "record_path", ":");
	for (size_t i = 0; i < SK_COUNTOF(counts); i++) {
		int64_t count;

		if (!sk_form_as_int(sk_form_get(form, counts[i]), &count))
			abort();
		sk_str_addf(out, " %d", (int)count);
	}
}

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_log log = SK_LOG_INIT;
		struct sk_str got = SK_STR_INIT;
		struct sk_form *form;

		sk_log_read(&log, cases[i].log, strlen(cases[i].log), SIZE_MAX);
		form = sk_retrospective_of(&log, cases[i].log);
		if (form)
			show(&got, form);
		is(got.ptr, cases[i].want, cases[i].title);
		sk_form_free(form);
		sk_str_free(&got);
		sk_log_free(&log);
	}
	return done_testing();
}
