/* SPDX-License-Identifier: MIT */
#include "format/json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* A struct sk_json is a cJSON item; nobody outside this folder knows. */
static const cJSON *item(const struct sk_json *value)
{
	return (const cJSON *)(const void *)value;
}

static const struct sk_json *value_of(const cJSON *it)
{
	return (const struct sk_json *)(const void *)it;
}

int sk_json_parse(struct sk_json **out, const char *data, size_t len,
		  struct sk_err *err)
{
	cJSON *root;

	*out = NULL;
	if (sk_json_check(data, len, err) < 0)
		return -1;
	root = cJSON_ParseWithLength(data, len);
	/* what passed the check is refused for want of memory alone */
	if (!root)
		abort();
	*out = (struct sk_json *)(void *)root;
	return 0;
}

void sk_json_free(struct sk_json *root)
{
	cJSON_Delete((cJSON *)(void *)root);
}

/* The check has limited how deep this goes. */
static void wipe_texts(cJSON *first)
{
	for (cJSON *it = first; it; it = it->next) {
		if (it->valuestring)
			explicit_bzero(it->valuestring,
				       strlen(it->valuestring));
		wipe_texts(it->child);
	}
}

void sk_json_wipe(struct sk_json *root)
{
	wipe_texts((cJSON *)(void *)root);
	sk_json_free(root);
}

const struct sk_json *sk_json_get(const struct sk_json *object, const char *key)
{
	if (!sk_json_is_object(object))
		return NULL;
	return value_of(cJSON_GetObjectItemCaseSensitive(item(object), key));
}

const char *sk_json_text(const struct sk_json *value)
{
	return cJSON_GetStringValue((cJSON *)(uintptr_t)value);
}

bool sk_json_int(const struct sk_json *value, int64_t *out)
{
	const double most = 9007199254740992.0; /* 2^53 */
	double d;

	if (!sk_json_is_number(value))
		return false;
	d = item(value)->valuedouble;
	if (!(d >= -most && d <= most) || d != (double)(int64_t)d)
		return false;
	*out = (int64_t)d;
	return true;
}

bool sk_json_is_true(const struct sk_json *value)
{
	return cJSON_IsTrue(item(value));
}

bool sk_json_is_null(const struct sk_json *value)
{
	return cJSON_IsNull(item(value));
}

bool sk_json_is_bool(const struct sk_json *value)
{
	return cJSON_IsBool(item(value));
}

bool sk_json_is_number(const struct sk_json *value)
{
	return cJSON_IsNumber(item(value));
}

bool sk_json_is_object(const struct sk_json *value)
{
	return cJSON_IsObject(item(value));
}

bool sk_json_is_array(const struct sk_json *value)
{
	return cJSON_IsArray(item(value));
}

const char *sk_json_get_text(const struct sk_json *object, const char *key)
{
	return sk_json_text(sk_json_get(object, key));
}

const struct sk_json *sk_json_first(const struct sk_json *parent)
{
	if (!sk_json_is_object(parent) && !sk_json_is_array(parent))
		return NULL;
	return value_of(item(parent)->child);
}

const struct sk_json *sk_json_next(const struct sk_json *value)
{
	return value ? value_of(item(value)->next) : NULL;
}

const char *sk_json_key(const struct sk_json *value)
{
	return value ? item(value)->string : NULL;
}

const char *sk_json_library_version(void)
{
	return cJSON_Version();
}
