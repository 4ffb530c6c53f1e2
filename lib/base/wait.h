/* SPDX-License-Identifier: MIT */
/* What becomes of a child process, whoever started it, and us. */
#ifndef SK_BASE_WAIT_H
#define SK_BASE_WAIT_H

#include <sys/types.h>

#include "base/err.h"

/*
 * Before a child is started: have the kernel tell how it ends, also when
 * whoever started us wanted to hear of no child.
 */
void sk_wait_prepare(void);

/*
 * Wait for the child `pid`, which messages call `name`. Returns its exit status
 * (128 + signal when it was killed); -1 when there is none to learn.
 */
int sk_wait(pid_t pid, const char *name, struct sk_err *err) SK_NODISCARD;

#endif
