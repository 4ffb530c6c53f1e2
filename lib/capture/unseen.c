/* SPDX-License-Identifier: MIT */
#include "capture/unseen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "git/glance.h"

/*
 * Lines of `lacks <commit> <object>`, `late <commit>` and `cut <commit>
 * <hidden>...`: what was captured then, from where the commits in between can
 * be told later. What else a line may say is left alone.
 */
#define FILE_NAME "sk-unseen"

enum { FILE_MAX = 64 << 20, LOCK_MS = 2000 };

static const char *const kinds[SK_UNSEEN_KINDS] = {
	[SK_UNSEEN_LACKS] = "lacks",
	[SK_UNSEEN_CUT] = "cut",
	[SK_UNSEEN_LATE] = "late",
};

static void add_path(struct sk_str *path, const struct sk_repo *repo,
		     const char *suffix)
{
	sk_str_addf(path, "%s/" FILE_NAME "%s", sk_repo_common_dir(repo),
		    suffix);
}

bool sk_unseen_exists(const struct sk_repo *repo)
{
	struct sk_str path = SK_STR_INIT;
	bool exists;

	add_path(&path, repo, "");
	exists = access(path.ptr, F_OK) == 0;
	sk_str_free(&path);
	return exists;
}

void sk_unseen_free(struct sk_unseen *unseen)
{
	for (size_t i = 0; i < unseen->count; i++) {
		free(unseen->notes[i].hidden);
		free(unseen->notes[i].line);
	}
	free(unseen->notes);
	*unseen = (struct sk_unseen){0};
}

/* Read one line, which strtok_r() may change. Returns 0; -1 for no note. */
static int parse(struct sk_unseen_note *note, char *text)
{
	char *save = NULL;
	const char *kind = strtok_r(text, " ", &save);
	const char *commit = strtok_r(NULL, " ", &save), *id;
	size_t cap = 0;

	if (!commit || sk_oid_parse(&note->commit, commit) < 0)
		return -1;
	while (note->kind < SK_UNSEEN_KINDS &&
	       strcmp(kinds[note->kind], kind) != 0)
		note->kind++;
	if (note->kind == SK_UNSEEN_KINDS)
		return -1;
	while ((id = strtok_r(NULL, " ", &save))) {
		struct sk_oid oid;

		if (sk_oid_parse(&oid, id) < 0)
			return -1;
		if (note->kind == SK_UNSEEN_LACKS) {
			note->object = oid;
			return 0;
		}
		SK_GROW(note->hidden, note->hidden_count, cap);
		note->hidden[note->hidden_count++] = oid;
	}
	return note->kind == SK_UNSEEN_LACKS ? -1 : 0;
}

static void add_note(struct sk_unseen *unseen, const char *line)
{
	struct sk_unseen_note note = {.line = sk_strdup(line)};
	char *copy = sk_strdup(line);

	if (parse(&note, copy) == 0) {
		SK_GROW(unseen->notes, unseen->count, unseen->cap);
		unseen->notes[unseen->count++] = note;
	} else {
		free(note.hidden);
		free(note.line);
	}
	free(copy);
}

int sk_unseen_load(struct sk_unseen *unseen, struct sk_repo *repo,
		   struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	char *line, *save = NULL;
	int rc;

	*unseen = (struct sk_unseen){0};
	add_path(&path, repo, "");
	rc = sk_file_read(&text, path.ptr, FILE_MAX, err);
	for (line = rc == 0 ? strtok_r(text.ptr, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		add_note(unseen, line);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

/*
 * Replace the lines, one writer at a time: `change` makes the new text of the
 * old. An empty one takes the file away.
 */
static int rewrite(struct sk_repo *repo,
		   void (*change)(struct sk_str *text, const void *ctx),
		   const void *ctx, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, lock = SK_STR_INIT,
		      text = SK_STR_INIT;
	mode_t mode = sk_git_file_mode(sk_repo_common_dir(repo));
	int fd, rc = -1;

	add_path(&path, repo, "");
	add_path(&lock, repo, ".lock");
	fd = sk_lock_as(lock.ptr, mode, LOCK_MS, err);
	if (fd >= 0)
		rc = sk_file_read(&text, path.ptr, FILE_MAX, err);
	if (rc >= 0) {
		change(&text, ctx);
		rc = 0;
		if (text.len)
			rc = sk_file_write(path.ptr, text.ptr, text.len, mode,
					   err);
		else
			unlink(path.ptr);
	}
	sk_unlock(fd);
	sk_str_free(&text);
	sk_str_free(&lock);
	sk_str_free(&path);
	return rc;
}

/* Add the lines of `ctx` that are not there yet. */
static void add_lines(struct sk_str *text, const void *ctx)
{
	const struct sk_str *lines = ctx;
	const char *at = lines->ptr;

	while (*at) {
		size_t len = strcspn(at, "\n") + 1;

		if (!memmem(text->ptr, text->len, at, len))
			sk_str_add(text, at, len);
		at += len;
	}
}

int sk_unseen_add(struct sk_repo *repo, const struct sk_walk *walk,
		  const struct sk_collection *found,
		  const struct sk_oid *hidden, size_t hidden_count,
		  struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1], object[SK_HEX_LEN + 1];
	struct sk_str lines = SK_STR_INIT;
	int rc = 0;

	for (size_t i = 0; i < found->missing_count; i++) {
		sk_oid_hex(hex, &found->missing[i].commit);
		sk_oid_hex(object, &found->missing[i].object);
		sk_str_addf(&lines, "lacks %s %s\n", hex, object);
	}
	for (size_t i = 0; i < found->late_count; i++) {
		sk_oid_hex(hex, &found->late[i]);
		sk_str_addf(&lines, "late %s\n", hex);
	}
	for (size_t i = 0; found->cut && i < walk->count; i++) {
		if (!walk->commits[i]->is_cut)
			continue;
		sk_oid_hex(hex, &walk->commits[i]->id);
		sk_str_addf(&lines, "cut %s", hex);
		for (size_t k = 0; k < hidden_count; k++) {
			sk_oid_hex(hex, &hidden[k]);
			sk_str_addf(&lines, " %s", hex);
		}
		sk_str_putc(&lines, '\n');
	}
	if (lines.len)
		rc = rewrite(repo, add_lines, &lines, err);
	sk_str_free(&lines);
	return rc;
}

size_t sk_unseen_count(const struct sk_unseen *unseen, enum sk_unseen_kind kind)
{
	struct sk_map commits = SK_MAP_INIT;
	size_t count;

	for (size_t i = 0; i < unseen->count; i++) {
		const struct sk_unseen_note *note = &unseen->notes[i];

		if (note->kind == kind)
			sk_map_add(&commits, (const char *)note->commit.id,
				   SK_OID_LEN, 1, NULL);
	}
	count = commits.len;
	sk_map_free(&commits);
	return count;
}

static void add_commit(struct sk_walk *walk, struct sk_commit *commit)
{
	SK_GROW(walk->all, walk->all_count, walk->all_cap);
	walk->all[walk->all_count++] = commit;
}

/* Take over what lies below a cut that is gone. Returns 0 or -1. */
static int add_below(struct sk_walk *walk, const struct sk_unseen_note *note,
		     struct sk_repo *repo, struct sk_err *err)
{
	struct sk_walk below = SK_WALK_INIT;
	struct sk_commit *commit;

	if (sk_walk_commits(&below, repo, &note->commit, 1, note->hidden,
			    note->hidden_count, err) < 0)
		return -1;
	for (size_t i = 0; i < below.count; i++) {
		if (sk_commit_read(&commit, repo, &below.commits[i]->id, err) !=
		    0)
			break; /* it was there a moment ago */
		add_commit(walk, commit);
	}
	sk_walk_free(&below);
	return 0;
}

/* Returns 0; 1 when it can be seen no better than before; -1. */
static int look(struct sk_walk *walk, const struct sk_unseen_note *note,
		bool has_time, struct sk_repo *repo, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_err ignored = {0};
	size_t size;
	int rc;

	if (note->kind == SK_UNSEEN_LATE && !has_time)
		return 1;
	if (note->kind == SK_UNSEEN_CUT &&
	    sk_repo_is_shallow_at(repo, &note->commit))
		return 1;
	if (note->kind == SK_UNSEEN_LACKS &&
	    sk_repo_blob_size(repo, &note->object, &size, &ignored) != 0)
		return 1;
	rc = sk_commit_read(&commit, repo, &note->commit, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (note->kind != SK_UNSEEN_CUT) {
		add_commit(walk, commit);
		return 0;
	}
	sk_commit_free(commit);
	return add_below(walk, note, repo, err);
}

/* Each commit once, in the order they came. */
static void fill_result(struct sk_walk *walk)
{
	struct sk_map seen = SK_MAP_INIT;

	walk->commits = sk_calloc(walk->all_count, sizeof(*walk->commits));
	for (size_t i = 0; i < walk->all_count; i++) {
		bool added;

		sk_map_add(&seen, (const char *)walk->all[i]->id.id, SK_OID_LEN,
			   1, &added);
		if (added)
			walk->commits[walk->count++] = walk->all[i];
	}
	sk_map_free(&seen);
}

int sk_unseen_walk(struct sk_walk *walk, bool *seen,
		   const struct sk_unseen *unseen, bool has_time,
		   struct sk_repo *repo, struct sk_err *err)
{
	int settled = 0;

	*walk = (struct sk_walk)SK_WALK_INIT;
	for (size_t i = 0; i < unseen->count; i++) {
		int rc = look(walk, &unseen->notes[i], has_time, repo, err);

		if (rc < 0) {
			sk_walk_free(walk);
			return -1;
		}
		seen[i] = rc == 0;
		settled += seen[i];
	}
	fill_result(walk);
	return settled;
}

struct seen {
	const struct sk_unseen *unseen;
	const bool *seen;
};

static void drop_lines(struct sk_str *text, const void *ctx)
{
	const struct seen *s = ctx;
	struct sk_str kept = SK_STR_INIT;
	char *line, *save = NULL;

	for (line = strtok_r(text->ptr, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		bool drop = false;

		for (size_t i = 0; i < s->unseen->count && !drop; i++)
			drop = s->seen[i] &&
			       strcmp(s->unseen->notes[i].line, line) == 0;
		if (!drop)
			sk_str_addf(&kept, "%s\n", line);
	}
	sk_str_free(text);
	*text = kept;
}

int sk_unseen_forget(struct sk_repo *repo, const struct sk_unseen *unseen,
		     const bool *seen, struct sk_err *err)
{
	struct seen ctx = {unseen, seen};

	return rewrite(repo, drop_lines, &ctx, err);
}

void sk_unseen_remove(const char *common_dir)
{
	static const char *const names[] = {FILE_NAME, FILE_NAME ".lock",
					    "sk-complete.lock"};
	struct sk_str path = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", common_dir, names[i]);
		unlink(path.ptr);
	}
	sk_str_free(&path);
}

int sk_unseen_fetch(const struct sk_unseen *unseen, struct sk_repo *repo,
		    struct sk_err *err)
{
	struct sk_map added = SK_MAP_INIT;
	struct sk_oid *ids = NULL;
	size_t count = 0, cap = 0;
	int rc = 1;

	for (size_t i = 0; i < unseen->count; i++) {
		const struct sk_oid *id = &unseen->notes[i].object;
		bool is_new = false;

		if (unseen->notes[i].kind == SK_UNSEEN_LACKS)
			sk_map_add(&added, (const char *)id->id, SK_OID_LEN, 1,
				   &is_new);
		if (!is_new)
			continue;
		SK_GROW(ids, count, cap);
		ids[count++] = *id;
	}
	if (count)
		rc = sk_repo_fetch(repo, ids, count, false, err);
	free(ids);
	sk_map_free(&added);
	return rc;
}
