/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "format/jsonform.h"
#include "merge/merging.h"
#include "mission/eventlog.h"
#include "mission/snapshot.h"

enum { TYPE_MASK = 0170000, TYPE_FILE = 0100000 };

/* The files of one mission, and the merged log. */
struct mission {
	struct sk_str log, status, meta;
	struct sk_str text;
};

static bool is_file(const struct sk_entry *entry)
{
	return (entry->mode & TYPE_MASK) == TYPE_FILE;
}

/*
 * The snapshot of the log with this meta.json. Returns 0; 1 when that cannot be
 * read; -1.
 */
static int reduce(struct sk_str *out, struct sk_merging *m,
		  const struct mission *mission, const struct sk_entry *meta,
		  struct sk_err *err)
{
	struct sk_form *form = NULL;
	struct sk_log log = SK_LOG_INIT;
	struct sk_str data = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc = 0;

	if (meta->mode) {
		rc = is_file(meta) ? sk_merging_read(&data, m, meta->id, err)
				   : 1;
		if (rc == 0 &&
		    sk_form_read(&form, data.ptr, data.len, &ignored) < 0)
			rc = 1;
	}
	if (rc == 0) {
		sk_log_read(&log, mission->text.ptr, mission->text.len,
			    SIZE_MAX);
		sk_snapshot_add(out, &log, mission->text.ptr, form);
	}
	sk_form_free(form);
	sk_log_free(&log);
	sk_str_free(&data);
	return rc;
}

/* Two versions of meta.json are as good as one where both say the same. */
static int reduce_merged(struct sk_str *out, struct sk_merging *m,
			 const struct mission *mission, struct sk_err *err)
{
	const struct sk_merge_conflict *conflict =
		sk_merged_tree_conflict(&m->out->git, mission->meta.ptr);
	struct sk_str other = SK_STR_INIT;
	int rc;

	if (!conflict)
		return reduce(out, m, mission,
			      sk_merging_entry(m, mission->meta.ptr), err);
	rc = reduce(out, m, mission, &conflict->stages[SK_STAGE_OURS], err);
	if (rc == 0)
		rc = reduce(&other, m, mission,
			    &conflict->stages[SK_STAGE_THEIRS], err);
	if (rc == 0 && strcmp(out->ptr, other.ptr) != 0)
		rc = 1;
	sk_str_free(&other);
	return rc;
}

/* Whether there is one to be made: no side has removed it, or put another
 * thing in its place, and no driver has merged it. */
static bool is_wanted(const struct sk_merging *m, const struct mission *mission)
{
	const char *path = mission->status.ptr;
	const struct sk_merge_conflict *conflict =
		sk_merged_tree_conflict(&m->out->git, path);

	if (!is_file(sk_merging_entry(m, path)))
		return false;
	return conflict ? is_file(&conflict->stages[SK_STAGE_OURS]) &&
				  is_file(&conflict->stages[SK_STAGE_THEIRS])
			: !sk_drivers_has(&m->drivers, path);
}

static int make(struct sk_merging *m, struct mission *mission,
		struct sk_err *err)
{
	const struct sk_entry *log = sk_merging_entry(m, mission->log.ptr);
	struct sk_str text = SK_STR_INIT;
	int rc;

	if (!is_wanted(m, mission))
		return 0;
	rc = is_file(log) && !sk_merged_tree_conflict(&m->out->git,
						      mission->log.ptr)
		     ? sk_merging_read(&mission->text, m, log->id, err)
		     : 1;
	if (rc == 0)
		rc = reduce_merged(&text, m, mission, err);
	if (rc == 0)
		rc = sk_merging_put(m, mission->status.ptr, &text, err);
	if (rc == 0)
		sk_merging_settle(m, mission->status.ptr);
	if (rc >= 0)
		sk_merging_tell(m, mission->status.ptr,
				rc ? SK_MERGE_STATUS_UNMADE : SK_MERGE_STATUS);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

int sk_merging_statuses(struct sk_merging *m, struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < m->folders.count && rc == 0; i++) {
		struct mission mission = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,
					  SK_STR_INIT};
		const char *folder = m->folders.args[i];

		sk_str_addf(&mission.log, "%s" SK_EVENT_LOG_NAME, folder);
		sk_str_addf(&mission.status, "%s" SK_SNAPSHOT_NAME, folder);
		sk_str_addf(&mission.meta, "%s" SK_MERGE_META, folder);
		rc = make(m, &mission, err);
		sk_str_free(&mission.text);
		sk_str_free(&mission.meta);
		sk_str_free(&mission.status);
		sk_str_free(&mission.log);
	}
	return rc;
}
