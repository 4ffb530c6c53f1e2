/* SPDX-License-Identifier: MIT */
#include "mission/wpfile.h"

#include <ctype.h>
#include <string.h>

#include "mission/lines.h"

/* The length of `WP` and its digits; 0 when there are not two of them. */
static size_t id_len(const char *text)
{
	size_t len = 2;

	if (text[0] != 'W' || text[1] != 'P')
		return 0;
	while (text[len] >= '0' && text[len] <= '9')
		len++;
	return len >= 4 && len < SK_WP_ID_MAX ? len : 0;
}

bool sk_wp_id_is_valid(const char *id)
{
	size_t len = id_len(id);

	return len && !id[len];
}

bool sk_wp_name_id(char id[SK_WP_ID_MAX], const char *file_name)
{
	size_t len = id_len(file_name), all = strlen(file_name);

	if (!len || all < len + 3 || strcmp(file_name + all - 3, ".md") != 0 ||
	    !strchr("-_.", file_name[len]))
		return false;
	memcpy(id, file_name, len);
	id[len] = '\0';
	return true;
}

/* A plain scalar ends at " #", a quoted one at its quote. */
static struct sk_line scalar(struct sk_line value)
{
	const char *quote;

	value = sk_line_trim(value);
	if (value.len && (*value.at == '"' || *value.at == '\'')) {
		quote = memchr(value.at + 1, *value.at, value.len - 1);
		if (quote) {
			value.len = (size_t)(quote - value.at - 1);
			value.at++;
			return sk_line_trim(value);
		}
	}
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '#' &&
		    (i == 0 || isspace((unsigned char)value.at[i - 1])))
			value.len = i;
	}
	return sk_line_trim(value);
}

/* Whether the line is `key: value` at column 0; cuts it to the value. */
static bool has_key(struct sk_line *line, const char *key)
{
	size_t len = strlen(key);

	if (line->len <= len || memcmp(line->at, key, len) != 0 ||
	    line->at[len] != ':')
		return false;
	line->at += len + 1;
	line->len -= len + 1;
	*line = scalar(*line);
	return true;
}

static enum sk_lane lane_of(struct sk_line value)
{
	char name[32];

	if (value.len >= sizeof(name))
		return SK_LANE_NONE;
	for (size_t i = 0; i < value.len; i++)
		name[i] = (char)tolower((unsigned char)value.at[i]);
	name[value.len] = '\0';
	/* genesis is a word of later event logs, never of a front matter */
	return strcmp(name, "genesis") == 0 ? SK_LANE_NONE
					    : sk_lane_parse(name);
}

void sk_wp_file_read(struct sk_wp_file *out, const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	bool has_lane = false, has_id = false;
	struct sk_line line;

	*out = (struct sk_wp_file){.lane = SK_LANE_NONE};
	if (!sk_front_find(&at, &end))
		return;
	while (sk_line_next(&line, &at, end)) {
		if (!has_lane && has_key(&line, "lane")) {
			has_lane = true;
			out->lane = lane_of(line);
		} else if (!has_id && has_key(&line, "work_package_id")) {
			has_id = true;
			if (line.len < sizeof(out->id))
				memcpy(out->id, line.at, line.len);
		}
	}
	if (!sk_wp_id_is_valid(out->id))
		out->id[0] = '\0';
}

enum sk_lane sk_wp_folder_lane(const char *folder)
{
	static const enum sk_lane lanes[] = {SK_LANE_PLANNED,
					     SK_LANE_FOR_REVIEW, SK_LANE_DONE};

	if (strcmp(folder, "doing") == 0)
		return SK_LANE_IN_PROGRESS;
	for (size_t i = 0; i < SK_COUNTOF(lanes); i++) {
		if (strcmp(folder, sk_lane_name(lanes[i])) == 0)
			return lanes[i];
	}
	return SK_LANE_NONE;
}
