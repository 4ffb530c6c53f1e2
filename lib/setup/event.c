/* SPDX-License-Identifier: MIT */
#include "setup/event.h"

#include <string.h>

const struct sk_hook_event sk_hook_events[SK_HOOK_EVENTS] = {
	{"post-commit", false, false, false},
	{"post-merge", false, false, false},
	{"post-rewrite", false, false, false},
	{"post-checkout", false, false, false},
	{"pre-commit", true, false, true},
	{"pre-merge-commit", true, false, false},
	{"pre-push", true, true, false},
};

const struct sk_hook_event *sk_hook_event_find(const char *name)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (strcmp(sk_hook_events[i].name, name) == 0)
			return &sk_hook_events[i];
	}
	return NULL;
}
