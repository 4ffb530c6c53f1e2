/* SPDX-License-Identifier: MIT */
#include "outbox/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "outbox/db.h"

int sk_state_get(struct sk_outbox *box, const char *key, struct sk_str *out,
		 struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		box->db, "SELECT value FROM sk_state WHERE key = :key");
	const char *value;
	size_t len;
	int rc;

	sk_stmt_text(st, ":key", key);
	rc = sk_stmt_step(st, err);
	sk_str_clear(out);
	if (rc > 0) {
		value = sk_stmt_col_text(st, 0, &len);
		sk_str_add(out, value, len);
	}
	sk_stmt_free(st);
	return rc < 0 ? -1 : !rc;
}

int sk_state_get_int(struct sk_outbox *box, const char *key, int64_t *out,
		     struct sk_err *err)
{
	struct sk_str value = SK_STR_INIT;
	int rc = sk_state_get(box, key, &value, err);
	long long number;
	char *end;

	if (rc == 0) {
		errno = 0;
		number = strtoll(value.ptr, &end, 10);
		if (errno || end == value.ptr || *end)
			rc = 1;
		else
			*out = number;
	}
	sk_str_free(&value);
	return rc;
}

int sk_state_set(struct sk_outbox *box, const char *key, const char *value,
		 struct sk_err *err)
{
	struct sk_stmt *st;

	if (sk_db_need_transaction(box, err) < 0)
		return -1;
	st = sk_stmt_new(box->db, "INSERT INTO sk_state(key, value)"
				  " VALUES(:key, :value) ON CONFLICT(key)"
				  " DO UPDATE SET value = excluded.value");
	sk_stmt_text(st, ":key", key);
	sk_stmt_text(st, ":value", value);
	return sk_stmt_run(st, err);
}

int sk_state_set_int(struct sk_outbox *box, const char *key, int64_t value,
		     struct sk_err *err)
{
	char text[sizeof("-9223372036854775808")];

	snprintf(text, sizeof(text), "%" PRId64, value);
	return sk_state_set(box, key, text, err);
}
