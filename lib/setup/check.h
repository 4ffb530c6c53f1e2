/* SPDX-License-Identifier: MIT */
/*
 * Whether a commit made here reaches us, and by which way; and whose the hooks
 * are when it does not.
 */
#ifndef SK_SETUP_CHECK_H
#define SK_SETUP_CHECK_H

#include "setup/setup.h"

/* One event. */
struct sk_hook_check {
	const struct sk_hook_event *event;
	const char *owner; /* of <event> in the folder; NULL: there is none */
	bool is_reached;   /* git, as it is, runs our program, up to date */
	bool is_stale;	/* a hook of ours is there, but not as it should be */
	bool by_config; /* it is reached by configuration alone */
	bool runs_kept; /* ours runs a hook that was there before */
	struct sk_str how;  /* "in place, by configuration"; "lefthook's" */
	struct sk_str note; /* more that a person has to know; "" for nothing */
};

struct sk_check {
	struct sk_hook_check hooks[SK_HOOK_EVENTS]; /* that are wanted here */
	size_t count;
	bool is_set_up;	    /* the clone has an id */
	bool is_reached;    /* all these events are */
	struct sk_str note; /* of the whole: other gits that run none of them */
};

/* Fill *check, owned: sk_check_free(); it borrows from nobody. */
void sk_check_fill(struct sk_check *check, const struct sk_setup *setup);
void sk_check_free(struct sk_check *check);

/*
 * One line for whoever runs another command, when hooks that were set up are
 * not reached any more: "post-commit is husky's; run 'git sk-setup'". Returns
 * whether there is one. Starts git once when all is well, twice where
 * core.hooksPath is set, once more for the settings when `config` is NULL, and
 * for the branches where refs are not kept as files; says nothing where setup
 * could not look.
 */
bool sk_check_missing(struct sk_str *out, const struct sk_config *config);

#endif
