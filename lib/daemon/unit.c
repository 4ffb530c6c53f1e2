/* SPDX-License-Identifier: MIT */
#include "daemon/unit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "daemon/state.h"

#define UNIT "git-sk-daemon.service"

/* By this line a unit is known as ours. */
#define MARK "# Written by 'git sk-daemon install-unit'.\n"

enum { MAX_UNIT = 65536 };

static int unit_folder(struct sk_str *out, struct sk_err *err)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config && config[0] == '/')
		sk_str_addf(out, "%s/systemd/user", config);
	else if (home && home[0] == '/')
		sk_str_addf(out, "%s/.config/systemd/user", home);
	else
		return sk_fail(err, SK_EFAIL, "HOME is not an absolute path");
	return 0;
}

/* As one word of a unit file: quotes, specifiers and variables are none. */
static int add_word(struct sk_str *out, const char *text, struct sk_err *err)
{
	sk_str_putc(out, '"');
	for (; *text; text++) {
		if ((unsigned char)*text < ' ')
			return sk_fail(err, SK_EDATA,
				       "a path with control characters cannot"
				       " be named in a unit");
		if (*text == '"' || *text == '\\')
			sk_str_putc(out, '\\');
		if (*text == '%' || *text == '$')
			sk_str_putc(out, *text);
		sk_str_putc(out, *text);
	}
	sk_str_putc(out, '"');
	return 0;
}

static int compose(struct sk_str *out, struct sk_err *err)
{
	const char *home = getenv("GIT_SK_HOME");
	struct sk_str path = SK_STR_INIT, setting = SK_STR_INIT;
	int ret = -1;

	sk_str_puts(out, MARK);
	sk_str_puts(out, "[Unit]\n"
			 "Description=Send the events of git-sk\n"
			 "Documentation=man:git-sk-daemon(1)\n\n"
			 "[Service]\n");
	if (home && *home) {
		sk_str_addf(&setting, "GIT_SK_HOME=%s", home);
		sk_str_puts(out, "Environment=");
		if (add_word(out, setting.ptr, err) < 0)
			goto out;
		sk_str_putc(out, '\n');
	}
	sk_str_puts(out, "ExecStart=");
	if (sk_sibling_path(&path, SK_DAEMON_PROGRAM, err) < 0 ||
	    add_word(out, path.ptr, err) < 0)
		goto out;
	/* it ends with 1 when its program was replaced: start the new one */
	sk_str_puts(out, " run\n"
			 "WorkingDirectory=/\n"
			 "Restart=on-failure\n"
			 "RestartSec=10\n"
			 "NoNewPrivileges=yes\n\n"
			 "[Install]\n"
			 "WantedBy=default.target\n");
	ret = 0;
out:
	sk_str_free(&setting);
	sk_str_free(&path);
	return ret;
}

/* Returns 0 when the unit is ours; 1 when there is none; -1 when it is not. */
static int look_at(const char *path, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int ret = sk_file_read(&text, path, MAX_UNIT, err);

	if (ret == 0 && strncmp(text.ptr, MARK, strlen(MARK)) != 0) {
		ret = sk_fail(err, SK_EFAIL,
			      "'%s' was written by somebody else", path);
		sk_hint(err, "move it away first");
	}
	sk_str_free(&text);
	return ret;
}

int sk_daemon_unit_write(struct sk_str *path, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int ret = -1;

	if (compose(&text, err) == 0 && unit_folder(path, err) == 0 &&
	    sk_mkdir_p(path->ptr, err) == 0) {
		sk_str_puts(path, "/" UNIT);
		if (look_at(path->ptr, err) >= 0)
			ret = sk_file_write(path->ptr, text.ptr, text.len, 0644,
					    err);
	}
	sk_str_free(&text);
	return ret;
}

/* What 'systemctl enable' made would lead nowhere. */
static void unlink_wanted(const char *folder, const char *unit)
{
	struct sk_str path = SK_STR_INIT;
	char target[PATH_MAX];
	ssize_t len;

	sk_str_addf(&path, "%s/default.target.wants/%s", folder, UNIT);
	len = readlink(path.ptr, target, sizeof(target) - 1);
	if (len > 0) {
		target[len] = '\0';
		if (strcmp(target, unit) == 0)
			unlink(path.ptr);
	}
	sk_str_free(&path);
}

int sk_daemon_unit_remove(struct sk_str *path, struct sk_err *err)
{
	struct sk_str folder = SK_STR_INIT;
	int ret = unit_folder(&folder, err);

	if (ret < 0)
		goto out;
	sk_str_addf(path, "%s/" UNIT, folder.ptr);
	ret = look_at(path->ptr, err);
	if (ret != 0)
		goto out;
	unlink_wanted(folder.ptr, path->ptr);
	if (unlink(path->ptr) < 0 && errno != ENOENT)
		ret = sk_fail_errno(err, errno, "cannot remove '%s'",
				    path->ptr);
out:
	sk_str_free(&folder);
	return ret;
}
