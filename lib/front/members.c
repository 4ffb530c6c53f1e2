/* SPDX-License-Identifier: MIT */
#include "front/members.h"

#include <stdio.h>
#include <string.h>

#include "format/time.h"

/* Bytes that may come from outside. */
static void add_bytes(struct sk_output *output, const char *text)
{
	size_t len = strlen(text);

	if (output->form == SK_OUTPUT_LINES)
		sk_str_add_visible(output->out, text, len, SIZE_MAX);
	else
		sk_str_add(output->out, text, len);
}

static void add_line(struct sk_output *output, const char *group,
		     const char *key, const char *value)
{
	if (output->list)
		sk_str_addf(output->out, "%s.%lld.", output->list,
			    (long long)output->records);
	if (group)
		sk_str_addf(output->out, "%s.", group);
	add_bytes(output, key);
	sk_str_putc(output->out, ' ');
	add_bytes(output, value);
	sk_str_putc(output->out, output->form == SK_OUTPUT_LINES ? '\n' : '\0');
}

static void add_text(struct sk_output *output, const char *key,
		     const char *value)
{
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_text(&output->json, key, value);
	else if (value)
		add_line(output, NULL, key, value);
}

static void add_bool(struct sk_output *output, const char *key, bool value)
{
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_bool(&output->json, key, value);
	else
		add_line(output, NULL, key, value ? "true" : "false");
}

static void add_int(struct sk_output *output, const char *group,
		    const char *key, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)value);
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_int(&output->json, key, value);
	else
		add_line(output, group, key, digits);
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
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_object(&output->json, key);
	for (size_t i = 0; i < counts->len; i++)
		add_int(output, key, counts->at[i].name, counts->at[i].count);
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_end_object(&output->json);
}

void sk_output_begin(struct sk_output *output, int64_t schema_version)
{
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_object(&output->json, NULL);
	add_int(output, NULL, "schema_version", schema_version);
}

void sk_output_end(struct sk_output *output)
{
	if (output->form != SK_OUTPUT_JSON)
		return;
	sk_jsonw_end_object(&output->json);
	sk_str_putc(output->out, '\n');
}

void sk_output_add(struct sk_output *output, const struct sk_member *member,
		   const void *base)
{
	const void *field = (const char *)base + member->offset;
	const char *key = member->key;

	switch (member->kind) {
	case SK_MEMBER_FLAG:
		add_bool(output, key, *(const bool *)field);
		break;
	case SK_MEMBER_COUNT:
		if (*(const int64_t *)field < 0)
			add_text(output, key, NULL);
		else
			add_int(output, NULL, key, *(const int64_t *)field);
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
	output->list = key;
	output->records = 0;
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_array(&output->json, key);
}

void sk_output_add_record(struct sk_output *output,
			  const struct sk_member *table, size_t count,
			  const void *base)
{
	output->records++;
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_object(&output->json, NULL);
	for (size_t i = 0; i < count; i++)
		sk_output_add(output, &table[i], base);
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_end_object(&output->json);
}

void sk_output_end_list(struct sk_output *output)
{
	output->list = NULL;
	if (output->form == SK_OUTPUT_JSON)
		sk_jsonw_end_array(&output->json);
}
