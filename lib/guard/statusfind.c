/* SPDX-License-Identifier: MIT */
#include "guard/statusfind.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mission/eventlog.h"
#include "mission/snapshot.h"

#define META_NAME "meta.json"

/* Git exports one of them for each commit that it merges. */
#define GITHEAD "GITHEAD_"

extern char **environ;

void sk_status_place_free(struct sk_status_place *place)
{
	free(place->rev);
	place->rev = NULL;
}

/* `<rev>:<the name beside status.json>`, a line for git. */
static void add_question(struct sk_str *out, const struct sk_status_find *find,
			 const char *rev, const char *name)
{
	sk_str_addf(out, "%s:%.*s%s\n", rev,
		    (int)(strlen(find->path) - strlen(SK_SNAPSHOT_NAME)),
		    find->path, name);
}

/* The next line: the id of a blob, or that there is none. */
static const char *take_answer(char *id, const char *line)
{
	size_t len = strcspn(line, " \n"), whole = strcspn(line, "\n");

	id[0] = '\0';
	if (len <= SK_HEX_LEN && strncmp(line + len, " blob\n", 6) == 0) {
		memcpy(id, line, len);
		id[len] = '\0';
	}
	return line + whole + (line[whole] == '\n');
}

/* Ask about every commit at once. The answers are appended to *out. */
static int ask(struct sk_str *out, const struct sk_status_find *find,
	       const char *const revs[], size_t count, struct sk_err *err)
{
	static const char *const args[] = {
		"cat-file", "--batch-check=%(objectname) %(objecttype)", NULL};
	static const char *const names[] = {SK_SNAPSHOT_NAME, SK_EVENT_LOG_NAME,
					    META_NAME};
	struct sk_str text = SK_STR_INIT;
	struct sk_feed feed = {0};
	int rc;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < SK_COUNTOF(names); j++)
			add_question(&text, find, revs[i], names[j]);
	}
	feed.data = text.ptr;
	feed.len = text.len;
	rc = sk_git_must(out, find->place, &feed, args, err);
	sk_str_free(&text);
	return rc;
}

static const char *take_place(struct sk_status_place *out, const char *line)
{
	line = take_answer(out->status, line);
	line = take_answer(out->log, line);
	return take_answer(out->meta, line);
}

/* The first of these that has it. Returns 0; 1; -1. */
static int find_in(struct sk_status_place *out,
		   const struct sk_status_find *find, const char *const revs[],
		   size_t count, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	const char *line;
	int ret = 1;

	if (ask(&said, find, revs, count, err) < 0) {
		sk_str_free(&said);
		return -1;
	}
	line = said.ptr;
	for (size_t i = 0; i < count && ret > 0; i++) {
		struct sk_status_place here = {.rev = NULL};

		line = take_place(&here, line);
		if (strcmp(here.status, out->status) != 0 || !here.log[0])
			continue;
		*out = here;
		out->rev = sk_strdup(revs[i]);
		ret = 0;
	}
	sk_str_free(&said);
	return ret;
}

int sk_status_look(struct sk_status_place *out,
		   const struct sk_status_find *find, const char *rev,
		   struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	int rc = ask(&said, find, &rev, 1, err);

	*out = (struct sk_status_place){.rev = NULL};
	if (rc == 0) {
		take_place(out, said.ptr);
		out->rev = sk_strdup(rev);
	}
	sk_str_free(&said);
	return rc;
}

/* Cut the lines of a text into a list. */
static void add_lines(struct sk_git_args *list, struct sk_str *text)
{
	char *at = text->ptr, *eol;

	while ((eol = strchr(at, '\n'))) {
		*eol = '\0';
		sk_git_args_add(list, at);
		at = eol + 1;
	}
}

/* The commits that git says it merges, by the environment. */
static void add_githeads(struct sk_str *out)
{
	const size_t len = strlen(GITHEAD);

	for (size_t i = 0; environ[i]; i++) {
		const char *equals = strchr(environ[i], '=');

		if (strncmp(environ[i], GITHEAD, len) == 0 && equals)
			sk_str_addf(out, "%.*s\n",
				    (int)(equals - environ[i] - (ssize_t)len),
				    environ[i] + len);
	}
}

/* What git is about, as far as it lets on. */
static int find_near(struct sk_status_place *out,
		     const struct sk_status_find *find,
		     const char *const first[], struct sk_err *err)
{
	static const char *const heads[] = {
		"HEAD",	       "MERGE_HEAD",   "CHERRY_PICK_HEAD",
		"REVERT_HEAD", "REVERT_HEAD^", "REBASE_HEAD",
		"refs/stash",  "refs/stash^",  "ORIG_HEAD"};
	struct sk_str merged = SK_STR_INIT;
	struct sk_git_args list = {0};
	int ret;

	for (size_t i = 0; first && first[i]; i++)
		sk_git_args_add(&list, first[i]);
	for (size_t i = 0; i < SK_COUNTOF(heads); i++)
		sk_git_args_add(&list, heads[i]);
	add_githeads(&merged);
	add_lines(&list, &merged);
	ret = find_in(out, find, list.args, list.count, err);
	free(list.args);
	sk_str_free(&merged);
	return ret;
}

/* At the tips of branches. */
static int find_tip(struct sk_status_place *out,
		    const struct sk_status_find *find, struct sk_err *err)
{
	static const char *const args[] = {"for-each-ref",
					   "--format=%(objectname)",
					   "refs/heads", "refs/remotes", NULL};
	struct sk_str tips = SK_STR_INIT;
	struct sk_git_args list = {0};
	int ret = sk_git_must(&tips, find->place, NULL, args, err);

	if (ret == 0) {
		add_lines(&list, &tips);
		ret = find_in(out, find, list.args, list.count, err);
	}
	free(list.args);
	sk_str_free(&tips);
	return ret;
}

/*
 * A clone without the trees of its history would fetch them one by one, and
 * git before 2.44 cannot be kept from it.
 */
static bool lacks_trees(const struct sk_status_find *find)
{
	static const char *const args[] = {"config", "--get-regexp",
					   "^remote\\..*\\.partialclonefilter$",
					   "tree:", NULL};
	struct sk_err ignored = {0};

	return sk_git_run(NULL, NULL, find->place, NULL, args, &ignored) == 0;
}

/* The commit of all there are that brought the blob, or took it out. */
static int find_far(struct sk_status_place *out,
		    const struct sk_status_find *find, struct sk_err *err)
{
	struct sk_str object = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_str parents[2] = {SK_STR_INIT, SK_STR_INIT};
	int ret = 1;

	sk_str_addf(&object, "--find-object=%s", out->status);
	if (sk_git_must(&said, find->place, NULL,
			(const char *const[]){
				"log", "-1", "-m", "--ignore-missing", "--all",
				"ORIG_HEAD", "--full-history", "--no-renames",
				"--no-notes", "--no-show-signature",
				"--format=tformat:%H", "--no-patch", object.ptr,
				"--", find->path, NULL},
			err) < 0) {
		ret = -1;
	} else if (said.len) {
		sk_str_cut(&said, strcspn(said.ptr, "\n"));
		for (int i = 0; i < 2; i++)
			sk_str_addf(&parents[i], "%s^%d", said.ptr, i + 1);
		ret = find_in(out, find,
			      (const char *const[]){said.ptr, parents[0].ptr,
						    parents[1].ptr},
			      3, err);
	}
	sk_str_free(&parents[0]);
	sk_str_free(&parents[1]);
	sk_str_free(&said);
	sk_str_free(&object);
	return ret;
}

int sk_status_find(struct sk_status_place *out,
		   const struct sk_status_find *find, const char *const first[],
		   struct sk_err *err)
{
	int rc = find_near(out, find, first, err);

	if (rc <= 0 || lacks_trees(find))
		return rc;
	rc = find_tip(out, find, err);
	return rc > 0 ? find_far(out, find, err) : rc;
}
