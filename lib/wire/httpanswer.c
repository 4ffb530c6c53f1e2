/* SPDX-License-Identifier: MIT */
#include "wire/httpanswer.h"

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

static const char *words(const struct sk_http_failure *what)
{
	return what->reason[0] ? what->reason
			       : curl_easy_strerror((CURLcode)what->code);
}

static int fail_unreachable(struct sk_err *err,
			    const struct sk_http_failure *what)
{
	sk_fail(err, SK_ENET, "cannot reach '%s': %s", what->server,
		what->code == CURLE_COULDNT_CONNECT && what->os_errno
			? strerror((int)what->os_errno)
			: words(what));
	return sk_hint(err, "check that the server runs and that you are"
			    " online, then run the command again");
}

static int fail_broken(struct sk_err *err, const struct sk_http_failure *what)
{
	if (what->broken == SK_HTTP_CAP_HEADERS)
		sk_fail(err, SK_EDATA,
			"the header in the answer of '%s' is larger than %u "
			"bytes",
			what->server, SK_HTTP_MAX_HEADERS);
	else
		sk_fail(err, SK_EDATA,
			"the answer of '%s' is larger than %u bytes",
			what->server, SK_HTTP_MAX_BODY);
	return sk_hint(err, "check with 'git sk-auth status' that this is the"
			    " right server");
}

static int fail_untrusted(struct sk_err *err,
			  const struct sk_http_failure *what)
{
	sk_fail(err, SK_EFAIL, "cannot trust '%s': %s", what->server,
		words(what));
	return sk_hint(err,
		       "if its certificate is signed by a CA of your own, run"
		       " 'git config --global http.%.120s/.sslCAInfo <file>'",
		       what->server);
}

static int fail_timeout(struct sk_err *err, const struct sk_http_failure *what)
{
	sk_fail(err, SK_ENET, "'%s' did not answer in time: %s", what->server,
		words(what));
	return sk_hint(err, "try again later, or ask who runs the server");
}

static int fail_cut(struct sk_err *err, const struct sk_http_failure *what)
{
	sk_fail(err, SK_ENET, "the connection to '%s' broke off: %s",
		what->server, words(what));
	return sk_hint(err, "run the command again");
}

static int fail_garbage(struct sk_err *err, const struct sk_http_failure *what)
{
	sk_fail(err, SK_EDATA, "'%s' does not speak HTTP as it should: %s",
		what->server, words(what));
	return sk_hint(err, "check with 'git sk-auth status' that this is the"
			    " right server");
}

int sk_http_fail(struct sk_err *err, const struct sk_http_failure *what)
{
	if (what->broken)
		return fail_broken(err, what);
	switch (what->code) {
	case CURLE_OPERATION_TIMEDOUT:
		return fail_timeout(err, what);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return fail_untrusted(err, what);
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return fail_cut(err, what);
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		/* a header line over libcurl's own cap */
#if CURL_AT_LEAST_VERSION(8, 6, 0)
	case CURLE_TOO_LARGE:
#endif
	case CURLE_OUT_OF_MEMORY:
		return fail_garbage(err, what);
	default:
		return fail_unreachable(err, what);
	}
}
