/* SPDX-License-Identifier: MIT */
/*
 * Settings, asked from git itself with one command, because only git knows all
 * its sources (`git -c`, GIT_CONFIG_*, conditional includes).
 */
#ifndef SK_GIT_CONFIG_H
#define SK_GIT_CONFIG_H

#include "base/err.h"
#include "base/str.h"

/*
 * All of sk.*, remote.*.url, color.ui, color.sk, core.bare, core.worktree and
 * core.hooksPath, as they were when loaded.
 */
struct sk_config {
	struct sk_str raw; /* records of `key LF value NUL` */
};

#define SK_CONFIG_INIT                                                         \
	{                                                                      \
		SK_STR_INIT                                                    \
	}

/*
 * Ask git. Runs one process. *config is owned: sk_config_free().
 * Returns 0, also outside a repository; -1 when git cannot be run or says no.
 */
int sk_config_load(struct sk_config *config, struct sk_err *err) SK_NODISCARD;
void sk_config_free(struct sk_config *config);

/* The value of a key, whatever its case; the last one counts. NULL = unset.
 * Borrowed. */
const char *sk_config_get(const struct sk_config *config, const char *key);

/*
 * The id of the clone here, `sk.clone`. NULL: it was not set up; an empty one
 * is none. Borrowed.
 */
const char *sk_config_clone(const struct sk_config *config);

/*
 * The same as the file of the repository with this common folder has it,
 * whatever else says something. Runs one process. *id is owned. Returns 0; 1
 * when there is none, or it cannot be asked.
 */
int sk_config_ask_clone(struct sk_str *id, const char *common_dir) SK_NODISCARD;

/* Visit every value of a key, in git's order; borrowed for the call. */
typedef void sk_value_fn(void *ctx, const char *value);
void sk_config_each_value(const struct sk_config *config, const char *key,
			  sk_value_fn *each, void *ctx);

/* A boolean as git reads one: 1 or 0; -1 for a text that is none. */
int sk_config_parse_bool(const char *text);

/*
 * A boolean as git reads one: words, numbers, and "" for false. *value stays as
 * it is when the key is unset. Returns 0; -1 with SK_EDATA for anything else,
 * naming the key.
 */
int sk_config_bool(bool *value, const struct sk_config *config, const char *key,
		   struct sk_err *err) SK_NODISCARD;

#define SK_SYNC_VARIABLE "SPEC_KITTY_ENABLE_SAAS_SYNC"

/* The variable that overrides `sk.sync`: its value; NULL when it says nothing.
 * Borrowed from the environment. */
const char *sk_config_sync_variable(void);

/*
 * Whether events are sent at all: SK_SYNC_VARIABLE when it is set, else
 * `sk.sync`, else yes. Capturing goes on either way. Returns 0; -1 when
 * `sk.sync` is no boolean.
 */
int sk_config_may_send(bool *may, const struct sk_config *config,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Visit each setting of sk.* and core.hooksPath, in git's order, the one that
 * counts last: where it stands ("file:/home/u/.gitconfig", "command line:"),
 * in which scope ("local"), its key and its value, borrowed for the call.
 * Runs one process. Returns 0; -1 when git cannot be run or says no.
 */
typedef void sk_config_fn(void *ctx, const char *origin, const char *scope,
			  const char *key, const char *value);
int sk_config_each(sk_config_fn *each, void *ctx,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Write into, or remove from, the repository's own file; sk_config_add() lets
 * the values that are there be. Returns 0 or -1.
 */
int sk_config_set(const char *key, const char *value,
		  struct sk_err *err) SK_NODISCARD;
int sk_config_add(const char *key, const char *value,
		  struct sk_err *err) SK_NODISCARD;
int sk_config_unset(const char *key, struct sk_err *err) SK_NODISCARD;

#endif
