/* SPDX-License-Identifier: MIT */
/* The parts of an examination, and how they write. Private to lib/doctor. */
#ifndef SK_DOCTOR_PART_H
#define SK_DOCTOR_PART_H

#include "doctor/doctor.h"

/* Begin a part: a heading, and an object or array of the document. */
void sk_doctor_begin(struct sk_doctor *d, const char *title);

/* One line: a label and a value. */
void sk_doctor_line(struct sk_doctor *d, const char *label, const char *fmt,
		    ...) SK_PRINTF(3, 4);

/* Something wrong, and the command that helps (copied). */
void sk_doctor_find(struct sk_doctor *d, const char *code, const char *command,
		    const char *fmt, ...) SK_PRINTF(4, 5);

/* The same for a failure; its hint is the command or the advice. */
void sk_doctor_find_err(struct sk_doctor *d, const char *code,
			const struct sk_err *err);

/* A member of the document for a time in seconds; null for 0. */
void sk_doctor_json_time(struct sk_doctor *d, const char *key, int64_t seconds);

/* Append a span: "3 min ago", "in 3 min". */
void sk_doctor_add_when(struct sk_str *out, int64_t seconds, int64_t now_s);

/* "event waits" of one, else "events wait"; borrowed for ever. */
const char *sk_doctor_events_wait(long long count);

/*
 * The parts, in this order. Each prints its lines, adds what it finds wrong,
 * and writes its member of the document.
 */
void sk_doctor_versions(struct sk_doctor *d);
void sk_doctor_home(struct sk_doctor *d);
void sk_doctor_account(struct sk_doctor *d);
void sk_doctor_hooks(struct sk_doctor *d);
void sk_doctor_config(struct sk_doctor *d);
void sk_doctor_queues(struct sk_doctor *d);
void sk_doctor_senders(struct sk_doctor *d);
void sk_doctor_server(struct sk_doctor *d);

#endif
