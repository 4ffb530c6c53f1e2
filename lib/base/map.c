/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/now.h"

struct sk_map_slot {
	char *key; /* NULL: free */
	size_t len;
	uint64_t hash;
	int64_t value;
};

/* Two threads must not hash with two seeds, or a map loses its first key. */
static pthread_once_t is_seeded = PTHREAD_ONCE_INIT;
static uint64_t seed;

static void draw_seed(void)
{
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)sk_mono_ms();
}

/* FNV-1a over a random start; a map never holds more than a batch or a walk. */
static uint64_t hash_of(const char *key, size_t len)
{
	uint64_t hash;

	if (pthread_once(&is_seeded, draw_seed) != 0)
		abort();
	hash = seed ^ 0xcbf29ce484222325u;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

/* The slot of the key, or the free one where it would go. */
static struct sk_map_slot *slot_of(const struct sk_map *map, const char *key,
				   size_t len, uint64_t hash)
{
	size_t i = hash & (map->cap - 1);

	for (;; i = (i + 1) & (map->cap - 1)) {
		struct sk_map_slot *slot = &map->slots[i];

		if (!slot->key || (slot->hash == hash && slot->len == len &&
				   memcmp(slot->key, key, len) == 0))
			return slot;
	}
}

static void grow(struct sk_map *map)
{
	struct sk_map old = *map;

	map->cap = old.cap ? 2 * old.cap : 16;
	map->slots = sk_calloc(map->cap, sizeof(*map->slots));
	for (size_t i = 0; i < old.cap; i++) {
		struct sk_map_slot *slot = &old.slots[i];

		if (slot->key)
			*slot_of(map, slot->key, slot->len, slot->hash) = *slot;
	}
	free(old.slots);
}

void sk_map_free(struct sk_map *map)
{
	for (size_t i = 0; i < map->cap; i++)
		free(map->slots[i].key);
	free(map->slots);
	*map = (struct sk_map)SK_MAP_INIT;
}

int64_t *sk_map_add(struct sk_map *map, const char *key, size_t len,
		    int64_t value, bool *added)
{
	uint64_t hash = hash_of(key, len);
	struct sk_map_slot *slot;

	if (map->len * 4 >= map->cap * 3)
		grow(map);
	slot = slot_of(map, key, len, hash);
	if (added)
		*added = !slot->key;
	if (!slot->key) {
		*slot = (struct sk_map_slot){sk_strndup(key, len), len, hash,
					     value};
		map->len++;
	}
	return &slot->value;
}

int64_t *sk_map_get(const struct sk_map *map, const char *key, size_t len)
{
	struct sk_map_slot *slot;

	if (!map->len)
		return NULL;
	slot = slot_of(map, key, len, hash_of(key, len));
	return slot->key ? &slot->value : NULL;
}
