/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with the files of a mission: all of it, so that who has to mend
 * them is told once. An empty list means that nothing is.
 */
#ifndef SK_MISSION_FAULTS_H
#define SK_MISSION_FAULTS_H

#include "base/str.h"

struct sk_mission_fault {
	const char *code; /* what kind, a literal: "dependency_cycle" */
	char *subject;	  /* of what: a WP, a field, a requirement */
	char *text;	  /* in words, in the form of an error's message */
};

struct sk_faults {
	struct sk_mission_fault *items;
	size_t len, cap;
};

#define SK_FAULTS_INIT                                                         \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Release the memory; the list is empty and usable again. */
void sk_faults_free(struct sk_faults *faults);

/* Append one; `code` is kept and must be a literal, the others are copied. */
void sk_fault_add(struct sk_faults *faults, const char *code,
		  const char *subject, const char *fmt, ...) SK_PRINTF(4, 5);

/* How many there are of one kind. */
size_t sk_faults_count(const struct sk_faults *faults, const char *code);

#endif
