/* SPDX-License-Identifier: MIT */
#include "mission/names.h"

#include <string.h>

#define BRANCH_PREFIX "kitty/mission-"
#define ID_LEN	      26

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Of Crockford's base 32: no I, L, O and U. */
static bool is_crockford(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z' && !strchr("ILOU", c));
}

static bool all_crockford(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_crockford(text[i]))
			return false;
	}
	return true;
}

bool sk_slug_is_valid(const char *slug)
{
	bool in_word = false;
	size_t i;

	for (i = 0; slug[i]; i++) {
		if (slug[i] == '-' && !in_word)
			return false;
		in_word = slug[i] != '-';
		if (in_word && !is_lower(slug[i]) && !is_digit(slug[i]))
			return false;
	}
	return in_word && i <= SK_SLUG_MAX;
}

static bool has_number(const char *slug, size_t len)
{
	return len > 4 && is_digit(slug[0]) && is_digit(slug[1]) &&
	       is_digit(slug[2]) && slug[3] == '-';
}

const char *sk_slug_human(const char *slug)
{
	return has_number(slug, strlen(slug)) ? slug + 4 : slug;
}

bool sk_mission_slug_is_safe(const char *mission_slug)
{
	size_t len = strlen(mission_slug);

	if (!len || len > SK_SLUG_MAX + 1 + SK_MID8_LEN ||
	    *mission_slug == '-' || *mission_slug == '.' ||
	    mission_slug[len - 1] == '.' || strstr(mission_slug, "..") ||
	    (len > 5 && strcmp(mission_slug + len - 5, ".lock") == 0))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = mission_slug[i];

		if (!is_lower(c) && !is_digit(c) && !(c >= 'A' && c <= 'Z') &&
		    !strchr("-_.", c))
			return false;
	}
	return true;
}

bool sk_mission_id_is_valid(const char *id)
{
	return strlen(id) == ID_LEN && all_crockford(id, ID_LEN);
}

void sk_mission_slug_add(struct sk_str *out, const char *slug,
			 const char *mission_id)
{
	sk_str_addf(out, "%s-%.*s", sk_slug_human(slug), SK_MID8_LEN,
		    mission_id);
}

void sk_mission_branch_add(struct sk_str *out, const char *mission_slug)
{
	sk_str_addf(out, BRANCH_PREFIX "%s", mission_slug);
}

void sk_lane_branch_add(struct sk_str *out, const char *mission_slug,
			const char *lane_id)
{
	sk_str_addf(out, BRANCH_PREFIX "%s-%s", mission_slug, lane_id);
}

void sk_lane_worktree_add(struct sk_str *out, const char *mission_slug,
			  const char *lane_id)
{
	sk_str_addf(out, SK_WORKTREES_DIR "/%s-%s", mission_slug, lane_id);
}

void sk_coord_worktree_add(struct sk_str *out, const char *mission_slug)
{
	sk_str_addf(out, SK_WORKTREES_DIR "/%s-coord", mission_slug);
}

bool sk_lane_id_is_code(const char *lane_id)
{
	return strncmp(lane_id, "lane-", 5) == 0 && is_lower(lane_id[5]) &&
	       !lane_id[6];
}

/* Cut "-lane-x" off the end, anchored right, and keep what it says. */
static void take_lane(struct sk_place_name *name)
{
	const char *tail = name->slug + name->slug_len - 7;

	if (name->slug_len < 8 || *tail != '-' || !sk_lane_id_is_code(tail + 1))
		return;
	memcpy(name->lane_id, tail + 1, 6);
	name->slug_len -= 7;
}

/* Cut "-WPnn" off the end of what ends with it. */
static void take_wp(struct sk_place_name *name)
{
	size_t at = name->slug_len;

	while (at && name->slug[at - 1] != '-')
		at--;
	if (at < 2 || name->slug_len - at >= sizeof(name->wp_id))
		return;
	memcpy(name->wp_id, name->slug + at, name->slug_len - at);
	if (sk_wp_id_is_valid(name->wp_id))
		name->slug_len = at - 1;
	else
		memset(name->wp_id, 0, sizeof(name->wp_id));
}

/* Whether the name ends with "-" and a mid8, and begins with something. */
static bool ends_with_mid8(const char *slug, size_t len)
{
	return len >= SK_MID8_LEN + 2 && slug[len - SK_MID8_LEN - 1] == '-' &&
	       all_crockford(slug + len - SK_MID8_LEN, SK_MID8_LEN);
}

size_t sk_slug_len_without_mid8(const char *mission_slug)
{
	size_t len = strlen(mission_slug);

	return ends_with_mid8(mission_slug, len) ? len - SK_MID8_LEN - 1 : len;
}

bool sk_branch_name_read(struct sk_place_name *out, const char *branch)
{
	size_t prefix = strlen(BRANCH_PREFIX);
	bool is_mission = strncmp(branch, BRANCH_PREFIX, prefix) == 0;

	*out = (struct sk_place_name){.slug = branch};
	if (is_mission)
		out->slug += prefix;
	out->slug_len = strlen(out->slug);
	if (is_mission)
		take_lane(out);
	else
		take_wp(out);
	if (memchr(out->slug, '/', out->slug_len))
		return false;
	return is_mission
		       ? out->slug_len > 0
		       : out->wp_id[0] && has_number(out->slug, out->slug_len);
}

bool sk_branch_has_lane(const char *branch)
{
	struct sk_place_name name;

	return sk_branch_name_read(&name, branch) && name.lane_id[0];
}
