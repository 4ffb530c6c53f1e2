/* SPDX-License-Identifier: MIT */
/* An account and what waits in its queue, as all of `git sk-auth` says it. */
#ifndef SK_FRONT_WHO_H
#define SK_FRONT_WHO_H

#include "format/json.h"
#include "wire/credentials.h"

/* Text from files and servers onto stdout, safe on a terminal. */
void sk_print_visible(const char *text);

/* Print "<before><user> at <server> (team <team>)<after>". */
void sk_who_print(const char *before, const struct sk_credentials *creds,
		  const char *after);

/* Write the members server, username and team. */
void sk_who_add_json(struct sk_jsonw *w, const struct sk_credentials *creds);

/*
 * What waits in a queue file, parked events included; 0 when it is not there.
 * That it cannot be read is said on stderr, and counts as 0.
 */
int64_t sk_who_waiting(const char *queue_path);

#endif
