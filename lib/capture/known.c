/* SPDX-License-Identifier: MIT */
#include "capture/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "capture/fault.h"
#include "capture/view.h"

void sk_known_add(struct sk_known *known, const struct sk_oid *tree)
{
	bool added;

	sk_map_add(&known->index, (const char *)tree->id, SK_OID_LEN, 1,
		   &added);
	if (!added)
		return;
	SK_GROW(known->trees, known->count, known->cap);
	known->trees[known->count++] = *tree;
}

void sk_known_free(struct sk_known *known)
{
	sk_map_free(&known->index);
	sk_map_free(&known->keys);
	free(known->trees);
	*known = (struct sk_known){0};
}

static int add_part(void *ctx, const struct sk_version *part)
{
	const char *bytes = sk_version_bytes(part);
	const struct sk_log *own = &part->own;
	struct sk_known *known = ctx;
	char key[SK_FAULT_KEY_SIZE];

	for (size_t i = 0; i < own->row_count; i++) {
		const char *id = own->rows[i].event_id;

		sk_map_add(&known->keys, id, strlen(id), 1, NULL);
	}
	for (size_t i = 0; i < own->fault_count; i++) {
		const struct sk_log_part *line = &own->faults[i].line;

		sk_fault_line_key(key, bytes + line->offset, line->len);
		sk_map_add(&known->keys, key, strlen(key), 1, NULL);
	}
	return 0;
}

/* Reading the missions of one of the trees. */
struct look {
	struct sk_known *known;
	struct sk_versions *versions;
	struct sk_reader reader;
};

static int add_mission(void *ctx, const struct sk_tree_entry *entry)
{
	struct look *look = ctx;
	struct sk_version *log;
	struct sk_err ignored = {0};
	struct sk_view view;

	if (sk_tree_entry_is_dir(entry) &&
	    sk_view_read(&view, &look->reader, &entry->id, &ignored) == 0 &&
	    view.has_log &&
	    sk_version_get(&log, look->versions, &look->reader, &view.log, NULL,
			   0, &ignored) == 0)
		sk_version_each(log, NULL, add_part, look->known);
	if (look->reader.stop == SK_STOP_LATE)
		look->known->late = look->reader.at;
	sk_reader_forget(&look->reader);
	return sk_reader_is_spent(&look->reader);
}

int sk_known_has(struct sk_known *known, struct sk_versions *versions,
		 struct sk_reader *reader, const char *key, struct sk_err *err)
{
	struct look look = {.known = known, .versions = versions};
	struct sk_err ignored = {0};

	while (known->read < known->count) {
		const struct sk_oid *tree = &known->trees[known->read++];

		sk_reader_start(&look.reader, reader->repo, reader->log_max);
		if (sk_reader_tree(&look.reader, tree, add_mission, &look,
				   &ignored) < 0)
			continue; /* not there, then */
	}
	if (sk_map_get(&known->keys, key, strlen(key)))
		return 0;
	if (!known->late.len)
		return 1;
	sk_fail(err, SK_EDATA, "a log of a parent is not read here");
	return sk_reader_stop(reader, SK_STOP_LATE, &known->late);
}
