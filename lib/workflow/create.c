/* SPDX-License-Identifier: MIT */
#include "workflow/create.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "format/time.h"
#include "git/record.h"
#include "mission/lifecycle.h"
#include "mission/logfile.h"
#include "mission/meta.h"
#include "mission/names.h"
#include "workflow/createnote.h"

#define META   "meta.json"
#define SPEC   "spec.md"
#define KEEP   "tasks/.gitkeep"
#define README "tasks/README.md"

/* Whoever holds this lock makes a mission; no mission can have the name. */
#define LOCK_NAME "sk-create"

enum {
	FILES = 5,
	FILE_MAX = 1 << 22,
	MINT_WAIT_MS = 50,
	MINT_TRIES = 200, /* ten seconds, each good for one mission */
};

const char *const sk_create_files[] = {SPEC, META,   SK_EVENT_LOG_NAME,
				       KEEP, README, NULL};

static const char readme[] =
	"# Work packages\n"
	"\n"
	"One file for each work package, right in this folder: `WP01-<name>.md`"
	".\n"
	"It begins with a front matter, between two lines `---`:\n"
	"\n"
	"    work_package_id: WP01\n"
	"    title: What it does\n"
	"    dependencies: []\n"
	"    requirement_refs: [FR-001]\n"
	"    owned_files: [\"src/one/**\"]\n"
	"\n"
	"Below stands what is to be done. `tasks.md`, one folder up, has a"
	" section of\n"
	"the same id for each.\n"
	"\n"
	"`git sk-mission finalize` checks all of it and makes `lanes.json`. In"
	" which\n"
	"lane a work package is stands in `status.events.jsonl` alone.\n";

static void name_mission(struct sk_create *c)
{
	sk_str_clear(&c->mission_slug);
	sk_str_clear(&c->folder);
	sk_mission_slug_add(&c->mission_slug, c->slug, c->mission_id);
	if (c->worktree.len)
		sk_str_addf(&c->folder, "%s/" SK_MISSIONS_FOLDER "/%s",
			    c->worktree.ptr, c->mission_slug.ptr);
}

static bool is_begun(const struct sk_create *c)
{
	return c->folder.len && access(c->folder.ptr, F_OK) == 0;
}

/* The end of the name must tell a mission from all others, whatever the begin:
 * it is a handle, too. */
static bool is_taken(const struct sk_create *c)
{
	const char *end = c->mission_slug.ptr + c->mission_slug.len;

	for (size_t i = 0; i < c->missions.count; i++) {
		const char *slug = c->missions.items[i].slug;
		size_t len = strlen(slug);

		if (len > SK_MID8_LEN &&
		    strcmp(slug + len - SK_MID8_LEN, end - SK_MID8_LEN) == 0)
			return true;
	}
	return is_begun(c);
}

/* Whether the target branch has it: all of it then, it was one commit. */
static bool is_committed(const struct sk_create *c)
{
	const struct sk_mission_tip *tip;
	struct sk_str ref = SK_STR_INIT;
	bool is = false;

	sk_str_addf(&ref, "refs/heads/%s", c->target.ptr);
	tip = sk_missions_tip(&c->missions, ref.ptr);
	for (size_t i = 0; tip && !is && i < c->missions.count; i++) {
		const struct sk_mission *m = &c->missions.items[i];

		is = strcmp(m->slug, c->mission_slug.ptr) == 0 &&
		     sk_mission_at(m, &c->missions, tip);
	}
	sk_str_free(&ref);
	return is;
}

static int mint(struct sk_create *c, struct sk_err *err)
{
	for (int i = 0; i < MINT_TRIES; i++) {
		sk_ulid_random(c->mission_id);
		name_mission(c);
		if (!is_taken(c))
			return sk_create_write_note(c, err);
		sk_sleep_ms(MINT_WAIT_MS);
	}
	sk_fail(err, SK_EFAIL, "every name for mission '%s' is taken", c->slug);
	return sk_hint(err, "look at the clock of this machine");
}

/* The time is that of the id, so that who finishes writes the same. */
static int64_t created_us(const char *mission_id)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	int64_t ms = 0;

	for (int i = 0; i < 10; i++)
		ms = ms * 32 + (strchr(digits, mission_id[i]) - digits);
	return ms * 1000;
}

static void make_meta(struct sk_create *c, struct sk_str *out)
{
	struct sk_str at = SK_STR_INIT;
	struct sk_meta_new mission = {
		.mission_slug = c->mission_slug.ptr,
		.friendly_name = c->friendly_name,
		.mission_type = c->mission_type,
		.target_branch = c->target.ptr,
		.mission_id = c->mission_id,
		.purpose_tldr = c->purpose_tldr,
		.purpose_context = c->purpose_context,
		.is_pr_bound = c->is_pr_bound,
	};

	sk_time_add(&at, created_us(c->mission_id));
	mission.created_at = at.ptr;
	c->meta = sk_meta_make(&mission);
	sk_meta_add(out, c->meta);
	sk_str_free(&at);
}

static void make_log(const struct sk_create *c, struct sk_str *out)
{
	const struct sk_lifecycle life = {
		.mission_slug = c->mission_slug.ptr,
		.meta = c->meta,
		.actor = c->actor,
		.project_uuid = c->project_uuid,
		.project_slug = c->project_slug,
		.at_us = created_us(c->mission_id),
	};

	sk_lifecycle_add_created(out, &life);
	sk_lifecycle_add_started(out, &life, "SpecifyStarted");
}

static int make_files(struct sk_str texts[FILES], struct sk_create *c,
		      struct sk_err *err)
{
	int rc = sk_template_find(&c->spec, sk_repo_work_tree(c->repo),
				  c->mission_type, "spec-template.md", err);

	if (rc < 0)
		return -1;
	sk_str_add(&texts[0], c->spec.text.ptr, c->spec.text.len);
	make_meta(c, &texts[1]);
	make_log(c, &texts[2]);
	sk_str_puts(&texts[4], readme);
	return 0;
}

/* Below the top of a work tree: as git makes folders, not for us alone. */
static int make_folder(const struct sk_create *c, const char *name,
		       struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&path, "%s%s", c->folder.ptr, name);
	if (mkdir(path.ptr, 0777) < 0 && errno != EEXIST)
		rc = sk_fail_errno(err, errno, "cannot create '%s'", path.ptr);
	sk_str_free(&path);
	return rc;
}

static int make_folders(struct sk_create *c, struct sk_err *err)
{
	struct sk_str all = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&all, "%s/" SK_MISSIONS_FOLDER, c->worktree.ptr);
	if (mkdir(all.ptr, 0777) < 0 && errno != EEXIST)
		rc = sk_fail_errno(err, errno, "cannot create '%s'", all.ptr);
	sk_str_free(&all);
	if (rc == 0 && make_folder(c, "", err) == 0 &&
	    make_folder(c, "/tasks", err) == 0 &&
	    make_folder(c, "/checklists", err) == 0)
		return make_folder(c, "/research", err);
	return -1;
}

/*
 * Write what is missing. What is there was written whole, by who was killed
 * before us or by whoever has begun to fill it in, and stays: only meta.json is
 * made anew, of what was said this time.
 */
static int write_files(struct sk_str texts[FILES], struct sk_create *c,
		       struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, old = SK_STR_INIT;
	int rc = make_folders(c, err);

	for (int i = 0; rc == 0 && i < FILES; i++) {
		sk_str_clear(&path);
		sk_str_clear(&old);
		sk_str_addf(&path, "%s/%s", c->folder.ptr, sk_create_files[i]);
		sk_file_sweep(path.ptr);
		rc = sk_file_read(&old, path.ptr, FILE_MAX, err);
		if (rc == 1 ||
		    (rc == 0 && strcmp(sk_create_files[i], META) == 0 &&
		     strcmp(old.ptr, texts[i].ptr) != 0)) {
			rc = sk_file_write(path.ptr, texts[i].ptr, texts[i].len,
					   0644, err);
		} else if (rc == 0) {
			sk_str_clear(&texts[i]);
			sk_str_add(&texts[i], old.ptr, old.len);
		}
	}
	sk_str_free(&path);
	sk_str_free(&old);
	return rc;
}

static int commit_files(struct sk_str texts[FILES], struct sk_create *c,
			struct sk_err *err)
{
	struct sk_record_file files[FILES] = {{0}};
	struct sk_str paths[FILES], branch = SK_STR_INIT, message = SK_STR_INIT;
	struct sk_record record = {.files = files, .count = FILES};
	int rc;

	for (int i = 0; i < FILES; i++) {
		paths[i] = (struct sk_str)SK_STR_INIT;
		sk_str_addf(&paths[i], SK_MISSIONS_FOLDER "/%s/%s",
			    c->mission_slug.ptr, sk_create_files[i]);
		files[i].path = paths[i].ptr;
		files[i].data = texts[i].ptr;
		files[i].len = texts[i].len;
	}
	sk_str_addf(&branch, "refs/heads/%s", c->target.ptr);
	sk_str_addf(&message, "Add meta for feature %s", c->mission_slug.ptr);
	record.branch = branch.ptr;
	record.folder = c->worktree.len ? c->worktree.ptr : NULL;
	record.message = message.ptr;
	rc = sk_record_commit(&c->commit, c->repo, &record, err);
	if (rc < 0 && c->worktree.len)
		sk_within(err, "'%s' is written, but not committed",
			  c->mission_slug.ptr);
	for (int i = 0; i < FILES; i++)
		sk_str_free(&paths[i]);
	sk_str_free(&branch);
	sk_str_free(&message);
	return rc < 0 ? -1 : 0;
}

static int write_and_commit(struct sk_create *c, struct sk_err *err)
{
	struct sk_str texts[FILES];
	int rc;

	for (int i = 0; i < FILES; i++)
		texts[i] = (struct sk_str)SK_STR_INIT;
	rc = make_files(texts, c, err);
	if (rc == 0 && c->worktree.len)
		rc = write_files(texts, c, err);
	if (rc == 0)
		rc = commit_files(texts, c, err);
	for (int i = 0; i < FILES; i++)
		sk_str_free(&texts[i]);
	return rc;
}

/* Killed behind the commit: what may be left is the index of the worktree. */
static int mend(struct sk_create *c, struct sk_err *err)
{
	struct sk_str ignored = SK_STR_INIT;

	make_meta(c, &ignored);
	sk_str_free(&ignored);
	return c->worktree.len ? sk_record_mend(c->repo, c->worktree.ptr, err)
			       : 0;
}

/* What was noted and is nowhere to be found is forgotten. */
static int make_mission(struct sk_create *c, struct sk_err *err)
{
	int rc = sk_create_read_note(c, err);
	bool is_there = false;

	if (rc < 0)
		return -1;
	if (rc == 1) {
		name_mission(c);
		is_there = is_committed(c);
		c->is_finished = is_there || is_begun(c);
	}
	if (is_there)
		rc = mend(c, err);
	else if (c->is_finished || mint(c, err) == 0)
		rc = write_and_commit(c, err);
	else
		rc = -1;
	if (rc == 0)
		sk_create_remove_note(c);
	return rc;
}

int sk_create_run(struct sk_create *c, struct sk_err *err)
{
	int lock = sk_status_lock(sk_repo_common_dir(c->repo), LOCK_NAME,
				  SK_STATUS_LOCK_WAIT_MS, err);
	int rc;

	if (lock < 0 && err->code == SK_EBUSY) {
		sk_fail(err, SK_EBUSY, "another mission is being created");
		sk_hint(err, "run it again when that is done");
	}
	if (lock < 0)
		return -1;
	/* whoever had the lock may have made one */
	sk_missions_free(&c->missions);
	rc = sk_missions_find(&c->missions, c->repo, err);
	if (rc == 0)
		rc = make_mission(c, err);
	sk_unlock(lock);
	return rc;
}

void sk_create_free(struct sk_create *c)
{
	sk_faults_free(&c->faults);
	sk_str_free(&c->current);
	sk_str_free(&c->target);
	sk_str_free(&c->worktree);
	sk_missions_free(&c->missions);
	sk_str_free(&c->mission_slug);
	sk_str_free(&c->folder);
	sk_form_free(c->meta);
	sk_template_free(&c->spec);
	*c = (struct sk_create)SK_CREATE_INIT;
}
