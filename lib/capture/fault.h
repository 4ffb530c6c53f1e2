/* SPDX-License-Identifier: MIT */
/*
 * What a walk could not read: a line of an event log, or an object, and with it
 * a mission in one commit. A fault has a key by what it is about, so that it is
 * told once however often its commit is made anew.
 */
#ifndef SK_CAPTURE_FAULT_H
#define SK_CAPTURE_FAULT_H

#include "git/repo.h"
#include "outbox/outbox.h"

#define SK_FAULT_KEY_SIZE 66

struct sk_fault {
	char commit[SK_HEX_LEN + 1]; /* the first it was seen in */
	char last[SK_HEX_LEN + 1];   /* the last that has it */
	char *path;
	size_t line; /* 0: it is about all of it */
	size_t size; /* of the line, in bytes */
	char *reason;
	char key[SK_FAULT_KEY_SIZE];
};

/* Release path and reason. */
void sk_fault_free(struct sk_fault *fault);

/* The key of a line: "!" and the hash of its bytes. */
void sk_fault_line_key(char key[SK_FAULT_KEY_SIZE], const char *data,
		       size_t len);

/* That of an object: "?" when it is missing, else "-", and its id. */
void sk_fault_object_key(char key[SK_FAULT_KEY_SIZE], bool is_missing,
			 const struct sk_oid *id);

/*
 * Record it as one of this clone. Needs a transaction. Returns 0; 1 when it is
 * recorded; -1.
 */
int sk_fault_record(const struct sk_fault *fault, struct sk_outbox *box,
		    const char *clone, int64_t now,
		    struct sk_err *err) SK_NODISCARD;

/* Append where it is, for people: the path, and ":" and the line. */
void sk_fault_add_place(struct sk_str *out, const struct sk_fault *fault);

#endif
