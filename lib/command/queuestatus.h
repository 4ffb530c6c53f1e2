/* SPDX-License-Identifier: MIT */
/*
 * The state of one queue, for `git sk-sync status`: gathered without changing
 * anything, described by one table, shown to people or as a document.
 */
#ifndef SK_COMMAND_QUEUESTATUS_H
#define SK_COMMAND_QUEUESTATUS_H

#include "capture/project.h"
#include "capture/twins.h"
#include "capture/unseen.h"
#include "front/members.h"
#include "git/config.h"
#include "guard/account.h"
#include "outbox/stats.h"

struct sk_queue_status {
	int64_t now_ms;			/* when it was looked at */
	const struct sk_config *config; /* borrowed, like what is in it */
	bool may_send;			/* sk.sync and the variable above it */
	const char *flush;		/* sk.flush as it is set */
	const char *repository;		/* NULL = we are in none */
	struct sk_project project;	/* as it is settled; its uuid is "" */
	bool is_logged_in;
	const char *server, *username, *team; /* borrowed; NULL = none */
	const char *queue;		      /* path; borrowed */
	struct sk_outbox *box; /* NULL: nothing was ever queued */
	bool exists;	       /* there is a box */
	struct sk_queue_stats stats;
	struct sk_twins twins; /* of the repository we are in */
	int64_t twin_count;
	int64_t unseen; /* notes of it; a commit has one for each reason */
	int64_t unseen_by[SK_UNSEEN_KINDS];
	int64_t ready;	      /* neither held nor parked */
	int64_t oldest_age_s; /* -1 = none */
	struct sk_counts types, retries;
	int64_t last_delivery; /* seconds; 0 = never */
	int64_t failures;
	int64_t next;	/* seconds; 0 = there is nothing to wait for */
	int64_t wait_s; /* until then */
	/* both are empty without failures */
	struct sk_str last_category;
	struct sk_str last_error;
};

#define SK_QUEUE_STATUS_INIT                                                   \
	{                                                                      \
		.project = SK_PROJECT_INIT, .last_category = SK_STR_INIT,      \
		.last_error = SK_STR_INIT                                      \
	}

/* What `repository` says; the line for people is SK_NOT_SET_UP_LINE. */
#define SK_SET_UP	   "set-up"
#define SK_NOT_SET_UP	   "not-set-up"
#define SK_NOT_SET_UP_LINE "this repository is not set up: run 'git sk-setup'"

/* Whether we are in a repository whose commits say nothing to any queue. */
bool sk_queue_status_is_not_set_up(const struct sk_queue_status *status);

/*
 * Look at the queue of an account, and at the settings that matter to it, both
 * borrowed as long as *status is used. status->box may be set before: that
 * queue, open already, which is taken over. Returns 0; -1 also when sk.sync is
 * no boolean.
 */
int sk_queue_status_read(struct sk_queue_status *status,
			 const struct sk_account *account,
			 const struct sk_config *config,
			 struct sk_err *err) SK_NODISCARD;
void sk_queue_status_free(struct sk_queue_status *status);

/* How people read it. */
struct sk_queue_status_look {
	bool has_colour;
	int columns; /* bars beside counts end there; 0 = none */
};

/* Append it for people, at most ten of each list. Returns 0 or -1. */
int sk_queue_status_add_text(struct sk_str *out,
			     const struct sk_queue_status *status,
			     const struct sk_queue_status_look *look,
			     struct sk_err *err) SK_NODISCARD;

/* Append it whole to an output for programs. Returns 0 or -1. */
int sk_queue_status_add(struct sk_output *output,
			const struct sk_queue_status *status,
			struct sk_err *err) SK_NODISCARD;

#endif
