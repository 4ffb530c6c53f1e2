/* SPDX-License-Identifier: MIT */
#include "mission/taskids.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A longer number is no id. */
#define DIGITS_MAX 18

/* What may stand around an id, and what is between two. */
#define MARKS	 " \t*_`\"'"
#define DIVIDERS MARKS ",;&/+)]"

static size_t letters_of(struct sk_task_part id)
{
	size_t len = 0;

	while (len < id.len && !isdigit((unsigned char)id.at[len]))
		len++;
	return len;
}

size_t sk_task_id_len(struct sk_task_part text)
{
	size_t len = 0;

	while (len < text.len && isalpha((unsigned char)text.at[len]))
		len++;
	if (!len)
		return 0;
	while (len < text.len && isdigit((unsigned char)text.at[len]))
		len++;
	if (!isdigit((unsigned char)text.at[len - 1]) ||
	    (len < text.len &&
	     (isalnum((unsigned char)text.at[len]) || text.at[len] == '_')))
		return 0;
	return len;
}

/* Behind the sign of a range at `at`, -, .., a dash or `to`; 0 for none. */
static size_t skip_range_sign(struct sk_task_part text, size_t at)
{
	static const char *const signs[] = {
		"\xe2\x80\x93", "\xe2\x80\x94", "..", "-", "to ", "through "};

	at = sk_task_skip(text, at, MARKS);
	for (size_t i = 0; i < SK_COUNTOF(signs); i++) {
		size_t len = strlen(signs[i]);

		if (at + len <= text.len &&
		    memcmp(text.at + at, signs[i], len) == 0)
			return sk_task_skip(text, at + len, MARKS);
	}
	return 0;
}

/* Read `-T004` or `-004` behind an id; *at moves behind it. */
static void read_range(struct sk_task_member *member, struct sk_task_part text,
		       size_t *at)
{
	size_t letters = letters_of(member->first), digits = 0;
	size_t from = skip_range_sign(text, *at);
	bool is_short = true;

	member->last = (struct sk_task_part){NULL, 0};
	if (!from || from >= text.len)
		return;
	if (text.len - from > letters &&
	    strncasecmp(text.at + from, member->first.at, letters) == 0) {
		from += letters;
		is_short = false;
	}
	while (from + digits < text.len &&
	       isdigit((unsigned char)text.at[from + digits]))
		digits++;
	if (!digits || (from + digits < text.len &&
			isalnum((unsigned char)text.at[from + digits])))
		return;
	/* `T001 - 3 of them` is no range, `T001-003` is */
	if (is_short && digits != member->first.len - letters)
		return;
	member->last = (struct sk_task_part){text.at + from, digits};
	*at = from + digits;
}

/* Behind `[` when what it opens is a link with an id for its text, else `at`.
 */
static size_t skip_link(struct sk_task_part text, size_t at)
{
	size_t len;

	if (at >= text.len || text.at[at] != '[')
		return at;
	len = sk_task_id_len(sk_task_rest(text, at + 1));
	return len && at + len + 2 < text.len &&
			       memcmp(text.at + at + 1 + len, "](", 2) == 0
		       ? at + 1
		       : at;
}

/* Over what divides members: commas, `and`, notes in brackets. */
static size_t skip_divider(struct sk_task_part text, size_t at)
{
	const char *close;

	at = sk_task_skip(text, at, DIVIDERS);
	while (at < text.len && (text.at[at] == '(' || text.at[at] == '[') &&
	       skip_link(text, at) == at) {
		close = memchr(text.at + at, text.at[at] == '(' ? ')' : ']',
			       text.len - at);
		if (!close)
			break;
		at = sk_task_skip(text, (size_t)(close - text.at), DIVIDERS);
	}
	if (at + 4 <= text.len && strncasecmp(text.at + at, "and ", 4) == 0)
		at = sk_task_skip(text, at + 4, DIVIDERS);
	return at;
}

bool sk_task_ids_next(struct sk_task_member *member, struct sk_task_part list,
		      size_t *at)
{
	size_t from = skip_link(list, sk_task_skip(list, *at, MARKS));
	size_t len = sk_task_id_len(sk_task_rest(list, from));

	if (!len)
		return false;
	member->first = (struct sk_task_part){list.at + from, len};
	*at = from + len;
	read_range(member, list, at);
	*at = skip_divider(list, *at);
	return true;
}

static uint64_t number_of(struct sk_task_part digits)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.len; i++)
		value = 10 * value + (uint64_t)(digits.at[i] - '0');
	return value;
}

bool sk_task_member_range(uint64_t *from, uint64_t *to,
			  const struct sk_task_member *member)
{
	struct sk_task_part first =
		sk_task_rest(member->first, letters_of(member->first));

	if (first.len > DIGITS_MAX || member->last.len > DIGITS_MAX)
		return false;
	*from = number_of(first);
	*to = number_of(member->last);
	return true;
}

/*
 * Whether the id is the member or one of the range. The numbers of a range
 * have as many digits as its first has, or more where they need them.
 */
static bool has_id(const struct sk_task_member *member, struct sk_task_part id)
{
	size_t letters = letters_of(member->first);
	size_t width = member->first.len - letters;
	struct sk_task_part digits;
	uint64_t from, to;

	if (id.len == member->first.len &&
	    strncasecmp(id.at, member->first.at, id.len) == 0)
		return true;
	if (!member->last.len || letters_of(id) != letters ||
	    strncasecmp(id.at, member->first.at, letters) != 0)
		return false;
	digits = sk_task_rest(id, letters);
	return digits.len <= DIGITS_MAX && digits.len >= width &&
	       (digits.len == width || digits.at[0] != '0') &&
	       sk_task_member_range(&from, &to, member) &&
	       number_of(digits) >= from && number_of(digits) <= to;
}

struct sk_task_part sk_task_ids_find(struct sk_task_part list,
				     struct sk_task_part id)
{
	struct sk_task_member member;
	size_t at = 0;

	while (sk_task_ids_next(&member, list, &at)) {
		if (has_id(&member, id))
			return member.first;
	}
	return (struct sk_task_part){NULL, 0};
}
