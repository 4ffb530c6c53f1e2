/* SPDX-License-Identifier: MIT */
#include "front/hooknote.h"

#include "front/cli.h"
#include "setup/check.h"

void sk_note_hooks(void)
{
	struct sk_str line = SK_STR_INIT;

	if (sk_check_missing(&line))
		sk_warn("%s", line.ptr);
	sk_str_free(&line);
}
