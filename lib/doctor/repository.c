/* SPDX-License-Identifier: MIT */
/* The repository we are in, its hooks, and the settings that apply in it. */
#include "doctor/part.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/home.h"
#include "base/proc.h"
#include "git/config.h"
#include "git/hooksdir.h"

static const char *const ours[] = {"post-commit", "post-merge", "post-rewrite"};

/* The hooks folder, and what is known of the repository it belongs to. */
struct hooks {
	struct sk_doctor *d;
	struct sk_str dir;
	bool is_set_up;	 /* sk.clone is there */
	size_t in_place; /* of those that capture */
};

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(ours); i++) {
		if (strcmp(name, ours[i]) == 0)
			return true;
	}
	return false;
}

static const char *owner_name(enum sk_hook_state state)
{
	switch (state) {
	case SK_HOOK_OURS:
		return "git-sk";
	case SK_HOOK_STALE:
		return "another git-sk";
	case SK_HOOK_FOREIGN:
		return "another program";
	case SK_HOOK_ABSENT:
		break;
	}
	return "nobody";
}

/* One hook: who it belongs to, where it leads, whether git would run it. */
static void add_hook(struct hooks *h, const char *event,
		     enum sk_hook_state state)
{
	struct sk_doctor *d = h->d;
	bool kept = sk_hook_has_kept(h->dir.ptr, event), runs;
	struct sk_str path = SK_STR_INIT;
	char link[PATH_MAX];
	ssize_t len;

	sk_str_addf(&path, "%s/%s", h->dir.ptr, event);
	runs = access(path.ptr, X_OK) == 0;
	len = readlink(path.ptr, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	sk_doctor_line(d, event, "%s%s%s%s%s", owner_name(state),
		       len > 0 ? ", " : "", link,
		       state == SK_HOOK_ABSENT || runs
			       ? ""
			       : "; git does not run it: not executable",
		       kept ? "; runs the kept hook first" : "");
	sk_jsonw_object(&d->w, NULL);
	sk_jsonw_text(&d->w, "event", event);
	sk_jsonw_text(&d->w, "owner",
		      state == SK_HOOK_ABSENT ? NULL : owner_name(state));
	sk_jsonw_text(&d->w, "target", len > 0 ? link : NULL);
	sk_jsonw_bool(&d->w, "is_run", runs);
	sk_jsonw_bool(&d->w, "has_kept", kept);
	sk_jsonw_end_object(&d->w);
	h->in_place += state == SK_HOOK_OURS && runs && is_ours(event);
	if (state == SK_HOOK_STALE)
		sk_doctor_find(d, "hook_stale", "git sk-setup",
			       "hook '%s' leads to another git-sk, '%s'", event,
			       link);
	sk_str_free(&path);
}

/* Names git would take for a hook: no suffix, no hidden file. */
static int is_hook(const struct dirent *entry)
{
	return !strchr(entry->d_name, '.') && !is_ours(entry->d_name);
}

static void add_hooks(struct hooks *h)
{
	struct sk_str target = SK_STR_INIT;
	struct dirent **names = NULL;
	struct sk_err err = {0};
	int count;

	sk_jsonw_array(&h->d->w, "hooks");
	for (size_t i = 0; i < SK_COUNTOF(ours); i++) {
		if (sk_sibling_path(&target, ours[i], &err) < 0) {
			sk_doctor_find_err(h->d, "incomplete", &err);
			sk_str_clear(&target);
		}
		add_hook(h, ours[i],
			 sk_hook_state(h->dir.ptr, ours[i], target.ptr));
	}
	count = scandir(h->dir.ptr, &names, is_hook, alphasort);
	for (int i = 0; i < count; i++) {
		const char *event = names[i]->d_name;

		if (sk_sibling_path(&target, event, &err) < 0)
			sk_str_clear(&target);
		add_hook(h, event,
			 sk_hook_state(h->dir.ptr, event, target.ptr));
		free(names[i]);
	}
	free(names);
	sk_jsonw_end_array(&h->d->w);
	sk_str_free(&target);
}

static void judge_hooks(const struct hooks *h)
{
	const char *skip = getenv("GIT_SK");

	if (h->is_set_up && h->in_place < SK_COUNTOF(ours))
		sk_doctor_find(h->d, "hooks_missing", "git sk-setup",
			       "%zu of %zu hooks are not in the folder that git"
			       " runs them from, '%s'",
			       SK_COUNTOF(ours) - h->in_place, SK_COUNTOF(ours),
			       h->dir.ptr);
	else if (!h->is_set_up && h->in_place)
		sk_doctor_find(h->d, "not_set_up", "git sk-setup",
			       "hooks are in place, but this clone was never"
			       " set up");
	if (h->is_set_up && skip && strcmp(skip, "0") == 0)
		sk_doctor_find(h->d, "switched_off", "unset GIT_SK",
			       "hooks are switched off by GIT_SK=0");
}

/* Whether git sees a repository here, even if we cannot read it. */
static bool is_in_repository(void)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc = sk_proc_read(
		&text, NULL,
		(const char *const[]){"git", "rev-parse", "--git-dir", NULL},
		1u << 16, &ignored);

	sk_str_free(&text);
	return rc == 0;
}

static void look_at(struct sk_doctor *d, struct sk_repo *repo)
{
	const char *tree = sk_repo_work_tree(repo);
	struct hooks h = {.d = d, .dir = SK_STR_INIT};
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_str why = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = sk_config_load(&config, &err);

	if (rc == 0)
		rc = sk_hooks_dir(&h.dir, &why, repo, &err);
	h.is_set_up = rc >= 0 && sk_config_get(&config, "sk.clone");
	sk_doctor_line(d, "Folder", "%s", tree ? tree : sk_repo_git_dir(repo));
	sk_doctor_line(d, "Set up", "%s",
		       h.is_set_up ? "yes" : "no; 'git sk-setup' would do it");
	sk_jsonw_text(&d->w, "git_dir", sk_repo_git_dir(repo));
	sk_jsonw_text(&d->w, "work_tree", tree);
	sk_jsonw_bool(&d->w, "is_set_up", h.is_set_up);
	sk_jsonw_text(&d->w, "hooks_dir", h.dir.len ? h.dir.ptr : NULL);
	sk_jsonw_text(&d->w, "hooks_dir_note", why.len ? why.ptr : NULL);
	if (rc < 0) {
		sk_doctor_find_err(d, "hooks_unknown", &err);
	} else {
		sk_doctor_line(d, "Hooks folder", "%s", h.dir.ptr);
		if (why.len)
			sk_doctor_line(d, "", "%s", why.ptr);
		add_hooks(&h);
		judge_hooks(&h);
	}
	sk_str_free(&why);
	sk_str_free(&h.dir);
	sk_config_free(&config);
}

void sk_doctor_hooks(struct sk_doctor *d)
{
	struct sk_repo *repo = NULL;
	struct sk_err err = {0};

	sk_doctor_begin(d, "Repository");
	if (sk_repo_open(&repo, &err) == 0) {
		sk_jsonw_object(&d->w, "repository");
		look_at(d, repo);
		sk_jsonw_end_object(&d->w);
	} else {
		sk_jsonw_null(&d->w, "repository");
		sk_doctor_line(d, "Folder", "%s",
			       is_in_repository() ? "cannot be read"
						  : "none here");
		if (is_in_repository())
			sk_doctor_find_err(d, "repository", &err);
	}
	sk_repo_close(repo);
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
