/* SPDX-License-Identifier: MIT */
/*
 * Event logs in words, wherever git shows a difference: our textconv in the
 * repository's own configuration, and the attribute that asks for it,
 *
 *	kitty-specs/ ** /status.events.jsonl diff=sk-eventlog
 *
 * (without the spaces) in info/attributes of the folder all worktrees share,
 * never in a file that is committed. It stands first there: a line of the
 * user's own says more.
 */
#ifndef SK_SETUP_TEXTCONV_H
#define SK_SETUP_TEXTCONV_H

#include "base/err.h"
#include "base/str.h"

struct sk_textconv {
	struct sk_str file;    /* info/attributes */
	struct sk_str text;    /* what is in it */
	struct sk_str command; /* what git is to run for a log */
	mode_t mode;	       /* of a new file */
	bool has_line;	       /* our line is in the file */
	bool has_command;      /* the configuration has our command */
	bool has_other;	       /* or one that is not as it should be */
};

#define SK_TEXTCONV_INIT                                                       \
	{                                                                      \
		.file = SK_STR_INIT, .text = SK_STR_INIT,                      \
		.command = SK_STR_INIT                                         \
	}

/*
 * Look at the repository whose common folder this is. *t is owned, also on
 * failure: sk_textconv_free(). Runs git once. Returns 0 or -1.
 */
int sk_textconv_look(struct sk_textconv *t, const char *common_dir,
		     struct sk_err *err) SK_NODISCARD;
void sk_textconv_free(struct sk_textconv *t);

/* Put both in place, as far as they are not. Returns 0 or -1. */
int sk_textconv_install(const struct sk_textconv *t,
			struct sk_err *err) SK_NODISCARD;

/* Take both out; all else in the file stays as it is. Returns 0 or -1. */
int sk_textconv_remove(const struct sk_textconv *t,
		       struct sk_err *err) SK_NODISCARD;

#endif
