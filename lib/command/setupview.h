/* SPDX-License-Identifier: MIT */
/*
 * What git sk-setup says, on standard output: for people, or as one JSON
 * document with `schema_version`.
 */
#ifndef SK_COMMAND_SETUPVIEW_H
#define SK_COMMAND_SETUPVIEW_H

#include "setup/clone.h"
#include "setup/everywhere.h"
#include "setup/remove.h"

/*
 * What would be done. `config_file` is NULL when no configuration changes,
 * `clone` when the clone is known as it shall be: "register this clone".
 */
void sk_setup_show_plan(const struct sk_steps *steps, const char *config_file,
			const char *clone, bool json);

/* The lines to add by hand. */
void sk_setup_show_lines(const struct sk_setup *setup);

/* What was done, what the history holds, and what to do next. */
void sk_setup_show_done(const struct sk_setup_plan *plan,
			const struct sk_setup *setup,
			const struct sk_clone *clone, bool is_manual,
			bool json);

/* What was taken out. */
void sk_setup_show_removal(const struct sk_removal *removal,
			   const struct sk_setup *setup, bool json);

/* Whose the hooks are. Returns the exit status: 0 when all reach us, else 1. */
int sk_setup_show_check(const struct sk_setup *setup, bool json);

/* The repositories set up by this account. Returns 0; -1 unreadable. */
int sk_setup_show_list(bool json, struct sk_err *err) SK_NODISCARD;

/* The hooks of the global scope. Returns the exit status, 0 or 1. */
int sk_setup_show_everywhere(const struct sk_everywhere *all, bool json);
void sk_setup_show_everywhere_done(const struct sk_everywhere *all, bool want,
				   bool dry_run, bool json);

#endif
