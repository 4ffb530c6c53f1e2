/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/commitfile.h"
#include "git/committree.h"
#include "merge/recording.h"
#include "mission/logfile.h"
#include "mission/snapshot.h"

enum { MODE_FILE = 0100644 };

static void add_path(struct sk_str *out, const struct sk_recording *r,
		     const char *name)
{
	sk_str_addf(out, SK_MISSIONS_FOLDER "/%s/%s", r->p->mission->slug,
		    name);
}

int sk_record_fetch(const struct sk_recording *r, const struct sk_oid *blobs,
		    size_t count, struct sk_err *err)
{
	struct sk_repo *repo = r->p->repo;
	struct sk_oid *missing;
	size_t missing_count = 0, size;
	int rc = 0;

	if (!sk_repo_is_partial(repo))
		return 0;
	missing = sk_calloc(count + 1, sizeof(*missing));
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		rc = sk_repo_blob_size(repo, &blobs[i], &size, err);
		if (rc > 0)
			missing[missing_count++] = blobs[i];
	}
	if (rc >= 0 && missing_count)
		rc = sk_repo_fetch(repo, missing, missing_count, false, err);
	free(missing);
	return rc < 0 ? -1 : 0;
}

int sk_record_read(struct sk_str *out, const struct sk_recording *r,
		   const char *name, struct sk_err *err)
{
	struct sk_repo *repo = r->p->repo;
	struct sk_str path = SK_STR_INIT;
	struct sk_raw raw = SK_RAW_INIT;
	struct sk_tree_entry entry;
	int rc;

	add_path(&path, r, name);
	rc = sk_tree_find_path(repo, &r->tree, path.ptr, &entry, err);
	if (rc == 0 && !sk_tree_entry_is_file(&entry))
		rc = sk_fail(err, SK_EDATA, "'%s' is no file", path.ptr);
	if (rc == 0)
		rc = sk_record_fetch(r, &entry.id, 1, err);
	if (rc == 0)
		rc = sk_tree_file_read(&raw, repo, &r->tree, path.ptr,
				       SK_EVENT_LOG_MAX, err);
	if (rc == 0)
		sk_str_add(out, raw.data, raw.len);
	sk_raw_release(&raw);
	sk_str_free(&path);
	return rc;
}

static int put(struct sk_recording *r, const char *name,
	       const struct sk_str *text, struct sk_err *err)
{
	struct sk_tree_put put = {.entry.mode = MODE_FILE};
	struct sk_str path = SK_STR_INIT;
	struct sk_tree_entry old;
	int rc;

	add_path(&path, r, name);
	rc = sk_tree_find_path(r->p->repo, &r->tree, path.ptr, &old, err);
	if (rc == 0 && !sk_tree_entry_is_file(&old))
		rc = sk_fail(err, SK_EDATA, "'%s' is no file", path.ptr);
	else if (rc == 0)
		put.entry.mode = old.mode;
	if (rc >= 0)
		rc = sk_blob_write(put.entry.id, &r->p->place, text->ptr,
				   text->len, err);
	if (rc < 0) {
		sk_str_free(&path);
		return -1;
	}
	put.path = sk_str_take(&path);
	SK_GROW(r->puts, r->put_count, r->put_cap);
	r->puts[r->put_count++] = put;
	return 0;
}

static int read_files(struct sk_recording *r, struct sk_err *err)
{
	struct sk_str meta = SK_STR_INIT, folder = SK_STR_INIT;
	struct sk_tree_entry entry;
	int rc;

	sk_str_addf(&folder, SK_MISSIONS_FOLDER "/%s", r->p->mission->slug);
	rc = sk_tree_find_path(r->p->repo, &r->tree, folder.ptr, &entry, err);
	r->has_folder = rc == 0 && sk_tree_entry_is_dir(&entry);
	if (rc >= 0)
		rc = sk_record_read(&meta, r, SK_RECORD_META, err);
	if (rc == 0 && sk_meta_read(&r->meta, meta.ptr, meta.len, err) < 0)
		rc = sk_within(err, SK_RECORD_META);
	if (rc >= 0)
		rc = sk_record_read(&r->log_text, r, SK_EVENT_LOG_NAME, err);
	if (rc >= 0) {
		sk_log_read(&r->log, r->log_text.ptr, r->log_text.len,
			    SIZE_MAX);
		sk_reduced_add(&r->state, &r->log);
		sk_reduced_fold(&r->state);
	}
	sk_str_free(&folder);
	sk_str_free(&meta);
	return rc < 0 ? -1 : 0;
}

/* A torn line is kept beside the log, never made one with what follows. */
static int put_torn(struct sk_recording *r, const struct sk_str *torn,
		    struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT;
	struct sk_blocker *b;
	int rc;

	sk_str_puts(&name, SK_EVENT_LOG_NAME);
	sk_logfile_add_aside(&name, torn->ptr, torn->len);
	rc = put(r, name.ptr, torn, err);
	if (rc == 0) {
		b = sk_warning_add(&r->p->plan->found,
				   SK_WARNING_TORN_EVENT_LOG,
				   r->p->mission->slug);
		sk_str_puts(&b->message, "mission ");
		sk_plan_add_name(&b->message, r->p->mission->slug);
		sk_str_puts(&b->message, ": the last line of its event log has"
					 " no end; the merge puts it into ");
		sk_plan_add_name(&b->message, name.ptr);
	}
	sk_str_free(&name);
	return rc;
}

/* Lines are made to be read again, and to count. */
static int check_log(const struct sk_recording *r, const struct sk_log *log,
		     struct sk_err *err)
{
	struct sk_reduced state = SK_REDUCED_INIT;
	struct sk_log lines = SK_LOG_INIT;
	int rc = 0;

	sk_log_read(&lines, r->lines.ptr, r->lines.len, SIZE_MAX);
	if (lines.fault_count)
		rc = sk_fail(err, SK_EDATA, "a line of it cannot be read: %s",
			     lines.faults[0].reason);
	sk_reduced_add(&state, log);
	sk_reduced_fold(&state);
	for (size_t i = 0; rc == 0 && i < r->moved.len; i++) {
		const char *wp = r->moved.items[i];
		const struct sk_reduced_wp *by = sk_reduced_find(&state, wp);

		if (!by || !sk_lane_is_terminal(by->row->to))
			rc = sk_fail(err, SK_EDATA,
				     "%.60s would be %s behind it", wp,
				     by ? sk_lane_name(by->row->to) : "lost");
	}
	sk_reduced_free(&state);
	sk_log_free(&lines);
	return rc;
}

static int put_log(struct sk_recording *r, struct sk_str *text,
		   struct sk_log *log, struct sk_err *err)
{
	struct sk_str torn = SK_STR_INIT;
	int rc = 0;

	sk_str_add(text, r->log_text.ptr, r->log_text.len);
	if (r->lines.len)
		sk_logfile_join(text, r->lines.ptr, r->lines.len, &torn);
	sk_log_read(log, text->ptr, text->len, SIZE_MAX);
	if (r->lines.len)
		rc = check_log(r, log, err);
	if (rc == 0 && text->len > SK_EVENT_LOG_MAX)
		rc = sk_fail(err, SK_EFULL,
			     "its event log is larger than %u bytes",
			     SK_EVENT_LOG_MAX);
	if (rc == 0 && torn.len)
		rc = put_torn(r, &torn, err);
	if (rc == 0 && r->lines.len)
		rc = put(r, SK_EVENT_LOG_NAME, text, err);
	sk_str_free(&torn);
	return rc;
}

/* The log, meta.json, and what is made of both. */
static int put_files(struct sk_recording *r, struct sk_err *err)
{
	struct sk_str log_text = SK_STR_INIT, meta = SK_STR_INIT,
		      snapshot = SK_STR_INIT;
	struct sk_log log = SK_LOG_INIT;
	bool is_changed;
	int rc = sk_record_meta(&is_changed, r, err);

	if (rc == 0 && is_changed) {
		sk_meta_add(&meta, r->meta.form);
		rc = put(r, SK_RECORD_META, &meta, err);
	}
	if (rc == 0)
		rc = put_log(r, &log_text, &log, err);
	if (rc == 0 && log.row_count) {
		sk_snapshot_add(&snapshot, &log, log_text.ptr, r->meta.form);
		rc = put(r, SK_SNAPSHOT_NAME, &snapshot, err);
	}
	sk_log_free(&log);
	sk_str_free(&snapshot);
	sk_str_free(&meta);
	sk_str_free(&log_text);
	return rc;
}

/* Nobody's merge, with nobody to be done, is nothing to be recorded. */
static int make(char tree[SK_HEX_LEN + 1], struct sk_recording *r,
		struct sk_err *err)
{
	struct sk_planning *p = r->p;
	bool is_merge = p->is_one_commit || strcmp(p->onto, p->plan->base) != 0;

	if (sk_oid_parse(&r->tree, tree) < 0)
		return sk_fail(err, SK_EDATA, "'%.80s' is no id", tree);
	if (read_files(r, err) < 0 || sk_record_rows(r, err) < 0)
		return -1;
	if (!is_merge && !r->lines.len)
		return 0;
	if (put_files(r, err) < 0)
		return -1;
	return r->put_count ? sk_tree_write(tree, p->repo, &p->place, tree,
					    r->puts, r->put_count, err)
			    : 0;
}

static void block(struct sk_planning *p, struct sk_err *why)
{
	struct sk_str folder = SK_STR_INIT;
	struct sk_blocker *b;

	if (sk_blockers_has(&p->plan->found, SK_BLOCKER_UNREADABLE_MISSION))
		return;
	sk_within(why, "mission '%.100s': its merge cannot be recorded",
		  p->mission->slug);
	b = sk_plan_block(p, SK_BLOCKER_UNRECORDABLE, p->mission->slug, why);
	if (b->remediation.len)
		return;
	sk_str_addf(&folder, SK_MISSIONS_FOLDER "/%s/", p->mission->slug);
	sk_str_addf(&b->remediation, "git ls-tree %s -- ", p->plan->merge_tree);
	sk_blocker_add_word(&b->remediation, folder.ptr);
	sk_str_free(&folder);
}

/* `tree` becomes that with the mission's own files. */
static void record(char tree[SK_HEX_LEN + 1], struct sk_planning *p)
{
	struct sk_recording r = {.p = p,
				 .log_text = SK_STR_INIT,
				 .log = SK_LOG_INIT,
				 .state = SK_REDUCED_INIT,
				 .meta = SK_META_INIT,
				 .lines = SK_STR_INIT,
				 .moved = SK_WORDS_INIT};
	struct sk_err why = {0};

	if (make(tree, &r, &why) < 0)
		block(p, &why);
	for (size_t i = 0; i < r.put_count; i++)
		free((char *)r.puts[i].path);
	free(r.puts);
	sk_words_free(&r.moved);
	sk_str_free(&r.lines);
	sk_meta_free(&r.meta);
	sk_reduced_free(&r.state);
	sk_log_free(&r.log);
	sk_str_free(&r.log_text);
}

static int commit(struct sk_planning *p, const char *tree, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	bool is_merge = p->is_one_commit && plan->strategy == SK_MERGE_AS_MERGE;
	const char *const parents[] = {p->onto, is_merge ? plan->mission : NULL,
				       NULL};
	struct sk_commit_wanted wanted = {.tree = tree, .parents = parents};
	struct sk_str message = SK_STR_INIT;
	int rc;

	if (is_merge)
		sk_str_addf(&message, "Merge %s into %s", plan->branch,
			    plan->target);
	else if (p->is_one_commit)
		sk_str_addf(&message, "feat(%s): squash merge of mission",
			    plan->branch);
	else
		sk_str_addf(&message,
			    "chore(%s): record done transitions for merged WPs",
			    plan->slug);
	wanted.message = message.ptr;
	wanted.is_unsigned = p->wanted->is_dry;
	rc = sk_commit_tree(plan->commit, &p->place, &wanted, err);
	sk_str_free(&message);
	return rc;
}

int sk_plan_record(struct sk_planning *p, struct sk_err *err)
{
	struct sk_merge_plan *plan = p->plan;
	char tree[SK_HEX_LEN + 1];
	struct sk_err why = {0};

	(void)err;
	if (!p->onto[0])
		return 0;
	memcpy(tree, plan->merge_tree, sizeof(tree));
	record(tree, p);
	if (!p->is_one_commit && strcmp(tree, plan->merge_tree) == 0) {
		memcpy(plan->commit, p->onto, sizeof(p->onto));
	} else if (commit(p, tree, &why) < 0) {
		plan->commit[0] = '\0';
		sk_plan_block_target(p, &why);
		sk_blockers_drop_twin(&plan->found); /* as of a lane */
	}
	return 0;
}
