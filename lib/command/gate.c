/* SPDX-License-Identifier: MIT */
#include "command/gate.h"

#include <stdio.h>

static int refuse(const struct sk_preflight *pre, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;

	sk_preflight_add_text(&text, pre);
	fputs(text.ptr, stderr);
	sk_str_free(&text);
	return sk_preflight_refuse(pre, err);
}

int sk_gate_sending(struct sk_preflight *pre, const struct sk_account *account,
		    struct sk_err *err)
{
	if (sk_preflight(pre, account, false, err) < 0)
		return -1;
	return sk_preflight_is_curable(pre) ? 0 : refuse(pre, err);
}

int sk_gate_migration(const struct sk_account *account, struct sk_err *err)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	int ret = sk_preflight(&pre, account, true, err);

	if (ret == 0 && !sk_preflight_may_migrate(&pre))
		ret = refuse(&pre, err);
	sk_preflight_free(&pre);
	return ret;
}
