/* SPDX-License-Identifier: MIT */
/* Texts as scalars of a YAML document. */
#ifndef SK_FORMAT_YAMLWRITE_H
#define SK_FORMAT_YAMLWRITE_H

#include "base/str.h"

/* Append the text in double quotes; what does not print is escaped. */
void sk_yaml_add_quoted(struct sk_str *out, const char *text);

/*
 * Append the text as an item of a list, of one with a line for each or of one
 * in brackets: as it is, or in double quotes when it could be read as something
 * else: a number, a date, true, an alias, a comment.
 */
void sk_yaml_add_item(struct sk_str *out, const char *text);

#endif
