/* SPDX-License-Identifier: MIT */
#include "mission/lines.h"

#include <ctype.h>
#include <string.h>

bool sk_line_next(struct sk_line *line, const char **at, const char *end)
{
	const char *eol;

	if (*at >= end)
		return false;
	eol = memchr(*at, '\n', (size_t)(end - *at));
	line->at = *at;
	line->len = (size_t)((eol ? eol : end) - *at);
	*at = eol ? eol + 1 : end;
	return true;
}

struct sk_line sk_line_trim(struct sk_line line)
{
	while (line.len && isspace((unsigned char)line.at[0])) {
		line.at++;
		line.len--;
	}
	while (line.len && isspace((unsigned char)line.at[line.len - 1]))
		line.len--;
	return line;
}

bool sk_line_is(struct sk_line line, const char *text)
{
	return line.len == strlen(text) && memcmp(line.at, text, line.len) == 0;
}

bool sk_line_begins(struct sk_line line, const char *text)
{
	size_t len = strlen(text);

	return line.len >= len && memcmp(line.at, text, len) == 0;
}

size_t sk_line_heading(struct sk_line line)
{
	size_t marks = 0;

	while (marks < line.len && line.at[marks] == '#')
		marks++;
	if (marks > 6 || (marks < line.len && !strchr(" \t\r", line.at[marks])))
		return 0;
	return marks;
}

struct sk_line sk_line_title(struct sk_line line)
{
	size_t marks = sk_line_heading(line);

	line.at += marks;
	line.len -= marks;
	return sk_line_trim(line);
}

/* The marks a line begins with, not indented by more than three spaces. */
static size_t fence_len(struct sk_line line, char *mark)
{
	size_t indent = 0, len = 0;

	while (indent < line.len && line.at[indent] == ' ')
		indent++;
	if (indent > 3 || indent == line.len)
		return 0;
	*mark = line.at[indent];
	if (*mark != '`' && *mark != '~')
		return 0;
	while (indent + len < line.len && line.at[indent + len] == *mark)
		len++;
	return len >= 3 ? len : 0;
}

bool sk_fence_holds(struct sk_fence *fence, struct sk_line line)
{
	char mark = 0;
	size_t len = fence_len(line, &mark);
	struct sk_line text = sk_line_trim(line);

	if (!fence->mark) {
		/* `code` that opens and closes in one line is no fence */
		if (!len ||
		    (mark == '`' && memchr(text.at + len, '`', text.len - len)))
			return false;
		*fence = (struct sk_fence){mark, len};
	} else if (mark == fence->mark && len >= fence->len &&
		   text.len == len) {
		*fence = (struct sk_fence){0, 0};
	}
	return true;
}

bool sk_front_find(const char **at, const char **end)
{
	const char *data = *at, *stop = *end;
	struct sk_line line;

	if (stop - data >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		data += 3;
	if (!sk_line_next(&line, &data, stop) || !sk_line_begins(line, "---"))
		return false;
	for (const char *next = data; sk_line_next(&line, &next, stop);) {
		if (sk_line_is(sk_line_trim(line), "---")) {
			*at = data;
			*end = line.at;
			return true;
		}
	}
	return false;
}
