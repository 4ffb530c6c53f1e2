/* SPDX-License-Identifier: MIT */
/*
 * Processes of this machine, ours or not, as /proc has them: whether there is
 * one of an id, since when, what it runs, and who has a file locked.
 */
#ifndef SK_BASE_PROCESS_H
#define SK_BASE_PROCESS_H

#include "base/err.h"
#include "base/str.h"

struct sk_process {
	bool is_alive;	 /* a zombie is not */
	int64_t start;	 /* clock ticks since boot; 0 = not known */
	int64_t start_s; /* seconds since the epoch; 0 = not known */
};

/* Look at one; one that may not be looked at is alive. Never fails. */
void sk_process_look(struct sk_process *out, int64_t pid);

/* Its start, in clock ticks since boot; 0 when it cannot be known. */
int64_t sk_process_started_at(int64_t pid);

/* The process that started it; 0 when it cannot be known. */
int64_t sk_process_parent(int64_t pid);

/*
 * Append its arguments, the program's name first, each ended by NUL. Returns
 * whether they can be known.
 */
bool sk_process_args(struct sk_str *out, int64_t pid);

/*
 * Set *out to the path of the program it runs, 0 being this very process, as it
 * was when that was started: the file may have been removed or replaced since.
 * Returns 0 or -1.
 */
int sk_process_program(struct sk_str *out, int64_t pid,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Append "process 12 (python3)" for another process that holds a lock on the
 * file at `path`, as /proc/locks has it. Returns whether one was found: locks
 * come and go, and those of other machines or containers are not seen.
 */
bool sk_lock_holder(struct sk_str *out, const char *path);

#endif
