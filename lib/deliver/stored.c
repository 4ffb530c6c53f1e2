/* SPDX-License-Identifier: MIT */
#include "deliver/stored.h"

#include <string.h>

#include "format/json.h"
#include "format/jsonmember.h"

#define NOTE "drain_blocked_reason"

static bool is_key(const char *key, size_t len, const char *wanted)
{
	return len == strlen(wanted) && memcmp(key, wanted, len) == 0;
}

/* The check has passed: no key comes twice. */
static bool take_id(void *ctx, const char *key, size_t len,
		    const struct sk_json_span *value)
{
	if (!is_key(key, len, "event_id"))
		return true;
	*(struct sk_json_span *)ctx = *value;
	return false;
}

int sk_stored_check(const char *data, size_t len, const char *event_id,
		    struct sk_err *err)
{
	struct sk_json_span value = {NULL, 0};
	struct sk_str id = SK_STR_INIT;
	int ret;

	/* strictly: what the server cannot read it would refuse as a whole */
	if (sk_json_check(data, len, err) < 0)
		return -1;
	ret = sk_json_members(data, len, take_id, &value, err);
	if (ret > 0)
		ret = sk_fail(err, SK_EDATA, "is not a JSON object");
	else if (ret == 0 && !sk_json_span_text(&id, &value))
		ret = sk_fail(err, SK_EDATA, "has no event_id");
	else if (ret == 0 && strcmp(id.ptr, event_id) != 0)
		ret = sk_fail(err, SK_EDATA, "its event_id is '%.64s'", id.ptr);
	sk_str_free(&id);
	return ret;
}

/* The note, and where the member before it ends. */
struct search {
	const char *behind, *last;
	struct sk_json_span note;
};

static bool find_note(void *ctx, const char *key, size_t len,
		      const struct sk_json_span *value)
{
	struct search *found = ctx;

	if (is_key(key, len, NOTE)) {
		found->note = *value;
		found->behind = found->last;
		return false;
	}
	found->last = value->ptr + value->len;
	return true;
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	return at;
}

bool sk_stored_add(struct sk_str *out, const char *data, size_t len)
{
	struct search found = {NULL, NULL, {NULL, 0}};
	const char *end = data + len, *next;
	struct sk_err ignored = {0};

	/* hardly any row has it, and a search is fast */
	if (!memmem(data, len, NOTE, strlen(NOTE)) ||
	    sk_json_members(data, len, find_note, &found, &ignored) != 0 ||
	    !found.note.ptr) {
		sk_str_add(out, data, len);
		return false;
	}
	next = skip_space(found.note.ptr + found.note.len, end);
	if (found.behind) { /* its comma goes with it */
		sk_str_add(out, data, (size_t)(found.behind - data));
	} else {
		sk_str_add(out, data, (size_t)(strchr(data, '{') + 1 - data));
		if (next < end && *next == ',')
			next = skip_space(next + 1, end);
	}
	sk_str_add(out, next, (size_t)(end - next));
	return true;
}
