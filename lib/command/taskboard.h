/* SPDX-License-Identifier: MIT */
/* The work packages of a mission on a board: lanes are columns. */
#ifndef SK_COMMAND_TASKBOARD_H
#define SK_COMMAND_TASKBOARD_H

#include "command/missionview.h"

/*
 * Append it. Lanes with nothing in them have no column; those that do not fit
 * side by side into the terminal, or 80 columns, go below the others.
 */
void sk_mission_add_board(struct sk_str *out,
			  const struct sk_mission_look *look,
			  const struct sk_mission *m);

#endif
