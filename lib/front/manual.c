/* SPDX-License-Identifier: MIT */
#include "front/manual.h"

#include <errno.h>
#include <unistd.h>

#include "base/spawn.h"

enum { MAX_PATHS = 1 << 16 };

bool sk_manual_has(const char *page)
{
	const char *const argv[] = {"man", "-w", page, NULL};
	struct sk_str out = SK_STR_INIT;
	struct sk_err ignored = {0};
	int status = sk_spawn_read(&out, NULL, argv, MAX_PATHS, &ignored);

	/* some systems have a man that says what to install, and is content */
	status = status == 0 && out.len && out.ptr[0] == '/' ? 0 : 1;
	sk_str_free(&out);
	return status == 0;
}

int sk_manual_show(const char *page, struct sk_err *err)
{
	execlp("man", "man", page, (char *)NULL);
	return sk_fail_errno(err, errno, "cannot run 'man'");
}
