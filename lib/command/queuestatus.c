/* SPDX-License-Identifier: MIT */
/* Reading it; how it is shown is in statusfields.c and statuslists.c. */
#include "command/queuestatus.h"

#include <string.h>

#include "base/now.h"
#include "git/repo.h"
#include "outbox/state.h"

static int read_state(struct sk_queue_status *status, struct sk_err *err)
{
	struct sk_outbox *box = status->box;
	int64_t next_ms = 0; /* stays so when there is none */

	if (sk_state_get_int(box, "last_delivery", &status->last_delivery,
			     err) < 0 ||
	    sk_state_get_int(box, "failures", &status->failures, err) < 0 ||
	    sk_state_get_int(box, "next_attempt_ms", &next_ms, err) < 0)
		return -1;
	if (next_ms > status->now_ms) {
		status->next = next_ms / 1000;
		status->wait_s = (next_ms - status->now_ms + 999) / 1000;
	}
	if (status->failures == 0)
		return 0;
	if (sk_state_get(box, "last_category", &status->last_category, err) < 0)
		return -1;
	if (sk_state_get(box, "last_error", &status->last_error, err) < 0)
		return -1;
	return 0;
}

static void add_count(struct sk_counts *counts, const char *name, int64_t count)
{
	counts->at[counts->len].name = name;
	counts->at[counts->len].count = count;
	counts->len++;
}

static void take_stats(struct sk_queue_status *status)
{
	static const char *const buckets[] = {"0", "1-3", "4+"};
	const struct sk_queue_stats *stats = &status->stats;

	_Static_assert(SK_STATS_TYPES <= SK_COUNTOF(status->types.at),
		       "room for all types");
	status->ready = stats->depth - stats->held;
	status->oldest_age_s = -1;
	if (stats->oldest > 0)
		status->oldest_age_s = status->now_ms / 1000 - stats->oldest;
	for (size_t i = 0; i < stats->types; i++)
		add_count(&status->types, stats->type[i].name,
			  stats->type[i].count);
	for (size_t i = 0; i < SK_COUNTOF(buckets); i++)
		add_count(&status->retries, buckets[i], stats->retried[i]);
}

static int read_box(struct sk_queue_status *status, struct sk_err *err)
{
	int rc = status->box ? 0
			     : sk_outbox_open_readonly(&status->box,
						       status->queue, err);

	status->exists = rc == 0;
	if (rc)
		return rc < 0 ? -1 : 0;
	if (sk_queue_stats(status->box, &status->stats, err) < 0)
		return -1;
	return read_state(status, err);
}

/* Set up or not: what libgit2 cannot read is no repository of ours. */
static const char *repository_state(const struct sk_config *config)
{
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};
	int rc;

	if (sk_config_clone(config))
		return SK_SET_UP;
	rc = sk_repo_open(&repo, &ignored);
	sk_repo_close(repo);
	return rc == 0 ? SK_NOT_SET_UP : NULL;
}

static int read_settings(struct sk_queue_status *status, struct sk_err *err)
{
	const struct sk_config *config = status->config;
	struct sk_err ignored = {0};

	if (sk_config_may_send(&status->may_send, config, err) < 0)
		return -1;
	status->flush = sk_config_get(config, "sk.flush");
	if (!status->flush)
		status->flush = "background";
	status->repository = repository_state(config);
	if (sk_project_read(&status->project, config, &ignored) < 0)
		sk_project_free(&status->project);
	return 0;
}

static void read_unseen(struct sk_queue_status *status, struct sk_repo *repo)
{
	struct sk_unseen notes;
	struct sk_err ignored = {0};

	if (sk_unseen_load(&notes, repo, &ignored) < 0)
		return;
	for (enum sk_unseen_kind kind = 0; kind < SK_UNSEEN_KINDS; kind++) {
		status->unseen_by[kind] =
			(int64_t)sk_unseen_count(&notes, kind);
		status->unseen += status->unseen_by[kind];
	}
	sk_unseen_free(&notes);
}

/* What is wrong with the logs here is not what is wrong with the queue. */
static void read_history(struct sk_queue_status *status)
{
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};

	if (!sk_config_clone(status->config) ||
	    sk_repo_open(&repo, &ignored) < 0)
		return;
	if (sk_twins_find(&status->twins, repo, &ignored) == 0)
		status->twin_count = (int64_t)status->twins.count;
	read_unseen(status, repo);
	sk_repo_close(repo);
}

bool sk_queue_status_is_not_set_up(const struct sk_queue_status *status)
{
	return status->repository &&
	       strcmp(status->repository, SK_NOT_SET_UP) == 0;
}

static const char *or_null(const struct sk_str *text)
{
	return text->len ? text->ptr : NULL;
}

int sk_queue_status_read(struct sk_queue_status *status,
			 const struct sk_account *account,
			 const struct sk_config *config, struct sk_err *err)
{
	status->now_ms = sk_now_ms();
	status->config = config;
	status->is_logged_in = account->is_logged_in;
	status->server = or_null(&account->creds.server);
	status->username = or_null(&account->creds.username);
	status->team = or_null(&account->creds.team);
	status->queue = account->queue_path.ptr;
	if (read_settings(status, err) < 0 || read_box(status, err) < 0)
		return -1;
	take_stats(status);
	read_history(status);
	return 0;
}

void sk_queue_status_free(struct sk_queue_status *status)
{
	sk_outbox_close(status->box);
	sk_twins_free(&status->twins);
	sk_project_free(&status->project);
	sk_str_free(&status->last_category);
	sk_str_free(&status->last_error);
	*status = (struct sk_queue_status)SK_QUEUE_STATUS_INIT;
}
