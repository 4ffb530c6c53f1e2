/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are three versions of an event log, with lines of %% between them:
 * the merge is the same from either side, and has as many lines as it should;
 * merged once more with what it came from it stays as it is, and what both
 * sides have is in it.
 */
#include <stdlib.h>
#include <string.h>

#include "mission/eventlog.h"
#include "mission/logmerge.h"

#define BETWEEN "%%\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes up to the next line between versions, or the end. */
static struct sk_log_version take(const char **at, const char *end)
{
	struct sk_log_version version = {*at, 0};

	while (*at < end) {
		const char *eol = memchr(*at, '\n', (size_t)(end - *at));
		const char *next = eol ? eol + 1 : end;
		bool is_between = (size_t)(next - *at) == strlen(BETWEEN) &&
				  memcmp(*at, BETWEEN, strlen(BETWEEN)) == 0;

		if (!is_between)
			version.len = (size_t)(next - version.data);
		*at = next;
		if (is_between)
			break;
	}
	return version;
}

static struct sk_log_merged merge(struct sk_log_version base,
				  struct sk_log_version ours,
				  struct sk_log_version theirs,
				  enum sk_log_loss loss)
{
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	const struct sk_log_merge in = {.base = base,
					.ours = ours,
					.theirs = theirs,
					.loss = loss,
					.our_label = "one",
					.their_label = "one"};

	sk_log_merge(&merged, &in);
	return merged;
}

static void check_same(const struct sk_str *a, const struct sk_str *b)
{
	if (a->len != b->len || memcmp(a->ptr, b->ptr, a->len) != 0)
		abort();
}

static size_t count_lines(const char *data, size_t len)
{
	return data && len ? sk_log_line_number(data, len) : 0;
}

static void check(struct sk_log_version base, struct sk_log_version ours,
		  struct sk_log_version theirs, enum sk_log_loss loss)
{
	struct sk_log_merged one = merge(base, ours, theirs, loss);
	struct sk_log_merged other = merge(base, theirs, ours, loss);
	struct sk_log_version answer = {one.text.ptr, one.text.len};
	struct sk_log_merged again = merge(ours, answer, ours, loss);
	size_t lines = count_lines(one.text.ptr, one.text.len);
	size_t most = count_lines(ours.data, ours.len) +
		      count_lines(theirs.data, theirs.len);

	check_same(&one.text, &other.text);
	if (loss == SK_LOG_LOSS_DROP)
		check_same(&one.text, &again.text);
	for (size_t i = 0; i < one.note_count; i++) {
		const struct sk_log_note *note = &one.notes[i];
		struct sk_str name = SK_STR_INIT;

		sk_log_note_add_name(&name, note);
		if (note->number > lines || strlen(name.ptr) > 64)
			abort();
		most += note->kind == SK_LOG_NOTE_CONFLICT ? 3 : 0;
		sk_str_free(&name);
	}
	if (lines > most + 1)
		abort();
	sk_log_merged_free(&one);
	sk_log_merged_free(&other);
	sk_log_merged_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	struct sk_log_version base = take(&at, end);
	struct sk_log_version ours = take(&at, end);
	struct sk_log_version theirs = take(&at, end);

	check(base, ours, theirs, SK_LOG_LOSS_KEEP);
	check(base, ours, theirs, SK_LOG_LOSS_DROP);
	return 0;
}
