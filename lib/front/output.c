/* SPDX-License-Identifier: MIT */
#include "front/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

/* There is one standard output, and its stream cannot hold this. */
static struct {
	bool has_begun;
	int errnum; /* of the first write that failed; 0 = none did */
} output = {false, 0};

static ssize_t write_out(void *cookie, const char *data, size_t len)
{
	size_t done = 0;

	(void)cookie;
	output.has_begun = true;
	while (done < len) {
		ssize_t n = write(STDOUT_FILENO, data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (!output.errnum)
				output.errnum = errno;
			return 0; /* which is how a cookie says so */
		}
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int close_out(void *cookie)
{
	(void)cookie;
	if (close(STDOUT_FILENO) == 0)
		return 0;
	if (!output.errnum)
		output.errnum = errno;
	return -1;
}

/*
 * A descriptor that is closed would be the next file's, a database's maybe,
 * and what is printed would land in it. To write to a closed standard output
 * stays an error: what takes its place is for reading.
 */
static void take_places(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int mode = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) < 0)
			return; /* a system without it is past our help */
	}
}

void sk_output_open(void)
{
	const cookie_io_functions_t functions = {.write = write_out,
						 .close = close_out};
	FILE *stream;

	take_places();
	stream = fopencookie(NULL, "w", functions);
	if (!stream)
		return; /* then it is the one that forgets */
	if (isatty(STDOUT_FILENO))
		setvbuf(stream, NULL, _IOLBF, 0);
	stdout = stream;
}

bool sk_output_has_begun(void)
{
	return output.has_begun || __fpending(stdout) > 0;
}

int sk_output_close(struct sk_err *err)
{
	bool failed = ferror(stdout);

	failed |= fclose(stdout) != 0;
	if (!failed && !output.errnum)
		return 0;
	if (output.errnum == EPIPE)
		return 1;
	return sk_fail_errno(err, output.errnum ? output.errnum : EIO,
			     "cannot write standard output");
}
