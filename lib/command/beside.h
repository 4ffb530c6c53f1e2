/* SPDX-License-Identifier: MIT */
/*
 * Subcommands that a hook starts beside itself: nobody waits for them, and they
 * begin where the hook says.
 */
#ifndef SK_COMMAND_BESIDE_H
#define SK_COMMAND_BESIDE_H

#include "base/err.h"

/* Change to the folder that is the one operand. Returns 0; -1 with SK_EUSAGE
 * when there is none. */
int sk_beside_enter(int argc, char **argv, struct sk_err *err) SK_NODISCARD;

#endif
