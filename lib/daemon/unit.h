/* SPDX-License-Identifier: MIT */
/*
 * The systemd unit of the user that keeps a daemon running:
 * systemd/user/git-sk-daemon.service in $XDG_CONFIG_HOME, else in ~/.config.
 * Written and removed here; systemd itself is never called. A unit of that name
 * that was not written here is left alone.
 */
#ifndef SK_DAEMON_UNIT_H
#define SK_DAEMON_UNIT_H

#include "base/err.h"
#include "base/str.h"

/* Write it, or bring it up to date; *path is where. Returns 0 or -1. */
int sk_daemon_unit_write(struct sk_str *path, struct sk_err *err) SK_NODISCARD;

/*
 * Remove it, and what 'systemctl enable' linked to it.
 * Returns 0; 1 when there was none; -1.
 */
int sk_daemon_unit_remove(struct sk_str *path, struct sk_err *err) SK_NODISCARD;

#endif
