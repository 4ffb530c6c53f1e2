/* SPDX-License-Identifier: MIT */
#include "capture/declared.h"

#include "base/file.h"
#include "format/ulid.h"
#include "format/yaml.h"
#include "git/worktree.h"

void sk_declared_free(struct sk_declared *declared)
{
	sk_str_free(&declared->uuid);
	sk_str_free(&declared->slug);
}

/* Returns 0; 1 when there is no such file; -1. */
static int read_file(struct sk_str *out, struct sk_repo *repo,
		     const struct sk_config *config, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = sk_main_folder(&path, repo, config);

	if (rc == 0) {
		sk_str_puts(&path, "/" SK_DECLARED_FILE);
		rc = sk_file_read(out, path.ptr, SK_YAML_MAX_BYTES, err);
	}
	sk_str_free(&path);
	return rc == 1 ? sk_main_read_head(out, repo, SK_DECLARED_FILE,
					   SK_YAML_MAX_BYTES, err)
		       : rc;
}

int sk_declared_read(struct sk_declared *declared, struct sk_repo *repo,
		     const struct sk_config *config, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	*declared = (struct sk_declared)SK_DECLARED_INIT;
	rc = read_file(&text, repo, config, err);
	if (rc == 0 && (sk_yaml_get(&declared->uuid, text.ptr, text.len,
				    "project.uuid", err) < 0 ||
			sk_yaml_get(&declared->slug, text.ptr, text.len,
				    "project.slug", err) < 0))
		rc = -1;
	if (rc == 0 && declared->uuid.len &&
	    !sk_uuid_is_valid(declared->uuid.ptr))
		rc = sk_fail(err, SK_EDATA, "project.uuid is no UUID");
	if (rc < 0)
		sk_within(err, "'%s'", SK_DECLARED_FILE);
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}
