/* SPDX-License-Identifier: MIT */
#include "tests/unit/fault.h"
#include "tests/unit/tap.h"
#include "wire/http.h"

/* One POST to a server that follows this one-line script. */
static int post_to(const char *script, unsigned timeout_s,
		   struct sk_http_response *res, struct sk_err *err)
{
	struct fault fault = fault_start(script);
	struct sk_http *http = NULL;
	struct sk_str url = SK_STR_INIT;
	struct sk_http_request req = {.method = "POST",
				      .bearer = "hidden-token",
				      .body = "{}",
				      .body_len = 2,
				      .timeout_s = timeout_s};
	int ret;

	sk_str_addf(&url, "%s/api/v1/events/batch/", fault.url);
	req.url = url.ptr;
	if (sk_http_new(&http, fault.url, err) < 0)
		abort();
	ret = sk_http_send(http, &req, res, err);
	sk_http_free(http);
	sk_str_free(&url);
	fault_stop(&fault);
	return ret;
}

static void fails_within(unsigned timeout_s, const char *script,
			 enum sk_code code, const char *words)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_err err = {0};
	int rc = post_to(script, timeout_s, &res, &err);

	if (!ok(rc == -1 && err.code == code && strstr(err.msg, words) &&
			err.hint[0] && !strstr(err.msg, "hidden-token"),
		"http: '%s' is an error that says '%s'", script, words))
		printf("# %d, code %d, '%s'\n", rc, err.code, err.msg);
	sk_http_response_free(&res);
}

static void fails(const char *script, enum sk_code code, const char *words)
{
	fails_within(30, script, code, words);
}

static void test_failures(void)
{
	fails("reset", SK_ENET, "broke off");
	fails("close", SK_ENET, "broke off");
	fails("cut-headers", SK_ENET, "broke off");
	fails("cut-body", SK_ENET, "broke off");
	fails_within(1, "stall", SK_ENET, "did not answer in time");
	fails_within(1, "slow 100", SK_ENET, "did not answer in time");
	fails("bomb", SK_EDATA, "larger than 8388608 bytes");
	fails("endless", SK_EDATA, "larger than 8388608 bytes");
	fails("huge-header", SK_EDATA, "larger than 65536 bytes");
	fails("huge-header line", SK_EDATA, "127.0.0.1");
	fails("garbage", SK_EDATA, "does not speak HTTP");
	fails("header Content-Encoding: gzip\nstatus 200 {\"x\": 1}", SK_EDATA,
	      "does not speak HTTP");
}

static void retry_is(const char *value, int64_t want)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_str script = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_addf(&script, "header Retry-After: %s\nstatus 429 {}", value);
	ok(post_to(script.ptr, 5, &res, &err) == 0 && res.status == 429 &&
		   res.retry_after_s >= want - 2 && res.retry_after_s <= want,
	   "http: Retry-After '%.20s' is %lld", value, (long long)want);
	sk_http_response_free(&res);
	sk_str_free(&script);
}

static void test_retry_after(void)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	time_t soon = time(NULL) + 100;
	struct sk_err err = {0};
	char date[64];
	struct tm tm;

	gmtime_r(&soon, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	retry_is("5", 5);
	retry_is("0", 0);
	retry_is("-7", 0);
	retry_is("1000000000", 86400);
	retry_is("99999999999999999999999", 86400);
	retry_is("soon", -1);
	retry_is(date, 100);
	retry_is("Fri, 31 Dec 1999 23:59:59 GMT", 0);
	retry_is("Fri, 31 Dec 2100 23:59:59 GMT", 86400);
	ok(post_to("status 503", 5, &res, &err) == 0 &&
		   res.retry_after_s == -1 && res.date >= soon - 200,
	   "http: without Retry-After none is said; Date is read");
	sk_http_response_free(&res);
}

static void test_redirect(void)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_err err = {0};

	ok(post_to("redirect 302 http://127.0.0.1:1/x", 5, &res, &err) == 0 &&
		   res.status == 302,
	   "http: a redirect is an answer, not followed");
	is(res.location.ptr, "http://127.0.0.1:1/x", "http: Location is kept");
	is(res.content_type.ptr, "text/html",
	   "http: the content type has no parameters");
	sk_http_response_free(&res);
}

static void test_reuse(void)
{
	struct fault fault = fault_start("ok");
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_http *http = NULL;
	struct sk_str url = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_http_request req = {.method = "GET"};
	int good = 0;

	sk_str_addf(&url, "%s/api/v1/sync/health/", fault.url);
	req.url = url.ptr;
	if (sk_http_new(&http, fault.url, &err) < 0)
		abort();
	for (int i = 0; i < 5; i++)
		good += sk_http_start(http, &req, &err) == 0 &&
			sk_http_finish(http, &res, &err) == 0 &&
			res.status == 200;
	ok(good == 5, "http: one client sends one request after another");
	req.url = "http://127.0.0.1:1/";
	ok(sk_http_start(http, &req, &err) == -1,
	   "http: nothing is sent to another origin");
	sk_str_clear(&url);
	sk_str_addf(&url, "%s0/", fault.url); /* another port, same beginning */
	req.url = url.ptr;
	ok(sk_http_start(http, &req, &err) == -1,
	   "http: nor to one whose name begins like ours");
	ok(sk_http_finish(http, &res, &err) == -1,
	   "http: nothing started, nothing to finish");
	fault_stop(&fault);
	sk_http_response_free(&res);
	sk_http_free(http);
	sk_str_free(&url);
}

static void test_unreachable(void)
{
	struct sk_http_response res = SK_HTTP_RESPONSE_INIT;
	struct sk_http_request req = {.method = "GET",
				      .url = "http://127.0.0.1:1/"};
	struct sk_http *http = NULL;
	struct sk_err err = {0};

	if (sk_http_new(&http, "http://127.0.0.1:1/", &err) < 0)
		abort();
	is(sk_http_server(http), "http://127.0.0.1:1",
	   "http: the server has no slash at its end");
	ok(sk_http_send(http, &req, &res, &err) == -1 && err.code == SK_ENET,
	   "http: nobody there is no network");
	is(err.msg, "cannot reach 'http://127.0.0.1:1': Connection refused",
	   "http: and says so");
	sk_http_free(http);
}

static void test_urls(void)
{
	static const struct {
		const char *url;
		bool allowed;
	} rows[] = {
		{"https://example.com", true},
		{"https://example.com:8443/base/", true},
		{"HTTPS://EXAMPLE.COM", true},
		{"http://127.0.0.1:80", true},
		{"http://127.8.9.10", true},
		{"http://localhost:1234/", true},
		{"http://[::1]:1234", true},
		{"http://example.com", false},
		{"http://128.0.0.1", false},
		{"http://127.0.0.1.example.com", false},
		{"http://localhost.example.com", false},
		{"https://user@example.com", false},
		{"https://user:pass@example.com", false},
		{"http://localhost@example.com", false},
		{"https://example.com/?x=1", false},
		{"https://example.com/#x", false},
		{"https://", false},
		{"https:///path", false},
		{"https://a b", false},
		{"https://a\tb", false},
		{"ftp://example.com", false},
		{"file:///etc/passwd", false},
		{"example.com", false},
		{"", false},
	};

	for (size_t i = 0; i < SK_COUNTOF(rows); i++)
		ok(sk_http_url_is_allowed(rows[i].url) == rows[i].allowed,
		   "url: '%.40s' is %s", rows[i].url[0] ? rows[i].url : "",
		   rows[i].allowed ? "allowed" : "refused");
}

int main(void)
{
	test_urls();
	test_unreachable();
	test_reuse();
	test_redirect();
	test_retry_after();
	test_failures();
	return done_testing();
}
