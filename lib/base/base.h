/* SPDX-License-Identifier: MIT */
/*
 * The few macros that every header of the project needs. No code, no state.
 */
#ifndef SK_BASE_BASE_H
#define SK_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The result says whether the call worked: ignoring it is a bug. */
#define SK_NODISCARD __attribute__((warn_unused_result))

/* Argument `fmt` is a printf format, checked against those from `args` on. */
#define SK_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define SK_COUNTOF(array) (sizeof(array) / sizeof((array)[0]))

#endif
