/* SPDX-License-Identifier: MIT */
#include "capture/fault.h"

#include <stdlib.h>

#include "format/sha256.h"
#include "outbox/unreadable.h"

void sk_fault_free(struct sk_fault *fault)
{
	free(fault->path);
	free(fault->reason);
	*fault = (struct sk_fault){0};
}

void sk_fault_line_key(char key[SK_FAULT_KEY_SIZE], const char *data,
		       size_t len)
{
	unsigned char hash[SK_SHA256_LEN];

	sk_sha256(hash, data, len);
	key[0] = '!';
	sk_hex(key + 1, hash, sizeof(hash));
}

void sk_fault_object_key(char key[SK_FAULT_KEY_SIZE], bool is_missing,
			 const struct sk_oid *id)
{
	key[0] = is_missing ? '?' : '-';
	sk_oid_hex(key + 1, id);
}

void sk_fault_add_place(struct sk_str *out, const struct sk_fault *fault)
{
	sk_str_puts(out, fault->path);
	if (fault->line)
		sk_str_addf(out, ":%zu", fault->line);
}

int sk_fault_record(const struct sk_fault *fault, struct sk_outbox *box,
		    const char *clone, int64_t now, struct sk_err *err)
{
	const struct sk_unreadable what = {.commit = fault->last,
					   .path = fault->path,
					   .key = fault->key,
					   .line = (int64_t)fault->line,
					   .size = (int64_t)fault->size,
					   .reason = fault->reason};

	return sk_unreadable_add(box, clone, &what, now, err);
}
