/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "capture/catchup.h"
#include "capture/unseen.h"

/* Each fetch may show what else is missing, down to the last tree. */
enum { ROUNDS = 32 };

/* Returns 0 when something was fetched; 1 when there is nothing; -1. */
static int fetch(struct sk_repo *repo, struct sk_err *err)
{
	struct sk_unseen notes;
	int rc = sk_unseen_load(&notes, repo, err);

	if (rc == 0)
		rc = sk_unseen_fetch(&notes, repo, err);
	sk_unseen_free(&notes);
	return rc;
}

static int complete(struct sk_capture *orders, const struct sk_config *config,
		    const struct sk_account *account, struct sk_err *err)
{
	int rc = 0;

	for (int round = 0; rc == 0 && round < ROUNDS; round++) {
		struct sk_capture_report report = {0};

		rc = fetch(orders->repo, err);
		if (rc == 0)
			rc = sk_catch_up(orders, config, account, &report, NULL,
					 err);
		sk_capture_report_free(&report);
	}
	return rc < 0 ? -1 : 0;
}

/* Another one that is at it does it all. */
static int complete_alone(struct sk_capture *orders,
			  const struct sk_config *config,
			  const struct sk_account *account, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int fd, ret;

	/* not the lock of the notes, which hooks add to meanwhile */
	sk_str_addf(&path, "%s/sk-complete.lock",
		    sk_repo_common_dir(orders->repo));
	fd = sk_lock(path.ptr, 0, err);
	ret = fd >= 0 ? complete(orders, config, account, err)
		      : (err->code == SK_EBUSY ? 0 : -1);
	sk_unlock(fd);
	sk_str_free(&path);
	return ret;
}

/*
 * For the hook of a partial clone, which uses no network: fetch what a walk
 * missed, and look again.
 */
static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_capture orders = {0};
	int ret = -1;

	(void)values;
	if (argc != 1)
		return sk_fail(err, SK_EUSAGE, "a folder is wanted");
	if (chdir(argv[0]) < 0)
		return sk_fail_errno(err, errno, "cannot change to '%s'",
				     argv[0]);
	if (sk_repo_open_as_git(&orders.repo, err) < 0 ||
	    sk_config_load(&config, err) < 0 ||
	    sk_account_load(&account, err) < 0)
		goto out;
	orders.clone = sk_config_get(&config, "sk.clone");
	ret = orders.clone ? complete_alone(&orders, &config, &account, err)
			   : 0;
out:
	sk_account_free(&account);
	sk_config_free(&config);
	sk_repo_close(orders.repo);
	return ret;
}

const struct sk_cmd sk_cmd_sync_complete = {
	.name = "complete",
	.operands = "<folder>",
	.summary = "",
	.max_operands = 1,
	.run = run,
};
