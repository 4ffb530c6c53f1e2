/* SPDX-License-Identifier: MIT */
#include "command/mergeview.h"

#include <string.h>

enum { NAME_MAX_SHOWN = 300, FILES_SHOWN = 20 };

static const char *const states[] = {
	[SK_MERGE_LANE_PLANNING] = "planning",
	[SK_MERGE_LANE_MERGED] = "merged",
	[SK_MERGE_LANE_INCLUDED] = "included",
	[SK_MERGE_LANE_CANCELED] = "canceled",
	[SK_MERGE_LANE_MISSING] = "missing",
	[SK_MERGE_LANE_CONFLICT] = "conflict",
};

static void add_visible(struct sk_str *out, const char *text)
{
	sk_str_add_visible(out, text, strlen(text), NAME_MAX_SHOWN);
}

void sk_merge_add_quoted(struct sk_str *out, const char *name)
{
	sk_str_putc(out, '\'');
	add_visible(out, name);
	sk_str_putc(out, '\'');
}

void sk_merge_plan_add_lanes(struct sk_str *out,
			     const struct sk_merge_plan *plan)
{
	for (size_t i = 0; i < plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &plan->lanes[i];

		sk_str_puts(out, "  ");
		add_visible(out, lane->id);
		for (size_t k = 0; k < lane->wp_ids.len; k++) {
			sk_str_puts(out, k ? ", " : ": ");
			add_visible(out, lane->wp_ids.items[k]);
		}
		sk_str_addf(out, " (%s)\n", states[lane->state]);
	}
}

/* The remedy stands alone on its line, to be copied. */
static void add_blocker(struct sk_str *out, const struct sk_blocker *b)
{
	sk_str_addf(out, "\n%s: %s\n", b->code, b->message.ptr);
	if (b->remediation.len)
		sk_str_addf(out, "    %s\n", b->remediation.ptr);
}

static void add_files(struct sk_str *out, const struct sk_merge_plan *plan)
{
	sk_str_addf(out, "\nIt brings %zu %s, which %s %zu %s:\n",
		    plan->commit_count,
		    sk_plural((int64_t)plan->commit_count, "commit", "commits"),
		    sk_plural((int64_t)plan->commit_count, "changes", "change"),
		    plan->files.len,
		    sk_plural((int64_t)plan->files.len, "file", "files"));
	for (size_t i = 0; i < plan->files.len && i < FILES_SHOWN; i++) {
		sk_str_puts(out, "  ");
		add_visible(out, plan->files.items[i]);
		sk_str_putc(out, '\n');
	}
	if (plan->files.len > FILES_SHOWN)
		sk_str_addf(out, "  and %zu more; --json lists them all\n",
			    plan->files.len - FILES_SHOWN);
}

static void add_rests(struct sk_str *out, const struct sk_merge_plan *plan)
{
	if (plan->rest_count)
		sk_str_puts(out, "\nThen it removes:\n");
	for (size_t i = 0; i < plan->rest_count; i++) {
		const struct sk_merge_rest *rest = &plan->rests[i];

		sk_str_puts(out,
			    rest->is_worktree ? "  worktree " : "  branch ");
		sk_merge_add_quoted(out, rest->name);
		sk_str_puts(out, rest->has_untracked
					 ? ", which stays: git does not track"
					   " all of its files\n"
					 : "\n");
	}
}

void sk_merge_plan_add_text(struct sk_str *out,
			    const struct sk_merge_plan *plan)
{
	bool is_ready = sk_merge_plan_is_ready(plan);

	if (plan->slug) {
		sk_str_puts(out, "Mission ");
		sk_merge_add_quoted(out, plan->slug);
	} else {
		sk_str_puts(out, "The mission");
	}
	if (is_ready && !plan->commit_count)
		sk_str_puts(out, " is in ");
	else
		sk_str_puts(out, is_ready ? " can be merged into "
					  : " cannot be merged into ");
	if (plan->target)
		sk_merge_add_quoted(out, plan->target);
	else
		sk_str_puts(out, "its target");
	if (is_ready && !plan->commit_count)
		sk_str_puts(out, " already.\n");
	else
		sk_str_addf(out, " (%s).\n",
			    sk_merge_strategy_name(plan->strategy));
	sk_merge_plan_add_lanes(out, plan);
	for (size_t i = 0; i < plan->found.len; i++)
		add_blocker(out, &plan->found.items[i]);
	if (is_ready && plan->commit_count)
		add_files(out, plan);
	if (is_ready)
		add_rests(out, plan);
}

static void add_words(struct sk_jsonw *w, const char *key,
		      const struct sk_words *words)
{
	sk_jsonw_array(w, key);
	for (size_t i = 0; i < words->len; i++)
		sk_jsonw_text(w, NULL, words->items[i]);
	sk_jsonw_end_array(w);
}

static void add_found(struct sk_jsonw *w, const char *key,
		      const struct sk_blockers *found)
{
	sk_jsonw_array(w, key);
	for (size_t i = 0; i < found->len; i++) {
		const struct sk_blocker *b = &found->items[i];

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "code", b->code);
		sk_jsonw_text(w, "subject", b->subject);
		sk_jsonw_text(w, "message", b->message.ptr);
		sk_jsonw_text(w, "remediation",
			      b->remediation.len ? b->remediation.ptr : NULL);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}

/* What there was before there could be several. */
static void add_first(struct sk_jsonw *w, const struct sk_merge_plan *plan)
{
	const struct sk_blocker *first = plan->found.items;

	if (!plan->found.len)
		return;
	sk_jsonw_text(w, "blocker", first->code);
	for (size_t i = 0; i < plan->found.len; i++) {
		if (strcmp(plan->found.items[i].code,
			   SK_BLOCKER_MISSING_MISSION_BRANCH) != 0 ||
		    strcmp(plan->found.items[i].subject, plan->slug) != 0)
			continue;
		sk_jsonw_text(w, "expected_branch", plan->branch);
		break;
	}
	sk_jsonw_text(w, "remediation",
		      first->remediation.len ? first->remediation.ptr : NULL);
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static void add_lanes_json(struct sk_jsonw *w, const struct sk_merge_plan *plan)
{
	sk_jsonw_array(w, "lanes");
	for (size_t i = 0; i < plan->lane_count; i++) {
		const struct sk_merge_lane *lane = &plan->lanes[i];

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "lane_id", lane->id);
		add_words(w, "wp_ids", &lane->wp_ids);
		sk_jsonw_text(w, "branch", lane->branch);
		sk_jsonw_text(w, "commit", or_null(lane->tip));
		sk_jsonw_text(w, "state", states[lane->state]);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}

static void add_rests_json(struct sk_jsonw *w, const struct sk_merge_plan *plan)
{
	sk_jsonw_array(w, "cleanup");
	for (size_t i = 0; i < plan->rest_count; i++) {
		const struct sk_merge_rest *rest = &plan->rests[i];

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "kind",
			      rest->is_worktree ? "worktree" : "branch");
		sk_jsonw_text(w, "name", rest->name);
		sk_jsonw_bool(w, "has_untracked", rest->has_untracked);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}

void sk_merge_plan_add_members(struct sk_jsonw *w,
			       const struct sk_merge_plan *plan)
{
	sk_jsonw_bool(w, "ready", sk_merge_plan_is_ready(plan));
	sk_jsonw_text(w, "mission", plan->slug);
	sk_jsonw_text(w, "target_branch", plan->target);
	sk_jsonw_text(w, "strategy", sk_merge_strategy_name(plan->strategy));
	add_first(w, plan);
	add_found(w, "blockers", &plan->found);
	add_found(w, "warnings", &plan->warnings);
	sk_jsonw_text(w, "merge_tree", or_null(plan->merge_tree));
	add_lanes_json(w, plan);
	sk_jsonw_int(w, "commits", (int64_t)plan->commit_count);
	add_words(w, "files", &plan->files);
}

void sk_merge_plan_add_json(struct sk_str *out,
			    const struct sk_merge_plan *plan)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_merge_plan_add_members(&w, plan);
	add_rests_json(&w, plan);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}
