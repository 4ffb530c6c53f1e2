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
 * What tells that a text was cut, in one column: "…", or ">" where the locale
 * has no such character. To be asked once: it opens the locale. For ever.
 */
const char *sk_cell_mark(void);

/*
 * Append a text, cut at `width` columns, with `mark` for the last of them.
 * Less than 1 appends nothing. Returns the columns it took.
 */
int sk_cell_add(struct sk_str *out, const char *text, int width,
		const char *mark);

/* The same, with spaces up to that width. */
void sk_cell_pad(struct sk_str *out, const char *text, int width,
		 const char *mark);

#endif
