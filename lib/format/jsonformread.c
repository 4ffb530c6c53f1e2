/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/jsonformnode.h"
#include "format/jsonmember.h"
#include "format/jsontoken.h"

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
	struct sk_form *value = sk_form_make(SK_FORM_SCALAR);
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
	value = sk_form_make(SK_FORM_TEXT);
	sk_json_unescape_exact(&value->text, start,
			       (size_t)(in->at - start) - 1);
	return value;
}

/* Of a key that comes twice the first keeps the place, the last the value. */
static void drop_twins(struct sk_form *object)
{
	struct sk_form **list = sk_form_sorted(object);
	size_t kept = 0;

	for (size_t i = object->count; i-- > 1;) {
		struct sk_form *first = list[i - 1], *last = list[i], swap;

		if (sk_form_compare_keys(first, last) != 0)
			continue;
		swap = *first;
		*first = *last;
		*last = swap;
		last->kind = SK_FORM_DROPPED;
	}
	for (size_t i = 0; i < object->count; i++) {
		struct sk_form *child = object->child[i];

		if (child->kind == SK_FORM_DROPPED)
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
	bool is_object = parent->kind == SK_FORM_OBJECT;

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
	value = sk_form_make(*start == '{' ? SK_FORM_OBJECT : SK_FORM_ARRAY);
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
