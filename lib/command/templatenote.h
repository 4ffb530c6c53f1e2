/* SPDX-License-Identifier: MIT */
/* What is said beside the text of a template. */
#ifndef SK_COMMAND_TEMPLATENOTE_H
#define SK_COMMAND_TEMPLATENOTE_H

#include "workflow/template.h"

/*
 * Warn of files above the one that won which cannot be read. When it is of the
 * legacy tier, say once in a process how to move it.
 */
void sk_note_template(const struct sk_template *found);

#endif
