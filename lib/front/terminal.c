/* SPDX-License-Identifier: MIT */
#include "front/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { DEFAULT_COLUMNS = 80, MAX_COLUMNS = 10000 };

int sk_terminal_columns(int fd)
{
	const char *set = getenv("COLUMNS");
	long columns = set ? strtol(set, NULL, 10) : 0;
	struct winsize size;

	if (columns <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (columns <= 0 || columns > MAX_COLUMNS)
		return DEFAULT_COLUMNS;
	return (int)columns;
}

int sk_terminal_rows(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

const char *sk_terminal_dash(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool has_dash = false;

	if (locale) {
		has_dash = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
		freelocale(locale);
	}
	return has_dash ? "—" : "-";
}
