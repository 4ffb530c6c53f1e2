/* SPDX-License-Identifier: MIT */
#include "merge/standin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "workflow/filelist.h"

#define ATTRIBUTES ".gitattributes"

enum { ATTRIBUTES_MAX = 100 << 20 /* git reads no longer one */ };

/* Returns 0; 1 when none is configured; -1. */
static int find_driver(const struct sk_git_place *top, struct sk_err *err)
{
	int rc = sk_git_run(
		NULL, NULL, top, NULL,
		(const char *const[]){"config", "--name-only", "--get-regexp",
				      "^merge\\..*\\.driver$", NULL},
		err);

	return rc > 1 ? sk_fail(err, SK_EFAIL,
				"git cannot read its configuration")
		      : rc;
}

static int find_git_dir(struct sk_standin *s, const struct sk_git_place *top,
			struct sk_err *err)
{
	int rc = sk_git_must(
		&s->git_dir, top, NULL,
		(const char *const[]){"rev-parse", "--absolute-git-dir", NULL},
		err);

	if (rc == 0 && s->git_dir.len)
		sk_str_cut(&s->git_dir, s->git_dir.len - 1);
	return rc;
}

static int make_folder(struct sk_standin *s, struct sk_err *err)
{
	const char *tmp = getenv("TMPDIR");

	sk_str_addf(&s->folder, "%s/git-sk-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(s->folder.ptr))
		return 0;
	sk_fail_errno(err, errno, "cannot make folder '%s'", s->folder.ptr);
	sk_str_clear(&s->folder);
	return -1;
}

static int stand_in(struct sk_standin *s, const char *top, const char *name,
		    struct sk_err *err)
{
	struct sk_str from = SK_STR_INIT, to = SK_STR_INIT, text = SK_STR_INIT;
	int rc = 0;

	sk_str_addf(&from, "%s/%s", top, name);
	sk_str_addf(&to, "%s/%s", s->folder.ptr, name);
	if (strcmp(name, ATTRIBUTES) != 0) {
		if (symlink(from.ptr, to.ptr) < 0)
			rc = sk_fail_errno(err, errno, "cannot make link '%s'",
					   to.ptr);
	} else if (sk_file_read(&text, from.ptr, ATTRIBUTES_MAX, err) == 0) {
		rc = sk_file_write_unsynced(to.ptr, text.ptr, text.len, 0600,
					    err);
	}
	sk_str_free(&text);
	sk_str_free(&to);
	sk_str_free(&from);
	return rc;
}

/* In a bare repository nothing is at the top. */
static int fill(struct sk_standin *s, const char *top, struct sk_err *err)
{
	struct sk_file_list list = SK_FILE_LIST_INIT;
	int rc = sk_file_list_read_top(&list, top, err);

	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		if (list.items[i].kind != SK_FILE_LINK ||
		    strcmp(list.items[i].name, ATTRIBUTES) != 0)
			rc = stand_in(s, top, list.items[i].name, err);
	}
	sk_file_list_free(&list);
	return rc < 0 ? -1 : 0;
}

int sk_standin_make(struct sk_standin *out, const struct sk_git_place *top,
		    struct sk_err *err)
{
	const char *tree = top->git_dir ? top->work_tree : top->folder;
	int rc = find_driver(top, err);

	*out = (struct sk_standin)SK_STANDIN_INIT;
	out->place = *top;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (find_git_dir(out, top, err) < 0 || make_folder(out, err) < 0)
		return -1;
	/* submodules are looked for in the work tree, drivers run elsewhere */
	out->place.folder = out->folder.ptr;
	out->place.git_dir = out->git_dir.ptr;
	out->place.work_tree = tree;
	return tree ? fill(out, tree, err) : 0;
}

int sk_standin_remove(struct sk_standin *standin, struct sk_err *err)
{
	int rc = standin->folder.len
			 ? sk_folder_remove(standin->folder.ptr, err)
			 : 0;

	sk_str_free(&standin->folder);
	sk_str_free(&standin->git_dir);
	*standin = (struct sk_standin)SK_STANDIN_INIT;
	return rc;
}
