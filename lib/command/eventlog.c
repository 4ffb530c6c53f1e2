/* SPDX-License-Identifier: MIT */
#include "command/eventlog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { AT_A_TIME = 1 << 16 };

static int read_all(struct sk_str *data, FILE *file, const char *name,
		    struct sk_err *err)
{
	size_t n;

	do {
		sk_str_reserve(data, AT_A_TIME);
		n = fread(data->ptr + data->len, 1, AT_A_TIME, file);
		data->len += n;
		data->ptr[data->len] = '\0';
	} while (n && data->len <= SK_EVENT_LOG_MAX);
	if (ferror(file))
		return sk_fail_errno(err, errno, "cannot read '%s'", name);
	if (data->len > SK_EVENT_LOG_MAX)
		return sk_fail(err, SK_EDATA, "'%s' is larger than %u bytes",
			       name, SK_EVENT_LOG_MAX);
	return 0;
}

int sk_eventlog_bytes(struct sk_str *data, const char *path, struct sk_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	int ret;

	if (!file)
		return sk_fail_errno(err, errno, "cannot open '%s'", path);
	ret = read_all(data, file, is_stdin ? "standard input" : path, err);
	if (!is_stdin)
		fclose(file);
	return ret;
}

int sk_eventlog_load(struct sk_str *data, struct sk_log *log, const char *path,
		     struct sk_err *err)
{
	if (sk_eventlog_bytes(data, path, err) < 0)
		return -1;
	sk_log_read(log, data->ptr, data->len, SIZE_MAX);
	return 0;
}
