/* SPDX-License-Identifier: MIT */
#include "capture/derived.h"

#include <string.h>

#include "format/sha256.h"
#include "git/walk.h"
#include "git/worktree.h"

/* Of all commits without parents the oldest; by id where times are equal. */
static int oldest_root(struct sk_oid *out, struct sk_repo *repo,
		       struct sk_err *err)
{
	struct sk_walk walk = SK_WALK_INIT;
	struct sk_str ref = SK_STR_INIT;
	const struct sk_commit *best = NULL;
	struct sk_oid head;
	int rc = sk_main_head(&head, repo, err);

	/* a bare repository may name a branch that nobody has made */
	if (rc > 0)
		rc = sk_repo_head(repo, &head, &ref, err);
	sk_str_free(&ref);
	if (rc > 0)
		return sk_fail(err, SK_EDATA, "there is no commit yet");
	if (rc < 0 || sk_walk_commits(&walk, repo, &head, 1, NULL, 0, err) < 0)
		return -1;
	for (size_t i = 0; i < walk.count; i++) {
		const struct sk_commit *commit = walk.commits[i];

		if (commit->parent_count)
			continue;
		if (!best || commit->commit_time < best->commit_time ||
		    (commit->commit_time == best->commit_time &&
		     memcmp(commit->id.id, best->id.id, SK_OID_LEN) < 0))
			best = commit;
	}
	*out = best->id;
	sk_walk_free(&walk);
	return 0;
}

int sk_derived_find(struct sk_str *uuid, struct sk_repo *repo,
		    struct sk_err *err)
{
	unsigned char hash[SK_SHA256_LEN];
	char hex[SK_HEX_LEN + 1], digits[33];
	struct sk_str text = SK_STR_INIT;
	struct sk_oid root;

	if (sk_repo_is_shallow(repo)) {
		sk_fail(err, SK_EDATA,
			"a shallow clone does not know which"
			" project it is");
		return sk_hint(err, "run 'git fetch --unshallow', or set the"
				    " project's uuid with 'git config"
				    " sk.projectUuid <uuid>'");
	}
	if (oldest_root(&root, repo, err) < 0)
		return -1;
	sk_oid_hex(hex, &root);
	sk_str_addf(&text, "git-sk project %s", hex);
	sk_sha256(hash, text.ptr, text.len);
	sk_str_free(&text);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x40); /* version 4 */
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	sk_hex(digits, hash, 16);
	sk_str_clear(uuid);
	sk_str_addf(uuid, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
		    digits + 12, digits + 16, digits + 20);
	return 0;
}
