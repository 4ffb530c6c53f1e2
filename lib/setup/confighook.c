/* SPDX-License-Identifier: MIT */
#include "setup/confighook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/spawn.h"
#include "git/config.h"

/* As git prints them. */
static const char *const scopes[] = {
	[SK_SCOPE_LOCAL] = "local",
	[SK_SCOPE_WORKTREE] = "worktree",
	[SK_SCOPE_GLOBAL] = "global",
};

static const char scope_variable[] = "GIT_SK_SCOPE";

enum { CONFIG_MAX = 16 << 20, TRIES = 5, LINKS_MAX = 8 };

/* One setting: hook.sk-<event>.<what>, or hook.<event>.enabled. */
static void take(struct sk_confighook *hook, bool *has_event, const char *event,
		 const char *scope, const char *key, const char *value)
{
	size_t len = strlen(event);
	const char *name = key + strlen("hook.");
	bool ours = strncmp(name, "sk-", 3) == 0;
	const char *what = name + (ours ? 3 : 0);

	if (strncmp(what, event, len) != 0 || what[len] != '.')
		return;
	what += len + 1;
	if (strcasecmp(what, "enabled") == 0)
		hook->is_off = sk_config_parse_bool(value) == 0;
	if (!ours)
		return;
	if (strcasecmp(what, "command") == 0) {
		sk_str_set(&hook->command, value);
		for (size_t i = 0; i < SK_COUNTOF(scopes); i++)
			hook->is_in[i] |= strcmp(scope, scopes[i]) == 0;
	} else if (strcasecmp(what, "event") == 0) {
		*has_event |= strcmp(value, event) == 0;
	}
}

/* Records of `scope NUL key LF value NUL`. */
static void read_records(struct sk_confighook hooks[SK_HOOK_EVENTS],
			 const struct sk_str *raw)
{
	bool has_event[SK_HOOK_EVENTS] = {false};
	char *at = raw->ptr, *end = at + raw->len;

	while (at < end) {
		char *scope = at, *key = at + strlen(at) + 1, *value;

		if (key >= end)
			break;
		at = key + strlen(key) + 1;
		value = strchr(key, '\n');
		if (value)
			*value++ = '\0';
		for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
			take(&hooks[i], &has_event[i], sk_hook_events[i].name,
			     scope, key, value ? value : "true");
	}
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		hooks[i].is_there = has_event[i] && hooks[i].command.len;
}

int sk_confighooks_read(struct sk_confighook hooks[SK_HOOK_EVENTS],
			struct sk_err *err)
{
	static const char *const argv[] = {
		"git",		"config",   "-z", "--show-scope",
		"--get-regexp", "^hook\\.", NULL};
	struct sk_str raw = SK_STR_INIT;
	int status;

	for (size_t i = 0; i < SK_HOOK_EVENTS; i++)
		hooks[i] = (struct sk_confighook){.command = SK_STR_INIT};
	status = sk_spawn_read(&raw, NULL, argv, CONFIG_MAX, err);
	if (status == 0)
		read_records(hooks, &raw);
	sk_str_free(&raw);
	return status < 0 ? -1 : 0;
}

void sk_confighooks_free(struct sk_confighook hooks[SK_HOOK_EVENTS])
{
	for (size_t i = 0; i < SK_HOOK_EVENTS; i++) {
		sk_str_free(&hooks[i].command);
	}
}

void sk_confighook_command(struct sk_str *out, const char *program,
			   enum sk_hook_scope scope)
{
	sk_str_puts(out, "[ ! -x ");
	sk_str_add_quoted(out, program);
	sk_str_puts(out, " ] || ");
	if (scope == SK_SCOPE_GLOBAL)
		sk_str_addf(out, "%s=%s ", scope_variable,
			    scopes[SK_SCOPE_GLOBAL]);
	sk_str_add_quoted(out, program);
}

bool sk_confighook_is_global(void)
{
	const char *scope = getenv(scope_variable);

	return scope && strcmp(scope, scopes[SK_SCOPE_GLOBAL]) == 0;
}

/* As git finds it: GIT_CONFIG_GLOBAL, ~/.gitconfig, the one of XDG. */
static int global_file(struct sk_str *out, struct sk_err *err)
{
	const char *given = getenv("GIT_CONFIG_GLOBAL");
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	struct sk_str other = SK_STR_INIT;

	if (given && *given) {
		sk_str_set(out, given);
		return 0;
	}
	if (!home || !*home)
		return sk_fail(err, SK_EFAIL,
			       "no home folder: HOME is not set");
	sk_str_addf(out, "%s/.gitconfig", home);
	if (xdg && *xdg)
		sk_str_addf(&other, "%s/git/config", xdg);
	else
		sk_str_addf(&other, "%s/.config/git/config", home);
	if (access(out->ptr, F_OK) < 0 && access(other.ptr, F_OK) == 0)
		sk_str_set(out, other.ptr);
	sk_str_free(&other);
	return 0;
}

/* One file for all, unless the extension gives each worktree its own. */
static int worktree_file(struct sk_str *out, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	bool is_own;
	int rc;

	rc = sk_spawn_ask(&text,
			  (const char *const[]){"git", "config", "--bool",
						"extensions.worktreeConfig",
						NULL},
			  err);
	is_own = rc == 0 && strcmp(text.ptr, "true") == 0;
	if (rc >= 0 && !is_own) {
		rc = sk_spawn_ask(
			&text,
			(const char *const[]){"git", "worktree", "list", NULL},
			err);
		if (rc == 0 && strchr(text.ptr, '\n')) {
			sk_fail(err, SK_EFAIL,
				"the worktrees of this repository have one"
				" configuration");
			rc = sk_hint(err, "run 'git config"
					  " extensions.worktreeConfig true', or"
					  " leave --worktree out");
		}
	}
	sk_str_free(&text);
	if (rc < 0)
		return -1;
	rc = sk_spawn_ask(out,
			  (const char *const[]){
				  "git", "rev-parse", "--path-format=absolute",
				  "--git-path",
				  is_own ? "config.worktree" : "config", NULL},
			  err);
	return rc < 0 ? -1 : 0;
}

int sk_confighook_file(struct sk_str *out, enum sk_hook_scope scope,
		       struct sk_err *err)
{
	sk_str_clear(out);
	if (scope == SK_SCOPE_GLOBAL)
		return global_file(out, err);
	if (scope == SK_SCOPE_WORKTREE)
		return worktree_file(out, err);
	return sk_spawn_ask(out,
			    (const char *const[]){"git", "rev-parse",
						  "--path-format=absolute",
						  "--git-path", "config", NULL},
			    err) < 0
		       ? -1
		       : 0;
}

/* git config --file <file> <words>; `also_fine` is no failure either. */
static int edit(const char *file, const char *const words[3], int also_fine,
		struct sk_err *err)
{
	const char *argv[8] = {"git",	 "config", "--file", file,
			       words[0], words[1], words[2], NULL};
	struct sk_str errors = SK_STR_INIT;
	int rc = sk_spawn_read(NULL, &errors, argv, 1u << 16, err);

	sk_str_cut(&errors, strcspn(errors.ptr, "\n"));
	if (rc > 0 && rc != also_fine)
		rc = sk_fail(err, SK_EFAIL, "'git config' failed: %s",
			     errors.ptr);
	sk_str_free(&errors);
	return rc < 0 ? -1 : 0;
}

/* hook.sk-<event>.<what> = value; what is there is replaced where it is. */
static int set_key(const char *file, const char *event, const char *what,
		   const char *value, struct sk_err *err)
{
	struct sk_str key = SK_STR_INIT;
	int rc;

	sk_str_addf(&key, "hook.sk-%s.%s", event, what);
	rc = edit(file, (const char *const[]){"--replace-all", key.ptr, value},
		  0, err);
	sk_str_free(&key);
	return rc;
}

static int unset_key(const char *file, const char *event, const char *what,
		     struct sk_err *err)
{
	struct sk_str key = SK_STR_INIT;
	int rc;

	sk_str_addf(&key, "hook.sk-%s.%s", event, what);
	/* 5: it is not there */
	rc = edit(file, (const char *const[]){"--unset-all", key.ptr, NULL}, 5,
		  err);
	sk_str_free(&key);
	return rc;
}

static int edit_event(const char *file, const char *event, const char *program,
		      enum sk_hook_scope scope, struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	if (program) {
		sk_confighook_command(&text, program, scope);
		rc = set_key(file, event, "command", text.ptr, err);
		if (rc == 0)
			rc = set_key(file, event, "event", event, err);
	} else {
		rc = unset_key(file, event, "command", err);
		if (rc == 0)
			rc = unset_key(file, event, "event", err);
		if (rc == 0)
			rc = unset_key(file, event, "enabled", err);
	}
	sk_str_free(&text);
	return rc;
}

/* Nothing but space and comments in the section that begins here. */
static bool is_empty_section(const char *text)
{
	text += strspn(text, " \t\r\n");
	while (*text == '#' || *text == ';') {
		text += strcspn(text, "\n");
		text += strspn(text, " \t\r\n");
	}
	return !*text || *text == '[';
}

/*
 * Git leaves a section that holds comments, whoever they are about, and would
 * take them out with a whole one: only the line goes that names the section.
 */
static void drop_header(struct sk_str *text, const char *event)
{
	struct sk_str header = SK_STR_INIT;
	char *at = text->ptr;

	sk_str_addf(&header, "[hook \"sk-%s\"]\n", event);
	while ((at = strstr(at, header.ptr))) {
		char *rest = at + header.len;

		if ((at != text->ptr && at[-1] != '\n') ||
		    !is_empty_section(rest)) {
			at = rest;
			continue;
		}
		memmove(at, rest, (size_t)(text->ptr + text->len - rest) + 1);
		sk_str_cut(text, text->len - header.len);
	}
	sk_str_free(&header);
}

/*
 * Put `text` in the place of `file`, which said `old`: under git's own lock,
 * and only if it still does. Returns 0; 1 when it does not; -1.
 */
static int replace(const char *file, const struct sk_str *old,
		   const struct sk_str *text, struct sk_err *err)
{
	struct sk_str lock = SK_STR_INIT, now = SK_STR_INIT;
	struct stat st;
	mode_t mode = stat(file, &st) == 0 ? st.st_mode & 07777 : 0644;
	int fd, rc = -1;

	sk_str_addf(&lock, "%s.lock", file);
	fd = open(lock.ptr, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 && errno == EEXIST) {
		sk_fail(err, SK_EBUSY, "'%s' is being written by another git",
			file);
		sk_hint(err, "try again; when nobody does, remove '%.150s'",
			lock.ptr);
		goto out;
	}
	if (fd < 0) {
		sk_fail_errno(err, errno, "cannot create '%s'", lock.ptr);
		goto out;
	}
	rc = sk_file_read(&now, file, CONFIG_MAX, err);
	if (rc >= 0)
		rc = now.len != old->len ||
		     memcmp(now.ptr, old->ptr, now.len) != 0;
	if (rc == 0)
		rc = sk_file_write(file, text->ptr, text->len, mode, err);
	close(fd);
	unlink(lock.ptr);
out:
	sk_str_free(&now);
	sk_str_free(&lock);
	return rc;
}

/* Edit a copy with git's own means, then let it take the file's place. */
static int try_write(const char *file, const char *const *programs,
		     enum sk_hook_scope scope, bool *changed,
		     struct sk_err *err)
{
	struct sk_str old = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_str copy = SK_STR_INIT;
	int rc = sk_file_read(&old, file, CONFIG_MAX, err);

	sk_str_addf(&copy, "%s.sk-%d", file, (int)getpid());
	if (rc >= 0)
		rc = sk_file_write_unsynced(copy.ptr, old.ptr, old.len, 0600,
					    err);
	for (size_t i = 0; rc == 0 && i < SK_HOOK_EVENTS; i++) {
		if (!programs || programs[i])
			rc = edit_event(copy.ptr, sk_hook_events[i].name,
					programs ? programs[i] : NULL, scope,
					err);
	}
	if (rc == 0)
		rc = sk_file_read(&text, copy.ptr, CONFIG_MAX, err);
	for (size_t i = 0; !programs && i < SK_HOOK_EVENTS; i++)
		drop_header(&text, sk_hook_events[i].name);
	unlink(copy.ptr);
	*changed = rc == 0 && (text.len != old.len ||
			       memcmp(text.ptr, old.ptr, old.len) != 0);
	if (*changed)
		rc = replace(file, &old, &text, err);
	sk_str_free(&copy);
	sk_str_free(&text);
	sk_str_free(&old);
	return rc;
}

/* A link is followed, as git does; what it leads to may not be there yet. */
static void follow(struct sk_str *path, const char *file)
{
	char target[PATH_MAX];
	ssize_t len;

	sk_str_set(path, file);
	for (int i = 0; i < LINKS_MAX; i++) {
		const char *slash = strrchr(path->ptr, '/');

		len = readlink(path->ptr, target, sizeof(target));
		if (len <= 0)
			return;
		sk_str_cut(path, target[0] != '/' && slash
					 ? (size_t)(slash + 1 - path->ptr)
					 : 0);
		sk_str_add(path, target, (size_t)len);
	}
}

int sk_confighooks_write(const char *file, const char *const *programs,
			 enum sk_hook_scope scope, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	bool changed = false;
	int rc = 1;

	follow(&path, file);
	for (int i = 0; i < TRIES && rc == 1; i++)
		rc = try_write(path.ptr, programs, scope, &changed, err);
	sk_str_free(&path);
	if (rc == 1)
		return sk_fail(err, SK_EBUSY,
			       "'%s' is being written by others all the time",
			       file);
	return rc < 0 ? -1 : !changed;
}
