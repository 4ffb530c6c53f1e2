/* SPDX-License-Identifier: MIT */
/*
 * What is wrong here, and what to run about it: looks at everything git-sk
 * depends on and changes none of it. Each part looks at one thing and writes it
 * twice, as lines for people and as members of a document, so that the two
 * never disagree; what it finds wrong goes into one list. No secret is read
 * into either.
 */
#ifndef SK_DOCTOR_DOCTOR_H
#define SK_DOCTOR_DOCTOR_H

#include "format/json.h"
#include "guard/account.h"

/* Something wrong. All texts are owned. */
struct sk_finding {
	const char *code; /* a constant word, for programs */
	char *message;	  /* one line */
	char *command;	  /* what to run; NULL when no command helps */
	char *advice;	  /* then what to do; or NULL */
};

struct sk_doctor {
	bool offline;  /* set by the caller: ask no server */
	int64_t now_s; /* likewise: seconds since the epoch */

	bool has_git; /* it can be run */
	struct sk_account account;
	struct sk_err account_err; /* why it is not known who is logged in */

	struct sk_str text; /* for people */
	struct sk_str json; /* a document, open until the end */
	struct sk_jsonw w;
	struct sk_finding *findings;
	size_t count, cap;
};

/* clang-format off */
#define SK_DOCTOR_INIT                                                         \
	{                                                                      \
		.account = SK_ACCOUNT_INIT, .text = SK_STR_INIT,               \
		.json = SK_STR_INIT                                            \
	}
/* clang-format on */

/*
 * Look at everything. Then `text` is what to print, `json` one document with a
 * newline, and `count` how many things are wrong. Never fails: what cannot be
 * looked at is a finding. Waits five seconds for the server at most.
 */
void sk_doctor_run(struct sk_doctor *d);
void sk_doctor_free(struct sk_doctor *d);

#endif
