/* SPDX-License-Identifier: MIT */
#include "git/committree.h"

#include <stdlib.h>
#include <string.h>

/* 'git commit' would, commit-tree has to be told. */
static bool wants_signature(const struct sk_git_place *place)
{
	struct sk_str said = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool wants;

	wants = sk_git_run(&said, NULL, place, NULL,
			   (const char *const[]){"config", "--type=bool",
						 "--get", "commit.gpgSign",
						 NULL},
			   &ignored) == 0 &&
		strncmp(said.ptr, "true", 4) == 0;
	sk_str_free(&said);
	return wants;
}

bool sk_commit_hint(struct sk_err *err, const struct sk_str *said)
{
	if (strstr(said->ptr, "git config --global user."))
		sk_hint(err, "run 'git config user.name <name>' and"
			     " 'git config user.email <address>'");
	else if (strstr(said->ptr, "gpg") || strstr(said->ptr, "sign"))
		sk_hint(err, "mend signing (user.signingKey), or run"
			     " 'git config commit.gpgSign false'");
	else
		return false;
	return true;
}

int sk_commit_tree(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		   const struct sk_commit_wanted *wanted, struct sk_err *err)
{
	struct sk_git_args args = {0};
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_feed feed = {0};
	struct sk_oid oid;
	int rc;

	sk_str_puts(&text, wanted->message);
	if (text.len && text.ptr[text.len - 1] != '\n')
		sk_str_putc(&text, '\n');
	feed.data = text.ptr;
	feed.len = text.len;
	sk_git_args_add(&args, "-c");
	sk_git_args_add(&args, "i18n.commitEncoding=UTF-8");
	sk_git_args_add(&args, "commit-tree");
	if (wants_signature(place))
		sk_git_args_add(&args, "-S");
	for (size_t i = 0; wanted->parents[i]; i++) {
		sk_git_args_add(&args, "-p");
		sk_git_args_add(&args, wanted->parents[i]);
	}
	sk_git_args_add(&args, "-F");
	sk_git_args_add(&args, "-");
	sk_git_args_add(&args, wanted->tree);
	rc = sk_git_run(&out, &said, place, &feed, args.args, err);
	sk_str_rtrim(&out);
	if (rc > 0) {
		rc = sk_git_fail(err, "git made no commit", &said);
		sk_commit_hint(err, &said);
	} else if (rc == 0 && sk_oid_parse(&oid, out.ptr) < 0) {
		rc = sk_fail(err, SK_EDATA, "git commit-tree says '%.80s'",
			     out.ptr);
	} else if (rc == 0) {
		sk_oid_hex(id, &oid);
	}
	free(args.args);
	sk_str_free(&said);
	sk_str_free(&out);
	sk_str_free(&text);
	return rc;
}
