/* SPDX-License-Identifier: MIT */
#include "deliver/backoff.h"

#include <sys/random.h>

#include "base/now.h"
#include "outbox/state.h"

int64_t sk_backoff_wait_ms(int64_t failures, int64_t retry_after_s,
			   uint64_t random)
{
	int64_t window = SK_BACKOFF_BASE_MS, least = 0;

	while (--failures > 0 && window < SK_BACKOFF_CAP_MS)
		window *= 2;
	if (window > SK_BACKOFF_CAP_MS)
		window = SK_BACKOFF_CAP_MS;
	if (retry_after_s > SK_RETRY_AFTER_CAP_S)
		retry_after_s = SK_RETRY_AFTER_CAP_S;
	if (retry_after_s > 0)
		least = retry_after_s * 1000;
	return least + (int64_t)(random % (uint64_t)(window + 1));
}

static uint64_t random_number(void)
{
	uint64_t number;

	/* cannot fail for so few bytes once the system is up; if it does, the
	 * clock differs between clients well enough */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(number))
		number = (uint64_t)sk_now_ms() * 2654435761u;
	return number;
}

int sk_backoff_load(struct sk_backoff *backoff, struct sk_outbox *box,
		    struct sk_err *err)
{
	*backoff = (struct sk_backoff){0, 0};
	if (sk_state_get_int(box, "failures", &backoff->failures, err) < 0 ||
	    sk_state_get_int(box, "next_attempt_ms", &backoff->next_ms, err) <
		    0)
		return -1;
	return 0;
}

int sk_backoff_fail(struct sk_backoff *backoff, struct sk_outbox *box,
		    int64_t now_ms, int64_t retry_after_s, const char *category,
		    const char *text, struct sk_err *err)
{
	if (sk_backoff_load(backoff, box, err) < 0)
		return -1;
	backoff->failures++;
	backoff->next_ms =
		now_ms + sk_backoff_wait_ms(backoff->failures, retry_after_s,
					    random_number());
	if (sk_state_set_int(box, "failures", backoff->failures, err) < 0 ||
	    sk_state_set_int(box, "next_attempt_ms", backoff->next_ms, err) <
		    0 ||
	    sk_state_set(box, "last_category", category, err) < 0 ||
	    sk_state_set(box, "last_error", text, err) < 0)
		return -1;
	return 0;
}

int sk_backoff_reset(struct sk_outbox *box, struct sk_err *err)
{
	if (sk_state_set_int(box, "failures", 0, err) < 0 ||
	    sk_state_set_int(box, "next_attempt_ms", 0, err) < 0 ||
	    sk_state_set(box, "last_category", "", err) < 0 ||
	    sk_state_set(box, "last_error", "", err) < 0)
		return -1;
	return 0;
}
