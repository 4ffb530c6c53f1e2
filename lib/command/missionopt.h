/* SPDX-License-Identifier: MIT */
/* How a command is told which mission is meant: by options, or an operand. */
#ifndef SK_COMMAND_MISSIONOPT_H
#define SK_COMMAND_MISSIONOPT_H

#include "front/cli.h"

/* The rows of the two options, which fill `mission` and `feature`. */
#define SK_MISSION_OPTS(type, help)                                            \
	SK_TEXT('m', "mission", type, mission, "mission", help),               \
		SK_TEXT(0, "feature", type, feature, "mission",                \
			"the same, by its old name")

/*
 * The one handle among the options, which are NULL when they were not given,
 * and the first operand, if there is one. Sets *handle to it, borrowed; NULL
 * when there is none. Returns 0; -1 with SK_EUSAGE when two of them differ.
 */
int sk_mission_named(const char **handle, const char *mission,
		     const char *feature, int argc, char **argv,
		     struct sk_err *err) SK_NODISCARD;

#endif
