/* SPDX-License-Identifier: MIT */
/*
 * Merges in the object database as a program, for the tests of mergetree.bash:
 *
 *   mergetree trees <ours> <theirs>
 *   mergetree merge <ours> <theirs>
 *   mergetree commit <tree> <message> [<parent>...]
 *   mergetree move <reason> <ref>=<from|->=<to|->...
 *   mergetree move-with <command> <ref>=<from|->=<to|->...
 *
 * A merge is told as `tree <id>`, `conflict <path> <base> <ours> <theirs>` (of
 * each mode:id, or -), `said <kind>: <path>...`; with missions also as `made
 * <how> <path>` and `note <kind> <ours|theirs> <line> <name>`. Exits 0, 1 for
 * conflicts, 2 for SK_EBUSY, 128.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/committree.h"
#include "git/mergetree.h"
#include "git/refsmove.h"
#include "git/repo.h"
#include "git/worktrees.h"
#include "merge/merge.h"

static void print_merged(const struct sk_merged_tree *merged)
{
	printf("tree %s\n", merged->tree);
	for (size_t i = 0; i < merged->conflict_count; i++) {
		const struct sk_merge_conflict *at = &merged->conflicts[i];

		printf("conflict %s", at->path);
		for (int j = 0; j < SK_STAGES; j++) {
			if (at->stages[j].mode)
				printf(" %06o:%s", at->stages[j].mode,
				       at->stages[j].id);
			else
				printf(" -");
		}
		putchar('\n');
	}
	for (size_t i = 0; i < merged->message_count; i++) {
		const struct sk_merge_message *said = &merged->messages[i];

		printf("said %s:", said->kind);
		for (size_t j = 0; j < said->path_count; j++)
			printf(" %s", said->paths[j]);
		putchar('\n');
	}
	fputs(merged->said.ptr, stderr);
}

static int merge_trees(const struct sk_git_place *place, char **argv,
		       struct sk_err *err)
{
	struct sk_merged_tree merged;
	int rc = sk_merge_trees(&merged, place, argv[0], argv[1], err);

	if (rc >= 0)
		print_merged(&merged);
	sk_merged_tree_free(&merged);
	return rc;
}

static int merge(struct sk_repo *repo, const struct sk_git_place *place,
		 char **argv, struct sk_err *err)
{
	static const char *const hows[] = {
		[SK_MERGE_BY_DRIVER] = "driver",
		[SK_MERGE_LOG] = "log",
		[SK_MERGE_LOG_CONFLICT] = "log-conflict",
		[SK_MERGE_STATUS] = "status",
		[SK_MERGE_STATUS_UNMADE] = "unmade",
		[SK_MERGE_LEFT] = "left",
	};
	static const char *const kinds[] = {
		[SK_LOG_NOTE_KEPT] = "kept",
		[SK_LOG_NOTE_DROPPED] = "dropped",
		[SK_LOG_NOTE_CONFLICT] = "conflict",
		[SK_LOG_NOTE_UNREADABLE] = "unreadable",
	};
	struct sk_merge merged;
	int rc = sk_merge_commits(&merged, repo, place, argv[0], argv[1], err);

	if (rc >= 0)
		print_merged(&merged.git);
	for (size_t i = 0; rc >= 0 && i < merged.file_count; i++)
		printf("made %s %s\n", hows[merged.files[i].made],
		       merged.files[i].path);
	for (size_t i = 0; rc >= 0 && i < merged.note_count; i++) {
		const struct sk_merge_note *note = &merged.notes[i];

		printf("note %s %s %zu %s\n", kinds[note->kind],
		       note->is_ours ? "ours" : "theirs", note->number,
		       note->name);
	}
	sk_merge_free(&merged);
	return rc;
}

static int commit(const struct sk_git_place *place, char **argv,
		  struct sk_err *err)
{
	const struct sk_commit_wanted wanted = {
		.tree = argv[0],
		.parents = (const char *const *)argv + 2,
		.message = argv[1],
	};
	char id[SK_HEX_LEN + 1];
	int rc = sk_commit_tree(id, place, &wanted, err);

	if (rc == 0)
		puts(id);
	return rc;
}

/* The next part of `<ref>=<from>=<to>`; NULL for "-". */
static const char *part(char **at)
{
	char *start = *at, *stop = strchr(start, '=');

	if (stop)
		*stop++ = '\0';
	*at = stop ? stop : start + strlen(start);
	return strcmp(start, "-") == 0 ? NULL : start;
}

static int run_command(void *ctx, struct sk_err *err)
{
	return system(ctx) == 0 ? 0 : sk_fail(err, SK_EFAIL, "it failed");
}

/* With a command to be run once it is prepared, or a reason. */
static int move(const struct sk_git_place *place, bool has_command, int argc,
		char **argv, struct sk_err *err)
{
	size_t count = (size_t)argc - 1;
	struct sk_ref_move *moves = sk_calloc(count + 1, sizeof(*moves));
	int rc;

	for (size_t i = 0; i < count; i++) {
		char *at = argv[i + 1];

		moves[i].ref = part(&at);
		moves[i].from = part(&at);
		moves[i].to = part(&at);
	}
	rc = has_command ? sk_refs_move_with(place, moves, count, "test",
					     run_command, argv[0], err)
			 : sk_refs_move(place, moves, count, argv[0], err);
	free(moves);
	return rc;
}

/* A work tree, or the folder of a bare repository. */
static struct sk_git_place place_of(const struct sk_repo *repo)
{
	const char *common = sk_repo_common_dir(repo);

	if (sk_repo_work_tree(repo))
		return sk_worktree_place(repo, sk_repo_work_tree(repo));
	return (struct sk_git_place){.folder = common, .git_dir = common};
}

int main(int argc, char **argv)
{
	struct sk_err err = {0};
	struct sk_repo *repo = NULL;
	struct sk_git_place place;
	int rc = sk_repo_open(&repo, &err);

	if (rc == 0)
		place = place_of(repo);
	if (rc == 0 && argc == 4 && strcmp(argv[1], "trees") == 0)
		rc = merge_trees(&place, argv + 2, &err);
	else if (rc == 0 && argc == 4 && strcmp(argv[1], "merge") == 0)
		rc = merge(repo, &place, argv + 2, &err);
	else if (rc == 0 && argc >= 4 && strcmp(argv[1], "commit") == 0)
		rc = commit(&place, argv + 2, &err);
	else if (rc == 0 && argc >= 3 && strcmp(argv[1], "move") == 0)
		rc = move(&place, false, argc - 2, argv + 2, &err);
	else if (rc == 0 && argc >= 3 && strcmp(argv[1], "move-with") == 0)
		rc = move(&place, true, argc - 2, argv + 2, &err);
	else if (rc == 0)
		rc = sk_fail(&err, SK_EUSAGE, "no such request");
	sk_repo_close(repo);
	if (rc >= 0)
		return rc;
	fprintf(stderr, "error: %s\n", err.msg);
	if (err.hint[0])
		fprintf(stderr, "hint: %s\n", err.hint);
	return err.code == SK_EBUSY ? 2 : 128;
}
