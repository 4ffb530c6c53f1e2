/* SPDX-License-Identifier: MIT */
/*
 * Passwords that git's own credential helpers keep, see git-credential(1). They
 * travel through pipes alone; nobody is asked at the terminal or by a window of
 * git's, because the login asks itself.
 */
#ifndef SK_COMMAND_GITCREDENTIAL_H
#define SK_COMMAND_GITCREDENTIAL_H

#include "base/str.h"

/*
 * Set *password to what a helper has for this user at the server. Returns
 * whether there was one; no git, or one that fails, is none.
 */
bool sk_git_credential_fill(struct sk_str *password, const char *server,
			    const char *username);

/* Tell the helpers that the server took it, or that it did not. */
void sk_git_credential_approve(const char *server, const char *username,
			       const char *password);
void sk_git_credential_reject(const char *server, const char *username,
			      const char *password);

#endif
