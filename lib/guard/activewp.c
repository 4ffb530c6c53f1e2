/* SPDX-License-Identifier: MIT */
#include "guard/activewp.h"

#include <stdio.h>
#include <string.h>

#include "guard/missionfiles.h"
#include "mission/lanes.h"
#include "mission/meta.h"
#include "mission/reduce.h"

enum { FILE_MAX = 4 << 20 };

/* What one question is about. */
struct search {
	struct sk_active_wp *wp;
	struct sk_mission_files files;
	const char *lane_id;
};

/* It cannot be told, for that reason. Returns -1. */
static int SK_PRINTF(3, 4)
	untold(struct search *s, enum sk_wp_untold why, const char *fmt, ...)
{
	va_list args;

	s->wp->untold = why;
	sk_str_clear(&s->wp->why);
	va_start(args, fmt);
	sk_str_vaddf(&s->wp->why, fmt, args);
	va_end(args);
	return -1;
}

/*
 * The branch that the mission is merged into has its files, too. Which it is
 * the lane itself may say where it alone is checked out.
 */
static int add_target(struct search *s, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_meta meta = SK_META_INIT;
	int rc = sk_mission_files_read(&text, &s->files, "meta.json", FILE_MAX,
				       err);

	if (rc > 0)
		rc = sk_mission_files_read_head(&text, &s->files, "meta.json",
						FILE_MAX, err);
	if (rc == 0 && sk_meta_read(&meta, text.ptr, text.len, err) == 0 &&
	    meta.target_branch)
		rc = sk_mission_files_add_target(&s->files, meta.target_branch,
						 err);
	sk_meta_free(&meta);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

/* Fill in the work packages of the lane. Returns 0 or -1. */
static int find_lane(struct search *s, struct sk_words *wp_ids,
		     struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_lanes lanes = {0};
	int rc = sk_mission_files_read(&text, &s->files, "lanes.json", FILE_MAX,
				       err);

	if (rc == 0)
		rc = sk_lanes_read(&lanes, text.ptr, text.len, err);
	if (rc < 0)
		untold(s, SK_WP_METADATA_UNREADABLE, "lanes.json of '%s': %s",
		       s->files.slug.ptr, err->msg);
	else if (rc > 0)
		rc = untold(s, SK_WP_MISSING,
			    "mission '%s' has no lanes.json outside of this"
			    " branch",
			    s->files.slug.ptr);
	for (size_t i = 0; rc == 0 && i < lanes.len; i++) {
		if (strcmp(lanes.items[i].id, s->lane_id) == 0)
			sk_words_add_all(wp_ids, &lanes.items[i].wp_ids);
	}
	if (rc == 0 && !wp_ids->len)
		rc = untold(s, SK_WP_MISSING,
			    "lanes.json of '%s' has no work packages in %s",
			    s->files.slug.ptr, s->lane_id);
	sk_lanes_free(&lanes);
	sk_str_free(&text);
	return rc;
}

/* Those of the lane that are in this status; the first is remembered. */
static size_t count_in(struct search *s, const struct sk_reduced *state,
		       const struct sk_words *wp_ids, enum sk_lane lane)
{
	size_t count = 0;

	for (size_t i = 0; i < wp_ids->len; i++) {
		const struct sk_reduced_wp *wp =
			sk_reduced_find(state, wp_ids->items[i]);

		if (wp && wp->row->to == lane && !count++)
			snprintf(s->wp->id, sizeof(s->wp->id), "%s",
				 wp_ids->items[i]);
	}
	return count;
}

static int choose(struct search *s, const struct sk_reduced *state,
		  const struct sk_words *wp_ids)
{
	size_t count = count_in(s, state, wp_ids, SK_LANE_IN_PROGRESS);

	if (!count)
		count = count_in(s, state, wp_ids, SK_LANE_CLAIMED);
	if (count == 1)
		return 0;
	s->wp->id[0] = '\0';
	if (count)
		return untold(s, SK_WP_AMBIGUOUS,
			      "%zu work packages of %s are at work at a time",
			      count, s->lane_id);
	return untold(s, SK_WP_MISSING,
		      "no work package of %s is in progress or claimed",
		      s->lane_id);
}

/* Read all logs and say which it is. Returns 0 or -1. */
static int find_wp(struct search *s, const struct sk_words *wp_ids,
		   struct sk_err *err)
{
	struct sk_str texts[SK_MISSION_COPIES] = {SK_STR_INIT, SK_STR_INIT,
						  SK_STR_INIT};
	struct sk_log logs[SK_MISSION_COPIES] = {SK_LOG_INIT, SK_LOG_INIT,
						 SK_LOG_INIT};
	struct sk_reduced state = SK_REDUCED_INIT;
	size_t found = 0;
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < s->files.count; i++) {
		rc = sk_mission_copy_read(&texts[i], &s->files, i,
					  SK_EVENT_LOG_NAME, SK_EVENT_LOG_MAX,
					  err);
		if (rc != 0)
			continue;
		sk_log_read(&logs[i], texts[i].ptr, texts[i].len, SIZE_MAX);
		sk_reduced_add(&state, &logs[i]);
		found++;
	}
	sk_reduced_fold(&state);
	if (rc < 0)
		untold(s, SK_WP_STATUS_UNAVAILABLE, "%s", err->msg);
	else if (!found)
		rc = untold(s, SK_WP_STATUS_UNAVAILABLE,
			    "mission '%s' has no event log outside of this"
			    " branch",
			    s->files.slug.ptr);
	else
		rc = choose(s, &state, wp_ids);
	sk_reduced_free(&state);
	for (size_t i = 0; i < SK_MISSION_COPIES; i++) {
		sk_log_free(&logs[i]);
		sk_str_free(&texts[i]);
	}
	return rc;
}

static void read_wp(struct search *s, struct sk_err *err)
{
	struct sk_active_wp *wp = s->wp;
	struct sk_str text = SK_STR_INIT;
	int rc = sk_mission_files_read_wp(&text, &s->files, wp->id, FILE_MAX,
					  err);

	if (rc > 0)
		untold(s, SK_WP_METADATA_MISSING, "%s has no file in tasks/",
		       wp->id);
	else if (rc == 0)
		rc = sk_wp_read(&wp->file, text.ptr, text.len, err);
	if (rc < 0)
		untold(s, SK_WP_METADATA_UNREADABLE, "the file of %s: %s",
		       wp->id, err->msg);
	wp->owns_all =
		wp->file.scope && strcmp(wp->file.scope, "codebase-wide") == 0;
	if (wp->untold == SK_WP_TOLD && !wp->owns_all &&
	    !wp->file.owned_files.len)
		untold(s, SK_WP_OWNERSHIP_MISSING,
		       "the file of %s has no owned_files", wp->id);
	sk_str_free(&text);
}

void sk_active_wp_find(struct sk_active_wp *wp, struct sk_repo *repo,
		       const struct sk_config *config,
		       const struct sk_place_name *name)
{
	struct search s = {.wp = wp,
			   .files = SK_MISSION_FILES_INIT,
			   .lane_id = name->lane_id};
	struct sk_words wp_ids = SK_WORDS_INIT;
	struct sk_str slug = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_add(&slug, name->slug, name->slug_len);
	if (sk_mission_files_find(&s.files, repo, config, slug.ptr, &err) < 0 ||
	    add_target(&s, &err) < 0)
		untold(&s, SK_WP_STATUS_UNAVAILABLE, "%s", err.msg);
	else if (find_lane(&s, &wp_ids, &err) == 0 &&
		 find_wp(&s, &wp_ids, &err) == 0)
		read_wp(&s, &err);
	sk_words_free(&wp_ids);
	sk_str_free(&slug);
	sk_mission_files_free(&s.files);
}

void sk_active_wp_free(struct sk_active_wp *wp)
{
	sk_wp_free(&wp->file);
	sk_str_free(&wp->why);
}

const char *sk_wp_untold_name(enum sk_wp_untold untold_as)
{
	static const char *const names[] = {
		[SK_WP_TOLD] = "",
		[SK_WP_MISSING] = "ACTIVE_WP_CONTEXT_MISSING",
		[SK_WP_AMBIGUOUS] = "ACTIVE_WP_CONTEXT_AMBIGUOUS",
		[SK_WP_STATUS_UNAVAILABLE] = "ACTIVE_WP_STATUS_UNAVAILABLE",
		[SK_WP_METADATA_MISSING] = "ACTIVE_WP_METADATA_MISSING",
		[SK_WP_METADATA_UNREADABLE] = "ACTIVE_WP_METADATA_UNREADABLE",
		[SK_WP_OWNERSHIP_MISSING] = "ACTIVE_WP_OWNERSHIP_MISSING",
	};

	return names[untold_as];
}
