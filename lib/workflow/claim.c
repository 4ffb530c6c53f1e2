/* SPDX-License-Identifier: MIT */
#include "workflow/claim.h"

#include <string.h>

#include "workflow/mission.h"

enum { NAME_MAX_BYTES = 100, REVIEWER_MAX_BYTES = 60 };

void sk_claim_free(struct sk_claim *claim)
{
	sk_str_free(&claim->claimant);
	sk_str_free(&claim->elsewhere);
	*claim = (struct sk_claim)SK_CLAIM_INIT;
}

/* Work begins, or goes on with somebody: not so when a review sends it back. */
static bool is_claim(const struct sk_log_row *row)
{
	switch (row->from) {
	case SK_LANE_FOR_REVIEW:
	case SK_LANE_IN_REVIEW:
	case SK_LANE_APPROVED:
	case SK_LANE_DONE:
		return false;
	default:
		return row->to == SK_LANE_CLAIMED ||
		       row->to == SK_LANE_IN_PROGRESS;
	}
}

/* By the newest row that is a claim, since it was planned the last time. */
static void find_claimant(struct sk_str *out, const struct sk_edit *edit,
			  const char *wp)
{
	for (size_t i = edit->state.count; i-- > 0;) {
		const struct sk_log_row *row = edit->state.rows[i];

		if (strcmp(row->wp_id, wp) != 0)
			continue;
		if (row->to == SK_LANE_PLANNED)
			return;
		if (!is_claim(row))
			continue;
		sk_edit_add_actor(out, edit, row);
		sk_str_rtrim(out);
		return;
	}
}

/* Whether other branches have something newer of it than this row. */
static bool is_newer(const struct sk_package *package,
		     const struct sk_edit *edit,
		     const struct sk_reduced_wp *known)
{
	const char *id = package->last_event_id;

	return *id && !sk_map_get(&edit->state.ids, id, strlen(id)) &&
	       (!known || package->since_us > known->row->at_us);
}

void sk_claim_read(struct sk_claim *claim, const struct sk_edit *edit,
		   const char *wp)
{
	const struct sk_reduced_wp *known = sk_reduced_find(&edit->state, wp);
	const struct sk_package *package =
		sk_mission_package(edit->mission, wp);

	claim->lane = SK_LANE_PLANNED;
	if (package && is_newer(package, edit, known)) {
		claim->lane = package->lane;
		if (package->actor)
			sk_str_puts(&claim->claimant, package->actor);
		if (edit->mission->newest)
			sk_mission_tip_add_name(&claim->elsewhere,
						edit->mission->newest);
	} else if (known) {
		claim->lane = known->row->to;
		find_claimant(&claim->claimant, edit, wp);
	} else if (package && !edit->mission->event_count) {
		claim->lane = package->lane; /* as its file says */
	}
	if (claim->lane == SK_LANE_NONE || claim->lane == SK_LANE_GENESIS)
		claim->lane = SK_LANE_PLANNED;
}

bool sk_claim_is_free_for(const struct sk_claim *claim, const char *actor)
{
	static const char *const nobody[] = {"", "implement-command",
					     "unknown"};

	for (size_t i = 0; i < SK_COUNTOF(nobody); i++) {
		if (strcmp(claim->claimant.ptr, nobody[i]) == 0 ||
		    (i && strcmp(actor, nobody[i]) == 0))
			return true;
	}
	return strcmp(claim->claimant.ptr, actor) == 0;
}

/* What to do with one in a lane in which work cannot begin. */
static int refuse_lane(const struct sk_claim *claim, const char *wp,
		       struct sk_err *err)
{
	sk_fail(err, SK_ENO, "'%s' is in %s, and cannot be started", wp,
		sk_lane_name(claim->lane));
	switch (claim->lane) {
	case SK_LANE_FOR_REVIEW:
	case SK_LANE_IN_REVIEW:
	case SK_LANE_APPROVED:
		return sk_hint(err,
			       "a review sends it back: 'git sk-task move %s"
			       " in_progress --review-ref <feedback>'",
			       wp);
	case SK_LANE_BLOCKED:
		return sk_hint(err,
			       "run 'git sk-task move %s in_progress' once it"
			       " is no longer blocked",
			       wp);
	default:
		return sk_hint(err,
			       "to do it again run 'git sk-task move %s planned"
			       " --force --reason <why>'",
			       wp);
	}
}

static int refuse_claimant(const struct sk_claim *claim, const char *wp,
			   struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_add_visible(&name, claim->claimant.ptr, claim->claimant.len,
			   NAME_MAX_BYTES);
	sk_fail(err, SK_ENO, "'%s' is %s by '%s'", wp,
		claim->lane == SK_LANE_CLAIMED ? "claimed" : "in progress",
		name.ptr);
	sk_str_free(&name);
	return sk_hint(err,
		       "take another one, or take it over by '--force --reason"
		       " <why>'");
}

/* Returns 0 when it is known here. */
static int refuse_elsewhere(const struct sk_claim *claim,
			    const struct sk_edit *edit, const char *wp,
			    struct sk_err *err)
{
	if (!claim->elsewhere.len)
		return 0;
	sk_fail(err, SK_ENO,
		"'%s' is in %s on '%s', of which '%s' knows"
		" nothing",
		wp, sk_lane_name(claim->lane), claim->elsewhere.ptr,
		edit->home.status.branch.ptr);
	return sk_hint(err, "run 'git merge %s' on '%s'", claim->elsewhere.ptr,
		       edit->home.status.branch.ptr);
}

int sk_claim_check(const struct sk_claim *claim, const struct sk_edit *edit,
		   const char *wp, const char *actor, bool force,
		   struct sk_err *err)
{
	if (claim->lane != SK_LANE_PLANNED && claim->lane != SK_LANE_CLAIMED &&
	    claim->lane != SK_LANE_IN_PROGRESS)
		return refuse_lane(claim, wp, err);
	if (force || claim->lane == SK_LANE_PLANNED)
		return 0;
	if (!sk_claim_is_free_for(claim, actor))
		return refuse_claimant(claim, wp, err);
	return refuse_elsewhere(claim, edit, wp, err);
}

/* Who has it in review in the log here; nothing when nobody has. */
static void find_reviewer(struct sk_str *out, const struct sk_edit *edit,
			  const char *wp)
{
	const struct sk_reduced_wp *known = sk_reduced_find(&edit->state, wp);

	if (known && known->row->to == SK_LANE_IN_REVIEW)
		sk_edit_add_actor(out, edit, known->row);
}

/* Whether two names are one, and be it by the white space around them. */
static bool is_same(const char *one, const char *other)
{
	static const char white[] = " \t\r\n\v\f";
	struct sk_str a = SK_STR_INIT, b = SK_STR_INIT;
	bool is_same;

	sk_str_puts(&a, one + strspn(one, white));
	sk_str_puts(&b, other + strspn(other, white));
	sk_str_rtrim(&a);
	sk_str_rtrim(&b);
	is_same = strcmp(a.ptr, b.ptr) == 0;
	sk_str_free(&a);
	sk_str_free(&b);
	return is_same;
}

static int refuse_reviewer(const char *who, const char *wp, struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_add_visible(&name, who, strlen(who), REVIEWER_MAX_BYTES);
	sk_fail(err, SK_ENO, "'%s' is reviewing %s", name.ptr, wp);
	sk_str_free(&name);
	return sk_hint(err,
		       "leave it to them, or take it over by 'git sk-task"
		       " move %s in_review --force --reason <text>'",
		       wp);
}

int sk_claim_check_review(const struct sk_edit *edit, const char *wp,
			  const char *actor, bool force, struct sk_err *err)
{
	struct sk_claim claim = SK_CLAIM_INIT;
	struct sk_str who = SK_STR_INIT;
	int rc = 0;

	find_reviewer(&who, edit, wp);
	sk_claim_read(&claim, edit, wp);
	if (claim.elsewhere.len && claim.lane == SK_LANE_IN_REVIEW &&
	    is_same(who.ptr, ""))
		sk_str_puts(&who, claim.claimant.ptr);
	if (!is_same(who.ptr, "") && !is_same(who.ptr, actor))
		rc = force ? 1 : refuse_reviewer(who.ptr, wp, err);
	else if (!force)
		rc = refuse_elsewhere(&claim, edit, wp, err);
	sk_claim_free(&claim);
	sk_str_free(&who);
	return rc;
}

int sk_claim_check_dependencies(const struct sk_edit *edit, const char *wp,
				const struct sk_words *dependencies,
				struct sk_err *err)
{
	struct sk_str open = SK_STR_INIT;
	size_t count = 0;

	for (size_t i = 0; i < dependencies->len; i++) {
		const char *id = dependencies->items[i];
		struct sk_claim claim = SK_CLAIM_INIT;

		sk_claim_read(&claim, edit, id);
		if (claim.lane != SK_LANE_APPROVED &&
		    claim.lane != SK_LANE_DONE) {
			sk_str_puts(&open, count++ ? ", " : "");
			sk_str_add_visible(&open, id, strlen(id),
					   NAME_MAX_BYTES);
			sk_str_addf(&open, " (%s)",
				    sk_mission_package(edit->mission, id)
					    ? sk_lane_name(claim.lane)
					    : "not there");
		}
		sk_claim_free(&claim);
	}
	if (count) {
		sk_fail(err, SK_ENO,
			"'%s' depends on what is not approved yet: %s", wp,
			open.ptr);
		sk_hint(err,
			"do %s first, or go on by '--force --reason"
			" <why>'",
			count > 1 ? "those" : "that");
	}
	sk_str_free(&open);
	return count ? -1 : 0;
}

void sk_claim_add_beside(struct sk_str *out, const struct sk_edit *edit,
			 const char *wp, const struct sk_words *wps)
{
	for (size_t i = 0; i < wps->len; i++) {
		struct sk_claim claim = SK_CLAIM_INIT;

		if (strcmp(wps->items[i], wp) == 0)
			continue;
		sk_claim_read(&claim, edit, wps->items[i]);
		if (claim.lane == SK_LANE_CLAIMED ||
		    claim.lane == SK_LANE_IN_PROGRESS) {
			sk_str_addf(out, "%s%s (%s, ", out->len ? ", " : "",
				    wps->items[i], sk_lane_name(claim.lane));
			sk_str_add_visible(out, claim.claimant.ptr,
					   claim.claimant.len, NAME_MAX_BYTES);
			sk_str_puts(out, ")");
		}
		sk_claim_free(&claim);
	}
}
