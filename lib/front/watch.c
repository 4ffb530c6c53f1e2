/* SPDX-License-Identifier: MIT */
#include "front/watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "front/terminal.h"

enum { PAUSE_MS = 500 };

/* Another screen without a cursor, and back: the first stays as it was. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME  "\033[H"
#define WIPE  "\033[K" /* from the cursor to the end of its line */

/* Which signal came; a handler can reach nothing else. */
static volatile sig_atomic_t caught;

static const int noted[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

static void note_signal(int signal)
{
	caught = signal;
}

/* What was to be ignored, as by nohup, stays so. */
static void note_signals(struct sigaction *before)
{
	struct sigaction act = {.sa_handler = note_signal};

	caught = 0;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < SK_COUNTOF(noted); i++) {
		sigaction(noted[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(noted[i], &act, NULL);
	}
}

static void put(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

/*
 * A picture that fits, in one piece. Each line is wiped right before it is
 * written: behind it the cursor may stand on its last character.
 */
static void put_picture(const struct sk_str *text)
{
	int rows = sk_terminal_rows(STDOUT_FILENO);
	const char *at = text->ptr;
	struct sk_str frame = SK_STR_INIT;
	int row = 1;

	sk_str_puts(&frame, HOME);
	for (; *at; row++) {
		size_t len = strcspn(at, "\n");

		if (row > 1)
			sk_str_puts(&frame, "\r\n");
		if (rows && row == rows && at[len] && at[len + 1]) {
			sk_str_puts(&frame, WIPE "(more below)");
			row = rows + 1;
			break;
		}
		sk_str_puts(&frame, WIPE);
		sk_str_add(&frame, at, len);
		at += len + (at[len] == '\n');
	}
	if (row <= rows) /* what a higher picture left below */
		sk_str_puts(&frame, "\r\n\033[J");
	put(frame.ptr);
	sk_str_free(&frame);
}

/* Ctrl-Z: the shell gets its own screen for as long as it takes. */
static void suspend(void)
{
	put(LEAVE);
	raise(SIGSTOP);
	caught = 0;
	put(ENTER);
}

/* Whether whoever reads has gone. */
static bool has_gone(void)
{
	struct pollfd fd = {.fd = STDOUT_FILENO};

	return poll(&fd, 1, PAUSE_MS) > 0 &&
	       (fd.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* Returns 0 when somebody has seen enough; -1. */
static int show(sk_watch_fn *draw, void *ctx, bool is_terminal,
		struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, last = SK_STR_INIT;
	int rc, rows = 0, shown = 0;

	while ((rc = draw(ctx, &text, err)) >= 0) {
		bool is_new = is_terminal || rc == 0;

		if (is_terminal)
			rows = sk_terminal_rows(STDOUT_FILENO);
		if (is_new &&
		    (rows != shown || strcmp(text.ptr, last.ptr) != 0)) {
			if (is_terminal)
				put_picture(&text);
			else
				printf("%s%s", last.len ? "\n" : "", text.ptr);
			fflush(stdout);
			sk_str_set(&last, text.ptr);
			shown = rows;
		}
		sk_str_clear(&text);
		if (ferror(stdout) || has_gone())
			break;
		if (caught == SIGTSTP) {
			suspend();
			shown = -1;
		} else if (caught) {
			break;
		}
	}
	sk_str_free(&text);
	sk_str_free(&last);
	return rc < 0 ? -1 : 0;
}

int sk_watch(sk_watch_fn *draw, void *ctx, struct sk_err *err)
{
	bool is_terminal = isatty(STDOUT_FILENO);
	struct sigaction before[SK_COUNTOF(noted)];
	int rc;

	if (is_terminal) {
		note_signals(before);
		put(ENTER);
	}
	rc = show(draw, ctx, is_terminal, err);
	if (!is_terminal)
		return rc;
	put(LEAVE);
	for (size_t i = 0; i < SK_COUNTOF(noted); i++)
		sigaction(noted[i], &before[i], NULL);
	if (caught)
		raise(caught);
	return rc;
}
