/* SPDX-License-Identifier: MIT */
/* What a command says of the hooks although nobody asked. */
#ifndef SK_FRONT_HOOKNOTE_H
#define SK_FRONT_HOOKNOTE_H

/*
 * One warning when this clone is set up and a commit would not reach us any
 * more: another tool has taken the hooks over, or they are gone. For the
 * `after` of a command (cli.h). Starts git a few times.
 */
void sk_note_hooks(void);

#endif
