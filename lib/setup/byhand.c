/* SPDX-License-Identifier: MIT */
#include "setup/byhand.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { FILE_MAX = 4 << 20 };

/*
 * A manager of hooks: the files of its own that say what it runs, and how a
 * line of ours looks there. %1$s is the event's name, %2$s its arguments, %3$s
 * what pre-commit calls it in all its versions.
 */
struct manager {
	const char *owner;     /* as sk_hook_look() says it */
	const char *files[4];  /* below the work tree; "%s" is the event */
	const char *heading;   /* where the lines go */
	const char *lines;     /* for each event */
	const char *arguments; /* of those that have any; NULL: own ones */
	const char *refusal;   /* how a gate's line hands its status on */
	const char *footing;   /* what to run then; NULL for nothing */
};

static const char *const own_arguments[SK_HOOK_EVENTS] = {
	"", " \"${PRE_COMMIT_IS_SQUASH_MERGE:-0}\"",
	" \"$PRE_COMMIT_REWRITE_COMMAND\"",
	(" \"$PRE_COMMIT_FROM_REF\" \"$PRE_COMMIT_TO_REF\""
	 " \"$PRE_COMMIT_CHECKOUT_TYPE\""),
	""};

/* clang-format off */
static const struct manager managers[] = {
	{"husky", {".husky/%s"}, NULL,
	 "In '.husky/%1$s':\n"
	 "    ! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\n",
	 " \"$@\"", " || exit", NULL},
	{"lefthook", {"lefthook.yml", ".lefthook.yml", "lefthook.yaml"},
	 "In 'lefthook.yml':\n",
	 "    %1$s:\n"
	 "      jobs:\n"
	 "        - name: git-sk\n"
	 "          run: \"! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\"\n",
	 " {0}", "", "Then run 'lefthook install'.\n"},
	{"pre-commit", {".pre-commit-config.yaml"},
	 "In '.pre-commit-config.yaml', below 'repos:':\n"
	 "    - repo: local\n"
	 "      hooks:\n",
	 "        - id: git-sk-%1$s\n"
	 "          name: git-sk\n"
	 "          language: system\n"
	 "          entry: sh -c '! command -v git-sk >/dev/null || git-sk hook %1$s%2$s'\n"
	 "          stages: [%3$s]\n"
	 "          always_run: true\n"
	 "          pass_filenames: false\n",
	 NULL, "", "Then run 'pre-commit install -t post-commit -t post-merge"
	       " -t post-rewrite -t post-checkout -t pre-commit', or the same"
	       " with 'prek'.\n"},
	{"simple-git-hooks", {"package.json", ".simple-git-hooks.json"},
	 "In 'package.json', below 'simple-git-hooks':\n",
	 "    \"%1$s\": \"! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\",\n",
	 " \\\"$@\\\"", "", "Then run 'npx simple-git-hooks'.\n"},
	{NULL, {NULL}, NULL,
	 "In the hook '%1$s', which has to be executable:\n"
	 "    ! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\n",
	 " \"$@\"", " || exit", NULL},
};
/* clang-format on */

static const struct manager *find_manager(const char *owner)
{
	size_t i = 0;

	if (owner && strcmp(owner, "prek") == 0)
		owner = "pre-commit"; /* it reads the same configuration */
	while (managers[i].owner &&
	       (!owner || strcmp(managers[i].owner, owner) != 0))
		i++;
	return &managers[i];
}

static void set_file(struct sk_str *out, const struct sk_setup *s,
		     const char *file, const char *event)
{
	size_t len = strcspn(file, "%");

	sk_str_clear(out);
	sk_str_addf(out, "%s/%.*s%s", s->tree, (int)len, file,
		    file[len] ? event : "");
}

/* Whether what configures it is here. */
static bool is_configured(const struct manager *m, const struct sk_setup *s)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool found;

	set_file(&path, s,
		 strcmp(m->owner, "husky") == 0 ? ".husky/_" : m->files[0], "");
	found = access(path.ptr, F_OK) == 0;
	/* package.json says nothing of hooks by being there */
	if (found && strcmp(m->owner, "simple-git-hooks") == 0)
		found = sk_file_read(&text, path.ptr, FILE_MAX, &ignored) ==
				0 &&
			strstr(text.ptr, "\"simple-git-hooks\"");
	sk_str_free(&path);
	sk_str_free(&text);
	return found;
}

/* The one whose hook is in the folder, else whose configuration is here. */
static const struct manager *manager_here(const struct sk_setup *s)
{
	const struct manager *found = NULL;

	for (size_t i = 0; i < SK_HOOK_EVENTS && !found; i++) {
		const struct manager *m =
			find_manager(s->places[i].active.owner);

		if (m->owner)
			found = m;
		m = find_manager(s->places[i].kept.owner);
		if (!found && m->owner)
			found = m;
	}
	for (size_t i = 0; s->tree && !found && managers[i].owner; i++) {
		if (is_configured(&managers[i], s))
			found = &managers[i];
	}
	return found ? found : find_manager(NULL);
}

static const char *arguments_of(const struct manager *m, size_t event)
{
	if (sk_hook_events[event].is_gate)
		return m->refusal; /* pre-commit has none */
	if (event == 0)
		return ""; /* nor has post-commit */
	return m->arguments ? m->arguments : own_arguments[event];
}

/* Put event and arguments into a manager's lines. */
static void add_lines(struct sk_str *out, const char *lines, const char *event,
		      const char *arguments)
{
	for (const char *at = lines; *at; at++) {
		if (strncmp(at, "%1$s", 4) == 0)
			sk_str_puts(out, event);
		else if (strncmp(at, "%2$s", 4) == 0)
			sk_str_puts(out, arguments);
		else if (strncmp(at, "%3$s", 4) == 0)
			sk_str_puts(out, strcmp(event, "pre-commit") == 0
						 ? "commit"
						 : event);
		else {
			sk_str_putc(out, *at);
			continue;
		}
		at += 3;
	}
}

void sk_byhand_add_text(struct sk_str *out, const struct sk_setup *s)
{
	const struct manager *m = manager_here(s);

	if (m->heading)
		sk_str_puts(out, m->heading);
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		add_lines(out, m->lines, sk_hook_events[i].name,
			  arguments_of(m, i));
	if (m->footing)
		sk_str_puts(out, m->footing);
}

/* "git-sk hook post-commit" in a line that is no comment. */
static bool has_line(const char *text, const char *event)
{
	struct sk_str call = SK_STR_INIT;
	bool found = false;
	const char *at;

	sk_str_addf(&call, "git-sk hook %s", event);
	for (at = strstr(text, call.ptr); at && !found;
	     at = strstr(at + 1, call.ptr)) {
		const char *line = at;
		char behind = at[call.len];

		while (line > text && line[-1] != '\n')
			line--;
		line += strspn(line, " \t");
		found = *line != '#' &&
			(!behind || strchr(" \t\r\n\"';&|<>)", behind));
	}
	sk_str_free(&call);
	return found;
}

bool sk_byhand_find(struct sk_str *where, const struct sk_setup *s,
		    const struct sk_hook_event *event)
{
	const struct sk_place *place = &s->places[event - sk_hook_events];
	const struct manager *m = find_manager(place->active.owner);
	struct sk_str text = SK_STR_INIT;
	bool found = false;

	sk_str_clear(where);
	if (place->active.is != SK_HOOK_FOREIGN || !place->active.is_executable)
		return false; /* whatever they say, git runs none of it */
	if (has_line(place->active.text.ptr, event->name)) {
		sk_str_addf(where, "%s/%s", place->dir, event->name);
		return true;
	}
	for (size_t i = 0; s->tree && !found && i < 3 && m->files[i]; i++) {
		struct sk_err ignored = {0};

		sk_str_clear(&text);
		set_file(where, s, m->files[i], event->name);
		found = sk_file_read(&text, where->ptr, FILE_MAX, &ignored) ==
				0 &&
			has_line(text.ptr, event->name);
	}
	if (!found)
		sk_str_clear(where);
	sk_str_free(&text);
	return found;
}
