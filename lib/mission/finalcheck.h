/* SPDX-License-Identifier: MIT */
/* What can be wrong with the work packages of a mission. For finalize.c. */
#ifndef SK_MISSION_FINALCHECK_H
#define SK_MISSION_FINALCHECK_H

#include "mission/finalize.h"

/* Each work package has a file and a section, both or none. */
void sk_final_check_coverage(const struct sk_final *final,
			     const struct sk_tasks *tasks,
			     struct sk_faults *faults);

/* They depend on each other, without cycles. */
void sk_final_check_dependencies(const struct sk_final *final,
				 struct sk_faults *faults);

/* Each meets a requirement of the spec, and each functional one is met. */
void sk_final_check_requirements(const struct sk_final *final,
				 const struct sk_bytes *spec,
				 struct sk_faults *faults);

/*
 * Nobody owns the mission's files or those outside, no two own the same, and
 * the authoritative surface is theirs. Those that only plan go one after the
 * other and may share; one whose scope is `codebase-wide` shares with all.
 */
void sk_final_check_ownership(const struct sk_final *final,
			      struct sk_faults *faults);

#endif
