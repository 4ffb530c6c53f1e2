/* SPDX-License-Identifier: MIT */
#include "git/exclude.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "git/glance.h"
#include "git/indexhold.h"

enum { FILE_MAX = 1 << 20 };

static bool has_line(const struct sk_str *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *at = text->ptr; at && *at;) {
		size_t here = strcspn(at, "\r\n");

		if (here == len && strncmp(at, line, len) == 0)
			return true;
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return false;
}

int sk_exclude_add(struct sk_repo *repo, const char *pattern,
		   struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_hold hold;
	struct stat st;
	int rc = sk_hold_enter(&hold, sk_repo_common_dir(repo), err);

	if (rc < 0)
		return -1;
	sk_str_addf(&path, "%s/info/exclude", sk_repo_common_dir(repo));
	rc = sk_file_read(&text, path.ptr, FILE_MAX, err);
	if (rc >= 0 && !has_line(&text, pattern)) {
		if (text.len && text.ptr[text.len - 1] != '\n')
			sk_str_putc(&text, '\n');
		sk_str_addf(&text, "%s\n", pattern);
		rc = sk_mkdir_for(path.ptr, err);
		if (rc == 0)
			rc = sk_file_write(
				path.ptr, text.ptr, text.len,
				stat(path.ptr, &st) == 0
					? st.st_mode & 0777
					: sk_git_file_mode(
						  sk_repo_common_dir(repo)),
				err);
	}
	sk_hold_leave(&hold);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}
