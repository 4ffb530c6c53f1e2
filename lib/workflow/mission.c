/* SPDX-License-Identifier: MIT */
#include "workflow/mission.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/meta.h"
#include "mission/transition.h"
#include "workflow/handle.h"
#include "workflow/packages.h"
#include "workflow/state.h"

enum { FILE_MAX = 1 << 20 };

static void note_fault(struct sk_mission *m, const char *name, const char *why)
{
	struct sk_str text = SK_STR_INIT;

	if (m->fault)
		return;
	sk_str_addf(&text, "%s: %s", name, why);
	m->fault = sk_str_take(&text);
}

bool sk_mission_read_file(struct sk_str *out, struct sk_mission *m,
			  const struct sk_missions *all,
			  const struct sk_oid *blob, const char *name,
			  size_t max)
{
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_err err = {0};
	size_t size = 0;
	int rc = sk_repo_blob_size(all->repo, blob, &size, &err);

	if (rc == 0 && size > max)
		rc = sk_fail(&err, SK_EDATA, "larger than %zu bytes", max);
	if (rc == 0)
		rc = sk_repo_read(all->repo, blob, SK_OBJECT_BLOB, &raw, &err);
	if (rc > 0) {
		sk_fail(&err, SK_EDATA, "its blob is missing");
		sk_mission_note_missing(m, all, blob);
	}
	if (rc != 0) {
		note_fault(m, name, err.msg);
		return false;
	}
	sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	return true;
}

static void keep_meta(struct sk_mission *m, const struct sk_meta *meta)
{
	const char *topology = sk_form_get_text(meta->form, "topology");

	m->id = sk_strdup(meta->mission_id);
	m->name = sk_strdup(meta->friendly_name);
	m->type = sk_strdup(meta->mission_type);
	m->target = sk_strdup(meta->target_branch);
	m->topology = sk_strdup(topology && *topology ? topology : NULL);
	if (meta->has_number)
		m->number = meta->mission_number;
}

static bool is_at_target(const struct sk_mission *m,
			 const struct sk_missions *all,
			 const struct sk_mission_version *version)
{
	for (size_t i = 0; m->target && i < version->tip_count; i++) {
		const struct sk_mission_tip *tip = &all->tips[version->tips[i]];
		const char *branch = sk_mission_tip_branch(tip);

		if (tip->kind != SK_TIP_REMOTE && branch &&
		    strcmp(branch, m->target) == 0)
			return true;
	}
	return false;
}

static int by_rank(const void *a, const void *b)
{
	size_t x = ((const struct sk_mission_version *)a)->rank;
	size_t y = ((const struct sk_mission_version *)b)->rank;

	return x == y ? 0 : x > y ? 1 : -1;
}

/* What is planned is on the target branch; else the first tip counts. */
static void rank_versions(struct sk_mission *m, const struct sk_missions *all)
{
	for (size_t i = 0; i < m->version_count; i++) {
		struct sk_mission_version *v = &m->versions[i];

		v->rank = is_at_target(m, all, v) || !v->tip_count
				  ? 0
				  : 1 + v->tips[0];
	}
	if (m->version_count)
		qsort(m->versions, m->version_count, sizeof(*m->versions),
		      by_rank);
}

/* A file of the first version that has it; NULL when none has. */
static const struct sk_oid *first_with(const struct sk_mission *m, size_t file)
{
	for (size_t i = 0; i < m->version_count; i++) {
		const struct sk_oid *id =
			(const void *)((const char *)&m->versions[i] + file);

		if (id->len)
			return id;
	}
	return NULL;
}

void sk_mission_read_meta(struct sk_mission *m, const struct sk_missions *all)
{
	const struct sk_oid *blob;
	struct sk_str text = SK_STR_INIT;
	struct sk_meta meta = SK_META_INIT;
	struct sk_err err = {0};

	if (m->has_meta)
		return;
	m->has_meta = true;
	rank_versions(m, all);
	blob = first_with(m, offsetof(struct sk_mission_version, meta));
	if (blob &&
	    sk_mission_read_file(&text, m, all, blob, "meta.json", FILE_MAX)) {
		if (sk_meta_read(&meta, text.ptr, text.len, &err) == 0)
			keep_meta(m, &meta);
		else
			note_fault(m, "meta.json", err.msg);
		sk_meta_free(&meta);
	}
	sk_str_free(&text);
	rank_versions(m, all); /* now that the target is known */
}

static void add_states(struct sk_mission *m, struct sk_map *index,
		       const struct sk_state *state)
{
	struct sk_str actor = SK_STR_INIT;

	for (size_t i = 0; i < state->reduced.wp_count; i++) {
		const struct sk_log_row *row = state->reduced.wps[i].row;
		struct sk_package *package =
			sk_package_get(m, index, row->wp_id);

		package->lane = row->to;
		package->since_us = row->at_us;
		memcpy(package->last_event_id, row->event_id,
		       sizeof(row->event_id));
		sk_str_clear(&actor);
		sk_state_add_actor(&actor, state, row);
		if (actor.len)
			package->actor = sk_strdup(actor.ptr);
	}
	sk_str_free(&actor);
	m->event_count = (int64_t)state->reduced.count;
	m->unreadable = (int64_t)state->unreadable;
	if (state->fault.msg[0])
		note_fault(m, SK_EVENT_LOG_NAME, state->fault.msg);
}

/* Of the first version that has any: planning may not be here yet. */
static void add_files(struct sk_mission *m, struct sk_map *index,
		      const struct sk_missions *all, bool lanes)
{
	bool found = false;

	for (size_t i = 0; !found && i < m->version_count; i++) {
		if (m->versions[i].tasks.len)
			found = sk_packages_add_files(
				m, index, all, &m->versions[i].tasks, lanes);
	}
}

/* Which tip to name of those that have as much: smaller counts first. */
static int claim_of(const struct sk_mission *m,
		    const struct sk_mission_tip *tip)
{
	const char *branch = sk_mission_tip_branch(tip);
	int claim = tip->kind == SK_TIP_REMOTE ? 8 : 0;

	if (tip->is_lane)
		return claim + 4;
	if (branch && m->target && strcmp(branch, m->target) == 0)
		return claim;
	if (branch && sk_branch_is_of_mission(branch, m->slug))
		return claim + 1;
	return claim + (tip->kind == SK_TIP_HERE ? 2 : 3);
}

/* The log to name: of those with the newest row the one with most. */
static const struct sk_state_log *newest_log(const struct sk_state *state)
{
	const struct sk_log_row *newest = sk_state_newest(state);
	const struct sk_state_log *best = NULL;

	for (size_t i = 0; newest && i < state->count; i++) {
		const struct sk_state_log *log = &state->logs[i];

		if ((!best || log->rows > best->rows) &&
		    sk_state_log_has(state, log, newest))
			best = log;
	}
	return best;
}

static void find_newest(struct sk_mission *m, const struct sk_missions *all,
			const struct sk_state *state)
{
	const struct sk_state_log *log = newest_log(state);
	const char *branch;

	m->where = SK_TIP_REMOTE;
	for (size_t i = 0; i < m->version_count; i++) {
		const struct sk_mission_version *v = &m->versions[i];

		if (log && !sk_oid_equal(&v->log, &log->blob))
			continue;
		for (size_t k = 0; k < v->tip_count; k++) {
			const struct sk_mission_tip *tip =
				&all->tips[v->tips[k]];

			if (tip->kind < m->where)
				m->where = tip->kind;
			if (!m->newest ||
			    claim_of(m, tip) < claim_of(m, m->newest) ||
			    (claim_of(m, tip) == claim_of(m, m->newest) &&
			     tip < m->newest))
				m->newest = tip;
		}
	}
	branch = m->newest ? sk_mission_tip_branch(m->newest) : NULL;
	m->is_coordination = branch && sk_branch_is_of_mission(branch, m->slug);
	m->is_united = log && log->rows < state->reduced.count;
}

static int by_id(const void *a, const void *b)
{
	return strverscmp(((const struct sk_package *)a)->id,
			  ((const struct sk_package *)b)->id);
}

static void sum_up(struct sk_mission *m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < m->package_count; i++) {
		m->in_lane[m->packages[i].lane]++;
		sum += sk_lane_weight(m->packages[i].lane);
	}
	if (m->package_count)
		m->progress = (int)(sum / (int64_t)m->package_count);
}

void sk_mission_read(struct sk_mission *m, const struct sk_missions *all)
{
	struct sk_state state = SK_STATE_INIT;
	struct sk_map index = SK_MAP_INIT;
	const struct sk_oid *lanes;

	if (m->is_read)
		return;
	m->is_read = true;
	sk_mission_read_meta(m, all);
	lanes = first_with(m, offsetof(struct sk_mission_version, lanes));
	if (lanes)
		m->lanes = *lanes;
	sk_state_read(&state, m, all);
	add_states(m, &index, &state);
	if (state.missing.len)
		sk_mission_note_missing(m, all, &state.missing);
	add_files(m, &index, all, state.reduced.count == 0);
	find_newest(m, all, &state);
	if (m->package_count)
		qsort(m->packages, m->package_count, sizeof(*m->packages),
		      by_id);
	sum_up(m);
	sk_map_free(&index);
	sk_state_free(&state);
}

void sk_mission_read_titles(struct sk_mission *m, const struct sk_missions *all)
{
	struct sk_str text = SK_STR_INIT, title = SK_STR_INIT;

	for (size_t i = 0; i < m->package_count; i++) {
		struct sk_package *package = &m->packages[i];

		sk_str_clear(&text);
		sk_str_clear(&title);
		if (package->title || !package->file.len ||
		    !sk_mission_read_file(&text, m, all, &package->file,
					  package->id, FILE_MAX))
			continue;
		if (sk_package_add_title(&title, text.ptr, text.len))
			package->title = sk_strdup(title.ptr);
	}
	sk_str_free(&title);
	sk_str_free(&text);
}

void sk_mission_forget(struct sk_mission *m)
{
	for (size_t i = 0; i < m->package_count; i++) {
		free(m->packages[i].title);
		free(m->packages[i].actor);
	}
	free(m->packages);
	free(m->id);
	free(m->name);
	free(m->type);
	free(m->target);
	free(m->topology);
	free(m->fault);
	free(m->hint);
	*m = (struct sk_mission){.slug = m->slug,
				 .versions = m->versions,
				 .version_count = m->version_count,
				 .version_cap = m->version_cap,
				 .number = -1};
}

const struct sk_package *sk_mission_package(const struct sk_mission *m,
					    const char *id)
{
	for (size_t i = 0; i < m->package_count; i++) {
		if (strcmp(m->packages[i].id, id) == 0)
			return &m->packages[i];
	}
	return NULL;
}

bool sk_mission_is_finished(const struct sk_mission *m)
{
	int64_t open = (int64_t)m->package_count - m->in_lane[SK_LANE_DONE] -
		       m->in_lane[SK_LANE_CANCELED];

	return m->package_count && open == 0;
}
