/* SPDX-License-Identifier: MIT */
/*
 * What a person reads after a run, and the same as a document: counts, then a
 * line for each category with what to do, then what still waits and why.
 */
#ifndef SK_COMMAND_SUMMARY_H
#define SK_COMMAND_SUMMARY_H

#include "deliver/report.h"
#include "guard/preflight.h"

/* Append the lines for people. */
void sk_summary_add_text(struct sk_str *out, const struct sk_report *report);

/*
 * Append the document, with a newline: schema_version, generated_at, summary,
 * failures, what is queued, the error that ended the run, and the preflight
 * that refused it (NULL for none).
 */
void sk_summary_add_json(struct sk_str *out, const struct sk_report *report,
			 int64_t now, const struct sk_err *error,
			 const struct sk_preflight *refused);

#endif
