/* SPDX-License-Identifier: MIT */
#include "command/who.h"

#include <stdio.h>
#include <string.h>

#include "base/now.h"
#include "front/cli.h"
#include "outbox/stats.h"

void sk_print_visible(const char *text)
{
	struct sk_str out = SK_STR_INIT;

	sk_str_add_visible(&out, text, strlen(text), 2000);
	fputs(out.ptr, stdout);
	sk_str_free(&out);
}

void sk_who_print(const char *before, const struct sk_credentials *creds,
		  const char *after)
{
	fputs(before, stdout);
	sk_print_visible(creds->username.ptr);
	fputs(" at ", stdout);
	sk_print_visible(creds->server.ptr);
	if (creds->team.len) {
		fputs(" (team ", stdout);
		sk_print_visible(creds->team.ptr);
		fputs(")", stdout);
	}
	fputs(after, stdout);
}

void sk_who_add_json(struct sk_jsonw *w, const struct sk_credentials *creds)
{
	sk_jsonw_text(w, "server", creds->server.ptr);
	sk_jsonw_text(w, "username", creds->username.ptr);
	sk_jsonw_text(w, "team", creds->team.len ? creds->team.ptr : NULL);
}

int64_t sk_who_waiting(const char *queue_path)
{
	struct sk_outbox *box = NULL;
	struct sk_queue_stats stats = {0};
	struct sk_err err = {0};
	int rc = sk_outbox_open_readonly(&box, queue_path, &err);

	if (rc == 0)
		rc = sk_queue_stats(box, &stats, &err);
	sk_outbox_close(box);
	if (rc < 0)
		sk_warn("%s", err.msg);
	return stats.depth + stats.parked;
}

int64_t sk_who_seconds_left(int64_t expires)
{
	int64_t left = expires - sk_now_ms() / 1000;

	return left > 0 ? left : 0;
}

bool sk_who_is_alive(const struct sk_credentials *creds)
{
	return !creds->access_expires ||
	       sk_who_seconds_left(creds->access_expires) ||
	       (creds->refresh.len &&
		(!creds->refresh_expires ||
		 sk_who_seconds_left(creds->refresh_expires)));
}
