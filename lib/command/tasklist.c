/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/missionopt.h"
#include "command/missionview.h"
#include "command/taskboard.h"
#include "front/watch.h"
#include "workflow/handle.h"
#include "workflow/mission.h"

struct opts {
	const char *mission, *feature;
	bool json, board, watch;
};

static int check_options(const struct opts *opts, struct sk_err *err)
{
	if (opts->json && (opts->board || opts->watch))
		return sk_fail(err, SK_EUSAGE,
			       "--json and %s exclude each other",
			       opts->board ? "--board" : "--watch");
	return 0;
}

/* The missions to show, read; `only` is NULL for all of them. */
static int read_missions(struct sk_missions *all, struct sk_mission **only,
			 const struct opts *opts, const char *handle,
			 struct sk_repo *repo, struct sk_err *err)
{
	*only = NULL;
	if (sk_missions_find(all, repo, err) < 0 ||
	    (handle && sk_mission_resolve(only, all, handle, err) < 0))
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		struct sk_mission *m = &all->items[i];

		if (*only && m != *only)
			continue;
		sk_mission_read(m, all);
		if (opts->json || *only || !sk_mission_is_finished(m))
			sk_mission_read_titles(m, all);
	}
	return 0;
}

static void add_missions(struct sk_str *out, const struct opts *opts,
			 const struct sk_mission_look *look,
			 const struct sk_missions *all,
			 const struct sk_mission *only)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct sk_mission *m = &all->items[i];

		if (only ? m != only : sk_mission_is_finished(m))
			continue;
		if (out->len)
			sk_str_putc(out, '\n');
		sk_mission_add_heading(out, look, m);
		if (opts->board)
			sk_mission_add_board(out, look, m);
		else
			sk_mission_add_packages(out, look, m);
	}
}

/* One line each, below those under way. */
static void add_finished(struct sk_str *out, const struct sk_mission_look *look,
			 const struct sk_missions *all)
{
	bool is_first = true;

	for (size_t i = 0; i < all->count; i++) {
		if (!sk_mission_is_finished(&all->items[i]))
			continue;
		if (is_first && out->len)
			sk_str_putc(out, '\n');
		is_first = false;
		sk_mission_add_heading(out, look, &all->items[i]);
	}
}

static void add_text(struct sk_str *out, const struct opts *opts,
		     const struct sk_mission_look *look,
		     const struct sk_missions *all,
		     const struct sk_mission *only)
{
	add_missions(out, opts, look, all, only);
	if (!only)
		add_finished(out, look, all);
	if (out->len == 0)
		sk_str_puts(out, "There is no mission on any branch.\n");
}

static void add_json(struct sk_str *out, const struct sk_mission_look *look,
		     const struct sk_missions *all,
		     const struct sk_mission *only)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_array(&w, "missions");
	for (size_t i = 0; i < all->count; i++) {
		if (only && &all->items[i] != only)
			continue;
		sk_jsonw_object(&w, NULL);
		sk_mission_add_json(&w, &all->items[i], all);
		sk_mission_add_packages_json(&w, &all->items[i], look->now_us);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

static int print_once(const struct opts *opts, const char *handle,
		      const struct sk_config *config, struct sk_err *err)
{
	struct sk_missions all = SK_MISSIONS_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_mission *only;
	struct sk_mission_look look;
	struct sk_repo *repo = NULL;
	int rc = sk_repo_open_as_git(&repo, err);

	if (rc == 0)
		rc = read_missions(&all, &only, opts, handle, repo, err);
	if (rc == 0) {
		look = sk_mission_look_here(config);
		sk_missions_warn(&all, only);
		if (opts->json)
			add_json(&text, &look, &all, only);
		else
			add_text(&text, opts, &look, &all, only);
		fwrite(text.ptr, 1, text.len, stdout);
	}
	sk_str_free(&text);
	sk_missions_free(&all);
	sk_repo_close(repo);
	return rc;
}

/* What is watched: read anew when a tip has moved, and nothing else is. */
struct watched {
	const struct opts *opts;
	const char *handle;
	struct sk_repo *repo;
	struct sk_missions all;
	struct sk_mission *only;
	struct sk_mission_look look;
	struct sk_str tips;
};

static int add_tip(void *ctx, const char *ref, const struct sk_oid *tip)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, tip);
	sk_str_addf(ctx, "%s %s\n", hex, ref);
	return 0;
}

/*
 * In a repository opened anew, which knows the packs of today. A tip that moves
 * while we read has moved the next time.
 */
static int read_anew(struct watched *w, struct sk_err *err)
{
	sk_missions_free(&w->all);
	sk_repo_close(w->repo);
	w->repo = NULL;
	sk_str_clear(&w->tips);
	if (sk_repo_open_as_git(&w->repo, err) < 0 ||
	    sk_repo_each_tip(w->repo, add_tip, &w->tips, err) < 0)
		return -1;
	return read_missions(&w->all, &w->only, w->opts, w->handle, w->repo,
			     err);
}

static int draw(void *ctx, struct sk_str *out, struct sk_err *err)
{
	struct sk_str tips = SK_STR_INIT;
	struct watched *w = ctx;
	struct sk_mission_look now = sk_mission_look_now(&w->look);
	int rc = 0;

	if (w->repo)
		rc = sk_repo_each_tip(w->repo, add_tip, &tips, err);
	if (rc == 0 && w->repo && strcmp(tips.ptr, w->tips.ptr) == 0)
		rc = 1;
	else if (rc == 0)
		rc = read_anew(w, err);
	if (rc >= 0)
		add_text(out, w->opts, &now, &w->all, w->only);
	sk_str_free(&tips);
	return rc;
}

static int watch(const struct opts *opts, const char *handle,
		 const struct sk_config *config, struct sk_err *err)
{
	struct watched w = {.opts = opts,
			    .handle = handle,
			    .all = SK_MISSIONS_INIT,
			    .tips = SK_STR_INIT};
	int rc;

	w.look = sk_mission_look_here(config);
	rc = sk_watch(draw, &w, err);
	sk_str_free(&w.tips);
	sk_missions_free(&w.all);
	sk_repo_close(w.repo);
	return rc;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_config config = SK_CONFIG_INIT;
	const char *handle;
	int rc;

	(void)argc, (void)argv; /* takes none */
	if (sk_mission_named(&handle, opts->mission, opts->feature, 0, NULL,
			     err) < 0 ||
	    check_options(opts, err) < 0)
		return -1;
	rc = sk_config_load(&config, err);
	if (rc == 0)
		rc = opts->watch ? watch(opts, handle, &config, err)
				 : print_once(opts, handle, &config, err);
	if (rc >= 0)
		sk_note_clone_of(&config);
	sk_config_free(&config);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "of this one alone"),
	SK_FLAG('b', "board", struct opts, board, "show lanes as columns"),
	SK_FLAG('w', "watch", struct opts, watch,
		"show it again when something has changed"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_task_list = {
	.name = "list",
	.operands = "",
	.summary = "Show the work packages, and who has them.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
