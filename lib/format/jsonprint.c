/* SPDX-License-Identifier: MIT */
/* The text of a parsed tree; apart, because who only writes needs no cJSON. */
#include "format/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest decimal text that reads back as the same number. */
static void add_number(struct sk_jsonw *w, const char *key,
		       const struct sk_json *value)
{
	double number = ((const cJSON *)(const void *)value)->valuedouble;
	char text[32];
	int64_t whole;

	if (sk_json_int(value, &whole)) {
		sk_jsonw_int(w, key, whole);
		return;
	}
	for (int places = 15; places <= 17; places++) {
		snprintf(text, sizeof(text), "%.*g", places, number);
		if (strtod(text, NULL) == number)
			break;
	}
	sk_jsonw_raw(w, key, text, strlen(text));
}

/* Recursion is bounded: a parsed tree is at most SK_JSON_MAX_DEPTH deep. */
void sk_jsonw_value(struct sk_jsonw *w, const char *key,
		    const struct sk_json *value)
{
	const struct sk_json *child = sk_json_first(value);
	bool object = sk_json_is_object(value);

	if (object || sk_json_is_array(value)) {
		object ? sk_jsonw_object(w, key) : sk_jsonw_array(w, key);
		for (; child; child = sk_json_next(child))
			sk_jsonw_value(w, sk_json_key(child), child);
		object ? sk_jsonw_end_object(w) : sk_jsonw_end_array(w);
	} else if (sk_json_is_number(value)) {
		add_number(w, key, value);
	} else if (sk_json_is_bool(value)) {
		sk_jsonw_bool(w, key, sk_json_is_true(value));
	} else {
		sk_jsonw_text(w, key, sk_json_text(value));
	}
}

void sk_json_print(struct sk_str *out, const struct sk_json *value)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_value(&w, NULL, value);
}
