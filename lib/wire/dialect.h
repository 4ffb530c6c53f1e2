/* SPDX-License-Identifier: MIT */
/*
 * Which contract the server speaks: its health answer lists them, the best one
 * that we speak too is kept as `[sync] contract` in config.toml, where capture
 * finds it without a network.
 */
#ifndef SK_WIRE_DIALECT_H
#define SK_WIRE_DIALECT_H

#include "wire/credentials.h"
#include "wire/http.h"

/*
 * Ask the server and store what both sides speak. A config.toml that cannot be
 * read is left as it is.
 *
 * Returns 0; 1 when the server names no contract (nothing is stored); -1 with
 * SK_EDATA when it names only others or config.toml is broken, SK_ENET,
 * SK_EBUSY, SK_EFAIL.
 */
int sk_dialect_learn(struct sk_http *http, const struct sk_credentials *creds,
		     struct sk_err *err) SK_NODISCARD;

/*
 * Set *out to what is stored, else to the contract that needs no word from
 * anyone. Asks nobody. Returns 0; -1 when config.toml cannot be read.
 */
int sk_dialect_current(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

#endif
