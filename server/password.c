/* SPDX-License-Identifier: MIT */
#include "server/password.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Read a line, a byte at a time: what stands behind it is not ours. */
static int read_line(struct sk_str *out, int fd, struct sk_err *err)
{
	char c;
	ssize_t n;

	sk_str_reserve(out, SK_PASSWORD_MAX); /* grows no more: no copies */
	for (;;) {
		n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sk_fail_errno(err, errno,
					     "cannot read the password");
		if (n == 0 || c == '\n')
			break;
		if (c == '\0' || c == '\003')
			return sk_fail(err, SK_EUSAGE, "no password was given");
		if (out->len == SK_PASSWORD_MAX - 1)
			return sk_fail(err, SK_EUSAGE,
				       "the password is longer than %d bytes",
				       SK_PASSWORD_MAX - 1);
		sk_str_putc(out, c);
	}
	if (out->len && out->ptr[out->len - 1] == '\r')
		sk_str_cut(out, out->len - 1);
	if (!out->len)
		return sk_fail(err, SK_EUSAGE, "the password is empty");
	return 0;
}

int sk_password_from_stdin(struct sk_str *out, struct sk_err *err)
{
	return read_line(out, STDIN_FILENO, err);
}

static int ask(struct sk_str *out, int tty, const char *prompt,
	       const char *name, struct sk_err *err)
{
	int ret;

	dprintf(tty, "%s '%s': ", prompt, name);
	ret = read_line(out, tty, err);
	dprintf(tty, "\n");
	return ret;
}

int sk_password_ask(struct sk_str *out, const char *name, struct sk_err *err)
{
	struct sk_str again = SK_STR_INIT;
	struct termios old, quiet;
	int tty, ret = -1;

	tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (tty < 0 || tcgetattr(tty, &old) < 0) {
		sk_fail(err, SK_EFAIL, "there is no terminal to ask on");
		sk_hint(err, "use --password-stdin");
		goto out;
	}
	quiet = old;
	/* ^C reaches read_line() as a byte, so that the echo comes back */
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	if (tcsetattr(tty, TCSAFLUSH, &quiet) < 0) {
		sk_fail_errno(err, errno, "cannot switch off the echo");
		goto out;
	}
	ret = ask(out, tty, "Password for", name, err);
	if (ret == 0)
		ret = ask(&again, tty, "Once more, for", name, err);
	tcsetattr(tty, TCSAFLUSH, &old);
	if (ret == 0 && strcmp(out->ptr, again.ptr) != 0)
		ret = sk_fail(err, SK_EFAIL, "the two passwords differ");
out:
	sk_str_wipe(&again);
	if (tty >= 0)
		close(tty);
	return ret;
}

int sk_password_hash(char **out, const char *password, struct sk_err *err)
{
	char *setting = crypt_gensalt_ra("$y$", 0, NULL, 0);
	void *data = NULL;
	int size = 0;

	*out = setting ? crypt_ra(password, setting, &data, &size) : NULL;
	if (*out)
		*out = strdup(*out);
	if (!*out)
		sk_fail_errno(err, errno, "cannot hash the password");
	if (data)
		explicit_bzero(data, (size_t)size);
	free(data);
	free(setting);
	return *out ? 0 : -1;
}

bool sk_password_matches(const char *password, const char *hash)
{
	void *data = NULL;
	int size = 0;
	const char *made = crypt_ra(password, hash, &data, &size);
	bool same = made && made[0] != '*' && sk_secret_is(made, hash);

	if (data)
		explicit_bzero(data, (size_t)size);
	free(data);
	return same;
}
