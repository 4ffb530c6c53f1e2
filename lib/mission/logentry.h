/* SPDX-License-Identifier: MIT */
/*
 * The lines of up to three versions of an event log, sorted out by what they
 * are known by, as logkeys.h tells. For logmerge.h.
 */
#ifndef SK_MISSION_LOGENTRY_H
#define SK_MISSION_LOGENTRY_H

#include "base/map.h"
#include "mission/lines.h"
#include "mission/logmerge.h"

/* The versions, and the places of theirs. */
enum { SK_LOG_BASE, SK_LOG_OURS, SK_LOG_THEIRS, SK_LOG_VERSIONS };

#define SK_LOG_NO_ENTRY SIZE_MAX

/* A line that is not blank. */
struct sk_log_entry {
	struct sk_line line;	/* with its CR */
	struct sk_json_span id; /* the value; ptr NULL: none */
	int64_t at_us;		/* INT64_MIN: none */
	bool is_row;		/* a JSON object, or too long to be read */
	size_t group;
	size_t next; /* of the same group and version, or SK_LOG_NO_ENTRY */
};

/* What is known by one name, in each version. */
struct sk_log_group {
	struct {
		size_t first, last, count;
	} of[SK_LOG_VERSIONS];
	char *id; /* owned; NULL: known by its bytes */
};

struct sk_log_entries {
	struct sk_log_entry *items[SK_LOG_VERSIONS]; /* in file order */
	size_t count[SK_LOG_VERSIONS], cap[SK_LOG_VERSIONS];
	struct sk_log_group *groups; /* in order of their first line */
	size_t group_count, group_cap;
	struct sk_map keys;
	struct sk_str text; /* of a key or a value, for a while */
};

#define SK_LOG_ENTRIES_INIT                                                    \
	{                                                                      \
		.keys = SK_MAP_INIT, .text = SK_STR_INIT                       \
	}

/* Read one version, each once and the base first; the bytes are borrowed. */
void sk_log_entries_read(struct sk_log_entries *entries, int version,
			 const struct sk_log_version *bytes);
void sk_log_entries_free(struct sk_log_entries *entries);

/*
 * The first line of a group in one version, and the one behind a line; NULL:
 * there is none. Borrowed.
 */
const struct sk_log_entry *
sk_log_group_first(const struct sk_log_entries *entries,
		   const struct sk_log_group *group, int version);
const struct sk_log_entry *
sk_log_group_next(const struct sk_log_entries *entries, int version,
		  const struct sk_log_entry *entry);

/*
 * Compare all lines of a group in version `a` with those in `b`, as memcmp().
 */
int sk_log_group_compare(const struct sk_log_entries *entries,
			 const struct sk_log_group *group, int a, int b);

/*
 * Whether the lines of a group in version `a` are what those in `b` begin with,
 * repeats and white space at the end of a line aside.
 */
bool sk_log_group_begins(const struct sk_log_entries *entries,
			 const struct sk_log_group *group, int a, int b);

/* Compare two lines as memcmp(), white space at their end aside. */
int sk_log_entry_compare(const struct sk_log_entry *a,
			 const struct sk_log_entry *b);

#endif
