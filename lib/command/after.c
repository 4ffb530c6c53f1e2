/* SPDX-License-Identifier: MIT */
#include "command/after.h"

#include <stdlib.h>

#include "capture/catchup.h"
#include "command/captureview.h"
#include "command/gate.h"
#include "deliver/finalsync.h"
#include "deliver/start.h"
#include "front/cli.h"
#include "front/clonenote.h"
#include "front/hookstart.h"

void sk_before_change(bool json)
{
	if (json && setenv(SK_CALLER_SENDS, "1", 1) < 0)
		abort();
}

static int capture(struct sk_repo *repo, const struct sk_config *config,
		   const struct sk_account *account, struct sk_err *err)
{
	struct sk_capture orders = {.repo = repo,
				    .clone = sk_config_clone(config)};
	struct sk_capture_report report = {0};
	int rc = 0;

	if (orders.clone)
		rc = sk_catch_up(&orders, config, account, &report, NULL, err);
	sk_capture_explain(&report);
	if (rc == 0)
		rc = sk_send_later(config, account, report.queued > 0, err);
	sk_capture_report_free(&report);
	return rc;
}

/* Whether a sender would be refused, which nobody would hear of. */
static void say_boundary(const struct sk_config *config,
			 const struct sk_account *account)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_err err = {0};
	bool may = false;

	if (!account->is_logged_in || !sk_config_clone(config) ||
	    sk_config_may_send(&may, config, &err) < 0 || !may)
		return;
	if (sk_preflight(&pre, account, false, &err) == 0 &&
	    !sk_preflight_is_curable(&pre)) {
		sk_preflight_refuse(&pre, &err);
		sk_warn("its events wait in the queue: %s; run"
			" 'git sk-sync status --check'",
			err.msg);
	}
	sk_preflight_free(&pre);
}

void sk_after_change(struct sk_repo *repo, bool is_unhooked, bool json)
{
	struct sk_diagnostics said = {0};
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_err err = {0};
	int rc = sk_account_load(&account, &err);

	if (rc == 0)
		rc = sk_config_load(&config, &err);
	/* what stands in for a hook is switched off with it */
	if (rc == 0 && is_unhooked && !sk_hook_is_switched_off("post-commit"))
		rc = capture(repo, &config, &account, &err);
	if (rc < 0)
		sk_warn("its events are not queued yet: %s; run"
			" 'git sk-sync now'",
			err.msg);
	else if (json)
		sk_final_sync_run_once(&said);
	else
		say_boundary(&config, &account);
	if (rc == 0)
		sk_note_clone_of(&config);
	sk_config_free(&config);
	sk_account_free(&account);
}

void sk_after_edit(struct sk_edit *edit, bool json)
{
	struct sk_repo *repo = edit->repo;
	bool is_unhooked = edit->is_unhooked;

	sk_edit_free(edit);
	sk_after_change(repo, is_unhooked, json);
}

int sk_gate_change(struct sk_err *err)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_account account = SK_ACCOUNT_INIT;
	int rc = sk_account_load(&account, err);

	if (rc == 0 && account.is_logged_in)
		rc = sk_gate_sending(&pre, &account, err);
	sk_preflight_free(&pre);
	sk_account_free(&account);
	return rc;
}
