/* SPDX-License-Identifier: MIT */
#include "merge/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "merge/planning.h"

static const char *const strategies[] = {
	[SK_MERGE_AS_SQUASH] = "squash",
	[SK_MERGE_AS_MERGE] = "merge",
	[SK_MERGE_AS_REBASE] = "rebase",
};

/* The order in which blockers are told, whenever they were found. */
static const char *const order[] = {
	SK_BLOCKER_UNRESOLVED_MISSION,
	SK_BLOCKER_UNREADABLE_MISSION,
	SK_BLOCKER_MISSING_LANES,
	SK_BLOCKER_UNREADABLE_LANES,
	SK_BLOCKER_MERGE_UNDER_WAY,
	SK_BLOCKER_MERGE_INTERRUPTED,
	SK_BLOCKER_DIRTY_WORKTREE,
	SK_BLOCKER_UNTRACKED_FILE,
	SK_BLOCKER_HIDDEN_CHANGE,
	SK_BLOCKER_UNDER_WAY,
	SK_BLOCKER_CHECKED_OUT_TWICE,
	SK_BLOCKER_MISSING_WORKTREE,
	SK_BLOCKER_MISSING_TARGET,
	SK_BLOCKER_WRONG_TARGET,
	SK_BLOCKER_FETCH_FAILED,
	SK_BLOCKER_TARGET_BEHIND,
	SK_BLOCKER_TARGET_DIVERGED,
	SK_BLOCKER_MISSING_REMOTE,
	SK_BLOCKER_MISSING_MISSION_BRANCH,
	SK_BLOCKER_MISSING_LANE_BRANCH,
	SK_BLOCKER_UNAPPROVED_WP,
	SK_BLOCKER_UNMET_DEPENDENCY,
	SK_BLOCKER_REJECTED_REVIEW,
	SK_BLOCKER_SPARSE_CHECKOUT,
	SK_BLOCKER_REVERTED_MERGE,
	SK_BLOCKER_MERGE_CONFLICT,
	SK_BLOCKER_MERGE_FAILED,
	SK_BLOCKER_REBASE_DIFFERS,
	SK_BLOCKER_UNRECORDABLE,
	SK_BLOCKER_UNREADABLE_EVENT_LOG,
	SK_BLOCKER_LOST_EVENTS,
	SK_BLOCKER_OWNER_MISMATCH,
	SK_BLOCKER_OWNER_RECORD,
	SK_BLOCKER_LEGACY_ROWS,
};

const char *sk_merge_strategy_name(enum sk_merge_strategy strategy)
{
	return strategies[strategy];
}

int sk_merge_strategy_parse(enum sk_merge_strategy *out, const char *name,
			    struct sk_err *err)
{
	*out = SK_MERGE_AS_SQUASH;
	for (size_t i = 0; name && i < SK_COUNTOF(strategies); i++) {
		if (strcmp(strategies[i], name) == 0) {
			*out = (enum sk_merge_strategy)i;
			return 0;
		}
	}
	if (!name)
		return 0;
	sk_fail(err, SK_EUSAGE, "there is no strategy '%.60s'", name);
	return sk_hint(err, "use merge, squash or rebase");
}

bool sk_merge_plan_is_ready(const struct sk_merge_plan *plan)
{
	return plan->found.len == 0 && plan->commit[0];
}

static size_t rank_of(const struct sk_blocker *blocker)
{
	size_t i = 0;

	while (i < SK_COUNTOF(order) && strcmp(order[i], blocker->code) != 0)
		i++;
	return i;
}

/* What was found first stays first among its like. */
static void sort(struct sk_blockers *found)
{
	for (size_t i = 1; i < found->len; i++) {
		struct sk_blocker one = found->items[i];
		size_t k = i;

		for (; k > 0 && rank_of(&found->items[k - 1]) > rank_of(&one);
		     k--)
			found->items[k] = found->items[k - 1];
		found->items[k] = one;
	}
}

/* Those that stop nothing go onto a list of their own. */
static void part_warnings(struct sk_merge_plan *plan)
{
	struct sk_blockers *found = &plan->found, *warnings = &plan->warnings;
	size_t kept = 0;

	for (size_t i = 0; i < found->len; i++) {
		if (!found->items[i].is_warning) {
			found->items[kept++] = found->items[i];
			continue;
		}
		SK_GROW(warnings->items, warnings->len, warnings->cap);
		warnings->items[warnings->len++] = found->items[i];
	}
	found->len = kept;
}

static void add_untold(struct sk_planning *p)
{
	for (size_t i = 0; i < p->untold.len; i++) {
		struct sk_blocker *b =
			sk_warning_add(&p->plan->found,
				       SK_WARNING_NOT_LOOKED_AT, p->plan->slug);

		sk_str_puts(&b->message, p->untold.items[i]);
	}
}

static void forget(struct sk_planning *p)
{
	sk_reduced_free(&p->state);
	for (size_t i = 0; i < p->log_count; i++) {
		sk_log_free(&p->logs[i].log);
		sk_raw_release(&p->logs[i].raw);
	}
	free(p->logs);
	sk_words_free(&p->untold);
	sk_specs_free(&p->specs);
	sk_worktrees_free(&p->trees);
	sk_lanes_free(&p->file);
	sk_missions_free(&p->all);
}

static void forget_orders(struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->ref_count; i++) {
		free(plan->refs[i].ref);
		free(plan->refs[i].worktree);
	}
	for (size_t i = 0; i < plan->rest_count; i++)
		free(plan->rests[i].name);
	free(plan->refs);
	free(plan->rests);
	plan->refs = NULL;
	plan->rests = NULL;
	plan->ref_count = plan->ref_cap = 0;
	plan->rest_count = plan->rest_cap = 0;
}

int sk_merge_plan_make(struct sk_merge_plan *plan, struct sk_repo *repo,
		       const struct sk_merge_wanted *wanted, struct sk_err *err)
{
	static int (*const steps[])(struct sk_planning *, struct sk_err *) = {
		sk_plan_resolve,       sk_plan_look_merges,
		sk_plan_read_state,    sk_plan_look_places,
		sk_plan_look_target,   sk_plan_look_remote,
		sk_plan_look_branches, sk_plan_look_packages,
		sk_plan_look_reverted, sk_plan_merge_lanes,
		sk_plan_look_beside,   sk_plan_land,
		sk_plan_record,	       sk_plan_look_as_gate,
		sk_plan_finish,	       sk_plan_look_owner,
	};
	struct sk_planning p = {.plan = plan,
				.wanted = wanted,
				.repo = repo,
				.all = SK_MISSIONS_INIT,
				.standin = SK_STANDIN_INIT,
				.specs = SK_SPECS_INIT,
				.untold = SK_WORDS_INIT,
				.state = SK_REDUCED_INIT};
	struct sk_err ignored = {0};
	int rc = 0;

	*plan = (struct sk_merge_plan){.strategy = wanted->strategy,
				       .found = SK_BLOCKERS_INIT,
				       .warnings = SK_BLOCKERS_INIT,
				       .files = SK_WORDS_INIT};
	for (size_t i = 0; rc == 0 && i < SK_COUNTOF(steps); i++)
		rc = steps[i](&p, err);
	add_untold(&p);
	part_warnings(plan);
	sort(&plan->found);
	if (p.is_partial)
		plan->merge_tree[0] = '\0';
	if (plan->found.len || rc < 0) /* nothing is to be done */
		forget_orders(plan);
	/* the first failure is the one to be told */
	if (sk_standin_remove(&p.standin, rc ? &ignored : err) < 0)
		rc = -1;
	forget(&p);
	return rc;
}

void sk_merge_plan_free(struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->lane_count; i++) {
		struct sk_merge_lane *lane = &plan->lanes[i];

		free(lane->id);
		free(lane->branch);
		free(lane->worktree);
		sk_words_free(&lane->wp_ids);
		sk_words_free(&lane->files);
	}
	forget_orders(plan);
	free(plan->lanes);
	free(plan->slug);
	free(plan->branch);
	free(plan->target);
	free(plan->remote);
	free(plan->there);
	sk_words_free(&plan->files);
	sk_blockers_free(&plan->found);
	sk_blockers_free(&plan->warnings);
	*plan = (struct sk_merge_plan){.found = SK_BLOCKERS_INIT,
				       .warnings = SK_BLOCKERS_INIT};
}
