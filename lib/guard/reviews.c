/* SPDX-License-Identifier: MIT */
#include "guard/reviews.h"

#include <stdlib.h>
#include <string.h>

#include "git/commitfile.h"
#include "mission/review.h"

enum { REVIEW_MAX = 4 << 20 };

/* The newest review of one work package. */
struct search {
	struct sk_repo *repo;
	struct sk_err *err;
	const char *wp_id;
	const char *in; /* the folder that is being read */
	struct sk_review newest;
	struct sk_oid id;
};

static int keep_newest(void *ctx, const struct sk_tree_entry *entry)
{
	struct search *s = ctx;

	if (sk_tree_entry_is_file(entry) &&
	    sk_review_keep(&s->newest, s->in, entry->name))
		s->id = entry->id;
	return 0;
}

static int look_into(void *ctx, const struct sk_tree_entry *entry)
{
	struct search *s = ctx;

	if (!sk_tree_entry_is_dir(entry) ||
	    !sk_review_is_folder(entry->name, s->wp_id))
		return 0;
	s->in = entry->name;
	return sk_tree_each(s->repo, &entry->id, keep_newest, s, s->err);
}

/* Whether the review rejects. Returns 1, 0 or -1. */
static int rejects(const struct search *s, struct sk_err *err)
{
	struct sk_raw text = SK_RAW_INIT;
	struct sk_str name = SK_STR_INIT;
	enum sk_verdict verdict = SK_VERDICT_NONE;
	int rc = sk_repo_read(s->repo, &s->id, SK_OBJECT_BLOB, &text, err);

	if (rc > 0)
		rc = sk_fail(err, SK_EDATA, "it is missing in this clone");
	else if (rc == 0 && text.len > REVIEW_MAX)
		rc = sk_fail(err, SK_EDATA, "it is larger than %d bytes",
			     REVIEW_MAX);
	else if (rc == 0)
		rc = sk_review_read(&verdict, text.data, text.len, err);
	if (rc < 0) {
		sk_review_add_path(&name, &s->newest);
		sk_within(err, "%s", name.ptr);
	} else {
		rc = verdict == SK_VERDICT_REJECTED;
	}
	sk_str_free(&name);
	sk_raw_release(&text);
	return rc;
}

/* What is done does not move on unless it is made to. */
static void add_remedy(struct sk_str *out, const char *slug,
		       const struct search *s, enum sk_lane lane)
{
	struct sk_str ref = SK_STR_INIT;

	sk_str_puts(out, "git sk-task move --mission ");
	sk_blocker_add_word(out, slug);
	if (lane == SK_LANE_DONE)
		sk_str_puts(out,
			    " --force --reason 'its newest review rejects it'");
	sk_str_addf(&ref, "review-cycle://%s/", slug);
	sk_review_add_path(&ref, &s->newest);
	sk_str_puts(out, " --review-ref ");
	sk_blocker_add_word(out, ref.ptr);
	sk_str_putc(out, ' ');
	sk_blocker_add_word(out, s->wp_id);
	sk_str_puts(out, " in_progress");
	sk_str_free(&ref);
}

static void report(struct sk_blockers *out, const char *slug,
		   const struct search *s, enum sk_lane lane)
{
	struct sk_blocker *b =
		sk_blocker_add(out, SK_BLOCKER_REJECTED_REVIEW, slug);
	struct sk_str path = SK_STR_INIT;

	sk_str_puts(&b->message, "mission '");
	sk_str_add_visible(&b->message, slug, strlen(slug), 200);
	sk_str_addf(&b->message,
		    "': %s is %s, and its newest review rejects"
		    " it: '",
		    s->wp_id, sk_lane_name(lane));
	sk_str_addf(&path, "kitty-specs/%s/tasks/", slug);
	sk_review_add_path(&path, &s->newest);
	sk_str_add_visible(&b->message, path.ptr, path.len, 400);
	sk_str_putc(&b->message, '\'');
	add_remedy(&b->remediation, slug, s, lane);
	sk_blockers_drop_twin(out);
	sk_str_free(&path);
}

/* Returns 0 or -1. */
static int look_at_wp(struct sk_blockers *out, struct sk_repo *repo,
		      const char *slug, const struct sk_oid *tasks,
		      const struct sk_log_row *row, struct sk_err *err)
{
	struct search s = {.repo = repo,
			   .err = err,
			   .wp_id = row->wp_id,
			   .newest = SK_REVIEW_INIT};
	int rc = sk_tree_each(repo, tasks, look_into, &s, err);

	if (rc == 0 && s.newest.number)
		rc = rejects(&s, err);
	if (rc > 0)
		report(out, slug, &s, row->to);
	sk_review_free(&s.newest);
	return rc < 0 ? -1 : 0;
}

int sk_reviews_look(struct sk_blockers *out, struct sk_repo *repo,
		    const char *slug, const struct sk_oid *mission,
		    const struct sk_reduced *state, struct sk_err *err)
{
	struct sk_tree_entry tasks;
	int rc = sk_tree_find(repo, mission, "tasks", &tasks, err);

	if (rc != 0 || !sk_tree_entry_is_dir(&tasks))
		return rc < 0 ? -1 : 0;
	for (size_t i = 0; i < state->wp_count; i++) {
		const struct sk_log_row *row = state->wps[i].row;

		if ((row->to == SK_LANE_APPROVED || row->to == SK_LANE_DONE) &&
		    look_at_wp(out, repo, slug, &tasks.id, row, err) < 0)
			rc = -1;
	}
	return rc;
}
