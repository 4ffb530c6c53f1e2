/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/file.h"
#include "format/json.h"
#include "tests/unit/tap.h"
#include "wire/batch.h"

static const char table_path[] = "tests/data/categories.tsv";

/* The category of a whole answer with this status and this error text. */
static enum sk_category category_of_answer(long status, const char *text)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_jsonw w = SK_JSONW(&res.body);
	struct sk_map ids = SK_MAP_INIT;
	struct sk_answer answer;
	enum sk_category category;

	res.status = status;
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "error", text);
	sk_jsonw_end_object(&w);
	sk_answer_read(&answer, &res, &ids, 1);
	category = answer.category;
	sk_answer_free(&answer);
	sk_http_response_free(&res);
	return category;
}

static void test_row(char *row)
{
	char *category = strchr(row, '\t'), *text;
	enum sk_category found;

	if (!category || !(text = strchr(category + 1, '\t'))) {
		ok(false, "category: row '%s' has three columns", row);
		return;
	}
	*category++ = '\0';
	*text++ = '\0';
	found = *row == '-' ? sk_category_of_text(text)
			    : category_of_answer(strtol(row, NULL, 10), text);
	if (!ok(strcmp(sk_category_name(found), category) == 0,
		"category: %s '%s' is %s", row, text, category))
		printf("# got: %s\n", sk_category_name(found));
}

static void test_actions(void)
{
	for (int i = SK_CAT_SCHEMA_MISMATCH; i <= SK_CAT_UNKNOWN; i++) {
		const char *action = sk_category_action((enum sk_category)i);

		ok(strstr(action, "git sk-") != NULL,
		   "category: the action of %s names a command of ours",
		   sk_category_name((enum sk_category)i));
	}
}

int main(void)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	unsigned rows = 0;
	char *at, *end;

	if (sk_file_read(&text, table_path, 1 << 20, &err) != 0) {
		ok(false, "category: '%s' can be read", table_path);
		return done_testing();
	}
	for (at = text.ptr; *at; at = end) {
		end = at + strcspn(at, "\n");
		if (*end)
			*end++ = '\0';
		if (*at != '#') {
			test_row(at);
			rows++;
		}
	}
	ok(rows >= 40, "category: the table has 40 rows or more");
	test_actions();
	sk_str_free(&text);
	return done_testing();
}
