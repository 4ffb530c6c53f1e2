/* SPDX-License-Identifier: MIT */
#include "mission/activity.h"

#include <string.h>
#include <time.h>

#include "mission/lines.h"

#define DASH " \xe2\x80\x93 "

/* The section, from its heading to behind the last line with something in it */
struct section {
	bool is_there;
	size_t end;
	bool has_entries;
};

static struct section find_section(const struct sk_str *file)
{
	const char *at = file->ptr, *end = at + file->len;
	struct section section = {false, 0, false};
	struct sk_fence fence = {0};
	struct sk_line line;
	bool is_in = false;

	while (sk_line_next(&line, &at, end)) {
		bool is_code = sk_fence_holds(&fence, line);
		size_t level = is_code ? 0 : sk_line_heading(line);

		if (level && level <= 2) {
			is_in = level == 2 &&
				sk_line_is(sk_line_title(line), "Activity Log");
			if (is_in)
				section = (struct section){true, 0, false};
		} else if (is_in && sk_line_trim(line).len) {
			section.has_entries = true;
		}
		if (is_in && sk_line_trim(line).len)
			section.end = (size_t)(line.at + line.len - file->ptr);
	}
	return section;
}

/* As the file ends its first line. */
static const char *eol_of(const struct sk_str *file)
{
	const char *eol = memchr(file->ptr, '\n', file->len);

	return eol && eol > file->ptr && eol[-1] == '\r' ? "\r\n" : "\n";
}

static void add_one_line(struct sk_str *out, const char *text)
{
	for (; *text; text++)
		sk_str_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
}

void sk_activity_add(struct sk_str *file, const char *entry)
{
	struct section section = find_section(file);
	const char *eol = eol_of(file);
	struct sk_str out = SK_STR_INIT;
	size_t cut = section.is_there ? section.end : file->len;

	/* a CR of the last line belongs to what follows it */
	if (section.is_there && cut && file->ptr[cut - 1] == '\r')
		cut--;
	sk_str_add(&out, file->ptr, cut);
	if (!section.is_there) {
		if (cut && file->ptr[cut - 1] != '\n')
			sk_str_puts(&out, eol);
		sk_str_addf(&out, "%s## Activity Log", cut ? eol : "");
	}
	sk_str_puts(&out, eol);
	if (!section.has_entries)
		sk_str_puts(&out, eol);
	sk_str_puts(&out, "- ");
	add_one_line(&out, entry);
	if (section.is_there)
		sk_str_add(&out, file->ptr + cut, file->len - cut);
	else
		sk_str_puts(&out, eol);
	sk_str_free(file);
	*file = out;
}

/* As the event log would say it, in one line of good UTF-8. */
static void add_words(struct sk_str *out, const char *text)
{
	struct sk_str words = SK_STR_INIT;

	sk_str_add_utf8(&words, text, strlen(text));
	add_one_line(out, words.ptr);
	sk_str_free(&words);
}

void sk_activity_entry(struct sk_str *out, int64_t time_us, const char *agent,
		       const char *pid, const char *note)
{
	time_t seconds = (time_t)(time_us / 1000000);
	char stamp[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	sk_str_addf(out, "%s" DASH, stamp);
	add_words(out, agent);
	sk_str_puts(out, DASH);
	if (pid) {
		sk_str_puts(out, "shell_pid=");
		add_words(out, pid);
		sk_str_puts(out, DASH);
	}
	add_words(out, note);
	/* a reader trims its line */
	sk_str_rtrim(out);
}

/* Go on to the next entry, which is a line "- <entry>" of the section. */
struct entries {
	const char *at, *end;
	struct sk_fence fence;
	bool is_in;
};

static bool next_entry(struct entries *entries, struct sk_line *entry)
{
	struct sk_line line;

	while (sk_line_next(&line, &entries->at, entries->end)) {
		bool is_code = sk_fence_holds(&entries->fence, line);
		size_t level = is_code ? 0 : sk_line_heading(line);

		if (level && level <= 2)
			entries->is_in =
				level == 2 &&
				sk_line_is(sk_line_title(line), "Activity Log");
		*entry = sk_line_trim(line);
		if (entries->is_in && !is_code &&
		    sk_line_begins(*entry, "- ")) {
			entry->at += 2;
			entry->len -= 2;
			return true;
		}
	}
	return false;
}

static struct entries entries_of(const struct sk_str *file)
{
	return (struct entries){.at = file->ptr, .end = file->ptr + file->len};
}

/* How often that entry stands there, up to a place. */
static size_t count_entry(const struct sk_str *file, const char *until,
			  struct sk_line wanted)
{
	struct entries entries = entries_of(file);
	struct sk_line entry;
	size_t count = 0;

	while (next_entry(&entries, &entry) && entry.at <= until)
		count += entry.len == wanted.len &&
			 memcmp(entry.at, wanted.at, entry.len) == 0;
	return count;
}

size_t sk_activity_count(const struct sk_str *file, const char *entry)
{
	struct sk_str text = SK_STR_INIT;
	size_t count;

	add_one_line(&text, entry);
	count = count_entry(file, file->ptr + file->len,
			    sk_line_trim((struct sk_line){text.ptr, text.len}));
	sk_str_free(&text);
	return count;
}

static bool begins_with_any(struct sk_line entry, const struct sk_words *starts)
{
	for (size_t i = 0; i < starts->len; i++) {
		if (sk_line_begins(entry, starts->items[i]))
			return true;
	}
	return false;
}

size_t sk_activity_follow(struct sk_str *file, const struct sk_str *other,
			  const struct sk_words *starts)
{
	struct entries entries = entries_of(other);
	struct sk_str text = SK_STR_INIT;
	struct sk_line entry;
	size_t count = 0;

	while (next_entry(&entries, &entry)) {
		if (!begins_with_any(entry, starts) ||
		    count_entry(other, entry.at, entry) <=
			    count_entry(file, file->ptr + file->len, entry))
			continue;
		sk_str_clear(&text);
		sk_str_add(&text, entry.at, entry.len);
		sk_activity_add(file, text.ptr);
		count++;
	}
	sk_str_free(&text);
	return count;
}
