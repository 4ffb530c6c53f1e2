/* SPDX-License-Identifier: MIT */
#include "capture/store.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/home.h"
#include "format/toml.h"
#include "wire/credentials.h"

#define CONFIG_MAX (1u << 20)

/* A config.toml that cannot be read must not stop a capture: the default. */
static int64_t configured_limit(void)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT,
		      value = SK_STR_INIT;
	int64_t limit = SK_OUTBOX_DEFAULT_LIMIT;
	struct sk_err ignored = {0};

	if (sk_home_path(&path, "config.toml", &ignored) == 0 &&
	    sk_file_read(&text, path.ptr, CONFIG_MAX, &ignored) == 0 &&
	    sk_toml_get(&value, text.ptr, text.len, "sync.max_queue_size",
			&ignored) == 0) {
		limit = strtoll(value.ptr, NULL, 10);
		if (limit <= 0)
			limit = SK_OUTBOX_DEFAULT_LIMIT;
	}
	sk_str_free(&value);
	sk_str_free(&text);
	sk_str_free(&path);
	return limit;
}

int sk_store_open(struct sk_outbox **out, bool *logged_in, struct sk_err *err)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_str path = SK_STR_INIT, scope = SK_STR_INIT;
	int rc = sk_credentials_load(&creds, err);
	bool known = rc == 0;
	int ret = -1;

	if (rc < 0 ||
	    sk_scope_queue_path(&path, known ? &creds : NULL, err) < 0 ||
	    sk_outbox_open(out, path.ptr, err) < 0)
		goto out;
	if (logged_in)
		*logged_in = known;
	if (known)
		sk_scope_add(&scope, &creds);
	sk_outbox_set_account(*out, known ? scope.ptr : NULL);
	sk_outbox_set_limit(*out, configured_limit());
	ret = 0;
out:
	sk_str_free(&scope);
	sk_str_free(&path);
	sk_credentials_free(&creds);
	return ret;
}

int sk_store_open_readonly(struct sk_outbox **out, bool *logged_in,
			   struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_scope_current(&path, logged_in, err);

	if (ret == 0)
		ret = sk_outbox_open_readonly(out, path.ptr, err);
	sk_str_free(&path);
	return ret;
}
