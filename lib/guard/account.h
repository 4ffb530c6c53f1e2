/* SPDX-License-Identifier: MIT */
/*
 * Whose events are captured and sent: the login, and all that follows from it.
 * A program reads it once, at the start, and hands it down, so that all of its
 * parts work for one account, whoever logs in meanwhile; one that stays reads
 * it again, by sk_account_reload(), when it begins anew.
 */
#ifndef SK_GUARD_ACCOUNT_H
#define SK_GUARD_ACCOUNT_H

#include "outbox/outbox.h"
#include "wire/credentials.h"

struct sk_account {
	bool is_logged_in;
	struct sk_credentials creds; /* empty when nobody is */

	/* as queues are told apart by: lower case, trimmed; "" for nobody */
	struct sk_str user;
	struct sk_str team;	    /* `no-team` for none */
	struct sk_str team_or_user; /* `user/team` */
	struct sk_str scope;	    /* `server|user|team` */

	struct sk_str queue_path;
	struct sk_str unowned_path; /* of the queue without an account */
	int64_t queue_limit;	    /* `[sync] max_queue_size` */

	/* what works for it: this program, symlinks resolved, and the folder
	 * it is installed in; "" when that cannot be found out */
	struct sk_str executable_path;
	struct sk_str source_path;
};

#define SK_ACCOUNT_INIT                                                        \
	{                                                                      \
		false, SK_CREDENTIALS_INIT, SK_STR_INIT, SK_STR_INIT,          \
			SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, 0, \
			SK_STR_INIT, SK_STR_INIT                               \
	}

/*
 * Read who is logged in. *account is owned: sk_account_free(). Returns 0, also
 * when nobody is; -1 with SK_EDATA for credentials that cannot be used, and
 * then it is nobody's, SK_EFAIL.
 */
int sk_account_load(struct sk_account *account,
		    struct sk_err *err) SK_NODISCARD;

/*
 * Read it again: another process may have logged in, or out. Returns 0; -1 as
 * sk_account_load(), with *account as it was.
 */
int sk_account_reload(struct sk_account *account,
		      struct sk_err *err) SK_NODISCARD;

/* Fill *account for this login, which is copied; NULL is nobody. 0 or -1. */
int sk_account_of(struct sk_account *account,
		  const struct sk_credentials *creds,
		  struct sk_err *err) SK_NODISCARD;

/* Overwrite the secrets and release it all; then it is nobody's. */
void sk_account_free(struct sk_account *account);

/*
 * Open its queue to add events, made when absent, with its limit. *out is
 * owned: sk_outbox_close(). Returns 0; -1 as sk_outbox_open().
 */
int sk_account_open_queue(struct sk_outbox **out,
			  const struct sk_account *account,
			  struct sk_err *err) SK_NODISCARD;

/* The same as sk_outbox_open_in_hook(). Returns 0 or -1. */
int sk_account_open_queue_in_hook(struct sk_outbox **out,
				  const struct sk_account *account,
				  struct sk_err *err) SK_NODISCARD;

#endif
