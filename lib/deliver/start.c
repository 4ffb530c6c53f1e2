/* SPDX-License-Identifier: MIT */
#include "deliver/start.h"

#include <stdlib.h>
#include <string.h>

#include "base/home.h"
#include "base/now.h"
#include "base/spawn.h"
#include "outbox/backlog.h"

/* How long a wake-up is put off when nobody may send. */
#define PUT_OFF_MS (60 * 60 * 1000)

int sk_flush_parse(enum sk_flush *out, const char *text, struct sk_err *err)
{
	static const char *const names[] = {
		[SK_FLUSH_BACKGROUND] = "background",
		[SK_FLUSH_FOREGROUND] = "foreground",
		[SK_FLUSH_OFF] = "off",
	};

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*out = (enum sk_flush)i;
			return 0;
		}
	}
	sk_fail(err, SK_EDATA, "sk.flush is '%.40s'", text);
	return sk_hint(err, "set it to background, foreground or off");
}

int sk_start_sender(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_sibling_path(&path, "git-sk-sync", err);

	if (ret == 0)
		ret = sk_spawn_detach(
			(const char *const[]){path.ptr, "flush", NULL}, err);
	sk_str_free(&path);
	return ret;
}

int sk_start_sender_and_wait(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = sk_sibling_path(&path, "git-sk-sync", err);

	if (ret == 0)
		ret = sk_spawn_run(path.ptr,
				   (const char *const[]){path.ptr, "flush",
							 "--foreground", NULL},
				   err);
	sk_str_free(&path);
	return ret < 0 ? -1 : 0;
}

/*
 * Nobody here may send: a marker that is due would wake each commit for that.
 * It may be another repository's, so it is put off, not cleared.
 */
static int put_off(struct sk_err *err)
{
	int64_t now = sk_now_ms();

	return sk_backlog_due(now) ? sk_backlog_mark(now + PUT_OFF_MS, err) : 0;
}

int sk_send_later(const struct sk_config *config,
		  const struct sk_account *account, bool queued,
		  struct sk_err *err)
{
	const char *mode = sk_config_get(config, "sk.flush");
	enum sk_flush flush = SK_FLUSH_BACKGROUND;
	bool may = false;

	if (account->is_logged_in && sk_config_may_send(&may, config, err) < 0)
		return -1;
	if (may && mode && sk_flush_parse(&flush, mode, err) < 0)
		return -1;
	if (!may || flush == SK_FLUSH_OFF)
		return put_off(err);
	if (queued && sk_backlog_mark(sk_now_ms(), err) < 0)
		return -1;
	if (!sk_backlog_due(sk_now_ms()) || getenv(SK_CALLER_SENDS))
		return 0;
	return flush == SK_FLUSH_FOREGROUND ? sk_start_sender_and_wait(err)
					    : sk_start_sender(err);
}
