/* SPDX-License-Identifier: MIT */
/* An account and what waits in its queue, as all of `git sk-auth` says it. */
#ifndef SK_COMMAND_WHO_H
#define SK_COMMAND_WHO_H

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

/* Seconds until then, 0 when it is past. */
int64_t sk_who_seconds_left(int64_t expires);

/*
 * Whether the login can still be used, or renews itself. A token without a time
 * is good until the server says otherwise.
 */
bool sk_who_is_alive(const struct sk_credentials *creds);

#endif
