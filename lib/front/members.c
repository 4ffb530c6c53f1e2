/* SPDX-License-Identifier: MIT */
#include "front/members.h"

#include "format/time.h"

static void add_text(struct sk_output *output, const char *key,
		     const char *value)
{
	sk_jsonw_text(&output->json, key, value);
}

static void add_int(struct sk_output *output, const char *key, int64_t value)
{
	sk_jsonw_int(&output->json, key, value);
}

static void add_time(struct sk_output *output, const char *key, int64_t seconds)
{
	struct sk_str text = SK_STR_INIT;

	if (seconds > 0)
		sk_time_add(&text, seconds * 1000000);
	add_text(output, key, seconds > 0 ? text.ptr : NULL);
	sk_str_free(&text);
}

static void add_counts(struct sk_output *output, const char *key,
		       const struct sk_counts *counts)
{
	sk_jsonw_object(&output->json, key);
	for (size_t i = 0; i < counts->len; i++)
		add_int(output, counts->at[i].name, counts->at[i].count);
	sk_jsonw_end_object(&output->json);
}

void sk_output_begin(struct sk_output *output, int64_t schema_version)
{
	sk_jsonw_object(&output->json, NULL);
	add_int(output, "schema_version", schema_version);
}

void sk_output_end(struct sk_output *output)
{
	sk_jsonw_end_object(&output->json);
	sk_str_putc(output->json.out, '\n');
}

void sk_output_add(struct sk_output *output, const struct sk_member *member,
		   const void *base)
{
	const void *field = (const char *)base + member->offset;
	const char *key = member->key;

	switch (member->kind) {
	case SK_MEMBER_FLAG:
		sk_jsonw_bool(&output->json, key, *(const bool *)field);
		break;
	case SK_MEMBER_COUNT:
		if (*(const int64_t *)field < 0)
			add_text(output, key, NULL);
		else
			add_int(output, key, *(const int64_t *)field);
		break;
	case SK_MEMBER_TIME:
		add_time(output, key, *(const int64_t *)field);
		break;
	case SK_MEMBER_STR: {
		const struct sk_str *str = field;

		add_text(output, key, str->len ? str->ptr : NULL);
		break;
	}
	case SK_MEMBER_TEXT:
		add_text(output, key, *(const char *const *)field);
		break;
	case SK_MEMBER_COUNTS:
		add_counts(output, key, field);
		break;
	case SK_MEMBER_LIST:
		break;
	}
}

void sk_output_begin_list(struct sk_output *output, const char *key)
{
	sk_jsonw_array(&output->json, key);
}

void sk_output_add_record(struct sk_output *output,
			  const struct sk_member *table, size_t count,
			  const void *base)
{
	sk_jsonw_object(&output->json, NULL);
	for (size_t i = 0; i < count; i++)
		sk_output_add(output, &table[i], base);
	sk_jsonw_end_object(&output->json);
}

void sk_output_end_list(struct sk_output *output)
{
	sk_jsonw_end_array(&output->json);
}
