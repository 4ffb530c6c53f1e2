/* SPDX-License-Identifier: MIT */
/* The repository we are in, its hooks, and the settings that apply in it. */
#include "doctor/part.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/unseen.h"
#include "git/config.h"
#include "merge/state.h"
#include "setup/check.h"

/* A member of the document for one hook, and its line. */
static void add_hook(struct sk_doctor *d, const char *event, const char *owner,
		     const char *how, bool is_run, bool runs_kept)
{
	sk_doctor_line(d, event, "%s%s", how,
		       runs_kept ? "; runs the kept hook, too" : "");
	sk_jsonw_object(&d->w, NULL);
	sk_jsonw_text(&d->w, "event", event);
	sk_jsonw_text(&d->w, "owner", owner);
	sk_jsonw_text(&d->w, "state", how);
	sk_jsonw_bool(&d->w, "is_run", is_run);
	sk_jsonw_bool(&d->w, "runs_kept", runs_kept);
	sk_jsonw_end_object(&d->w);
}

/* Names git would take for a hook: no suffix, visible. */
static int is_hook_name(const struct dirent *entry)
{
	return !strchr(entry->d_name, '.') &&
	       strcmp(entry->d_name, SK_KEPT_FOLDER) != 0;
}

static bool is_checked(const struct sk_check *check, const char *name)
{
	size_t i = 0;

	while (i < check->count &&
	       strcmp(check->hooks[i].event->name, name) != 0)
		i++;
	return i < check->count;
}

static void add_other_hook(struct sk_doctor *d, const char *dir,
			   const char *name)
{
	struct sk_str path = SK_STR_INIT, how = SK_STR_INIT;
	struct sk_hook_look look;

	sk_str_addf(&path, "%s/%s", dir, name);
	sk_hook_look(&look, path.ptr);
	sk_str_addf(&how, "%s's%s", look.owner ? look.owner : "nobody",
		    look.is_executable
			    ? ""
			    : "; git does not run it: not executable");
	add_hook(d, name, look.owner, how.ptr, look.is_executable, false);
	sk_hook_look_free(&look);
	sk_str_free(&how);
	sk_str_free(&path);
}

static void add_other_hooks(struct sk_doctor *d, const char *dir,
			    const struct sk_check *check)
{
	struct dirent **names = NULL;
	int count = scandir(dir, &names, is_hook_name, alphasort);

	for (int i = 0; i < count; i++) {
		if (!is_checked(check, names[i]->d_name))
			add_other_hook(d, dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void judge_hooks(struct sk_doctor *d, const struct sk_setup *s,
			const struct sk_check *check)
{
	const char *skip = getenv("GIT_SK");
	size_t reached = 0;

	for (size_t i = 0; i < check->count; i++) {
		const struct sk_hook_check *hook = &check->hooks[i];

		reached += hook->is_reached;
		if (hook->is_stale)
			sk_doctor_find(d, "hook_stale", "git sk-setup",
				       "hook '%s' is %s", hook->event->name,
				       hook->how.ptr);
	}
	if (check->is_set_up && !check->is_reached)
		sk_doctor_find(d, "hooks_missing", sk_setup_command(s),
			       "%zu of %zu hooks of git-sk are not run by git"
			       " from its folder, '%s'",
			       check->count - reached, check->count,
			       s->folder.path.ptr);
	else if (!check->is_set_up && reached)
		sk_doctor_find(d, "not_set_up", "git sk-setup",
			       "hooks are in place, but this clone was never"
			       " set up");
	if (check->is_set_up && skip && strcmp(skip, "0") == 0)
		sk_doctor_find(d, "switched_off", "unset GIT_SK",
			       "hooks are switched off by GIT_SK=0");
}

static void add_hooks(struct sk_doctor *d, const struct sk_setup *s,
		      const struct sk_check *check)
{
	const char *dir = s->folder.path.ptr;

	sk_doctor_line(d, "Hooks folder", "%s", dir);
	if (s->folder.why.len)
		sk_doctor_line(d, "", "%s", s->folder.why.ptr);
	if (check->note.len)
		sk_doctor_line(d, "", "%s", check->note.ptr);
	sk_jsonw_array(&d->w, "hooks");
	for (size_t i = 0; i < check->count; i++) {
		const struct sk_hook_check *hook = &check->hooks[i];

		add_hook(d, hook->event->name, hook->owner, hook->how.ptr,
			 hook->is_reached, hook->runs_kept);
		if (hook->note.len)
			sk_doctor_line(d, "", "%s", hook->note.ptr);
	}
	add_other_hooks(d, dir, check);
	sk_jsonw_end_array(&d->w);
	judge_hooks(d, s, check);
}

/* What git does with event logs, and whether that is as it was set up. */
static void add_filters(struct sk_doctor *d, const struct sk_setup *s,
			bool is_set_up)
{
	bool shows = sk_filters_show(&s->filters);
	bool merges = sk_filters_merge(&s->filters);

	sk_doctor_line(d, "Event logs", "git shows them %s, and merges %s",
		       shows ? "in words" : "as they are",
		       merges ? "row by row" : "line by line");
	sk_jsonw_bool(&d->w, "diff_in_words", shows);
	sk_jsonw_bool(&d->w, "merge_by_row", merges);
	if (is_set_up && !(shows && merges) && sk_setup_wants_filters(s))
		sk_doctor_find(d, "filters_missing", sk_setup_command(s),
			       "git does not %s event logs by git-sk",
			       merges ? "show" : "merge");
}

/* What the background should have looked at long ago. */
static void judge_unseen(struct sk_doctor *d, struct sk_repo *repo)
{
	struct sk_unseen notes;
	struct sk_err ignored = {0};
	size_t late;

	if (sk_unseen_load(&notes, repo, &ignored) < 0)
		return;
	late = sk_unseen_count(&notes, SK_UNSEEN_LATE);
	if (late)
		sk_doctor_find(d, "commits_unseen", "git sk-sync now",
			       "%zu commit%s with a large event log %s not been"
			       " captured yet",
			       late, late == 1 ? "" : "s",
			       late == 1 ? "has" : "have");
	sk_unseen_free(&notes);
}

/* One that was cut off stops every other, and holds what it has locked. */
static void judge_merge(struct sk_doctor *d, const struct sk_repo *repo)
{
	static const char code[] = "merge_interrupted";
	struct sk_merge_state state;
	struct sk_err err = {0};
	int rc = sk_merge_state_read(&state, repo, &err);

	if (rc < 0)
		sk_doctor_find_err(d, code, &err);
	else if (rc == 0 && !sk_merge_state_is_alive(&state))
		sk_doctor_find(d, code, "git sk-merge --resume",
			       "the merge of mission '%.100s' into '%.100s',"
			       " begun %s, was interrupted%s",
			       state.slug, state.target, state.started_at,
			       state.has_landed ? " behind the merge itself"
						: "");
	sk_merge_state_free(&state);
}

static void look_at(struct sk_doctor *d, const struct sk_setup *s)
{
	const char *tree = sk_repo_work_tree(s->repo);
	const char *why = s->folder.why.len ? s->folder.why.ptr : NULL;
	struct sk_check check;

	sk_check_fill(&check, s);
	sk_doctor_line(d, "Folder", "%s", tree ? tree : s->common);
	sk_doctor_line(d, "Set up", "%s",
		       check.is_set_up ? "yes"
				       : "no; 'git sk-setup' would do it");
	sk_jsonw_text(&d->w, "git_dir", sk_repo_git_dir(s->repo));
	sk_jsonw_text(&d->w, "work_tree", tree);
	sk_jsonw_bool(&d->w, "is_set_up", check.is_set_up);
	sk_jsonw_text(&d->w, "hooks_dir", s->folder.path.ptr);
	sk_jsonw_text(&d->w, "hooks_dir_note", why);
	add_hooks(d, s, &check);
	add_filters(d, s, check.is_set_up);
	judge_unseen(d, s->repo);
	judge_merge(d, s->repo);
	sk_check_free(&check);
}

void sk_doctor_hooks(struct sk_doctor *d)
{
	struct sk_setup s;
	struct sk_err err = {0};

	sk_doctor_begin(d, "Repository");
	if (sk_setup_open(&s, &err) == 0) {
		sk_jsonw_object(&d->w, "repository");
		look_at(d, &s);
		sk_jsonw_end_object(&d->w);
	} else {
		sk_jsonw_null(&d->w, "repository");
		sk_doctor_line(d, "Folder", "%s",
			       err.code == SK_ENOREPO ? "none here"
						      : "cannot be read");
		if (d->has_git && err.code != SK_ENOREPO)
			sk_doctor_find_err(d, "repository", &err);
	}
	sk_setup_close(&s);
}

/* None of our settings is a secret; what looks like one is not shown. */
static bool is_secret(const char *key)
{
	static const char *const words[] = {"token", "password", "secret"};

	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		if (strcasestr(key, words[i]))
			return true;
	}
	return false;
}

/* Append a value; the user and password of a URL are left out. */
static void add_value(struct sk_str *out, const char *key, const char *value)
{
	const char *host = strstr(value, "://");
	const char *at = host ? strchr(host, '@') : NULL;

	if (is_secret(key)) {
		sk_str_puts(out, "<redacted>");
	} else if (at && at < host + 3 + strcspn(host + 3, "/?#")) {
		sk_str_add(out, value, (size_t)(host + 3 - value));
		sk_str_addf(out, "<redacted>%s", at);
	} else {
		sk_str_puts(out, value);
	}
}

static void add_setting(void *ctx, const char *origin, const char *scope,
			const char *key, const char *value)
{
	struct sk_doctor *d = ctx;
	struct sk_str text = SK_STR_INIT;

	add_value(&text, key, value);
	sk_jsonw_object(&d->w, NULL);
	sk_jsonw_text(&d->w, "key", key);
	sk_jsonw_text(&d->w, "value", text.ptr);
	sk_jsonw_text(&d->w, "scope", scope);
	sk_jsonw_text(&d->w, "origin", origin);
	sk_jsonw_end_object(&d->w);
	sk_str_addf(&text, "  (%s%s%s)", scope, *origin ? ", " : "", origin);
	sk_doctor_line(d, key, "= %s", text.ptr);
	sk_str_free(&text);
}

void sk_doctor_config(struct sk_doctor *d)
{
	static const char *const names[] = {"GIT_SK", "GIT_SK_SKIP",
					    "GIT_SK_HOME", "GIT_SK_TRACE",
					    "SPEC_KITTY_ENABLE_SAAS_SYNC"};
	struct sk_err err = {0};
	size_t start;

	sk_doctor_begin(d, "Settings");
	start = d->text.len;
	sk_jsonw_array(&d->w, "config");
	if (d->has_git && sk_config_each(add_setting, d, &err) < 0)
		sk_doctor_find_err(d, "config", &err);
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		const char *value = getenv(names[i]);

		if (value)
			add_setting(d, "", "environment", names[i], value);
	}
	if (d->text.len == start)
		sk_doctor_line(d, "None", "all is as it comes");
	sk_jsonw_end_array(&d->w);
}
