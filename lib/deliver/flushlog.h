/* SPDX-License-Identifier: MIT */
/*
 * sync/flush.log in the home folder: what the background sender has to say,
 * which has no terminal. At most SK_FLUSHLOG_MAX_BYTES and one file of the same
 * size before it, flush.log.1.
 */
#ifndef SK_DELIVER_FLUSHLOG_H
#define SK_DELIVER_FLUSHLOG_H

#include "base/base.h"

#define SK_FLUSHLOG_MAX_BYTES (256 << 10)

/*
 * Append one line, with time and process id in front. A log that cannot be
 * written is nobody's failure.
 */
void sk_flushlog_add(const char *line, size_t len);

/* The same into another file of the home folder, cut in the same way. */
void sk_logfile_add(const char *name, const char *line, size_t len);

#endif
