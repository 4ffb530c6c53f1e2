/* SPDX-License-Identifier: MIT */
/* A growing list of texts, each a copy of its own. */
#ifndef SK_BASE_WORDS_H
#define SK_BASE_WORDS_H

#include "base/base.h"

struct sk_words {
	char **items;
	size_t len, cap;
};

#define SK_WORDS_INIT                                                          \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Release the memory; the list is empty and usable again. */
void sk_words_free(struct sk_words *words);

/* Append a copy of a text, or of `len` bytes. */
void sk_words_add(struct sk_words *words, const char *text);
void sk_words_add_len(struct sk_words *words, const char *text, size_t len);

/* Append a copy unless the list has it already. Returns whether it did. */
bool sk_words_add_new(struct sk_words *words, const char *text);

/* Append copies of all that `from` has. */
void sk_words_add_all(struct sk_words *words, const struct sk_words *from);

/* Whether the list has that text. */
bool sk_words_has(const struct sk_words *words, const char *text);

/* Whether both have the same texts, in whatever order and number. */
bool sk_words_same_set(const struct sk_words *a, const struct sk_words *b);

/* Sort by bytes. */
void sk_words_sort(struct sk_words *words);

#endif
