/* SPDX-License-Identifier: MIT */
/* Which queue file belongs to which account. */
#include "wire/credentials.h"

#include "base/home.h"
#include "format/sha256.h"

int sk_scope_queue_path(struct sk_str *out, const struct sk_credentials *creds,
			struct sk_err *err)
{
	unsigned char hash[SK_SHA256_LEN];
	struct sk_str scope = SK_STR_INIT, name = SK_STR_INIT;
	char hex[2 * 8 + 1];
	int ret;

	if (!creds)
		return sk_home_path(out, "queue.db", err);
	sk_scope_add(&scope, creds);
	sk_sha256(hash, scope.ptr, scope.len);
	sk_hex(hex, hash, 8);
	sk_str_addf(&name, "queues/queue-%s.db", hex);
	ret = sk_home_path(out, name.ptr, err);
	sk_str_free(&name);
	sk_str_free(&scope);
	return ret;
}

int sk_scope_current(struct sk_str *out, bool *logged_in, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	int rc = sk_credentials_load(&creds, err);

	if (rc >= 0) {
		if (logged_in)
			*logged_in = rc == 0;
		rc = sk_scope_queue_path(out, rc == 0 ? &creds : NULL, err);
	}
	sk_credentials_free(&creds);
	return rc;
}
