/* SPDX-License-Identifier: MIT */
#include "workflow/runtime.h"

#include <stdlib.h>

int sk_runtime_home(struct sk_str *out, struct sk_err *err)
{
	const char *dir = getenv("SPEC_KITTY_HOME"), *tail = "";

	if (!dir || !*dir) {
		dir = getenv("HOME");
		tail = "/.kittify";
	}
	if (!dir || dir[0] != '/') {
		sk_fail(err, SK_EFAIL,
			"no folder for templates: neither SPEC_KITTY_HOME nor"
			" HOME is an absolute path");
		return sk_hint(err, "set HOME, or SPEC_KITTY_HOME to the"
				    " folder that shall hold them");
	}
	sk_str_clear(out);
	sk_str_addf(out, "%s%s", dir, tail);
	while (out->len > 1 && out->ptr[out->len - 1] == '/')
		sk_str_cut(out, out->len - 1);
	return 0;
}
