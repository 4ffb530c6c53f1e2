/* SPDX-License-Identifier: MIT */
#include "setup/setup.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "setup/byhand.h"
#include "setup/wanted.h"

#define FILTERS_KEY "sk.filters"

int sk_setup_find_programs(struct sk_str *programs, struct sk_err *err)
{
	int ret = 0;

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		programs[i] = (struct sk_str)SK_STR_INIT;
	for (size_t i = 0; i < SK_HOOK_EVENTS && ret == 0; i++)
		ret = sk_sibling_path(&programs[i], sk_hook_events[i].name,
				      err);
	return ret;
}

/* Links on the way to it would make one folder look like two. */
static char *real_path(const char *path)
{
	char *real = path ? realpath(path, NULL) : NULL;

	return real ? real : sk_strdup(path);
}

/* Whatever has become of it: who put it there wanted it. */
static bool is_installed(const struct sk_setup *s, size_t i)
{
	struct sk_str line = SK_STR_INIT;
	bool is = sk_place_ours(&s->places[i]) ||
		  s->configured[i].command.len ||
		  sk_byhand_find(&line, s, &sk_hook_events[i]);

	sk_str_free(&line);
	return is;
}

int sk_setup_open(struct sk_setup *s, struct sk_err *err)
{
	*s = (struct sk_setup){.config = SK_CONFIG_INIT,
			       .folder = SK_FOLDER_INIT};
	if (sk_repo_open_as_git(&s->repo, err) < 0 ||
	    sk_config_load(&s->config, err) < 0 ||
	    sk_setup_find_programs(s->programs, err) < 0 ||
	    sk_git_version(&s->git, "git", err) < 0)
		return -1;
	s->common = real_path(sk_repo_common_dir(s->repo));
	s->tree = real_path(sk_repo_work_tree(s->repo));
	if (sk_folder_find(&s->folder, s->common, &s->config, err) < 0 ||
	    sk_confighooks_read(s->configured, err) < 0 ||
	    sk_filters_look(&s->filters, s->common, err) < 0)
		return -1;
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		sk_place_look(&s->places[i], s->folder.path.ptr,
			      &sk_hook_events[i]);
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		s->wants[i] = sk_event_is_wanted(&sk_hook_events[i],
						 is_installed(s, i), s->repo);
	return 0;
}

void sk_setup_close(struct sk_setup *s)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		sk_place_free(&s->places[i]);
		sk_str_free(&s->programs[i]);
	}
	sk_confighooks_free(s->configured);
	sk_filters_free(&s->filters);
	free(s->common);
	free(s->tree);
	sk_folder_free(&s->folder);
	sk_config_free(&s->config);
	sk_repo_close(s->repo);
}

bool sk_setup_has_commits(const struct sk_setup *s)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	bool has = s->tree;
	DIR *dir;

	sk_str_addf(&path, "%s/worktrees", s->common);
	dir = has ? NULL : opendir(path.ptr);
	while (dir && !has && (entry = readdir(dir)))
		has = entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	sk_str_free(&path);
	return has;
}

bool sk_setup_wants_filters(const struct sk_setup *s)
{
	const char *value = sk_config_get(&s->config, FILTERS_KEY);

	return !value || sk_config_parse_bool(value) != 0;
}

const char *sk_setup_command(const struct sk_setup *s)
{
	const char *how = sk_config_get(&s->config, "sk.hooks");
	bool has_filters = sk_setup_wants_filters(s);

	if ((how && strcmp(how, "manual") == 0) ||
	    (s->folder.is_refused && !sk_git_has_config_hooks(&s->git)))
		return has_filters ? "git sk-setup --manual"
				   : "git sk-setup --manual --no-filters";
	if (how && strcmp(how, "files") == 0)
		return has_filters ? "git sk-setup --files"
				   : "git sk-setup --files --no-filters";
	return has_filters ? "git sk-setup" : "git sk-setup --no-filters";
}

/* Hooks by configuration are asked for, and the git in use must run them. */
static int check_scope(const struct sk_setup *s,
		       const struct sk_setup_orders *orders, struct sk_err *err)
{
	if (orders->scope == SK_SCOPE_LOCAL)
		return 0;
	if (orders->files_only)
		return sk_fail(err, SK_EUSAGE,
			       "--files is for one repository and all its"
			       " worktrees");
	if (sk_git_has_config_hooks(&s->git))
		return 0;
	sk_fail(err, SK_EFAIL,
		"hooks by configuration need git 2.54, this is %u.%u",
		s->git.major, s->git.minor);
	return sk_hint(err, "run 'git sk-setup' in each repository");
}

static int refuse_folder(const struct sk_setup *s, struct sk_err *err)
{
	sk_fail(err, SK_EFAIL, "%s", s->folder.why.ptr);
	return sk_hint(err, "run 'git sk-setup --manual' for lines to add by"
			    " hand, or give this repository a folder of its"
			    " own with 'git config core.hooksPath <folder>'");
}

static int plan_files(struct sk_setup_plan *plan, const struct sk_setup *s,
		      struct sk_err *err)
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		if (!s->wants[i])
			continue;
		/* what can refuse would refuse twice: one way is enough */
		if (sk_hook_events[i].is_gate && plan->sets_config) {
			if (sk_place_ours(&s->places[i]))
				sk_arrange_remove(&s->places[i], true,
						  &plan->steps);
			continue;
		}
		if (sk_arrange_install(&s->places[i], s->programs[i].ptr,
				       &plan->steps, err) < 0)
			return -1;
	}
	return 0;
}

static int plan_hooks(struct sk_setup_plan *plan, const struct sk_setup *s,
		      const struct sk_setup_orders *orders, struct sk_err *err)
{
	plan->sets_config =
		sk_git_has_config_hooks(&s->git) && !orders->files_only;
	plan->writes_files =
		orders->scope == SK_SCOPE_LOCAL && !s->folder.is_refused;
	if (!plan->sets_config && !plan->writes_files)
		return refuse_folder(s, err);
	if (plan->sets_config &&
	    sk_confighook_file(&plan->config_file, orders->scope, err) < 0)
		return -1;
	return plan->writes_files ? plan_files(plan, s, err) : 0;
}

static void add_step(struct sk_steps *steps, const char *what)
{
	sk_steps_add(steps, SK_STEP_ELSEWHERE, NULL, NULL, what);
}

static void add_filters(struct sk_steps *steps, const struct sk_setup *s)
{
	if (!sk_filters_show(&s->filters))
		add_step(steps, "have git show event logs in words");
	if (!sk_filters_merge(&s->filters))
		add_step(steps, "have git merge event logs row by row");
}

void sk_setup_drop_filters(struct sk_steps *steps, const struct sk_setup *s)
{
	if (sk_filters_have_show(&s->filters))
		add_step(steps, "have git show event logs as they are");
	if (sk_filters_have_merge(&s->filters))
		add_step(steps, "have git merge event logs line by line");
}

int sk_setup_plan_install(struct sk_setup_plan *plan, const struct sk_setup *s,
			  const struct sk_setup_orders *orders,
			  struct sk_err *err)
{
	*plan = (struct sk_setup_plan)SK_SETUP_PLAN_INIT;
	plan->scope = orders->scope;
	plan->how = orders->manual	 ? "manual"
		    : orders->files_only ? "files"
					 : NULL;
	if (check_scope(s, orders, err) < 0 ||
	    (!orders->manual && plan_hooks(plan, s, orders, err) < 0))
		return -1;
	plan->sets_filters = !orders->hooks_only && !orders->no_filters;
	plan->drops_filters = !orders->hooks_only && orders->no_filters;
	if (plan->sets_filters)
		add_filters(&plan->steps, s);
	if (plan->drops_filters)
		sk_setup_drop_filters(&plan->steps, s);
	return 0;
}

void sk_setup_plan_free(struct sk_setup_plan *plan)
{
	sk_steps_free(&plan->steps);
	sk_str_free(&plan->config_file);
}

/*
 * How a folder is remembered: by where it is in the repository, which may be
 * moved or copied, else by its path.
 */
static void add_record(struct sk_str *out, const struct sk_setup *s,
		       const char *path)
{
	const char *const bases[] = {s->common, s->tree};
	const char *const names[] = {"git:", "tree:"};

	for (size_t i = 0; i < 2; i++) {
		if (sk_path_is_inside(path, bases[i])) {
			sk_str_addf(out, "%s%s", names[i],
				    path + strlen(bases[i]) + 1);
			return;
		}
	}
	sk_str_puts(out, path);
}

struct value_search {
	const char *want;
	bool found;
};

static void look_for_value(void *ctx, const char *value)
{
	struct value_search *search = ctx;

	search->found |= strcmp(value, search->want) == 0;
}

static int remember(const struct sk_setup *s, const char *key, const char *path,
		    struct sk_err *err)
{
	struct sk_str record = SK_STR_INIT;
	struct value_search search = {NULL, false};
	int rc = 0;

	add_record(&record, s, path);
	search.want = record.ptr;
	sk_config_each_value(&s->config, key, look_for_value, &search);
	if (!search.found)
		rc = sk_config_add(key, record.ptr, err);
	sk_str_free(&record);
	return rc;
}

/* The folder itself is made as git makes its own, for all who may read it. */
static int make_folder(const struct sk_setup *s, struct sk_err *err)
{
	struct stat st;

	if (stat(s->folder.path.ptr, &st) == 0)
		return 0;
	if (remember(s, "sk.madeHooksDir", s->folder.path.ptr, err) < 0)
		return -1;
	if (mkdir(s->folder.path.ptr, 0777) == 0)
		return 0;
	return sk_mkdir_p(s->folder.path.ptr, err);
}

/* How it was asked for is remembered, as it is of hooks. */
static int apply_filters(const struct sk_setup_plan *plan,
			 const struct sk_setup *s, struct sk_err *err)
{
	if (plan->drops_filters)
		return sk_filters_remove(&s->filters, err) < 0
			       ? -1
			       : sk_config_set(FILTERS_KEY, "false", err);
	if (!plan->sets_filters)
		return 0;
	if (sk_config_get(&s->config, FILTERS_KEY) &&
	    sk_config_unset(FILTERS_KEY, err) < 0)
		return -1;
	return sk_filters_install(&s->filters, err);
}

int sk_setup_apply(const struct sk_setup_plan *plan, const struct sk_setup *s,
		   struct sk_err *err)
{
	const char *programs[SK_HOOK_EVENTS];

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		programs[i] = s->wants[i] ? s->programs[i].ptr : NULL;
	if ((plan->how ? sk_config_set("sk.hooks", plan->how, err)
		       : sk_config_unset("sk.hooks", err)) < 0)
		return -1;
	if (plan->writes_files &&
	    (make_folder(s, err) < 0 ||
	     remember(s, "sk.hooksDir", s->folder.path.ptr, err) < 0))
		return -1;
	if (sk_steps_apply(&plan->steps, err) < 0)
		return -1;
	if (plan->sets_config &&
	    sk_confighooks_write(plan->config_file.ptr, programs, plan->scope,
				 err) < 0)
		return -1;
	return apply_filters(plan, s, err);
}
