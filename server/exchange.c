/* SPDX-License-Identifier: MIT */
#include "server/exchange.h"

#include <stdarg.h>
#include <sys/random.h>

#include "server/route.h"

unsigned sk_retry_after(void)
{
	unsigned char byte = 0;

	/* without randomness everybody waits as long, and no harm is done */
	if (getrandom(&byte, 1, GRND_NONBLOCK) < 0)
		byte = 0;
	return SK_RETRY_MIN_S + byte % 10u;
}

void sk_exchange_add_limits(const struct sk_exchange *x, struct sk_jsonw *w)
{
	sk_jsonw_object(w, "limits");
	sk_jsonw_int(w, "max_events_per_batch", (int64_t)x->server->max_events);
	sk_jsonw_int(w, "max_decompressed_bytes_per_batch",
		     (int64_t)x->server->max_bytes);
	sk_jsonw_int(w, "retry_after_min_seconds", SK_RETRY_MIN_S);
	sk_jsonw_int(w, "retry_after_max_seconds", SK_RETRY_MAX_S);
	sk_jsonw_end_object(w);
}

static void answer(struct sk_exchange *x, unsigned status, bool with_limits,
		   const char *fmt, va_list args) SK_PRINTF(4, 0);

static void answer(struct sk_exchange *x, unsigned status, bool with_limits,
		   const char *fmt, va_list args)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&x->reply);

	x->status = status;
	sk_str_clear(&x->reply);
	sk_str_vaddf(&text, fmt, args);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "error", text.ptr);
	if (with_limits)
		sk_exchange_add_limits(x, &w);
	sk_jsonw_end_object(&w);
	sk_str_free(&text);
}

void sk_exchange_error(struct sk_exchange *x, unsigned status, const char *fmt,
		       ...)
{
	va_list args;

	va_start(args, fmt);
	answer(x, status, false, fmt, args);
	va_end(args);
}

void sk_exchange_too_large(struct sk_exchange *x, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	answer(x, 413, true, fmt, args);
	va_end(args);
}

void sk_exchange_unavailable(struct sk_exchange *x, const struct sk_err *err)
{
	const char *why = "cannot be used";

	if (err->code == SK_EBUSY)
		why = "is busy";
	else if (err->code == SK_EFULL)
		why = "is full";
	sk_log("%s %s: %s", x->method, x->route->path, err->msg);
	x->retry_after_s = sk_retry_after();
	sk_exchange_error(x, 503,
			  "the server's store %s; nothing was kept,"
			  " try again later",
			  why);
}
