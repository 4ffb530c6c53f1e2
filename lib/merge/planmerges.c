/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "merge/lock.h"
#include "merge/planning.h"
#include "merge/state.h"

static void block_state(struct sk_planning *p,
			const struct sk_merge_state *state)
{
	bool is_alive = sk_merge_state_is_alive(state);
	struct sk_blocker *b =
		sk_blocker_add(&p->plan->found,
			       is_alive ? SK_BLOCKER_MERGE_UNDER_WAY
					: SK_BLOCKER_MERGE_INTERRUPTED,
			       state->slug);

	sk_str_puts(&b->message, "the merge of mission ");
	sk_plan_add_name(&b->message, state->slug);
	sk_str_puts(&b->message, " into ");
	sk_plan_add_name(&b->message, state->target);
	sk_str_addf(&b->message, ", begun %s, ", state->started_at);
	if (is_alive)
		sk_str_addf(&b->message, "is under way in process %lld",
			    (long long)state->pid);
	else
		sk_str_puts(&b->message,
			    state->has_landed
				    ? "was interrupted behind the merge itself"
				    : "was interrupted; --resume ends it,"
				      " --abort takes it back");
	sk_str_puts(&b->remediation, is_alive ? "git sk-merge --dry-run "
					      : "git sk-merge --resume ");
	sk_blocker_add_word(&b->remediation, state->slug);
}

static void block_theirs(struct sk_planning *p, const struct sk_str *path,
			 const struct sk_str *whose)
{
	struct sk_blocker *b = sk_blocker_add(
		&p->plan->found, SK_BLOCKER_MERGE_UNDER_WAY, path->ptr);

	sk_str_addf(&b->message,
		    "a merge is under way, or was interrupted: %s has locked ",
		    whose->ptr);
	sk_plan_add_name(&b->message, path->ptr);
	sk_str_puts(&b->message, "; if nothing of it runs any more, remove it");
	sk_str_puts(&b->remediation, "rm ");
	sk_blocker_add_word(&b->remediation, path->ptr);
}

int sk_plan_look_merges(struct sk_planning *p, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, whose = SK_STR_INIT;
	struct sk_merge_state state;
	int rc = sk_merge_state_read(&state, p->repo, err);

	if (rc == 0)
		block_state(p, &state);
	sk_merge_state_free(&state);
	if (rc >= 0 && sk_merge_lock_look(&path, &whose, p->repo))
		block_theirs(p, &path, &whose);
	sk_str_free(&whose);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}
