/* SPDX-License-Identifier: MIT */
#include "base/home.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"

int sk_home_path(struct sk_str *out, const char *name, struct sk_err *err)
{
	const char *dir = getenv("GIT_SK_HOME");
	const char *tail = "";

	if (!dir || !*dir) {
		dir = getenv("HOME");
		tail = "/.spec-kitty";
	}
	if (!dir || dir[0] != '/') {
		sk_fail(err, SK_EFAIL,
			"no home folder: neither GIT_SK_HOME nor"
			" HOME is an absolute path");
		return sk_hint(err, "set HOME, or GIT_SK_HOME to the folder"
				    " that shall hold the queue");
	}
	sk_str_clear(out);
	sk_str_addf(out, "%s%s", dir, tail);
	if (*name)
		sk_str_addf(out, "/%s", name);
	return 0;
}

int sk_home_make(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = -1;

	if (sk_home_path(&path, "", err) == 0)
		ret = sk_mkdir_p(path.ptr, err);
	sk_str_free(&path);
	return ret;
}

int sk_sibling_path(struct sk_str *out, const char *name, struct sk_err *err)
{
	static const char *const places[] = {
		"", "../libexec/git-sk/", "../../bin/", "../hooks/", "../bin/"};
	struct sk_str folder = SK_STR_INIT;
	int ret = -1;

	if (sk_process_program(&folder, 0, err) < 0)
		goto out;
	sk_str_cut(&folder, (size_t)(strrchr(folder.ptr, '/') - folder.ptr));
	for (size_t i = 0; i < SK_COUNTOF(places); i++) {
		char real[PATH_MAX];

		sk_str_clear(out);
		sk_str_addf(out, "%s/%s%s", folder.ptr, places[i], name);
		if (access(out->ptr, X_OK) == 0 && realpath(out->ptr, real)) {
			sk_str_set(out, real);
			ret = 0;
			goto out;
		}
	}
	sk_fail(err, SK_EFAIL, "program '%s' is missing beside '%s'", name,
		folder.ptr);
	sk_hint(err, "install git-sk again");
out:
	sk_str_free(&folder);
	return ret;
}
