/* SPDX-License-Identifier: MIT */
/*
 * Merging event logs, by cases each of which is tried both ways round, and by
 * random versions. A version is written in words:
 *
 *	A5x	a row with id A, at second 5, that says x
 *	A-x	the same without a time
 *	-5x	the same without an id
 *	!text	a line that is no JSON
 *	_	a blank line
 *
 * with ^ behind a line that ends with CR; in answers <o = >t are the marks of a
 * conflict and the sides they name. A last line with $ behind it has no end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "mission/eventlog.h"
#include "mission/logmerge.h"
#include "tests/unit/tap.h"

static void add_mark(struct sk_str *out, char mark, char side)
{
	sk_str_addf(out, "%c%c%c%c%c%c%c", mark, mark, mark, mark, mark, mark,
		    mark);
	if (side)
		sk_str_puts(out, side == 'o' ? " ours" : " theirs");
}

static void add_row(struct sk_str *out, const char *word, size_t len)
{
	sk_str_puts(out, "{");
	if (word[1] != '-')
		sk_str_addf(out, "\"at\": \"2026-05-01T10:00:0%cZ\", ",
			    word[1]);
	if (word[0] != '-')
		sk_str_addf(out, "\"event_id\": \"%c\", ", word[0]);
	sk_str_addf(out, "\"v\": \"%.*s\"}", (int)len - 2, word + 2);
}

static void add_lines(struct sk_str *out, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " "), rest = len;
		bool has_cr = false, has_end = true;

		if (words[rest - 1] == '$') {
			has_end = false;
			rest--;
		}
		if (words[rest - 1] == '^') {
			has_cr = true;
			rest--;
		}
		if (strchr("<=>", words[0]))
			add_mark(out, words[0], rest > 1 ? words[1] : 0);
		else if (words[0] == '!')
			sk_str_add(out, words + 1, rest - 1);
		else if (words[0] != '_')
			add_row(out, words, rest);
		sk_str_puts(out, has_cr ? "\r" : "");
		sk_str_puts(out, has_end ? "\n" : "");
		words += len + (words[len] == ' ');
	}
}

/* What there is to be told, in words: K, D, C or U, and the name. */
static void add_notes(struct sk_str *out, const struct sk_log_merged *merged)
{
	for (size_t i = 0; i < merged->note_count; i++) {
		const struct sk_log_note *note = &merged->notes[i];

		if (out->len)
			sk_str_putc(out, ' ');
		sk_str_putc(out, "KDCU"[note->kind]);
		if (note->number)
			sk_str_addf(out, "%zu", note->number);
		sk_str_putc(out, ':');
		sk_log_note_add_name(out, note);
	}
}

#define NO "no file"

struct scene {
	const char *title;
	const char *base, *ours, *theirs;
	const char *want; /* with "NO": there is none */
	const char *notes;
	enum sk_log_loss loss;
};

static struct sk_log_version version_of(struct sk_str *text, const char *words)
{
	if (strcmp(words, NO) == 0)
		return (struct sk_log_version){NULL, 0};
	add_lines(text, words);
	return (struct sk_log_version){text->ptr, text->len};
}

static void swap_labels(struct sk_str *text, const char *words)
{
	struct sk_str other = SK_STR_INIT;

	for (; *words; words++) {
		bool is_label = (*words == 'o' || *words == 't') &&
				(words[-1] == '<' || words[-1] == '>');

		sk_str_putc(&other,
			    is_label ? (char)('o' + 't' - *words) : *words);
	}
	add_lines(text, other.ptr);
	sk_str_free(&other);
}

static void play(const struct scene *scene, bool is_swapped)
{
	struct sk_str text[3] = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT};
	struct sk_str want = SK_STR_INIT, notes = SK_STR_INIT;
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	bool is_absent = strcmp(scene->want, NO) == 0;
	struct sk_log_merge in = {
		.base = version_of(&text[0], scene->base),
		.ours = version_of(&text[1],
				   is_swapped ? scene->theirs : scene->ours),
		.theirs = version_of(&text[2],
				     is_swapped ? scene->ours : scene->theirs),
		.loss = scene->loss,
	};
	int rc = sk_log_merge(&merged, &in);

	if (is_swapped && !is_absent)
		swap_labels(&want, scene->want);
	else if (!is_absent)
		add_lines(&want, scene->want);
	add_notes(&notes, &merged);
	is(merged.text.ptr, want.ptr, scene->title);
	is(notes.ptr, scene->notes, scene->title);
	ok(merged.is_absent == is_absent &&
		   rc == (strchr(scene->want, '<') != NULL),
	   "%s: and it is so told", scene->title);
	sk_log_merged_free(&merged);
	sk_str_free(&want);
	sk_str_free(&notes);
	for (int i = 0; i < 3; i++)
		sk_str_free(&text[i]);
}

static void play_all(const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		play(&scenes[i], false);
		play(&scenes[i], true);
	}
}

#define KEEP SK_LOG_LOSS_KEEP
#define DROP SK_LOG_LOSS_DROP

static void changes(void)
{
	static const struct scene scenes[] = {
		{"nothing is nothing", "", "", "", "", "", KEEP},
		{"what both have appended is there, in order of time", "A1x",
		 "A1x C3x", "A1x B2x", "A1x B2x C3x", "", KEEP},
		{"what both have is there once", "A1x", "A1x B2x C3x",
		 "A1x B2x D4x", "A1x B2x C3x D4x", "", KEEP},
		{"without a base, too", NO, "A1x B2x", "A1x C3x", "A1x B2x C3x",
		 "", KEEP},
		{"at one time the id decides", "", "B1x", "A1x", "A1x B1x", "",
		 KEEP},
		{"without a time is first, without an id before those", "",
		 "A1x B-x", "-1x --x", "--x B-x -1x A1x", "", KEEP},
		{"a side that is as the base yields", "A1x B2x", "A1y B2x C3x",
		 "A1x B2x", "A1y B2x C3x", "", KEEP},
		{"row by row", "A1x B2x", "A1y B2x", "A1x B2y", "A1y B2y", "",
		 KEEP},
		{"two changes that are the same are one", "A1x", "A1y B2x",
		 "A1y C3x", "A1y B2x C3x", "", KEEP},
		{"two that differ conflict, both shown in one order",
		 "A1x B2x C3x", "A1x B2z C3x", "A1x B2y C3x D4x",
		 "A1x <t B2y = B2z >o C3x D4x", "C2:B", KEEP},
		{"so do two rows with one id that nobody had", "", "A1y", "A1x",
		 "<t A1x = A1y >o", "C1:A", KEEP},
		{"a conflict stands at the earlier time", "B2x", "A1y B2x",
		 "A3x B2x C4x", "<o A1y = A3x >t B2x C4x", "C1:A", KEEP},
		{"a changed time changes the place", "A1x B2x", "A3x B2x",
		 "A1x B2x C4x", "B2x A3x C4x", "", KEEP},
	};

	play_all(scenes, SK_COUNTOF(scenes));
}

static void losses(void)
{
	static const struct scene scenes[] = {
		{"a row that one side lost is kept, and told", "A1x B2x",
		 "A1x B2x C3x", "A1x D4x", "A1x B2x C3x D4x", "K2:B", KEEP},
		{"also when the other side has nothing new", "A1x B2x",
		 "A1x B2x", "A1x", "A1x B2x", "K2:B", KEEP},
		{"as it was changed meanwhile", "A1x B2x", "A1x B2y", "A1x",
		 "A1x B2y", "K2:B", KEEP},
		{"also when the file is gone", "A1x B2x", NO, "A1x B2x C3x",
		 "A1x B2x C3x", "K1:A K2:B", KEEP},
		{"what both sides took out is out", "A1x B2x", "A1x C3x",
		 "A1x D4x", "A1x C3x D4x", "", KEEP},
		{"a change that takes a row out does", "A1x B2x", "A1x B2x C3x",
		 "A1x D4x", "A1x C3x D4x", "D:B", DROP},
		{"but not one that was changed", "A1x B2x", "A1x B2y C3x",
		 "A1x", "A1x B2y C3x", "K2:B", DROP},
		{"and may leave no file", "A1x", "A1x", NO, NO, "D:A", DROP},
		{"or an empty one", "A1x", "A1x", "", "", "D:A", DROP},
		{"no file on either side stays none", "A1x", NO, NO, NO, "",
		 KEEP},
		{"a row without an id is kept by its bytes", "-1x --y A2x",
		 "A2x B3x", "-1x --y A2x C4x", "--y -1x A2x B3x C4x",
		 "K1:{\"v\": \"y\"} K2:{\"at\": \"2026-05-01T10:00:01Z\","
		 " \"v\": \"x\"}",
		 KEEP},
		{"what cannot be read goes where one side took it out",
		 "A1x !{torn", "A1x B2x", "A1x !{torn C3x", "A1x B2x C3x",
		 "D:{torn", KEEP},
	};

	play_all(scenes, SK_COUNTOF(scenes));
}

static void lines(void)
{
	static const struct scene scenes[] = {
		{"one side as the base: the other's bytes", "B2x A1x",
		 "B2x A1x", "B2x A1x _ C3x !q$", "B2x A1x _ C3x !q$", "U5:q",
		 KEEP},
		{"both the same: their bytes", "A1x", "C3x _ A1x$",
		 "C3x _ A1x$", "C3x _ A1x$", "", KEEP},
		{"a line without an end gets one, blank ones go", "",
		 "_ B2x _ A1x$", "C3x$", "A1x B2x C3x", "", KEEP},
		{"what cannot be read is kept, and told", "A1x",
		 "A1x B2x !{\"a", "A1x C3x ![]", "![] !{\"a A1x B2x C3x",
		 "U1:[] U2:{\"a", KEEP},
		{"CR stays, and is no difference", "A1x", "A1x^ B2x^",
		 "A1x C3x B2x", "A1x^ B2x C3x", "", KEEP},
		{"a change stands against a CR", "A1x", "A1x^ B2x", "A1y C3x",
		 "A1y B2x C3x", "", KEEP},
		{"of one id the first stays the first", "A5x", "A5x A1y B2x",
		 "A5x C3x", "B2x C3x A5x A1y", "", KEEP},
		{"more of the same is no conflict", "", "A5x A1y", "A5x B2x",
		 "B2x A5x A1y", "", KEEP},
		{"another first is", "", "A5x A1y", "A1y B2x",
		 "<t A1y = A5x A1y >o B2x", "C1:A", KEEP},
		{"a repeat is no change", "A1x", "A1x A1x B2x", "A1y C3x",
		 "A1y B2x C3x", "", KEEP},
		{"nor a difference", "", "A1x A1x", "A1x B2x", "A1x A1x B2x",
		 "", KEEP},
	};

	play_all(scenes, SK_COUNTOF(scenes));
}

/* Merge these texts; the answer is the caller's. */
static struct sk_log_merged merge(const char *base, const char *ours,
				  const char *theirs)
{
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	struct sk_log_merge in = {
		.base = {base, strlen(base)},
		.ours = {ours, strlen(ours)},
		.theirs = {theirs, strlen(theirs)},
		.marker_size = 9,
		.our_label = "a",
		.their_label = "b",
	};

	sk_log_merge(&merged, &in);
	return merged;
}

static void spellings(void)
{
	struct sk_log_merged merged;

	merged = merge("",
		       "{\"event_id\": \"A\", \"at\": "
		       "\"2026-05-01T10:00:00.5+00:00\"}\n",
		       "{\"timestamp\": \"2026-05-01T12:00:00+02:00\","
		       " \"event_id\": \"B\"}\n");
	ok(strncmp(merged.text.ptr, "{\"timestamp", 11) == 0,
	   "times are compared as such, 'timestamp' where there is no 'at'");
	sk_log_merged_free(&merged);
	merged = merge("", "{\"event_id\": \"\\u0041\"}\n",
		       "{\"event_id\": \"A\"}\n");
	is(merged.text.ptr,
	   "<<<<<<<<< b\n{\"event_id\": \"A\"}\n=========\n"
	   "{\"event_id\": \"\\u0041\"}\n>>>>>>>>> a\n",
	   "ids are compared as texts; size and labels of marks are given");
	sk_log_merged_free(&merged);
	merged = merge("", "{\"event_id\": 7}\n{\"event_id\": \"\"}\n",
		       "{\"event_id\": null}\n");
	is(merged.text.ptr,
	   "{\"event_id\": \"\"}\n{\"event_id\": 7}\n{\"event_id\": null}\n",
	   "an id that is no text is none");
	sk_log_merged_free(&merged);
	merged = merge("", "{\"event_id\": \"A\", \"event_id\": \"B\"}\n",
		       "{\"event_id\": \"B\", \"event_id\": \"A\"}\n");
	ok(!strchr(merged.text.ptr, '<'), "of a key that comes twice the last"
					  " counts");
	sk_log_merged_free(&merged);
}

/* White space at the end of a line is no more a difference than a CR. */
static void ends(void)
{
	struct sk_log_merged merged;

	merged = merge("{\"x\": 1}\n{\"event_id\": \"A\"}\n",
		       "{\"x\": 1} \t\n{\"event_id\": \"A\"}  \n"
		       "{\"event_id\": \"B\"}\n",
		       "{\"x\": 1}\n{\"event_id\": \"A\"}\t\n"
		       "{\"event_id\": \"C\"}\n");
	is(merged.text.ptr,
	   "{\"x\": 1} \t\n{\"event_id\": \"A\"}\t\n"
	   "{\"event_id\": \"B\"}\n{\"event_id\": \"C\"}\n",
	   "white space at the end is no difference");
	ok(!merged.note_count, "and nothing is told of it");
	sk_log_merged_free(&merged);
}

/* Whether every line of `part` is a line of `whole`. */
static bool has_all(const char *whole, const char *part)
{
	bool has = true;

	while (has && *part) {
		size_t len = strcspn(part, "\n") + 1;
		char *line = strndup(part, len);

		has = line && strstr(whole, line);
		free(line);
		part += len;
	}
	return has;
}

/*
 * A row that became longer than readers take does not stand for the one that
 * they took.
 */
static void too_long(void)
{
	static const char row[] = "{\"event_id\": \"A\"}\n";
	static const char start[] = "{\"event_id\": \"A\", \"x\": \"";
	struct sk_str ours = SK_STR_INIT;
	struct sk_log_merged merged;

	sk_str_puts(&ours, start);
	while (ours.len <= SK_EVENT_LINE_MAX)
		sk_str_puts(&ours, "xxxxxxxxxxxxxxxx");
	sk_str_puts(&ours, "\"}\n");
	merged = merge(row, ours.ptr, row);
	ok(merged.text.len == ours.len + strlen(row) &&
		   has_all(merged.text.ptr, row) &&
		   has_all(merged.text.ptr, ours.ptr),
	   "a row that has become too long is there beside what it was");
	ok(merged.note_count == 1 && merged.notes[0].kind == SK_LOG_NOTE_KEPT,
	   "and that is told");
	sk_log_merged_free(&merged);
	sk_str_free(&ours);
}

/* Bytes that are no text, in a line of their own. */
static void bytes(void)
{
	static const char ours[] = "a\0b\n\xff\xfe\n\n";
	static const char want[] = "\n";
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	struct sk_log_merge in = {.ours = {ours, sizeof(ours) - 1},
				  .theirs = {want, 1}};

	ok(sk_log_merge(&merged, &in) == 0 && merged.text.len == 7 &&
		   memcmp(merged.text.ptr, ours, 7) == 0 &&
		   merged.note_count == 2,
	   "NULs and bytes that are no UTF-8 are kept");
	sk_log_merged_free(&merged);
}

static unsigned draw(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

/* A version: that of the base, less some, changed some, more some. */
static void add_version(struct sk_str *out, const char *base, unsigned *seed)
{
	struct sk_str words = SK_STR_INIT;

	while (base && *base) {
		size_t len = strcspn(base, "\n") + 1;

		if (draw(seed, 8))
			sk_str_add(out, base, len);
		base += len;
	}
	for (unsigned i = draw(seed, 5); i; i--)
		sk_str_addf(&words, "%s%c%c%c", words.len ? " " : "",
			    "ABCDEFGH-"[draw(seed, 9)], "0123-"[draw(seed, 5)],
			    "xy"[draw(seed, 2)]);
	add_lines(out, words.ptr);
	sk_str_free(&words);
}

/* Whether every id there is in `part` is in `whole`. */
static bool has_ids(const char *whole, const char *part)
{
	char id[] = "\"event_id\": \"?\"";

	for (const char *c = "ABCDEFGH"; *c; c++) {
		*strchr(id, '?') = *c;
		if (strstr(part, id) && !strstr(whole, id))
			return false;
		id[sizeof(id) - 3] = '?';
	}
	return true;
}

static void randoms(void)
{
	unsigned failed = 0, count = 20000;

	for (unsigned i = 0; i < count && !failed; i++) {
		struct sk_str base = SK_STR_INIT, ours = SK_STR_INIT;
		struct sk_str theirs = SK_STR_INIT;
		struct sk_log_merged one, other, again;
		unsigned seed = i;

		add_version(&base, NULL, &seed);
		add_version(&ours, base.ptr, &seed);
		add_version(&theirs, base.ptr, &seed);
		one = merge(base.ptr, ours.ptr, theirs.ptr);
		other = merge(base.ptr, theirs.ptr, ours.ptr);
		for (char *at = other.text.ptr; (at = strstr(at, " a\n"));)
			at[1] = '?';
		for (char *at = other.text.ptr; (at = strstr(at, " b\n"));)
			at[1] = 'a';
		for (char *at = other.text.ptr; (at = strstr(at, " ?\n"));)
			at[1] = 'b';
		again = merge(ours.ptr, one.text.ptr, ours.ptr);
		if (strcmp(one.text.ptr, other.text.ptr) != 0 ||
		    strcmp(one.text.ptr, again.text.ptr) != 0 ||
		    !has_ids(one.text.ptr, ours.ptr) ||
		    !has_ids(one.text.ptr, theirs.ptr) ||
		    (!base.len && !has_all(one.text.ptr, ours.ptr)))
			failed = i + 1;
		if (failed)
			printf("# base\n%s# ours\n%s# theirs\n%s# one\n%s"
			       "# other\n%s# again\n%s",
			       base.ptr, ours.ptr, theirs.ptr, one.text.ptr,
			       other.text.ptr, again.text.ptr);
		sk_log_merged_free(&one);
		sk_log_merged_free(&other);
		sk_log_merged_free(&again);
		sk_str_free(&base);
		sk_str_free(&ours);
		sk_str_free(&theirs);
	}
	ok(!failed, "%u random merges are the same both ways, and lose nothing",
	   count);
}

int main(void)
{
	changes();
	losses();
	lines();
	spellings();
	ends();
	too_long();
	bytes();
	randoms();
	return done_testing();
}
