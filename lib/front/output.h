/* SPDX-License-Identifier: MIT */
/*
 * Standard output that remembers: whether something was printed, and why the
 * first write failed that did, which stdio forgets by the time it is closed.
 */
#ifndef SK_FRONT_OUTPUT_H
#define SK_FRONT_OUTPUT_H

#include "base/err.h"

/*
 * Put it in the place of stdout, and /dev/null in that of a standard descriptor
 * that is closed. To be called once, before anything else.
 */
void sk_output_open(void);

/* Whether something was printed, be it on its way yet or not. */
bool sk_output_has_begun(void);

/*
 * Write what is on its way and close it. Returns 0; 1 when whoever read it has
 * gone, which is nothing to talk about; -1 when it did not arrive.
 */
int sk_output_close(struct sk_err *err) SK_NODISCARD;

#endif
