/* SPDX-License-Identifier: MIT */
#include "setup/byhand.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "format/json.h"

enum { FILE_MAX = 4 << 20 };

/* How far an event is in a manager's configuration already. */
enum use {
	UNUSED,
	USED,	/* it has something to run */
	LISTED, /* in a list that takes more */
};

/*
 * A manager of hooks: the files of its own that say what it runs, and how a
 * line of ours looks there. In all texts %1$s is the event's name, %2$s its
 * arguments, %3$s what pre-commit calls it in all its versions, %4$s the file,
 * %5$s what goes before a line behind theirs, %6$s all events.
 */
struct manager {
	const char *owner;     /* as sk_hook_look() says it */
	const char *files[4];  /* below the work tree; "%s" is the event */
	const char *heading;   /* where the lines go */
	const char *lines;     /* for each event */
	const char *arguments; /* of those that have any; NULL: own ones */
	const char *refusal;   /* how a gate's line hands its status on */
	const char *footing;   /* what to run then; NULL for nothing */
	/* what has one place for each event: is that taken, and what then */
	enum use (*look)(const char *text, const char *event);
	const char *used, *listed; /* in the place of `lines` */
};

static const char *const own_arguments[SK_HOOK_EVENTS] = {
	"",
	" \"${PRE_COMMIT_IS_SQUASH_MERGE:-0}\"",
	" \"$PRE_COMMIT_REWRITE_COMMAND\"",
	(" \"$PRE_COMMIT_FROM_REF\" \"$PRE_COMMIT_TO_REF\""
	 " \"$PRE_COMMIT_CHECKOUT_TYPE\""),
	"",
	"",
	" \"$PRE_COMMIT_REMOTE_NAME\""};

/*
 * `event:` and `jobs:` below it, line by line: anchors, which format/yaml.h
 * refuses, are common there.
 */
static enum use look_in_yaml(const char *text, const char *event)
{
	size_t len = strlen(event);
	enum use use = UNUSED;
	bool is_here = false;

	for (const char *line = text; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		const char *word = line + strspn(line, " \t");

		if (word == line && !strchr("\r\n#", *line))
			is_here = strncmp(line, event, len) == 0 &&
				  line[len] == ':';
		if (is_here && use == UNUSED)
			use = USED;
		if (is_here && strncmp(word, "jobs:", 5) == 0)
			use = LISTED;
	}
	return use;
}

/* One command for each event. */
static enum use look_in_json(const char *text, const char *event)
{
	struct sk_json *root = NULL;
	struct sk_err ignored = {0};
	enum use use = UNUSED;

	if (sk_json_parse(&root, text, strlen(text), &ignored) == 0 &&
	    sk_json_get(sk_json_get(root, "simple-git-hooks"), event))
		use = USED;
	sk_json_free(root);
	return use;
}

#define LEFTHOOK_JOB                                                           \
	"        - name: git-sk\n"                                             \
	"          run: \"! command -v git-sk >/dev/null || git-sk hook"       \
	" %1$s%2$s\"\n%7$s"

/* clang-format off */
static const struct manager managers[] = {
	{"husky", {".husky/%s"}, NULL,
	 "In '.husky/%1$s':\n"
	 "    ! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\n",
	 " \"$@\"", " || exit", NULL, NULL, NULL, NULL},
	{"lefthook", {"lefthook.yml", ".lefthook.yml", "lefthook.yaml"},
	 "In '%4$s':\n",
	 "    %1$s:\n"
	 "      jobs:\n"
	 LEFTHOOK_JOB,
	 " {0}", "", "Then run 'lefthook install'.\n", look_in_yaml,
	 "In '%4$s', below '%1$s:':\n"
	 "      jobs:\n"
	 LEFTHOOK_JOB,
	 "In '%4$s', below 'jobs:' of '%1$s:':\n"
	 LEFTHOOK_JOB},
	{"pre-commit", {".pre-commit-config.yaml"},
	 "In '%4$s', below 'repos:':\n"
	 "    - repo: local\n"
	 "      hooks:\n",
	 "        - id: git-sk-%1$s\n"
	 "          name: git-sk\n"
	 "          language: system\n"
	 "          entry: sh -c '! command -v git-sk >/dev/null || git-sk hook %1$s%2$s'\n"
	 "          stages: [%3$s]\n"
	 "          always_run: true\n"
	 "          pass_filenames: false\n",
	 NULL, "", "Then run 'pre-commit install%6$s', or the same"
	       " with 'prek'.\n", NULL, NULL, NULL},
	{"simple-git-hooks", {"package.json", ".simple-git-hooks.json"},
	 "In 'package.json', below 'simple-git-hooks':\n",
	 "    \"%1$s\": \"! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\",\n",
	 " \\\"$@\\\"", "", "Then run 'npx simple-git-hooks'.\n", look_in_json,
	 "In 'package.json', at the end of '%1$s' below 'simple-git-hooks':\n"
	 "    %5$s! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\n", NULL},
	{NULL, {NULL}, NULL,
	 "In the hook '%1$s', which has to be executable:\n"
	 "    ! command -v git-sk >/dev/null || git-sk hook %1$s%2$s\n",
	 " \"$@\"", " || exit", NULL, NULL, NULL, NULL},
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

/* Git gives none to these: any that a manager has are of its own making. */
static bool has_arguments(const char *event)
{
	return strcmp(event, "post-commit") != 0 &&
	       strcmp(event, "pre-commit") != 0 &&
	       strcmp(event, "pre-merge-commit") != 0;
}

static void add_arguments(struct sk_str *out, const struct manager *m,
			  size_t event)
{
	if (has_arguments(sk_hook_events[event].name))
		sk_str_puts(out,
			    m->arguments ? m->arguments : own_arguments[event]);
	if (sk_hook_events[event].is_gate)
		sk_str_puts(out, m->refusal);
}

/* By the names that all versions of pre-commit know. */
static const char *stage_of(const char *event)
{
	if (strcmp(event, "pre-commit") == 0)
		return "commit";
	if (strcmp(event, "pre-merge-commit") == 0)
		return "merge-commit";
	return strcmp(event, "pre-push") == 0 ? "push" : event;
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

/*
 * The line of ours in the hook as git runs it, or in one of the manager's
 * files. Sets *where to the file.
 */
static bool find_line(struct sk_str *where, const struct sk_setup *s,
		      const struct manager *m,
		      const struct sk_hook_event *event)
{
	const struct sk_place *place = &s->places[event - sk_hook_events];
	struct sk_str text = SK_STR_INIT;
	bool found = false;

	sk_str_clear(where);
	if (place->active.is == SK_HOOK_FOREIGN &&
	    place->active.is_executable &&
	    has_line(place->active.text.ptr, event->name)) {
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

/* What the texts are filled in with. */
struct advice {
	const struct sk_setup *s;
	const struct manager *m;
	const char *file;   /* of the manager's, the one that is here */
	struct sk_str text; /* what it says */
};

static void open_advice(struct advice *a, const struct sk_setup *s)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err ignored = {0};

	*a = (struct advice){.s = s, .m = manager_here(s), .text = SK_STR_INIT};
	a->file = a->m->files[0];
	for (size_t i = 0; a->m->look && s->tree && a->m->files[i]; i++) {
		set_file(&path, s, a->m->files[i], "");
		if (sk_file_read(&a->text, path.ptr, FILE_MAX, &ignored) == 0) {
			a->file = a->m->files[i];
			break;
		}
	}
	sk_str_free(&path);
}

static void add_types(struct sk_str *out, const struct sk_setup *s)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (s->wants[i])
			sk_str_addf(out, " -t %s", sk_hook_events[i].name);
	}
}

/* Theirs may refuse, and goes first. */
static const char *joint_of(size_t event)
{
	return sk_hook_events[event].is_gate ? " || exit\\n" : "\\n";
}

/* Fill in a text about one event; for those about none any will do. */
static void add_text(struct sk_str *out, const char *text,
		     const struct advice *a, size_t event)
{
	const char *name = sk_hook_events[event].name;

	for (const char *at = text; *at; at++) {
		if (strncmp(at, "%1$s", 4) == 0)
			sk_str_puts(out, name);
		else if (strncmp(at, "%2$s", 4) == 0)
			add_arguments(out, a->m, event);
		else if (strncmp(at, "%3$s", 4) == 0)
			sk_str_puts(out, stage_of(name));
		else if (strncmp(at, "%4$s", 4) == 0)
			sk_str_puts(out, a->file);
		else if (strncmp(at, "%5$s", 4) == 0)
			sk_str_puts(out, joint_of(event));
		else if (strncmp(at, "%6$s", 4) == 0)
			add_types(out, a->s);
		else if (strncmp(at, "%7$s", 4) == 0)
			sk_str_puts(out, sk_hook_events[event].reads_stdin
						 ? "          use_stdin: true\n"
						 : "");
		else {
			sk_str_putc(out, *at);
			continue;
		}
		at += 3;
	}
}

/* The lines of those that stand so and are not there yet. Returns how many. */
static size_t add_lines(struct sk_str *out, const struct advice *a,
			enum use use)
{
	const struct manager *m = a->m;
	const char *const texts[] = {m->lines, m->used, m->listed};
	struct sk_str where = SK_STR_INIT;
	size_t count = 0;

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		const char *name = sk_hook_events[i].name;
		enum use now = m->look ? m->look(a->text.ptr, name) : UNUSED;

		if (!a->s->wants[i] || now != use ||
		    find_line(&where, a->s, m, &sk_hook_events[i]))
			continue;
		if (use == UNUSED && m->heading && !count)
			add_text(out, m->heading, a, i);
		add_text(out, texts[use], a, i);
		count++;
	}
	sk_str_free(&where);
	return count;
}

void sk_byhand_add_text(struct sk_str *out, const struct sk_setup *s)
{
	struct advice a;
	size_t count;

	open_advice(&a, s);
	count = add_lines(out, &a, UNUSED);
	count += add_lines(out, &a, USED);
	count += add_lines(out, &a, LISTED);
	if (!count)
		sk_str_puts(out, "All lines are there already.\n");
	if (a.m->footing)
		add_text(out, a.m->footing, &a, 0);
	sk_str_free(&a.text);
}

bool sk_byhand_find(struct sk_str *where, const struct sk_setup *s,
		    const struct sk_hook_event *event)
{
	const struct sk_place *place = &s->places[event - sk_hook_events];

	sk_str_clear(where);
	if (place->active.is != SK_HOOK_FOREIGN || !place->active.is_executable)
		return false; /* whatever they say, git runs none of it */
	return find_line(where, s, find_manager(place->active.owner), event);
}
