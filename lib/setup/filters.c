/* SPDX-License-Identifier: MIT */
#include "setup/filters.h"

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

#define SHOW_NOTE  "# git-sk: git shows event logs in words\n"
#define MERGE_NOTE "# git-sk: git merges event logs row by row\n"
#define LOGS	   "kitty-specs/**/status.events.jsonl"
#define STATES	   "kitty-specs/**/status.json"

/* A merge of lines that keeps those of both sides, and one that never works. */
#define UNION "git merge-file --union %A %O %B"
#define CONFLICT                                                               \
	"git merge-file --marker-size=%L -L ours -L '' -L theirs %A /dev/null" \
	" %B"

static const struct {
	const char *key, *note, *line;
} kinds[SK_FILTERS] = {
	[SK_FILTER_WORDS] = {"diff.sk-eventlog.textconv", SHOW_NOTE,
			     LOGS " diff=sk-eventlog\n"},
	[SK_FILTER_LOG] = {"merge.sk-eventlog.driver", MERGE_NOTE,
			   LOGS " merge=sk-eventlog\n"},
	[SK_FILTER_STATUS] = {"merge.sk-status.driver", MERGE_NOTE,
			      STATES " merge=sk-status\n"},
};

/* What git skips in front of the first line. */
#define BOM "\xef\xbb\xbf"

enum { ATTRIBUTES_MAX = 16 << 20, CONFIG_MAX = 1 << 20 };

/*
 * What git has a shell run, with the name of a file behind it. Git gives up
 * where that fails: when the program is gone, the log is shown as it is.
 */
static void add_textconv(struct sk_str *out, const char *program)
{
	sk_str_puts(out, "f() { p=");
	sk_str_add_quoted(out, program);
	sk_str_puts(out, "; [ -x \"$p\" ] || p=git-sk-eventlog; \"$p\" textconv"
			 " \"$1\" 2>/dev/null || cat \"$1\"; }; f");
}

/*
 * The same for a merge, in which git writes names for %O and the like; 0 is
 * merged, 1 a conflict. Without the program, `without`, which ends it. Where it
 * fails git would leave our side alone in the file, and 'git add' would drop
 * the other: `failed`, and a conflict.
 */
static void add_driver(struct sk_str *out, const char *program,
		       const char *without, const char *failed)
{
	struct sk_str quoted = SK_STR_INIT;

	sk_str_add_quoted(&quoted, program);
	sk_str_puts(out, "p=");
	for (const char *at = quoted.ptr; *at; at++) {
		if (*at == '%')
			sk_str_putc(out, '%');
		sk_str_putc(out, *at);
	}
	sk_str_addf(
		out,
		"; [ -x \"$p\" ] || p=git-sk-eventlog; command -v \"$p\""
		" >/dev/null || { %s; }; \"$p\" merge -- %%O %%A %%B %%P %%L;"
		" s=$?; [ $s -lt 2 ] || { %s; s=1; }; exit $s",
		without, failed);
	sk_str_free(&quoted);
}

static int add_commands(struct sk_filters *f, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = sk_sibling_path(&path, "git-sk-eventlog", err);

	add_textconv(&f->all[SK_FILTER_WORDS].command, path.ptr);
	add_driver(&f->all[SK_FILTER_LOG].command, path.ptr, "exec " UNION,
		   UNION);
	add_driver(&f->all[SK_FILTER_STATUS].command, path.ptr,
		   CONFLICT "; exit 1", CONFLICT);
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

/* What is configured, of ours or under our names: `key LF value NUL`. */
static int read_commands(struct sk_filters *f, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	int rc = sk_spawn_read(
		&said, NULL,
		(const char *const[]){
			"git", "config", "--local", "-z", "--get-regexp",
			"^(diff|merge)\\.sk-(eventlog|status)\\.", NULL},
		CONFIG_MAX, err);

	for (char *at = said.ptr; rc == 0 && at < said.ptr + said.len;
	     at += strlen(at) + 1) {
		for (int i = 0; i < SK_FILTERS; i++) {
			struct sk_filter *filter = &f->all[i];
			size_t len = strlen(kinds[i].key);

			if (strncmp(at, kinds[i].key, len) != 0 ||
			    at[len] != '\n')
				continue;
			filter->has_command =
				strcmp(at + len + 1, filter->command.ptr) == 0;
			filter->has_other = !filter->has_command;
		}
	}
	sk_str_free(&said);
	return rc < 0 ? -1 : 0;
}

int sk_filters_look(struct sk_filters *f, const char *common_dir,
		    struct sk_err *err)
{
	*f = (struct sk_filters){.file = SK_STR_INIT, .text = SK_STR_INIT};
	for (int i = 0; i < SK_FILTERS; i++)
		f->all[i].command = (struct sk_str)SK_STR_INIT;
	sk_str_addf(&f->file, "%s/info/attributes", common_dir);
	f->mode = sk_git_file_mode(common_dir);
	if (add_commands(f, err) < 0 ||
	    sk_file_read(&f->text, f->file.ptr, ATTRIBUTES_MAX, err) < 0)
		return -1;
	for (int i = 0; i < SK_FILTERS; i++)
		f->all[i].has_line = find(&f->text, kinds[i].line);
	return read_commands(f, err);
}

void sk_filters_free(struct sk_filters *f)
{
	sk_str_free(&f->file);
	sk_str_free(&f->text);
	for (int i = 0; i < SK_FILTERS; i++)
		sk_str_free(&f->all[i].command);
}

static bool is_set(const struct sk_filter *filter)
{
	return filter->has_line && filter->has_command;
}

static bool is_there(const struct sk_filter *filter)
{
	return filter->has_line || filter->has_command || filter->has_other;
}

bool sk_filters_show(const struct sk_filters *f)
{
	return is_set(&f->all[SK_FILTER_WORDS]);
}

bool sk_filters_merge(const struct sk_filters *f)
{
	return is_set(&f->all[SK_FILTER_LOG]) &&
	       is_set(&f->all[SK_FILTER_STATUS]);
}

bool sk_filters_have_show(const struct sk_filters *f)
{
	return is_there(&f->all[SK_FILTER_WORDS]);
}

bool sk_filters_have_merge(const struct sk_filters *f)
{
	return is_there(&f->all[SK_FILTER_LOG]) ||
	       is_there(&f->all[SK_FILTER_STATUS]);
}

/* Replace the file, with the rights it has; a link stays one. */
static int write_file(const struct sk_filters *f, const struct sk_str *text,
		      struct sk_err *err)
{
	char *real = realpath(f->file.ptr, NULL);
	const char *path = real ? real : f->file.ptr;
	const char *slash = strrchr(f->file.ptr, '/');
	struct sk_str folder = SK_STR_INIT;
	struct stat st;
	mode_t mode = f->mode;
	int ret;

	sk_str_add(&folder, f->file.ptr, (size_t)(slash - f->file.ptr));
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

/* The text without any line of ours. */
static void drop_all(struct sk_str *text)
{
	for (int i = 0; i < SK_FILTERS; i++) {
		drop(text, kinds[i].note);
		drop(text, kinds[i].line);
	}
}

/* All lines of ours, each block below its note. */
static void add_all(struct sk_str *text)
{
	const char *note = "";

	for (int i = 0; i < SK_FILTERS; i++) {
		if (strcmp(note, kinds[i].note) != 0)
			sk_str_puts(text, kinds[i].note);
		note = kinds[i].note;
		sk_str_puts(text, kinds[i].line);
	}
}

int sk_filters_install(const struct sk_filters *f, struct sk_err *err)
{
	size_t bom =
		strncmp(f->text.ptr, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
	struct sk_str rest = SK_STR_INIT, text = SK_STR_INIT;
	bool has_lines = true;
	int ret = 0;

	for (int i = 0; i < SK_FILTERS && ret == 0; i++) {
		has_lines &= f->all[i].has_line;
		if (!f->all[i].has_command)
			ret = sk_config_set(kinds[i].key, f->all[i].command.ptr,
					    err);
	}
	if (ret == 0 && !has_lines) {
		sk_str_add(&text, f->text.ptr, bom);
		add_all(&text);
		sk_str_add(&rest, f->text.ptr + bom, f->text.len - bom);
		drop_all(&rest);
		sk_str_add(&text, rest.ptr, rest.len);
		ret = write_file(f, &text, err);
	}
	sk_str_free(&rest);
	sk_str_free(&text);
	return ret;
}

int sk_filters_remove(const struct sk_filters *f, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	bool has_lines = false;
	int ret = 0;

	for (int i = 0; i < SK_FILTERS; i++)
		has_lines |= f->all[i].has_line;
	if (has_lines) {
		sk_str_add(&text, f->text.ptr, f->text.len);
		drop_all(&text);
		if (text.len)
			ret = write_file(f, &text, err);
		else if (unlink(f->file.ptr) < 0 && errno != ENOENT)
			ret = sk_fail_errno(err, errno, "cannot remove '%s'",
					    f->file.ptr);
	}
	for (int i = 0; i < SK_FILTERS && ret == 0; i++) {
		if (f->all[i].has_command || f->all[i].has_other)
			ret = sk_config_unset(kinds[i].key, err);
	}
	sk_str_free(&text);
	return ret;
}
