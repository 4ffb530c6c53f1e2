/* SPDX-License-Identifier: MIT */
#include "base/now.h"

static int64_t read_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t sk_now_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t sk_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

bool sk_sleep_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, (long)(ms % 1000) * 1000000};

	return nanosleep(&ts, NULL) == 0;
}
