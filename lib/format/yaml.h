/* SPDX-License-Identifier: MIT */
/*
 * One YAML document, or a scalar of it, by libyaml's event parser. All scalars
 * are text, so `on` and `012` stay what they are. Aliases, tags, a second
 * document, more than SK_YAML_MAX_BYTES and nesting past SK_YAML_MAX_DEPTH are
 * refused.
 */
#ifndef SK_FORMAT_YAML_H
#define SK_FORMAT_YAML_H

#include "base/err.h"
#include "base/str.h"
#include "format/jsonform.h"

#define SK_YAML_MAX_BYTES 65536
#define SK_YAML_MAX_DEPTH 16

/*
 * Set *out to the scalar at `path`, keys of mappings joined by dots
 * ("project.uuid"). Of a key that stands twice the first counts. *out is empty
 * after a failure.
 *
 * Returns 0; 1 when there is no scalar there; -1 with SK_EDATA and the line.
 */
int sk_yaml_get(struct sk_str *out, const char *data, size_t len,
		const char *path, struct sk_err *err) SK_NODISCARD;

/*
 * Read all of it: mappings, sequences, and texts; null is what is not quoted
 * and empty, "~" or "null". Of a key that stands twice the first counts; a key
 * must be a text. *out is owned: sk_form_free().
 *
 * Returns 0; -1 with SK_EDATA and the line.
 */
int sk_yaml_read(struct sk_form **out, const char *data, size_t len,
		 struct sk_err *err) SK_NODISCARD;

#endif
