/* SPDX-License-Identifier: MIT */
#include "mission/handle.h"

#include <string.h>

#include "mission/names.h"

typedef bool meant_fn(const struct sk_mission_name *mission,
		      const char *handle);

/* 26 or 8 characters, all of them capitals or digits. */
static bool is_of_id(const char *handle, size_t len)
{
	return strlen(handle) == len &&
	       strspn(handle, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == len;
}

static bool has_id(const struct sk_mission_name *mission, const char *handle)
{
	return mission->mission_id && is_of_id(handle, 26) &&
	       strcmp(mission->mission_id, handle) == 0;
}

static bool has_mid8(const struct sk_mission_name *mission, const char *handle)
{
	return mission->mission_id && is_of_id(handle, SK_MID8_LEN) &&
	       strncmp(mission->mission_id, handle, SK_MID8_LEN) == 0;
}

static bool has_slug(const struct sk_mission_name *mission, const char *handle)
{
	return strcmp(mission->slug, handle) == 0;
}

static bool has_human_slug(const struct sk_mission_name *mission,
			   const char *handle)
{
	const char *human = sk_slug_human(mission->slug);

	return human != mission->slug && strcmp(human, handle) == 0;
}

static bool has_number(const struct sk_mission_name *mission,
		       const char *handle)
{
	return strlen(handle) == 3 && strspn(handle, "0123456789") == 3 &&
	       sk_slug_human(mission->slug) != mission->slug &&
	       strncmp(mission->slug, handle, 3) == 0;
}

/* What people say: the folder's name without the mid8 that ends it. */
static bool is_called(const struct sk_mission_name *mission, const char *handle)
{
	size_t len = sk_slug_len_without_mid8(mission->slug);

	return mission->slug[len] && strlen(handle) == len &&
	       strncmp(mission->slug, handle, len) == 0;
}

size_t sk_handle_find(size_t *found, const char *handle,
		      const struct sk_mission_name *all, size_t count)
{
	static meant_fn *const rules[] = {has_id,     has_mid8,
					  has_slug,   has_human_slug,
					  has_number, is_called};
	size_t matches = 0;

	for (size_t rule = 0; rule < SK_COUNTOF(rules) && !matches; rule++) {
		for (size_t i = 0; i < count; i++) {
			if (rules[rule](&all[i], handle))
				found[matches++] = i;
		}
	}
	return matches;
}
