/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "base/str.h"
#include "front/cli.h"
#include "front/colour.h"

/* Said of the whole process, by the options it was started with. */
static enum sk_volume volume = SK_NORMAL;

void sk_set_volume(enum sk_volume how)
{
	volume = how;
}

enum sk_volume sk_volume(void)
{
	return volume;
}

static void SK_PRINTF(3, 0) put_line(const char *label, enum sk_colour colour,
				     const char *fmt, va_list args)
{
	struct sk_str text = SK_STR_INIT, line = SK_STR_INIT;

	sk_meter_done();
	sk_str_vaddf(&text, fmt, args);
	sk_colour_add(&line, sk_colour_for(STDERR_FILENO), colour, label);
	sk_str_putc(&line, ' ');
	sk_str_add_visible(&line, text.ptr, text.len, 4096);
	sk_str_putc(&line, '\n');
	fputs(line.ptr, stderr);
	sk_str_free(&line);
	sk_str_free(&text);
}

void sk_warn(const char *fmt, ...)
{
	va_list args;

	if (volume == SK_QUIET)
		return;
	va_start(args, fmt);
	put_line("warning:", SK_COLOUR_WARNING, fmt, args);
	va_end(args);
}

void sk_warn_lines(const char *lines)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");

		sk_warn("%.*s", (int)len, lines);
		lines += len + (lines[len] == '\n');
	}
}

void sk_advise(const char *fmt, ...)
{
	va_list args;

	if (volume == SK_QUIET)
		return;
	va_start(args, fmt);
	put_line("hint:", SK_COLOUR_HINT, fmt, args);
	va_end(args);
}

void sk_note(const char *fmt, ...)
{
	va_list args;

	if (volume == SK_QUIET)
		return;
	va_start(args, fmt);
	put_line("note:", SK_COLOUR_HINT, fmt, args);
	va_end(args);
}

void sk_detail(const char *fmt, ...)
{
	va_list args;

	if (volume != SK_VERBOSE)
		return;
	va_start(args, fmt);
	put_line("note:", SK_COLOUR_HINT, fmt, args);
	va_end(args);
}

void sk_say(const char *fmt, ...)
{
	va_list args;

	if (volume == SK_QUIET)
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
}

/* The one line of progress a process has on its terminal. */
static struct {
	int64_t started; /* 0: nothing was ever to be shown */
	int64_t shown;	 /* when the line was last written */
	bool visible;
} line;

void sk_meter(const char *fmt, ...)
{
	struct sk_str text = SK_STR_INIT;
	int64_t now = sk_mono_ms();
	va_list args;

	if (!line.started)
		line.started = now;
	if (volume == SK_QUIET || now - line.started < 1000 ||
	    now - line.shown < 100 || !isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	fprintf(stderr, "\r%.78s\033[K", text.ptr);
	fflush(stderr);
	line.shown = now;
	line.visible = true;
	sk_str_free(&text);
}

void sk_meter_done(void)
{
	if (!line.visible)
		return;
	fputs("\r\033[K", stderr);
	line.visible = false;
}
