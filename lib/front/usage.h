/* SPDX-License-Identifier: MIT */
/* What -h says, made from the tables of a program. */
#ifndef SK_FRONT_USAGE_H
#define SK_FRONT_USAGE_H

#include "base/str.h"
#include "front/cli.h"

/* "git sk-sync now": a subcommand is always named with its program. */
struct sk_invocation {
	const char *program; /* NULL when the command is the program */
	const struct sk_cmd *cmd;
};

/* The commands of one program. */
struct sk_program {
	const char *name; /* "git sk-sync" */
	const char *summary;
	const struct sk_cmd *const *cmds;
	size_t count;
};

/* Append "git sk-sync now". */
void sk_usage_add_name(struct sk_str *out, const struct sk_invocation *inv);

/* Append one line: "usage: git sk-sync now [<options>]". */
void sk_usage_add_line(struct sk_str *out, const struct sk_invocation *inv);

/* Append a line for each subcommand; of those of `group` ("user"), or all when
 * that is NULL. */
void sk_usage_add_lines(struct sk_str *out, const struct sk_program *program,
			const char *group);

/* Append what -h says of one command. */
void sk_usage_add_help(struct sk_str *out, const struct sk_invocation *inv);

/* Append what -h says of a program with subcommands, or of one `group`. */
void sk_usage_add_overview(struct sk_str *out, const struct sk_program *program,
			   const char *group);

/* Whether "user add" is of the group "user"; all are of the group NULL. */
bool sk_usage_is_of_group(const struct sk_cmd *cmd, const char *group);

#endif
