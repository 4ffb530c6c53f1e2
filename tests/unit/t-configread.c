/* SPDX-License-Identifier: MIT */
/* What git has configured, in all scopes, and in which file a scope is. */
#include "setup/confighook.h"
#include "tests/unit/hookbox.h"

static void git(const char *words)
{
	const char *argv[] = {"/bin/sh", "-c", NULL, NULL};
	struct sk_str command = SK_STR_INIT;

	sk_str_addf(&command, "git %s", words);
	argv[2] = command.ptr;
	must(run_with(argv, "/dev/null") == 0, command.ptr);
	sk_str_free(&command);
}

/* One event as "there off local worktree global: command". */
static void shows(size_t i, const char *want, const char *name)
{
	struct sk_confighook hooks[SK_HOOK_EVENTS];
	struct sk_err err = {0};
	struct sk_str got = SK_STR_INIT;

	ok(sk_confighooks_read(hooks, &err) == 0, "read: %s", name);
	sk_str_addf(&got, "%s%s%s%s%s: %s", hooks[i].is_there ? "there " : "",
		    hooks[i].is_off ? "off " : "",
		    hooks[i].is_in[SK_SCOPE_LOCAL] ? "local " : "",
		    hooks[i].is_in[SK_SCOPE_WORKTREE] ? "worktree " : "",
		    hooks[i].is_in[SK_SCOPE_GLOBAL] ? "global " : "",
		    hooks[i].command.ptr);
	is(got.ptr, want, name);
	sk_confighooks_free(hooks);
	sk_str_free(&got);
}

static void test_read(void)
{
	shows(0, ": ", "read: nothing");
	git("config hook.sk-post-commit.command 'a b'");
	shows(0, "local : a b", "read: a command without an event");
	git("config hook.sk-post-commit.event post-merge");
	shows(0, "local : a b", "read: another's event");
	git("config --add hook.sk-post-commit.event post-commit");
	shows(0, "there local : a b", "read: one of two events");
	shows(1, ": ", "read: nothing for another event");
	git("config --global HOOK.sk-post-commit.COMMAND 'every one'");
	shows(0, "there local global : a b", "read: the nearest counts");
	git("config --unset hook.sk-post-commit.command");
	shows(0, "there global : every one", "read: the global one");
	git("config --global --unset hook.sk-post-commit.command");
	shows(0, ": ", "read: an event without a command");
	git("config hook.sk-post-commit.command \"$(printf 'a\\nb')\"");
	shows(0, "there local : a\nb", "read: a command of two lines");
	git("config hook.post-commit.command 'another one'");
	git("config hook.post-commit.event post-commit");
	git("config hook.sk-post-commit.x y");
	git("config hook.sk-post-commits.command z");
	git("config hook.sk-post.command z");
	git("config hook.commit z");
	shows(0, "there local : a\nb", "read: hooks of others");
}

/* The switch is ours, or git's own for all hooks of an event. */
static void test_switch(void)
{
	static const struct {
		const char *value;
		bool is_off;
	} rows[] = {
		{"false", true}, {"FALSE", true}, {"no", true},
		{"off", true},	 {"0", true},	  {"''", true},
		{"true", false}, {"yes", false},  {"1", false},
		{"00", true},
	};
	char words[96];

	git("config hook.sk-post-merge.command m");
	git("config hook.sk-post-merge.event post-merge");
	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		const char *want = rows[i].is_off ? "there off local : m"
						  : "there local : m";

		snprintf(words, sizeof(words),
			 "config hook.sk-post-merge.Enabled %s", rows[i].value);
		git(words);
		shows(1, want, rows[i].value);
		git("config --unset hook.sk-post-merge.Enabled");
		snprintf(words, sizeof(words),
			 "config hook.post-merge.enabled %s", rows[i].value);
		git(words);
		shows(1, want, "read: by the event's name");
		git("config --unset hook.post-merge.enabled");
	}
	git("config --global hook.sk-post-merge.enabled false");
	git("config hook.sk-post-merge.enabled true");
	shows(1, "there local : m", "read: the nearest switch counts");
	put_file(at("more"), "[hook \"sk-post-merge\"]\n\tenabled\n", 0644);
	git("config --unset hook.sk-post-merge.enabled");
	git("config include.path ../../more");
	shows(1, "there local : m", "read: a key without a value is true");
	git("config --unset include.path");
	shows(1, "there off local : m", "read: switched off for the person");
	shows(0, "there local : a\nb", "read: not for other events");
}

static void is_in(enum sk_hook_scope scope, const char *want, const char *name)
{
	struct sk_str file = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_set(&file, "of the one before");
	ok(sk_confighook_file(&file, scope, &err) == 0, "file: %s", name);
	is(file.ptr, want, name);
	sk_str_free(&file);
}

static void test_global_file(void)
{
	struct sk_str file = SK_STR_INIT;
	struct sk_err err = {0};

	unlink(at(".gitconfig"));
	unsetenv("XDG_CONFIG_HOME");
	is_in(SK_SCOPE_GLOBAL, at(".gitconfig"), "file: none yet");
	mkdir(at(".config"), 0755);
	mkdir(at(".config/git"), 0755);
	put_file(at(".config/git/config"), "", 0644);
	is_in(SK_SCOPE_GLOBAL, at(".config/git/config"), "file: of XDG");
	setenv("XDG_CONFIG_HOME", "", 1);
	is_in(SK_SCOPE_GLOBAL, at(".config/git/config"), "file: XDG is empty");
	setenv("XDG_CONFIG_HOME", at("xdg"), 1);
	is_in(SK_SCOPE_GLOBAL, at(".gitconfig"), "file: XDG has none");
	mkdir(at("xdg"), 0755);
	mkdir(at("xdg/git"), 0755);
	put_file(at("xdg/git/config"), "", 0644);
	is_in(SK_SCOPE_GLOBAL, at("xdg/git/config"), "file: of XDG elsewhere");
	put_file(at(".gitconfig"), "", 0644);
	is_in(SK_SCOPE_GLOBAL, at(".gitconfig"), "file: both: the older");
	setenv("GIT_CONFIG_GLOBAL", "", 1);
	is_in(SK_SCOPE_GLOBAL, at(".gitconfig"), "file: named: nothing");
	setenv("GIT_CONFIG_GLOBAL", "/else/where", 1);
	is_in(SK_SCOPE_GLOBAL, "/else/where", "file: named");
	unsetenv("GIT_CONFIG_GLOBAL");
	setenv("HOME", "", 1);
	ok(sk_confighook_file(&file, SK_SCOPE_GLOBAL, &err) == -1 &&
		   strstr(err.msg, "HOME is not set"),
	   "file: no home");
	setenv("HOME", box.ptr, 1);
	sk_str_free(&file);
}

/* Its own where the extension is set; else that of all, if it is alone. */
static void test_worktree_file(void)
{
	struct sk_str file = SK_STR_INIT;
	struct sk_err err = {0};

	/* what was tried above ends every command of a git that minds it */
	put_file(at("repo/.git/config"),
		 "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
		 0644);
	is_in(SK_SCOPE_LOCAL, at("repo/.git/config"), "file: of a repository");
	is_in(SK_SCOPE_WORKTREE, at("repo/.git/config"), "file: one worktree");
	git("-c user.name=a -c user.email=b commit -q --allow-empty -m x");
	git("worktree add -q ../tree");
	ok(sk_confighook_file(&file, SK_SCOPE_WORKTREE, &err) == -1 &&
		   strstr(err.msg, "have one configuration") &&
		   strstr(err.hint, "extensions.worktreeConfig true"),
	   "file: two worktrees have one");
	must(chdir(at("tree")) == 0, "chdir");
	is_in(SK_SCOPE_LOCAL, at("repo/.git/config"), "file: from a worktree");
	git("config extensions.worktreeConfig true");
	is_in(SK_SCOPE_WORKTREE, at("repo/.git/worktrees/tree/config.worktree"),
	      "file: of a worktree");
	must(chdir(at("repo")) == 0, "chdir");
	is_in(SK_SCOPE_WORKTREE, at("repo/.git/config.worktree"),
	      "file: of the first worktree");
	git("config extensions.worktreeConfig false");
	ok(sk_confighook_file(&file, SK_SCOPE_WORKTREE, &err) == -1,
	   "file: the extension is off");
	sk_str_free(&file);
}

/* A process that cannot be started is an error, a bad file no hooks. */
static void test_no_git(void)
{
	struct sk_confighook hooks[SK_HOOK_EVENTS];
	struct sk_str file = SK_STR_INIT;
	struct sk_err err = {0};

	setenv("PATH", "/nowhere", 1);
	ok(sk_confighooks_read(hooks, &err) == -1 && err.code,
	   "read: without git");
	sk_confighooks_free(hooks);
	ok(sk_confighook_file(&file, SK_SCOPE_LOCAL, &err) == -1 &&
		   sk_confighook_file(&file, SK_SCOPE_WORKTREE, &err) == -1,
	   "file: without git");
	sk_str_free(&file);
}

int main(void)
{
	box_start();
	setenv("HOME", box.ptr, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("GIT_CONFIG_GLOBAL");
	unsetenv("GIT_DIR");
	git("init -q \"$HOME/repo\"");
	must(chdir(at("repo")) == 0, "chdir");
	test_read();
	test_switch();
	test_global_file();
	test_worktree_file();
	test_no_git();
	must(chdir("/") == 0, "chdir");
	setenv("PATH", "/usr/bin:/bin", 1);
	box_end();
	return done_testing();
}
