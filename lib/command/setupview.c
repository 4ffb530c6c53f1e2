/* SPDX-License-Identifier: MIT */
#include "command/setupview.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "format/json.h"
#include "front/cli.h"
#include "front/projectview.h"
#include "setup/byhand.h"
#include "setup/check.h"
#include "setup/roster.h"

/* A document as it grows; printed and freed by end_document(). */
struct document {
	struct sk_str text;
	struct sk_jsonw w;
};

static void begin_document(struct document *doc)
{
	doc->text = (struct sk_str)SK_STR_INIT;
	doc->w = (struct sk_jsonw)SK_JSONW(&doc->text);
	sk_jsonw_object(&doc->w, NULL);
	sk_jsonw_int(&doc->w, "schema_version", 1);
}

static void end_document(struct document *doc)
{
	sk_jsonw_end_object(&doc->w);
	printf("%s\n", doc->text.ptr);
	sk_str_free(&doc->text);
}

static void put_visible(const char *text)
{
	struct sk_str line = SK_STR_INIT;

	sk_str_add_visible(&line, text, strlen(text), 4096);
	puts(line.ptr);
	sk_str_free(&line);
}

void sk_setup_show_plan(const struct sk_steps *steps, const char *config_file,
			const char *clone, bool json)
{
	struct sk_str line = SK_STR_INIT;
	struct document doc;

	begin_document(&doc);
	sk_jsonw_array(&doc.w, "steps");
	for (size_t i = 0; i < steps->count; i++) {
		sk_str_clear(&line);
		sk_step_describe(&line, &steps->list[i]);
		sk_jsonw_text(&doc.w, NULL, line.ptr);
		if (!json)
			put_visible(line.ptr);
	}
	if (clone)
		sk_jsonw_text(&doc.w, NULL, clone);
	sk_jsonw_end_array(&doc.w);
	sk_jsonw_text(&doc.w, "config_file", config_file);
	if (json) {
		end_document(&doc);
	} else {
		if (config_file)
			printf("change hook.sk-* in '%s'\n", config_file);
		if (clone)
			puts(clone);
		if (!steps->count && !config_file && !clone)
			puts("nothing: all is as it would be");
		sk_str_free(&doc.text);
	}
	sk_str_free(&line);
}

static void add_event_names(struct sk_str *out, const struct sk_setup *s,
			    bool with_gates)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (s->wants[i] && (with_gates || !sk_hook_events[i].is_gate))
			sk_str_addf(out, "%s%s", i ? ", " : "",
				    sk_hook_events[i].name);
	}
}

/* The hooks folder may be called anything: set *out to what can be shown. */
static const char *visible(struct sk_str *out, const char *path)
{
	sk_str_clear(out);
	sk_str_add_visible(out, path, strlen(path), 4096);
	return out->ptr;
}

/* One that can refuse is in one place only. */
static void say_place(const struct sk_setup *s, const char *words,
		      const char *path, bool with_gates)
{
	struct sk_str shown = SK_STR_INIT, names = SK_STR_INIT;

	add_event_names(&names, s, with_gates);
	sk_say("%s %s: %s.\n", words, visible(&shown, path), names.ptr);
	sk_str_free(&names);
	sk_str_free(&shown);
}

/* Managers that write the folder anew, and take our files out with that. */
static bool renews(const struct sk_hook_look *look)
{
	static const char *const owners[] = {"husky", "lefthook",
					     "simple-git-hooks"};

	for (size_t i = 0; look->owner && i < SK_COUNTOF(owners); i++) {
		if (strcmp(look->owner, owners[i]) == 0)
			return true;
	}
	return false;
}

static const char *renewing_owner(const struct sk_setup *s)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (renews(&s->places[i].active))
			return s->places[i].active.owner;
		if (renews(&s->places[i].kept))
			return s->places[i].kept.owner;
	}
	return NULL;
}

static void say_where(const struct sk_setup_plan *plan,
		      const struct sk_setup *s)
{
	const char *owner = renewing_owner(s);

	if (plan->writes_files)
		say_place(s, "Hooks are in place in", s->folder.path.ptr,
			  !plan->sets_config);
	if (plan->sets_config)
		say_place(s, "Hooks are in place by configuration, in",
			  plan->config_file.ptr, true);
	if (plan->sets_config && !plan->writes_files && s->folder.why.len)
		sk_say("No files: %s.\n", s->folder.why.ptr);
	if (plan->writes_files && !plan->sets_config && owner)
		sk_say("When %s writes its hooks anew, these are gone:"
		       " 'git sk-setup --manual' prints lines that stay.\n",
		       owner);
}

static void say_next(const struct sk_clone *clone)
{
	sk_say("Lane transitions are queued from the next commit on.\n");
	if (clone->project.uuid.len &&
	    clone->project.source == SK_PROJECT_DERIVED)
		sk_say("No project.uuid is declared in .kittify/config.yaml:"
		       " it is derived from the first commit.\n");
	if (clone->history.transitions)
		sk_say("The history holds %lld that were made before;"
		       " 'git sk-sync backfill' would publish them.\n",
		       (long long)clone->history.transitions);
	if (!clone->logged_in)
		sk_say("They wait until you log in:"
		       " 'git sk-auth login --server <url>'.\n");
}

static void show_done_json(const struct sk_setup_plan *plan,
			   const struct sk_setup *s,
			   const struct sk_clone *clone, const char *lines)
{
	struct document doc;

	begin_document(&doc);
	sk_jsonw_text(&doc.w, "hooks_dir", s->folder.path.ptr);
	sk_jsonw_bool(&doc.w, "files", plan->writes_files);
	sk_jsonw_text(&doc.w, "config_file",
		      plan->sets_config ? plan->config_file.ptr : NULL);
	sk_jsonw_text(&doc.w, "manual", lines);
	sk_jsonw_text(&doc.w, "clone", clone->id);
	sk_jsonw_bool(&doc.w, "logged_in", clone->logged_in);
	sk_jsonw_int(&doc.w, "unpublished", clone->history.transitions);
	sk_project_add_json(&doc.w, &clone->project);
	end_document(&doc);
}

static void say_change(const struct sk_project *project)
{
	struct sk_str text = SK_STR_INIT;

	if (project->replaced.len) {
		sk_project_add_change(&text, project);
		sk_warn("%s", text.ptr);
	}
	sk_str_free(&text);
}

void sk_setup_show_done(const struct sk_setup_plan *plan,
			const struct sk_setup *s, const struct sk_clone *clone,
			bool is_manual, bool json)
{
	struct sk_str lines = SK_STR_INIT;

	say_change(&clone->project);
	if (json) {
		if (is_manual)
			sk_byhand_add_text(&lines, s);
		show_done_json(plan, s, clone, is_manual ? lines.ptr : NULL);
		sk_str_free(&lines);
		return;
	}
	if (is_manual) {
		sk_setup_show_lines(s);
		sk_say("'git sk-setup --check' says whether they are found.\n");
	}
	say_where(plan, s);
	say_next(clone);
}

void sk_setup_show_lines(const struct sk_setup *s)
{
	struct sk_str lines = SK_STR_INIT;

	sk_byhand_add_text(&lines, s);
	fputs(lines.ptr, stdout);
	sk_str_free(&lines);
}

static void say_notes(const struct sk_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		if (steps->list[i].kind == SK_STEP_NOTE)
			sk_warn("%s", steps->list[i].text);
	}
}

void sk_setup_show_removal(const struct sk_removal *r, const struct sk_setup *s,
			   bool json)
{
	bool config = r->configs[0].len || r->configs[1].len;
	bool was_known = sk_config_clone(&s->config);
	struct sk_str shown = SK_STR_INIT;
	struct document doc;

	say_notes(&r->steps);
	if (json) {
		begin_document(&doc);
		sk_jsonw_int(&doc.w, "removed", (int64_t)r->hooks);
		sk_jsonw_bool(&doc.w, "config", config);
		sk_jsonw_text(&doc.w, "hooks_dir", s->folder.path.ptr);
		end_document(&doc);
		return;
	}
	if (r->hooks)
		sk_say("Removed %zu hook%s from %s. Queued events stay"
		       " queued.\n",
		       r->hooks, r->hooks == 1 ? "" : "s",
		       visible(&shown, s->folder.path.ptr));
	sk_str_free(&shown);
	if (config)
		sk_say("Removed the hooks by configuration.\n");
	if (!r->hooks && !config && was_known)
		sk_say("This clone is not set up any more. Queued events stay"
		       " queued.\n");
	else if (!r->hooks && !config)
		sk_say("Nothing to remove: none of the hooks is git-sk's.\n");
	if (r->is_global_too)
		sk_say("The hooks for all repositories leave this one alone"
		       " from now on (sk.capture = false).\n");
}

static void show_hook(const struct sk_hook_check *hook, struct sk_jsonw *w,
		      bool json)
{
	sk_jsonw_object(w, hook->event->name);
	sk_jsonw_text(w, "state", hook->how.ptr);
	sk_jsonw_text(w, "owner", hook->owner);
	sk_jsonw_bool(w, "is_reached", hook->is_reached);
	sk_jsonw_bool(w, "runs_kept", hook->runs_kept);
	sk_jsonw_text(w, "note", hook->note.len ? hook->note.ptr : NULL);
	sk_jsonw_end_object(w);
	if (json)
		return;
	printf("  %-16s %s%s\n", hook->event->name, hook->how.ptr,
	       hook->runs_kept ? ", runs the kept hook, too" : "");
	if (hook->note.len)
		printf("  %-16s (%s)\n", "", hook->note.ptr);
}

/* As it is settled; before the first commit it is not. */
static void show_project(const struct sk_setup *s, struct sk_jsonw *w,
			 bool json)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_project project;
	struct sk_err ignored = {0};

	if (sk_project_read(&project, &s->config, &ignored) < 0)
		sk_project_free(&project);
	sk_project_add_json(w, &project);
	if (!json && project.uuid.len) {
		sk_project_add_text(&text, &project);
		printf("Project %s\n", text.ptr);
	}
	sk_str_free(&text);
	sk_project_free(&project);
}

static void show_filters(const struct sk_setup *s, struct sk_jsonw *w,
			 bool json)
{
	const char *end = sk_setup_wants_filters(s)
				  ? "; 'git sk-setup' changes that."
				  : ", as it was set up.";
	bool shows = sk_filters_show(&s->filters);
	bool merges = sk_filters_merge(&s->filters);

	sk_jsonw_bool(w, "diff_in_words", shows);
	sk_jsonw_bool(w, "merge_by_row", merges);
	if (json)
		return;
	printf("Git shows event logs %s%s\n",
	       shows ? "in words" : "as they are", shows ? "." : end);
	printf("Git merges event logs %s%s\n",
	       merges ? "row by row" : "line by line", merges ? "." : end);
}

static void show_advice(const struct sk_check *check, const struct sk_setup *s)
{
	if (s->folder.why.len)
		printf("%s.\n", s->folder.why.ptr);
	if (check->note.len)
		printf("%s.\n", check->note.ptr);
	if (!check->is_set_up)
		printf("This clone is not set up. Run '%s'.\n",
		       sk_setup_command(s));
	else if (!check->is_reached)
		printf("Run '%s' to put them in place.\n", sk_setup_command(s));
}

int sk_setup_show_check(const struct sk_setup *s, bool json)
{
	struct sk_check check;
	struct document doc;
	struct sk_str shown = SK_STR_INIT;
	bool ok;

	sk_check_fill(&check, s);
	ok = check.is_set_up && check.is_reached;
	begin_document(&doc);
	sk_jsonw_text(&doc.w, "hooks_dir", s->folder.path.ptr);
	sk_jsonw_object(&doc.w, "hooks");
	if (!json)
		printf("Hooks in %s\n", visible(&shown, s->folder.path.ptr));
	sk_str_free(&shown);
	for (size_t i = 0; i < check.count; i++)
		show_hook(&check.hooks[i], &doc.w, json);
	sk_jsonw_end_object(&doc.w);
	sk_jsonw_text(&doc.w, "note", check.note.len ? check.note.ptr : NULL);
	sk_jsonw_text(&doc.w, "clone", sk_config_clone(&s->config));
	show_project(s, &doc.w, json);
	show_filters(s, &doc.w, json);
	sk_jsonw_bool(&doc.w, "ok", ok);
	if (json) {
		end_document(&doc);
	} else {
		show_advice(&check, s);
		sk_str_free(&doc.text);
	}
	sk_check_free(&check);
	return ok ? 0 : 1;
}

struct listing {
	struct document doc;
	bool json;
	size_t count;
};

/* Still there, and still known to be a clone of ours? */
static const char *state_of(const char *common)
{
	struct sk_str clone = SK_STR_INIT;
	struct stat st;
	int rc;

	if (stat(common, &st) < 0)
		return "not there any more";
	rc = sk_config_ask_clone(&clone, common);
	sk_str_free(&clone);
	return rc == 0 ? NULL : "not set up any more";
}

static int show_repository(void *ctx, const char *common)
{
	struct listing *list = ctx;
	const char *state = state_of(common);
	size_t len = strlen(common);
	struct sk_str path = SK_STR_INIT;

	/* people know the folder, not the git folder in it */
	if (len > 5 && strcmp(common + len - 5, "/.git") == 0)
		len -= 5;
	sk_str_add(&path, common, len);
	list->count++;
	sk_jsonw_object(&list->doc.w, NULL);
	sk_jsonw_text(&list->doc.w, "path", path.ptr);
	sk_jsonw_text(&list->doc.w, "state", state ? state : "set up");
	sk_jsonw_end_object(&list->doc.w);
	if (state)
		sk_str_addf(&path, "  (%s)", state);
	if (!list->json)
		put_visible(path.ptr);
	sk_str_free(&path);
	return 0;
}

int sk_setup_show_list(bool json, struct sk_err *err)
{
	struct listing list = {.json = json};
	struct sk_everywhere all;
	struct sk_err ignored = {0};
	bool everywhere;
	int rc;

	everywhere = sk_everywhere_open(&all, &ignored) == 0 &&
		     sk_everywhere_is_set(&all);
	sk_everywhere_close(&all);
	begin_document(&list.doc);
	sk_jsonw_array(&list.doc.w, "repositories");
	rc = sk_roster_each(show_repository, &list, err);
	sk_jsonw_end_array(&list.doc.w);
	sk_jsonw_bool(&list.doc.w, "global", everywhere);
	if (rc == 0 && json) {
		end_document(&list.doc);
		return 0;
	}
	if (rc == 0 && everywhere)
		puts("All repositories of this account that hold kitty-specs"
		     " (git sk-setup --global).");
	else if (rc == 0 && !list.count)
		sk_advise("no repository was set up by this account");
	sk_str_free(&list.doc.text);
	return rc;
}

int sk_setup_show_everywhere(const struct sk_everywhere *all, bool json)
{
	bool is_set = sk_everywhere_is_set(all);
	struct document doc;

	if (json) {
		begin_document(&doc);
		sk_jsonw_text(&doc.w, "config_file", all->file.ptr);
		sk_jsonw_bool(&doc.w, "ok", is_set);
		end_document(&doc);
	} else if (is_set) {
		printf("Hooks for all repositories are in place, in %s.\n",
		       all->file.ptr);
	} else {
		puts("Hooks for all repositories are not in place."
		     " Run 'git sk-setup --global'.");
	}
	return is_set ? 0 : 1;
}

void sk_setup_show_everywhere_done(const struct sk_everywhere *all, bool want,
				   bool dry_run, bool json)
{
	struct document doc;

	if (json) {
		begin_document(&doc);
		sk_jsonw_text(&doc.w, "config_file", all->file.ptr);
		sk_jsonw_bool(&doc.w, "changed", all->is_changed);
		end_document(&doc);
	} else if (dry_run) {
		printf("change hook.sk-* in '%s'\n", all->file.ptr);
	} else if (want) {
		printf("Hooks for all repositories are in place, in %s.\n"
		       "One that holds kitty-specs is captured from its next"
		       " commit on, and says so once.\n"
		       "sk.allow limits that to remotes that match, and"
		       " 'git sk-setup --remove' takes one out.\n",
		       all->file.ptr);
	} else {
		printf("Hooks for all repositories %s.\n"
		       "Repositories that were registered stay known;"
		       " 'git sk-setup --list' shows them.\n",
		       all->is_changed ? "are removed" : "were not in place");
	}
}
