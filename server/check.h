/* SPDX-License-Identifier: MIT */
/*
 * What makes an event acceptable: the envelope of both contracts, the payloads
 * of 1.0.0, and the names that 3.0.0 no longer has. Pure functions.
 */
#ifndef SK_SERVER_CHECK_H
#define SK_SERVER_CHECK_H

#include "format/json.h"

/* The values of `schema_version` that are taken; NULL behind the last. */
extern const char *const sk_check_contracts[];

/*
 * Returns true for an acceptable event; else false, having appended to *why
 * one line that names the field, what is expected and what is there.
 */
bool sk_check_event(const struct sk_json *event, struct sk_str *why);

#endif
