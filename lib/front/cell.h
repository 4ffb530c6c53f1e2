/* SPDX-License-Identifier: MIT */
/*
 * Text in columns of a terminal: wide characters take two, those that combine
 * with the one before take none. Text from outside is made visible first.
 */
#ifndef SK_FRONT_CELL_H
#define SK_FRONT_CELL_H

#include "base/str.h"

/* The columns that a text takes. */
int sk_cell_width(const char *text);

/*
 * Append a text, cut at `width` columns, the last of them telling so ("…", or
 * ">" where the locale has no such character). Less than 1 appends nothing.
 * Returns the columns it took.
 */
int sk_cell_add(struct sk_str *out, const char *text, int width);

/* The same, with spaces up to that width. */
void sk_cell_pad(struct sk_str *out, const char *text, int width);

#endif
