/* SPDX-License-Identifier: MIT */
#include "format/jsonform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/jsonformnode.h"

struct sk_form *sk_form_make(enum sk_form_kind kind)
{
	struct sk_form *value = sk_calloc(1, sizeof(*value));

	value->kind = kind;
	value->key = (struct sk_str)SK_STR_INIT;
	value->text = (struct sk_str)SK_STR_INIT;
	return value;
}

static struct sk_form *make_scalar(const char *word)
{
	struct sk_form *value = sk_form_make(SK_FORM_SCALAR);

	sk_str_puts(&value->text, word);
	return value;
}

struct sk_form *sk_form_object(void)
{
	return sk_form_make(SK_FORM_OBJECT);
}

struct sk_form *sk_form_array(void)
{
	return sk_form_make(SK_FORM_ARRAY);
}

struct sk_form *sk_form_text(const char *text)
{
	struct sk_form *value;

	if (!text)
		return make_scalar("null");
	value = sk_form_make(SK_FORM_TEXT);
	for (size_t len = strlen(text); len;) {
		uint32_t point = 0xfffd;
		size_t used = sk_utf8_decode(&point, text, len);

		sk_str_add_char(&value->text, point);
		used += !used;
		text += used;
		len -= used;
	}
	return value;
}

struct sk_form *sk_form_int(int64_t number)
{
	struct sk_form *value = sk_form_make(SK_FORM_SCALAR);

	sk_str_addf(&value->text, "%" PRId64, number);
	return value;
}

struct sk_form *sk_form_bool(bool is_true)
{
	return make_scalar(is_true ? "true" : "false");
}

struct sk_form *sk_form_copy(const struct sk_form *value)
{
	struct sk_form *copy = sk_form_make(value->kind);

	sk_str_add(&copy->key, value->key.ptr, value->key.len);
	sk_str_add(&copy->text, value->text.ptr, value->text.len);
	for (size_t i = 0; i < value->count; i++)
		sk_form_append(copy, sk_form_copy(value->child[i]));
	return copy;
}

void sk_form_free(struct sk_form *value)
{
	if (!value)
		return;
	for (size_t i = 0; i < value->count; i++)
		sk_form_free(value->child[i]);
	free(value->child);
	sk_str_free(&value->key);
	sk_str_free(&value->text);
	free(value);
}

void sk_form_append(struct sk_form *array, struct sk_form *value)
{
	SK_GROW(array->child, array->count, array->cap);
	array->child[array->count++] = value;
}

/* The place of a member; that behind the last one when there is none. */
static size_t find(const struct sk_form *object, const char *key)
{
	size_t len = strlen(key), i = 0;

	while (i < object->count &&
	       (object->child[i]->key.len != len ||
		memcmp(object->child[i]->key.ptr, key, len) != 0))
		i++;
	return i;
}

void sk_form_set(struct sk_form *object, const char *key, struct sk_form *value)
{
	size_t i = find(object, key);

	sk_str_set(&value->key, key);
	if (i == object->count) {
		sk_form_append(object, value);
		return;
	}
	sk_form_free(object->child[i]);
	object->child[i] = value;
}

struct sk_form *sk_form_get(const struct sk_form *object, const char *key)
{
	size_t i;

	if (!sk_form_is_object(object))
		return NULL;
	i = find(object, key);
	return i < object->count ? object->child[i] : NULL;
}

const char *sk_form_as_text(const struct sk_form *value)
{
	if (!value || value->kind != SK_FORM_TEXT ||
	    strlen(value->text.ptr) < value->text.len)
		return NULL;
	return value->text.ptr;
}

const char *sk_form_get_text(const struct sk_form *object, const char *key)
{
	return sk_form_as_text(sk_form_get(object, key));
}

static bool is_scalar(const struct sk_form *value, const char *word)
{
	return value && value->kind == SK_FORM_SCALAR &&
	       strcmp(value->text.ptr, word) == 0;
}

bool sk_form_as_int(const struct sk_form *value, int64_t *out)
{
	struct sk_str text = SK_STR_INIT;
	bool same;

	if (!value || value->kind != SK_FORM_SCALAR)
		return false;
	*out = strtoll(value->text.ptr, NULL, 10);
	sk_str_addf(&text, "%" PRId64, *out);
	same = strcmp(text.ptr, value->text.ptr) == 0; /* else no integer */
	sk_str_free(&text);
	return same;
}

bool sk_form_is_null(const struct sk_form *value)
{
	return is_scalar(value, "null");
}

bool sk_form_is_object(const struct sk_form *value)
{
	return value && value->kind == SK_FORM_OBJECT;
}

bool sk_form_is_array(const struct sk_form *value)
{
	return value && value->kind == SK_FORM_ARRAY;
}

size_t sk_form_count(const struct sk_form *parent)
{
	return parent ? parent->count : 0;
}

struct sk_form *sk_form_at(const struct sk_form *parent, size_t i)
{
	return i < sk_form_count(parent) ? parent->child[i] : NULL;
}

const char *sk_form_key_at(const struct sk_form *object, size_t i)
{
	return sk_form_is_object(object) && i < object->count
		       ? object->child[i]->key.ptr
		       : NULL;
}

/* By code points, as Python does: in UTF-8 that is by bytes. */
int sk_form_compare_keys(const struct sk_form *x, const struct sk_form *y)
{
	const struct sk_str *a = &x->key, *b = &y->key;
	int diff = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return diff ? diff : (a->len > b->len) - (a->len < b->len);
}

static int compare_members(const void *a, const void *b)
{
	const struct sk_form *x = *(struct sk_form *const *)a;
	const struct sk_form *y = *(struct sk_form *const *)b;
	int diff = sk_form_compare_keys(x, y);

	return diff ? diff : (x->place > y->place) - (x->place < y->place);
}

struct sk_form **sk_form_sorted(const struct sk_form *object)
{
	struct sk_form **list = sk_calloc(object->count + 1, sizeof(*list));

	for (size_t i = 0; i < object->count; i++) {
		list[i] = object->child[i];
		list[i]->place = i;
	}
	qsort(list, object->count, sizeof(*list), compare_members);
	return list;
}
