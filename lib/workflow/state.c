/* SPDX-License-Identifier: MIT */
#include "workflow/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void add_log(struct sk_state *state, struct sk_repo *repo,
		    const struct sk_oid *blob)
{
	struct sk_state_log made = {.blob = *blob, .raw = SK_RAW_INIT};
	struct sk_err err = {0};
	char hex[SK_HEX_LEN + 1];
	size_t size = 0;
	int rc = sk_repo_blob_size(repo, blob, &size, &err);

	sk_oid_hex(hex, blob);
	if (rc == 0 && size > SK_EVENT_LOG_MAX)
		rc = sk_fail(&err, SK_EDATA, "blob %s is larger than %u bytes",
			     hex, SK_EVENT_LOG_MAX);
	if (rc == 0)
		rc = sk_repo_read(repo, blob, SK_OBJECT_BLOB, &made.raw, &err);
	if (rc > 0) {
		sk_fail(&err, SK_EDATA, "blob %s is missing", hex);
		state->missing = *blob;
	}
	if (rc != 0) {
		state->fault = err;
		return;
	}
	SK_GROW(state->logs, state->count, state->cap);
	state->logs[state->count++] = made;
}

static int by_length(const void *a, const void *b)
{
	const struct sk_state_log *x = a, *y = b;

	if (x->raw.len != y->raw.len)
		return x->raw.len < y->raw.len ? 1 : -1;
	return memcmp(x->blob.id, y->blob.id, SK_OID_LEN);
}

/* Whole lines: the next byte begins one. */
static bool is_beginning_of(const struct sk_raw *raw, const struct sk_raw *of)
{
	return raw->len && raw->data[raw->len - 1] == '\n' &&
	       memcmp(raw->data, of->data, raw->len) == 0;
}

static size_t rows_before(const struct sk_log *log, size_t end)
{
	size_t count = 0;

	while (count < log->row_count && log->rows[count].line.offset < end)
		count++;
	return count;
}

static void read_log(struct sk_state *state, size_t at)
{
	struct sk_state_log *log = &state->logs[at];

	log->whole = at;
	for (size_t i = 0; i < at; i++) {
		const struct sk_state_log *of = &state->logs[i];

		if (of->whole != i || !is_beginning_of(&log->raw, &of->raw))
			continue;
		log->whole = i;
		log->rows = rows_before(&of->log, log->raw.len);
		return;
	}
	log->log = (struct sk_log)SK_LOG_INIT;
	sk_log_read(&log->log, log->raw.data, log->raw.len, SIZE_MAX);
	log->rows = log->log.row_count;
}

/* A fault that several logs have is counted once: they share its line. */
static void count_faults(struct sk_state *state, struct sk_map *seen,
			 const struct sk_state_log *log)
{
	bool added;

	for (size_t i = 0; i < log->log.fault_count; i++) {
		const struct sk_log_part *line = &log->log.faults[i].line;

		sk_map_add(seen, log->raw.data + line->offset, line->len, 1,
			   &added);
		state->unreadable += added;
	}
}

void sk_state_read(struct sk_state *state, const struct sk_mission *m,
		   const struct sk_missions *all)
{
	struct sk_map blobs = SK_MAP_INIT, seen = SK_MAP_INIT;
	bool added;

	for (size_t i = 0; i < m->version_count; i++) {
		const struct sk_oid *blob = &m->versions[i].log;

		if (!blob->len)
			continue;
		sk_map_add(&blobs, (const char *)blob->id, SK_OID_LEN, 1,
			   &added);
		if (added)
			add_log(state, all->repo, blob);
	}
	if (state->count)
		qsort(state->logs, state->count, sizeof(*state->logs),
		      by_length);
	for (size_t i = 0; i < state->count; i++) {
		read_log(state, i);
		sk_reduced_add(&state->reduced, &state->logs[i].log);
		count_faults(state, &seen, &state->logs[i]);
	}
	sk_reduced_fold(&state->reduced);
	sk_map_free(&blobs);
	sk_map_free(&seen);
}

void sk_state_free(struct sk_state *state)
{
	for (size_t i = 0; i < state->count; i++) {
		sk_log_free(&state->logs[i].log);
		sk_raw_release(&state->logs[i].raw);
	}
	free(state->logs);
	sk_reduced_free(&state->reduced);
	*state = (struct sk_state)SK_STATE_INIT;
}

const struct sk_log_row *sk_state_newest(const struct sk_state *state)
{
	const struct sk_reduced *all = &state->reduced;

	return all->count ? all->rows[all->count - 1] : NULL;
}

const struct sk_state_log *sk_state_log(const struct sk_state *state,
					const struct sk_oid *blob)
{
	for (size_t i = 0; i < state->count; i++) {
		if (sk_oid_equal(&state->logs[i].blob, blob))
			return &state->logs[i];
	}
	return NULL;
}

static const struct sk_log_row *rows_of(const struct sk_state *state,
					const struct sk_state_log *log)
{
	return state->logs[log->whole].log.rows;
}

bool sk_state_log_has(const struct sk_state *state,
		      const struct sk_state_log *log,
		      const struct sk_log_row *row)
{
	const struct sk_log_row *rows = rows_of(state, log);

	/* from the end: who asks mostly wants a late one */
	for (size_t i = log->rows; i-- > 0;) {
		if (strcmp(rows[i].event_id, row->event_id) == 0)
			return true;
	}
	return false;
}

size_t sk_state_ahead(const struct sk_state *state,
		      const struct sk_state_log *log,
		      const struct sk_state_log *other)
{
	const struct sk_log_row *rows = rows_of(state, log);
	struct sk_map ids = SK_MAP_INIT;
	size_t count = 0;
	bool added;

	for (size_t i = 0; other && i < other->rows; i++) {
		const char *id = rows_of(state, other)[i].event_id;

		sk_map_add(&ids, id, strlen(id), 1, NULL);
	}
	for (size_t i = 0; i < log->rows; i++) {
		sk_map_add(&ids, rows[i].event_id, strlen(rows[i].event_id), 1,
			   &added);
		count += added;
	}
	sk_map_free(&ids);
	return count;
}

/* An actor that is an object: what it is called, by the first of these. */
struct actor {
	struct sk_json_span names[5];
};

static bool keep_name(void *ctx, const char *key, size_t len,
		      const struct sk_json_span *value)
{
	static const char *const keys[] = {"display_name", "name", "tool",
					   "actor_id", "id"};
	struct actor *actor = ctx;

	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		if (strlen(keys[i]) == len && memcmp(keys[i], key, len) == 0)
			actor->names[i] = *value;
	}
	return true;
}

void sk_actor_add_span(struct sk_str *out, const struct sk_json_span *value)
{
	struct actor actor = {{{NULL, 0}}};
	struct sk_err ignored = {0};

	if (!value->ptr || sk_json_span_text(out, value) ||
	    sk_json_members(value->ptr, value->len, keep_name, &actor,
			    &ignored) != 0)
		return;
	for (size_t i = 0; i < SK_COUNTOF(actor.names); i++) {
		if (actor.names[i].ptr &&
		    sk_json_span_text(out, &actor.names[i]))
			return;
	}
}

void sk_state_add_actor(struct sk_str *out, const struct sk_state *state,
			const struct sk_log_row *row)
{
	struct sk_json_span value = {NULL, 0};

	for (size_t i = 0; !value.ptr && i < state->count; i++) {
		const struct sk_log *log = &state->logs[i].log;

		if (log->row_count && row >= log->rows &&
		    row < log->rows + log->row_count)
			value = sk_log_value(state->logs[i].raw.data, row,
					     SK_LOG_ACTOR);
	}
	sk_actor_add_span(out, &value);
}
