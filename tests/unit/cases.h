/* SPDX-License-Identifier: MIT */
/*
 * Tables of cases with texts in them. A case is a few lines `key: value` and
 * lines of its texts, each with the sign of its text, a space, and what is on
 * the line; an empty line ends the case. In texts \r, \t, \0, \\ and \xNN stand
 * for bytes, and \c at the end of a line for no end of line.
 */
#ifndef SK_TESTS_UNIT_CASES_H
#define SK_TESTS_UNIT_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define CASE_FIELDS 16

struct text_case {
	char keys[CASE_FIELDS][16];
	struct sk_str values[CASE_FIELDS]; /* several of a key: several */
	size_t count;
	char signs[CASE_FIELDS];
	struct sk_str texts[CASE_FIELDS];
	size_t text_count;
};

static inline void case_free(struct text_case *c)
{
	for (size_t i = 0; i < c->count; i++)
		sk_str_free(&c->values[i]);
	for (size_t i = 0; i < c->text_count; i++)
		sk_str_free(&c->texts[i]);
	c->count = c->text_count = 0;
}

/* The value number `nth` of a key; NULL when there are not as many. */
static inline const char *case_value(const struct text_case *c, const char *key,
				     size_t nth)
{
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->keys[i], key) == 0 && nth-- == 0)
			return c->values[i].ptr;
	}
	return NULL;
}

/* The one value of a key; empty when the case has none. */
static inline const char *case_get(const struct text_case *c, const char *key)
{
	const char *value = case_value(c, key, 0);

	return value ? value : "";
}

/* A text by its sign; NULL when the case has none. */
static inline const struct sk_str *case_text(const struct text_case *c,
					     char sign)
{
	for (size_t i = 0; i < c->text_count; i++) {
		if (c->signs[i] == sign)
			return &c->texts[i];
	}
	return NULL;
}

static inline void case_add_line(struct text_case *c, char sign,
				 const char *line)
{
	struct sk_str *text;
	size_t i = 0;

	while (i < c->text_count && c->signs[i] != sign)
		i++;
	if (i == c->text_count) {
		if (i == CASE_FIELDS)
			abort();
		c->signs[i] = sign;
		c->texts[i] = (struct sk_str)SK_STR_INIT;
		c->text_count++;
	}
	text = &c->texts[i];
	for (; *line; line++) {
		char hex[3] = "";

		if (*line != '\\') {
			sk_str_putc(text, *line);
			continue;
		}
		switch (*++line) {
		case 'r':
			sk_str_putc(text, '\r');
			break;
		case 't':
			sk_str_putc(text, '\t');
			break;
		case '0':
			sk_str_putc(text, '\0');
			break;
		case '\\':
			sk_str_putc(text, '\\');
			break;
		case 'x':
			memcpy(hex, line + 1, 2);
			sk_str_putc(text, (char)strtoul(hex, NULL, 16));
			line += 2;
			break;
		case 'c':
			return;
		default:
			abort(); /* a fault of the table */
		}
	}
	sk_str_putc(text, '\n');
}

/* Read the next case. Returns false at the end of the file. */
static inline bool case_next(struct text_case *c, FILE *file)
{
	char line[1024], *colon;
	bool any = false;

	case_free(c);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] && any)
			return true;
		if (!line[0] || line[0] == '#')
			continue;
		any = true;
		if (line[0] < 'a' || line[0] > 'z') {
			case_add_line(c, line[0], line[1] ? line + 2 : "");
			continue;
		}
		colon = strstr(line, ": ");
		if (!colon || c->count == CASE_FIELDS)
			abort();
		*colon = '\0';
		snprintf(c->keys[c->count], sizeof(c->keys[0]), "%.15s", line);
		c->values[c->count] = (struct sk_str)SK_STR_INIT;
		sk_str_puts(&c->values[c->count++], colon + 2);
	}
	return any;
}

/* Run each case of a table, whose path is from the top of the project. Returns
 * how many there were. */
static inline int cases_run(const char *path, void (*run)(struct text_case *c))
{
	FILE *file = fopen(path, "r");
	struct text_case c = {.count = 0};
	int rows = 0;

	if (!file)
		abort();
	for (; case_next(&c, file); rows++)
		run(&c);
	case_free(&c);
	fclose(file);
	return rows;
}

/* What `mark: <id>... done|pending` asks for; the words lie in `text`. Returns
 * how many ids there are. */
static inline size_t case_marks(const struct text_case *c, char text[256],
				char *ids[CASE_FIELDS], bool *done)
{
	char *rest = text, *word;
	size_t count = 0;

	snprintf(text, 256, "%s", case_get(c, "mark"));
	while ((word = strtok_r(rest, " ", &rest)) && count < CASE_FIELDS)
		ids[count++] = word;
	if (count == 0)
		abort();
	*done = strcmp(ids[--count], "done") == 0;
	return count;
}

#endif
