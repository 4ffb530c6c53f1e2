/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "guard/gate.h"
#include "guard/preflight.h"

/* What is in the way first; the doctor tells the rest. */
static const char *code_of(const struct sk_preflight *pre)
{
	if (pre->mismatches)
		return SK_BLOCKER_OWNER_MISMATCH;
	if (pre->owner_state == SK_OWNER_ORPHAN ||
	    pre->owner_state == SK_OWNER_CORRUPT)
		return SK_BLOCKER_OWNER_RECORD;
	return SK_BLOCKER_LEGACY_ROWS;
}

void sk_gate_look_owner(struct sk_gate *gate, const struct sk_config *config,
			enum sk_gate_mode mode)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};
	bool may_send = false;
	int rc;

	if (mode == SK_GATE_OFF)
		return;
	rc = sk_config_may_send(&may_send, config, &err);
	if (rc == 0 && may_send)
		rc = sk_account_load(&account, &err);
	if (rc == 0 && may_send)
		rc = sk_preflight(&pre, &account, false, &err);
	if (rc < 0) {
		sk_untold_add(&gate->untold, "whose queue it is", &err);
	} else if (may_send && !sk_preflight_is_curable(&pre)) {
		struct sk_blocker *b =
			sk_blocker_add(&gate->found, code_of(&pre), "queue");

		b->is_warning = mode == SK_GATE_WARN;
		if (sk_preflight_refuse(&pre, &err) < 0) {
			sk_str_puts(&b->message, err.msg);
			sk_str_puts(&b->remediation, err.hint);
		}
	}
	sk_preflight_free(&pre);
	sk_account_free(&account);
}

bool sk_gate_is_of_owner(const struct sk_blocker *blocker)
{
	return strcmp(blocker->code, SK_BLOCKER_OWNER_MISMATCH) == 0 ||
	       strcmp(blocker->code, SK_BLOCKER_OWNER_RECORD) == 0 ||
	       strcmp(blocker->code, SK_BLOCKER_LEGACY_ROWS) == 0;
}
