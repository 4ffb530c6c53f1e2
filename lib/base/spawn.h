/* SPDX-License-Identifier: MIT */
/* Child processes: run one and read its output, or start one and forget it. */
#ifndef SK_BASE_SPAWN_H
#define SK_BASE_SPAWN_H

#include "base/err.h"
#include "base/str.h"

/*
 * Run argv[0] (searched in PATH), append what it prints to *out and wait. Its
 * standard input is /dev/null; its standard error goes to `errors` when that
 * is not NULL, else to /dev/null. More than `max` bytes of output are an error.
 *
 * Returns the exit status (128 + signal when it was killed); -1 when it could
 * not be run or printed too much.
 */
int sk_spawn_read(struct sk_str *out, struct sk_str *errors,
		  const char *const argv[], size_t max,
		  struct sk_err *err) SK_NODISCARD;

/*
 * The same for one short answer: *out is what it printed, without the white
 * space at the end. Standard error is dropped.
 */
int sk_spawn_ask(struct sk_str *out, const char *const argv[],
		 struct sk_err *err) SK_NODISCARD;

/*
 * The same with `input` on standard input, which no other process can see, and
 * standard error dropped.
 */
int sk_spawn_talk(struct sk_str *out, const struct sk_str *input,
		  const char *const argv[], size_t max,
		  struct sk_err *err) SK_NODISCARD;

/*
 * Run the program at `path` with our streams and wait. argv[0] may be another
 * name. Returns the exit status (128 + signal when it was killed); -1 when it
 * could not be run.
 */
int sk_spawn_run(const char *path, const char *const argv[],
		 struct sk_err *err) SK_NODISCARD;

/*
 * Start the program at the absolute path argv[0] in a session of its own, with
 * all descriptors closed but /dev/null on 0, 1 and 2 and the root folder as
 * working directory, and don't wait: nobody who waits for our output waits for
 * it. Returns 0; -1 when the start failed.
 */
int sk_spawn_detach(const char *const argv[], struct sk_err *err) SK_NODISCARD;

#endif
