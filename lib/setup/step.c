/* SPDX-License-Identifier: MIT */
#include "setup/step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "setup/text.h"

void sk_steps_add(struct sk_steps *steps, enum sk_step_kind kind,
		  const char *from, const char *to, const char *text)
{
	SK_GROW(steps->list, steps->count, steps->cap);
	steps->list[steps->count++] = (struct sk_step){
		kind, sk_strdup(from), sk_strdup(to), sk_strdup(text)};
}

void sk_steps_free(struct sk_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		free(steps->list[i].from);
		free(steps->list[i].to);
		free(steps->list[i].text);
	}
	free(steps->list);
	*steps = (struct sk_steps)SK_STEPS_INIT;
}

void sk_step_describe(struct sk_str *out, const struct sk_step *step)
{
	switch (step->kind) {
	case SK_STEP_WRITE:
		sk_str_addf(out, "write '%s'", step->to);
		break;
	case SK_STEP_KEEP:
		sk_str_addf(out, "keep '%s' as '%s'", step->from, step->to);
		break;
	case SK_STEP_MOVE:
		sk_str_addf(out, "move '%s' to '%s'", step->from, step->to);
		break;
	case SK_STEP_DELETE:
		sk_str_addf(out, "remove '%s'", step->from);
		break;
	case SK_STEP_NOTE:
	case SK_STEP_ELSEWHERE:
		sk_str_puts(out, step->text);
		break;
	}
}

/* The folder of kept programs in the path, or NULL when it is not in one. */
static char *kept_folder(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t len = strlen("/" SK_KEPT_FOLDER);
	size_t end = name ? (size_t)(name - path) : 0;

	if (end < len || memcmp(path + end - len, "/" SK_KEPT_FOLDER, len) != 0)
		return NULL;
	return sk_strndup(path, end);
}

/*
 * A relative link means another file from another folder: set `target` to what
 * it has to say at `to`. Returns whether that is not what it says now.
 */
static bool must_retarget(char target[PATH_MAX], const char *from, bool is_down,
			  bool is_up)
{
	char link[PATH_MAX];
	ssize_t len = readlink(from, link, sizeof(link) - 4);

	if (len <= 0 || link[0] == '/' || is_down == is_up)
		return false;
	link[len] = '\0';
	if (is_down)
		snprintf(target, PATH_MAX, "../%.*s", PATH_MAX - 4, link);
	else
		snprintf(target, PATH_MAX, "%s",
			 strncmp(link, "../", 3) == 0 ? link + 3 : link);
	return true;
}

/* A second name; where the file system knows none, a first one only. */
static int give_name(const char *from, const char *to)
{
	if (linkat(AT_FDCWD, from, AT_FDCWD, to, 0) == 0)
		return 0;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS &&
	    errno != EMLINK)
		return -1;
	if (access(to, F_OK) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

/* By rename, so that there is never a moment without one. */
static int make_link(const char *target, const char *path)
{
	struct sk_str tmp = SK_STR_INIT;
	int rc;

	sk_str_addf(&tmp, "%s.sk-new.%d", path, (int)getpid());
	rc = symlink(target, tmp.ptr);
	if (rc == 0)
		rc = rename(tmp.ptr, path);
	sk_str_free(&tmp);
	return rc;
}

/* Keep or move, in or out of the folder of kept programs. */
static int transfer(const struct sk_step *step, struct sk_err *err)
{
	bool move = step->kind == SK_STEP_MOVE;
	char *in = kept_folder(step->to), *out = kept_folder(step->from);
	char target[PATH_MAX];
	int rc = 0;

	if (in && mkdir(in, 0777) < 0 && errno != EEXIST) {
		rc = sk_fail_errno(err, errno, "cannot make the folder '%s'",
				   in);
	} else if (must_retarget(target, step->from, in, out)) {
		rc = move ? make_link(target, step->to)
			  : symlink(target, step->to);
	} else {
		rc = move ? rename(step->from, step->to)
			  : give_name(step->from, step->to);
	}
	if (rc < 0 && !err->code)
		sk_fail_errno(err, errno, "cannot %s '%s' as '%s'",
			      move ? "restore" : "keep", step->from, step->to);
	if (move && rc == 0)
		unlink(step->from); /* rename leaves two names of one file */
	if (out && rc == 0)
		rmdir(out); /* stays while others are kept there */
	free(in);
	free(out);
	return rc;
}

static int delete (const struct sk_step *step, struct sk_err *err)
{
	char *folder = kept_folder(step->from);
	int rc = unlink(step->from);

	if (rc < 0 && errno == ENOENT)
		rc = 0; /* gone already is as good */
	if (rc < 0)
		sk_fail_errno(err, errno, "cannot remove '%s'", step->from);
	if (folder)
		rmdir(folder);
	free(folder);
	return rc;
}

int sk_steps_apply(const struct sk_steps *steps, struct sk_err *err)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct sk_step *step = &steps->list[i];
		int rc = 0;

		switch (step->kind) {
		case SK_STEP_WRITE:
			rc = sk_file_write(step->to, step->text,
					   strlen(step->text), 0755, err);
			break;
		case SK_STEP_KEEP:
		case SK_STEP_MOVE:
			rc = transfer(step, err);
			break;
		case SK_STEP_DELETE:
			rc = delete (step, err);
			break;
		case SK_STEP_NOTE:
		case SK_STEP_ELSEWHERE:
			break;
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}
