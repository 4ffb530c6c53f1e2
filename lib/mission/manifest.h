/* SPDX-License-Identifier: MIT */
/*
 * wps.yaml, the manifest of a mission's work packages: a list below the key
 * `work_packages`. Where there is one it decides, and tasks.md does not.
 */
#ifndef SK_MISSION_MANIFEST_H
#define SK_MISSION_MANIFEST_H

#include "base/err.h"
#include "mission/tasksdoc.h"

/*
 * Read the bytes into an empty *out, sk_tasks_free() it whatever this returned.
 * Returns 0; -1 with SK_EDATA when it is no such file, or one of its work
 * packages has no id or that of another.
 */
int sk_manifest_read(struct sk_tasks *out, const char *data, size_t len,
		     struct sk_err *err) SK_NODISCARD;

#endif
