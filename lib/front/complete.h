/* SPDX-License-Identifier: MIT */
/*
 * What a shell may complete: every program prints its own tables when called
 * with `--sk-complete`. The build makes the file of each shell from that, by
 * the scripts in docs/completion/; nobody else needs to know of it.
 */
#ifndef SK_FRONT_COMPLETE_H
#define SK_FRONT_COMPLETE_H

#include "front/cli.h"

/* Whether the program was called for this. */
bool sk_complete_is_wanted(int argc, char *const *argv);

/*
 * Print on stdout, separated by tabs: program, subcommand, short option, long
 * option, name of the value, help. A line without options is for the subcommand
 * itself, its value being the operands; one without subcommand as well is for
 * the program. What is not for people is left out. Returns 0.
 */
int sk_complete_print(const char *program, const char *summary,
		      const struct sk_cmd *const *cmds, size_t count);

#endif
