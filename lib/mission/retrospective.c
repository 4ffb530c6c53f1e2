/* SPDX-License-Identifier: MIT */
#include "mission/retrospective.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/time.h"

#define PREFIX	   "retrospective."
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* A row of it. */
struct row {
	struct sk_form *form; /* owned */
	const char *name;     /* behind the prefix */
	int64_t at_us;
	const char *id;
};

struct rows {
	struct row *items;
	size_t count, cap;
};

static void add_row(struct rows *rows, const char *line, size_t len)
{
	const char *name, *at, *id;
	struct sk_err err = {0};
	struct sk_form *form;
	int64_t at_us;

	if (sk_form_read(&form, line, len, &err) < 0)
		return; /* the log has read it, with the same eyes */
	name = sk_form_get_text(form, "event_name");
	if (!name || strncmp(name, PREFIX, PREFIX_LEN) != 0) {
		sk_form_free(form);
		return;
	}
	at = sk_form_get_text(form, "at");
	if (!at || sk_time_parse(&at_us, at) < 0)
		at_us = INT64_MIN;
	id = sk_form_get_text(form, "event_id");
	SK_GROW(rows->items, rows->count, rows->cap);
	rows->items[rows->count++] =
		(struct row){form, name + PREFIX_LEN, at_us, id ? id : ""};
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

static bool is_end(const char *name)
{
	return strcmp(name, "completed") == 0 || strcmp(name, "skipped") == 0 ||
	       strcmp(name, "failed") == 0;
}

/* The mode is named by itself, or is an object that says how it was found. */
static const char *mode_of(const struct sk_form *payload)
{
	const struct sk_form *mode = sk_form_get(payload, "mode");

	return sk_form_is_object(mode) ? sk_form_get_text(mode, "value")
				       : sk_form_as_text(mode);
}

/* Which of them have become what. */
struct told {
	const char *status, *mode, *record_path;
	int64_t total, generated, applied, rejected;
};

static void look_at(struct told *told, const struct row *row)
{
	const struct sk_form *payload = sk_form_get(row->form, "payload");
	const char *path = sk_form_get_text(payload, "record_path");
	const char *mode = mode_of(payload);
	int64_t count;

	if (is_end(row->name))
		told->status = row->name;
	if (path)
		told->record_path = path;
	if (mode)
		told->mode = mode;
	if (sk_form_as_int(sk_form_get(payload, "proposals_count"), &count))
		told->total = count;
	told->generated += strcmp(row->name, "proposal.generated") == 0;
	told->applied += strcmp(row->name, "proposal.applied") == 0;
	told->rejected += strcmp(row->name, "proposal.rejected") == 0;
}

static struct sk_form *form_of(const struct told *told)
{
	struct sk_form *form = sk_form_object();
	int64_t total =
		told->total > told->generated ? told->total : told->generated;
	int64_t pending = total - told->applied - told->rejected;

	sk_form_set(form, "mode", sk_form_text(told->mode));
	sk_form_set(form, "proposals_applied", sk_form_int(told->applied));
	sk_form_set(form, "proposals_pending",
		    sk_form_int(pending > 0 ? pending : 0));
	sk_form_set(form, "proposals_rejected", sk_form_int(told->rejected));
	sk_form_set(form, "proposals_total", sk_form_int(total));
	sk_form_set(form, "record_path", sk_form_text(told->record_path));
	sk_form_set(form, "status", sk_form_text(told->status));
	return form;
}

struct sk_form *sk_retrospective_of(const struct sk_log *log, const char *data)
{
	struct told told = {.status = "pending"};
	struct sk_form *form = NULL;
	struct rows rows = {0};

	for (size_t i = 0; i < log->other_count; i++) {
		const struct sk_log_other *other = &log->others[i];

		/* a text in its quotes, with something behind the prefix */
		if (other->kind.len > PREFIX_LEN + 2 &&
		    memcmp(data + other->kind.offset + 1, PREFIX, PREFIX_LEN) ==
			    0)
			add_row(&rows, data + other->line.offset,
				other->line.len);
	}
	if (rows.count) {
		qsort(rows.items, rows.count, sizeof(*rows.items), compare);
		for (size_t i = 0; i < rows.count; i++)
			look_at(&told, &rows.items[i]);
		form = form_of(&told);
	}
	for (size_t i = 0; i < rows.count; i++)
		sk_form_free(rows.items[i].form);
	free(rows.items);
	return form;
}
