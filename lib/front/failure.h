/* SPDX-License-Identifier: MIT */
/* How a command says that it failed: on stderr, and as a document. */
#ifndef SK_FRONT_FAILURE_H
#define SK_FRONT_FAILURE_H

#include "base/err.h"

/*
 * Print "<name>: error: ...", then `usage` (whole lines, or NULL) when it was
 * the command line, then the hint. With `as_json` also one document with
 * schema_version, error and hint on stdout, unless something stands there: a
 * command that printed its own has said it there.
 * Returns the exit status: 1, 2, 128 or 129.
 */
int sk_failure_report(const char *name, const struct sk_err *err,
		      const char *usage, bool as_json);

#endif
