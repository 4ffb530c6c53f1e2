/* SPDX-License-Identifier: MIT */
#include "git/committree.h"

#include <stdlib.h>
#include <string.h>

/* 'git commit' would, commit-tree has to be told. */
bool sk_commit_wants_signature(const struct sk_git_place *place)
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

/* An author, as the variables that git takes him from. */
struct author {
	struct sk_str name, email, date;
	const char *env[4];
};

static void read_author(struct author *a, const char *text)
{
	const char *open = text ? strchr(text, '<') : NULL;
	const char *close = open ? strrchr(open, '>') : NULL;
	size_t len = open ? (size_t)(open - text) : 0;

	*a = (struct author){SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, {NULL}};
	if (!close)
		return;
	sk_str_puts(&a->name, "GIT_AUTHOR_NAME=");
	sk_str_add(&a->name, text, len);
	sk_str_rtrim(&a->name);
	sk_str_puts(&a->email, "GIT_AUTHOR_EMAIL=");
	sk_str_add(&a->email, open + 1, (size_t)(close - open) - 1);
	/* seconds that are few would be a day else */
	sk_str_puts(&a->date, "GIT_AUTHOR_DATE=@");
	sk_str_puts(&a->date, close + 1 + strspn(close + 1, " "));
	sk_str_rtrim(&a->date);
	a->env[0] = a->name.ptr;
	a->env[1] = a->email.ptr;
	a->env[2] = a->date.ptr;
}

static void free_author(struct author *a)
{
	sk_str_free(&a->date);
	sk_str_free(&a->email);
	sk_str_free(&a->name);
}

static void add_args(struct sk_git_args *args, const char *encoding,
		     const struct sk_git_place *place,
		     const struct sk_commit_wanted *wanted)
{
	sk_git_args_add(args, "-c");
	sk_git_args_add(args, encoding);
	sk_git_args_add(args, "commit-tree");
	if (!wanted->is_unsigned && sk_commit_wants_signature(place))
		sk_git_args_add(args, "-S");
	for (size_t i = 0; wanted->parents[i]; i++) {
		sk_git_args_add(args, "-p");
		sk_git_args_add(args, wanted->parents[i]);
	}
	sk_git_args_add(args, "-F");
	sk_git_args_add(args, "-");
	sk_git_args_add(args, wanted->tree);
}

int sk_commit_tree(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		   const struct sk_commit_wanted *wanted, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, out = SK_STR_INIT, said = SK_STR_INIT,
		      encoding = SK_STR_INIT;
	struct sk_git_args args = {0};
	struct sk_feed feed = {0};
	struct author author;
	struct sk_oid oid;
	int rc;

	sk_str_puts(&text, wanted->message);
	if (text.len && text.ptr[text.len - 1] != '\n')
		sk_str_putc(&text, '\n');
	read_author(&author, wanted->author);
	feed.data = text.ptr;
	feed.len = text.len;
	feed.env = author.env[0] ? author.env : NULL;
	sk_str_addf(&encoding, "i18n.commitEncoding=%s",
		    wanted->encoding ? wanted->encoding : "UTF-8");
	add_args(&args, encoding.ptr, place, wanted);
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
	free_author(&author);
	free(args.args);
	sk_str_free(&encoding);
	sk_str_free(&said);
	sk_str_free(&out);
	sk_str_free(&text);
	return rc;
}
