/* SPDX-License-Identifier: MIT */
#include "workflow/packages.h"

#include <string.h>

#include "base/mem.h"
#include "git/tree.h"
#include "mission/wpfile.h"
#include "workflow/mission.h"

enum {
	FOLDER_DEPTH = 8,
	PACKAGES_MAX = 100000,
	FILE_MAX = 1 << 20,
	TITLE_MAX = 1000,
};

struct sk_package *sk_package_get(struct sk_mission *m, struct sk_map *index,
				  const char *id)
{
	bool added;
	int64_t *at = sk_map_add(index, id, strlen(id),
				 (int64_t)m->package_count, &added);
	struct sk_package *package;

	if (!added)
		return &m->packages[*at];
	SK_GROW(m->packages, m->package_count, m->package_cap);
	package = &m->packages[m->package_count++];
	*package = (struct sk_package){.lane = SK_LANE_PLANNED,
				       .since_us = INT64_MIN};
	memcpy(package->id, id, strlen(id) + 1);
	return package;
}

/* The files of a folder, and of those in it. */
struct files {
	struct sk_mission *m;
	struct sk_map *index;
	const struct sk_missions *all;
	bool lanes;
	enum sk_lane folder; /* the lane that the one below tasks/ stands for */
	int depth;
	bool *found;
};

static void read_lane(struct files *f, struct sk_wp_file *file,
		      const struct sk_tree_entry *entry)
{
	struct sk_str text = SK_STR_INIT;

	if (sk_mission_read_file(&text, f->m, f->all, &entry->id, entry->name,
				 FILE_MAX))
		sk_wp_file_read(file, text.ptr, text.len);
	sk_str_free(&text);
}

static void add_file(struct files *f, const struct sk_tree_entry *entry)
{
	struct sk_wp_file file = {.lane = SK_LANE_NONE};
	struct sk_package *package;
	char id[SK_WP_ID_MAX];

	if (!sk_wp_name_id(id, entry->name) ||
	    f->m->package_count >= PACKAGES_MAX)
		return;
	if (f->lanes)
		read_lane(f, &file, entry);
	package = sk_package_get(f->m, f->index, file.id[0] ? file.id : id);
	if (package->file.len)
		return; /* of two files the first counts */
	package->file = entry->id;
	*f->found = true;
	if (f->lanes && file.lane == SK_LANE_NONE)
		file.lane = f->folder;
	if (file.lane != SK_LANE_NONE)
		package->lane = file.lane;
}

static int add_entry(void *ctx, const struct sk_tree_entry *entry)
{
	struct files *f = ctx, below = *f;
	struct sk_err err = {0};

	if (sk_tree_entry_is_file(entry))
		add_file(f, entry);
	if (!sk_tree_entry_is_dir(entry) || f->depth == FOLDER_DEPTH)
		return 0;
	below.depth++;
	if (f->depth == 0)
		below.folder = sk_wp_folder_lane(entry->name);
	if (sk_tree_each(f->all->repo, &entry->id, add_entry, &below, &err) <
		    0 &&
	    !f->m->fault)
		f->m->fault = sk_strdup(err.msg);
	return 0;
}

bool sk_packages_add_files(struct sk_mission *m, struct sk_map *index,
			   const struct sk_missions *all,
			   const struct sk_oid *tasks, bool lanes)
{
	bool found = false;
	struct files f = {m, index, all, lanes, SK_LANE_NONE, 0, &found};
	struct sk_err err = {0};

	if (sk_tree_each(all->repo, tasks, add_entry, &f, &err) < 0 &&
	    !m->fault)
		m->fault = sk_strdup(err.msg);
	return found;
}

/* One line, without its end. */
static size_t line_len(const char *at, const char *end)
{
	const char *eol = memchr(at, '\n', (size_t)(end - at));
	size_t len = eol ? (size_t)(eol - at) : (size_t)(end - at);

	return len && at[len - 1] == '\r' ? len - 1 : len;
}

static const char *next_line(const char *at, const char *end)
{
	const char *eol = memchr(at, '\n', (size_t)(end - at));

	return eol ? eol + 1 : end;
}

/* Quotes off; nothing that is not on the line. */
static void add_scalar(struct sk_str *out, const char *at, size_t len)
{
	while (len && strchr(" \t", *at)) {
		at++;
		len--;
	}
	while (len && strchr(" \t", at[len - 1]))
		len--;
	if (len >= 2 && (*at == '"' || *at == '\'') && at[len - 1] == *at) {
		at++;
		len -= 2;
	}
	sk_str_add(out, at, len > TITLE_MAX ? TITLE_MAX : len);
}

bool sk_package_add_title(struct sk_str *out, const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	size_t before = out->len;

	if (len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	if (end - at < 3 || memcmp(at, "---", 3) != 0)
		return false;
	while ((at = next_line(at, end)) < end) {
		size_t used = line_len(at, end);

		if (used >= 3 && memcmp(at, "---", 3) == 0)
			return false;
		if (used <= 6 || memcmp(at, "title:", 6) != 0)
			continue;
		add_scalar(out, at + 6, used - 6);
		return out->len > before;
	}
	return false;
}
