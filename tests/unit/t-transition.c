/* SPDX-License-Identifier: MIT */
/*
 * The rules of lanes: every pair of them with each input, forced or not, one
 * pair a row of tests/data/transitions.tsv.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mission/transition.h"
#include "tests/unit/tap.h"

/* Each guard's input alone, what is not enough of it, and everything. */
static const struct {
	const char *name;
	struct sk_transition_inputs inputs;
} sets[] = {
	{"nothing", {.actor = NULL}},
	{"blank",
	 {.actor = " \t",
	  .workspace = " ",
	  .are_subtasks_done = true,
	  .reviewer = "",
	  .reference = "\n",
	  .review_ref = " ",
	  .reason = "  ",
	  .result_by = " ",
	  .verdict = "approved",
	  .result_where = " "}},
	{"actor", {.actor = "ann"}},
	{"contended", {.actor = "ann", .claimant = "bob"}},
	{"workspace", {.workspace = "worktree:/x"}},
	{"subtasks", {.are_subtasks_done = true}},
	{"worked", {.is_work_seen = true}},
	{"subtasks+worked", {.are_subtasks_done = true, .is_work_seen = true}},
	{"reviewer", {.reviewer = "bob"}},
	{"evidence", {.reviewer = "bob", .reference = "PR 7"}},
	{"review_ref", {.review_ref = "feedback://x"}},
	{"reason", {.reason = "because"}},
	{"verdict", {.verdict = "approved", .result_where = "PR 7"}},
	{"result",
	 {.result_by = "bob", .verdict = "approved", .result_where = "PR 7"}},
	{"rejected",
	 {.result_by = "bob",
	  .verdict = "changes_requested",
	  .result_where = "PR 7"}},
	{"odd_result",
	 {.result_by = "bob", .verdict = "fine", .result_where = "PR 7"}},
	{"actor+reason", {.actor = "ann", .reason = "because"}},
	{"all",
	 {.actor = "ann",
	  .claimant = " ann\n",
	  .workspace = "worktree:/x",
	  .are_subtasks_done = true,
	  .is_work_seen = true,
	  .reviewer = "bob",
	  .reference = "PR 7",
	  .review_ref = "feedback://x",
	  .reason = "because",
	  .result_by = "bob",
	  .verdict = "approved",
	  .result_where = "PR 7"}},
};

/* Whether the name is in the list, "*" being each and "-" none. */
static bool lists(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (strcmp(list, "*") == 0)
		return true;
	for (const char *at = list; *at; at += strcspn(at, ",")) {
		at += *at == ',';
		if (strncmp(at, name, len) == 0 && (at[len] == ',' || !at[len]))
			return true;
	}
	return false;
}

static enum sk_lane lane_of(const char *name)
{
	return strcmp(name, "none") == 0 ? SK_LANE_NONE : sk_lane_parse(name);
}

/* One pair: each set of inputs, with and without force. */
static void try_pair(const char *from, const char *to, const char *allowed,
		     const char *forced)
{
	for (size_t i = 0; i < 2 * SK_COUNTOF(sets); i++) {
		const char *name = sets[i / 2].name;
		struct sk_transition_inputs inputs = sets[i / 2].inputs;
		struct sk_err err = {0};
		bool want, got;

		inputs.force = i % 2;
		want = lists(inputs.force ? forced : allowed, name);
		got = sk_transition_check(lane_of(from), lane_of(to), &inputs,
					  &err) == 0;
		ok(got == want && (got || (err.msg[0] && err.hint[0])),
		   "transition: %s -> %s with %s%s is %s", from, to, name,
		   inputs.force ? ", forced," : "",
		   want ? "allowed" : "refused, and says why");
	}
}

static void try_table(void)
{
	bool has[SK_LANE_COUNT][SK_LANE_COUNT] = {{false}};
	char line[512], from[32], to[32], allowed[256], forced[64];
	FILE *file = fopen("tests/data/transitions.tsv", "r");
	int ways = 0, pairs = 0;

	if (!file)
		abort();
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#' || sscanf(line, "%31s\t%31s\t%255s\t%63s",
					     from, to, allowed, forced) != 4)
			continue;
		try_pair(from, to, allowed, forced);
		pairs += !has[lane_of(from)][lane_of(to)];
		has[lane_of(from)][lane_of(to)] = true;
		ways += strcmp(allowed, "-") != 0 &&
			lane_of(from) >= SK_LANE_PLANNED;
	}
	fclose(file);
	ok(pairs == SK_LANE_COUNT * (SK_LANE_COUNT - 1),
	   "transition: the table has every pair");
	ok(ways == 27, "transition: there are 27 ways");
}

static void path_is(enum sk_lane from, enum sk_lane to, const char *want)
{
	enum sk_lane hops[SK_LANE_COUNT];
	size_t count = sk_transition_path(hops, from, to);
	char got[256] = "";

	for (size_t i = 0; i < count; i++) {
		strcat(got, i ? " " : "");
		strcat(got, sk_lane_name(hops[i]));
	}
	is(got, want, "transition: the way is made hop by hop");
}

static void paths(void)
{
	path_is(SK_LANE_PLANNED, SK_LANE_DONE,
		"claimed in_progress for_review in_review approved done");
	path_is(SK_LANE_NONE, SK_LANE_CLAIMED, "planned claimed");
	path_is(SK_LANE_GENESIS, SK_LANE_PLANNED, "planned");
	path_is(SK_LANE_GENESIS, SK_LANE_CANCELED, "planned canceled");
	path_is(SK_LANE_CLAIMED, SK_LANE_CLAIMED, "");
	path_is(SK_LANE_IN_PROGRESS, SK_LANE_APPROVED,
		"for_review in_review approved");
	path_is(SK_LANE_APPROVED, SK_LANE_IN_PROGRESS, "in_progress");
	path_is(SK_LANE_BLOCKED, SK_LANE_FOR_REVIEW, "in_progress for_review");
	path_is(SK_LANE_BLOCKED, SK_LANE_IN_PROGRESS, "in_progress");
	path_is(SK_LANE_BLOCKED, SK_LANE_PLANNED, "planned");
	path_is(SK_LANE_IN_REVIEW, SK_LANE_BLOCKED, "blocked");
	path_is(SK_LANE_DONE, SK_LANE_CANCELED, "canceled");
	path_is(SK_LANE_CANCELED, SK_LANE_DONE, "done");
}

static void messages(void)
{
	struct sk_transition_inputs by_ann = {.actor = "ann",
					      .claimant = "b\033b"};
	struct sk_err err = {0};
	int rc;

	rc = sk_transition_check(SK_LANE_PLANNED, SK_LANE_DONE, &by_ann, &err);
	ok(rc < 0, "transition: none leads from planned to done");
	is(err.msg, "illegal transition: planned -> done",
	   "transition: an illegal one is told");
	is(err.hint,
	   "from planned it may go to claimed, blocked, canceled; elsewhere by"
	   " '--force --reason <text>'",
	   "transition: so is where it may go");
	rc = sk_transition_check(SK_LANE_FOR_REVIEW, SK_LANE_IN_REVIEW, &by_ann,
				 &err);
	ok(rc < 0 && strstr(err.msg, "'b\\x1bb' has claimed it"),
	   "transition: who has it is told, visibly");
	by_ann.force = true;
	rc = sk_transition_check(SK_LANE_PLANNED, SK_LANE_DONE, &by_ann, &err);
	ok(rc < 0, "transition: force needs a reason");
	is(err.msg, "force transitions require actor and reason",
	   "transition: what force needs is told");
}

int main(void)
{
	try_table();
	paths();
	messages();
	ok(sk_lane_weight(SK_LANE_CLAIMED) == 5 &&
		   sk_lane_weight(SK_LANE_DONE) == 100 &&
		   sk_lane_weight(SK_LANE_BLOCKED) == 0 &&
		   sk_lane_weight(SK_LANE_NONE) == 0,
	   "lane: each has its weight");
	return done_testing();
}
