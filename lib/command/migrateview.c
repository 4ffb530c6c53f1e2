/* SPDX-License-Identifier: MIT */
#include "command/migrateview.h"

#include <stdio.h>
#include <string.h>

#include "format/json.h"
#include "front/cli.h"

enum { NAME_SHOWN_MAX = 1024 };

/* So many of a class there are, and of those so many are acted on. */
static size_t count_class(const struct sk_migration *plan,
			  enum sk_migration_class class)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->items[i].class == class;
	return count;
}

size_t sk_migrate_count_tracked(const struct sk_migrate_view *view)
{
	const struct sk_migration *plan = &view->project;
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->items[i].is_tracked &&
			 plan->items[i].action != SK_MIGRATION_KEEP;
	return count;
}

static void add_runtime(struct sk_str *out, const struct sk_migrate_view *view)
{
	const struct sk_runtime *runtime = &view->runtime;

	sk_str_puts(out, "Runtime '");
	sk_str_add_visible(out, runtime->home.ptr, runtime->home.len,
			   NAME_SHOWN_MAX);
	sk_str_puts(out, "': ");
	if (runtime->state == SK_RUNTIME_CURRENT) {
		sk_str_puts(out, "in place\n");
		return;
	}
	if (runtime->state == SK_RUNTIME_FOREIGN) {
		sk_str_puts(out, "of spec-kitty '");
		sk_str_add_visible(out, runtime->version.ptr,
				   runtime->version.len, 60);
		sk_str_puts(out, "', which is left to it\n");
		return;
	}
	sk_str_puts(out, view->is_dry_run ? "would be put in place\n"
					  : "put in place\n");
	for (size_t i = 0; i < runtime->count; i++) {
		sk_str_addf(out, "  %-8s",
			    sk_runtime_step_name(runtime->files[i].step));
		sk_str_add_visible(out, runtime->files[i].name,
				   strlen(runtime->files[i].name),
				   NAME_SHOWN_MAX);
		sk_str_putc(out, '\n');
	}
}

/* A line for each file of what is shared, and each folder that goes. */
static void add_item(struct sk_str *out, const struct sk_migration_item *item)
{
	if (item->action == SK_MIGRATION_KEEP && !item->why)
		return;
	sk_str_addf(out, "  %-8s", sk_migration_action_name(item->action));
	sk_str_add_visible(out, item->name, strlen(item->name), NAME_SHOWN_MAX);
	if (item->class == SK_MIGRATION_FOLDER)
		sk_str_putc(out, '/');
	if (item->action == SK_MIGRATION_MOVE)
		sk_str_puts(out, " to overrides/");
	if (item->why)
		sk_str_addf(out, " (%s)", item->why);
	sk_str_putc(out, '\n');
}

static void add_project(struct sk_str *out, const struct sk_migrate_view *view)
{
	const struct sk_migration *plan = &view->project;

	sk_str_puts(out, "Project '");
	sk_str_add_visible(out, plan->project, strlen(plan->project),
			   NAME_SHOWN_MAX);
	sk_str_addf(out,
		    "/.kittify': %zu identical %s, %zu customized %s,"
		    " %zu superseded, %zu of the project and %zu unknown"
		    " kept\n",
		    count_class(plan, SK_MIGRATION_IDENTICAL),
		    view->is_dry_run ? "to remove" : "removed",
		    count_class(plan, SK_MIGRATION_CUSTOMIZED),
		    view->is_dry_run ? "to move" : "moved",
		    count_class(plan, SK_MIGRATION_SUPERSEDED),
		    count_class(plan, SK_MIGRATION_PROJECT),
		    count_class(plan, SK_MIGRATION_UNKNOWN));
	for (size_t i = 0; i < plan->count; i++)
		add_item(out, &plan->items[i]);
}

static void add_ids(struct sk_str *out, const struct sk_missionids *ids)
{
	sk_str_addf(out, "Mission ids: %zu wrote, %zu skip, %zu error\n",
		    sk_missionids_count(ids, SK_MISSIONID_WROTE),
		    sk_missionids_count(ids, SK_MISSIONID_SKIP),
		    sk_missionids_count(ids, SK_MISSIONID_ERROR));
	for (size_t i = 0; i < ids->count; i++) {
		const struct sk_missionid *item = &ids->items[i];

		sk_str_addf(out, "  %-8s",
			    sk_missionid_outcome_name(item->outcome));
		sk_str_add_visible(out, item->slug, strlen(item->slug),
				   NAME_SHOWN_MAX);
		if (item->id[0])
			sk_str_addf(out, " %s", item->id);
		if (item->why) {
			sk_str_puts(out, " (");
			sk_str_add_visible(out, item->why, strlen(item->why),
					   NAME_SHOWN_MAX);
			sk_str_putc(out, ')');
		}
		sk_str_putc(out, '\n');
	}
}

void sk_migrate_print_text(const struct sk_migrate_view *view)
{
	struct sk_str text = SK_STR_INIT;

	add_runtime(&text, view);
	add_project(&text, view);
	if (view->has_ids)
		add_ids(&text, &view->ids);
	sk_say("%s", text.ptr);
	sk_str_free(&text);
}

static void add_runtime_json(struct sk_jsonw *w,
			     const struct sk_runtime *runtime)
{
	sk_jsonw_object(w, "runtime");
	sk_jsonw_text(w, "home", runtime->home.ptr);
	sk_jsonw_text(w, "was", sk_runtime_state_name(runtime->state));
	sk_jsonw_text(w, "version",
		      runtime->version.len ? runtime->version.ptr : NULL);
	sk_jsonw_array(w, "files");
	for (size_t i = 0; i < runtime->count; i++) {
		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "path", runtime->files[i].name);
		sk_jsonw_text(w, "action",
			      sk_runtime_step_name(runtime->files[i].step));
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
	sk_jsonw_end_object(w);
}

static void add_item_json(struct sk_jsonw *w,
			  const struct sk_migration_item *item)
{
	struct sk_str to = SK_STR_INIT;

	if (item->action == SK_MIGRATION_MOVE)
		sk_str_addf(&to, "overrides/%s", item->name);
	sk_jsonw_object(w, NULL);
	sk_jsonw_text(w, "path", item->name);
	sk_jsonw_text(w, "class", sk_migration_class_name(item->class));
	sk_jsonw_text(w, "action", sk_migration_action_name(item->action));
	sk_jsonw_text(w, "to", to.len ? to.ptr : NULL);
	sk_jsonw_text(w, "why", item->why);
	sk_jsonw_bool(w, "is_tracked", item->is_tracked);
	sk_jsonw_end_object(w);
	sk_str_free(&to);
}

static void add_project_json(struct sk_jsonw *w,
			     const struct sk_migration *plan)
{
	sk_jsonw_object(w, "project");
	sk_jsonw_text(w, "path", plan->project);
	sk_jsonw_object(w, "counts");
	for (size_t i = 0; i < SK_MIGRATION_CLASSES; i++)
		sk_jsonw_int(
			w, sk_migration_class_name((enum sk_migration_class)i),
			(int64_t)count_class(plan, (enum sk_migration_class)i));
	sk_jsonw_end_object(w);
	sk_jsonw_array(w, "files");
	for (size_t i = 0; i < plan->count; i++) {
		/* a folder that stays is nothing to speak of */
		if (plan->items[i].class != SK_MIGRATION_FOLDER ||
		    plan->items[i].action != SK_MIGRATION_KEEP)
			add_item_json(w, &plan->items[i]);
	}
	sk_jsonw_end_array(w);
	sk_jsonw_end_object(w);
}

static void add_ids_json(struct sk_jsonw *w, const struct sk_missionids *ids)
{
	sk_jsonw_object(w, "identity");
	for (int i = SK_MISSIONID_WROTE; i <= SK_MISSIONID_ERROR; i++)
		sk_jsonw_int(
			w,
			sk_missionid_outcome_name((enum sk_missionid_outcome)i),
			(int64_t)sk_missionids_count(
				ids, (enum sk_missionid_outcome)i));
	sk_jsonw_array(w, "missions");
	for (size_t i = 0; i < ids->count; i++) {
		const struct sk_missionid *item = &ids->items[i];

		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "mission_slug", item->slug);
		sk_jsonw_text(w, "outcome",
			      sk_missionid_outcome_name(item->outcome));
		sk_jsonw_text(w, "mission_id", item->id[0] ? item->id : NULL);
		sk_jsonw_text(w, "why", item->why);
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
	sk_jsonw_end_object(w);
}

void sk_migrate_print_json(const struct sk_migrate_view *view)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "dry_run", view->is_dry_run);
	add_runtime_json(&w, &view->runtime);
	add_project_json(&w, &view->project);
	if (view->has_ids)
		add_ids_json(&w, &view->ids);
	else
		sk_jsonw_null(&w, "identity");
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}
