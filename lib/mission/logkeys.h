/* SPDX-License-Identifier: MIT */
/*
 * By what the lines of an event log are known, whatever they say: one that has
 * an `event_id` by that, any other by its bytes. So one version can be held
 * against another, and nothing that was in a log goes unseen. White space at
 * the end of a line is no part of it; a line that is longer than readers take
 * has no id, as it cannot stand for the row that they took.
 */
#ifndef SK_MISSION_LOGKEYS_H
#define SK_MISSION_LOGKEYS_H

#include "base/map.h"
#include "base/str.h"
#include "base/words.h"
#include "format/jsonmember.h"
#include "mission/lines.h"

enum sk_log_key_kind {
	SK_LOG_KEY_ID = 'i',	/* a row, by its id */
	SK_LOG_KEY_ROW = 'r',	/* a row that has none, by its bytes */
	SK_LOG_KEY_BROKEN = 'b' /* no row: no JSON object */
};

/* What a line was read for; of a member that comes twice the last counts. */
struct sk_log_known {
	enum sk_log_key_kind kind;
	/* values, ptr NULL: absent; the id is there when it is the key */
	struct sk_json_span id, at, timestamp;
};

/* The line without its end: CR and other white space. */
struct sk_line sk_log_bare_line(struct sk_line line);

/*
 * Tell by what a line is known. *key becomes the kind, as a character, and the
 * text of the id or the bytes of the bare line; the values are borrowed from
 * the line. Returns false, with nothing told, for a blank line.
 */
bool sk_log_line_known(struct sk_log_known *out, struct sk_str *key,
		       struct sk_line line);

/*
 * Visit the lines that are not blank, with their keys as above; borrowed for
 * the call. `number` counts from 1.
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
