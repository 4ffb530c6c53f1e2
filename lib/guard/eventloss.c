/* SPDX-License-Identifier: MIT */
#include "guard/eventloss.h"

#include <stdlib.h>
#include <string.h>

#include "git/commitfile.h"
#include "mission/eventlog.h"
#include "mission/logkeys.h"

/* How many events are named. */
enum { NAMED_MAX = 3 };

void sk_loss_free(struct sk_loss *loss)
{
	sk_map_free(&loss->end_keys);
	loss->has_ends = false;
}

void sk_untold_add(struct sk_words *untold, const char *what,
		   const struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_add_visible(&text, what, strlen(what), 200);
	sk_str_puts(&text, ": ");
	sk_str_add_visible(&text, err->msg, strlen(err->msg), 400);
	sk_words_add_new(untold, text.ptr);
	sk_str_free(&text);
}

/* The log of a mission's folder; absent, it is empty. Returns 0 or -1. */
static int read_log(struct sk_raw *out, struct sk_repo *repo,
		    const struct sk_oid *mission, struct sk_err *err)
{
	int rc;

	*out = (struct sk_raw)SK_RAW_INIT;
	if (!mission)
		return 0;
	rc = sk_tree_file_read(out, repo, mission, SK_EVENT_LOG_NAME,
			       SK_EVENT_LOG_MAX, err);
	return rc < 0 ? -1 : 0;
}

static int add_end_log(void *ctx, const struct sk_tree_entry *entry)
{
	struct sk_loss *loss = ctx;
	struct sk_raw log = SK_RAW_INIT;
	struct sk_err err = {0};

	if (!sk_tree_entry_is_dir(entry))
		return 0;
	if (read_log(&log, loss->repo, &entry->id, &err) < 0)
		sk_untold_add(loss->untold, entry->name, &err);
	sk_log_keys_add(&loss->end_keys, log.data, log.len);
	sk_raw_release(&log);
	return 0;
}

/* Whether a line is in some log in the end. Read when one is missed at all. */
static bool is_in_the_end(struct sk_loss *loss, const char *key, size_t len)
{
	struct sk_err err = {0};

	for (size_t i = 0; !loss->has_ends && i < loss->end_count; i++) {
		if (loss->ends[i].len &&
		    sk_tree_each(loss->repo, &loss->ends[i], add_end_log, loss,
				 &err) < 0)
			sk_untold_add(loss->untold, "kitty-specs", &err);
	}
	loss->has_ends = true;
	return sk_map_get(&loss->end_keys, key, len) != NULL;
}

static void keep_lost(struct sk_loss *loss, struct sk_words *lost)
{
	size_t kept = 0;

	for (size_t i = 0; i < lost->len; i++) {
		char *key = lost->items[i];

		if (is_in_the_end(loss, key, strlen(key)))
			free(key);
		else
			lost->items[kept++] = key;
	}
	lost->len = kept;
}

/* One mission between two versions. */
struct step {
	struct sk_loss *loss;
	enum sk_loss_kind kind;
	const struct sk_version *old, *now;
	const struct sk_version *olds; /* all of them */
	size_t old_count;
};

static void add_names(struct sk_str *out, const struct sk_words *keys)
{
	for (size_t i = 0; i < keys->len && i < NAMED_MAX; i++) {
		sk_str_puts(out, i ? ", " : "");
		sk_log_key_add_name(out, keys->items[i]);
	}
	if (keys->len > NAMED_MAX)
		sk_str_addf(out, " and %zu more", keys->len - NAMED_MAX);
}

static void add_mission(struct sk_str *out, const char *slug)
{
	sk_str_puts(out, "mission '");
	sk_str_add_visible(out, slug, strlen(slug), 200);
	sk_str_puts(out, "': ");
}

static void add_path(struct sk_str *out, const char *slug, const char *name)
{
	sk_str_addf(out, "kitty-specs/%s/%s", slug, name);
}

/*
 * Lines that are there twice count once, so what is missing comes back when all
 * that the other version has is put behind.
 */
static void add_way_back(struct sk_str *out, const struct step *s,
			 const char *slug, bool is_torn)
{
	struct sk_str path = SK_STR_INIT, word = SK_STR_INIT,
		      spec = SK_STR_INIT;

	add_path(&path, slug, SK_EVENT_LOG_NAME);
	sk_str_addf(&spec, "%s:%s", s->old->hex, path.ptr);
	sk_blocker_add_word(&word, path.ptr);
	if (is_torn)
		sk_str_addf(out, "echo >>%s && ", word.ptr);
	sk_str_puts(out, "git show ");
	sk_blocker_add_word(out, spec.ptr);
	sk_str_addf(out, " >>%s && git add %s", word.ptr, word.ptr);
	if (s->now->hex[0])
		sk_str_addf(out, " && git commit -m 'restore lost events' %s",
			    word.ptr);
	sk_str_free(&spec);
	sk_str_free(&word);
	sk_str_free(&path);
}

static void report_lost(const struct step *s, const char *slug,
			const struct sk_words *lost, bool is_torn)
{
	struct sk_blockers *out = s->loss->out;
	const char *events = sk_plural((int64_t)lost->len, "event", "events");
	bool is_plain = s->kind == SK_LOSS_PLAIN;
	struct sk_blocker *b =
		is_plain ? sk_warning_add(out, SK_WARNING_REMOVED_EVENTS, slug)
			 : sk_blocker_add(out, SK_BLOCKER_LOST_EVENTS, slug);

	add_mission(&b->message, slug);
	if (is_plain)
		sk_str_addf(&b->message, "%s takes out %zu %s: ", s->now->name,
			    lost->len, events);
	else
		sk_str_addf(&b->message,
			    "%s loses %zu %s that %s has: ", s->now->name,
			    lost->len, events, s->old->name);
	add_names(&b->message, lost);
	add_way_back(&b->remediation, s, slug, is_torn);
	sk_blockers_drop_twin(out);
}

static void compare_logs(const struct step *s, const char *slug,
			 const struct sk_raw *old, const struct sk_raw *now)
{
	struct sk_words lost = SK_WORDS_INIT;

	sk_log_lost_add(&lost, old->data, old->len, now->data, now->len);
	if (lost.len)
		keep_lost(s->loss, &lost);
	if (lost.len)
		report_lost(s, slug, &lost,
			    now->len && now->data[now->len - 1] != '\n');
	sk_words_free(&lost);
}

/* The folder is gone; when all that its log said is elsewhere it has moved. */
static void report_gone(const struct step *s, const char *slug,
			const struct sk_raw *old)
{
	struct sk_words lost = SK_WORDS_INIT;
	struct sk_str path = SK_STR_INIT;
	struct sk_blocker *b;
	size_t had;

	sk_log_lost_add(&lost, old->data, old->len, "", 0);
	had = lost.len;
	keep_lost(s->loss, &lost);
	if (!had || lost.len) {
		b = sk_warning_add(s->loss->out, SK_WARNING_REMOVED_MISSION,
				   slug);
		add_mission(&b->message, slug);
		sk_str_addf(&b->message, "%s takes out its folder",
			    s->now->name);
		if (lost.len)
			sk_str_addf(&b->message, ", with %zu %s", lost.len,
				    sk_plural((int64_t)lost.len, "event",
					      "events"));
		sk_str_addf(&path, "kitty-specs/%s", slug);
		sk_str_addf(&b->remediation, "git checkout %s -- ",
			    s->old->hex);
		sk_blocker_add_word(&b->remediation, path.ptr);
		sk_blockers_drop_twin(s->loss->out);
	}
	sk_str_free(&path);
	sk_words_free(&lost);
}

/* Whether both folders have the same log, or none. Returns 1, 0 or -1. */
static int has_same_log(struct sk_repo *repo, const struct sk_oid *a,
			const struct sk_oid *b, struct sk_err *err)
{
	struct sk_tree_entry x, y;
	int has_x = sk_tree_find(repo, a, SK_EVENT_LOG_NAME, &x, err);
	int has_y = sk_tree_find(repo, b, SK_EVENT_LOG_NAME, &y, err);

	if (has_x < 0 || has_y < 0)
		return -1;
	return has_x == has_y &&
	       (has_x != 0 || (x.mode == y.mode && sk_oid_equal(&x.id, &y.id)));
}

static int look_for_loss(void *ctx, const struct sk_tree_entry *old,
			 const struct sk_tree_entry *now)
{
	const struct step *s = ctx;
	struct sk_raw was = SK_RAW_INIT, is = SK_RAW_INIT;
	struct sk_repo *repo = s->loss->repo;
	struct sk_err err = {0};
	bool stays = now && sk_tree_entry_is_dir(now);
	int rc;

	if (!old || !sk_tree_entry_is_dir(old))
		return 0;
	rc = stays ? has_same_log(repo, &old->id, &now->id, &err) : 0;
	if (rc == 0)
		rc = read_log(&was, repo, &old->id, &err);
	if (rc == 0)
		rc = read_log(&is, repo, stays ? &now->id : NULL, &err);
	if (rc < 0)
		sk_untold_add(s->loss->untold, old->name, &err);
	else if (rc == 0 && stays)
		compare_logs(s, old->name, &was, &is);
	else if (rc == 0)
		report_gone(s, old->name, &was);
	sk_raw_release(&is);
	sk_raw_release(&was);
	return 0;
}

/* Lines that are no rows, and that no parent has. */
struct broken {
	const struct step *step;
	struct sk_map *known; /* of all parents */
	struct sk_str first;
	size_t number, count;
	size_t before; /* lines that were not looked at */
};

static void add_broken(void *ctx, const char *key, size_t len, size_t number)
{
	struct broken *broken = ctx;

	if (key[0] != SK_LOG_KEY_BROKEN ||
	    sk_map_get(broken->known, key, len) ||
	    !is_in_the_end(broken->step->loss, key, len))
		return;
	if (broken->count++ == 0) {
		broken->number = broken->before + number;
		sk_log_key_add_name(&broken->first, key);
	}
}

static void report_broken(const struct step *s, const char *slug,
			  const struct broken *broken)
{
	struct sk_blocker *b = sk_blocker_add(
		s->loss->out, SK_BLOCKER_UNREADABLE_EVENT_LOG, slug);
	struct sk_str path = SK_STR_INIT;

	add_path(&path, slug, SK_EVENT_LOG_NAME);
	sk_str_addf(&b->message, "%s: ", s->now->name);
	sk_str_add_visible(&b->message, path.ptr, path.len, 300);
	sk_str_addf(&b->message, ":%zu: no event: %s", broken->number,
		    broken->first.ptr);
	if (broken->count > 1)
		sk_str_addf(
			&b->message, " and %zu more %s", broken->count - 1,
			sk_plural((int64_t)broken->count - 1, "line", "lines"));
	sk_str_puts(&b->remediation, "git sk-eventlog check ");
	sk_blocker_add_word(&b->remediation, path.ptr);
	sk_blockers_drop_twin(s->loss->out);
	sk_str_free(&path);
}

/*
 * The log of the mission in each parent: known lines, and the bytes that the
 * first has in common with it. Returns 0; 1 when one is just the same; -1.
 */
static int read_parents(struct broken *broken, const char *slug,
			const struct sk_oid *mission, const struct sk_raw *log,
			size_t *same, struct sk_err *err)
{
	const struct step *s = broken->step;
	struct sk_repo *repo = s->loss->repo;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->old_count; i++) {
		struct sk_raw old = SK_RAW_INIT;
		struct sk_tree_entry entry;

		if (!s->olds[i].missions.len)
			continue;
		rc = sk_tree_find(repo, &s->olds[i].missions, slug, &entry,
				  err);
		if (rc > 0 || (rc == 0 && !sk_tree_entry_is_dir(&entry))) {
			rc = 0;
			continue;
		}
		if (rc == 0)
			rc = has_same_log(repo, &entry.id, mission, err);
		if (rc == 0)
			rc = read_log(&old, repo, &entry.id, err);
		if (rc == 0) {
			size_t len = sk_log_same_lines(old.data, old.len,
						       log->data, log->len);

			*same = len > *same ? len : *same;
			sk_log_keys_add(broken->known, old.data + len,
					old.len - len);
		}
		sk_raw_release(&old);
	}
	return rc;
}

static size_t count_lines(const char *data, size_t len)
{
	return len ? sk_log_line_number(data, len) - 1 : 0;
}

static int look_for_broken(void *ctx, const struct sk_tree_entry *old,
			   const struct sk_tree_entry *now)
{
	const struct step *s = ctx;
	struct sk_map known = SK_MAP_INIT;
	struct broken broken = {
		.step = s, .known = &known, .first = SK_STR_INIT};
	struct sk_raw log = SK_RAW_INIT;
	struct sk_err err = {0};
	size_t same = 0;
	int rc;

	(void)old;
	if (!now || !sk_tree_entry_is_dir(now))
		return 0;
	rc = read_log(&log, s->loss->repo, &now->id, &err);
	if (rc == 0 && log.len)
		rc = read_parents(&broken, now->name, &now->id, &log, &same,
				  &err);
	if (rc < 0)
		sk_untold_add(s->loss->untold, now->name, &err);
	if (rc == 0) {
		broken.before = count_lines(log.data, same);
		sk_log_each_key(log.data + same, log.len - same, add_broken,
				&broken);
	}
	if (broken.count)
		report_broken(s, now->name, &broken);
	sk_str_free(&broken.first);
	sk_map_free(&known);
	sk_raw_release(&log);
	return 0;
}

static const struct sk_oid *tree_of(const struct sk_version *version)
{
	return version->missions.len ? &version->missions : NULL;
}

void sk_loss_look(struct sk_loss *loss, enum sk_loss_kind kind,
		  const struct sk_version *now, const struct sk_version *olds,
		  size_t old_count)
{
	struct step s = {.loss = loss,
			 .kind = kind,
			 .now = now,
			 .olds = olds,
			 .old_count = old_count};
	const struct sk_oid *first = old_count ? tree_of(&olds[0]) : NULL;
	struct sk_err err = {0};

	for (size_t i = 0; i < old_count; i++) {
		s.old = &olds[i];
		if (sk_tree_diff(loss->repo, tree_of(s.old), tree_of(now),
				 look_for_loss, &s, &err) < 0)
			sk_untold_add(loss->untold, "kitty-specs", &err);
	}
	if (kind != SK_LOSS_REPLACE &&
	    sk_tree_diff(loss->repo, first, tree_of(now), look_for_broken, &s,
			 &err) < 0)
		sk_untold_add(loss->untold, "kitty-specs", &err);
}
