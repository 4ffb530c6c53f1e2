/* SPDX-License-Identifier: MIT */
#include "setup/remove.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "setup/clone.h"
#include "setup/roster.h"

static void add_folder(struct sk_removal *r, const char *path)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		return; /* gone */
	for (size_t i = 0; i < r->folder_count; i++) {
		if (strcmp(r->folders[i], real) == 0)
			return;
	}
	SK_GROW(r->folders, r->folder_count, r->folder_cap);
	r->folders[r->folder_count++] = sk_strdup(real);
}

/* What sk.hooksDir says, as setup wrote it. */
static void resolve(struct sk_str *out, const struct sk_setup *s,
		    const char *record)
{
	sk_str_clear(out);
	if (strncmp(record, "git:", 4) == 0)
		sk_str_addf(out, "%s/%s", s->common, record + 4);
	else if (strncmp(record, "tree:", 5) == 0 && s->tree)
		sk_str_addf(out, "%s/%s", s->tree, record + 5);
	else if (record[0] == '/')
		sk_str_puts(out, record);
}

struct recorded {
	struct sk_removal *removal;
	const struct sk_setup *setup;
};

static void add_recorded(void *ctx, const char *record)
{
	const struct recorded *to = ctx;
	struct sk_str path = SK_STR_INIT;

	resolve(&path, to->setup, record);
	if (path.len)
		add_folder(to->removal, path.ptr);
	sk_str_free(&path);
}

static void find_folders(struct sk_removal *r, const struct sk_setup *s)
{
	struct recorded to = {r, s};
	struct sk_str path = SK_STR_INIT;

	sk_str_addf(&path, "%s/hooks", s->common);
	add_folder(r, path.ptr);
	if (s->folder.path.len)
		add_folder(r, s->folder.path.ptr);
	sk_config_each_value(&s->config, "sk.hooksDir", add_recorded, &to);
	sk_str_free(&path);
}

/* Who else runs hooks from the folder. */
struct sharing {
	const char *folder, *common;
	struct sk_str other; /* the first that does */
};

/* The folder that the git folder `common` has its hooks in. */
static int ask_hooks(struct sk_str *out, const char *common)
{
	const char *argv[] = {"env",	   "-u",   "GIT_DIR",	"git",
			      "--git-dir", common, "rev-parse", "--git-path",
			      "hooks",	   NULL};
	struct sk_err ignored = {0};

	return sk_spawn_ask(out, argv, &ignored);
}

static int uses_folder(void *ctx, const char *common)
{
	struct sharing *sharing = ctx;
	struct sk_str text = SK_STR_INIT;
	char real[PATH_MAX];
	bool uses;

	if (strcmp(common, sharing->common) == 0)
		return 0;
	uses = sk_config_ask_clone(&text, common) == 0 &&
	       ask_hooks(&text, common) == 0 && realpath(text.ptr, real) &&
	       strcmp(real, sharing->folder) == 0;
	if (uses)
		sk_str_set(&sharing->other, common);
	sk_str_free(&text);
	return uses;
}

/* Returns 1 when the folder is needed elsewhere, told in a note; 0; -1. */
static int is_shared(struct sk_removal *r, const struct sk_setup *s,
		     const char *folder, struct sk_err *err)
{
	struct sharing sharing = {folder, s->common, SK_STR_INIT};
	struct sk_str note = SK_STR_INIT;
	int rc = 0;

	if (!sk_path_is_inside(folder, s->common) &&
	    !sk_path_is_inside(folder, s->tree))
		rc = sk_roster_each(uses_folder, &sharing, err);
	if (rc > 0) {
		sk_str_addf(&note,
			    "hooks stay in '%s': '%s' runs its own from there",
			    folder, sharing.other.ptr);
		sk_steps_add(&r->steps, SK_STEP_NOTE, NULL, NULL, note.ptr);
	}
	sk_str_free(&sharing.other);
	sk_str_free(&note);
	return rc;
}

static bool has_lfs(void)
{
	struct sk_err ignored = {0};

	return sk_spawn_read(NULL, NULL,
			     (const char *const[]){"git", "config", "--get",
						   "filter.lfs.clean", NULL},
			     1u << 16, &ignored) == 0;
}

static int plan_folders(struct sk_removal *r, const struct sk_setup *s,
			struct sk_err *err)
{
	bool lfs = has_lfs();

	for (size_t i = 0; i < r->folder_count; i++) {
		int rc = is_shared(r, s, r->folders[i], err);

		for (size_t k = 0; rc == 0 && k < SK_HOOK_EVENTS; k++) {
			struct sk_place place;

			sk_place_look(&place, r->folders[i],
				      &sk_hook_events[k]);
			r->hooks += sk_place_ours(&place) != NULL;
			sk_arrange_remove(&place, lfs, &r->steps);
			sk_place_free(&place);
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* The files of the two scopes that are this repository's own. */
static int plan_config(struct sk_removal *r, const struct sk_setup *s,
		       struct sk_err *err)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		const struct sk_confighook *hook = &s->configured[i];

		for (size_t k = 0; k < SK_COUNTOF(r->configs); k++) {
			if (hook->is_in[k] && !r->configs[k].len &&
			    sk_confighook_file(&r->configs[k], k, err) < 0)
				return -1;
		}
		r->is_global_too |= hook->is_in[SK_SCOPE_GLOBAL];
	}
	return 0;
}

int sk_removal_plan(struct sk_removal *r, const struct sk_setup *s,
		    struct sk_err *err)
{
	*r = (struct sk_removal){.configs = {SK_STR_INIT, SK_STR_INIT}};
	find_folders(r, s);
	if (plan_folders(r, s, err) < 0)
		return -1;
	sk_setup_drop_filters(&r->steps, s);
	return plan_config(r, s, err);
}

void sk_removal_free(struct sk_removal *r)
{
	for (size_t i = 0; i < r->folder_count; i++)
		free(r->folders[i]);
	free(r->folders);
	sk_str_free(&r->configs[0]);
	sk_str_free(&r->configs[1]);
	sk_steps_free(&r->steps);
}

static void remove_made(void *ctx, const char *record)
{
	const struct sk_setup *s = ctx;
	struct sk_str path = SK_STR_INIT;

	resolve(&path, s, record);
	if (!path.len) /* 0.1.0 said "true" */
		sk_str_puts(&path, s->folder.path.ptr);
	rmdir(path.ptr); /* stays when something else moved in */
	sk_str_free(&path);
}

int sk_removal_apply(const struct sk_removal *r, const struct sk_setup *s,
		     struct sk_err *err)
{
	if (sk_steps_apply(&r->steps, err) < 0)
		return -1;
	for (size_t i = 0; i < SK_COUNTOF(r->configs); i++) {
		if (r->configs[i].len &&
		    sk_confighooks_write(r->configs[i].ptr, NULL,
					 SK_SCOPE_LOCAL, err) < 0)
			return -1;
	}
	sk_config_each_value(&s->config, "sk.madeHooksDir", remove_made,
			     (void *)s);
	if (sk_filters_remove(&s->filters, err) < 0 ||
	    sk_clone_forget(s->repo, err) < 0 ||
	    sk_roster_remove(s->common, err) < 0)
		return -1;
	if (r->is_global_too)
		return sk_config_set("sk.capture", "false", err);
	return 0;
}
