/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/missionview.h"
#include "front/cell.h"
#include "front/cli.h"
#include "workflow/mission.h"

enum { SLUG_COLUMNS = 40, SLUG_LEAST = 16, DONE_COLUMNS = 7 };

struct opts {
	bool json;
};

static void add_line(struct sk_str *out, const struct sk_mission_look *look,
		     const struct sk_mission *m, int width)
{
	struct sk_str text = SK_STR_INIT, done = SK_STR_INIT;
	int all = look->columns ? look->columns : INT16_MAX;
	int left = all - width - 5 - 2 - DONE_COLUMNS - 2;

	sk_cell_pad(out, m->slug, width, look->mark);
	sk_str_addf(out, "%4d%%  ", m->progress);
	sk_str_addf(&done, "%lld/%zu", (long long)m->in_lane[SK_LANE_DONE],
		    m->package_count);
	sk_cell_pad(out, done.ptr, DONE_COLUMNS, look->mark);
	sk_mission_add_where(&text, m);
	/* below it where it does not fit: it says whose news this is */
	if (sk_cell_width(text.ptr) > left) {
		sk_str_rtrim(out);
		sk_str_putc(out, '\n');
		left = all - 2;
	}
	sk_str_puts(out, "  ");
	sk_cell_add(out, text.ptr, left, look->mark);
	sk_str_rtrim(out);
	sk_str_putc(out, '\n');
	sk_str_free(&done);
	sk_str_free(&text);
}

/* The name gets what it needs, or half of what there is. */
static int slug_width(const struct sk_mission_look *look,
		      const struct sk_missions *all)
{
	int width = 0, most = SLUG_COLUMNS;

	if (look->columns && look->columns / 2 < most)
		most = look->columns / 2 < SLUG_LEAST ? SLUG_LEAST
						      : look->columns / 2;
	for (size_t i = 0; i < all->count; i++) {
		int columns = sk_cell_width(all->items[i].slug);

		width = columns > width ? columns : width;
	}
	return look->columns && width > most ? most : width;
}

static void add_text(struct sk_str *out, const struct sk_missions *all,
		     const struct sk_config *config)
{
	struct sk_mission_look look = sk_mission_look_here(config);
	int width = slug_width(&look, all);

	for (size_t i = 0; i < all->count; i++)
		add_line(out, &look, &all->items[i], width);
	if (all->count == 0)
		sk_str_puts(out, "There is no mission on any branch.\n");
}

static void add_json(struct sk_str *out, const struct sk_missions *all)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_array(&w, "missions");
	for (size_t i = 0; i < all->count; i++) {
		sk_jsonw_object(&w, NULL);
		sk_mission_add_json(&w, &all->items[i], all);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_missions all = SK_MISSIONS_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_repo *repo = NULL;
	int rc = sk_repo_open_as_git(&repo, err);

	(void)argc, (void)argv; /* takes none */
	if (rc == 0)
		rc = sk_config_load(&config, err);
	if (rc == 0)
		rc = sk_missions_find(&all, repo, err);
	if (rc == 0) {
		for (size_t i = 0; i < all.count; i++)
			sk_mission_read(&all.items[i], &all);
		sk_missions_warn(&all, NULL);
		if (opts->json)
			add_json(&text, &all);
		else
			add_text(&text, &all, &config);
		fwrite(text.ptr, 1, text.len, stdout);
		sk_note_clone_of(&config);
	}
	sk_str_free(&text);
	sk_config_free(&config);
	sk_missions_free(&all);
	sk_repo_close(repo);
	return rc;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_list = {
	.name = "list",
	.operands = "",
	.summary = "Show the missions of every branch.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
