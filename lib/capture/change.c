/* SPDX-License-Identifier: MIT */
#include "capture/change.h"

#include <string.h>

#include "base/mem.h"

int64_t sk_scope_author_us(const struct sk_scope *scope)
{
	return scope->commit->author_time * 1000000;
}

int sk_scope_get_author(struct sk_scope *scope)
{
	if (scope->author.len)
		return 0;
	if (sk_commit_author(&scope->author, scope->changes->repo,
			     &scope->commit->id, scope->err) < 0)
		return -1;
	if (!scope->author.len)
		sk_str_puts(&scope->author, "unknown");
	return 0;
}

void sk_scope_put(struct sk_scope *scope, struct sk_draft *draft)
{
	struct sk_collection *out = scope->changes->out;
	bool added;

	sk_map_add(&scope->changes->seen, draft->event_id,
		   strlen(draft->event_id), 1, &added);
	if (!added) {
		sk_draft_free(draft);
		return;
	}
	SK_GROW(out->events, out->event_count, out->event_cap);
	out->events[out->event_count].draft = *draft;
	memcpy(out->events[out->event_count].commit, scope->hex,
	       sizeof(scope->hex));
	out->event_count++;
}
