/* SPDX-License-Identifier: MIT */
/* Inside lib/workflow: the work packages of a mission by their files. */
#ifndef SK_WORKFLOW_PACKAGES_H
#define SK_WORKFLOW_PACKAGES_H

#include "workflow/missions.h"

/* The work package of that id, added in lane planned when there is none;
 * borrowed until the next is added. */
struct sk_package *sk_package_get(struct sk_mission *m, struct sk_map *index,
				  const char *id);

/*
 * Add what the files below this tree tasks/ tell of; with `lanes` also the lane
 * of each. Sets m->fault when one cannot be read. Returns whether there are
 * any.
 */
bool sk_packages_add_files(struct sk_mission *m, struct sk_map *index,
			   const struct sk_missions *all,
			   const struct sk_oid *tasks, bool lanes);

/*
 * Set *out, which is empty, to the title in the front matter of a file, at most
 * a thousand bytes. Returns whether it has one.
 */
bool sk_package_add_title(struct sk_str *out, const char *data, size_t len);

#endif
