/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/templatenote.h"
#include "format/json.h"
#include "front/cli.h"
#include "git/repo.h"
#include "workflow/builtin.h"

enum { PATH_SHOWN_MAX = 4096 };

struct opts {
	const char *mission_type;
	bool explain, json;
};

static const struct opts defaults = {.mission_type = SK_BUILTIN_MISSION};

/* The line of one place: state, tier, where it is, and what is the matter. */
static void add_place(struct sk_str *out, const struct sk_template *found,
		      const struct sk_template_place *place)
{
	sk_str_addf(out, "%-11s %-15s ", sk_template_state_name(place->state),
		    sk_template_tier_name(place->tier));
	if (place->is_builtin)
		sk_str_puts(out, "built in: ");
	sk_str_add_visible(out, place->path, strlen(place->path),
			   PATH_SHOWN_MAX);
	if (place->state == SK_TEMPLATE_SHADOWED)
		sk_str_addf(out, " (by the %s one)",
			    sk_template_tier_name(found->winner->tier));
	if (place->problem) {
		sk_str_puts(out, " (");
		sk_str_add_visible(out, place->problem, strlen(place->problem),
				   PATH_SHOWN_MAX);
		sk_str_putc(out, ')');
	}
	sk_str_putc(out, '\n');
}

static void add_json_place(struct sk_jsonw *w, const char *key,
			   const struct sk_template *found,
			   const struct sk_template_place *place)
{
	bool is_shadowed = place->state == SK_TEMPLATE_SHADOWED;

	sk_jsonw_object(w, key);
	sk_jsonw_text(w, "tier", sk_template_tier_name(place->tier));
	sk_jsonw_text(w, "path", place->path);
	sk_jsonw_bool(w, "is_builtin", place->is_builtin);
	sk_jsonw_text(w, "state", sk_template_state_name(place->state));
	sk_jsonw_text(w, "shadowed_by",
		      is_shadowed ? found->winner->path : NULL);
	sk_jsonw_text(w, "problem", place->problem);
	sk_jsonw_end_object(w);
}

static void print_json(const struct opts *opts, const char *name,
		       const struct sk_template *found)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "name", name);
	sk_jsonw_text(&w, "mission_type", opts->mission_type);
	sk_jsonw_text(&w, "tier",
		      found->winner ? sk_template_tier_name(found->winner->tier)
				    : NULL);
	sk_jsonw_text(&w, "path", found->winner ? found->winner->path : NULL);
	sk_jsonw_text(&w, "text", found->winner ? found->text.ptr : NULL);
	sk_jsonw_array(&w, "places");
	for (size_t i = 0; i < found->count; i++)
		add_json_place(&w, NULL, found, &found->places[i]);
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

static void print_places(const struct sk_template *found)
{
	struct sk_str text = SK_STR_INIT;

	for (size_t i = 0; i < found->count; i++)
		add_place(&text, found, &found->places[i]);
	fputs(text.ptr, stdout);
	sk_str_free(&text);
}

/* Without a project the last tiers answer. Returns 0 or -1. */
static int open_project(struct sk_repo **repo, struct sk_err *err)
{
	if (sk_repo_open_as_git(repo, err) == 0 || err->code == SK_ENOREPO)
		return 0;
	return -1;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_template found = SK_TEMPLATE_INIT;
	struct sk_repo *repo = NULL;
	const char *project;
	int ret = -1;

	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which template?");
	if (open_project(&repo, err) < 0)
		goto out;
	project = repo ? sk_repo_work_tree(repo) : NULL;
	ret = sk_template_find(&found, project, opts->mission_type, argv[0],
			       err);
	if (ret < 0)
		goto out;
	if (ret == 1 && !opts->explain && !opts->json) {
		ret = sk_template_fail(&found, project, opts->mission_type,
				       argv[0], err);
		goto out;
	}
	if (opts->json)
		print_json(opts, argv[0], &found);
	else if (opts->explain)
		print_places(&found);
	else
		fwrite(found.text.ptr, 1, found.text.len, stdout);
	if (!opts->explain)
		sk_note_template(&found);
out:
	sk_template_free(&found);
	sk_repo_close(repo);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "explain", struct opts, explain,
		"show each place that was looked at, and which one wins"),
	SK_TEXT(0, "mission-type", struct opts, mission_type, "type",
		"the type of the mission, " SK_BUILTIN_MISSION " by default"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_template = {
	.name = "template",
	.operands = "<name>",
	.summary = "Print the template that a file is made from.",
	.opts = table,
	.size = sizeof(struct opts),
	.defaults = &defaults,
	.max_operands = 1,
	.run = run,
};
