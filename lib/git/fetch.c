/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include "base/child.h"
#include "base/spawn.h"

/*
 * As git itself does when it meets a missing object (promisor-remote.c): these
 * ids and no others, no refs, no negotiation about what is here.
 */
int sk_repo_fetch(struct sk_repo *repo, const struct sk_oid *ids, size_t count,
		  bool shows, struct sk_err *err)
{
	const char *remote = repo->layout.promisor;
	struct sk_child child = {.talks = shows};
	struct sk_str lines = SK_STR_INIT, said = SK_STR_INIT;
	char hex[SK_HEX_LEN + 1];
	int rc;

	if (!remote || *remote == '-')
		return sk_fail(err, SK_EFAIL, "no remote promises objects");
	for (size_t i = 0; i < count; i++) {
		sk_oid_hex(hex, &ids[i]);
		sk_str_addf(&lines, "%s\n", hex);
	}
	rc = sk_child_start(
		&child,
		(const char *const[]){
			"git", "-c", "fetch.negotiationAlgorithm=noop", "fetch",
			remote, "--no-tags", "--no-write-fetch-head",
			"--recurse-submodules=no", "--filter=blob:none",
			"--stdin", shows ? "--progress" : "--quiet", NULL},
		(const char *const[]){"GIT_TERMINAL_PROMPT=0", NULL}, err);
	if (rc == 0)
		/* one that ended early says why by its status */
		rc = sk_child_send(&child, lines.ptr, lines.len);
	if (child.pid) {
		sk_child_hang_up(&child);
		while (sk_child_receive(&child, &said) == 0)
			sk_str_clear(&said);
		rc = sk_child_stop(&child) || rc ? -1 : 0;
		if (rc < 0)
			sk_fail(err, SK_EFAIL,
				"git cannot fetch %zu object%s"
				" from '%s'",
				count, count == 1 ? "" : "s", remote);
	}
	/* what is there was looked up before */
	if (rc == 0)
		rc = sk_repo_reopen(repo, err);
	sk_str_free(&said);
	sk_str_free(&lines);
	return rc;
}

int sk_repo_fetch_head(struct sk_repo *repo, const char *path,
		       struct sk_err *err)
{
	struct sk_str spec = SK_STR_INIT;
	int rc;

	/* git fetches what it needs to tell whether it is there */
	sk_str_addf(&spec, "main-worktree/HEAD:%s", path);
	rc = sk_spawn_read(
		NULL, NULL,
		(const char *const[]){"git", "cat-file", "-e", spec.ptr, NULL},
		1u << 12, err);
	sk_str_free(&spec);
	return rc < 0 ? -1 : sk_repo_reopen(repo, err);
}
