/* SPDX-License-Identifier: MIT */
#include "front/cell.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"
#include "front/terminal.h"

enum { TEXT_MAX = 4096 };

/* A text being measured, with the locale that knows the characters. */
struct measure {
	const char *at, *end;
	locale_t locale, before; /* 0: it is ASCII, or there is none */
};

static void begin(struct measure *m, const struct sk_str *text)
{
	*m = (struct measure){text->ptr, text->ptr + text->len, 0, 0};
	for (const char *c = m->at; c < m->end && !m->locale; c++) {
		if ((unsigned char)*c < 0x80)
			continue;
		m->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
		if (m->locale)
			m->before = uselocale(m->locale);
		break;
	}
}

static void end(struct measure *m)
{
	if (!m->locale)
		return;
	uselocale(m->before);
	freelocale(m->locale);
}

/* The next character. Returns its bytes; 0 at the end. */
static size_t next(struct measure *m, int *columns)
{
	size_t left = (size_t)(m->end - m->at), len;
	uint32_t point;

	if (left == 0)
		return 0;
	len = sk_utf8_decode(&point, m->at, left);
	*columns = 1;
	if (len > 1 && m->locale)
		*columns = wcwidth((wchar_t)point);
	if (*columns < 0)
		*columns = 1; /* one that is newer than the C library */
	m->at += len ? len : 1;
	return len ? len : 1;
}

static int width_of(const struct sk_str *text)
{
	struct measure m;
	int columns, width = 0;

	begin(&m, text);
	while (next(&m, &columns))
		width += columns;
	end(&m);
	return width;
}

int sk_cell_width(const char *text)
{
	struct sk_str visible = SK_STR_INIT;
	int width;

	sk_str_add_visible(&visible, text, strlen(text), TEXT_MAX);
	width = width_of(&visible);
	sk_str_free(&visible);
	return width;
}

/* Append what fits into `width` columns. Returns what it took. */
static int add_part(struct sk_str *out, const struct sk_str *text, int width)
{
	struct measure m;
	int columns, used = 0;
	size_t len;

	begin(&m, text);
	while ((len = next(&m, &columns)) && used + columns <= width) {
		sk_str_add(out, m.at - len, len);
		used += columns;
	}
	end(&m);
	return used;
}

const char *sk_cell_mark(void)
{
	return strcmp(sk_terminal_dash(), "-") != 0 ? "…" : ">";
}

int sk_cell_add(struct sk_str *out, const char *text, int width,
		const char *mark)
{
	struct sk_str visible = SK_STR_INIT;
	int used = 0;

	sk_str_add_visible(&visible, text, strlen(text), TEXT_MAX);
	if (width_of(&visible) <= width) {
		used = add_part(out, &visible, width);
	} else if (width > 0) {
		used = add_part(out, &visible, width - 1) + 1;
		sk_str_puts(out, mark);
	}
	sk_str_free(&visible);
	return used;
}

void sk_cell_pad(struct sk_str *out, const char *text, int width,
		 const char *mark)
{
	for (int used = sk_cell_add(out, text, width, mark); used < width;
	     used++)
		sk_str_putc(out, ' ');
}
