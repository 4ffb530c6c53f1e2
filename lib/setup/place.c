/* SPDX-License-Identifier: MIT */
#include "setup/place.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void sk_place_path(struct sk_str *out, const struct sk_place *place,
		   const char *suffix)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/%s%s", place->dir, place->event->name, suffix);
}

void sk_place_kept_path(struct sk_str *out, const struct sk_place *place,
			enum sk_hook_kept as)
{
	if (as == SK_KEPT_EXECUTED) {
		sk_str_clear(out);
		sk_str_addf(out, "%s/" SK_KEPT_FOLDER "/%s", place->dir,
			    place->event->name);
	} else {
		sk_place_path(out, place, SK_KEPT_SUFFIX);
	}
}

static void add_stray(struct sk_place *place, const char *path)
{
	SK_GROW(place->strays, place->stray_count, place->stray_cap);
	place->strays[place->stray_count++] = sk_strdup(path);
}

/* post-commit.sk-aB3xyZ, made by a setup that was killed at that moment. */
static bool is_half_written(const struct dirent *entry, const char *suffix,
			    const struct sk_hook_look *look)
{
	return entry->d_type == DT_REG && strncmp(suffix, ".sk-", 4) == 0 &&
	       look->text.len == 0;
}

/* post-commit.old, post-commit.sk-aB3xyZ: any of ours but the known two. */
static void find_strays(struct sk_place *place)
{
	size_t len = strlen(place->event->name);
	struct sk_str path = SK_STR_INIT;
	DIR *dir = opendir(place->dir);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *suffix = entry->d_name + len;
		struct sk_hook_look look;

		if (strncmp(entry->d_name, place->event->name, len) != 0 ||
		    *suffix != '.' || strcmp(suffix, SK_KEPT_SUFFIX) == 0 ||
		    strcmp(suffix, ".legacy") == 0)
			continue;
		sk_place_path(&path, place, suffix);
		sk_hook_look(&look, path.ptr);
		if (sk_hook_look_is_ours(&look) ||
		    is_half_written(entry, suffix, &look))
			add_stray(place, path.ptr);
		sk_hook_look_free(&look);
	}
	if (dir)
		closedir(dir);
	sk_str_free(&path);
}

/* What was on its way to where it belongs has two names: see settle(). */
static void find_second_name(struct sk_place *place)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_hook_look look;

	sk_place_kept_path(&path, place, SK_KEPT_SOURCED);
	sk_hook_look(&look, path.ptr);
	if (place->kept_as == SK_KEPT_EXECUTED &&
	    sk_hook_look_is_same(&look, &place->kept))
		add_stray(place, path.ptr);
	sk_hook_look_free(&look);
	sk_str_free(&path);
}

void sk_place_look(struct sk_place *place, const char *dir,
		   const struct sk_hook_event *event)
{
	struct sk_str path = SK_STR_INIT;

	*place = (struct sk_place){.event = event, .dir = dir};
	sk_place_path(&path, place, "");
	sk_hook_look(&place->active, path.ptr);
	sk_place_path(&path, place, ".legacy");
	sk_hook_look(&place->legacy, path.ptr);
	for (place->kept_as = SK_KEPT_EXECUTED;; place->kept_as--) {
		if (place->kept_as == SK_KEPT_NONE)
			break;
		sk_place_kept_path(&path, place, place->kept_as);
		sk_hook_look_free(&place->kept);
		sk_hook_look(&place->kept, path.ptr);
		if (place->kept.is != SK_HOOK_ABSENT)
			break;
	}
	find_strays(place);
	find_second_name(place);
	sk_str_free(&path);
}

void sk_place_free(struct sk_place *place)
{
	sk_hook_look_free(&place->active);
	sk_hook_look_free(&place->legacy);
	sk_hook_look_free(&place->kept);
	for (size_t i = 0; i < place->stray_count; i++)
		free(place->strays[i]);
	free(place->strays);
	*place = (struct sk_place){0};
}

const struct sk_hook_look *sk_place_ours(const struct sk_place *place)
{
	if (sk_hook_look_is_ours(&place->active))
		return &place->active;
	if (sk_hook_look_runs_legacy(&place->active) &&
	    sk_hook_look_is_ours(&place->legacy))
		return &place->legacy;
	return NULL;
}
