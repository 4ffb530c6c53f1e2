/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are an answer to a batch of three events: the first two choose the
 * status. Only a 200 can say that an event was delivered, and only of an event
 * that its body names.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ids[] = {"01KE0000000000000000000001",
				  "01KE0000000000000000000002",
				  "01KE0000000000000000000003"};

static bool is_named(const uint8_t *data, size_t size, const char *id)
{
	return memmem(data, size, id, strlen(id)) ||
	       memchr(data, '\\', size); /* it may be written with escapes */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const long statuses[] = {200, 400, 401, 403, 413, 429, 500, 302};
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_map index = SK_MAP_INIT;
	struct sk_answer answer;

	if (size < 2)
		return 0;
	for (size_t i = 0; i < SK_COUNTOF(ids); i++)
		sk_map_add(&index, ids[i], strlen(ids[i]), (int64_t)i, NULL);
	res.status = statuses[data[0] % SK_COUNTOF(statuses)];
	sk_str_puts(&res.content_type,
		    data[1] % 2 ? "application/json" : "text/html");
	sk_str_add(&res.body, (const char *)data + 2, size - 2);
	sk_answer_read(&answer, &res, &index, SK_COUNTOF(ids));
	for (size_t i = 0; i < answer.count; i++) {
		enum sk_verdict verdict = answer.results[i].verdict;

		if (verdict != SK_VERDICT_SUCCESS &&
		    verdict != SK_VERDICT_DUPLICATE)
			continue;
		if (res.status != 200 || answer.fate != SK_BATCH_READ ||
		    !is_named(data + 2, size - 2, ids[i]))
			abort();
	}
	sk_answer_free(&answer);
	sk_str_free(&res.body);
	sk_str_free(&res.content_type);
	sk_map_free(&index);
	return 0;
}
