/* SPDX-License-Identifier: MIT */
/* What a command that captured says of it, on stderr. */
#ifndef SK_COMMAND_CAPTUREVIEW_H
#define SK_COMMAND_CAPTUREVIEW_H

#include "capture/capture.h"

/*
 * What became of the project, which lines could not be read, and where history
 * is cut off.
 */
void sk_capture_explain(const struct sk_capture_report *report);

/* How much was looked at, for who asked to be told. */
void sk_capture_describe(const struct sk_capture_report *report);

#endif
