/* SPDX-License-Identifier: MIT */
/* The clocks: wall time since the epoch, and time that never jumps. */
#ifndef SK_BASE_NOW_H
#define SK_BASE_NOW_H

#include <time.h>

#include "base/base.h"

/* Wall clock, milliseconds since 1970-01-01T00:00:00Z. */
int64_t sk_now_ms(void);

/* Monotonic clock, milliseconds since some start; for measuring spans. */
int64_t sk_mono_ms(void);

/* Sleep; returns early with false when a signal came in. */
bool sk_sleep_ms(int64_t ms);

#endif
