/* SPDX-License-Identifier: MIT */
#include "format/jsonmember.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/json.h"
#include "format/jsontoken.h"

/* The object being read, and what is open within it. */
struct scan {
	struct sk_json_at in;
	unsigned depth;
	bool object[SK_JSON_MEMBER_DEPTH]; /* else an array */
	bool enough;			   /* the rest is not wanted */
};

/* A key and its colon; its inside is [*key, *key + *len). */
static bool scan_key(struct scan *s, const char **key, size_t *len,
		     bool *escaped)
{
	if (s->in.at == s->in.end || *s->in.at != '"')
		return sk_json_refuse(&s->in, "a key is missing");
	*key = s->in.at + 1;
	if (!sk_json_scan_string(&s->in, escaped))
		return false;
	*len = (size_t)(s->in.at - *key) - 1;
	sk_json_skip_space(&s->in);
	if (!sk_json_skip_char(&s->in, ':'))
		return sk_json_refuse(&s->in, "':' is missing");
	sk_json_skip_space(&s->in);
	return true;
}

/* A key that nobody wants, where the innermost level is an object. */
static bool pass_key(struct scan *s)
{
	const char *key;
	size_t len;
	bool escaped;

	return !s->object[s->depth - 1] || scan_key(s, &key, &len, &escaped);
}

/* Behind a value inside of `depth` levels: the next one, or what closes. */
static bool scan_after(struct scan *s)
{
	while (s->depth) {
		bool object = s->object[s->depth - 1];

		sk_json_skip_space(&s->in);
		if (sk_json_skip_char(&s->in, ',')) {
			sk_json_skip_space(&s->in);
			return pass_key(s);
		}
		if (!sk_json_skip_char(&s->in, object ? '}' : ']'))
			return sk_json_refuse(&s->in,
					      object ? "',' or '}' is missing"
						     : "',' or ']' is missing");
		s->depth--;
	}
	return true;
}

/* A whole value with all that is in it. */
static bool scan_value(struct scan *s)
{
	do {
		char c = s->in.at < s->in.end ? *s->in.at : '\0';

		if (c != '{' && c != '[') {
			if (!sk_json_scan_scalar(&s->in))
				return false;
		} else {
			if (s->depth == SK_JSON_MEMBER_DEPTH)
				return sk_json_refuse(&s->in,
						      "nested too deep");
			s->object[s->depth++] = c == '{';
			s->in.at++;
			sk_json_skip_space(&s->in);
			if (!sk_json_skip_char(&s->in, c == '{' ? '}' : ']')) {
				if (!pass_key(s))
					return false;
				continue;
			}
			s->depth--;
		}
		if (!scan_after(s))
			return false;
	} while (s->depth);
	return true;
}

/* One member of the object; the bytes behind it are next. */
static bool scan_member(struct scan *s, sk_json_member_fn *each, void *ctx)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_json_span value;
	const char *key;
	size_t len;
	bool escaped;

	if (!scan_key(s, &key, &len, &escaped))
		return false;
	value.ptr = s->in.at;
	if (!scan_value(s))
		return false;
	value.len = (size_t)(s->in.at - value.ptr);
	if (escaped) {
		sk_json_unescape(&text, key, len);
		s->enough = !each(ctx, text.ptr, text.len, &value);
		sk_str_free(&text);
	} else {
		s->enough = !each(ctx, key, len, &value);
	}
	return true;
}

static bool scan_object(struct scan *s, sk_json_member_fn *each, void *ctx)
{
	sk_json_skip_space(&s->in);
	if (sk_json_skip_char(&s->in, '}'))
		return true;
	do {
		sk_json_skip_space(&s->in);
		if (!scan_member(s, each, ctx))
			return false;
		if (s->enough)
			return true;
		sk_json_skip_space(&s->in);
	} while (sk_json_skip_char(&s->in, ','));
	return sk_json_skip_char(&s->in, '}') ||
	       sk_json_refuse(&s->in, "',' or '}' is missing");
}

int sk_json_members(const char *data, size_t len, sk_json_member_fn *each,
		    void *ctx, struct sk_err *err)
{
	struct scan s;
	bool fine, object = false;

	s.in = (struct sk_json_at){
		.start = data, .at = data, .end = data + len, .loose = true};
	s.depth = 0;
	s.enough = false;
	sk_json_skip_space(&s.in);
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		fine = sk_json_refuse(&s.in, "byte order mark");
	} else {
		object = sk_json_skip_char(&s.in, '{');
		fine = object ? scan_object(&s, each, ctx) : scan_value(&s);
	}
	if (fine && !s.enough) {
		sk_json_skip_space(&s.in);
		fine = s.in.at == s.in.end ||
		       sk_json_refuse(&s.in, "bytes behind the value");
	}
	if (!fine)
		return sk_fail(err, SK_EDATA, "not valid JSON: %s at byte %zu",
			       s.in.problem, (size_t)(s.in.at - s.in.start));
	return !object;
}

bool sk_json_span_text(struct sk_str *out, const struct sk_json_span *value)
{
	if (!value->ptr || *value->ptr != '"')
		return false;
	sk_json_unescape(out, value->ptr + 1, value->len - 2);
	return true;
}

bool sk_json_span_is(const struct sk_json_span *value, const char *word)
{
	return value->ptr && value->len == strlen(word) &&
	       memcmp(value->ptr, word, value->len) == 0;
}

/* A number as it is where a strict reader takes it, else a double, or null. */
static void tame_number(struct sk_str *out, const char *text, size_t len)
{
	struct sk_str copy = SK_STR_INIT;
	struct sk_err ignored;
	double d;

	if (sk_json_check(text, len, &ignored) == 0) {
		sk_str_add(out, text, len);
		return;
	}
	sk_str_add(&copy, text, len);
	d = strtod(copy.ptr, NULL); /* NaN and Infinity are words to it, too */
	if (isfinite(d))
		sk_str_addf(out, "%.16e", d);
	else
		sk_str_puts(out, "null");
	sk_str_free(&copy);
}

void sk_json_span_tame(struct sk_str *out, const struct sk_json_span *value)
{
	struct sk_json_at in = {.start = value->ptr,
				.at = value->ptr,
				.end = value->ptr + value->len,
				.loose = true};
	struct sk_str text = SK_STR_INIT;

	while (in.at < in.end) {
		const char *start = in.at;
		struct sk_json_span span;
		struct sk_jsonw w = SK_JSONW(out);

		if (strchr("{}[]:, \t\r\n", *start)) {
			sk_str_putc(out, *in.at++);
			continue;
		}
		if (!sk_json_scan_scalar(&in))
			break; /* it passed the scan: this is not reached */
		span = (struct sk_json_span){start, (size_t)(in.at - start)};
		sk_str_clear(&text);
		if (sk_json_span_text(&text, &span))
			sk_jsonw_text(&w, NULL, text.ptr);
		else if (strchr("-0123456789NI", *start))
			tame_number(out, span.ptr, span.len);
		else
			sk_str_add(out, span.ptr, span.len);
	}
	sk_str_free(&text);
}
