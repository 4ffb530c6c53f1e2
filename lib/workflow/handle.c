/* SPDX-License-Identifier: MIT */
#include "workflow/handle.h"

#include <ctype.h>
#include <string.h>

#include "format/ulid.h"
#include "workflow/mission.h"

#define PREFIX	   "kitty/mission-"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

enum { MID_LEN = 8, NUMBER_LEN = 3, NAMED_MAX = 5, SHOWN_MAX = 100 };

bool sk_branch_is_lane(const char *branch)
{
	size_t len = strlen(branch);

	/* at least one letter of a slug in between */
	return strncmp(branch, PREFIX, PREFIX_LEN) == 0 &&
	       len > PREFIX_LEN + 7 &&
	       strncmp(branch + len - 7, "-lane-", 6) == 0 &&
	       branch[len - 1] >= 'a' && branch[len - 1] <= 'z';
}

bool sk_branch_is_of_mission(const char *branch, const char *slug)
{
	return strncmp(branch, PREFIX, PREFIX_LEN) == 0 &&
	       strcmp(branch + PREFIX_LEN, slug) == 0;
}

/* "012-login" is numbered, "2026-plans" is not. */
static bool is_numbered(const char *slug)
{
	for (int i = 0; i < NUMBER_LEN; i++) {
		if (!isdigit((unsigned char)slug[i]))
			return false;
	}
	return slug[NUMBER_LEN] == '-' && slug[NUMBER_LEN + 1];
}

static bool has_id(struct sk_mission *m, const struct sk_missions *all,
		   const char *handle)
{
	size_t len = strlen(handle);

	if (len != SK_ULID_LEN && len != MID_LEN)
		return false;
	sk_mission_read_meta(m, all);
	return m->id && strncmp(m->id, handle, len) == 0;
}

/* The ways to name a mission, in the order in which they count. */
enum way { BY_FOLDER, BY_ID, BY_NAME, BY_NUMBER, WAYS };

static bool is_meant(struct sk_mission *m, const struct sk_missions *all,
		     const char *handle, enum way way)
{
	switch (way) {
	case BY_FOLDER:
		return strcmp(m->slug, handle) == 0;
	case BY_ID:
		return has_id(m, all, handle);
	case BY_NAME:
		return is_numbered(m->slug) &&
		       strcmp(m->slug + NUMBER_LEN + 1, handle) == 0;
	default:
		return is_numbered(m->slug) && strlen(handle) == NUMBER_LEN &&
		       strncmp(m->slug, handle, NUMBER_LEN) == 0;
	}
}

/* Those of one way. Returns how many; the first is in *out, all in *names. */
static size_t find(struct sk_mission **out, struct sk_missions *all,
		   const char *handle, enum way way, struct sk_str *names)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		struct sk_mission *m = &all->items[i];

		if (!is_meant(m, all, handle, way))
			continue;
		if (count++ == 0)
			*out = m;
		if (count > NAMED_MAX)
			continue;
		sk_str_puts(names, count > 1 ? ", '" : "'");
		sk_str_add_visible(names, m->slug, strlen(m->slug), SHOWN_MAX);
		sk_str_puts(names, "'");
	}
	if (count > NAMED_MAX)
		sk_str_addf(names, " and %zu more", count - NAMED_MAX);
	return count;
}

int sk_mission_resolve(struct sk_mission **out, struct sk_missions *all,
		       const char *handle, struct sk_err *err)
{
	struct sk_str names = SK_STR_INIT;
	size_t count = 0;

	for (enum way way = BY_FOLDER; count == 0 && way < WAYS; way++)
		count = find(out, all, handle, way, &names);
	if (count == 0) {
		sk_fail(err, SK_EFAIL, "there is no mission '%.100s'", handle);
		sk_hint(err, "run 'git sk-mission list' to see them all, and"
			     " 'git fetch' for those of others");
	} else if (count > 1) {
		sk_fail(err, SK_EFAIL, "'%.100s' may be %s", handle, names.ptr);
		sk_hint(err, "use the name of the mission's folder");
	}
	sk_str_free(&names);
	return count == 1 ? 0 : -1;
}
