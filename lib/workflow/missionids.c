/* SPDX-License-Identifier: MIT */
#include "workflow/missionids.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "format/sha256.h"
#include "format/time.h"
#include "mission/logfile.h"
#include "mission/meta.h"
#include "mission/names.h"
#include "workflow/filelist.h"

enum { META_MAX = 4 << 20 };

static const char *const outcomes[] = {
	[SK_MISSIONID_WROTE] = "wrote",
	[SK_MISSIONID_SKIP] = "skip",
	[SK_MISSIONID_ERROR] = "error",
};

const char *sk_missionid_outcome_name(enum sk_missionid_outcome outcome)
{
	return outcomes[outcome];
}

static void set_path(struct sk_str *out, const struct sk_missionids *ids,
		     const char *slug)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/kitty-specs/%s/meta.json", ids->project, slug);
}

static void settle(struct sk_missionid *item, enum sk_missionid_outcome outcome,
		   const char *why)
{
	item->outcome = outcome;
	free(item->why);
	item->why = sk_strdup(why);
}

/*
 * The time is that of its beginning, as it is for missions made with an id.
 * Where that is unknown it is a part of the hash, so that the first eight
 * characters, by which a mission can be called, still differ.
 */
static void make_id(char out[SK_ULID_LEN + 1], const char *slug,
		    const char *created_at)
{
	struct sk_str text = SK_STR_INIT;
	unsigned char sum[SK_SHA256_LEN];
	int64_t us, ms = 0;

	sk_str_addf(&text, "git-sk mission\n%s\n%s\n", slug,
		    created_at ? created_at : "");
	sk_sha256(sum, text.ptr, text.len);
	if (created_at && sk_time_parse(&us, created_at) == 0) {
		ms = us / 1000;
	} else {
		for (size_t i = 10; i < 16; i++)
			ms = ms << 8 | sum[i];
	}
	sk_ulid_make(out, ms, sum);
	sk_str_free(&text);
}

/* Returns whether the form was changed. */
static bool mend_id(struct sk_missionid *item, struct sk_meta *meta)
{
	const struct sk_form *value = sk_form_get(meta->form, "mission_id");
	const char *text = sk_form_as_text(value);

	if (value && !sk_form_is_null(value) && !text) {
		settle(item, SK_MISSIONID_ERROR, "mission_id is not a text");
	} else if (text && *text) {
		if (sk_mission_id_is_valid(text))
			snprintf(item->id, sizeof(item->id), "%s", text);
		else
			settle(item, SK_MISSIONID_ERROR,
			       "mission_id is not a ULID");
	} else {
		make_id(item->id, item->slug, meta->created_at);
		sk_form_set(meta->form, "mission_id", sk_form_text(item->id));
		return true;
	}
	return false;
}

static bool mend_number(struct sk_missionid *item, struct sk_meta *meta)
{
	const struct sk_form *value = sk_form_get(meta->form, "mission_number");
	const char *text = sk_form_as_text(value);

	if (!value || sk_form_is_null(value))
		return false;
	if (text && !*text) {
		sk_form_set(meta->form, "mission_number", sk_form_text(NULL));
		return true;
	}
	if (!meta->has_number)
		settle(item, SK_MISSIONID_ERROR,
		       "mission_number is neither a number nor null");
	if (!meta->has_number || !text)
		return false;
	sk_form_set(meta->form, "mission_number",
		    sk_form_int(meta->mission_number));
	return true;
}

static void mend(struct sk_missionid *item)
{
	struct sk_meta meta = SK_META_INIT;
	struct sk_err err = {0};
	bool has_id, has_number;

	if (sk_meta_read(&meta, item->before.ptr, item->before.len, &err) < 0) {
		settle(item, SK_MISSIONID_ERROR, err.msg);
		return;
	}
	has_id = mend_id(item, &meta);
	has_number = mend_number(item, &meta);
	if (item->outcome == SK_MISSIONID_ERROR) {
		/* an id that is not written is none */
		if (has_id)
			item->id[0] = '\0';
	} else if (has_id || has_number) {
		sk_meta_add(&item->after, meta.form);
		item->outcome = SK_MISSIONID_WROTE;
	}
	sk_meta_free(&meta);
}

static void look(struct sk_missionids *ids, const char *slug)
{
	struct sk_missionid *item;
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};
	struct stat st;
	int rc;

	SK_GROW(ids->items, ids->count, ids->cap);
	item = &ids->items[ids->count++];
	*item = (struct sk_missionid){.slug = sk_strdup(slug),
				      .outcome = SK_MISSIONID_SKIP,
				      .before = SK_STR_INIT,
				      .after = SK_STR_INIT};
	set_path(&path, ids, slug);
	if (lstat(path.ptr, &st) == 0 && S_ISLNK(st.st_mode)) {
		settle(item, SK_MISSIONID_ERROR, "meta.json is a link");
	} else {
		rc = sk_file_read(&item->before, path.ptr, META_MAX, &err);
		if (rc == 0)
			mend(item);
		else
			settle(item,
			       rc == 1 ? SK_MISSIONID_SKIP : SK_MISSIONID_ERROR,
			       rc == 1 ? "it has no meta.json" : err.msg);
	}
	sk_str_free(&path);
}

int sk_missionids_plan(struct sk_missionids *ids, const char *project,
		       struct sk_err *err)
{
	struct sk_file_list list = SK_FILE_LIST_INIT;
	struct sk_str path = SK_STR_INIT;
	int rc;

	ids->project = sk_strdup(project);
	sk_str_addf(&path, "%s/kitty-specs", project);
	rc = sk_file_list_read_top(&list, path.ptr, err);
	for (size_t i = 0; i < list.count && rc == 0; i++) {
		if (list.items[i].kind == SK_FILE_FOLDER)
			look(ids, list.items[i].name);
	}
	sk_file_list_free(&list);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

void sk_missionids_free(struct sk_missionids *ids)
{
	for (size_t i = 0; i < ids->count; i++) {
		free(ids->items[i].slug);
		free(ids->items[i].why);
		sk_str_free(&ids->items[i].before);
		sk_str_free(&ids->items[i].after);
	}
	free(ids->items);
	free(ids->project);
	*ids = (struct sk_missionids)SK_MISSIONIDS_INIT;
}

/* The lock is held. Returns 0 or -1. */
static int write_one(struct sk_missionid *item, const char *path,
		     struct sk_err *err)
{
	struct sk_str now = SK_STR_INIT;
	struct stat st;
	int rc = sk_file_read(&now, path, META_MAX, err);

	if (rc == 1 || (rc == 0 && !sk_str_equal(&now, &item->before))) {
		item->id[0] = '\0';
		settle(item, SK_MISSIONID_ERROR,
		       "somebody has changed it meanwhile");
		rc = 0;
	} else if (rc == 0) {
		if (stat(path, &st) < 0)
			st.st_mode = 0644;
		rc = sk_file_write(path, item->after.ptr, item->after.len,
				   st.st_mode & 0777, err);
	}
	sk_str_free(&now);
	return rc;
}

int sk_missionids_apply(struct sk_missionids *ids, const char *common_dir,
			struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < ids->count && rc == 0; i++) {
		struct sk_missionid *item = &ids->items[i];
		int lock;

		if (item->outcome != SK_MISSIONID_WROTE)
			continue;
		set_path(&path, ids, item->slug);
		lock = sk_status_lock(common_dir, item->slug,
				      SK_STATUS_LOCK_WAIT_MS, err);
		rc = lock < 0 ? -1 : write_one(item, path.ptr, err);
		sk_unlock(lock);
	}
	sk_str_free(&path);
	return rc;
}

size_t sk_missionids_count(const struct sk_missionids *ids,
			   enum sk_missionid_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < ids->count; i++)
		count += ids->items[i].outcome == outcome;
	return count;
}
