/* SPDX-License-Identifier: MIT */
#include "git/refsmove.h"

#include <string.h>

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* `update`, `create`, `delete` or `verify`, as 'update-ref -z' reads them. */
static void add_command(struct sk_str *out, const struct sk_ref_move *move)
{
	const char *verb = is_same(move->from, move->to) ? "verify"
			   : !move->to			 ? "delete"
			   : !move->from		 ? "create"
							 : "update";
	bool has_new = move->to && !is_same(move->from, move->to);

	sk_str_addf(out, "%s %s", verb, move->ref);
	sk_str_putc(out, '\0');
	if (has_new) {
		sk_str_puts(out, move->to);
		sk_str_putc(out, '\0');
	}
	if (!has_new || move->from) {
		/* to 'verify', none is that there is no such ref */
		sk_str_puts(out, move->from ? move->from : "");
		sk_str_putc(out, '\0');
	}
}

/* Whether the ref is at that id, or is not there for NULL. 1, 0 or -1. */
static int is_at(const struct sk_git_place *place, const char *ref,
		 const char *id, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	int rc = sk_git_run(
		&said, NULL, place, NULL,
		(const char *const[]){"rev-parse", "-q", "--verify", ref, NULL},
		err);

	sk_str_rtrim(&said);
	if (rc >= 0)
		rc = is_same(said.len ? said.ptr : NULL, id);
	sk_str_free(&said);
	return rc;
}

/* Git's refusal, with the ref that was the reason. Returns -1. */
static int fail(const struct sk_git_place *place,
		const struct sk_ref_move *moves, size_t count,
		const struct sk_str *said, struct sk_err *err)
{
	for (size_t i = 0; i < count; i++) {
		int rc = is_at(place, moves[i].ref, moves[i].from, err);

		if (rc < 0)
			return -1;
		if (rc == 0) {
			sk_fail(err, SK_EBUSY, "'%s' %s", moves[i].ref,
				moves[i].from ? "has moved meanwhile"
					      : "is there already");
			return sk_hint(err, "run the command again");
		}
	}
	sk_git_fail(err, "cannot move the refs", said);
	if (strstr(said->ptr, ".lock'")) {
		err->code = SK_EBUSY;
		sk_hint(err, "wait for the git that works here; when there is"
			     " none, remove that file");
	}
	return -1;
}

/* What git is told first; a name in short would be one below its folder. */
static int add_start(struct sk_str *text, const struct sk_ref_move *moves,
		     size_t count, struct sk_err *err)
{
	sk_str_add(text, "start", sizeof("start"));
	for (size_t i = 0; i < count; i++) {
		if (strncmp(moves[i].ref, "refs/", 5) != 0)
			return sk_fail(err, SK_EUSAGE,
				       "'%s' is no full name of a ref",
				       moves[i].ref);
		add_command(text, &moves[i]);
	}
	sk_str_add(text, "prepare", sizeof("prepare"));
	return 0;
}

static int go_on(void *ctx, struct sk_err *err)
{
	(void)ctx;
	(void)err;
	return 0;
}

int sk_refs_move_with(const struct sk_git_place *place,
		      const struct sk_ref_move *moves, size_t count,
		      const char *reason,
		      int (*prepared)(void *ctx, struct sk_err *err), void *ctx,
		      struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_feed feed = {.cue = "prepare: ok\n",
			       .more = "commit",
			       .more_len = sizeof("commit"),
			       .cued = prepared,
			       .ctx = ctx};
	int rc = add_start(&text, moves, count, err);

	feed.data = text.ptr;
	feed.len = text.len;
	if (rc == 0)
		rc = sk_git_run(&out, &said, place, &feed,
				(const char *const[]){"update-ref", "-m",
						      reason, "-z", "--stdin",
						      NULL},
				err);
	if (rc > 0)
		rc = fail(place, moves, count, &said, err);
	sk_str_free(&said);
	sk_str_free(&out);
	sk_str_free(&text);
	return rc;
}

int sk_refs_move(const struct sk_git_place *place,
		 const struct sk_ref_move *moves, size_t count,
		 const char *reason, struct sk_err *err)
{
	return sk_refs_move_with(place, moves, count, reason, go_on, NULL, err);
}
