/* SPDX-License-Identifier: MIT */
#include "tests/fault/fault.h"

#include <stdio.h>
#include <string.h>

#include "format/json.h"

/* Returns whether the id is new. */
static bool store(struct exchange *x, const struct sk_str *id)
{
	bool added;

	pthread_mutex_lock(&x->srv->lock);
	sk_map_add(&x->srv->stored, id->ptr, id->len, 1, &added);
	pthread_mutex_unlock(&x->srv->lock);
	if (added)
		sk_str_addf(&x->stored, "%s\"%s\"", x->stored.len ? ", " : "",
			    id->ptr);
	return added;
}

static void add_result(struct sk_jsonw *w, const char *id, const char *status,
		       const char *error)
{
	sk_jsonw_object(w, NULL);
	sk_jsonw_text(w, "event_id", id);
	sk_jsonw_text(w, "status", status);
	if (error)
		sk_jsonw_text(w, "error", error);
	sk_jsonw_end_object(w);
}

static void add_good(struct exchange *x, struct sk_jsonw *w,
		     const struct sk_str *id)
{
	add_result(w, id->ptr, store(x, id) ? "success" : "duplicate", NULL);
}

static void add_mixed(struct exchange *x, struct sk_jsonw *w,
		      const struct sk_str *id, size_t at)
{
	if (at % 4 < 2)
		add_good(x, w, id);
	else if (at % 4 == 2)
		add_result(w, id->ptr, "pending", NULL);
	else
		add_result(w, id->ptr, "rejected", "lane: unknown lane 'x'");
}

static void add_one(struct exchange *x, struct sk_jsonw *w,
		    const struct sk_str *id, size_t at, const char *how)
{
	char other[64];

	if (!how) {
		add_good(x, w, id);
	} else if (strncmp(how, "reject:", 7) == 0) {
		add_result(w, id->ptr, "rejected", how + 7);
	} else if (strcmp(how, "mixed") == 0) {
		add_mixed(x, w, id, at);
	} else if (strcmp(how, "missing") == 0) {
		if (at % 2 == 0)
			add_good(x, w, id);
	} else if (strcmp(how, "unknown-id") == 0) {
		snprintf(other, sizeof(other), "01UNKNOWN%017zu", at);
		add_result(w, other, "success", NULL);
	} else if (strcmp(how, "twice") == 0) {
		add_result(w, id->ptr, "success", NULL);
		add_result(w, id->ptr, "rejected", "once more");
	} else if (strcmp(how, "empty") != 0) {
		if (strcmp(how, "accepted") == 0 || strcmp(how, "warning") == 0)
			store(x, id);
		add_result(w, id->ptr, how, NULL);
	}
}

void results_add(struct exchange *x, struct sk_str *out, const char *how)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_array(&w, "results");
	for (size_t i = 0; i < x->req->count; i++)
		add_one(x, &w, &x->req->ids[i], i, how);
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
}
