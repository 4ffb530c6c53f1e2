/* SPDX-License-Identifier: MIT */
/*
 * The Test Anything Protocol: ok() for each claim, `return done_testing();` at
 * the end of main(). One program includes it in one file.
 */
#ifndef SK_TESTS_UNIT_TAP_H
#define SK_TESTS_UNIT_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

static unsigned tap_run, tap_failed;

/* One claim and its name, a printf format. Returns the claim. */
static inline bool SK_PRINTF(2, 3) ok(bool claim, const char *name, ...)
{
	va_list args;

	tap_run++;
	if (!claim)
		tap_failed++;
	printf("%sok %u - ", claim ? "" : "not ", tap_run);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	return claim;
}

/* The claim that two texts are the same; shows both when they are not. */
static inline bool is(const char *got, const char *want, const char *name)
{
	if (ok(got && strcmp(got, want) == 0, "%s", name))
		return true;
	printf("#  got: %s\n# want: %s\n", got ? got : "(null)", want);
	return false;
}

/* Print the plan. Returns the exit status of the program. */
static inline int done_testing(void)
{
	printf("1..%u\n", tap_run);
	return tap_failed || fflush(stdout) || ferror(stdout) ? 1 : 0;
}

#endif
