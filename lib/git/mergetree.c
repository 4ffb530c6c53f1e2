/* SPDX-License-Identifier: MIT */
#include "git/mergetree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BAD = -1 };

/* The next word that NUL ends; NULL: there is none. */
static const char *next_word(const char **at, const char *end)
{
	const char *word = *at;
	const char *stop =
		word < end ? memchr(word, '\0', (size_t)(end - word)) : NULL;

	if (!stop)
		return NULL;
	*at = stop + 1;
	return word;
}

/* `<mode> <id> <stage>\t<path>`; those of a path follow one another. */
static int take_stage(struct sk_merged_tree *out, const char *word)
{
	const char *path = strchr(word, '\t');
	struct sk_merge_conflict *last;
	struct sk_entry entry = {0};
	unsigned stage = 0;

	if (!path ||
	    sscanf(word, "%o %64[0-9a-f] %u", &entry.mode, entry.id, &stage) !=
		    3 ||
	    stage < 1 || stage > SK_STAGES)
		return BAD;
	path++;
	last = out->conflict_count ? &out->conflicts[out->conflict_count - 1]
				   : NULL;
	if (!last || strcmp(last->path, path) != 0) {
		SK_GROW(out->conflicts, out->conflict_count, out->conflict_cap);
		last = &out->conflicts[out->conflict_count++];
		*last = (struct sk_merge_conflict){.path = sk_strdup(path)};
	}
	last->stages[stage - 1] = entry;
	return 0;
}

/* `<count> NUL <path> NUL ... <kind> NUL <text> NUL` */
static int take_message(struct sk_merged_tree *out, const char **at,
			const char *end)
{
	const char *word = next_word(at, end), *kind, *text;
	struct sk_merge_message message = {0};
	size_t cap = 0;
	long count = word ? strtol(word, NULL, 10) : -1;

	while (count-- > 0 && (word = next_word(at, end))) {
		SK_GROW(message.paths, message.path_count, cap);
		message.paths[message.path_count++] = sk_strdup(word);
	}
	kind = next_word(at, end);
	text = next_word(at, end);
	message.kind = sk_strdup(kind);
	message.text = sk_strdup(text);
	if (text && *text && message.text[strlen(text) - 1] == '\n')
		message.text[strlen(text) - 1] = '\0';
	SK_GROW(out->messages, out->message_count, out->message_cap);
	out->messages[out->message_count++] = message;
	return kind && text ? 0 : BAD;
}

/*
 * The tree, the stages, an empty word, the messages; behind them git 2.39 gives
 * advice about submodules, as text.
 */
static int take(struct sk_merged_tree *out, const struct sk_str *text)
{
	const char *at = text->ptr, *end = text->ptr + text->len;
	const char *word = next_word(&at, end);
	struct sk_oid tree;
	int rc = 0;

	if (!word || sk_oid_parse(&tree, word) < 0)
		return BAD;
	sk_oid_hex(out->tree, &tree);
	while (rc == 0 && (word = next_word(&at, end)) && *word)
		rc = take_stage(out, word);
	while (rc == 0 && at < end && memchr(at, '\0', (size_t)(end - at)))
		rc = take_message(out, &at, end);
	sk_str_add(&out->said, at, (size_t)(end - at));
	return rc;
}

/* Git's status is 1 for a conflict, and where it did not merge at all, too. */
static int fail(const struct sk_str *said, const struct sk_git_place *place,
		struct sk_err *err)
{
	static const struct sk_git_version first = SK_GIT_WITH_MERGE_TREE;
	struct sk_git_version git;
	struct sk_str shallow = SK_STR_INIT;
	struct sk_err ignored = {0};

	if (sk_git_version(&git, "git", &ignored) == 0 &&
	    (git.major < first.major ||
	     (git.major == first.major && git.minor < first.minor))) {
		sk_fail(err, SK_EFAIL,
			"git %u.%u cannot merge beside a work"
			" tree",
			git.major, git.minor);
		return sk_hint(err, "install git %u.%u or later", first.major,
			       first.minor);
	}
	sk_git_fail(err, "git merge-tree failed", said);
	if (sk_git_run(&shallow, NULL, place, NULL,
		       (const char *const[]){"rev-parse",
					     "--is-shallow-repository", NULL},
		       &ignored) == 0 &&
	    strncmp(shallow.ptr, "true", 4) == 0)
		sk_hint(err, "this clone has a part of history alone: run"
			     " 'git fetch --unshallow'");
	sk_str_free(&shallow);
	return -1;
}

static int check_tree(const struct sk_git_place *place, const char *rev,
		      struct sk_err *err)
{
	return sk_git_must(NULL, place, NULL,
			   (const char *const[]){"ls-tree", rev, NULL}, err);
}

/*
 * Git 2.39 takes a tree at the top that it cannot read for an empty one, says
 * so on stderr, and calls that merge clean. Returns 0 or -1.
 */
static int check_trees(const struct sk_git_place *place, const char *ours,
		       const char *theirs, struct sk_err *err)
{
	struct sk_str bases = SK_STR_INIT;
	char *eol;
	int rc = check_tree(place, ours, err);

	if (rc == 0)
		rc = check_tree(place, theirs, err);
	if (rc == 0)
		rc = sk_git_must(&bases, place, NULL,
				 (const char *const[]){"merge-base", "--all",
						       ours, theirs, NULL},
				 err);
	for (char *at = bases.ptr; rc == 0 && (eol = strchr(at, '\n'));
	     at = eol + 1) {
		*eol = '\0';
		rc = check_tree(place, at, err);
	}
	sk_str_free(&bases);
	return rc;
}

int sk_merge_trees(struct sk_merged_tree *out, const struct sk_git_place *place,
		   const char *ours, const char *theirs, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	*out = (struct sk_merged_tree)SK_MERGED_TREE_INIT;
	rc = sk_git_run(&text, &out->said, place, NULL,
			(const char *const[]){"merge-tree", "--write-tree",
					      "-z", "--messages", ours, theirs,
					      NULL},
			err);
	if (rc > 1 || (rc == 1 && !text.len))
		rc = fail(&out->said, place, err);
	else if (rc >= 0 &&
		 (take(out, &text) < 0 || rc != (out->conflict_count > 0)))
		rc = sk_fail(err, SK_EDATA, "git merge-tree says '%.80s'",
			     text.ptr);
	if (rc >= 0 && out->said.len &&
	    check_trees(place, ours, theirs, err) < 0)
		rc = -1;
	sk_str_free(&text);
	return rc;
}

static void free_message(struct sk_merge_message *message)
{
	for (size_t i = 0; i < message->path_count; i++)
		free(message->paths[i]);
	free(message->paths);
	free(message->kind);
	free(message->text);
}

void sk_merged_tree_free(struct sk_merged_tree *merged)
{
	for (size_t i = 0; i < merged->conflict_count; i++)
		free(merged->conflicts[i].path);
	for (size_t i = 0; i < merged->message_count; i++)
		free_message(&merged->messages[i]);
	free(merged->conflicts);
	free(merged->messages);
	sk_str_free(&merged->said);
	*merged = (struct sk_merged_tree)SK_MERGED_TREE_INIT;
}

const struct sk_merge_conflict *
sk_merged_tree_conflict(const struct sk_merged_tree *merged, const char *path)
{
	for (size_t i = 0; i < merged->conflict_count; i++) {
		if (strcmp(merged->conflicts[i].path, path) == 0)
			return &merged->conflicts[i];
	}
	return NULL;
}

static bool is_conflict_at(const struct sk_merge_message *message,
			   const char *path)
{
	return strncmp(message->kind, "CONFLICT", 8) == 0 &&
	       message->path_count == 1 && strcmp(message->paths[0], path) == 0;
}

void sk_merged_tree_settle(struct sk_merged_tree *merged, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < merged->conflict_count; i++) {
		if (strcmp(merged->conflicts[i].path, path) == 0)
			free(merged->conflicts[i].path);
		else
			merged->conflicts[kept++] = merged->conflicts[i];
	}
	merged->conflict_count = kept;
	kept = 0;
	for (size_t i = 0; i < merged->message_count; i++) {
		if (is_conflict_at(&merged->messages[i], path))
			free_message(&merged->messages[i]);
		else
			merged->messages[kept++] = merged->messages[i];
	}
	merged->message_count = kept;
}

void sk_merged_tree_unsettle(struct sk_merged_tree *merged,
			     const struct sk_merge_conflict *conflict)
{
	size_t at = 0;

	if (sk_merged_tree_conflict(merged, conflict->path))
		return;
	while (at < merged->conflict_count &&
	       strcmp(merged->conflicts[at].path, conflict->path) < 0)
		at++;
	SK_GROW(merged->conflicts, merged->conflict_count,
		merged->conflict_cap);
	memmove(&merged->conflicts[at + 1], &merged->conflicts[at],
		(merged->conflict_count++ - at) * sizeof(*merged->conflicts));
	merged->conflicts[at] = *conflict;
	merged->conflicts[at].path = sk_strdup(conflict->path);
}
