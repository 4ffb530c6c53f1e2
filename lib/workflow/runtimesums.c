/* SPDX-License-Identifier: MIT */
#include "workflow/runtimesums.h"

#include <string.h>

#include "base/file.h"
#include "format/sha256.h"

enum { SUMS_MAX = 1 << 20 };

static void set_path(struct sk_str *out, const char *home)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/cache/git-sk.sums", home);
}

int sk_sums_read(struct sk_str *sums, const char *home, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc;

	set_path(&path, home);
	rc = sk_file_read(sums, path.ptr, SUMS_MAX, err);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

int sk_sums_write(const struct sk_str *sums, const char *home,
		  struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc;

	set_path(&path, home);
	rc = sk_file_write(path.ptr, sums->ptr, sums->len, 0644, err);
	sk_str_free(&path);
	return rc;
}

static void add_line(struct sk_str *out, const char *name, const char *data,
		     size_t len)
{
	unsigned char sum[SK_SHA256_LEN];
	char hex[2 * SK_SHA256_LEN + 1];

	sk_sha256(sum, data, len);
	sk_hex(hex, sum, sizeof(sum));
	sk_str_addf(out, "%s  %s\n", hex, name);
}

static bool has_line(const struct sk_str *lines, const struct sk_str *line)
{
	const char *at = lines->ptr;

	while ((at = strstr(at, line->ptr))) {
		if (at == lines->ptr || at[-1] == '\n')
			return true;
		at++;
	}
	return false;
}

bool sk_sums_have(const struct sk_str *sums, const char *name, const char *data,
		  size_t len)
{
	struct sk_str line = SK_STR_INIT;
	bool is_there;

	add_line(&line, name, data, len);
	is_there = has_line(sums, &line);
	sk_str_free(&line);
	return is_there;
}

void sk_sums_add(struct sk_str *sums, const char *name, const char *data,
		 size_t len)
{
	if (!sk_sums_have(sums, name, data, len))
		add_line(sums, name, data, len);
}
