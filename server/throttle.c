/* SPDX-License-Identifier: MIT */
#include "server/throttle.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/now.h"
#include "format/sha256.h"

/* More names than this within a window take the place of the oldest. */
#define SLOTS 512

struct slot {
	unsigned char name[SK_SHA256_LEN];
	int64_t since_ms; /* start of the window; 0 = free */
	unsigned tries;
};

struct sk_throttle {
	pthread_mutex_t lock;
	struct slot slots[SLOTS];
};

struct sk_throttle *sk_throttle_new(void)
{
	struct sk_throttle *throttle = sk_calloc(1, sizeof(*throttle));

	pthread_mutex_init(&throttle->lock, NULL);
	return throttle;
}

void sk_throttle_free(struct sk_throttle *throttle)
{
	if (!throttle)
		return;
	pthread_mutex_destroy(&throttle->lock);
	free(throttle);
}

/* The slot of this name, else the free or oldest one, made its own. */
static struct slot *slot_of(struct sk_throttle *throttle, const char *name)
{
	unsigned char hash[SK_SHA256_LEN];
	struct slot *oldest = &throttle->slots[0];

	sk_sha256(hash, name, strlen(name));
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &throttle->slots[i];

		if (slot->since_ms &&
		    memcmp(slot->name, hash, sizeof(hash)) == 0)
			return slot;
		if (slot->since_ms < oldest->since_ms)
			oldest = slot;
	}
	memset(oldest, 0, sizeof(*oldest));
	memcpy(oldest->name, hash, sizeof(hash));
	return oldest;
}

unsigned sk_throttle_try(struct sk_throttle *throttle, const char *name)
{
	const int64_t window_ms = SK_THROTTLE_WINDOW_S * 1000;
	int64_t now = sk_mono_ms() + 1, left;
	struct slot *slot;
	unsigned wait_s = 0;

	pthread_mutex_lock(&throttle->lock);
	slot = slot_of(throttle, name);
	if (!slot->since_ms || now - slot->since_ms >= window_ms) {
		slot->since_ms = now;
		slot->tries = 0;
	}
	left = window_ms - (now - slot->since_ms);
	if (slot->tries >= SK_THROTTLE_TRIES)
		wait_s = (unsigned)((left + 999) / 1000);
	else
		slot->tries++;
	pthread_mutex_unlock(&throttle->lock);
	return wait_s;
}

void sk_throttle_forgive(struct sk_throttle *throttle, const char *name)
{
	struct slot *slot;

	pthread_mutex_lock(&throttle->lock);
	slot = slot_of(throttle, name);
	memset(slot, 0, sizeof(*slot));
	pthread_mutex_unlock(&throttle->lock);
}
