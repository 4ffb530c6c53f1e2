/* SPDX-License-Identifier: MIT */
#include "capture/delta.h"

#include <string.h>

#include "base/mem.h"

int64_t sk_delta_author_us(const struct sk_delta *delta)
{
	return delta->commit->author_time * 1000000;
}

int sk_delta_get_author(struct sk_delta *delta)
{
	if (delta->author.len)
		return 0;
	if (sk_commit_author(&delta->author, delta->changes->repo,
			     &delta->commit->id, delta->err) < 0)
		return -1;
	if (!delta->author.len)
		sk_str_puts(&delta->author, "unknown");
	return 0;
}

void sk_delta_put(struct sk_delta *delta, struct sk_draft *draft)
{
	struct sk_collection *out = delta->changes->out;
	bool added;

	sk_map_add(&delta->changes->seen, draft->event_id,
		   strlen(draft->event_id), 1, &added);
	if (!added) {
		sk_draft_free(draft);
		return;
	}
	SK_GROW(out->events, out->event_count, out->event_cap);
	out->events[out->event_count].draft = *draft;
	memcpy(out->events[out->event_count].commit, delta->hex,
	       sizeof(delta->hex));
	out->event_count++;
}
