/* SPDX-License-Identifier: MIT */
/* What the terminal of the person who reads us can show. */
#ifndef SK_FRONT_TERMINAL_H
#define SK_FRONT_TERMINAL_H

#include "base/base.h"

/* Its width, as git has it: COLUMNS when set, else what it says of itself, else
 * 80. */
int sk_terminal_columns(int fd);

/* Its height; 0 when it does not say. */
int sk_terminal_rows(int fd);

/* A dash between words: "—" where the locale has it, else "-". */
const char *sk_terminal_dash(void);

#endif
