/* SPDX-License-Identifier: MIT */
/*
 * By what the lines of an event log are known, whatever they say: one that has
 * an `event_id` by that, any other by its bytes. So one version can be held
 * against another, and nothing that was in a log goes unseen.
 */
#ifndef SK_MISSION_LOGKEYS_H
#define SK_MISSION_LOGKEYS_H

#include "base/map.h"
#include "base/str.h"
#include "base/words.h"

enum sk_log_key_kind {
	SK_LOG_KEY_ID = 'i',	/* a row, by its id */
	SK_LOG_KEY_ROW = 'r',	/* a row that has none, by its bytes */
	SK_LOG_KEY_BROKEN = 'b' /* no row: no JSON object */
};

/*
 * Visit the lines that are not blank: the key is the kind, as a character, and
 * what the line is known by; borrowed for the call. `number` counts from 1.
 */
typedef void sk_log_key_fn(void *ctx, const char *key, size_t len,
			   size_t number);
void sk_log_each_key(const char *data, size_t len, sk_log_key_fn *each,
		     void *ctx);

/* Add all keys of a log to the map, with the value 1. */
void sk_log_keys_add(struct sk_map *keys, const char *data, size_t len);

/*
 * How much of both is the same, in whole lines: up to a line's end that both
 * have, or all of `old` where `now` goes on with another line.
 */
size_t sk_log_same_lines(const char *old, size_t old_len, const char *now,
			 size_t now_len);

/*
 * Append the keys of the rows in `old` that are not in `now`, each once; what
 * is no row is none that could be lost. A log that has only grown costs no more
 * than to compare its bytes.
 */
void sk_log_lost_add(struct sk_words *lost, const char *old, size_t old_len,
		     const char *now, size_t now_len);

/* Append what a key says to people: the id, or how the line begins. */
void sk_log_key_add_name(struct sk_str *out, const char *key);

#endif
