/* SPDX-License-Identifier: MIT */
#include "deliver/verdict.h"

#include <string.h>

#include "base/now.h"
#include "outbox/outcome.h"
#include "outbox/state.h"

/* One call of sk_verdict_*(): what to do inside its transaction. */
struct work {
	struct sk_outbox *box;
	const struct sk_parcel *parcel;
	size_t item;
	const struct sk_answer *answer;
	const char *reason;
	int64_t now;
};

typedef int work_fn(const struct work *work, struct sk_err *err);

static int try_once(work_fn *fn, const struct work *work, struct sk_err *err)
{
	if (sk_outbox_begin(work->box, err) < 0)
		return -1;
	if (fn(work, err) < 0) {
		sk_outbox_rollback(work->box);
		return -1;
	}
	return sk_outbox_commit(work->box, err);
}

/*
 * The server has the events already: giving up because a long capture holds the
 * lock would send them all a second time.
 */
static int transact(work_fn *fn, const struct work *work, struct sk_err *err)
{
	for (int tries = 1;; tries++) {
		struct sk_err failed = {0};

		if (try_once(fn, work, &failed) == 0)
			return 0;
		if (failed.code != SK_EBUSY || tries == 5) {
			*err = failed;
			return sk_within(err, "cannot record what the server"
					      " answered");
		}
	}
}

static const char *error_of(const struct sk_result *result)
{
	return result->error && *result->error ? result->error
					       : "Unknown error";
}

static int apply_result(const struct work *work, size_t at, struct sk_err *err)
{
	const struct sk_result *result = &work->answer->results[at];
	size_t item = work->item + at, len;
	const char *id = sk_parcel_id(work->parcel, item);
	const char *data = sk_parcel_stored(work->parcel, item, &len);
	struct sk_queue_pos pos = work->parcel->items[item].pos;
	struct sk_str text = SK_STR_INIT;
	int rc = 0;

	switch (result->verdict) {
	case SK_VERDICT_SUCCESS:
		rc = sk_queue_ack(work->box, pos, id, data, len,
				  SK_ACK_DELIVERED, work->now, err);
		break;
	case SK_VERDICT_DUPLICATE:
		rc = sk_queue_ack(work->box, pos, id, data, len,
				  SK_ACK_DUPLICATE, work->now, err);
		break;
	case SK_VERDICT_REJECTED:
		sk_str_add_visible(&text, error_of(result),
				   strlen(error_of(result)),
				   SK_REPORT_MAX_TEXT);
		rc = sk_queue_reject(work->box, pos, id, data, len,
				     sk_category_name(result->category),
				     text.ptr, work->now, err);
		sk_str_free(&text);
		break;
	case SK_VERDICT_NONE:
	case SK_VERDICT_PENDING:
		break;
	}
	return rc < 0 ? -1 : 0;
}

static int apply_answer(const struct work *work, struct sk_err *err)
{
	bool delivered = false;

	for (size_t i = 0; i < work->answer->count; i++) {
		enum sk_verdict verdict = work->answer->results[i].verdict;

		if (apply_result(work, i, err) < 0)
			return -1;
		delivered |= verdict == SK_VERDICT_SUCCESS ||
			     verdict == SK_VERDICT_DUPLICATE;
	}
	if (!delivered)
		return 0;
	return sk_state_set_int(work->box, "last_delivery", work->now, err);
}

static void count_result(struct sk_report *report, struct sk_leftover *left,
			 const struct sk_result *result,
			 const struct sk_parcel *parcel, size_t item)
{
	switch (result->verdict) {
	case SK_VERDICT_SUCCESS:
		report->synced++;
		break;
	case SK_VERDICT_DUPLICATE:
		report->duplicates++;
		break;
	case SK_VERDICT_PENDING:
		report->pending++;
		left->known++;
		break;
	case SK_VERDICT_REJECTED:
		sk_report_fail(report, sk_parcel_id(parcel, item),
			       result->category, error_of(result));
		if (parcel->items[item].retry_count + 1 < SK_OUTBOX_HELD_AT)
			left->known++;
		break;
	case SK_VERDICT_NONE:
		left->unanswered++;
		break;
	}
}

int sk_verdict_apply(struct sk_outbox *box, const struct sk_parcel *parcel,
		     size_t from, const struct sk_answer *answer,
		     struct sk_report *report, struct sk_leftover *left,
		     struct sk_err *err)
{
	struct work work = {.box = box,
			    .parcel = parcel,
			    .item = from,
			    .answer = answer,
			    .now = sk_now_ms() / 1000};

	for (size_t i = 0; i < answer->count; i++)
		count_result(report, left, &answer->results[i], parcel,
			     from + i);
	return transact(apply_answer, &work, err);
}

static int park_misfits(const struct work *work, struct sk_err *err)
{
	const struct sk_parcel *parcel = work->parcel;
	const char *text = parcel->text.ptr;

	for (size_t i = 0; i < parcel->misfit_count; i++) {
		const struct sk_misfit *misfit = &parcel->misfits[i];

		if (sk_queue_park(work->box, misfit->pos, text + misfit->id,
				  text + misfit->stored, misfit->stored_len,
				  sk_category_name(SK_CAT_SCHEMA_MISMATCH),
				  text + misfit->reason, work->now, err) < 0)
			return -1;
	}
	return 0;
}

int sk_verdict_park_misfits(struct sk_outbox *box,
			    const struct sk_parcel *parcel,
			    struct sk_report *report, struct sk_err *err)
{
	struct work work = {
		.box = box, .parcel = parcel, .now = sk_now_ms() / 1000};

	if (parcel->misfit_count == 0)
		return 0;
	if (transact(park_misfits, &work, err) < 0)
		return -1;
	for (size_t i = 0; i < parcel->misfit_count; i++) {
		const struct sk_misfit *misfit = &parcel->misfits[i];

		sk_report_fail(report, parcel->text.ptr + misfit->id,
			       SK_CAT_SCHEMA_MISMATCH,
			       parcel->text.ptr + misfit->reason);
		report->parked++;
	}
	return 0;
}

static int park_item(const struct work *work, struct sk_err *err)
{
	size_t len;
	const char *data = sk_parcel_stored(work->parcel, work->item, &len);

	if (sk_queue_park(work->box, work->parcel->items[work->item].pos,
			  sk_parcel_id(work->parcel, work->item), data, len,
			  sk_category_name(SK_CAT_OVERSIZED_EVENT),
			  work->reason, work->now, err) < 0)
		return -1;
	return 0;
}

int sk_verdict_park_oversized(struct sk_outbox *box,
			      const struct sk_parcel *parcel, size_t item,
			      const char *reason, struct sk_report *report,
			      struct sk_err *err)
{
	struct work work = {.box = box,
			    .parcel = parcel,
			    .item = item,
			    .reason = reason,
			    .now = sk_now_ms() / 1000};

	if (transact(park_item, &work, err) < 0)
		return -1;
	sk_report_fail(report, sk_parcel_id(parcel, item),
		       SK_CAT_OVERSIZED_EVENT, reason);
	report->parked++;
	return 0;
}
