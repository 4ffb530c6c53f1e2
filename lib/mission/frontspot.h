/* SPDX-License-Identifier: MIT */
/* Where in a front matter a key stands, or a new one belongs. For frontedit. */
#ifndef SK_MISSION_FRONTSPOT_H
#define SK_MISSION_FRONTSPOT_H

#include "base/str.h"

/* The lines of one key. All offsets are of the file. */
struct sk_front_spot {
	size_t start;	 /* of its first line */
	size_t value;	 /* behind the colon */
	size_t line;	 /* the end of the first line, without its line end */
	size_t next;	 /* the first line that is not its own any more */
	const char *eol; /* "\n" or "\r\n" */
};

/*
 * Find the lines of `key`. What is empty or a comment belongs to the value only
 * when more of it follows. Returns false when no line begins with that key.
 */
bool sk_front_spot_find(const struct sk_str *file, const char *key,
			struct sk_front_spot *spot);

/*
 * Where a new key goes: behind the nearest of those that stand before it in the
 * order, else before the nearest of those behind it, else at the end. The file
 * has a front matter. All offsets are the same.
 */
struct sk_front_spot sk_front_spot_new(const struct sk_str *file,
				       const char *key);

/*
 * Where in the bytes behind a colon the comment begins, with the space before
 * it; `len` when there is none.
 */
size_t sk_yaml_comment_at(const char *at, size_t len);

#endif
