/* SPDX-License-Identifier: MIT */
/*
 * Structs as answers for programs: tables name the members and where they are,
 * and one printer turns them into a JSON document, or into lines of key and
 * value, where what is unknown has no line.
 */
#ifndef SK_FRONT_MEMBERS_H
#define SK_FRONT_MEMBERS_H

#include "format/json.h"

/* How many there are of each, most frequent first; names are borrowed. */
struct sk_counts {
	size_t len;
	struct {
		const char *name;
		int64_t count;
	} at[8];
};

/* The type of the field, and which of its values means "unknown". */
enum sk_member_kind {
	SK_MEMBER_FLAG,	  /* bool */
	SK_MEMBER_COUNT,  /* int64_t; below 0 */
	SK_MEMBER_TIME,	  /* int64_t, seconds since the epoch; 0 */
	SK_MEMBER_STR,	  /* struct sk_str; empty */
	SK_MEMBER_TEXT,	  /* const char *; NULL */
	SK_MEMBER_COUNTS, /* struct sk_counts; a group of their names */
	SK_MEMBER_LIST,	  /* no field: what the owner of the table lists */
};

struct sk_member {
	const char *key;
	enum sk_member_kind kind;
	size_t offset; /* of the field */
};

enum sk_output_form {
	SK_OUTPUT_JSON,
	SK_OUTPUT_LINES, /* "key value LF", text from outside made visible */
	SK_OUTPUT_NUL,	 /* "key value NUL", text as it is */
};

/*
 * An answer under way. The keys of lines say where they belong: those of a
 * group "types.<name>", those of the second record of a list "stuck.2.error".
 */
struct sk_output {
	enum sk_output_form form;
	struct sk_str *out;
	struct sk_jsonw json;
	const char *list; /* the one we are in, or NULL */
	int64_t records;  /* so many have been begun in it */
};

#define SK_OUTPUT(form, str)                                                   \
	(struct sk_output)                                                     \
	{                                                                      \
		form, (str), SK_JSONW(str), NULL, 0                            \
	}

/* The first member of every answer is the version of its form. */
void sk_output_begin(struct sk_output *output, int64_t schema_version);
void sk_output_end(struct sk_output *output);

/* Append a member of the struct at `base`; of no SK_MEMBER_LIST. */
void sk_output_add(struct sk_output *output, const struct sk_member *member,
		   const void *base);

/* A list of records, each one struct with a table of its own. */
void sk_output_begin_list(struct sk_output *output, const char *key);
void sk_output_add_record(struct sk_output *output,
			  const struct sk_member *table, size_t count,
			  const void *base);
void sk_output_end_list(struct sk_output *output);

#endif
