/* SPDX-License-Identifier: MIT */
/*
 * Work package files: kitty-specs/<mission>/tasks/ and below, WPnn-<slug>.md
 * with a front matter. Only the two scalars a transition needs are read, line
 * by line: files in the wild are often not the YAML they mean to be.
 */
#ifndef SK_MISSION_WPFILE_H
#define SK_MISSION_WPFILE_H

#include "mission/lane.h"

#define SK_WP_ID_MAX 32

/*
 * The work package a file name stands for: `WP` and two or more digits, then
 * one of "-_." with anything, then ".md"; or just "WPnn.md". Writes the id.
 * Returns false when it is no such name.
 */
bool sk_wp_name_id(char id[SK_WP_ID_MAX], const char *file_name);

/* `WP` and two or more digits, nothing else. */
bool sk_wp_id_is_valid(const char *id);

struct sk_wp_file {
	char id[SK_WP_ID_MAX]; /* `work_package_id`; "" when none is valid */
	enum sk_lane lane;     /* of the front matter; SK_LANE_NONE */
};

/* Read the front matter, if there is one; never fails. */
void sk_wp_file_read(struct sk_wp_file *out, const char *data, size_t len);

/* The lane a folder below tasks/ stands for (0.x layout), or NONE. */
enum sk_lane sk_wp_folder_lane(const char *folder);

#endif
