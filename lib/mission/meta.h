/* SPDX-License-Identifier: MIT */
/*
 * meta.json of a mission. Reading is tolerant: what a field should be and is
 * not reads as absent. Members that nobody here knows are kept; to change one,
 * set it in `form` and write that.
 */
#ifndef SK_MISSION_META_H
#define SK_MISSION_META_H

#include "format/jsonform.h"

/* The texts are borrowed from `form`, and NULL when there is none. */
struct sk_meta {
	struct sk_form *form; /* all of it, owned */
	const char *mission_slug;
	const char *mission_id; /* missions before 3.1.1 have none */
	const char *friendly_name;
	const char *mission_type;
	const char *target_branch;
	const char *created_at;
	bool has_number; /* it has been merged */
	int64_t mission_number;
};

#define SK_META_INIT                                                           \
	{                                                                      \
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, 0             \
	}

/*
 * Read the bytes of a meta.json, also one of an older release. *out is owned,
 * free it with sk_meta_free(). Returns 0; -1 with SK_EDATA when they are not a
 * JSON object.
 */
int sk_meta_read(struct sk_meta *out, const char *data, size_t len,
		 struct sk_err *err) SK_NODISCARD;

/*
 * The number that a value of `mission_number` says: an integer, or the digits
 * of one as older releases wrote it ("042"). Returns false, with *number
 * unchanged, for what says none: null, NULL, "" and all else.
 */
bool sk_meta_number(int64_t *number, const struct sk_form *value);

/* Release the memory; it is empty and usable again. */
void sk_meta_free(struct sk_meta *meta);

/* A mission to be made. Texts are borrowed; NULL where nothing was said. */
struct sk_meta_new {
	const char *mission_slug;  /* the folder's name */
	const char *friendly_name; /* else made of the slug */
	const char *mission_type;
	const char *target_branch;
	const char *created_at;
	const char *mission_id;
	const char *purpose_tldr;
	const char *purpose_context;
	bool is_pr_bound;
};

/* The meta.json of a new mission, not yet numbered; owned, sk_form_free(). */
struct sk_form *sk_meta_make(const struct sk_meta_new *mission);

/* Append the bytes of the file: keys sorted, ended by a newline. */
void sk_meta_add(struct sk_str *out, const struct sk_form *form);

#endif
