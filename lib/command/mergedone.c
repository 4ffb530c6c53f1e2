/* SPDX-License-Identifier: MIT */
#include "command/mergeview.h"

enum { SHORT_ID = 12 };

/* Whether the target had all of it before. */
static bool was_there(const struct sk_merge_plan *plan)
{
	return plan && !plan->commit_count;
}

static void add_head(struct sk_str *out, const struct sk_merge_state *state,
		     const struct sk_merge_plan *plan)
{
	sk_str_puts(out, was_there(plan) ? "Mission " : "Merged mission ");
	sk_merge_add_quoted(out, state->slug);
	sk_str_puts(out, was_there(plan) ? " is in " : " into ");
	sk_merge_add_quoted(out, state->target);
	if (was_there(plan))
		sk_str_addf(out, " already, at %.*s.\n", SHORT_ID,
			    state->commit);
	else
		sk_str_addf(out, " as %.*s (%s).\n", SHORT_ID, state->commit,
			    sk_merge_strategy_name(state->strategy));
}

static void add_cleared(struct sk_str *out, const struct sk_merge_state *state,
			size_t i)
{
	const struct sk_merge_rest *rest = &state->rests[i];
	const struct sk_merge_cleared *cleared = &state->cleared[i];
	const char *kind = rest->is_worktree ? "worktree" : "branch";

	sk_str_addf(out, "%s %s ", cleared->is_removed ? "Removed" : "Kept",
		    kind);
	sk_merge_add_quoted(out, rest->name);
	if (!cleared->is_removed)
		sk_str_addf(out, ": %s.\n", cleared->reason.ptr);
	else if (rest->is_worktree)
		sk_str_puts(out, ".\n");
	else
		sk_str_addf(out, " (was %.*s).\n", SHORT_ID, rest->tip);
}

void sk_merge_done_add_text(struct sk_str *out,
			    const struct sk_merge_state *state,
			    const struct sk_merge_plan *plan)
{
	add_head(out, state, plan);
	if (plan)
		sk_merge_plan_add_lanes(out, plan);
	if (state->has_pushed) {
		sk_str_puts(out, "Pushed to ");
		sk_merge_add_quoted(out, state->remote);
		sk_str_puts(out, ".\n");
	}
	for (size_t i = 0; i < state->rest_count; i++)
		add_cleared(out, state, i);
}

static void add_cleared_json(struct sk_jsonw *w,
			     const struct sk_merge_state *state, size_t i)
{
	const struct sk_merge_rest *rest = &state->rests[i];
	const struct sk_merge_cleared *cleared = &state->cleared[i];

	sk_jsonw_object(w, NULL);
	sk_jsonw_text(w, "kind", rest->is_worktree ? "worktree" : "branch");
	sk_jsonw_text(w, "name", rest->name);
	sk_jsonw_bool(w, "removed", cleared->is_removed);
	sk_jsonw_text(w, "reason",
		      cleared->is_removed ? NULL : cleared->reason.ptr);
	sk_jsonw_end_object(w);
}

void sk_merge_done_add_json(struct sk_str *out,
			    const struct sk_merge_state *state,
			    const struct sk_merge_plan *plan)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	if (plan) {
		sk_merge_plan_add_members(&w, plan);
	} else {
		sk_jsonw_text(&w, "mission", state->slug);
		sk_jsonw_text(&w, "target_branch", state->target);
		sk_jsonw_text(&w, "strategy",
			      sk_merge_strategy_name(state->strategy));
	}
	sk_jsonw_bool(&w, "merged", true);
	sk_jsonw_text(&w, "commit", state->commit);
	sk_jsonw_text(&w, "pushed", state->has_pushed ? state->remote : NULL);
	sk_jsonw_array(&w, "cleanup");
	for (size_t i = 0; i < state->rest_count; i++)
		add_cleared_json(&w, state, i);
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

void sk_merge_aborted_add_text(struct sk_str *out,
			       const struct sk_merge_state *state)
{
	sk_str_puts(out,
		    state->has_landed ? "Mission " : "The merge of mission ");
	sk_merge_add_quoted(out, state->slug);
	sk_str_puts(out, state->has_landed ? " is in " : " into ");
	sk_merge_add_quoted(out, state->target);
	if (state->has_landed)
		sk_str_addf(out,
			    " as %.*s and stays there; what was to come behind"
			    " that is left out.\n",
			    SHORT_ID, state->commit);
	else
		sk_str_puts(out, " is taken back: all is as it was.\n");
}

void sk_merge_aborted_add_json(struct sk_str *out,
			       const struct sk_merge_state *state)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "aborted", true);
	sk_jsonw_text(&w, "mission", state->slug);
	sk_jsonw_text(&w, "target_branch", state->target);
	sk_jsonw_bool(&w, "merged", state->has_landed);
	sk_jsonw_text(&w, "commit", state->has_landed ? state->commit : NULL);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}
