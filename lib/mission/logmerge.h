/* SPDX-License-Identifier: MIT */
/*
 * Two versions of an event log made one, three ways, row by row; pure bytes,
 * no repository.
 *
 * A row is known by its `event_id`, whatever its kind; one that has none, and a
 * line that cannot be read, by its bytes, as logkeys.h tells. What both sides
 * have is there once. A side that is as the base yields to the other; two
 * changes of one row that are not the same are a conflict, and both are shown.
 * Rows keep their bytes, and each ends with LF; white space in front of that is
 * no difference, blank lines are nothing. They are in order of time and, at one
 * time, of id; those without a time come first. Rows of one id stay together
 * and in their order, for the first of them is the one that counts. The answer
 * is the same whichever side is ours, labels of conflicts aside; where one side
 * is the base, and nothing is lost by it, it is the bytes of the other as they
 * are.
 */
#ifndef SK_MISSION_LOGMERGE_H
#define SK_MISSION_LOGMERGE_H

#include "base/str.h"
#include "format/jsonmember.h"

/* One version of the log; data NULL: there is no such file. Borrowed. */
struct sk_log_version {
	const char *data;
	size_t len;
};

/* What becomes of a row of the base that one side lacks. */
enum sk_log_loss {
	/* It stays, told as SK_LOG_NOTE_KEPT: lines of history are lost. */
	SK_LOG_LOSS_KEEP,
	/* It goes, unless the other side has changed it: what is merged is a
	 * change that was meant, as by a revert. */
	SK_LOG_LOSS_DROP,
};

struct sk_log_merge {
	struct sk_log_version base, ours, theirs;
	enum sk_log_loss loss;
	unsigned marker_size;		     /* of conflicts; 0: 7 */
	const char *our_label, *their_label; /* NULL: "ours", "theirs" */
};

enum sk_log_note_kind {
	SK_LOG_NOTE_KEPT,	/* of the base, one side lacks it: it is here */
	SK_LOG_NOTE_DROPPED,	/* the same: it is not */
	SK_LOG_NOTE_CONFLICT,	/* both sides have changed it */
	SK_LOG_NOTE_UNREADABLE, /* no JSON object, kept as it is */
};

struct sk_log_note {
	enum sk_log_note_kind kind;
	bool is_ours;		  /* kept, dropped: our side lacks it */
	bool is_row;		  /* it can be read */
	struct sk_json_span line; /* without its end */
	struct sk_json_span id;	  /* the value; ptr NULL: it has none */
	size_t number;		  /* its line in the answer, or 0 */
};

/* The notes borrow from the three versions. */
struct sk_log_merged {
	struct sk_str text;
	bool is_absent; /* there is to be no such file */
	struct sk_log_note *notes;
	size_t note_count, note_cap;
};

#define SK_LOG_MERGED_INIT                                                     \
	{                                                                      \
		SK_STR_INIT, false, NULL, 0, 0                                 \
	}

/*
 * Merge. *out, which is empty, is owned: sk_log_merged_free(). A line that
 * cannot be read is no row: one side takes it out where the other left it, and
 * that is told.
 *
 * Returns 0; 1 when there are conflicts, which are in the text and the notes.
 */
int sk_log_merge(struct sk_log_merged *out, const struct sk_log_merge *in);
void sk_log_merged_free(struct sk_log_merged *merged);

/* Append what a note is about, fit for a message: its id, or its line's start.
 */
void sk_log_note_add_name(struct sk_str *out, const struct sk_log_note *note);

#endif
