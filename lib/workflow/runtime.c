/* SPDX-License-Identifier: MIT */
#include "workflow/runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "workflow/builtin.h"
#include "workflow/filelist.h"
#include "workflow/runtimesums.h"

enum { VERSION_MAX = 4096 };

static const char *const states[] = {
	[SK_RUNTIME_CURRENT] = "in place",
	[SK_RUNTIME_FOREIGN] = "of another program",
	[SK_RUNTIME_OLD] = "outdated",
	[SK_RUNTIME_ABSENT] = "absent",
};
static const char *const steps[] = {
	[SK_RUNTIME_PUT] = "put",
	[SK_RUNTIME_REPLACE] = "replace",
	[SK_RUNTIME_SAME] = "same",
	[SK_RUNTIME_KEEP] = "keep",
};

const char *sk_runtime_state_name(enum sk_runtime_state state)
{
	return states[state];
}

const char *sk_runtime_step_name(enum sk_runtime_step step)
{
	return steps[step];
}

int sk_runtime_home(struct sk_str *out, struct sk_err *err)
{
	const char *dir = getenv("SPEC_KITTY_HOME"), *tail = "";

	if (!dir || !*dir) {
		dir = getenv("HOME");
		tail = "/.kittify";
	}
	if (!dir || dir[0] != '/') {
		sk_fail(err, SK_EFAIL,
			"no folder for templates: neither SPEC_KITTY_HOME nor"
			" HOME is an absolute path");
		return sk_hint(err, "set HOME, or SPEC_KITTY_HOME to the"
				    " folder that shall hold them");
	}
	sk_str_clear(out);
	sk_str_addf(out, "%s%s", dir, tail);
	while (out->len > 1 && out->ptr[out->len - 1] == '/')
		sk_str_cut(out, out->len - 1);
	return 0;
}

static void set_path(struct sk_str *out, const char *home, const char *name)
{
	sk_str_clear(out);
	sk_str_addf(out, "%s/%s", home, name);
}

static int read_state(struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc;

	set_path(&path, runtime->home.ptr, SK_RUNTIME_VERSION_FILE);
	rc = sk_file_read(&runtime->version, path.ptr, VERSION_MAX, err);
	sk_str_rtrim(&runtime->version);
	if (rc == 1)
		runtime->state = SK_RUNTIME_ABSENT;
	else if (strcmp(runtime->version.ptr, SK_RUNTIME_VERSION) == 0)
		runtime->state = SK_RUNTIME_CURRENT;
	else if (strncmp(runtime->version.ptr, SK_RUNTIME_PROGRAM,
			 strlen(SK_RUNTIME_PROGRAM)) == 0)
		runtime->state = SK_RUNTIME_OLD;
	else /* an empty one is torn, and nobody's */
		runtime->state = runtime->version.len ? SK_RUNTIME_FOREIGN
						      : SK_RUNTIME_ABSENT;
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static struct sk_runtime_file *add_file(struct sk_runtime *runtime,
					const char *name)
{
	struct sk_runtime_file *file;
	struct sk_str text = SK_STR_INIT;

	SK_GROW(runtime->files, runtime->count, runtime->cap);
	file = &runtime->files[runtime->count++];
	sk_str_addf(&text, "missions/%s", name);
	*file = (struct sk_runtime_file){.name = sk_str_take(&text),
					 .text = SK_STR_INIT};
	return file;
}

/* The folders of mission types that a package has; others are the user's. */
static bool is_managed(const char *name)
{
	static const char *const types[] = {"software-dev",  "research",
					    "documentation", "plan",
					    "audit",	     "refactor"};
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < SK_COUNTOF(types); i++) {
		if (strlen(types[i]) == len &&
		    strncmp(types[i], name, len) == 0)
			return true;
	}
	return false;
}

static int add_package(struct sk_runtime *runtime, const char *root,
		       struct sk_err *err)
{
	struct sk_file_list list = SK_FILE_LIST_INIT;
	struct sk_str path = SK_STR_INIT;
	int rc = sk_file_list_read(&list, root, err);

	if (rc == 1)
		rc = sk_fail(err, SK_EFAIL,
			     "SPEC_KITTY_TEMPLATE_ROOT names no folder:"
			     " '%.200s'",
			     root);
	for (size_t i = 0; i < list.count && rc == 0; i++) {
		const char *name = list.items[i].name;

		if (list.items[i].kind != SK_FILE_REGULAR || !is_managed(name))
			continue;
		set_path(&path, root, name);
		rc = sk_file_read(&add_file(runtime, name)->text, path.ptr,
				  SK_TEMPLATE_MAX, err);
	}
	sk_file_list_free(&list);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}

static int add_files(struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_str root = SK_STR_INIT;
	int rc = sk_package_root(&root, err);

	if (rc == 0) {
		rc = add_package(runtime, root.ptr, err);
	} else if (rc == 1) {
		size_t count;
		const struct sk_builtin *items = sk_builtins(&count);

		for (size_t i = 0; i < count; i++)
			sk_str_puts(&add_file(runtime, items[i].name)->text,
				    items[i].text);
	}
	sk_str_free(&root);
	return rc < 0 ? -1 : 0;
}

/* A link is somebody's doing, whatever it leads to. */
static enum sk_runtime_step step_for(const struct sk_runtime_file *file,
				     const char *path,
				     const struct sk_str *sums)
{
	struct sk_str text = SK_STR_INIT;
	enum sk_runtime_step step = SK_RUNTIME_KEEP;
	struct sk_err ignored = {0};
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR ? SK_RUNTIME_PUT
							   : SK_RUNTIME_KEEP;
	if (!S_ISREG(st.st_mode) ||
	    sk_file_read(&text, path, SK_TEMPLATE_MAX, &ignored) != 0)
		goto out;
	if (sk_str_equal(&text, &file->text))
		step = SK_RUNTIME_SAME;
	else if (sk_sums_have(sums, file->name, text.ptr, text.len))
		step = SK_RUNTIME_REPLACE;
out:
	sk_str_free(&text);
	return step;
}

int sk_runtime_plan(struct sk_runtime *runtime, struct sk_err *err)
{
	struct sk_str sums = SK_STR_INIT, path = SK_STR_INIT;
	int ret = -1;

	if (sk_runtime_home(&runtime->home, err) < 0 ||
	    read_state(runtime, err) < 0)
		goto out;
	if (runtime->state == SK_RUNTIME_OLD ||
	    runtime->state == SK_RUNTIME_ABSENT) {
		if (add_files(runtime, err) < 0 ||
		    sk_sums_read(&sums, runtime->home.ptr, err) < 0)
			goto out;
		for (size_t i = 0; i < runtime->count; i++) {
			struct sk_runtime_file *file = &runtime->files[i];

			set_path(&path, runtime->home.ptr, file->name);
			file->step = step_for(file, path.ptr, &sums);
		}
	}
	ret = 0;
out:
	sk_str_free(&sums);
	sk_str_free(&path);
	return ret;
}

void sk_runtime_free(struct sk_runtime *runtime)
{
	for (size_t i = 0; i < runtime->count; i++) {
		free(runtime->files[i].name);
		sk_str_free(&runtime->files[i].text);
	}
	free(runtime->files);
	sk_str_free(&runtime->home);
	sk_str_free(&runtime->version);
	*runtime = (struct sk_runtime)SK_RUNTIME_INIT;
}
