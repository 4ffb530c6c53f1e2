/* SPDX-License-Identifier: MIT */
/* The behaviours that no server of events should have. */
#include "tests/fault/fault.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/now.h"
#include "format/gzip.h"

static void do_html(struct exchange *x, const char *arg)
{
	(void)arg;
	respond_text(x, 200,
		     "<!DOCTYPE html><title>Welcome</title>"
		     "<p>Please accept our terms.");
}

static void do_redirect(struct exchange *x, const char *arg)
{
	struct sk_str headers = SK_STR_INIT;
	char *url;
	int status = (int)strtol(arg, &url, 10);

	sk_str_addf(&headers, "%sLocation:%s\r\n", x->headers, url);
	x->headers = headers.ptr;
	respond_text(x, status, "<p>moved");
	x->headers = "";
	sk_str_free(&headers);
}

static void do_close(struct exchange *x, const char *arg)
{
	(void)arg;
	x->keep = false;
}

static void do_reset(struct exchange *x, const char *arg)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	(void)arg;
	setsockopt(x->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	x->keep = false;
}

static void do_lost(struct exchange *x, const char *arg)
{
	struct sk_str unsent = SK_STR_INIT;

	results_add(x, &unsent, NULL);
	sk_str_free(&unsent);
	do_reset(x, arg);
}

/* A good answer, whole, for those that send only some of it. */
static void add_good_answer(struct exchange *x, struct sk_str *out)
{
	struct sk_str body = SK_STR_INIT;

	add_good_body(x, &body);
	add_head(out, x, 200, "application/json", body.len);
	sk_str_add(out, body.ptr, body.len);
	sk_str_free(&body);
	x->keep = false;
}

static void do_cut_headers(struct exchange *x, const char *arg)
{
	struct sk_str out = SK_STR_INIT;

	(void)arg;
	add_good_answer(x, &out);
	send_bytes(x->fd, out.ptr, 40);
	sk_str_free(&out);
}

static void do_cut_body(struct exchange *x, const char *arg)
{
	struct sk_str out = SK_STR_INIT;

	(void)arg;
	add_good_answer(x, &out);
	send_bytes(x->fd, out.ptr, out.len - 5);
	sk_str_free(&out);
}

static void do_slow(struct exchange *x, const char *arg)
{
	struct sk_str out = SK_STR_INIT;
	long ms = strtol(arg, NULL, 10);

	add_good_answer(x, &out);
	for (size_t i = 0; i < out.len; i++) {
		if (!send_bytes(x->fd, out.ptr + i, 1))
			break;
		sk_sleep_ms(ms);
	}
	sk_str_free(&out);
}

static void do_stall(struct exchange *x, const char *arg)
{
	char byte;

	(void)arg;
	while (recv(x->fd, &byte, 1, 0) > 0)
		continue;
	x->keep = false;
}

static void do_bomb(struct exchange *x, const char *arg)
{
	const size_t size = 64 << 20;
	char *zeros = sk_calloc(size, 1);
	struct sk_str body = SK_STR_INIT;

	(void)arg;
	sk_gzip(&body, zeros, size, 9);
	free(zeros);
	x->headers = "Content-Encoding: gzip\r\n";
	respond(x, 200, "application/json", body.ptr, body.len);
	sk_str_free(&body);
}

static void do_endless(struct exchange *x, const char *arg)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n"
				   "Transfer-Encoding: chunked\r\n\r\n";
	struct sk_str chunk = SK_STR_INIT;

	(void)arg;
	sk_str_addf(&chunk, "1000\r\n%4096s\r\n", "");
	x->keep = send_bytes(x->fd, head, strlen(head));
	while (x->keep)
		x->keep = send_bytes(x->fd, chunk.ptr, chunk.len);
	sk_str_free(&chunk);
}

static void do_huge_header(struct exchange *x, const char *arg)
{
	struct sk_str headers = SK_STR_INIT;
	bool one = strcmp(arg, "line") == 0;

	sk_str_puts(&headers, "X-Pad: ");
	for (int i = 0; i < 200; i++)
		sk_str_addf(&headers, "%01000d%s", i, one ? "" : "\r\nX-Pad: ");
	sk_str_puts(&headers, "\r\n");
	x->headers = headers.ptr;
	behave(x, "ok");
	x->headers = "";
	sk_str_free(&headers);
}

static void do_garbage(struct exchange *x, const char *arg)
{
	static const char bytes[] = "\x16\x03\x01 this is not HTTP\n\n";

	(void)arg;
	send_bytes(x->fd, bytes, strlen(bytes));
	x->keep = false;
}

static const struct verb verbs[] = {
	{"lost", do_lost},	   {"reset", do_reset},
	{"close", do_close},	   {"cut-headers", do_cut_headers},
	{"cut-body", do_cut_body}, {"stall", do_stall},
	{"slow", do_slow},	   {"html", do_html},
	{"redirect", do_redirect}, {"bomb", do_bomb},
	{"endless", do_endless},   {"huge-header", do_huge_header},
	{"garbage", do_garbage},
};

bool damage(struct exchange *x, const char *text)
{
	return try_verbs(x, text, verbs, SK_COUNTOF(verbs));
}
