/* SPDX-License-Identifier: MIT */
#include "base/trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/now.h"
#include "base/str.h"

/* Threads may trace at once, and one of them is the first. */
static pthread_once_t is_opened = PTHREAD_ONCE_INIT;
static _Atomic int sink; /* -1: off */

static void open_sink(void)
{
	const char *where = getenv("GIT_SK_TRACE");

	if (!where || !*where || strcmp(where, "0") == 0)
		sink = -1;
	else if (where[0] == '/')
		sink = open(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			    0600);
	else
		sink = 2;
}

void sk_trace(const char *topic, const char *fmt, ...)
{
	struct sk_str line = SK_STR_INIT, text = SK_STR_INIT;
	int64_t now;
	time_t sec;
	struct tm tm;
	va_list args;

	if (pthread_once(&is_opened, open_sink) != 0)
		abort();
	if (sink < 0)
		return;
	now = sk_now_ms();
	sec = (time_t)(now / 1000);
	gmtime_r(&sec, &tm);
	va_start(args, fmt);
	sk_str_vaddf(&text, fmt, args);
	va_end(args);
	sk_str_addf(&line, "%02d:%02d:%02d.%03d %d %s: ", tm.tm_hour, tm.tm_min,
		    tm.tm_sec, (int)(now % 1000), (int)getpid(), topic);
	sk_str_add_visible(&line, text.ptr, text.len, 2000);
	sk_str_putc(&line, '\n');
	/* one write a line, so that lines of several processes don't mix; a
	 * trace that cannot be written must not change what the program does */
	if (write(sink, line.ptr, line.len) < 0)
		sink = -1;
	sk_str_free(&text);
	sk_str_free(&line);
}
