/* SPDX-License-Identifier: MIT */
/*
 * A hash map from byte strings to integers, e.g. to indices of an array the
 * caller keeps. Keys are copied. Lookup takes constant time on average. Each
 * process hashes with a seed of its own, so that no list of keys is slow with
 * every one; but the hash is not made to withstand who looks for such keys, so
 * that whoever takes them from outside has to limit how many. Each map is of
 * one thread at a time.
 */
#ifndef SK_BASE_MAP_H
#define SK_BASE_MAP_H

#include "base/base.h"

struct sk_map_slot;

struct sk_map {
	struct sk_map_slot *slots;
	size_t cap;
	size_t len; /* number of keys */
};

#define SK_MAP_INIT                                                            \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Release the memory; the map is empty and usable again. */
void sk_map_free(struct sk_map *map);

/*
 * Find `key`; when absent, add it with `value`. Returns a pointer to its value,
 * borrowed until the next add; *added (may be NULL) says which it was.
 */
int64_t *sk_map_add(struct sk_map *map, const char *key, size_t len,
		    int64_t value, bool *added);

/* The value of `key`, borrowed until the next add; NULL when absent. */
int64_t *sk_map_get(const struct sk_map *map, const char *key, size_t len);

#endif
