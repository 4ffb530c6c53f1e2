/* SPDX-License-Identifier: MIT */
/* Who else has a file locked, for messages that say whom to wait for. */
#ifndef SK_BASE_LOCKHOLDER_H
#define SK_BASE_LOCKHOLDER_H

#include "base/str.h"

/*
 * Append "process 12 (python3)" for another process that holds a lock on the
 * file at `path`, as /proc/locks has it. Returns whether one was found: locks
 * come and go, and those of other machines or containers are not seen.
 */
bool sk_lock_holder(struct sk_str *out, const char *path);

#endif
