/* SPDX-License-Identifier: MIT */
/* The manual pages, shown by man(1). */
#ifndef SK_FRONT_MANUAL_H
#define SK_FRONT_MANUAL_H

#include "base/err.h"

/* Whether man is there and has the page. Runs it. */
bool sk_manual_has(const char *page);

/* Become man, showing the page. Does not return but with -1. */
int sk_manual_show(const char *page, struct sk_err *err) SK_NODISCARD;

#endif
