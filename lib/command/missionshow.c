/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "command/missionopt.h"
#include "command/missionview.h"
#include "format/jsonform.h"
#include "front/cli.h"
#include "workflow/handle.h"
#include "workflow/home.h"
#include "workflow/mission.h"

enum { LANES_MAX = 1 << 22, TEXT_MAX = 500, MAX_LISTED = 10 };

struct opts {
	const char *mission, *feature;
	bool json;
};

/* What is shown of one mission. */
struct view {
	const struct sk_missions *all;
	struct sk_mission *mission;
	struct sk_mission_home home;
	struct sk_err no_home; /* why it has none */
	struct sk_form *lanes; /* of lanes.json; NULL: there is none */
	struct sk_mission_look look;
};

static void read_lanes(struct view *v)
{
	struct sk_mission *m = v->mission;
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	if (!m->lanes.len || !sk_mission_read_file(&text, m, v->all, &m->lanes,
						   "lanes.json", LANES_MAX))
		return;
	if (sk_form_read(&v->lanes, text.ptr, text.len, &err) < 0)
		sk_warn("lanes.json: %s", err.msg);
	sk_str_free(&text);
}

static void add_field(struct sk_str *out, const char *name, const char *value)
{
	struct sk_str label = SK_STR_INIT;

	if (!value || !*value)
		return;
	if (name) /* else one more of the last */
		sk_str_addf(&label, "%s:", name);
	sk_str_addf(out, "%-15s ", label.ptr);
	sk_str_add_visible(out, value, strlen(value), TEXT_MAX);
	sk_str_putc(out, '\n');
	sk_str_free(&label);
}

static void add_home(struct sk_str *out, const struct view *v)
{
	struct sk_str text = SK_STR_INIT;

	if (!v->home.status.branch.len) {
		add_field(out, "Status goes to", v->no_home.msg);
		return;
	}
	sk_str_puts(&text, v->home.status.branch.ptr);
	if (v->home.is_coordination)
		sk_str_puts(&text, " (coordination)");
	if (v->home.status.worktree.len)
		sk_str_addf(&text, ", checked out in %s",
			    v->home.status.worktree.ptr);
	else if (v->home.status.is_remote)
		sk_str_puts(&text, ", which this clone has yet to make");
	add_field(out, "Status goes to", text.ptr);
	sk_str_free(&text);
}

static void add_branches(struct sk_str *out, const struct view *v)
{
	struct sk_str name = SK_STR_INIT;
	const char *label = "Found on";
	size_t count = 0;

	for (size_t i = 0; i < v->all->tip_count; i++) {
		const struct sk_mission_tip *tip = &v->all->tips[i];

		if (!sk_mission_at(v->mission, v->all, tip) ||
		    count++ >= MAX_LISTED)
			continue;
		sk_str_clear(&name);
		sk_mission_tip_add_name(&name, tip);
		if (tip->kind == SK_TIP_HERE)
			sk_str_puts(&name, " (here)");
		add_field(out, label, name.ptr);
		label = NULL;
	}
	sk_str_clear(&name);
	if (count > MAX_LISTED)
		sk_str_addf(&name, "and %zu more; --json lists them all",
			    count - MAX_LISTED);
	add_field(out, NULL, name.ptr);
	sk_str_free(&name);
}

/* The texts of a list, or nothing: others write this file. */
static void add_texts(struct sk_str *out, const struct sk_form *list,
		      const char *before)
{
	for (size_t i = 0; i < sk_form_count(list); i++) {
		const char *text = sk_form_as_text(sk_form_at(list, i));

		if (!text)
			continue;
		sk_str_puts(out, before);
		sk_str_add_visible(out, text, strlen(text), TEXT_MAX);
		before = " ";
	}
}

static void add_lanes(struct sk_str *out, const struct view *v)
{
	const struct sk_form *lanes = sk_form_get(v->lanes, "lanes");

	if (sk_form_count(lanes) == 0)
		return;
	sk_str_puts(out, "\nBranches of work:\n");
	for (size_t i = 0; i < sk_form_count(lanes); i++) {
		const struct sk_form *lane = sk_form_at(lanes, i);
		const char *id = sk_form_get_text(lane, "lane_id");

		sk_str_puts(out, "  ");
		sk_str_add_visible(out, id ? id : "?", id ? strlen(id) : 1,
				   TEXT_MAX);
		add_texts(out, sk_form_get(lane, "wp_ids"), "  ");
		add_texts(out, sk_form_get(lane, "depends_on_lanes"),
			  "  after ");
		sk_str_putc(out, '\n');
	}
}

static void add_text(struct sk_str *out, const struct view *v)
{
	const struct sk_mission *m = v->mission;
	struct sk_str text = SK_STR_INIT;

	add_field(out, "Mission", m->slug);
	add_field(out, "Name", m->name);
	add_field(out, "Id", m->id);
	if (m->number >= 0)
		sk_str_addf(&text, "%lld", (long long)m->number);
	add_field(out, "Number", text.ptr);
	add_field(out, "Type", m->type);
	add_field(out, "Target branch", m->target);
	sk_str_clear(&text);
	sk_mission_add_where(&text, m);
	add_field(out, "Newest on", text.ptr);
	add_home(out, v);
	add_branches(out, v);
	sk_str_clear(&text);
	sk_mission_add_progress(&text, m);
	add_field(out, "Progress", text.ptr);
	if (m->package_count) {
		sk_str_puts(out, "\nWork packages:\n");
		sk_mission_add_packages(out, &v->look, m);
	}
	add_lanes(out, v);
	sk_str_free(&text);
}

static void add_home_json(struct sk_jsonw *w, const struct view *v)
{
	const struct sk_mission_place *home = &v->home.status;

	if (!home->branch.len) {
		sk_jsonw_null(w, "status_home");
		return;
	}
	sk_jsonw_object(w, "status_home");
	sk_jsonw_text(w, "branch", home->branch.ptr);
	sk_jsonw_bool(w, "is_coordination", v->home.is_coordination);
	sk_jsonw_bool(w, "is_remote", home->is_remote);
	sk_jsonw_text(w, "worktree",
		      home->worktree.len ? home->worktree.ptr : NULL);
	sk_jsonw_text(w, "feature_dir",
		      home->folder.len ? home->folder.ptr : NULL);
	sk_jsonw_end_object(w);
}

static void add_texts_json(struct sk_jsonw *w, const char *key,
			   const struct sk_form *list)
{
	sk_jsonw_array(w, key);
	for (size_t i = 0; i < sk_form_count(list); i++) {
		if (sk_form_as_text(sk_form_at(list, i)))
			sk_jsonw_text(w, NULL,
				      sk_form_as_text(sk_form_at(list, i)));
	}
	sk_jsonw_end_array(w);
}

static void add_lanes_json(struct sk_jsonw *w, const struct view *v)
{
	const struct sk_form *lanes = sk_form_get(v->lanes, "lanes");

	if (!v->lanes) {
		sk_jsonw_null(w, "lanes");
		return;
	}
	sk_jsonw_array(w, "lanes");
	for (size_t i = 0; i < sk_form_count(lanes); i++) {
		const struct sk_form *lane = sk_form_at(lanes, i);

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "lane_id", sk_form_get_text(lane, "lane_id"));
		add_texts_json(w, "wp_ids", sk_form_get(lane, "wp_ids"));
		add_texts_json(w, "depends_on_lanes",
			       sk_form_get(lane, "depends_on_lanes"));
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
}

static void add_json(struct sk_str *out, const struct view *v)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_mission_add_json(&w, v->mission, v->all);
	add_home_json(&w, v);
	sk_mission_add_packages_json(&w, v->mission, v->look.now_us);
	add_lanes_json(&w, v);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

static void show(struct view *v, const struct opts *opts,
		 const struct sk_config *config)
{
	struct sk_str text = SK_STR_INIT;

	sk_mission_read(v->mission, v->all);
	sk_mission_read_titles(v->mission, v->all);
	if (sk_mission_home_find(&v->home, v->mission, v->all, &v->no_home) < 0)
		sk_mission_home_free(&v->home);
	read_lanes(v);
	v->look = sk_mission_look_here(config);
	sk_missions_warn(v->all, v->mission);
	if (opts->json)
		add_json(&text, v);
	else
		add_text(&text, v);
	fwrite(text.ptr, 1, text.len, stdout);
	sk_str_free(&text);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_missions all = SK_MISSIONS_INIT;
	struct view v = {.all = &all, .home = SK_MISSION_HOME_INIT};
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_repo *repo = NULL;
	const char *handle;
	int rc = sk_mission_named(&handle, opts->mission, opts->feature, argc,
				  argv, err);

	if (rc == 0)
		rc = sk_repo_open_as_git(&repo, err);
	if (rc == 0)
		rc = sk_config_load(&config, err);
	if (rc == 0)
		rc = sk_missions_find(&all, repo, err);
	if (rc == 0)
		rc = handle ? sk_mission_resolve(&v.mission, &all, handle, err)
			    : sk_mission_here(&v.mission, &all, err);
	if (rc == 0) {
		show(&v, opts, &config);
		sk_note_clone_of(&config);
	}
	sk_config_free(&config);
	sk_form_free(v.lanes);
	sk_mission_home_free(&v.home);
	sk_missions_free(&all);
	sk_repo_close(repo);
	return rc;
}

static const struct sk_opt table[] = {
	SK_MISSION_OPTS(struct opts, "the same as the operand"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_show = {
	.name = "show",
	.operands = "[<mission>]",
	.summary = "Show one mission: where it is, and how far.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
