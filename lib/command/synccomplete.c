/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include "base/file.h"
#include "capture/catchup.h"
#include "capture/unseen.h"
#include "command/beside.h"
#include "deliver/start.h"
#include "git/glance.h"

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

/* What came of it all. */
struct run {
	struct sk_capture orders;
	struct sk_config config;
	struct sk_account account;
	int64_t queued;
};

static int look(struct run *run, struct sk_err *err)
{
	struct sk_capture_report report = {0};
	int rc = sk_catch_up(&run->orders, &run->config, &run->account, &report,
			     NULL, err);

	run->queued += report.queued;
	sk_capture_report_free(&report);
	return rc;
}

/* What is late needs no network: that there is none must not stop it. */
static int complete(struct run *run, struct sk_err *err)
{
	int rc = look(run, err);

	for (int round = 0; rc == 0 && round < ROUNDS; round++) {
		rc = fetch(run->orders.repo, err);
		if (rc == 0)
			rc = look(run, err);
	}
	return rc < 0 ? -1 : 0;
}

/* Returns 0; 1 when another one is at it; -1. */
static int complete_alone(struct run *run, struct sk_err *err)
{
	const char *common = sk_repo_common_dir(run->orders.repo);
	struct sk_str path = SK_STR_INIT;
	int fd, ret;

	/* not the lock of the notes, which hooks add to meanwhile */
	sk_str_addf(&path, "%s/sk-complete.lock", common);
	fd = sk_lock_as(path.ptr, sk_git_file_mode(common), 0, err);
	ret = fd >= 0 ? complete(run, err) : (err->code == SK_EBUSY ? 1 : -1);
	sk_unlock(fd);
	sk_str_free(&path);
	return ret;
}

/* Returns 0 when a commit is late still; 1 when none is; -1. */
static int find_late(struct sk_repo *repo, struct sk_err *err)
{
	struct sk_unseen notes;
	int rc = sk_unseen_load(&notes, repo, err);

	if (rc == 0)
		rc = sk_unseen_count(&notes, SK_UNSEEN_LATE) == 0;
	sk_unseen_free(&notes);
	return rc;
}

/*
 * Another one that is at it does it all: also what is noted behind its back, as
 * it looks for that once it no longer keeps others out.
 */
static int complete_all(struct run *run, struct sk_err *err)
{
	int rc = 0;

	for (int round = 0; rc == 0 && round < ROUNDS; round++) {
		rc = complete_alone(run, err);
		if (rc == 0)
			rc = find_late(run->orders.repo, err);
	}
	return rc < 0 ? -1 : 0;
}

/*
 * For a hook, which uses no network and has little time: fetch what a walk
 * missed, read what it left, and have sent what is found.
 */
static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct run run = {.config = SK_CONFIG_INIT, .account = SK_ACCOUNT_INIT};
	struct sk_err unsent = {0};
	int ret = -1;

	(void)values;
	if (sk_beside_enter(argc, argv, err) < 0)
		return -1;
	if (sk_repo_open_as_git(&run.orders.repo, err) < 0 ||
	    sk_config_load(&run.config, err) < 0 ||
	    sk_account_load(&run.account, err) < 0)
		goto out;
	run.orders.clone = sk_config_clone(&run.config);
	ret = run.orders.clone ? complete_all(&run, err) : 0;
	if (run.queued &&
	    sk_send_later(&run.config, &run.account, true, &unsent) < 0 &&
	    ret == 0) {
		*err = unsent;
		ret = -1;
	}
out:
	sk_account_free(&run.account);
	sk_config_free(&run.config);
	sk_repo_close(run.orders.repo);
	return ret;
}

const struct sk_cmd sk_cmd_sync_complete = {
	.name = "complete",
	.operands = "<folder>",
	.summary = "",
	.max_operands = 1,
	.run = run,
};
