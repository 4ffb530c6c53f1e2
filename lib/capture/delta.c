/* SPDX-License-Identifier: MIT */
#include "capture/delta.h"

#include <string.h>

#include "base/mem.h"

int64_t sk_delta_author_us(const struct sk_delta *delta)
{
	const int64_t last = INT64_C(253402300799); /* of the year 9999 */
	int64_t sec = delta->commit->author_time;

	return (sec < 0 ? 0 : sec > last ? last : sec) * 1000000;
}

int sk_delta_get_author(struct sk_delta *delta)
{
	if (delta->author.len)
		return 0;
	if (sk_commit_author(&delta->author, delta->changes->reader.repo,
			     &delta->commit->id, delta->err) < 0)
		return -1;
	if (!delta->author.len)
		sk_str_puts(&delta->author, "unknown");
	return 0;
}

bool sk_side_has_log(const struct sk_side *side)
{
	return side->log && !side->log->is_blank;
}

/* What lies too deep is left out as if it were not there, but not unsaid. */
static void put_deep(struct sk_change *c, const struct sk_view_deep *deep)
{
	struct sk_str path = SK_STR_INIT, reason = SK_STR_INIT;
	struct sk_fault fault = {.line = 0};

	sk_str_addf(&path, SK_MISSIONS_DIR "/%s/%s", c->mission,
		    deep->path.ptr);
	sk_str_puts(&reason, "a folder so deep below tasks/ is left out");
	fault.path = path.ptr;
	fault.reason = reason.ptr;
	memcpy(fault.commit, c->delta->hex, sizeof(fault.commit));
	memcpy(fault.last, c->delta->hex, sizeof(fault.last));
	sk_fault_object_key(fault.key, false, &deep->tree);
	sk_delta_add_fault(c->delta->changes, &fault);
	sk_str_free(&reason);
	sk_str_free(&path);
}

int sk_side_get_wps(struct sk_change *change, struct sk_side *side)
{
	struct sk_changes *changes = change->delta->changes;
	struct sk_view_deep deep = {.path = SK_STR_INIT};
	int rc = 0;

	change->read = side;
	if (!side->has_wps)
		rc = sk_view_get_wps(&side->wps, changes->cache,
				     &changes->reader, &side->view,
				     side == &change->now ? &deep : NULL,
				     change->delta->err);
	side->has_wps = rc == 0;
	if (deep.is_set && rc == 0)
		put_deep(change, &deep);
	sk_str_free(&deep.path);
	return rc;
}

void sk_delta_put(struct sk_delta *delta, struct sk_draft *draft)
{
	struct sk_collection *out = delta->changes->out;
	bool added;

	sk_map_add(&delta->changes->seen, draft->event_id,
		   strlen(draft->event_id), 1, &added);
	if (!added) {
		sk_draft_free(draft);
		return;
	}
	SK_GROW(out->events, out->event_count, out->event_cap);
	out->events[out->event_count].draft = *draft;
	memcpy(out->events[out->event_count].commit, delta->hex,
	       sizeof(delta->hex));
	out->event_count++;
}

void sk_delta_add_fault(struct sk_changes *changes,
			const struct sk_fault *fault)
{
	struct sk_collection *out = changes->out;
	struct sk_fault *entry;
	bool added;
	int64_t *at = sk_map_add(&changes->seen, fault->key, strlen(fault->key),
				 (int64_t)out->fault_count, &added);

	if (!added) {
		memcpy(out->faults[*at].last, fault->last, sizeof(fault->last));
		return;
	}
	SK_GROW(out->faults, out->fault_count, out->fault_cap);
	entry = &out->faults[out->fault_count++];
	*entry = *fault;
	entry->path = sk_strdup(fault->path);
	entry->reason = sk_strdup(fault->reason);
}

static void add_late(struct sk_collection *out, const struct sk_oid *commit)
{
	if (out->late_count &&
	    sk_oid_equal(&out->late[out->late_count - 1], commit))
		return; /* another mission of it */
	SK_GROW(out->late, out->late_count, out->late_cap);
	out->late[out->late_count++] = *commit;
}

int sk_delta_leave_out(struct sk_changes *changes, const struct sk_oid *commit,
		       const struct sk_oid *in, const char *path,
		       struct sk_err *err)
{
	struct sk_collection *out = changes->out;
	struct sk_reader *reader = &changes->reader;
	bool is_missing = reader->stop == SK_STOP_MISSING;
	struct sk_str reason = SK_STR_INIT, copy = SK_STR_INIT;
	struct sk_fault fault = {.line = 0};

	if (reader->stop == SK_STOP_NONE)
		return -1;
	if (reader->stop == SK_STOP_LATE) {
		add_late(out, commit);
		goto out;
	}
	sk_oid_hex(fault.commit, commit);
	sk_oid_hex(fault.last, in);
	sk_fault_object_key(fault.key, is_missing, &reader->at);
	sk_str_set(&copy, path);
	sk_str_set(&reason, err->msg);
	if (sk_reader_is_spent(reader))
		sk_str_puts(&reason, "; so is what follows in this commit");
	fault.path = copy.ptr;
	fault.reason = reason.ptr;
	sk_delta_add_fault(changes, &fault);
	if (reader->stop != SK_STOP_LIMIT) {
		SK_GROW(out->missing, out->missing_count, out->missing_cap);
		out->missing[out->missing_count++] =
			(struct sk_missing){*commit, reader->at};
	}
out:
	sk_str_free(&reason);
	sk_str_free(&copy);
	sk_reader_forget(reader);
	*err = (struct sk_err){0};
	return 0;
}
