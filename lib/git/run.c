/* SPDX-License-Identifier: MIT */
#include "git/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

extern char **environ;

enum { OUTPUT_MAX = 1 << 30, WORDS_MAX = 300 };

/*
 * What 'git rev-parse --local-env-vars' lists, but for configuration (that of
 * `git -c` is the user's) and object folders (who set one needs it still).
 */
static const char *const hidden[] = {
	"GIT_DIR",	     "GIT_WORK_TREE",
	"GIT_INDEX_FILE",    "GIT_COMMON_DIR",
	"GIT_PREFIX",	     "GIT_IMPLICIT_WORK_TREE",
	"GIT_GRAFT_FILE",    "GIT_INTERNAL_SUPER_PREFIX",
	"GIT_SHALLOW_FILE",  "GIT_LITERAL_PATHSPECS",
	"GIT_REFLOG_ACTION", NULL,
};

/* Git exports them to the hooks of a commit: they are that commit's. */
static const char *const of_commit[] = {
	"GIT_AUTHOR_NAME",
	"GIT_AUTHOR_EMAIL",
	"GIT_AUTHOR_DATE",
	NULL,
};

static bool is_in(const char *const names[], const char *assignment)
{
	size_t len = strcspn(assignment, "=");

	for (size_t i = 0; names[i]; i++) {
		if (strlen(names[i]) == len &&
		    strncmp(names[i], assignment, len) == 0)
			return true;
	}
	return false;
}

void sk_git_args_add(struct sk_git_args *list, const char *arg)
{
	if (list->count + 2 > list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->args =
			sk_realloc(list->args, list->cap, sizeof(*list->args));
	}
	list->args[list->count++] = arg;
	list->args[list->count] = NULL;
}

static void add_variable(struct sk_git_args *env, struct sk_str *text,
			 const char *name, const char *value)
{
	if (!value)
		return;
	sk_str_addf(text, "%s=%s", name, value);
	sk_git_args_add(env, text->ptr);
}

/* Whether one of these sets the same. */
static bool is_set(const char *const given[], const char *assignment)
{
	size_t len = strcspn(assignment, "=") + 1;

	for (size_t i = 0; given && given[i]; i++) {
		if (strncmp(given[i], assignment, len) == 0)
			return true;
	}
	return false;
}

/* GIT_INDEX_FILE is set in the hooks of a commit, and hardly elsewhere. */
static void add_ours(struct sk_git_args *env, const char *const given[])
{
	bool in_hook = getenv("GIT_INDEX_FILE") != NULL;

	for (size_t i = 0; environ[i]; i++) {
		if (!is_in(hidden, environ[i]) && !is_set(given, environ[i]) &&
		    !(in_hook && is_in(of_commit, environ[i])))
			sk_git_args_add(env, environ[i]);
	}
	for (size_t i = 0; given && given[i]; i++)
		sk_git_args_add(env, given[i]);
}

int sk_git_run(struct sk_str *out, struct sk_str *said,
	       const struct sk_git_place *place, const struct sk_feed *feed,
	       const char *const args[], struct sk_err *err)
{
	struct sk_git_args env = {0}, argv = {0};
	struct sk_str dir = SK_STR_INIT, tree = SK_STR_INIT,
		      index = SK_STR_INIT;
	struct sk_feed input = feed ? *feed : (struct sk_feed){.data = ""};
	int rc;

	add_ours(&env, input.env);
	add_variable(&env, &dir, "GIT_DIR", place->git_dir);
	add_variable(&env, &tree, "GIT_WORK_TREE", place->work_tree);
	add_variable(&env, &index, "GIT_INDEX_FILE", place->index);
	input.env = env.args;
	sk_git_args_add(&argv, "git");
	sk_git_args_add(&argv, "-C");
	sk_git_args_add(&argv, place->folder);
	for (size_t i = 0; args[i]; i++)
		sk_git_args_add(&argv, args[i]);
	rc = sk_feed_run(out, said, &input, argv.args, OUTPUT_MAX, err);
	free(argv.args);
	free(env.args);
	sk_str_free(&index);
	sk_str_free(&tree);
	sk_str_free(&dir);
	return rc;
}

/* The rest of the first line that begins so; NULL. */
static const char *find_line(const struct sk_str *said, const char *prefix)
{
	size_t len = strlen(prefix);
	const char *at = said->ptr;

	while (at && *at) {
		if (strncmp(at, prefix, len) == 0)
			return at + len;
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return NULL;
}

int sk_git_fail(struct sk_err *err, const char *what, const struct sk_str *said)
{
	struct sk_str words = SK_STR_INIT;
	const char *line = find_line(said, "error: ");

	if (!line)
		line = find_line(said, "fatal: ");
	if (line) {
		sk_str_add_visible(&words, line, strcspn(line, "\n"),
				   WORDS_MAX);
	} else {
		struct sk_str all = SK_STR_INIT;

		sk_str_puts(&all, said->ptr);
		sk_str_rtrim(&all);
		for (char *at = all.ptr; (at = strchr(at, '\n'));)
			*at = ' ';
		sk_str_add_visible(&words, all.ptr, all.len, WORDS_MAX);
		sk_str_free(&all);
	}
	sk_fail(err, SK_EFAIL, "%s%s%s", what, words.len ? ": " : "",
		words.ptr);
	sk_str_free(&words);
	return -1;
}

int sk_git_must(struct sk_str *out, const struct sk_git_place *place,
		const struct sk_feed *feed, const char *const args[],
		struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT, what = SK_STR_INIT;
	int rc = sk_git_run(out, &said, place, feed, args, err);

	if (rc > 0) {
		while (args[0][0] == '-')
			args++;
		sk_str_addf(&what, "git %s failed", args[0]);
		rc = sk_git_fail(err, what.ptr, &said);
	}
	sk_str_free(&what);
	sk_str_free(&said);
	return rc;
}
