/* SPDX-License-Identifier: MIT */
/*
 * The git hooks there are programs for: the one list that setup, its check,
 * the doctor and the umbrella command read. Names are those of githooks(5).
 */
#ifndef SK_SETUP_EVENT_H
#define SK_SETUP_EVENT_H

#include "base/base.h"

struct sk_hook_event {
	const char *name;
	bool is_gate;	  /* its status stops git: the kept hook goes first */
	bool reads_stdin; /* our program does, so it is given a copy */
	bool is_of_lanes; /* it has no say but on the branch of a lane */
};

/* How many there are; their order is that of every list we print. */
#define SK_HOOK_EVENTS 7

extern const struct sk_hook_event sk_hook_events[SK_HOOK_EVENTS];

/* The event of that name, or NULL. */
const struct sk_hook_event *sk_hook_event_find(const char *name);

#endif
