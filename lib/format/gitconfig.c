/* SPDX-License-Identifier: MIT */
#include "format/gitconfig.h"

#include <string.h>

struct scan {
	const char *at, *end;
	struct sk_str section; /* with a dot behind it */
	struct sk_str key, value;
};

/* The next character, 0 at the end. A NUL in the text ends nothing. */
static char peek(const struct scan *s)
{
	return s->at < s->end ? *s->at : '\0';
}

static bool is_at_end(const struct scan *s)
{
	return s->at == s->end;
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') || c == '-';
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_blanks(struct scan *s)
{
	while (!is_at_end(s) && is_blank(*s->at))
		s->at++;
}

static void skip_line(struct scan *s)
{
	while (!is_at_end(s) && *s->at != '\n')
		s->at++;
}

/* `"sub"]`: the quote is read. Returns 0 or -1. */
static int read_subsection(struct scan *s)
{
	for (s->at++; peek(s) != '"'; s->at++) {
		if (peek(s) == '\\')
			s->at++;
		if (is_at_end(s) || !*s->at || *s->at == '\n')
			return -1;
		sk_str_putc(&s->section, *s->at);
	}
	s->at++;
	return 0;
}

/* `[section "sub"]` */
static int read_section(struct scan *s)
{
	sk_str_clear(&s->section);
	for (s->at++; is_name(peek(s)) || peek(s) == '.'; s->at++)
		sk_str_putc(&s->section, lower(*s->at));
	if (!s->section.len)
		return -1;
	skip_blanks(s);
	if (peek(s) == '"') {
		sk_str_putc(&s->section, '.');
		if (read_subsection(s) < 0)
			return -1;
	}
	if (peek(s) != ']')
		return -1;
	s->at++;
	sk_str_putc(&s->section, '.');
	return 0;
}

/* What a backslash and this character stand for, 0 for nothing. */
static char unescape(char c)
{
	static const char from[] = "\"\\ntb", to[] = "\"\\\n\t\b";
	const char *found = c ? strchr(from, c) : NULL;

	return (char)(found ? to[found - from] : '\0');
}

/* Behind the backslash; a line feed there is none. Returns 0 or -1. */
static int read_escape(struct scan *s)
{
	char c;

	if (peek(s) == '\r' && s->at + 1 < s->end && s->at[1] == '\n')
		s->at++;
	if (peek(s) == '\n')
		return 0;
	c = unescape(peek(s));
	if (!c)
		return -1;
	sk_str_putc(&s->value, c);
	return 0;
}

/* To the end of the line, without the blanks at its end and a comment. */
static int read_value(struct scan *s)
{
	bool quoted = false;
	size_t kept = 0;

	for (; !is_at_end(s) && *s->at != '\n'; s->at++) {
		char c = *s->at;

		if (!c)
			return -1;
		if (!quoted && (c == '#' || c == ';')) {
			skip_line(s);
			break;
		}
		if (c == '"') {
			quoted = !quoted;
		} else if (c == '\\') {
			s->at++;
			if (read_escape(s) < 0)
				return -1;
		} else {
			sk_str_putc(&s->value, c);
			if (!quoted && is_blank(c))
				continue;
		}
		kept = s->value.len;
	}
	sk_str_cut(&s->value, kept);
	return quoted ? -1 : 0;
}

static int read_setting(struct scan *s, sk_gitconfig_fn *each, void *ctx)
{
	sk_str_clear(&s->value);
	sk_str_set(&s->key, s->section.ptr);
	for (; is_name(peek(s)); s->at++)
		sk_str_putc(&s->key, lower(*s->at));
	skip_blanks(s);
	if (peek(s) == '=') {
		s->at++;
		skip_blanks(s);
		if (read_value(s) < 0)
			return -1;
	} else if (is_at_end(s) || strchr("\n#;", *s->at)) {
		sk_str_puts(&s->value, "true");
	} else {
		return -1;
	}
	each(ctx, s->key.ptr, s->value.ptr);
	return 0;
}

int sk_gitconfig_each(const char *data, size_t len, sk_gitconfig_fn *each,
		      void *ctx, struct sk_err *err)
{
	struct scan s = {data, data + len, SK_STR_INIT, SK_STR_INIT,
			 SK_STR_INIT};
	int rc = 0;

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		s.at += 3;
	while (rc == 0 && !is_at_end(&s)) {
		if (*s.at == '\n' || is_blank(*s.at))
			s.at++;
		else if (*s.at == '#' || *s.at == ';')
			skip_line(&s);
		else if (*s.at == '[')
			rc = read_section(&s);
		else if (is_alpha(*s.at) && s.section.len)
			rc = read_setting(&s, each, ctx);
		else
			rc = -1;
	}
	if (rc < 0)
		sk_fail(err, SK_EDATA, "not git's syntax at byte %zu",
			(size_t)(s.at - data));
	sk_str_free(&s.value);
	sk_str_free(&s.key);
	sk_str_free(&s.section);
	return rc;
}

void sk_gitconfig_each_printed(const struct sk_str *printed,
			       sk_gitconfig_fn *each, void *ctx)
{
	const char *at = printed->ptr, *end = at + printed->len;
	struct sk_str key = SK_STR_INIT;

	for (; at < end; at += strlen(at) + 1) {
		const char *value = strchr(at, '\n');

		sk_str_clear(&key);
		sk_str_add(&key, at, value ? (size_t)(value - at) : strlen(at));
		each(ctx, key.ptr, value ? value + 1 : "true");
	}
	sk_str_free(&key);
}
