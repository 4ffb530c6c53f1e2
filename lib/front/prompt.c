/* SPDX-License-Identifier: MIT */
#include "front/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_LINE = 4096 };

/* Which signal came while echo was off; a handler can reach nothing else. */
static volatile sig_atomic_t caught;

static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static void note_signal(int signal)
{
	caught = signal;
}

/* Byte by byte: what follows the line belongs to others. */
static int read_line(struct sk_str *out, int fd, struct sk_err *err)
{
	bool any = false;
	char c;

	sk_str_clear(out);
	sk_str_reserve(out, MAX_LINE); /* it may be a secret: no copies */
	for (;;) {
		ssize_t n = read(fd, &c, 1);

		if (n < 0 && errno == EINTR && !caught)
			continue;
		if (n < 0)
			return sk_fail_errno(err, errno, "cannot read");
		if (n == 0 && !any)
			return sk_fail(err, SK_EFAIL, "no input");
		if (n == 0 || c == '\n')
			break;
		any = true;
		if (out->len == MAX_LINE - 1 || c == '\0')
			return sk_fail(err, SK_EFAIL,
				       "the line is too long or holds a NUL");
		sk_str_putc(out, c);
	}
	if (out->len && out->ptr[out->len - 1] == '\r')
		sk_str_cut(out, out->len - 1);
	return 0;
}

static void put(int fd, const char *text)
{
	/* a terminal that takes no question gives no answer either */
	if (write(fd, text, strlen(text)) < 0)
		return;
}

static int ask_secret(struct sk_str *out, int fd, struct sk_err *err)
{
	struct sigaction act = {.sa_handler = note_signal};
	struct sigaction before[SK_COUNTOF(ending)];
	struct termios normal, silent;
	int ret;

	if (tcgetattr(fd, &normal) < 0)
		return sk_fail_errno(err, errno, "cannot use the terminal");
	caught = 0;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < SK_COUNTOF(ending); i++)
		sigaction(ending[i], &act, &before[i]);
	silent = normal;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(fd, TCSAFLUSH, &silent) < 0)
		ret = sk_fail_errno(err, errno, "cannot turn echo off");
	else
		ret = read_line(out, fd, err);
	tcsetattr(fd, TCSAFLUSH, &normal);
	put(fd, "\n");
	for (size_t i = 0; i < SK_COUNTOF(ending); i++)
		sigaction(ending[i], &before[i], NULL);
	if (caught) {
		sk_str_wipe(out);
		raise(caught);
	}
	return ret;
}

int sk_prompt(struct sk_str *out, const char *question, bool is_secret,
	      struct sk_err *err)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	int ret;

	if (fd < 0)
		return 1;
	put(fd, question);
	ret = is_secret ? ask_secret(out, fd, err) : read_line(out, fd, err);
	close(fd);
	return ret;
}

int sk_read_line(struct sk_str *out, struct sk_err *err)
{
	if (read_line(out, STDIN_FILENO, err) < 0)
		return sk_within(err, "standard input");
	return 0;
}
