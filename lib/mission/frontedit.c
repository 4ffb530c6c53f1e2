/* SPDX-License-Identifier: MIT */
#include "mission/frontedit.h"

#include <string.h>

#include "format/yamlwrite.h"
#include "mission/frontmatter.h"
#include "mission/frontspot.h"
#include "mission/lines.h"

/* Put `text` in the place of the bytes from `start` to `end`. */
static void replace(struct sk_str *file, size_t start, size_t end,
		    const struct sk_str *text)
{
	struct sk_str out = SK_STR_INIT;

	sk_str_add(&out, file->ptr, start);
	sk_str_add(&out, text->ptr, text->len);
	sk_str_add(&out, file->ptr + end, file->len - end);
	sk_str_free(file);
	*file = out;
}

/* The text of the list's item in this line; empty when it is no plain one. */
static struct sk_line item_of(struct sk_line line)
{
	struct sk_line text = sk_line_trim(line);

	if (!text.len || *text.at != '-')
		return (struct sk_line){text.at, 0};
	text.at++;
	text.len--;
	text = sk_line_trim((struct sk_line){
		text.at, sk_yaml_comment_at(text.at, text.len)});
	if (text.len >= 2 && (*text.at == '"' || *text.at == '\'') &&
	    text.at[text.len - 1] == *text.at) {
		text.at++;
		text.len -= 2;
	}
	return text;
}

/* What a list looked like: how it shall look again. */
struct look {
	bool is_flow;  /* [a, b] in one line */
	size_t indent; /* of the items' lines */
	size_t items;  /* where those begin */
	size_t end;
};

static struct look look_of(const struct sk_str *file,
			   const struct sk_front_spot *spot)
{
	const char *at = file->ptr + spot->value, *end;
	struct look look = {false, 0, spot->next, spot->next};
	struct sk_line value = sk_line_trim((struct sk_line){
		at, sk_yaml_comment_at(at, spot->line - spot->value)});
	struct sk_line line;

	look.is_flow =
		value.len > 2 && *value.at == '[' &&
		value.at[value.len - 1] == ']' &&
		sk_line_trim((struct sk_line){value.at + 1, value.len - 2}).len;
	at = memchr(at, '\n', file->len - spot->value);
	end = file->ptr + spot->next;
	if (value.len || !at || at + 1 >= end)
		return look;
	at++;
	look.items = (size_t)(at - file->ptr);
	while (sk_line_next(&line, &at, end)) {
		if (item_of(line).len) {
			look.indent = (size_t)(sk_line_trim(line).at - line.at);
			break;
		}
	}
	return look;
}

/* The line of an item: the one there was, with its comment, or a new one. */
static void add_item_line(struct sk_str *out, const char *item,
			  const struct sk_str *file, const struct look *look,
			  const char *eol)
{
	const char *at = file->ptr + look->items, *end = file->ptr + look->end;
	struct sk_line line;

	while (sk_line_next(&line, &at, end)) {
		if (sk_line_is(item_of(line), item)) {
			sk_str_add(out, line.at, line.len);
			sk_str_putc(out, '\n');
			return;
		}
	}
	sk_str_addf(out, "%*s- ", (int)look->indent, "");
	sk_yaml_add_item(out, item);
	sk_str_puts(out, eol);
}

static void add_list(struct sk_str *out, const struct sk_words *values,
		     const struct sk_str *file,
		     const struct sk_front_spot *spot, const struct look *look)
{
	const char *value = file->ptr + spot->value;
	size_t len = spot->line - spot->value;
	size_t comment = sk_yaml_comment_at(value, len);

	if (!values->len)
		sk_str_puts(out, " []");
	for (size_t i = 0; look->is_flow && i < values->len; i++) {
		sk_str_puts(out, i ? ", " : " [");
		sk_yaml_add_item(out, values->items[i]);
	}
	if (look->is_flow && values->len)
		sk_str_putc(out, ']');
	sk_str_add(out, value + comment, len - comment);
	sk_str_puts(out, spot->eol);
	for (size_t i = 0; !look->is_flow && i < values->len; i++)
		add_item_line(out, values->items[i], file, look, spot->eol);
}

/* Whether the file now says what it said, but for this value of this key. */
static bool is_as_meant(const struct sk_str *file, const struct sk_wp *before,
			const char *key, const struct sk_form *value)
{
	struct sk_str want = SK_STR_INIT, got = SK_STR_INIT;
	struct sk_form *form = sk_form_copy(before->form);
	struct sk_err ignored = {0};
	struct sk_wp after;
	bool is_same = false;

	sk_form_set(form, key, sk_form_copy(value));
	sk_form_add(&want, form, SK_FORM_LINE);
	if (sk_wp_read(&after, file->ptr, file->len, &ignored) == 0) {
		sk_form_add(&got, after.form, SK_FORM_LINE);
		is_same = strcmp(want.ptr, got.ptr) == 0;
	}
	sk_wp_free(&after);
	sk_form_free(form);
	sk_str_free(&want);
	sk_str_free(&got);
	return is_same;
}

/* Whether the key is there and has this value. */
static bool says(const struct sk_wp *wp, const char *key,
		 const struct sk_form *value)
{
	const struct sk_form *now = sk_form_get(wp->form, key);
	struct sk_str want = SK_STR_INIT, got = SK_STR_INIT;
	bool is_same;

	if (!now)
		return false;
	sk_form_add(&want, value, SK_FORM_LINE);
	sk_form_add(&got, now, SK_FORM_LINE);
	is_same = strcmp(want.ptr, got.ptr) == 0;
	sk_str_free(&want);
	sk_str_free(&got);
	return is_same;
}

/* Put the lines of the key together: a list, or else a text. */
static void add_lines(struct sk_str *out, const struct sk_str *file,
		      const struct sk_front_spot *spot, const char *key,
		      const char *text, const struct sk_words *list)
{
	const char *value = file->ptr + spot->value;
	size_t len = spot->line - spot->value,
	       comment = sk_yaml_comment_at(value, len);
	struct look look = {false, 0, 0, 0};

	if (spot->start == spot->value)
		sk_str_addf(out, "%s:", key);
	else
		sk_str_add(out, file->ptr + spot->start,
			   spot->value - spot->start);
	if (list) {
		if (spot->next > spot->start)
			look = look_of(file, spot);
		add_list(out, list, file, spot, &look);
		return;
	}
	sk_str_putc(out, ' ');
	sk_yaml_add_quoted(out, text);
	sk_str_add(out, value + comment, len - comment);
	sk_str_puts(out, spot->eol);
}

static int refuse(const char *key, struct sk_err *err)
{
	sk_fail(err, SK_EDATA, "cannot set '%s' without changing other keys",
		key);
	return sk_hint(err, "write '%s: ...' on a line of its own", key);
}

static int set(struct sk_str *file, const char *key, const char *text,
	       const struct sk_words *list, const struct sk_form *value,
	       struct sk_err *err)
{
	struct sk_str lines = SK_STR_INIT, out = SK_STR_INIT;
	struct sk_wp wp;
	struct sk_front_spot spot;
	int ret = sk_wp_read(&wp, file->ptr, file->len, err);

	if (ret > 0)
		ret = sk_fail(err, SK_EDATA, "there is no front matter");
	if (ret == 0 && says(&wp, key, value))
		ret = 1;
	if (ret != 0)
		goto out;
	if (!sk_front_spot_find(file, key, &spot)) {
		if (sk_form_get(wp.form, key)) {
			ret = refuse(key, err);
			goto out;
		}
		spot = sk_front_spot_new(file, key);
	}
	add_lines(&lines, file, &spot, key, text, list);
	sk_str_add(&out, file->ptr, file->len);
	replace(&out, spot.start, spot.next, &lines);
	if (!is_as_meant(&out, &wp, key, value)) {
		ret = refuse(key, err);
		goto out;
	}
	sk_str_clear(file);
	sk_str_add(file, out.ptr, out.len);
out:
	sk_wp_free(&wp);
	sk_str_free(&lines);
	sk_str_free(&out);
	return ret;
}

int sk_front_set(struct sk_str *file, const char *key, const char *value,
		 struct sk_err *err)
{
	struct sk_form *form = sk_form_text(value);
	int ret = set(file, key, value, NULL, form, err);

	sk_form_free(form);
	return ret;
}

int sk_front_set_list(struct sk_str *file, const char *key,
		      const struct sk_words *values, struct sk_err *err)
{
	struct sk_form *form = sk_form_array();
	int ret;

	for (size_t i = 0; i < values->len; i++)
		sk_form_append(form, sk_form_text(values->items[i]));
	ret = set(file, key, NULL, values, form, err);
	sk_form_free(form);
	return ret;
}
