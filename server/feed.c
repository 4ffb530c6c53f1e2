/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/check.h"
#include "server/route.h"

/* A page ends early rather than grow past what a client takes at once. */
#define MAX_PAGE_BYTES ((size_t)4 << 20)
#define MAX_PAGE       1000

void sk_feed_alive(struct sk_exchange *x)
{
	x->status = 200;
	sk_str_set(&x->reply, "{\"status\": \"ok\"}");
}

void sk_feed_health(struct sk_exchange *x)
{
	struct sk_jsonw w = SK_JSONW(&x->reply);

	x->status = 200;
	sk_jsonw_object(&w, NULL);
	sk_jsonw_text(&w, "status", "ok");
	sk_jsonw_text(&w, "server", "sk-ingestd");
	sk_jsonw_text(&w, "version", SK_VERSION);
	sk_jsonw_array(&w, "contracts");
	for (const char *const *at = sk_check_contracts; *at; at++)
		sk_jsonw_text(&w, NULL, *at);
	sk_jsonw_end_array(&w);
	sk_jsonw_object(&w, "sync_ingress");
	sk_exchange_add_limits(x, &w);
	sk_jsonw_end_object(&w);
	sk_jsonw_end_object(&w);
}

/* A parameter that is a number from `min` to `max`; absent it stays. */
static bool read_number(struct sk_exchange *x, const char *name, int64_t min,
			int64_t max, int64_t *value)
{
	const char *text = sk_exchange_query(x, name);
	long long number;
	char *end;

	if (!text)
		return true;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || number < min ||
	    number > max) {
		sk_exchange_error(x, 400,
				  "invalid parameter '%s': expected a number"
				  " from %lld to %lld",
				  name, (long long)min, (long long)max);
		return false;
	}
	*value = number;
	return true;
}

struct page {
	struct sk_jsonw w;
	int64_t limit;
	int64_t count;
	int64_t last;
	bool more;
};

static int add_row(void *ctx, const struct sk_store_row *row)
{
	struct page *page = ctx;

	page->more = page->count == page->limit ||
		     (page->count &&
		      page->w.out->len + row->data_len > MAX_PAGE_BYTES);
	if (page->more)
		return 1;
	sk_jsonw_object(&page->w, NULL);
	sk_jsonw_int(&page->w, "seq", row->seq);
	sk_jsonw_text(&page->w, "received_at", row->received_at);
	sk_jsonw_raw(&page->w, "event", row->data, row->data_len);
	sk_jsonw_end_object(&page->w);
	page->last = row->seq;
	page->count++;
	return 0;
}

void sk_feed_events(struct sk_exchange *x)
{
	struct page page = {.w = SK_JSONW(&x->reply), .limit = 100};
	struct sk_err err = {0};
	int64_t after = 0;

	if (!read_number(x, "after", 0, INT64_MAX, &after) ||
	    !read_number(x, "limit", 1, MAX_PAGE, &page.limit))
		return;
	x->status = 200;
	sk_jsonw_object(&page.w, NULL);
	sk_jsonw_array(&page.w, "events");
	/* one more than asked for tells whether there is a next page */
	if (sk_store_each_event(x->server->store, after,
				(unsigned)page.limit + 1, add_row, &page,
				&err) < 0) {
		sk_exchange_unavailable(x, &err);
		return;
	}
	sk_jsonw_end_array(&page.w);
	if (page.more)
		sk_jsonw_int(&page.w, "next", page.last);
	else
		sk_jsonw_null(&page.w, "next");
	sk_jsonw_end_object(&page.w);
}
