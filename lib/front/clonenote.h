/* SPDX-License-Identifier: MIT */
/* What a command says of the clone it runs in although nobody asked. */
#ifndef SK_FRONT_CLONENOTE_H
#define SK_FRONT_CLONENOTE_H

#include "git/config.h"

/*
 * One warning when this clone is set up and a commit would not reach us any
 * more: another tool has taken the hooks over, or they are gone; and that of
 * sk_note_project(). For the `after` of a command (cli.h). Starts git a few
 * times.
 */
void sk_note_clone(void);

/* The same at the end of a command that has the settings at hand. */
void sk_note_clone_of(const struct sk_config *config);

#endif
