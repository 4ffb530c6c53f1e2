/* SPDX-License-Identifier: MIT */
/*
 * GIT_SK_TRACE: off by default; 1 writes to stderr, an absolute path appends to
 * that file. One line an event: time, pid, topic, text. Never a secret: no
 * header, token, password or event payload is passed to it.
 */
#ifndef SK_BASE_TRACE_H
#define SK_BASE_TRACE_H

#include "base/base.h"

/* Topics are single words: walk, queue, http, hook, lock, login. */
void sk_trace(const char *topic, const char *fmt, ...) SK_PRINTF(2, 3);

#endif
