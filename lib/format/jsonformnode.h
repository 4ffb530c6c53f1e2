/* SPDX-License-Identifier: MIT */
/* What a struct sk_form is made of; private to its three files. */
#ifndef SK_FORMAT_JSONFORMNODE_H
#define SK_FORMAT_JSONFORMNODE_H

#include "format/jsonform.h"

enum sk_form_kind {
	SK_FORM_OBJECT,
	SK_FORM_ARRAY,
	SK_FORM_TEXT,
	SK_FORM_SCALAR,	 /* a number or a word */
	SK_FORM_DROPPED, /* to be taken out of its parent */
};

struct sk_form {
	enum sk_form_kind kind;
	struct sk_str key;  /* where it is a member */
	struct sk_str text; /* what it says, as jsontoken.h unescapes exactly */
	struct sk_form **child;
	size_t count, cap;
	size_t place; /* among its siblings, while they are sorted */
};

/* Make an empty one; owned: sk_form_free(). */
struct sk_form *sk_form_make(enum sk_form_kind kind);

/* Whether both have the same key: 0, below or above as memcmp(). */
int sk_form_compare_keys(const struct sk_form *a, const struct sk_form *b);

/* Members in order of their keys, those of one key as they stand. The array is
 * owned: free(). */
struct sk_form **sk_form_sorted(const struct sk_form *object);

#endif
