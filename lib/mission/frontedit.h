/* SPDX-License-Identifier: MIT */
/*
 * Change a front matter: the lines of the keys that are set, and no other byte
 * of the file. Comments, quotes, line ends, the byte order mark and a missing
 * end of line stay. What was changed is read again, and must differ in the key
 * that was set alone.
 */
#ifndef SK_MISSION_FRONTEDIT_H
#define SK_MISSION_FRONTEDIT_H

#include "base/err.h"
#include "base/str.h"
#include "base/words.h"

/*
 * Set `key` of the front matter that *file begins with, to a text or a list; a
 * new key is put where those of its kind are. A comment behind the value stays.
 *
 * Returns 0; 1 when it said so before, *file as it was; -1 with SK_EDATA when
 * there is no front matter, it is not YAML, or the value cannot be changed
 * without harm to others; *file is as it was then.
 */
int sk_front_set(struct sk_str *file, const char *key, const char *value,
		 struct sk_err *err) SK_NODISCARD;
int sk_front_set_list(struct sk_str *file, const char *key,
		      const struct sk_words *values,
		      struct sk_err *err) SK_NODISCARD;

#endif
