/* SPDX-License-Identifier: MIT */
#include "git/sequence.h"

#include <unistd.h>

#include "base/str.h"

bool sk_git_dir_in_sequence(const char *git_dir)
{
	static const char *const marks[] = {"rebase-merge", "rebase-apply",
					    "sequencer"};
	struct sk_str path = SK_STR_INIT;
	bool found = false;

	for (size_t i = 0; i < SK_COUNTOF(marks) && !found; i++) {
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/%s", git_dir, marks[i]);
		found = access(path.ptr, F_OK) == 0;
	}
	sk_str_free(&path);
	return found;
}
