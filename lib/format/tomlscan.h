/* SPDX-License-Identifier: MIT */
/*
 * Inside this folder: the walk over a TOML document that reading and changing
 * share. It tells where things stand, so that a change touches nothing else.
 */
#ifndef SK_FORMAT_TOMLSCAN_H
#define SK_FORMAT_TOMLSCAN_H

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

enum sk_toml_kind {
	SK_TOML_TABLE,	/* a [header] */
	SK_TOML_TABLES, /* a [[header]]: one of an array of tables */
	SK_TOML_SCALAR, /* key = value */
	SK_TOML_OTHER,	/* key = array, inline table or multi-line string */
};

struct sk_tomlscan {
	/* the statement last read */
	enum sk_toml_kind kind;
	struct sk_str path;  /* of a header: the table's name */
	struct sk_str value; /* of a scalar */
	const char *value_start, *value_end;
	const char *line_end; /* behind the line feed, if there is one */
	struct sk_str table;  /* the table it stands in; "" at the top */
	bool in_tables;	      /* ... which is one of an array */

	const char *at, *end;
	unsigned line;
	const char *problem;
	struct sk_map names; /* all tables and keys there were */
};

/* Begin; checks all bytes. Free it whatever this returns. 0 or -1 (SK_EDATA) */
int sk_tomlscan_open(struct sk_tomlscan *scan, const char *data, size_t len,
		     struct sk_err *err) SK_NODISCARD;

/* Read on to the next statement. Returns 1; 0 at the end; -1 with SK_EDATA. */
int sk_tomlscan_next(struct sk_tomlscan *scan, struct sk_err *err) SK_NODISCARD;

/* Release what the scan holds. */
void sk_tomlscan_free(struct sk_tomlscan *scan);

/*
 * Is `table`, or one above it, among the tables of an array read so far, or
 * with `keys` the name of a key?
 */
bool sk_tomlscan_is_taken(const struct sk_tomlscan *scan, const char *table,
			  bool keys);

/* May this character stand in a key without quotes? */
bool sk_toml_is_bare(char c);

#endif
