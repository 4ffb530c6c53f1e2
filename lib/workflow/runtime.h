/* SPDX-License-Identifier: MIT */
/*
 * The global runtime: the templates that all projects of a person share, in
 * $SPEC_KITTY_HOME, else ~/.kittify. Spec-kitty keeps its own there, too.
 * Credentials and queues are not here but in the folder
 * of home.h: this one may be shared, copied and published.
 */
#ifndef SK_WORKFLOW_RUNTIME_H
#define SK_WORKFLOW_RUNTIME_H

#include "base/err.h"
#include "base/str.h"

/* Set *out to its folder, which need not exist. 0; -1 when nothing says it. */
int sk_runtime_home(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

#endif
