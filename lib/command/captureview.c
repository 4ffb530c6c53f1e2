/* SPDX-License-Identifier: MIT */
#include "command/captureview.h"

#include "front/cli.h"

enum { FAULTS_SHOWN = 10 };

static void warn_faults(const struct sk_capture_report *report)
{
	size_t left = report->fault_count;
	size_t most = sk_volume() == SK_VERBOSE ? left : FAULTS_SHOWN;
	struct sk_str place = SK_STR_INIT;

	for (size_t i = 0; i < report->fault_count && i < most; i++) {
		const struct sk_fault *fault = &report->faults[i];

		sk_str_clear(&place);
		sk_fault_add_place(&place, fault);
		sk_warn("commit %.12s: %s cannot be read: %s", fault->commit,
			place.ptr, fault->reason);
		left--;
	}
	sk_str_free(&place);
	if (left)
		sk_warn("%zu more cannot be read; 'git sk-sync status --json'"
			" lists them",
			left);
}

void sk_capture_explain(const struct sk_capture_report *report)
{
	if (report->is_partial)
		sk_advise("this queue begins here; run 'git sk-sync backfill'"
			  " to publish what was before");
	if (report->notice)
		sk_warn("%s", report->notice);
	warn_faults(report);
	if (report->cut) {
		sk_warn("history is cut off below %lld commit%s of this shallow"
			" clone; what they changed is unknown",
			(long long)report->cut, report->cut == 1 ? "" : "s");
		sk_advise("run 'git fetch --unshallow', then this again");
	}
}

void sk_capture_describe(const struct sk_capture_report *report)
{
	sk_detail("commits looked at: %lld, events found: %lld, new: %lld",
		  (long long)report->commits, (long long)report->found,
		  (long long)report->queued);
}
