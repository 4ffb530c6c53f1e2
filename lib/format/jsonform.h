/* SPDX-License-Identifier: MIT */
/*
 * JSON that is read, changed and written again as Python's json module does:
 * for files that are shared with programs in Python, byte for byte. What
 * nobody changed keeps its value, also members that nobody here knows.
 */
#ifndef SK_FORMAT_JSONFORM_H
#define SK_FORMAT_JSONFORM_H

#include "base/err.h"
#include "base/str.h"

struct sk_form; /* a value: object, array, string, number, word */

/*
 * Read one value; takes what Python's json.loads() takes (jsonmember.h). Of a
 * key that comes twice the last counts. *out is owned: sk_form_free().
 * Returns 0; -1 with SK_EDATA naming reason and byte offset.
 */
int sk_form_read(struct sk_form **out, const char *data, size_t len,
		 struct sk_err *err) SK_NODISCARD;

/* Make one; owned until it is put into another. NULL text makes null. */
struct sk_form *sk_form_object(void);
struct sk_form *sk_form_array(void);
struct sk_form *sk_form_text(const char *text);
struct sk_form *sk_form_int(int64_t value);
struct sk_form *sk_form_bool(bool value);
struct sk_form *sk_form_copy(const struct sk_form *value);
void sk_form_free(struct sk_form *value);

/* Put `value`, which is owned then, in: a member set or replaced where it
 * stands (a new one at the end); an element at the end. */
void sk_form_set(struct sk_form *object, const char *key,
		 struct sk_form *value);
void sk_form_append(struct sk_form *array, struct sk_form *value);

/* Look. All accept NULL and values of another kind (NULL, false, 0 then). */
struct sk_form *sk_form_get(const struct sk_form *object, const char *key);
const char *sk_form_get_text(const struct sk_form *object, const char *key);
const char *sk_form_as_text(const struct sk_form *value);
bool sk_form_as_int(const struct sk_form *value, int64_t *out);
bool sk_form_is_null(const struct sk_form *value); /* null, not absent */
bool sk_form_is_object(const struct sk_form *value);
bool sk_form_is_array(const struct sk_form *value);
size_t sk_form_count(const struct sk_form *parent);
struct sk_form *sk_form_at(const struct sk_form *parent, size_t i);
const char *sk_form_key_at(const struct sk_form *object, size_t i);

/*
 * Append the text that json.dumps() makes of it, without an end of line:
 * SK_FORM_LINE     sort_keys=True                       a row of an event log
 * SK_FORM_SORTED   indent=2, sort_keys=True, ensure_ascii=False  meta, status
 * SK_FORM_INDENTED indent=2                             lanes, workspaces
 */
enum sk_form_style { SK_FORM_LINE, SK_FORM_SORTED, SK_FORM_INDENTED };
void sk_form_add(struct sk_str *out, const struct sk_form *value,
		 enum sk_form_style style);

#endif
