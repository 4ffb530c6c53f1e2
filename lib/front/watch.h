/* SPDX-License-Identifier: MIT */
/*
 * An answer that is drawn again when it changes, until somebody has seen
 * enough: on a terminal in its place, where nothing is wiped before something
 * stands there; elsewhere below the last one.
 */
#ifndef SK_FRONT_WATCH_H
#define SK_FRONT_WATCH_H

#include "base/err.h"
#include "base/str.h"

/*
 * Append the answer as it is now. Asked twice a second. Returns 0; 1 when
 * nothing is new but the time, which only a terminal shows; -1.
 */
typedef int sk_watch_fn(void *ctx, struct sk_str *out, struct sk_err *err);

/*
 * Draw until a signal ends the process, with the terminal as it was before, or
 * the one who reads has gone. Returns 0 then; -1 when drawing failed.
 */
int sk_watch(sk_watch_fn *draw, void *ctx, struct sk_err *err) SK_NODISCARD;

#endif
