/* SPDX-License-Identifier: MIT */
#include "capture/project.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/trace.h"
#include "capture/declared.h"
#include "capture/derived.h"
#include "format/ulid.h"
#include "git/worktree.h"

static const struct {
	const char *name, *words;
} sources[] = {
	[SK_PROJECT_DERIVED] = {"derived", "derived from the first commit"},
	[SK_PROJECT_SET] = {"set", "set as sk.projectUuid"},
	[SK_PROJECT_DECLARED] = {"declared",
				 "declared in '" SK_DECLARED_FILE "'"},
};

const char *sk_project_source_name(enum sk_project_source source)
{
	return sources[source].name;
}

const char *sk_project_source_words(enum sk_project_source source)
{
	return sources[source].words;
}

void sk_project_free(struct sk_project *project)
{
	for (size_t i = 0; i < project->former_count; i++)
		free(project->formers[i]);
	free(project->formers);
	sk_str_free(&project->uuid);
	sk_str_free(&project->slug);
	sk_str_free(&project->replaced);
	*project = (struct sk_project)SK_PROJECT_INIT;
}

struct sk_project_id sk_project_id(const struct sk_project *project)
{
	return (struct sk_project_id){
		.uuid = project->uuid.ptr,
		.slug = project->slug.ptr,
		.formers = (const char *const *)project->formers,
		.former_count = project->former_count};
}

static bool is_same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* The last part of a path or URL, without ".git", "/" and "/." at the end. */
static void add_last_part(struct sk_str *out, const char *path)
{
	size_t end = strlen(path), start;

	while (end && (path[end - 1] == '/' ||
		       (end > 1 && memcmp(path + end - 2, "/.", 2) == 0)))
		end--;
	if (end > 4 && memcmp(path + end - 4, ".git", 4) == 0)
		end -= 4;
	for (start = end; start && !strchr("/:", path[start - 1]); start--)
		;
	sk_str_add(out, path + start, end - start);
}

/* A bare one may be hidden in the folder of its worktrees: its name counts. */
static void add_bare_name(struct sk_str *out, const char *common)
{
	struct sk_str parent = SK_STR_INIT;
	const char *name = strrchr(common, '/');

	if (!name || name[1] != '.') {
		add_last_part(out, common);
		return;
	}
	sk_str_add(&parent, common, (size_t)(name - common));
	add_last_part(out, parent.ptr);
	sk_str_free(&parent);
}

static void default_slug(struct sk_str *out, const struct sk_repo *repo,
			 const struct sk_config *config)
{
	const char *url = sk_config_get(config, "remote.origin.url");
	struct sk_str folder = SK_STR_INIT;

	sk_str_clear(out);
	if (url)
		add_last_part(out, url);
	else if (sk_main_folder(&folder, repo, config) == 0)
		add_last_part(out, folder.ptr);
	else
		add_bare_name(out, sk_repo_common_dir(repo));
	sk_str_free(&folder);
	for (char *c = out->ptr; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '_' || *c == ' ')
			*c = '-';
	}
}

static void add_former(struct sk_project *project, const char *uuid)
{
	SK_GROW(project->formers, project->former_count, project->former_cap);
	project->formers[project->former_count++] = sk_strdup(uuid);
}

static void take_former(void *ctx, const char *uuid)
{
	struct sk_project *project = ctx;

	if (sk_uuid_is_valid(uuid))
		add_former(project, uuid);
}

static void drop_former(struct sk_project *project, const char *uuid)
{
	size_t kept = 0;

	for (size_t i = 0; i < project->former_count; i++) {
		if (is_same(project->formers[i], uuid))
			free(project->formers[i]);
		else
			project->formers[kept++] = project->formers[i];
	}
	project->former_count = kept;
}

static int check_setting(const char *key, const char *uuid, struct sk_err *err)
{
	if (sk_uuid_is_valid(uuid))
		return 0;
	sk_fail(err, SK_EDATA, "%s is no UUID: '%.60s'", key, uuid);
	return sk_hint(err, "run 'git config --unset %s', or set it to one",
		       key);
}

int sk_project_read(struct sk_project *project, const struct sk_config *config,
		    struct sk_err *err)
{
	const char *uuid = sk_config_get(config, "sk.settledUuid");
	const char *by = sk_config_get(config, "sk.settledBy");
	const char *slug = sk_config_get(config, "sk.settledSlug");

	*project = (struct sk_project)SK_PROJECT_INIT;
	project->is_unsettled = !uuid;
	project->source = SK_PROJECT_SET; /* whoever wrote the uuid there */
	for (size_t i = 0; by && i < SK_COUNTOF(sources); i++) {
		if (strcmp(by, sources[i].name) == 0)
			project->source = (enum sk_project_source)i;
	}
	if (!uuid) { /* git-sk 0.1.0 kept only this */
		uuid = sk_config_get(config, "sk.derivedUuid");
		project->source = SK_PROJECT_DERIVED;
	}
	if (uuid && check_setting("sk.settledUuid", uuid, err) < 0)
		return -1;
	sk_str_set(&project->uuid, uuid ? uuid : "");
	sk_str_set(&project->slug, slug ? slug : "");
	sk_config_each_value(config, "sk.formerUuid", take_former, project);
	drop_former(project, project->uuid.ptr);
	return uuid ? 0 : 1;
}

/* This uuid from now on. */
static void take(struct sk_project *project, const char *uuid,
		 enum sk_project_source source)
{
	bool same = is_same(uuid, project->uuid.ptr);

	if (same && source == project->source)
		return;
	if (project->uuid.len && !same) {
		sk_str_set(&project->replaced, project->uuid.ptr);
		project->replaced_source = project->source;
		add_former(project, project->uuid.ptr);
	}
	if (!same) {
		sk_str_set(&project->uuid, uuid);
		drop_former(project, uuid);
	}
	project->source = source;
	project->is_unsettled = true;
}

/* Read the declaration; of a clone that has a uuid, a broken one can wait. */
static int look_for_declared(struct sk_declared *declared, struct sk_repo *repo,
			     const struct sk_config *config, bool can_wait,
			     struct sk_err *err)
{
	struct sk_err why = {0};

	if (sk_declared_read(declared, repo, config, &why) == 0)
		return 0;
	if (!can_wait) {
		*err = why;
		return -1;
	}
	sk_trace("project", "%s", why.msg);
	sk_str_clear(&declared->uuid);
	sk_str_clear(&declared->slug);
	return 0;
}

/* Take what is declared, else set. Returns 0; 1 when neither is; -1. */
static int take_given(struct sk_project *project,
		      const struct sk_declared *declared,
		      const struct sk_config *config, struct sk_err *err)
{
	const char *set = sk_config_get(config, "sk.projectUuid");

	if (declared->uuid.len) {
		take(project, declared->uuid.ptr, SK_PROJECT_DECLARED);
		return 0;
	}
	if (!set)
		return 1;
	if (check_setting("sk.projectUuid", set, err) < 0)
		return -1;
	take(project, set, SK_PROJECT_SET);
	return 0;
}

static void find_slug(struct sk_project *project,
		      const struct sk_declared *declared,
		      const struct sk_repo *repo,
		      const struct sk_config *config)
{
	const char *settled = sk_config_get(config, "sk.settledSlug");

	if (declared->slug.len)
		sk_str_set(&project->slug, declared->slug.ptr);
	else
		default_slug(&project->slug, repo, config);
	if (!settled || strcmp(settled, project->slug.ptr) != 0)
		project->is_unsettled = true;
}

/*
 * Before it was declared, this clone or another one that shares the queue may
 * have captured under the uuid that it has by itself.
 */
static void suspect_derived(struct sk_project *project, struct sk_repo *repo)
{
	struct sk_str uuid = SK_STR_INIT;
	struct sk_err ignored = {0};

	if (sk_derived_find(&uuid, repo, &ignored) == 0)
		add_former(project, uuid.ptr);
	drop_former(project, project->uuid.ptr);
	sk_str_free(&uuid);
}

/* Returns as sk_project_readopt(); without `again` never 1. */
static int load(struct sk_project *project, struct sk_repo *repo,
		const struct sk_config *config, bool again, struct sk_err *err)
{
	struct sk_declared declared = SK_DECLARED_INIT;
	int rc = sk_project_read(project, config, err);
	bool has = rc == 0;

	if (rc >= 0 && (again || !has || project->source == SK_PROJECT_DERIVED))
		rc = look_for_declared(&declared, repo, config, has && !again,
				       err);
	if (rc >= 0 &&
	    (again || !has || project->source != SK_PROJECT_DECLARED))
		rc = take_given(project, &declared, config, err);
	if (rc == 0 && !has)
		suspect_derived(project, repo);
	if (rc == 1 && !again)
		rc = has ? 0 : sk_derived_find(&project->uuid, repo, err);
	if (rc == 0 && (again || !has || project->replaced.len ||
			!sk_config_get(config, "sk.settledSlug")))
		find_slug(project, &declared, repo, config);
	sk_declared_free(&declared);
	if (rc != 0)
		sk_project_free(project);
	return rc;
}

int sk_project_load(struct sk_project *project, struct sk_repo *repo,
		    const struct sk_config *config, struct sk_err *err)
{
	return load(project, repo, config, false, err);
}

int sk_project_readopt(struct sk_project *project, struct sk_repo *repo,
		       const struct sk_config *config, struct sk_err *err)
{
	return load(project, repo, config, true, err);
}

struct search {
	const char *uuid;
	bool found;
};

static void look_for(void *ctx, const char *value)
{
	struct search *search = ctx;

	search->found |= is_same(value, search->uuid);
}

/* Once each, however often it came and went. */
static int remember_formers(const struct sk_project *project,
			    const struct sk_config *config, struct sk_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < project->former_count && rc == 0; i++) {
		struct search search = {.uuid = project->formers[i]};

		sk_config_each_value(config, "sk.formerUuid", look_for,
				     &search);
		if (!search.found)
			rc = sk_config_add("sk.formerUuid", search.uuid, err);
	}
	return rc;
}

/* The former ones first: cut short, one is known and still in use. */
int sk_project_settle(const struct sk_project *project,
		      const struct sk_config *config, struct sk_err *err)
{
	if (!project->is_unsettled)
		return 0;
	if (remember_formers(project, config, err) < 0 ||
	    sk_config_set("sk.settledUuid", project->uuid.ptr, err) < 0 ||
	    sk_config_set("sk.settledBy", sources[project->source].name, err) <
		    0 ||
	    sk_config_set("sk.settledSlug", project->slug.ptr, err) < 0)
		return -1;
	return sk_config_get(config, "sk.derivedUuid")
		       ? sk_config_unset("sk.derivedUuid", err)
		       : 0;
}

void sk_project_add_change(struct sk_str *out, const struct sk_project *project)
{
	sk_str_addf(out,
		    "the project is now %s, %s, no longer %s, %s; nothing is"
		    " sent twice",
		    project->uuid.ptr, sources[project->source].words,
		    project->replaced.ptr,
		    sources[project->replaced_source].words);
}

bool sk_project_add_difference(struct sk_str *out, struct sk_repo *repo,
			       const struct sk_config *config)
{
	struct sk_declared declared = SK_DECLARED_INIT;
	struct sk_project project;
	struct sk_err err = {0};
	size_t before = out->len;

	if (sk_project_read(&project, config, &err) == 0) {
		if (sk_declared_read(&declared, repo, config, &err) < 0)
			sk_str_puts(out, err.msg);
		else if (project.source != SK_PROJECT_DERIVED &&
			 declared.uuid.len &&
			 !is_same(declared.uuid.ptr, project.uuid.ptr))
			sk_str_addf(out,
				    "'%s' declares project %s, and this clone"
				    " is %s: run 'git sk-setup --project' to"
				    " change that",
				    SK_DECLARED_FILE, declared.uuid.ptr,
				    project.uuid.ptr);
	}
	sk_declared_free(&declared);
	sk_project_free(&project);
	return out->len > before;
}
