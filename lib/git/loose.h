/* SPDX-License-Identifier: MIT */
/*
 * Loose objects: a file each, `objects/ab/cdef...`, a zlib stream of
 * `<kind> <size> NUL <bytes>`. libc and zlib alone, for hooks.
 */
#ifndef SK_GIT_LOOSE_H
#define SK_GIT_LOOSE_H

#include "base/err.h"
#include "base/str.h"
#include "git/oid.h"

/*
 * Append what the file holds, at most `max` bytes, its header too. The object
 * itself begins at *body. Returns 0; 1 when there is no such file; -1 with
 * SK_EDATA when it is damaged, which one with more than its header says is,
 * SK_EFULL when that is more than `max`; nothing is appended then.
 */
int sk_loose_read(struct sk_str *out, size_t *body, const char *objects,
		  const struct sk_oid *oid, size_t max,
		  struct sk_err *err) SK_NODISCARD;

/* The size of the object by its header, without unpacking it. Returns alike. */
int sk_loose_size(size_t *size, const char *objects, const struct sk_oid *oid,
		  struct sk_err *err) SK_NODISCARD;

#endif
