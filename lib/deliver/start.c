/* SPDX-License-Identifier: MIT */
#include "deliver/start.h"

#include <string.h>

#include "base/home.h"
#include "base/spawn.h"

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
