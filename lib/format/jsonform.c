/* SPDX-License-Identifier: MIT */
#include "format/jsonform.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/jsonmember.h"
#include "format/jsontoken.h"

enum kind { OBJECT, ARRAY, TEXT, SCALAR, DROPPED };

struct sk_form {
	enum kind kind;
	struct sk_str key;  /* where it is a member */
	size_t place;	    /* among its siblings, while they are sorted */
	struct sk_str text; /* what it says, or the number or word */
	struct sk_form **child;
	size_t count, cap;
};

static struct sk_form *make(enum kind kind)
{
	struct sk_form *value = sk_calloc(1, sizeof(*value));

	value->kind = kind;
	value->key = (struct sk_str)SK_STR_INIT;
	value->text = (struct sk_str)SK_STR_INIT;
	return value;
}

static struct sk_form *make_scalar(const char *word)
{
	struct sk_form *value = make(SCALAR);

	sk_str_puts(&value->text, word);
	return value;
}

struct sk_form *sk_form_object(void)
{
	return make(OBJECT);
}

struct sk_form *sk_form_array(void)
{
	return make(ARRAY);
}

struct sk_form *sk_form_text(const char *text)
{
	struct sk_form *value;

	if (!text)
		return make_scalar("null");
	value = make(TEXT);
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
	struct sk_form *value = make(SCALAR);

	sk_str_addf(&value->text, "%" PRId64, number);
	return value;
}

struct sk_form *sk_form_bool(bool is_true)
{
	return make_scalar(is_true ? "true" : "false");
}

struct sk_form *sk_form_copy(const struct sk_form *value)
{
	struct sk_form *copy = make(value->kind);

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

void sk_form_remove(struct sk_form *object, const char *key)
{
	size_t i = find(object, key);

	if (i == object->count)
		return;
	sk_form_free(object->child[i]);
	object->count--;
	memmove(&object->child[i], &object->child[i + 1],
		(object->count - i) * sizeof(struct sk_form *));
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
	if (!value || value->kind != TEXT ||
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
	return value && value->kind == SCALAR &&
	       strcmp(value->text.ptr, word) == 0;
}

bool sk_form_as_int(const struct sk_form *value, int64_t *out)
{
	struct sk_str text = SK_STR_INIT;
	bool same;

	if (!value || value->kind != SCALAR)
		return false;
	*out = strtoll(value->text.ptr, NULL, 10);
	sk_str_addf(&text, "%" PRId64, *out);
	same = strcmp(text.ptr, value->text.ptr) == 0; /* else no integer */
	sk_str_free(&text);
	return same;
}

bool sk_form_is_true(const struct sk_form *value)
{
	return is_scalar(value, "true");
}

bool sk_form_is_null(const struct sk_form *value)
{
	return is_scalar(value, "null");
}

bool sk_form_is_object(const struct sk_form *value)
{
	return value && value->kind == OBJECT;
}

bool sk_form_is_array(const struct sk_form *value)
{
	return value && value->kind == ARRAY;
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

/*
 * The shortest decimal that reads back as this double, in the way of Python's
 * repr(): fixed between 1e-4 and 1e16, with ".0" where nothing else says that
 * it is no integer.
 */
static void add_double(struct sk_str *out, double number)
{
	char text[40], *digits = text, *e;
	int exponent, count, places = 0;

	if (!isfinite(number)) {
		sk_str_puts(out, isnan(number) ? "NaN"
				 : number < 0  ? "-Infinity"
					       : "Infinity");
		return;
	}
	do {
		snprintf(text, sizeof(text), "%.*e", places, number);
	} while (strtod(text, NULL) != number && ++places < 17);
	if (*digits == '-')
		sk_str_putc(out, *digits++);
	e = strchr(digits, 'e');
	exponent = (int)strtol(e + 1, NULL, 10);
	*e = '\0';
	if (exponent < -4 || exponent >= 16) {
		sk_str_addf(out, "%se%c%02d", digits, exponent < 0 ? '-' : '+',
			    abs(exponent));
		return;
	}
	if (digits[1] == '.')
		memmove(digits + 1, digits + 2, strlen(digits + 2) + 1);
	count = (int)strlen(digits);
	if (exponent < 0)
		sk_str_addf(out, "0.%.*s%s", -exponent - 1, "000", digits);
	else if (count <= exponent + 1)
		sk_str_addf(out, "%s%.*s.0", digits, exponent + 1 - count,
			    "000000000000000");
	else
		sk_str_addf(out, "%.*s.%s", exponent + 1, digits,
			    digits + exponent + 1);
}

/* A number or a word, as it stands. */
static struct sk_form *read_scalar(const char *text, size_t len)
{
	struct sk_form *value = make(SCALAR);
	struct sk_str copy = SK_STR_INIT;

	sk_str_add(&copy, text, len);
	if (strchr("tfnNI", *text) || copy.ptr[1] == 'I')
		sk_str_add(&value->text, text, len);
	else if (strpbrk(copy.ptr, ".eE"))
		add_double(&value->text, strtod(copy.ptr, NULL));
	else
		sk_str_puts(&value->text,
			    strcmp(copy.ptr, "-0") == 0 ? "0" : copy.ptr);
	sk_str_free(&copy);
	return value;
}

static struct sk_form *read_string(struct sk_json_at *in)
{
	const char *start = in->at + 1;
	struct sk_form *value;
	bool escaped;

	if (!sk_json_scan_string(in, &escaped))
		return NULL;
	value = make(TEXT);
	sk_json_unescape_exact(&value->text, start,
			       (size_t)(in->at - start) - 1);
	return value;
}

/* By code points, as Python does: in UTF-8 that is by bytes. */
static int compare_keys(const struct sk_str *a, const struct sk_str *b)
{
	int diff = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return diff ? diff : (a->len > b->len) - (a->len < b->len);
}

static int compare_members(const void *a, const void *b)
{
	const struct sk_form *x = *(struct sk_form *const *)a;
	const struct sk_form *y = *(struct sk_form *const *)b;
	int diff = compare_keys(&x->key, &y->key);

	return diff ? diff : (x->place > y->place) - (x->place < y->place);
}

/* Its children by key; borrowed pointers, free() the array. */
static struct sk_form **sorted(const struct sk_form *object)
{
	struct sk_form **list = sk_calloc(object->count + 1, sizeof(*list));

	for (size_t i = 0; i < object->count; i++) {
		list[i] = object->child[i];
		list[i]->place = i;
	}
	qsort(list, object->count, sizeof(*list), compare_members);
	return list;
}

/* Of a key that comes twice the first keeps the place, the last the value. */
static void drop_twins(struct sk_form *object)
{
	struct sk_form **list = sorted(object);
	size_t kept = 0;

	for (size_t i = object->count; i-- > 1;) {
		struct sk_form *first = list[i - 1], *last = list[i], swap;

		if (compare_keys(&first->key, &last->key) != 0)
			continue;
		swap = *first;
		*first = *last;
		*last = swap;
		last->kind = DROPPED;
	}
	for (size_t i = 0; i < object->count; i++) {
		struct sk_form *child = object->child[i];

		if (child->kind == DROPPED)
			sk_form_free(child);
		else
			object->child[kept++] = child;
	}
	object->count = kept;
	free(list);
}

static struct sk_form *read_value(struct sk_json_at *in, unsigned depth);

/* A key, its colon and its value, put into the object. */
static bool read_member(struct sk_form *object, struct sk_json_at *in,
			unsigned depth)
{
	struct sk_form *key = NULL, *value = NULL;

	if (in->at == in->end || *in->at != '"')
		return sk_json_refuse(in, "a key is missing");
	key = read_string(in);
	if (!key)
		return false;
	sk_json_skip_space(in);
	if (!sk_json_skip_char(in, ':'))
		sk_json_refuse(in, "':' is missing");
	else
		value = read_value(in, depth);
	if (value) {
		value->key = key->text;
		key->text = (struct sk_str)SK_STR_INIT;
		sk_form_append(object, value);
	}
	sk_form_free(key);
	return value;
}

static bool read_element(struct sk_form *array, struct sk_json_at *in,
			 unsigned depth)
{
	struct sk_form *value = read_value(in, depth);

	if (value)
		sk_form_append(array, value);
	return value;
}

/* What stands between the braces or brackets, the first of which is passed. */
static bool read_children(struct sk_form *parent, struct sk_json_at *in,
			  unsigned depth)
{
	bool is_object = parent->kind == OBJECT;

	sk_json_skip_space(in);
	if (sk_json_skip_char(in, is_object ? '}' : ']'))
		return true;
	do {
		sk_json_skip_space(in);
		if (is_object ? !read_member(parent, in, depth)
			      : !read_element(parent, in, depth))
			return false;
		sk_json_skip_space(in);
	} while (sk_json_skip_char(in, ','));
	if (is_object)
		drop_twins(parent);
	return sk_json_skip_char(in, is_object ? '}' : ']') ||
	       sk_json_refuse(in, is_object ? "',' or '}' is missing"
					    : "',' or ']' is missing");
}

static struct sk_form *read_value(struct sk_json_at *in, unsigned depth)
{
	struct sk_form *value;
	const char *start;

	sk_json_skip_space(in);
	start = in->at;
	if (start < in->end && *start == '"')
		return read_string(in);
	if (start == in->end || (*start != '{' && *start != '['))
		return sk_json_scan_scalar(in)
			       ? read_scalar(start, (size_t)(in->at - start))
			       : NULL;
	if (depth == SK_JSON_MEMBER_DEPTH) {
		sk_json_refuse(in, "nested too deep");
		return NULL;
	}
	in->at++;
	value = make(*start == '{' ? OBJECT : ARRAY);
	if (read_children(value, in, depth + 1))
		return value;
	sk_form_free(value);
	return NULL;
}

int sk_form_read(struct sk_form **out, const char *data, size_t len,
		 struct sk_err *err)
{
	struct sk_json_at in = {
		.start = data, .at = data, .end = data + len, .loose = true};

	*out = NULL;
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		sk_json_refuse(&in, "byte order mark");
	else
		*out = read_value(&in, 0);
	sk_json_skip_space(&in);
	if (*out && in.at == in.end)
		return 0;
	if (*out)
		sk_json_refuse(&in, "bytes behind the value");
	sk_form_free(*out);
	*out = NULL;
	return sk_fail(err, SK_EDATA, "not valid JSON: %s at byte %zu",
		       in.problem, (size_t)(in.at - in.start));
}

/* The unit of the surrogate that three bytes stand for; 0 when they do not. */
static uint32_t half_at(const char *text, size_t len)
{
	if (len < 3 || (unsigned char)text[0] != 0xed ||
	    (unsigned char)text[1] < 0xa0)
		return 0;
	return 0xd000u | ((unsigned char)text[1] & 0x3fu) << 6 |
	       ((unsigned char)text[2] & 0x3fu);
}

/* A string; what no UTF-8 file can hold is escaped in any style. */
static void add_text(struct sk_str *out, const struct sk_str *text, bool ascii)
{
	sk_str_putc(out, '"');
	for (size_t at = 0; at < text->len;) {
		uint32_t half = half_at(text->ptr + at, text->len - at);
		unsigned char c = (unsigned char)text->ptr[at];

		if (half) {
			sk_str_addf(out, "\\u%04x", half);
			at += 3;
		} else if (c >= 0x7f ? !ascii
				     : c >= ' ' && c != '"' && c != '\\') {
			sk_str_putc(out, text->ptr[at++]);
		} else {
			at += sk_json_add_escaped(out, text->ptr + at,
						  text->len - at);
		}
	}
	sk_str_putc(out, '"');
}

static void add_break(struct sk_str *out, enum sk_form_style style,
		      unsigned depth)
{
	if (style != SK_FORM_LINE)
		sk_str_addf(out, "\n%*s", (int)(2 * depth), "");
}

static void add_value(struct sk_str *out, const struct sk_form *value,
		      enum sk_form_style style, unsigned depth)
{
	bool is_object = value->kind == OBJECT;
	bool ascii = style != SK_FORM_SORTED;
	struct sk_form **list;

	if (value->kind == TEXT) {
		add_text(out, &value->text, ascii);
		return;
	}
	if (value->kind == SCALAR) {
		sk_str_add(out, value->text.ptr, value->text.len);
		return;
	}
	list = is_object && style != SK_FORM_INDENTED ? sorted(value) : NULL;
	sk_str_putc(out, is_object ? '{' : '[');
	for (size_t i = 0; i < value->count; i++) {
		const struct sk_form *child = list ? list[i] : value->child[i];

		if (i)
			sk_str_puts(out, style == SK_FORM_LINE ? ", " : ",");
		add_break(out, style, depth + 1);
		if (is_object) {
			add_text(out, &child->key, ascii);
			sk_str_puts(out, ": ");
		}
		add_value(out, child, style, depth + 1);
	}
	if (value->count)
		add_break(out, style, depth);
	sk_str_putc(out, is_object ? '}' : ']');
	free(list);
}

void sk_form_add(struct sk_str *out, const struct sk_form *value,
		 enum sk_form_style style)
{
	add_value(out, value, style, 0);
}
