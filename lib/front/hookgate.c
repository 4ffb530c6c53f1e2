/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/feed.h"
#include "base/file.h"
#include "base/home.h"
#include "front/hook.h"
#include "front/hookstart.h"
#include "git/glance.h"
#include "git/mergeheads.h"
#include "git/sequence.h"
#include "guard/push.h"

enum {
	INPUT_MAX = 256 << 20, /* a line for each ref */
	SAID_MAX = 64 << 20,
};

static void warn(const char *event, const struct sk_err *err)
{
	fprintf(stderr, "warning: %s hook: missions are not looked at: %s\n",
		event, err->msg);
}

/*
 * Hand over to the program that looks closely, and wait: where it cannot be
 * loaded, or dies, its status is no answer, and no reason to stop git.
 */
static int ask(const char *event, const char *remote,
	       const struct sk_str *input)
{
	struct sk_feed feed = {.data = input ? input->ptr : "",
			       .len = input ? input->len : 0};
	struct sk_str path = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_err err = {0};
	int status = sk_sibling_path(&path, "gate", &err);

	/* a warning that nobody reads is no reason either */
	signal(SIGPIPE, SIG_IGN);
	if (status == 0)
		status = sk_feed_run(
			NULL, &said, &feed,
			(const char *const[]){path.ptr, event, remote, NULL},
			SAID_MAX, &err);
	fwrite(said.ptr, 1, said.len, stderr);
	if (status > 1)
		status = sk_fail(&err, SK_EFAIL, "'%s' ended with status %d",
				 path.ptr, status);
	if (status < 0)
		warn(event, &err);
	sk_str_free(&said);
	sk_str_free(&path);
	return status == 1;
}

/* HEAD and what is merged into it have the same missions. */
static bool is_merge_of_alikes(void)
{
	struct sk_merge_head *heads = NULL;
	struct sk_str ref = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	size_t count = sk_merge_heads(&heads);
	struct sk_oid *ids = calloc(count + 1, sizeof(*ids));
	struct sk_err ignored = {0};
	bool alike = ids && count && sk_repo_open(&repo, &ignored) == 0 &&
		     sk_repo_head(repo, &ids[0], &ref, &ignored) == 0;

	for (size_t i = 0; alike && i < count; i++)
		ids[i + 1] = heads[i].id;
	alike = alike && sk_specs_differ(repo, ids, count + 1, &ignored) == 0;
	sk_repo_close(repo);
	sk_str_free(&ref);
	free(ids);
	free(heads);
	return alike;
}

int sk_hook_gate_merge(void)
{
	static const char event[] = "pre-merge-commit";

	if (sk_hook_is_switched_off(event) || is_merge_of_alikes())
		return 0;
	return ask(event, NULL, NULL);
}

static void read_input(struct sk_str *out)
{
	char block[65536];
	ssize_t got;

	while (out->len < INPUT_MAX &&
	       (got = read(0, block, sizeof(block))) > 0)
		sk_str_add(out, block, (size_t)got);
}

/*
 * Below pre-commit and prek, which read standard input themselves, the one ref
 * they have settled on is in the environment.
 */
static void read_variables(struct sk_str *out)
{
	const char *name = getenv("PRE_COMMIT_REMOTE_BRANCH"),
		   *now = getenv("PRE_COMMIT_TO_REF"),
		   *old = getenv("PRE_COMMIT_FROM_REF");

	if (name && now && old)
		sk_str_addf(out, "HEAD %s %s %s\n", now, name, old);
}

/*
 * A remote without a name is an address, which may hold a password and has no
 * branches that track it.
 */
static const char *remote_name(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	return strpbrk(name, ":@") || name[0] == '/' || name[0] == '.' ? ""
								       : name;
}

int sk_hook_gate_push(int argc, char **argv)
{
	static const char event[] = "pre-push";
	const char *remote = remote_name(argc, argv);
	struct sk_push push = SK_PUSH_INIT;
	struct sk_str input = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};
	int rc, status = 0;

	if (sk_hook_is_switched_off(event))
		return 0;
	read_input(&input);
	if (!input.len)
		read_variables(&input);
	rc = sk_push_read(&push, input.ptr, input.len, &ignored);
	if (rc == 0 && push.count) {
		rc = sk_repo_open(&repo, &ignored);
		if (rc == 0)
			rc = sk_push_find_published(&push, repo, remote,
						    &ignored);
		if (rc == 0)
			rc = sk_push_touches(&push, repo, &ignored);
	}
	sk_repo_close(repo);
	sk_push_free(&push);
	if (rc != 0)
		status = ask(event, remote, &input);
	sk_str_free(&input);
	return status;
}

/* What HEAD was before, when it has only moved forward and missions changed. */
static bool has_moved(const char *git_dir, char before[SK_HEX_LEN + 1])
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};
	struct sk_oid ids[2];
	bool moved;

	sk_str_addf(&path, "%s/ORIG_HEAD", git_dir);
	moved = sk_file_read(&text, path.ptr, 4096, &ignored) == 0;
	sk_str_rtrim(&text);
	moved = moved && sk_oid_parse(&ids[0], text.ptr) == 0 &&
		sk_repo_open(&repo, &ignored) == 0 &&
		sk_repo_head(repo, &ids[1], &path, &ignored) == 0 &&
		sk_specs_differ(repo, ids, 2, &ignored) > 0;
	if (moved)
		sk_oid_hex(before, &ids[0]);
	sk_repo_close(repo);
	sk_str_free(&text);
	sk_str_free(&path);
	return moved;
}

void sk_hook_after_merge(int argc, char **argv)
{
	static const char event[] = "post-merge";
	const char *git_dir = sk_hook_git_dir();
	char before[SK_HEX_LEN + 1];

	/* a merge has had its gate; a squash has not moved HEAD */
	if (sk_hook_is_switched_off(event) || !git_dir || argc < 2 ||
	    strcmp(argv[1], "0") != 0 || sk_git_dir_has(git_dir, "MERGE_HEAD"))
		return;
	/* where hooks run by file and by configuration, the second is late */
	if (!sk_glance_is_idle(git_dir, NULL) && has_moved(git_dir, before))
		ask(event, before, NULL);
}
