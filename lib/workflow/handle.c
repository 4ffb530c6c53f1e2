/* SPDX-License-Identifier: MIT */
#include "workflow/handle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/ulid.h"
#include "mission/handle.h"
#include "mission/names.h"
#include "workflow/mission.h"

#define PREFIX	   "kitty/mission-"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

enum { NAMED_MAX = 5, SHOWN_MAX = 100 };

bool sk_branch_is_lane(const char *branch)
{
	struct sk_place_name name;

	return sk_branch_name_read(&name, branch) &&
	       (name.lane_id[0] || name.wp_id[0]);
}

bool sk_branch_is_of_mission(const char *branch, const char *slug)
{
	return strncmp(branch, PREFIX, PREFIX_LEN) == 0 &&
	       strcmp(branch + PREFIX_LEN, slug) == 0;
}

/* Only what is as long as an id, or the beginning of one, may be one. */
static bool may_be_id(const char *handle)
{
	size_t len = strlen(handle);

	return len == SK_ULID_LEN || len == SK_MID8_LEN;
}

static void add_names(struct sk_str *out, const struct sk_missions *all,
		      const size_t *found, size_t count)
{
	for (size_t i = 0; i < count && i < NAMED_MAX; i++) {
		const char *slug = all->items[found[i]].slug;

		sk_str_puts(out, i ? ", '" : "'");
		sk_str_add_visible(out, slug, strlen(slug), SHOWN_MAX);
		sk_str_puts(out, "'");
	}
	if (count > NAMED_MAX)
		sk_str_addf(out, " and %zu more", count - NAMED_MAX);
}

/* As sk_handle_find(), which has no missions to read. */
static size_t find(size_t *found, const struct sk_missions *all,
		   const char *handle)
{
	struct sk_mission_name *names =
		sk_calloc(all->count + 1, sizeof(*names));
	size_t count;

	for (size_t i = 0; i < all->count; i++) {
		if (may_be_id(handle))
			sk_mission_read_meta(&all->items[i], all);
		names[i].slug = all->items[i].slug;
		names[i].mission_id = all->items[i].id;
	}
	count = sk_handle_find(found, handle, names, all->count);
	free(names);
	return count;
}

int sk_mission_resolve(struct sk_mission **out, struct sk_missions *all,
		       const char *handle, struct sk_err *err)
{
	size_t *found = sk_calloc(all->count + 1, sizeof(*found));
	size_t count = find(found, all, handle);
	struct sk_str names = SK_STR_INIT;

	if (count == 0) {
		sk_fail(err, SK_EFAIL, "there is no mission '%.100s'", handle);
		sk_hint(err, "run 'git sk-mission list' to see them all, and"
			     " 'git fetch' for those of others");
	} else if (count > 1) {
		add_names(&names, all, found, count);
		sk_fail(err, SK_EFAIL, "'%.100s' may be %s", handle, names.ptr);
		sk_hint(err, "use the name of the mission's folder");
	} else {
		*out = &all->items[found[0]];
	}
	sk_str_free(&names);
	free(found);
	return count == 1 ? 0 : -1;
}

static struct sk_mission *find_here(const struct sk_missions *all)
{
	struct sk_place_name name;

	for (size_t i = 0; i < all->tip_count; i++) {
		const struct sk_mission_tip *tip = &all->tips[i];
		const char *branch = sk_mission_tip_branch(tip);

		if (tip->kind != SK_TIP_HERE || !branch ||
		    !sk_branch_name_read(&name, branch))
			continue;
		for (size_t m = 0; m < all->count; m++) {
			const char *slug = all->items[m].slug;

			if (strlen(slug) == name.slug_len &&
			    memcmp(slug, name.slug, name.slug_len) == 0)
				return &all->items[m];
		}
	}
	return NULL;
}

/* Set `found` to the places of those under way. Returns how many. */
static size_t find_under_way(size_t *found, const struct sk_missions *all)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		sk_mission_read(&all->items[i], all);
		if (all->count == 1 || !sk_mission_is_finished(&all->items[i]))
			found[count++] = i;
	}
	return count;
}

/* What is in the work tree alone is no mission yet. */
static int fail_none(const struct sk_missions *all, struct sk_err *err)
{
	if (all->unreadable_tips) {
		*err = all->fault;
		return -1;
	}
	sk_fail(err, SK_EFAIL, "there is no mission on any branch");
	return sk_hint(err, "run 'git sk-mission create <name>', or commit the"
			    " one in " SK_MISSIONS_FOLDER);
}

int sk_mission_here(struct sk_mission **out, struct sk_missions *all,
		    struct sk_err *err)
{
	size_t *found = sk_calloc(all->count + 1, sizeof(*found)), count = 0;
	struct sk_str names = SK_STR_INIT;
	int rc = 0;

	*out = find_here(all);
	if (!all->count)
		rc = fail_none(all, err);
	else if (!*out)
		count = find_under_way(found, all);
	if (count == 1)
		*out = &all->items[found[0]];
	if (!*out && rc == 0) {
		rc = sk_fail(err, SK_EUSAGE, "which mission is meant?");
		add_names(&names, all, found, count);
		sk_hint(err, "add '--mission <name>'%s%.180s",
			count ? ", of " : "; 'git sk-mission list' has them",
			names.ptr);
	}
	sk_str_free(&names);
	free(found);
	return rc;
}
