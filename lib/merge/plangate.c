/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/tree.h"
#include "guard/gate.h"
#include "guard/reviews.h"
#include "merge/planning.h"

/* One version of the missions, for the gate. */
static int find_version(struct sk_version *out, struct sk_planning *p,
			const char *commit, const char *name,
			struct sk_err *err)
{
	struct sk_oid oid;
	int rc = sk_oid_parse(&oid, commit);

	*out = (struct sk_version){.name = name};
	memcpy(out->hex, commit, strlen(commit) + 1);
	if (rc == 0)
		rc = sk_specs_find(&p->specs, p->repo, &oid, &out->missions,
				   err);
	return rc == 0 ? 0 : -1;
}

/*
 * What was said of the mission already, with what to do about it as it is now,
 * and not as the merge will leave it.
 */
static bool was_said(const struct sk_planning *p, const struct sk_blocker *b)
{
	if (strcmp(b->subject, p->plan->slug) != 0)
		return false;
	return strcmp(b->code, SK_BLOCKER_REJECTED_REVIEW) == 0 ||
	       (strcmp(b->code, SK_BLOCKER_MISSING_MISSION_BRANCH) == 0 &&
		sk_blockers_has(&p->plan->found,
				SK_BLOCKER_MISSING_MISSION_BRANCH));
}

/* Take over what a gate has found. */
static void take(struct sk_planning *p, const struct sk_blockers *found)
{
	struct sk_blockers *ours = &p->plan->found;

	for (size_t i = 0; i < found->len; i++) {
		const struct sk_blocker *from = &found->items[i];
		struct sk_blocker *b;

		if (was_said(p, from))
			continue;
		b = from->is_warning
			    ? sk_warning_add(ours, from->code, from->subject)
			    : sk_blocker_add(ours, from->code, from->subject);
		sk_str_puts(&b->message, from->message.ptr);
		sk_str_puts(&b->remediation, from->remediation.ptr);
		sk_blockers_drop_twin(ours);
	}
}

/*
 * All that the gates would say of this merge, of whatever is merged: what is in
 * the end is not lost on the way.
 */
static int look_as_gate(struct sk_planning *p, struct sk_err *err)
{
	const struct sk_merge_plan *plan = p->plan;
	struct sk_gate gate = SK_GATE_INIT(p->repo);
	struct sk_version *parents =
		sk_calloc(plan->lane_count + 2, sizeof(*parents));
	struct sk_version result;
	size_t count = 2;
	int rc = find_version(&parents[0], p, plan->base, plan->target, err);

	if (rc == 0)
		rc = find_version(&parents[1], p, p->start, plan->branch, err);
	for (size_t i = 0; rc == 0 && i < plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &plan->lanes[i];

		if (lane->state == SK_MERGE_LANE_MERGED)
			rc = find_version(&parents[count++], p, lane->tip,
					  lane->id, err);
	}
	if (rc == 0)
		rc = find_version(&result, p, plan->commit, "the merge", err);
	if (rc == 0)
		sk_gate_look_merge(&gate, parents, count, &result);
	take(p, &gate.found);
	sk_words_add_all(&p->untold, &gate.untold);
	sk_gate_free(&gate);
	free(parents);
	return rc;
}

/* The reviews as they will be; or, where that is not known, as they are. */
static int look_at_reviews(struct sk_planning *p, struct sk_err *err)
{
	const char *commit =
		p->plan->commit[0] ? p->plan->commit : p->plan->base;
	struct sk_tree_entry entry;
	struct sk_version version;
	struct sk_err why = {0};
	int rc = find_version(&version, p, commit, "", err);

	if (rc < 0 || !version.missions.len)
		return rc;
	rc = sk_tree_find(p->repo, &version.missions, p->plan->slug, &entry,
			  &why);
	if (rc == 0 && sk_tree_entry_is_dir(&entry))
		rc = sk_reviews_look(&p->plan->found, p->repo, p->plan->slug,
				     &entry.id, &p->state, &why);
	if (rc < 0)
		sk_untold_add(&p->untold, p->plan->slug, &why);
	return 0;
}

int sk_plan_look_as_gate(struct sk_planning *p, struct sk_err *err)
{
	if (!p->mission || !p->target)
		return 0;
	if (look_at_reviews(p, err) < 0)
		return -1;
	return p->plan->commit[0] ? look_as_gate(p, err) : 0;
}

/* The owner's findings have hints for people. */
static void take_owner(struct sk_planning *p, const struct sk_gate *gate)
{
	for (size_t i = 0; i < gate->found.len; i++) {
		const struct sk_blocker *from = &gate->found.items[i];
		struct sk_err why = {0};
		const char *hint = from->remediation.ptr;

		sk_fail(&why, SK_EBOUNDARY, "%s", from->message.ptr);
		sk_hint(&why, "%s",
			strstr(hint, "run '") ? hint : "run 'git sk-doctor'");
		sk_plan_block(p, from->code, from->subject, &why)->is_warning =
			from->is_warning;
	}
	sk_words_add_all(&p->untold, &gate->untold);
}

/* As the hooks of a merge: in a clone that was not set up they have no say. */
int sk_plan_look_owner(struct sk_planning *p, struct sk_err *err)
{
	struct sk_gate gate = SK_GATE_INIT(p->repo);
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_str text = SK_STR_INIT;
	enum sk_gate_mode mode;
	struct sk_err why = {0};

	(void)err;
	if (sk_config_load(&config, &why) < 0) {
		sk_untold_add(&p->untold, "sk.preflight.owner", &why);
		return 0;
	}
	if (sk_config_clone(&config)) {
		if (sk_gate_parse(&mode, &config, "sk.preflight.owner", &why) <
		    0) {
			sk_str_addf(&text, "%s; %s", why.msg, why.hint);
			sk_words_add_new(&p->untold, text.ptr);
		}
		sk_gate_look_owner(&gate, &config, mode);
		take_owner(p, &gate);
	}
	sk_str_free(&text);
	sk_gate_free(&gate);
	sk_config_free(&config);
	return 0;
}
