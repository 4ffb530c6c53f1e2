/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "command/migrateview.h"
#include "front/cli.h"
#include "git/repo.h"

enum { LOCK_WAIT_MS = 10000 };

struct opts {
	bool dry_run, identity, json, quiet;
};

/* One at a time in a repository: two would find each other's work half done. */
static int lock_project(const char *common_dir, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct stat st;
	int fd;

	sk_str_addf(&path, "%s/sk-migrate.lock", common_dir);
	fd = sk_lock_as(path.ptr,
			stat(common_dir, &st) == 0 ? st.st_mode & 0666 : 0600,
			LOCK_WAIT_MS, err);
	sk_str_free(&path);
	return fd;
}

static int plan(struct sk_migrate_view *view, const char *project, bool ids,
		struct sk_err *err)
{
	if (sk_runtime_plan(&view->runtime, err) < 0 ||
	    sk_migration_plan(&view->project, project, err) < 0)
		return -1;
	return ids ? sk_missionids_plan(&view->ids, project, err) : 0;
}

static int apply(struct sk_migrate_view *view, const char *common_dir,
		 struct sk_err *err)
{
	if (sk_runtime_apply(&view->runtime, err) < 0 ||
	    sk_migration_apply(&view->project, err) < 0)
		return -1;
	return view->has_ids ? sk_missionids_apply(&view->ids, common_dir, err)
			     : 0;
}

/* Git sees what is gone, and somebody would wonder. */
static void advise(const struct sk_migrate_view *view)
{
	size_t tracked = sk_migrate_count_tracked(view);

	if (tracked && !view->is_dry_run)
		sk_advise("git tracks %zu of these files, which 'git status'"
			  " shows as deleted now; run 'git add -A .kittify'"
			  " and commit",
			  tracked);
}

static int migrate(struct sk_migrate_view *view, struct sk_repo *repo,
		   struct sk_err *err)
{
	const char *project = sk_repo_work_tree(repo);
	const char *common_dir = sk_repo_common_dir(repo);
	int lock = -1, rc = 0;

	if (!project)
		return sk_fail(err, SK_EFAIL,
			       "a bare repository has no .kittify");
	if (!view->is_dry_run) {
		lock = lock_project(common_dir, err);
		rc = lock < 0 ? -1 : 0;
	}
	if (rc == 0)
		rc = plan(view, project, view->has_ids, err);
	if (rc == 0 && !view->is_dry_run)
		rc = apply(view, common_dir, err);
	sk_unlock(lock);
	return rc;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_migrate_view view = SK_MIGRATE_VIEW_INIT;
	struct sk_repo *repo = NULL;
	int ret = -1;

	(void)argc, (void)argv; /* takes none */
	view.is_dry_run = opts->dry_run;
	view.has_ids = opts->identity;
	if (sk_repo_open_as_git(&repo, err) < 0 ||
	    migrate(&view, repo, err) < 0)
		goto out;
	if (opts->json)
		sk_migrate_print_json(&view);
	else
		sk_migrate_print_text(&view);
	advise(&view);
	ret = sk_missionids_count(&view.ids, SK_MISSIONID_ERROR) ? 1 : 0;
out:
	sk_runtime_free(&view.runtime);
	sk_migration_free(&view.project);
	sk_missionids_free(&view.ids);
	sk_repo_close(repo);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG('n', "dry-run", struct opts, dry_run,
		"say what would be done, and do nothing"),
	SK_FLAG(0, "identity", struct opts, identity,
		"give missions without a mission_id one, too"),
	SK_JSON(struct opts, json), SK_QUIET_FLAG(struct opts, quiet),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_mission_migrate = {
	.name = "migrate",
	.operands = "",
	.summary = "Put templates where they belong today.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
