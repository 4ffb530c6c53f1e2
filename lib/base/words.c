/* SPDX-License-Identifier: MIT */
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void sk_words_free(struct sk_words *words)
{
	for (size_t i = 0; i < words->len; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct sk_words)SK_WORDS_INIT;
}

void sk_words_add_len(struct sk_words *words, const char *text, size_t len)
{
	SK_GROW(words->items, words->len, words->cap);
	words->items[words->len++] = sk_strndup(text, len);
}

void sk_words_add(struct sk_words *words, const char *text)
{
	sk_words_add_len(words, text, strlen(text));
}

bool sk_words_has(const struct sk_words *words, const char *text)
{
	for (size_t i = 0; i < words->len; i++) {
		if (strcmp(words->items[i], text) == 0)
			return true;
	}
	return false;
}

bool sk_words_add_new(struct sk_words *words, const char *text)
{
	if (sk_words_has(words, text))
		return false;
	sk_words_add(words, text);
	return true;
}

void sk_words_add_all(struct sk_words *words, const struct sk_words *from)
{
	for (size_t i = 0; i < from->len; i++)
		sk_words_add(words, from->items[i]);
}

static bool holds_all(const struct sk_words *words, const struct sk_words *of)
{
	for (size_t i = 0; i < of->len; i++) {
		if (!sk_words_has(words, of->items[i]))
			return false;
	}
	return true;
}

bool sk_words_same_set(const struct sk_words *a, const struct sk_words *b)
{
	return holds_all(a, b) && holds_all(b, a);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void sk_words_sort(struct sk_words *words)
{
	if (words->len)
		qsort(words->items, words->len, sizeof(*words->items), compare);
}
