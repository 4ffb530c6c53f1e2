/* SPDX-License-Identifier: MIT */
#include "capture/project.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "format/sha256.h"
#include "format/ulid.h"
#include "format/yaml.h"
#include "git/walk.h"

#define CONFIG_NAME ".kittify/config.yaml"

void sk_project_free(struct sk_project *project)
{
	sk_str_free(&project->uuid);
	sk_str_free(&project->slug);
}

struct sk_project_id sk_project_id(const struct sk_project *project)
{
	return (struct sk_project_id){.uuid = project->uuid.ptr,
				      .slug = project->slug.ptr};
}

static int read_config_file(struct sk_str *out, struct sk_repo *repo,
			    struct sk_err *err)
{
	const char *tree = sk_repo_work_tree(repo);
	struct sk_str path = SK_STR_INIT;
	int rc = 1;

	if (tree) {
		sk_str_addf(&path, "%s/%s", tree, CONFIG_NAME);
		rc = sk_file_read(out, path.ptr, SK_YAML_MAX_BYTES, err);
	}
	sk_str_free(&path);
	return rc == 1 ? sk_repo_read_head(repo, CONFIG_NAME, SK_YAML_MAX_BYTES,
					   out, err)
		       : rc;
}

/* Returns 0, 1 when the file says nothing of it, or -1. */
static int from_file(struct sk_project *project, struct sk_repo *repo,
		     struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc = read_config_file(&text, repo, err);

	if (rc == 0)
		rc = sk_yaml_get(&project->uuid, text.ptr, text.len,
				 "project.uuid", err);
	if (rc >= 0 && text.len &&
	    sk_yaml_get(&project->slug, text.ptr, text.len, "project.slug",
			err) < 0)
		rc = -1;
	sk_str_free(&text);
	if (rc == 0 && !sk_uuid_is_valid(project->uuid.ptr))
		rc = sk_fail(err, SK_EDATA, "project.uuid is no UUID");
	if (rc < 0)
		sk_within(err, "'%s'", CONFIG_NAME);
	return rc;
}

/* Of all commits without parents the oldest; by id where times are equal. */
static int oldest_root(struct sk_oid *out, struct sk_repo *repo,
		       struct sk_err *err)
{
	struct sk_walk walk = SK_WALK_INIT;
	struct sk_str ref = SK_STR_INIT;
	const struct sk_commit *best = NULL;
	struct sk_oid head;
	int rc = sk_repo_head(repo, &head, &ref, err);

	sk_str_free(&ref);
	if (rc > 0)
		return sk_fail(err, SK_EDATA, "there is no commit yet");
	if (rc < 0 || sk_walk_commits(&walk, repo, &head, 1, NULL, 0, err) < 0)
		return -1;
	for (size_t i = 0; i < walk.count; i++) {
		const struct sk_commit *commit = walk.commits[i];

		if (commit->parent_count)
			continue;
		if (!best || commit->commit_time < best->commit_time ||
		    (commit->commit_time == best->commit_time &&
		     memcmp(commit->id.id, best->id.id, SK_OID_LEN) < 0))
			best = commit;
	}
	*out = best->id;
	sk_walk_free(&walk);
	return 0;
}

static int from_root(struct sk_project *project, struct sk_repo *repo,
		     struct sk_err *err)
{
	unsigned char hash[SK_SHA256_LEN];
	char hex[SK_HEX_LEN + 1], digits[33];
	struct sk_str text = SK_STR_INIT;
	struct sk_oid root;

	if (sk_repo_is_shallow(repo)) {
		sk_fail(err, SK_EDATA,
			"a shallow clone does not know which"
			" project it is");
		return sk_hint(err, "run 'git fetch --unshallow', or set the"
				    " project's uuid with 'git config"
				    " sk.projectUuid <uuid>'");
	}
	if (oldest_root(&root, repo, err) < 0)
		return -1;
	sk_oid_hex(hex, &root);
	sk_str_addf(&text, "git-sk project %s", hex);
	sk_sha256(hash, text.ptr, text.len);
	sk_str_free(&text);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x40); /* version 4 */
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	sk_hex(digits, hash, 16);
	sk_str_clear(&project->uuid);
	sk_str_addf(&project->uuid, "%.8s-%.4s-%.4s-%.4s-%.12s", digits,
		    digits + 8, digits + 12, digits + 16, digits + 20);
	return 0;
}

/* The last part of a path or URL, without ".git" and slashes at the end. */
static void add_last_part(struct sk_str *out, const char *path)
{
	size_t end = strlen(path), start;

	while (end && path[end - 1] == '/')
		end--;
	if (end > 4 && memcmp(path + end - 4, ".git", 4) == 0)
		end -= 4;
	for (start = end; start && !strchr("/:", path[start - 1]); start--)
		;
	sk_str_add(out, path + start, end - start);
}

static void default_slug(struct sk_project *project, struct sk_repo *repo,
			 const struct sk_config *config)
{
	const char *url = sk_config_get(config, "remote.origin.url");
	const char *tree = sk_repo_work_tree(repo);

	sk_str_clear(&project->slug);
	add_last_part(&project->slug,
		      url ? url : (tree ? tree : sk_repo_common_dir(repo)));
	for (char *c = project->slug.ptr; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '_' || *c == ' ')
			*c = '-';
	}
}

int sk_project_load(struct sk_project *project, struct sk_repo *repo,
		    const struct sk_config *config, struct sk_err *err)
{
	const char *set = sk_config_get(config, "sk.projectUuid");
	int rc;

	if (!set)
		set = sk_config_get(config, "sk.derivedUuid");
	*project = (struct sk_project)SK_PROJECT_INIT;
	rc = from_file(project, repo, err);
	if (rc == 1 && set) {
		sk_str_set(&project->uuid, set);
		rc = sk_uuid_is_valid(set)
			     ? 0
			     : sk_fail(err, SK_EDATA,
				       "sk.projectUuid is no UUID: '%s'", set);
	} else if (rc == 1) {
		rc = from_root(project, repo, err);
		project->is_from_root = rc == 0;
	}
	if (rc == 0 && !project->slug.len)
		default_slug(project, repo, config);
	if (rc != 0)
		sk_project_free(project);
	return rc;
}
