/* SPDX-License-Identifier: MIT */
#include "workflow/migration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "format/sha256.h"
#include "workflow/builtin.h"
#include "workflow/filelist.h"
#include "workflow/runtime.h"
#include "workflow/template.h"

enum { TRACKED_MAX = 1 << 26 };

static const char *const classes[] = {
	[SK_MIGRATION_PROJECT] = "project_specific",
	[SK_MIGRATION_IDENTICAL] = "identical",
	[SK_MIGRATION_CUSTOMIZED] = "customized",
	[SK_MIGRATION_SUPERSEDED] = "superseded",
	[SK_MIGRATION_UNKNOWN] = "unknown",
	[SK_MIGRATION_FOLDER] = "folder",
};
static const char *const actions[] = {
	[SK_MIGRATION_KEEP] = "keep",
	[SK_MIGRATION_REMOVE] = "remove",
	[SK_MIGRATION_MOVE] = "move",
};

const char *sk_migration_class_name(enum sk_migration_class class)
{
	return classes[class];
}

const char *sk_migration_action_name(enum sk_migration_action action)
{
	return actions[action];
}

static bool begins_with(const char *name, const char *const *words,
			size_t count)
{
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < count; i++) {
		if (strlen(words[i]) == len &&
		    strncmp(name, words[i], len) == 0)
			return true;
	}
	return false;
}

static bool is_the_projects(const char *name)
{
	static const char *const words[] = {
		"config.yaml", "metadata.yaml", "memory",	   "workspaces",
		"logs",	       "overrides",	"merge-state.json"};

	return begins_with(name, words, SK_COUNTOF(words));
}

/* Where releases put copies of the package. What Python compiled is none. */
static bool is_shared(const char *name)
{
	static const char *const words[] = {"templates", "missions", "scripts",
					    "command-templates"};

	return !strstr(name, "__pycache__") &&
	       (strcmp(name, "AGENTS.md") == 0 ||
		begins_with(name, words, SK_COUNTOF(words)));
}

/* Everything that is asked for each file. */
struct look {
	struct sk_migration *plan;
	struct sk_str root;		/* the .kittify */
	struct sk_str home, package;	/* "": the package is built in */
	struct sk_map tracked, folders; /* folders: the place of each item */
};

static bool read_whole(struct sk_str *out, const char *path)
{
	struct sk_err ignored = {0};

	sk_str_clear(out);
	return sk_file_read(out, path, SK_TEMPLATE_MAX, &ignored) == 0;
}

/* Of a template: what the chain finds when the project has none. */
static bool find_template(struct sk_str *out, const char *type,
			  const char *name)
{
	struct sk_template found = SK_TEMPLATE_INIT;
	struct sk_err ignored = {0};
	bool is_found =
		sk_template_find(&found, NULL, type, name, &ignored) == 0;

	if (is_found) {
		sk_str_clear(out);
		sk_str_add(out, found.text.ptr, found.text.len);
	}
	sk_template_free(&found);
	return is_found;
}

/* Of other files, which only a folder can hold. */
static bool find_other(struct sk_str *out, const struct look *l,
		       const char *name)
{
	const char *folders[] = {l->home.ptr, l->package.ptr, l->package.ptr,
				 l->package.ptr};
	const char *below[] = {"/", "/" SK_BUILTIN_MISSION "/", "/", "/"};
	const char *names[] = {name, name, name, name};
	struct sk_str path = SK_STR_INIT;
	bool is_found = false;

	if (strncmp(name, "missions/", strlen("missions/")) == 0)
		names[3] += strlen("missions/");
	for (size_t i = 0; i < SK_COUNTOF(names) && !is_found; i++) {
		sk_str_clear(&path);
		sk_str_addf(&path, "%s%s%s", folders[i], below[i], names[i]);
		is_found = folders[i][0] && read_whole(out, path.ptr);
	}
	sk_str_free(&path);
	return is_found;
}

/* What stands in for a shared file once it is gone. */
static bool find_counterpart(struct sk_str *out, const struct look *l,
			     const char *name)
{
	const char *rest = name, *slash;
	char *type = NULL;
	bool is_found = false;

	if (strncmp(name, "missions/", strlen("missions/")) == 0) {
		rest += strlen("missions/");
		slash = strchr(rest, '/');
		if (slash) {
			type = sk_strndup(rest, (size_t)(slash - rest));
			rest = slash + 1;
		}
	} else {
		type = sk_strdup(SK_BUILTIN_MISSION);
	}
	if (type && (strncmp(rest, "templates/", 10) == 0 ||
		     strncmp(rest, "command-templates/", 18) == 0 ||
		     (rest != name && strcmp(rest, "mission.yaml") == 0)))
		is_found = find_template(out, type, rest);
	if (!is_found)
		is_found = find_other(out, l, name);
	free(type);
	return is_found;
}

static void keep(struct sk_migration_item *item, enum sk_migration_class class,
		 const char *why)
{
	item->class = class;
	item->action = SK_MIGRATION_KEEP;
	item->why = why;
}

static void drop(struct sk_migration_item *item, const struct sk_str *text)
{
	item->class = SK_MIGRATION_IDENTICAL;
	item->action = SK_MIGRATION_REMOVE;
	sk_sha256(item->sum, text->ptr, text->len);
}

/* Something has the name in overrides/: it wins, now and afterwards. */
static void meet(struct sk_migration_item *item, const char *path,
		 const struct stat *st, const struct sk_str *text)
{
	struct sk_str other = SK_STR_INIT;

	if (S_ISREG(st->st_mode) && text && read_whole(&other, path) &&
	    sk_str_equal(text, &other))
		drop(item, text);
	else
		keep(item, SK_MIGRATION_SUPERSEDED,
		     "there is another one in overrides/");
	sk_str_free(&other);
}

/*
 * To overrides/, when the way is free: of real folders, as far as they are
 * there. `text` is NULL for a file that cannot be read.
 */
static void move(struct sk_migration_item *item, const struct look *l,
		 const struct sk_str *text)
{
	struct sk_str path = SK_STR_INIT;
	const char *end = item->name; /* so much of it is in the path */
	struct stat st;

	item->class = SK_MIGRATION_CUSTOMIZED;
	item->action = SK_MIGRATION_MOVE;
	sk_str_addf(&path, "%s/overrides", l->root.ptr);
	while (item->action == SK_MIGRATION_MOVE && lstat(path.ptr, &st) == 0) {
		const char *from = *end == '/' ? end + 1 : end;

		if (!*from) {
			meet(item, path.ptr, &st, text);
			break;
		}
		if (!S_ISDIR(st.st_mode))
			keep(item, SK_MIGRATION_UNKNOWN,
			     "what is no folder is in its way in overrides/");
		end = from + strcspn(from, "/");
		sk_str_addf(&path, "/%.*s", (int)(end - from), from);
	}
	sk_str_free(&path);
}

static void classify_shared(struct sk_migration_item *item,
			    const struct look *l)
{
	struct sk_str text = SK_STR_INIT, other = SK_STR_INIT;
	struct sk_str path = SK_STR_INIT;
	bool is_read;

	sk_str_addf(&path, "%s/%s", l->root.ptr, item->name);
	is_read = read_whole(&text, path.ptr);
	if (is_read && find_counterpart(&other, l, item->name) &&
	    sk_str_equal(&text, &other))
		drop(item, &text);
	else
		move(item, l, is_read ? &text : NULL);
	sk_str_free(&path);
	sk_str_free(&text);
	sk_str_free(&other);
}

static void classify(struct sk_migration_item *item, enum sk_file_kind kind,
		     const struct look *l)
{
	/* a folder of what is shared goes with the last thing in it */
	if (kind == SK_FILE_FOLDER) {
		keep(item, SK_MIGRATION_FOLDER, NULL);
		if (is_shared(item->name))
			item->action = SK_MIGRATION_REMOVE;
	} else if (is_the_projects(item->name)) {
		keep(item, SK_MIGRATION_PROJECT, NULL);
	} else if (!is_shared(item->name)) {
		keep(item, SK_MIGRATION_UNKNOWN, NULL);
	} else if (kind == SK_FILE_LINK) {
		keep(item, SK_MIGRATION_UNKNOWN, "it is a link");
	} else if (kind == SK_FILE_SPECIAL) {
		keep(item, SK_MIGRATION_UNKNOWN, "it is no file");
	} else {
		classify_shared(item, l);
	}
}

static void add_item(struct look *l, const struct sk_file_entry *entry)
{
	struct sk_migration *plan = l->plan;
	struct sk_migration_item *item;
	struct sk_str path = SK_STR_INIT;

	SK_GROW(plan->items, plan->count, plan->cap);
	item = &plan->items[plan->count];
	*item = (struct sk_migration_item){.name = sk_strdup(entry->name)};
	sk_str_addf(&path, SK_KITTIFY "/%s", entry->name);
	item->is_tracked = sk_map_get(&l->tracked, path.ptr, path.len) != NULL;
	if (entry->kind == SK_FILE_FOLDER)
		sk_map_add(&l->folders, item->name, strlen(item->name),
			   (int64_t)plan->count, NULL);
	classify(item, entry->kind, l);
	plan->count++;
	sk_str_free(&path);
}

/* What stays keeps the folders above it. Those come first in the list. */
static void keep_folders(struct look *l)
{
	for (size_t i = l->plan->count; i-- > 0;) {
		const struct sk_migration_item *item = &l->plan->items[i];
		const char *slash = strrchr(item->name, '/');
		const int64_t *above;

		if (item->action != SK_MIGRATION_KEEP || !slash)
			continue;
		above = sk_map_get(&l->folders, item->name,
				   (size_t)(slash - item->name));
		if (above)
			l->plan->items[*above].action = SK_MIGRATION_KEEP;
	}
}

static int read_tracked(struct sk_map *tracked, struct sk_err *err)
{
	static const char all[] = ":/" SK_KITTIFY;
	const char *const argv[] = {"git", "ls-files", "-z", "--full-name",
				    "--",  all,	       NULL};
	struct sk_str names = SK_STR_INIT, said = SK_STR_INIT;
	int rc = sk_spawn_read(&names, &said, argv, TRACKED_MAX, err);

	if (rc > 0) {
		sk_str_rtrim(&said);
		rc = sk_fail(err, SK_EFAIL, "git cannot list its files: %.200s",
			     said.ptr);
	}
	for (const char *at = names.ptr; rc == 0 && at < names.ptr + names.len;
	     at += strlen(at) + 1)
		sk_map_add(tracked, at, strlen(at), 1, NULL);
	sk_str_free(&names);
	sk_str_free(&said);
	return rc;
}

/* A .kittify that is a link may be that of others, too. */
static int check_root(const char *root, struct sk_err *err)
{
	struct stat st;

	if (lstat(root, &st) < 0)
		return errno == ENOENT
			       ? 0
			       : sk_fail_errno(err, errno, "cannot stat '%s'",
					       root);
	if (S_ISDIR(st.st_mode))
		return 0;
	sk_fail(err, SK_EFAIL, "'%s' is no folder of this project", root);
	return sk_hint(err, "run it where the folder itself is");
}

int sk_migration_plan(struct sk_migration *plan, const char *project,
		      struct sk_err *err)
{
	struct look l = {.plan = plan,
			 .root = SK_STR_INIT,
			 .home = SK_STR_INIT,
			 .package = SK_STR_INIT,
			 .tracked = SK_MAP_INIT,
			 .folders = SK_MAP_INIT};
	struct sk_file_list list = SK_FILE_LIST_INIT;
	int ret = -1;

	plan->project = sk_strdup(project);
	sk_str_addf(&l.root, "%s/" SK_KITTIFY, project);
	if (check_root(l.root.ptr, err) < 0 ||
	    sk_runtime_home(&l.home, err) < 0 ||
	    sk_package_root(&l.package, err) < 0 ||
	    sk_file_list_read(&list, l.root.ptr, err) < 0 ||
	    (list.count && read_tracked(&l.tracked, err) < 0))
		goto out;
	for (size_t i = 0; i < list.count; i++)
		add_item(&l, &list.items[i]);
	keep_folders(&l);
	ret = 0;
out:
	sk_file_list_free(&list);
	sk_map_free(&l.tracked);
	sk_map_free(&l.folders);
	sk_str_free(&l.root);
	sk_str_free(&l.home);
	sk_str_free(&l.package);
	return ret;
}

void sk_migration_free(struct sk_migration *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->items[i].name);
	free(plan->items);
	free(plan->project);
	*plan = (struct sk_migration)SK_MIGRATION_INIT;
}
