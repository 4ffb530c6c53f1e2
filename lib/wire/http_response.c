/* SPDX-License-Identifier: MIT */
#include "wire/http_response.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/now.h"

enum { RETRY_AFTER_MAX_S = 86400 };

void sk_http_response_free(struct sk_http_response *res)
{
	sk_str_wipe(&res->body); /* it may have held tokens */
	sk_str_free(&res->content_type);
	sk_str_free(&res->location);
	*res = (struct sk_http_response)SK_HTTP_RESPONSE_INIT;
}

/* Seconds or an HTTP date, which counts from the server's own clock. */
static int64_t retry_after(const char *value, int64_t date)
{
	int64_t seconds;
	char *end;

	seconds = strtoll(value, &end, 10);
	if (end == value || *end) {
		time_t when = curl_getdate(value, NULL);

		if (when < 0)
			return -1;
		seconds = when - (date ? date : sk_now_ms() / 1000);
	}
	return seconds < 0		     ? 0
	       : seconds > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S
					     : seconds;
}

static const char *header(CURL *easy, const char *name)
{
	struct curl_header *found;

	return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) ==
			       CURLHE_OK
		       ? found->value
		       : NULL;
}

void sk_http_read_headers(struct sk_http_response *res, void *easy)
{
	const char *value;
	time_t date;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &res->status);
	value = header(easy, "Date");
	date = value ? curl_getdate(value, NULL) : -1;
	res->date = date > 0 ? date : 0;
	value = header(easy, "Retry-After");
	res->retry_after_s = value ? retry_after(value, res->date) : -1;
	value = header(easy, "Location");
	if (value)
		sk_str_set(&res->location, value);
	value = header(easy, "Content-Type");
	if (value)
		sk_str_add(&res->content_type, value, strcspn(value, "; \t"));
	for (size_t i = 0; i < res->content_type.len; i++) {
		char *c = &res->content_type.ptr[i];

		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
}
