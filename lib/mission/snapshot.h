/* SPDX-License-Identifier: MIT */
/*
 * status.json: where a mission stands, made of its event log and meta.json
 * alone, so that it can be made again at any time; byte for byte as spec-kitty
 * writes it.
 */
#ifndef SK_MISSION_SNAPSHOT_H
#define SK_MISSION_SNAPSHOT_H

#include "format/jsonform.h"
#include "mission/eventlog.h"

#define SK_SNAPSHOT_NAME "status.json"

/*
 * Append the file. `log` is the whole log, `data` what it was read from; `meta`
 * is the object of meta.json, NULL when there is none.
 */
void sk_snapshot_add(struct sk_str *out, const struct sk_log *log,
		     const char *data, const struct sk_form *meta);

#endif
