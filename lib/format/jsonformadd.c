/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "format/jsonformnode.h"
#include "format/jsontoken.h"

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
	bool is_object = value->kind == SK_FORM_OBJECT;
	bool ascii = style != SK_FORM_SORTED;
	struct sk_form **list;

	if (value->kind == SK_FORM_TEXT) {
		add_text(out, &value->text, ascii);
		return;
	}
	if (value->kind == SK_FORM_SCALAR) {
		sk_str_add(out, value->text.ptr, value->text.len);
		return;
	}
	list = is_object && style != SK_FORM_INDENTED ? sk_form_sorted(value)
						      : NULL;
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
