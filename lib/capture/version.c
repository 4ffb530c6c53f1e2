/* SPDX-License-Identifier: MIT */
#include "capture/version.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "capture/fault.h"

enum {
	CACHE_VERSIONS = 65536,
	ROWS_AT_A_TIME = 64, /* read ahead where the first may do */
};

#define CACHE_BYTES ((size_t)64 << 20)

struct sk_version_text {
	struct sk_raw raw;
};

struct sk_versions {
	struct sk_map index; /* raw blob id -> place in items */
	struct sk_version **items;
	size_t count, cap;
	struct sk_version_text **texts;
	size_t text_count, text_cap;
	size_t bytes; /* of the texts */
};

struct sk_versions *sk_versions_new(void)
{
	return sk_calloc(1, sizeof(struct sk_versions));
}

static void clear(struct sk_versions *all)
{
	for (size_t i = 0; i < all->count; i++) {
		sk_log_free(&all->items[i]->own);
		if (all->items[i]->keys)
			sk_map_free(all->items[i]->keys);
		free(all->items[i]->keys);
		free(all->items[i]);
	}
	for (size_t i = 0; i < all->text_count; i++) {
		sk_raw_release(&all->texts[i]->raw);
		free(all->texts[i]);
	}
	all->count = all->text_count = all->bytes = 0;
	sk_map_free(&all->index);
}

void sk_versions_free(struct sk_versions *all)
{
	if (!all)
		return;
	clear(all);
	free(all->items);
	free(all->texts);
	free(all);
}

void sk_versions_trim(struct sk_versions *all)
{
	if (all->count > CACHE_VERSIONS || all->bytes > CACHE_BYTES)
		clear(all);
}

const char *sk_version_bytes(const struct sk_version *version)
{
	return version->text->raw.data;
}

/* A last line without an end may have grown itself. */
static bool grew_from(const struct sk_raw *raw, const struct sk_version *from)
{
	const char *bytes = sk_version_bytes(from);

	return from->len <= raw->len &&
	       (!from->len || bytes[from->len - 1] == '\n') &&
	       memcmp(raw->data, bytes, from->len) == 0;
}

/* The longest that these bytes grew from. */
static struct sk_version *find_origin(const struct sk_raw *raw,
				      struct sk_version *const *parents,
				      size_t count)
{
	struct sk_version *best = NULL;

	for (size_t i = 0; i < count; i++) {
		if (parents[i] && (!best || parents[i]->len > best->len) &&
		    grew_from(raw, parents[i]))
			best = parents[i];
	}
	return best;
}

/* Keep the bytes: in place of those they begin with, where nothing follows. */
static struct sk_version_text *keep(struct sk_versions *all, struct sk_raw *raw,
				    const struct sk_version *prev)
{
	struct sk_version_text *text = prev ? prev->text : NULL;

	if (!text || text->raw.len != prev->len) {
		text = sk_calloc(1, sizeof(*text));
		SK_GROW(all->texts, all->text_count, all->text_cap);
		all->texts[all->text_count++] = text;
	} else {
		all->bytes -= text->raw.len;
		sk_raw_release(&text->raw);
	}
	text->raw = *raw;
	all->bytes += raw->len;
	return text;
}

int sk_version_get(struct sk_version **out, struct sk_versions *all,
		   struct sk_reader *reader, const struct sk_oid *blob,
		   struct sk_version *const *parents, size_t count,
		   struct sk_err *err)
{
	const char *key = (const char *)blob->id;
	int64_t *at = sk_map_get(&all->index, key, SK_OID_LEN);
	struct sk_version *version;
	struct sk_raw raw;
	size_t from;

	if (at) {
		*out = all->items[*at];
		return 0;
	}
	*out = NULL;
	if (sk_reader_log(reader, blob, &raw, err) < 0)
		return -1;
	version = sk_calloc(1, sizeof(*version));
	version->prev = find_origin(&raw, parents, count);
	version->len = raw.len;
	from = version->prev ? version->prev->len : 0;
	version->own.at = from;
	version->is_blank = (!version->prev || version->prev->is_blank) &&
			    sk_log_is_blank(raw.data + from, raw.len - from);
	version->text = keep(all, &raw, version->prev);
	sk_map_add(&all->index, key, SK_OID_LEN, (int64_t)all->count, NULL);
	SK_GROW(all->items, all->count, all->cap);
	all->items[all->count++] = version;
	*out = version;
	return 0;
}

bool sk_version_is_from(const struct sk_version *version,
			const struct sk_version *base)
{
	while (version && version != base)
		version = version->prev;
	return version;
}

static void read_all(struct sk_version *version)
{
	sk_log_read(&version->own, sk_version_bytes(version), version->len,
		    SIZE_MAX);
}

int sk_version_each(struct sk_version *version, const struct sk_version *base,
		    sk_version_fn *each, void *ctx)
{
	struct sk_version **parts = NULL;
	size_t count = 0, cap = 0;
	int rc = 0;

	for (; version && version != base; version = version->prev) {
		SK_GROW(parts, count, cap);
		parts[count++] = version;
	}
	while (count && rc == 0) {
		read_all(parts[--count]);
		rc = each(ctx, parts[count]);
	}
	free(parts);
	return rc;
}

static void make_keys(struct sk_version *version)
{
	const char *bytes = sk_version_bytes(version);
	const struct sk_log *own = &version->own;
	char key[SK_FAULT_KEY_SIZE];

	read_all(version);
	version->keys = sk_calloc(1, sizeof(*version->keys));
	for (size_t i = 0; i < own->row_count; i++) {
		const char *id = own->rows[i].event_id;

		sk_map_add(version->keys, id, strlen(id), 1, NULL);
	}
	for (size_t i = 0; i < own->fault_count; i++) {
		const struct sk_log_part *line = &own->faults[i].line;

		sk_fault_line_key(key, bytes + line->offset, line->len);
		sk_map_add(version->keys, key, strlen(key), 1, NULL);
	}
}

bool sk_version_has(struct sk_version *version, const char *key)
{
	for (; version; version = version->prev) {
		if (!version->keys)
			make_keys(version);
		if (sk_map_get(version->keys, key, strlen(key)))
			return true;
	}
	return false;
}

bool sk_lane_reaches(enum sk_lane lane, enum sk_reach reach)
{
	return reach == SK_REACH_WORK ? sk_lane_is_started(lane)
				      : lane == SK_LANE_FOR_REVIEW;
}

static bool own_reached(struct sk_version *version, enum sk_reach reach)
{
	struct sk_log *own = &version->own;
	size_t i = 0;

	for (;;) {
		for (; i < own->row_count; i++) {
			if (sk_lane_reaches(own->rows[i].to, reach))
				return true;
		}
		if (own->at >= version->len)
			return false;
		sk_log_read(own, sk_version_bytes(version), version->len,
			    ROWS_AT_A_TIME);
	}
}

bool sk_version_reached(struct sk_version *version, enum sk_reach reach)
{
	struct sk_version *at = version;

	while (at && !at->reached[reach] && !own_reached(at, reach))
		at = at->prev;
	version->reached[reach] = at && at->reached[reach] >= 0 ? 1 : -1;
	return version->reached[reach] > 0;
}
