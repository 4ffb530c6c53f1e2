/* SPDX-License-Identifier: MIT */
/*
 * Hooks by configuration, which git has from 2.54 on (git-config(1), hook.*):
 *
 *	[hook "sk-post-commit"]
 *		command = [ ! -x '<program>' ] || '<program>'
 *		event = post-commit
 *
 * Git runs them beside the hooks folder, whoever owns that. An event without a
 * command ends every git command with 128, so both come, and go, in one rename
 * of the file. A program that is missing is no failure.
 */
#ifndef SK_SETUP_CONFIGHOOK_H
#define SK_SETUP_CONFIGHOOK_H

#include "base/err.h"
#include "base/str.h"
#include "setup/event.h"

/* git-config(1)'s own scopes. */
enum sk_hook_scope {
	SK_SCOPE_LOCAL,
	SK_SCOPE_WORKTREE,
	SK_SCOPE_GLOBAL,
};

/* Whether a hook of the global scope started this process. */
bool sk_confighook_is_global(void);

/* What git would do for one event, as configured. */
struct sk_confighook {
	bool is_there; /* our command, and the event */
	bool is_off;   /* switched off: enabled = false */
	bool is_in[3]; /* by enum sk_hook_scope: there is a command */
	struct sk_str command;
};

/*
 * Ask git what is configured for each event, in all scopes. The array is
 * owned: sk_confighooks_free(). Runs one process. Returns 0 or -1.
 */
int sk_confighooks_read(struct sk_confighook hooks[SK_HOOK_EVENTS],
			struct sk_err *err) SK_NODISCARD;
void sk_confighooks_free(struct sk_confighook hooks[SK_HOOK_EVENTS]);

/*
 * Append the command of an event. In the global scope it says so to the
 * program, which then looks whether the repository is to be registered.
 */
void sk_confighook_command(struct sk_str *out, const char *program,
			   enum sk_hook_scope scope);

/*
 * Set *out to the file of a scope. Returns 0; -1 with a hint when it has none
 * here (several worktrees, and extensions.worktreeConfig is not set).
 */
int sk_confighook_file(struct sk_str *out, enum sk_hook_scope scope,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Write the events into the file, or take all out, in one rename; nothing is
 * done when it is so already. `programs` are absolute paths, in the order of
 * sk_hook_events, NULL for an event that stays as it is; NULL for the whole
 * takes out. Returns 0; 1 when nothing had to be done;
 * -1, with SK_EBUSY when another process writes the file.
 */
int sk_confighooks_write(const char *file, const char *const *programs,
			 enum sk_hook_scope scope,
			 struct sk_err *err) SK_NODISCARD;

#endif
