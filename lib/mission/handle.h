/* SPDX-License-Identifier: MIT */
/* Which mission is meant by what a user typed. */
#ifndef SK_MISSION_HANDLE_H
#define SK_MISSION_HANDLE_H

#include "base/base.h"

/* A mission there is. Borrowed. */
struct sk_mission_name {
	const char *slug;	/* the name of its folder */
	const char *mission_id; /* NULL for those that have none */
};

/*
 * Write to `found`, which has room for `count`, the places in `all` of the
 * missions meant by `handle`, and return how many: 0 means there is none, more
 * than 1 that it is ambiguous. The first of these rules that finds any decides:
 * 26 capitals and digits are a mission id; 8 are the begin of one; the name of
 * a folder; that name without its NNN-; digits are the NNN of a folder; the
 * name without its mid8, which spec-kitty does not know.
 */
size_t sk_handle_find(size_t *found, const char *handle,
		      const struct sk_mission_name *all, size_t count);

#endif
