/* SPDX-License-Identifier: MIT */
#include "setup/textconv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/spawn.h"
#include "git/config.h"
#include "git/glance.h"

#define KEY  "diff.sk-eventlog.textconv"
#define NOTE "# git-sk: git shows event logs in words\n"
#define LINE "kitty-specs/**/status.events.jsonl diff=sk-eventlog\n"

/* What git skips in front of the first line. */
#define BOM "\xef\xbb\xbf"

enum { ATTRIBUTES_MAX = 16 << 20 };

/*
 * What git has a shell run, with the name of a file behind it. Git gives up
 * where that fails: when the program is gone, the log is shown as it is.
 */
static int add_command(struct sk_str *out, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = sk_sibling_path(&path, "git-sk-eventlog", err);

	sk_str_puts(out, "f() { p=");
	sk_str_add_quoted(out, path.ptr);
	sk_str_puts(out, "; [ -x \"$p\" ] || p=git-sk-eventlog; \"$p\" textconv"
			 " \"$1\" 2>/dev/null || cat \"$1\"; }; f");
	sk_str_free(&path);
	return rc;
}

/* The place of one of our lines in the text, whole; NULL when it is not there.
 */
static char *find(const struct sk_str *text, const char *line)
{
	size_t len = strlen(line);
	char *at = text->ptr;

	while ((at = strstr(at, line))) {
		if (at == text->ptr || at[-1] == '\n' ||
		    (at == text->ptr + strlen(BOM) &&
		     strncmp(text->ptr, BOM, strlen(BOM)) == 0))
			return at;
		at += len;
	}
	return NULL;
}

int sk_textconv_look(struct sk_textconv *t, const char *common_dir,
		     struct sk_err *err)
{
	struct sk_str value = SK_STR_INIT;
	int rc;

	*t = (struct sk_textconv)SK_TEXTCONV_INIT;
	sk_str_addf(&t->file, "%s/info/attributes", common_dir);
	t->mode = sk_git_file_mode(common_dir);
	if (add_command(&t->command, err) < 0 ||
	    sk_file_read(&t->text, t->file.ptr, ATTRIBUTES_MAX, err) < 0)
		return -1;
	t->has_line = find(&t->text, LINE);
	rc = sk_spawn_ask(&value,
			  (const char *const[]){"git", "config", "--local",
						"--get", KEY, NULL},
			  err);
	t->has_command = rc == 0 && strcmp(value.ptr, t->command.ptr) == 0;
	t->has_other = rc == 0 && !t->has_command;
	sk_str_free(&value);
	return rc < 0 ? -1 : 0;
}

void sk_textconv_free(struct sk_textconv *t)
{
	sk_str_free(&t->file);
	sk_str_free(&t->text);
	sk_str_free(&t->command);
}

/* Replace the file, with the rights it has; a link stays one. */
static int write_file(const struct sk_textconv *t, const struct sk_str *text,
		      struct sk_err *err)
{
	char *real = realpath(t->file.ptr, NULL);
	const char *path = real ? real : t->file.ptr;
	const char *slash = strrchr(t->file.ptr, '/');
	struct sk_str folder = SK_STR_INIT;
	struct stat st;
	mode_t mode = t->mode;
	int ret;

	sk_str_add(&folder, t->file.ptr, (size_t)(slash - t->file.ptr));
	if (stat(path, &st) == 0)
		mode = st.st_mode & 0777;
	else if (mkdir(folder.ptr, 0777) < 0 && errno != EEXIST) {
		ret = sk_fail_errno(err, errno, "cannot create '%s'",
				    folder.ptr);
		goto out;
	}
	ret = sk_file_write(path, text->ptr, text->len, mode, err);
out:
	sk_str_free(&folder);
	free(real);
	return ret;
}

/* Take out every line that is this one. */
static void drop(struct sk_str *text, const char *line)
{
	size_t len = strlen(line);
	char *at;

	while ((at = find(text, line))) {
		memmove(at, at + len,
			(size_t)(text->ptr + text->len - at) - len + 1);
		sk_str_cut(text, text->len - len);
	}
}

int sk_textconv_install(const struct sk_textconv *t, struct sk_err *err)
{
	size_t bom =
		strncmp(t->text.ptr, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
	struct sk_str text = SK_STR_INIT;
	int ret = 0;

	if (!t->has_command)
		ret = sk_config_set(KEY, t->command.ptr, err);
	if (ret == 0 && !t->has_line) {
		sk_str_add(&text, t->text.ptr, bom);
		sk_str_puts(&text, NOTE LINE);
		sk_str_add(&text, t->text.ptr + bom, t->text.len - bom);
		ret = write_file(t, &text, err);
	}
	sk_str_free(&text);
	return ret;
}

int sk_textconv_remove(const struct sk_textconv *t, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int ret = 0;

	if (t->has_line) {
		sk_str_add(&text, t->text.ptr, t->text.len);
		drop(&text, NOTE);
		drop(&text, LINE);
		if (text.len)
			ret = write_file(t, &text, err);
		else if (unlink(t->file.ptr) < 0 && errno != ENOENT)
			ret = sk_fail_errno(err, errno, "cannot remove '%s'",
					    t->file.ptr);
	}
	if (ret == 0 && (t->has_command || t->has_other))
		ret = sk_config_unset(KEY, err);
	sk_str_free(&text);
	return ret;
}
