/* SPDX-License-Identifier: MIT */
#include "workflow/packages.h"

#include <string.h>

#include "base/mem.h"
#include "format/yaml.h"
#include "git/tree.h"
#include "mission/frontmatter.h"
#include "mission/lines.h"
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

static void note_fault(struct sk_mission *m, const struct sk_missions *all,
		       const struct sk_oid *tree, const struct sk_err *err)
{
	if (m->fault)
		return;
	m->fault = sk_strdup(err->msg);
	sk_mission_note_missing(m, all, tree);
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
	if (sk_tree_each(f->all->repo, &entry->id, add_entry, &below, &err) < 0)
		note_fault(f->m, f->all, &entry->id, &err);
	return 0;
}

bool sk_packages_add_files(struct sk_mission *m, struct sk_map *index,
			   const struct sk_missions *all,
			   const struct sk_oid *tasks, bool lanes)
{
	bool found = false;
	struct files f = {m, index, all, lanes, SK_LANE_NONE, 0, &found};
	struct sk_err err = {0};

	if (sk_tree_each(all->repo, tasks, add_entry, &f, &err) < 0)
		note_fault(m, all, tasks, &err);
	return found;
}

/* What a text looks like that is all of its line and means what it says. */
static bool is_plain(struct sk_line text)
{
	return text.len && !strchr("\"'|>[{&*!%@`", *text.at) &&
	       !memchr(text.at, '#', text.len);
}

/* Between quotes, and without what quotes give a meaning. */
static bool is_plainly_quoted(struct sk_line text)
{
	char quote = text.len < 2 ? '\0' : *text.at;

	return (quote == '"' || quote == '\'') &&
	       memchr(text.at + 1, quote, text.len - 1) ==
		       text.at + text.len - 1 &&
	       (quote == '\'' || !memchr(text.at, '\\', text.len));
}

/* Quotes off: of a line that is no YAML, or needs none. */
static void add_scalar(struct sk_str *out, struct sk_line text)
{
	if (text.len >= 2 && (*text.at == '"' || *text.at == '\'') &&
	    text.at[text.len - 1] == *text.at) {
		text.at++;
		text.len -= 2;
	}
	sk_str_add(out, text.at, text.len);
}

/* What YAML makes of it, be it on several lines; else what stands there. */
static void add_quoted(struct sk_str *out, struct sk_line line,
		       struct sk_line text, const char *data, size_t len)
{
	struct sk_err err = {0};
	struct sk_wp wp;

	if (sk_yaml_get(out, line.at, line.len, "title", &err) == 0 && out->len)
		return;
	if (sk_wp_read(&wp, data, len, &err) == 0 && wp.title)
		sk_str_puts(out, wp.title);
	else
		add_scalar(out, text);
	sk_wp_free(&wp);
}

bool sk_package_add_title(struct sk_str *out, const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	struct sk_line line, text;

	if (!sk_front_find(&at, &end))
		return false;
	while (sk_line_next(&line, &at, end)) {
		if (!sk_line_begins(line, "title:"))
			continue;
		text = sk_line_trim(
			(struct sk_line){line.at + 6, line.len - 6});
		/* all of YAML takes its time, and most titles need none */
		if (is_plain(text) || is_plainly_quoted(text))
			add_scalar(out, text);
		else
			add_quoted(out, line, text, data, len);
		if (out->len > TITLE_MAX)
			sk_str_cut(out, TITLE_MAX);
		return out->len > 0;
	}
	return false;
}
