/* SPDX-License-Identifier: MIT */
#include "wire/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

/* 127.0.0.0/8, [::1] and the name that means them. */
static bool is_loopback(const char *host)
{
	struct in_addr addr;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &addr) == 1 &&
	       ntohl(addr.s_addr) >> 24 == 127;
}

static bool has_only_url_chars(const char *url)
{
	for (; *url; url++) {
		if (*url <= ' ' || *url > '~' || strchr("?#@\\\"'<>`", *url))
			return false;
	}
	return true;
}

bool sk_http_url_is_allowed(const char *url)
{
	char *scheme = NULL, *host = NULL;
	CURLU *parts = curl_url();
	bool ok = false;

	/* libcurl takes the path of https:///path for the host */
	if (!parts || !has_only_url_chars(url) || strstr(url, ":///") ||
	    curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) ||
	    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) ||
	    curl_url_get(parts, CURLUPART_HOST, &host, 0))
		goto out;
	ok = *host && (strcmp(scheme, "https") == 0 ||
		       (strcmp(scheme, "http") == 0 && is_loopback(host)));
out:
	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(parts);
	return ok;
}
