/* SPDX-License-Identifier: MIT */
#include "front/clonenote.h"

#include "front/cli.h"
#include "front/projectview.h"
#include "setup/check.h"

void sk_note_clone(void)
{
	sk_note_clone_of(NULL);
}

void sk_note_clone_of(const struct sk_config *config)
{
	struct sk_str line = SK_STR_INIT;

	if (sk_check_missing(&line, config))
		sk_warn("%s", line.ptr);
	sk_str_free(&line);
	sk_note_project_of(config);
}
