/* SPDX-License-Identifier: MIT */
#include "workflow/createnote.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "mission/names.h"

enum { NOTE_MAX = 1 << 12 };

/* What is begun: the id, and for which target branch. */
static void add_note_path(struct sk_str *out, const struct sk_create *c)
{
	sk_str_addf(out, "%s/sk-create-%s", sk_repo_common_dir(c->repo),
		    sk_slug_human(c->slug));
}

int sk_create_read_note(struct sk_create *c, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	const char *target;
	int rc;

	add_note_path(&path, c);
	rc = sk_file_read(&text, path.ptr, NOTE_MAX, err);
	sk_str_rtrim(&text);
	target = strchr(text.ptr, ' ');
	if (rc == 0 && target && target - text.ptr == SK_ULID_LEN &&
	    strcmp(target + 1, c->target.ptr) == 0) {
		memcpy(c->mission_id, text.ptr, SK_ULID_LEN);
		rc = sk_ulid_is_valid(c->mission_id);
	} else if (rc >= 0) {
		rc = 0;
	}
	sk_str_free(&path);
	sk_str_free(&text);
	return rc;
}

int sk_create_write_note(const struct sk_create *c, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc;

	add_note_path(&path, c);
	sk_file_sweep(path.ptr);
	sk_str_addf(&text, "%s %s\n", c->mission_id, c->target.ptr);
	rc = sk_file_write(path.ptr, text.ptr, text.len, 0644, err);
	sk_str_free(&path);
	sk_str_free(&text);
	return rc;
}

void sk_create_remove_note(const struct sk_create *c)
{
	struct sk_str path = SK_STR_INIT;

	add_note_path(&path, c);
	sk_file_sweep(path.ptr);
	/* should it stay, the next one finds all of it done */
	(void)unlink(path.ptr);
	sk_str_free(&path);
}
