/* SPDX-License-Identifier: MIT */
#include "wire/refusal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* Append a value that should be text and may be anything. False: nothing. */
static bool add_value(struct sk_str *out, const struct sk_json *value)
{
	const char *text = sk_json_text(value);

	if (!value || sk_json_is_null(value) || (text && is_blank(text)))
		return false;
	if (text)
		sk_str_puts(out, text);
	else
		sk_json_print(out, value);
	return true;
}

void sk_refusal_text(struct sk_str *out, const struct sk_json *body)
{
	static const char *const names[] = {"message", "detail", "error",
					    "error_code"};
	const struct sk_json *details = sk_json_get(body, "details");
	struct sk_str more = SK_STR_INIT;
	bool found = false;

	if (sk_json_text(body)) {
		add_value(out, body);
		return;
	}
	for (size_t i = 0; i < SK_COUNTOF(names) && !found; i++)
		found = add_value(out, sk_json_get(body, names[i]));
	if (add_value(&more, details))
		sk_str_addf(out, "%s%s", found ? "\nDetails: " : "", more.ptr);
	sk_str_free(&more);
}

void sk_result_reject(struct sk_result *result, const char *error)
{
	if (is_blank(error))
		error = "the server gave no reason";
	free(result->error);
	result->error = sk_strdup(error);
	result->category = sk_category_of_text(error);
	result->verdict = SK_VERDICT_REJECTED;
}

/* The reason an item of the list gives, else that of the whole answer. */
static void add_reason(struct sk_str *out, const struct sk_json *item,
		       const char *outer)
{
	static const char *const names[] = {"detail", "error", "reason",
					    "error_message", "message"};

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		if (add_value(out, sk_json_get(item, names[i])))
			return;
	}
	sk_str_puts(out, outer);
}

static size_t read_list(struct sk_result *results, const struct sk_json *list,
			const char *outer, const struct sk_map *ids)
{
	const struct sk_json *item = sk_json_first(list);
	struct sk_str reason = SK_STR_INIT;
	size_t count = 0;

	for (; item; item = sk_json_next(item)) {
		const char *id = sk_json_get_text(item, "event_id");
		int64_t *at = id ? sk_map_get(ids, id, strlen(id)) : NULL;

		if (!at || results[*at].verdict == SK_VERDICT_REJECTED)
			continue;
		sk_str_clear(&reason);
		add_reason(&reason, item, outer);
		sk_result_reject(&results[*at], reason.ptr);
		count++;
	}
	sk_str_free(&reason);
	return count;
}

/* One member: a list, or a string that holds the JSON of a list. */
static size_t read_member(struct sk_result *results,
			  const struct sk_json *member, const char *outer,
			  const struct sk_map *ids)
{
	const char *text = sk_json_text(member);
	struct sk_json *inner = NULL;
	struct sk_err ignored; /* a string that is no JSON is just a text */
	size_t count = 0;

	if (sk_json_is_array(member))
		return read_list(results, member, outer, ids);
	if (!text || text[strspn(text, " \t\r\n")] != '[')
		return 0;
	if (sk_json_parse(&inner, text, strlen(text), &ignored) == 0 &&
	    sk_json_is_array(inner))
		count = read_list(results, inner, outer, ids);
	sk_json_free(inner);
	return count;
}

size_t sk_refusal_details(struct sk_result *results, const struct sk_json *body,
			  const struct sk_map *ids)
{
	static const char *const names[] = {"details", "error", "detail"};
	const char *outer = sk_json_get_text(body, "error");
	size_t count = 0;

	if (is_blank(outer) || outer[strspn(outer, " \t\r\n")] == '[')
		outer = "rejected with the whole batch";
	for (size_t i = 0; i < SK_COUNTOF(names); i++)
		count += read_member(results, sk_json_get(body, names[i]),
				     outer, ids);
	return count;
}
