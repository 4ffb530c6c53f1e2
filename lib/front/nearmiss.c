/* SPDX-License-Identifier: MIT */
#include "front/nearmiss.h"

#include <string.h>

/* Longer words are no slip of the finger. */
enum { MAX_LEN = 40 };

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits from one word to the other, neighbours that changed places being one
 * (the optimal string alignment distance). */
static unsigned distance(const char *a, size_t a_len, const char *b,
			 size_t b_len)
{
	unsigned rows[3][MAX_LEN + 1] = {{0}};
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;

	for (size_t j = 0; j <= b_len; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = min(min(last[j], row[j - 1]) + 1,
				     last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b_len];
}

void sk_near_miss_try(struct sk_near_miss *miss, const char *typed, size_t len,
		      const char *candidate)
{
	size_t other = strlen(candidate);
	unsigned edits;

	if (len < 2 || len > MAX_LEN || other > MAX_LEN)
		return;
	if (len < other && memcmp(typed, candidate, len) == 0)
		edits = 1;
	else
		edits = distance(typed, len, candidate, other);
	if (edits > (len > 2 ? len / 3 : 1))
		return;
	if (!miss->word || edits < miss->distance)
		*miss = (struct sk_near_miss){candidate, edits};
}
