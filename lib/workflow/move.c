/* SPDX-License-Identifier: MIT */
#include "workflow/move.h"

#include <ctype.h>
#include <string.h>

#include "mission/transition.h"
#include "mission/wpfile.h"
#include "workflow/approval.h"
#include "workflow/claim.h"
#include "workflow/editsave.h"
#include "workflow/movepart.h"

#define CLAIM_REASON "Started review via action command"
#define CLAIM_REF    "action-review-claim"

#define WHITE " \t\r\n\v\f"

/* So much of a name is in the subject of the commit. */
enum { SUBJECT_NAME_MAX = 60 };

/* What the hops of one move share. */
struct hops {
	const char *mode;
	struct sk_str workspace, reason, open;
	size_t open_count;
	struct sk_form *evidence;
	enum sk_lane at; /* so far it has come */
	bool is_known;	 /* something is recorded of it */
};

static void trim(struct sk_str *out, const char *text)
{
	sk_str_set(out, text + strspn(text, WHITE));
	sk_str_rtrim(out);
}

enum sk_lane sk_move_read_lane(const char *typed)
{
	struct sk_str name = SK_STR_INIT;
	enum sk_lane lane;

	trim(&name, typed);
	for (size_t i = 0; i < name.len; i++)
		name.ptr[i] = (char)tolower((unsigned char)name.ptr[i]);
	lane = sk_lane_parse(name.ptr);
	sk_str_free(&name);
	return lane == SK_LANE_GENESIS ? SK_LANE_NONE : lane;
}

void sk_move_free(struct sk_move *move)
{
	sk_words_free(&move->event_ids);
	sk_str_free(&move->file);
	sk_str_free(&move->message);
	sk_str_free(&move->warning);
}

static void read_id(struct sk_move *move)
{
	struct sk_str id = SK_STR_INIT;

	trim(&id, move->wp);
	sk_str_cut(&id, sizeof(move->id) - 1);
	for (size_t i = 0; i <= id.len; i++)
		move->id[i] = (char)toupper((unsigned char)id.ptr[i]);
	sk_str_free(&id);
}

static int fail_unknown(struct sk_move *move, const struct sk_edit *edit,
			struct sk_err *err)
{
	const char *slug = edit->mission->slug;

	move->is_unknown = true;
	sk_fail(err, SK_EFAIL, "mission '%.100s' has no work package '%.60s'",
		slug, move->wp);
	if (sk_edit_hint_packages(edit, err) == 0)
		sk_hint(err,
			"its work packages are files in"
			" kitty-specs/%.100s/tasks/",
			slug);
	return -1;
}

static int find_package(struct sk_move *move, const struct sk_edit *edit,
			struct sk_err *err)
{
	int rc = 1;

	read_id(move);
	sk_str_clear(&move->file);
	if (sk_wp_id_is_valid(move->id))
		rc = sk_edit_find_wp(edit, move->id, &move->file, err);
	if (rc == 1 && !sk_reduced_find(&edit->state, move->id))
		return fail_unknown(move, edit, err);
	return rc < 0 ? -1 : 0;
}

static void write_message(struct sk_move *move, struct sk_edit *edit)
{
	sk_str_clear(&move->message);
	sk_str_addf(&move->message, "chore: Move %s to %s on spec %s", move->id,
		    sk_lane_name(move->to), edit->mission->slug);
	if (move->named) {
		sk_str_puts(&move->message, " [");
		sk_str_add_visible(&move->message, move->named,
				   strlen(move->named), SUBJECT_NAME_MAX);
		sk_str_putc(&move->message, ']');
	}
	edit->message = move->message.ptr;
}

static bool is_committed(const struct sk_edit *edit, const char *event_id)
{
	return strstr(edit->head_log.ptr, event_id) != NULL;
}

/* It is where it is to be: of what is half done the rest. */
static int finish(struct sk_move *move, struct sk_edit *edit,
		  const struct sk_log_row *row, struct sk_err *err)
{
	bool is_due = !is_committed(edit, row->event_id);

	memcpy(move->last_id, row->event_id, sizeof(move->last_id));
	return sk_move_put_file(move, edit, row->at_us, false, is_due, err);
}

static int fail_hop(const struct sk_move *move, const struct hops *hops,
		    enum sk_lane to, struct sk_err *err)
{
	if (hops->at == SK_LANE_IN_PROGRESS && to == SK_LANE_FOR_REVIEW &&
	    hops->open_count) {
		sk_fail(err, SK_ENO, "%s has %zu open %s in tasks.md: %s",
			move->id, hops->open_count,
			sk_plural((int64_t)hops->open_count, "task", "tasks"),
			hops->open.ptr);
		return sk_hint(err, "run 'git sk-task mark <task>... --status"
				    " done' for what is done, or add '--force"
				    " --reason <text>'");
	}
	sk_within(err, "%s", move->id);
	err->code = SK_ENO;
	return -1;
}

static const char *review_text(const struct sk_form *evidence, const char *key)
{
	return sk_form_get_text(sk_form_get(evidence, "review"), key);
}

/* The result of the review that ends with this hop; owned, NULL: none. */
static struct sk_form *make_result(const struct sk_move *move,
				   const struct hops *hops, enum sk_lane to)
{
	bool is_good = to == SK_LANE_APPROVED || to == SK_LANE_DONE;
	const char *by = move->reviewer, *where = move->review_ref;

	if (hops->at != SK_LANE_IN_REVIEW || to == SK_LANE_IN_REVIEW)
		return NULL;
	if (is_good) {
		by = review_text(hops->evidence, "reviewer");
		where = review_text(hops->evidence, "reference");
	}
	if (!sk_text_is_given(by) || !sk_text_is_given(where))
		return NULL;
	return sk_review_make(by, where,
			      is_good ? "approved" : "changes_requested");
}

static int check(const struct sk_move *move, const struct hops *hops,
		 enum sk_lane to, const struct sk_form *result,
		 struct sk_err *err)
{
	const struct sk_transition_inputs inputs = {
		.actor = move->actor,
		.workspace = hops->workspace.ptr,
		.are_subtasks_done = !hops->open_count,
		.is_work_seen = hops->is_known,
		.reviewer = review_text(hops->evidence, "reviewer"),
		.reference = review_text(hops->evidence, "reference"),
		.review_ref = move->review_ref,
		.reason = move->reason,
		.result_by = sk_form_get_text(result, "reviewer"),
		.verdict = sk_form_get_text(result, "verdict"),
		.result_where = sk_form_get_text(result, "reference"),
		.force = move->force && hops->is_known,
	};

	if (sk_transition_check(hops->at, to, &inputs, err) < 0)
		return fail_hop(move, hops, to, err);
	return 0;
}

/* One transition, the last one when `is_last`. */
static int hop(struct sk_move *move, struct sk_edit *edit, struct hops *hops,
	       enum sk_lane to, bool is_last, struct sk_err *err)
{
	struct sk_form *result = make_result(move, hops, to);
	bool is_good = to == SK_LANE_APPROVED || to == SK_LANE_DONE;
	struct sk_logline line = {
		.wp_id = move->id,
		.from = hops->at,
		.to = to,
		.actor = move->actor,
		.execution_mode = hops->mode,
		.reason = hops->reason.ptr,
		.review_ref = !is_last	       ? NULL
			      : move->is_claim ? CLAIM_REF
					       : move->review_ref,
		.evidence = is_good ? hops->evidence : NULL,
		.review_result = result,
		.force = move->force && hops->is_known,
	};
	int rc = check(move, hops, to, result, err);

	if (rc == 0) {
		sk_edit_add_line(edit, &line);
		sk_words_add(&move->event_ids, line.event_id);
		memcpy(move->last_id, line.event_id, sizeof(line.event_id));
		hops->at = to;
		hops->is_known = true;
	}
	sk_form_free(result);
	return rc;
}

static int fail_unplanned(const struct sk_move *move,
			  const struct sk_edit *edit, struct sk_err *err)
{
	sk_fail(err, SK_EFAIL, "%s has no transition yet", move->id);
	return sk_hint(err,
		       "run 'git sk-mission finalize --mission %.100s', or add"
		       " '--force --reason <text>'",
		       edit->mission->slug);
}

static int look(struct sk_move *move, const struct sk_edit *edit,
		struct hops *hops, struct sk_err *err)
{
	bool is_good = move->to == SK_LANE_APPROVED || move->to == SK_LANE_DONE;
	const struct sk_mission_place *place = &edit->home.plan;

	if (sk_move_find_mode(&hops->mode, move, edit, err) < 0 ||
	    sk_move_find_open(&hops->open_count, &hops->open, move, edit, err) <
		    0)
		return -1;
	if (is_good && !move->force &&
	    sk_move_check_review(move, edit, err) < 0)
		return -1;
	sk_str_addf(&hops->workspace, "%s:%s", hops->mode,
		    place->worktree.len ? place->worktree.ptr
					: place->branch.ptr);
	if (sk_text_is_given(move->reason))
		sk_str_puts(&hops->reason, move->reason);
	else if (move->is_claim)
		sk_str_puts(&hops->reason, CLAIM_REASON);
	else
		sk_str_addf(&hops->reason, "move-task: %s -> %s",
			    sk_lane_name(move->from), sk_lane_name(move->to));
	if (sk_text_is_given(move->reference))
		hops->evidence = sk_review_as_evidence(sk_review_make(
			move->reviewer, move->reference, "approved"));
	else
		hops->evidence = sk_approval_of(&edit->state,
						edit->log_text.ptr, move->id);
	return 0;
}

/* All hops are checked before the first is written. */
static int go(struct sk_move *move, struct sk_edit *edit, struct hops *hops,
	      struct sk_err *err)
{
	enum sk_lane path[SK_LANE_COUNT];
	size_t count = 1;

	if (move->from == SK_LANE_GENESIS) {
		/* what nobody has begun begins, whatever is forced on it then
		 */
		if (hop(move, edit, hops, SK_LANE_PLANNED, false, err) < 0)
			return -1;
		if (move->to == SK_LANE_PLANNED)
			return 0;
	}
	path[0] = move->to;
	if (!move->force)
		count = sk_transition_path(path, hops->at, move->to);
	for (size_t i = 0; i < count; i++) {
		if (hop(move, edit, hops, path[i], i + 1 == count, err) < 0)
			return -1;
	}
	return 0;
}

static int advance(struct sk_move *move, struct sk_edit *edit,
		   struct sk_err *err)
{
	struct hops hops = {.workspace = SK_STR_INIT,
			    .reason = SK_STR_INIT,
			    .open = SK_STR_INIT,
			    .at = move->from,
			    .is_known = move->from != SK_LANE_GENESIS};
	int rc = look(move, edit, &hops, err);

	if (rc == 0)
		rc = go(move, edit, &hops, err);
	if (rc == 0 &&
	    sk_move_put_file(move, edit, edit->at_us, true, true, err) < 0)
		rc = -1;
	sk_str_free(&hops.workspace);
	sk_str_free(&hops.reason);
	sk_str_free(&hops.open);
	sk_form_free(hops.evidence);
	return rc;
}

static int fail_not_for_review(const struct sk_move *move, struct sk_err *err)
{
	sk_fail(err, SK_ENO, "%s is in %s, not in for_review", move->id,
		sk_lane_name(move->from));
	if (move->from == SK_LANE_PLANNED || move->from == SK_LANE_CLAIMED)
		return sk_hint(err, "run 'git sk-task implement %s' first",
			       move->id);
	if (move->from == SK_LANE_APPROVED)
		return sk_hint(err,
			       "to send it back, run 'git sk-task move %s"
			       " in_progress --review-ref <text>'",
			       move->id);
	if (sk_lane_is_terminal(move->from))
		return sk_hint(err,
			       "to take it up again, run 'git sk-task move %s"
			       " in_progress --force --reason <text>'",
			       move->id);
	return sk_hint(err, "run 'git sk-task move %s %s' first", move->id,
		       move->from == SK_LANE_BLOCKED ? "in_progress"
						     : "for_review");
}

int sk_move_change(void *ctx, struct sk_edit *edit, struct sk_err *err)
{
	struct sk_move *move = ctx;
	const struct sk_reduced_wp *wp;
	int taken = 0;

	if (find_package(move, edit, err) < 0)
		return -1;
	write_message(move, edit);
	wp = sk_reduced_find(&edit->state, move->id);
	/* done again: our own lines may have moved it meanwhile */
	if (wp && sk_words_has(&move->event_ids, wp->row->event_id))
		return finish(move, edit, wp->row, err);
	sk_words_free(&move->event_ids);
	move->from = wp ? wp->row->to : SK_LANE_GENESIS;
	if (move->from == SK_LANE_GENESIS && !move->force)
		return fail_unplanned(move, edit, err);
	if (move->to == SK_LANE_IN_REVIEW)
		taken = sk_claim_check_review(edit, move->id, move->actor,
					      move->force, err);
	if (taken < 0)
		return -1;
	move->is_there = move->from == move->to && !taken;
	if (move->is_there)
		return finish(move, edit, wp->row, err);
	if (move->is_claim && move->from != SK_LANE_FOR_REVIEW)
		return fail_not_for_review(move, err);
	return advance(move, edit, err);
}
