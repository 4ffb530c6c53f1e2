/* SPDX-License-Identifier: MIT */
/* Letting go of whoever started us. */
#ifndef SK_DAEMON_DETACH_H
#define SK_DAEMON_DETACH_H

/*
 * Make this process depend on nothing but the user's home: of the environment
 * only what says where home, programs and the network are stays, because a
 * repository, an index or a session of whoever started us must not; the working
 * folder is the root, and new files are private.
 */
void sk_daemon_detach(void);

#endif
