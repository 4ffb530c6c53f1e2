/* SPDX-License-Identifier: MIT */
#include "git/loose.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "format/gzip.h"

enum {
	HEADER_MAX = 32,   /* `commit 18446744073709551615` and the NUL */
	PACKED_HEAD = 128, /* bytes of the file that hold at least that */
};

static void add_path(struct sk_str *path, const char *objects,
		     const struct sk_oid *oid)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, oid);
	sk_str_addf(path, "%s/%.2s/%s", objects, hex, hex + 2);
}

/* `<kind> <size> NUL` at the start of `text`. Returns 0 or -1. */
static int parse_header(size_t *size, size_t *body, const char *text,
			size_t len)
{
	const char *nul =
		memchr(text, '\0', len > HEADER_MAX ? HEADER_MAX : len);
	const char *space =
		nul ? memchr(text, ' ', (size_t)(nul - text)) : NULL;
	char *end;

	if (!space || space[1] < '0' || space[1] > '9')
		return -1;
	*size = strtoull(space + 1, &end, 10);
	*body = (size_t)(nul - text) + 1;
	return end == nul ? 0 : -1;
}

static int fail_damaged(struct sk_err *err, const struct sk_oid *oid)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, oid);
	return sk_fail(err, SK_EDATA, "object %s is damaged", hex);
}

/* The same of what the file begins with. */
static int read_header(size_t *size, size_t *body, const char *packed,
		       size_t len)
{
	struct sk_str head = SK_STR_INIT;
	int rc = sk_inflate_head(&head, packed, len, HEADER_MAX);

	if (rc == 0)
		rc = parse_header(size, body, head.ptr, head.len);
	sk_str_free(&head);
	return rc;
}

/* Not beyond what the header says: a small file may go on for gigabytes. */
static int unpack(struct sk_str *out, size_t *body, const struct sk_str *packed,
		  const struct sk_oid *oid, size_t max, struct sk_err *err)
{
	size_t start = out->len, size;
	char hex[SK_HEX_LEN + 1];

	if (read_header(&size, body, packed->ptr, packed->len) < 0)
		return fail_damaged(err, oid);
	if (max < *body || size > max - *body) {
		sk_oid_hex(hex, oid);
		return sk_fail(err, SK_EFULL,
			       "object %s is larger than %zu bytes", hex, max);
	}
	if (sk_inflate(out, packed->ptr, packed->len, *body + size, err) < 0)
		return fail_damaged(err, oid);
	if (out->len - start < *body + size) {
		sk_str_cut(out, start);
		return fail_damaged(err, oid);
	}
	*body += start;
	return 0;
}

int sk_loose_read(struct sk_str *out, size_t *body, const char *objects,
		  const struct sk_oid *oid, size_t max, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, packed = SK_STR_INIT;
	int rc;

	add_path(&path, objects, oid);
	/* what cannot be compressed takes a little more than it is */
	rc = sk_file_read(&packed, path.ptr, max + max / 1024 + 64, err);
	if (rc == 0)
		rc = unpack(out, body, &packed, oid, max, err);
	sk_str_free(&packed);
	sk_str_free(&path);
	return rc;
}

int sk_loose_size(size_t *size, const char *objects, const struct sk_oid *oid,
		  struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	char packed[PACKED_HEAD];
	size_t body;
	ssize_t len = -1;
	int fd, ret = 1;

	add_path(&path, objects, oid);
	fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, packed, sizeof(packed));
		close(fd);
		ret = len > 0 && read_header(size, &body, packed,
					     (size_t)len) == 0
			      ? 0
			      : fail_damaged(err, oid);
	}
	sk_str_free(&path);
	return ret;
}
