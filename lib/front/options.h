/* SPDX-License-Identifier: MIT */
/*
 * A command line against the table of its command, as git's parse-options
 * reads one: long names may be abbreviated, --no-<name> takes an option back,
 * options and operands come in any order, -- and --end-of-options end the
 * options. -h, --help and --version are known to every command.
 */
#ifndef SK_FRONT_OPTIONS_H
#define SK_FRONT_OPTIONS_H

#include "front/cli.h"

/* What the command line asks for. */
enum sk_wish {
	SK_WISH_RUN,
	SK_WISH_USAGE,	 /* -h */
	SK_WISH_MANUAL,	 /* --help */
	SK_WISH_VERSION, /* --version */
};

struct sk_parsed {
	enum sk_wish wish;
	int operands; /* moved to the front of argv */
};

/* The options struct of a command, defaults filled in; owned, free() it. */
void *sk_options_new(const struct sk_cmd *cmd);

/*
 * Fill `values`, as sk_options_new() made it, and *out. Reads on behind a
 * mistake, the first of which is the one reported, so that options which decide
 * how it is reported count wherever they stand. Returns 0; -1 with SK_EUSAGE.
 */
int sk_options_parse(struct sk_parsed *out, const struct sk_cmd *cmd,
		     void *values, int argc, char **argv,
		     struct sk_err *err) SK_NODISCARD;

/* Whether the command has an option with this mark, and it was given. */
bool sk_options_is_set(const struct sk_cmd *cmd, const void *values,
		       enum sk_opt_mark mark);

/* Whether it has one. */
bool sk_options_has(const struct sk_cmd *cmd, enum sk_opt_mark mark);

#endif
