/* SPDX-License-Identifier: MIT */
#include "git/record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "base/process.h"
#include "git/committree.h"
#include "git/indexfollow.h"
#include "git/recordpart.h"

enum { CHILD_WAIT_MS = 10000, AGAIN = 2 };

/* A git that a dead one of us has started makes its commit still. */
static int await_child(const struct sk_left *left, struct sk_err *err)
{
	int64_t until = sk_mono_ms() + CHILD_WAIT_MS;
	struct sk_process git;

	if (!left->child)
		return 0;
	for (;;) {
		sk_process_look(&git, left->child);
		if (!git.is_alive || git.start != left->start)
			return 0;
		if (sk_mono_ms() >= until)
			break;
		sk_sleep_ms(10);
	}
	sk_fail(err, SK_EBUSY, "process %lld is still making a commit",
		(long long)left->child);
	return sk_hint(err, "try again when it has ended");
}

static int mend(struct sk_recording *rec, struct sk_err *err)
{
	struct sk_left left;
	int rc = sk_hold_read_left(&left, &rec->hold, err);

	if (rc == 1) {
		sk_hold_clear_left(&rec->hold, false);
		return 0;
	}
	if (rc == 0)
		rc = await_child(&left, err);
	if (rc == 0 && left.child)
		rc = sk_recording_look(rec, "HEAD", err);
	if (rc == 0 && left.child && *left.from)
		rc = sk_index_follow(&rec->hold, &rec->place, left.from,
				     rec->tree, rec->is_sha256, err);
	if (rc == 0)
		sk_hold_clear_left(&rec->hold, true);
	return rc;
}

static int fail_commit(struct sk_err *err, const struct sk_str *said)
{
	sk_git_fail(err, "git made no commit", said);
	if (!said->len)
		sk_hint(err, "run your pre-commit and commit-msg hooks by hand:"
			     " one refused, and did not say why");
	else if (!sk_commit_hint(err, said))
		/* all that commit can be run again, and finish */
		sk_hint(err, "mend that, and run the same command again");
	return -1;
}

/* The id in `[main 1a2b3c4] subject`, which is short. */
static void parse_id(char id[SK_HEX_LEN + 1], const char *said)
{
	size_t line = strcspn(said, "\n");

	*id = '\0';
	for (const char *at = said; at < said + line && !*id; at++) {
		size_t len = 0;

		if (*at != ' ')
			continue;
		while (isxdigit((unsigned char)at[1 + len]))
			len++;
		if (len >= 4 && len <= SK_HEX_LEN && at[1 + len] == ']')
			snprintf(id, SK_HEX_LEN + 1, "%.*s", (int)len, at + 1);
	}
}

/*
 * HEAD may have moved between our look at it and git's: then the tree knows
 * nothing of what came between, and the commit must not stay. Returns 0; AGAIN
 * when it was taken back; -1.
 */
static int check_parent(char id[SK_HEX_LEN + 1], struct sk_recording *rec,
			struct sk_err *err)
{
	const char *branch = rec->record->branch;
	char tree[SK_HEX_LEN + 1], parent[SK_HEX_LEN + 1] = "";
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_must(&said, &rec->place, NULL,
			     (const char *const[]){
				     "--no-replace-objects", "rev-list", "-n1",
				     "--format=%T %P", *id ? id : branch, NULL},
			     err);

	if (rc == 0 &&
	    sscanf(said.ptr, "commit %64[0-9a-f] %64[0-9a-f] %64[0-9a-f]", id,
		   tree, parent) < 2)
		rc = sk_fail(err, SK_EDATA, "git rev-list says '%s'", said.ptr);
	/* what a hook has put into it, our index had when it was looked at */
	if (rc == 0 && strcmp(tree, rec->made) != 0)
		*rec->made = '\0';
	if (rc == 0 && strcmp(parent, rec->tip) != 0) {
		rc = sk_git_must(NULL, &rec->place, NULL,
				 (const char *const[]){
					 "update-ref", "-m",
					 "git-sk: again, on what came between",
					 branch, parent, id, NULL},
				 err);
		if (rc < 0)
			sk_hint(err,
				"commit %.12s undoes the one before it:"
				" revert it",
				id);
		else
			rc = AGAIN;
	}
	sk_str_free(&said);
	return rc;
}

/*
 * A git that was killed may have made the commit before: then HEAD is one
 * behind which the tip is, and is what our index is. Returns 1, 0 or -1.
 */
static int has_made(char id[SK_HEX_LEN + 1], const struct sk_recording *rec,
		    struct sk_err *err)
{
	char parent[SK_HEX_LEN + 1];
	int rc = sk_recording_ask(id, &rec->place,
				  (const char *const[]){"rev-parse", "-q",
							"--verify", "HEAD",
							NULL},
				  err);

	if (rc == 0)
		rc = sk_recording_ask(parent, &rec->place,
				      (const char *const[]){"rev-parse", "-q",
							    "--verify", "HEAD^",
							    NULL},
				      err);
	if (rc < 0 || !*id || strcmp(parent, rec->tip) != 0)
		return rc;
	rc = sk_git_run(NULL, NULL, &rec->beside, NULL,
			(const char *const[]){"diff-index", "--cached",
					      "--quiet", id, NULL},
			err);
	return rc < 0 ? -1 : rc == 0;
}

static void say_child(void *ctx, pid_t pid)
{
	const struct sk_recording *rec = ctx;

	sk_hold_say_child(&rec->hold, pid);
}

/*
 * Git asks for the message when the pre-commit hook is through. The index of
 * the worktree has to follow before HEAD moves: a commit of the user's that
 * read it, but has no lock yet, would be made of the old one on the new HEAD,
 * and take ours away. It must not do so earlier: one whose own hook runs reads
 * it again after that, and would be made of the new one on the old HEAD.
 */
static int let_index_follow(void *ctx, struct sk_err *err)
{
	struct sk_recording *rec = ctx;

	if (sk_recording_write_tree(rec, err) < 0)
		return -1;
	return sk_index_follow(&rec->hold, &rec->place, rec->tree, rec->made,
			       rec->is_sha256, err);
}

/* Returns 0; AGAIN when the branch has moved; -1. */
static int run_commit(char id[SK_HEX_LEN + 1], struct sk_recording *rec,
		      struct sk_err *err)
{
	const char *message = rec->record->message;
	const struct sk_feed feed = {
		.data = message,
		.len = strlen(message),
		.started = say_child,
		.wanted = let_index_follow,
		.ctx = rec,
	};
	struct sk_str out = SK_STR_INIT, said = SK_STR_INIT;
	int rc;

	/* a git that lives on would look into our index, soon gone */
	rc = sk_git_run(&out, &said, &rec->beside, &feed,
			(const char *const[]){"-c", "maintenance.auto=false",
					      "-c", "gc.auto=0", "-c",
					      "i18n.commitEncoding=UTF-8",
					      "commit", "--cleanup=whitespace",
					      "-F", "-", NULL},
			err);
	if (rc == 0) {
		parse_id(id, out.ptr);
		rc = check_parent(id, rec, err);
	} else if (rc > 128 && (rc = has_made(id, rec, err)) != 0) {
		rc = rc < 0 ? -1 : 0;
	} else if (rc >= 0) {
		rc = sk_recording_has_moved(rec, "HEAD", &said, err);
		if (rc == 0)
			rc = fail_commit(err, &said);
		else if (rc > 0)
			rc = AGAIN;
	}
	sk_str_free(&said);
	sk_str_free(&out);
	return rc;
}

/*
 * The index is held. Returns 0; 1; AGAIN; -1. With *stays the lock is to be
 * left, for the index is not what it should be.
 */
static int commit(char id[SK_HEX_LEN + 1], struct sk_recording *rec,
		  bool *stays, struct sk_err *err)
{
	struct sk_err ignored = {0};
	int rc = sk_recording_check_head(rec, err);

	*rec->made = '\0';
	if (rc == 0)
		rc = sk_recording_look(rec, "HEAD", err);
	if (rc == 0)
		rc = sk_recording_make_blobs(rec, err);
	if (rc == 0)
		rc = sk_index_copy(&rec->hold, rec->index.ptr, err);
	if (rc == 0)
		rc = sk_recording_make_index(rec, err);
	if (rc == 0)
		rc = sk_hold_say_from(&rec->hold, rec->tree, err);
	if (rc == 0)
		rc = run_commit(id, rec, err);
	if (rc != 0) {
		*stays = sk_index_put_back(&rec->hold,
					   rc < 0 ? &ignored : err) < 0;
		return *stays ? -1 : rc;
	}
	if (!*rec->made)
		rc = sk_index_follow(&rec->hold, &rec->place, rec->tree, id,
				     rec->is_sha256, err);
	if (rc < 0) {
		/* a stale index that may be committed would take it back */
		*stays = true;
		sk_within(err, "committed as %.12s, but the index is stale",
			  id);
		sk_hint(err, "run the command again, which mends that");
	}
	return rc;
}

/* Owned, also after a failure: sk_recording_end(). Returns 0 or -1. */
static int begin(struct sk_recording *rec, struct sk_repo *repo,
		 const struct sk_record *record, struct sk_err *err)
{
	int rc;

	*rec = (struct sk_recording){
		.repo = repo,
		.record = record,
		.git_dir = SK_STR_INIT,
		.index = SK_STR_INIT,
		.hold = {.ours = -1, .index = -1},
	};
	rc = sk_recording_find(rec, err);
	if (rc == 0)
		rc = sk_recording_begin(rec, err);
	if (rc == 0)
		rc = mend(rec, err);
	return rc;
}

static int commit_in_worktree(struct sk_oid *out, struct sk_repo *repo,
			      const struct sk_record *record,
			      struct sk_err *err)
{
	struct sk_recording rec;
	char id[SK_HEX_LEN + 1] = "";
	bool stays = false;
	int rc = begin(&rec, repo, record, err);

	for (int i = 0; rc == 0 || rc == AGAIN; i++) {
		if (i == SK_RECORD_TRIES) {
			rc = sk_fail(err, SK_EBUSY, "'%s' moves all the time",
				     record->branch);
			break;
		}
		rc = sk_hold_index(&rec.hold, err);
		if (rc == 0)
			rc = commit(id, &rec, &stays, err);
		sk_hold_release(&rec.hold, stays);
		if (rc == 0)
			break;
		if (rc == AGAIN)
			sk_sleep_ms((unsigned)i);
	}
	if ((rc == 0 || stays) && sk_oid_parse(out, id) < 0)
		rc = -1;
	sk_recording_end(&rec);
	return rc;
}

int sk_record_commit(struct sk_oid *out, struct sk_repo *repo,
		     const struct sk_record *record, struct sk_err *err)
{
	return record->folder ? commit_in_worktree(out, repo, record, err)
			      : sk_record_on_ref(out, repo, record, err);
}

int sk_record_mend(struct sk_repo *repo, const char *folder, struct sk_err *err)
{
	const struct sk_record none = {.folder = folder};
	struct sk_recording rec;
	int rc = begin(&rec, repo, &none, err);

	sk_recording_end(&rec);
	return rc;
}
