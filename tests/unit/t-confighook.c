/* SPDX-License-Identifier: MIT */
/* Hooks by configuration: what the file says before, meanwhile and after. */
#include <errno.h>

#include "setup/confighook.h"
#include "tests/unit/hookbox.h"

static const char *const programs[SK_HOOK_EVENTS] = {"/opt/git sk/post-commit",
						     "/opt/it's/post-merge",
						     "/p/post-rewrite",
						     "/p/post-checkout",
						     "/p/pre-commit",
						     "/p/pre-merge-commit",
						     "/p/pre-push"};

static const char *const others[SK_HOOK_EVENTS] = {"/new/a", "/new/b",
						   "/new/c"};

/* Files of people, and what they are named for. */
static const struct {
	const char *name, *text;
} files[] = {
	{"empty", ""},
	{"plain", "[user]\n\tname = A\n"},
	{"comments", "# mine\n[user] ; why\n  name=A # b\n\n; last\n"},
	{"their hooks", "[hook \"lint\"]\n\tcommand = x\n\tevent = pre-push\n"
			"\n[hook]\n\tx = 1\n"},
	{"odd", "[a \"b c\"]\n\tk = \"v ; \\\"x\\\"\"\n\tn\n[include]\n"
		"\tpath = other\n"},
	{"CRLF", "[user]\r\n\tname = A\r\n"},
};

static int write_hooks(const char *const *list, enum sk_hook_scope scope,
		       struct sk_err *err)
{
	*err = (struct sk_err){0};
	return sk_confighooks_write(at("config"), list, scope, err);
}

/* What git reads under this key in the file; owned. */
static char *get(const char *key)
{
	const char *const argv[] = {
		"/usr/bin/git", "config", "--file", at("config"),
		"--get-all",	key,	  NULL};

	run_with(argv, "/dev/null");
	return slurp(at("out"));
}

static void gets(const char *key, const char *want)
{
	char *got = get(key);

	is(got, want, key);
	free(got);
}

static ino_t inode_of(const char *name)
{
	struct stat st;

	return stat(at("%s", name), &st) == 0 ? st.st_ino : 0;
}

/* No copy, lock or half-written file stays beside it. */
static bool is_alone(void)
{
	const char *const argv[] = {"/bin/sh", "-c",	"ls -A \"$1\"",
				    "-",       box.ptr, NULL};
	char *names;
	bool alone;

	run_with(argv, "/dev/null");
	names = slurp(at("out"));
	alone = !strstr(names, "config.") && !strstr(names, ".lock");
	if (!alone)
		printf("# %s\n", names);
	free(names);
	return alone;
}

static void test_in_and_out(struct sk_err *err)
{
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		char *once, *twice;
		ino_t inode;

		put_file(at("config"), files[i].text, 0640);
		ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0,
		   "config: %s: in", files[i].name);
		once = slurp(at("config"));
		ok(strncmp(once, files[i].text, strlen(files[i].text)) == 0,
		   "config: %s: what was there stays", files[i].name);
		inode = inode_of("config");
		ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 1 &&
			   inode_of("config") == inode,
		   "config: %s: twice is nothing to do", files[i].name);
		twice = slurp(at("config"));
		is(twice, once, "config: twice is once");
		ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 0 &&
			   inode_of("config") != inode,
		   "config: %s: out, by rename", files[i].name);
		says(at("config"), files[i].text, "config: out to the byte");
		ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 1,
		   "config: %s: out twice is nothing to do", files[i].name);
		ok(is_alone(), "config: %s: nothing stays", files[i].name);
		free(once);
		free(twice);
	}
}

static void test_values(struct sk_err *err)
{
	put_file(at("config"), "", 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0, "config: values");
	gets("hook.sk-post-commit.event", "post-commit\n");
	gets("hook.sk-post-merge.event", "post-merge\n");
	gets("hook.sk-post-rewrite.event", "post-rewrite\n");
	gets("hook.sk-post-checkout.event", "post-checkout\n");
	gets("hook.sk-post-commit.command",
	     "[ ! -x '/opt/git sk/post-commit' ] ||"
	     " '/opt/git sk/post-commit'\n");
	gets("hook.sk-post-merge.command",
	     "[ ! -x '/opt/it'\\''s/post-merge' ] ||"
	     " '/opt/it'\\''s/post-merge'\n");
	ok(write_hooks(others, SK_SCOPE_GLOBAL, err) == 0, "config: renewed");
	gets("hook.sk-post-rewrite.command",
	     "[ ! -x '/new/c' ] || GIT_SK_SCOPE=global '/new/c'\n");
	gets("hook.sk-post-rewrite.event", "post-rewrite\n");
	ok(write_hooks(others, SK_SCOPE_WORKTREE, err) == 0 &&
		   write_hooks(others, SK_SCOPE_LOCAL, err) == 1,
	   "config: a worktree's are those of a repository");
}

/* The command is run as git does: by a shell, with the hook's arguments. */
static void test_command(void)
{
	struct sk_str command = SK_STR_INIT;
	const char *argv[] = {"/bin/sh", "-c", NULL, "x", "a b", NULL};
	int status;

	put_file(at("it's a program"),
		 "#!/bin/sh\necho \"<$1> $GIT_SK_SCOPE\"\nexit 3\n", 0755);
	unsetenv("GIT_SK_SCOPE");
	for (int i = 0; i < 2; i++) {
		sk_str_clear(&command);
		sk_confighook_command(&command, at("it's a program"),
				      i ? SK_SCOPE_GLOBAL : SK_SCOPE_LOCAL);
		sk_str_puts(&command, " \"$@\"");
		argv[2] = command.ptr;
		status = run_with(argv, "/dev/null");
		ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
		   "config: the command's status");
		says(at("out"), i ? "<a b> global\n" : "<a b> \n",
		     "config: the command's arguments, and its scope");
	}
	chmod(at("it's a program"), 0644);
	ok(run_with(argv, "/dev/null") == 0,
	   "config: a program that is gone is no failure");
	says(at("err"), "", "config: nor a word");
	sk_str_free(&command);
}

/* Git's own lock: while another has it, nothing is touched. */
static void test_lock(struct sk_err *err)
{
	ino_t inode;

	put_file(at("config"), "[user]\n\tname = A\n", 0600);
	put_file(at("config.lock"), "of another", 0600);
	inode = inode_of("config");
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == -1 &&
		   err->code == SK_EBUSY && strstr(err->hint, "config.lock'"),
	   "config: locked: says so");
	says(at("config"), "[user]\n\tname = A\n", "config: locked: untouched");
	ok(inode_of("config") == inode, "config: locked: not even written");
	says(at("config.lock"), "of another", "config: locked: the lock stays");
	unlink(at("config.lock"));
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0 && is_alone(),
	   "config: not locked any more");
}

static void test_links_and_modes(struct sk_err *err)
{
	struct stat st;

	unlink(at("config"));
	put_file(at("dotfile"), "[user]\n\tname = A\n", 0604);
	must(symlink("dotfile", at("config")) == 0, "symlink");
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0 &&
		   lstat(at("config"), &st) == 0 && S_ISLNK(st.st_mode) &&
		   stat(at("dotfile"), &st) == 0 &&
		   (st.st_mode & 07777) == 0604,
	   "config: a link stays one, and the mode of its file");
	gets("hook.sk-post-commit.event", "post-commit\n");
	ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 0, "config: and out");
	says(at("dotfile"), "[user]\n\tname = A\n", "config: to the byte");
	unlink(at("dotfile"));
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0 &&
		   lstat(at("config"), &st) == 0 && S_ISLNK(st.st_mode) &&
		   stat(at("dotfile"), &st) == 0,
	   "config: a link to a file that is not there yet makes that");
	unlink(at("config"));
	ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 1 &&
		   access(at("config"), F_OK) < 0,
	   "config: out of no file is nothing to do");
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0 &&
		   stat(at("config"), &st) == 0 && (st.st_mode & 0777) == 0644,
	   "config: a file that was not there");
	put_file(at("config"), "[user\n", 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == -1 &&
		   err->code == SK_EFAIL && strstr(err->msg, "failed: "),
	   "config: a file that git cannot read");
	says(at("config"), "[user\n", "config: which stays");
	ok(is_alone(), "config: and nothing else");
	*err = (struct sk_err){0};
	ok(sk_confighooks_write(at("none/config"), programs, SK_SCOPE_LOCAL,
				err) == -1,
	   "config: no folder");
}

/* What a person added to our sections, or behind them. */
static void test_neighbours(struct sk_err *err)
{
	static const char mine[] = "# colors, as I like them\n"
				   "[color]\n\tui = false\n";
	struct sk_str text = SK_STR_INIT;
	char *ours;

	put_file(at("config"), "", 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0, "config: in");
	ours = slurp(at("config"));
	sk_str_addf(&text, "%s%s", ours, mine);
	put_file(at("config"), text.ptr, 0644);
	ok(write_hooks(others, SK_SCOPE_LOCAL, err) == 0 &&
		   write_hooks(NULL, SK_SCOPE_LOCAL, err) == 0,
	   "config: renewed and out, with a comment behind");
	free(ours);
	ours = slurp(at("config"));
	is(ours, mine, "config: a comment behind ours stays");
	free(ours);
	gets("hook.sk-post-rewrite.command", "");
	put_file(at("config"),
		 "# [hook \"sk-post-commit\"]\n[hook \"sk-post-merge\"]\n"
		 "\t; why\n\tparallel = true\n[hook \"sk-post-merge\"]\n"
		 "# [hook \"sk-post-merge\"]\n\tcommand = x\n",
		 0644);
	ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 0, "config: and others");
	says(at("config"),
	     "# [hook \"sk-post-commit\"]\n[hook \"sk-post-merge\"]\n"
	     "\t; why\n\tparallel = true\n# [hook \"sk-post-merge\"]\n",
	     "config: keys that are not ours keep their section");
	put_file(at("config"),
		 "[hook \"sk-post-commit\"]\n\tcommand = a\n"
		 "\tenabled = false\n\tcommand = b\n[x]\n\ty = z\n",
		 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0, "config: twice in");
	gets("hook.sk-post-commit.event", "post-commit\n");
	gets("hook.sk-post-commit.enabled", "false\n");
	gets("hook.sk-post-commit.command",
	     "[ ! -x '/opt/git sk/post-commit' ] ||"
	     " '/opt/git sk/post-commit'\n");
	ok(write_hooks(NULL, SK_SCOPE_LOCAL, err) == 0, "config: out");
	says(at("config"), "[x]\n\ty = z\n", "config: with what is switched");
	sk_str_free(&text);
}

/*
 * Another program changes the file between our reading and our replacing it:
 * the git that we start does, as often as there are lines in `changes`.
 */
static void test_meanwhile(struct sk_err *err)
{
	char *path = sk_strdup(getenv("PATH")), *text;

	setenv("BOX", box.ptr, 1);
	mkdir(at("bin"), 0755);
	put_file(at("bin/git"),
		 "#!/bin/sh\nPATH=${PATH#*:}\n"
		 "if [ -s \"$BOX/changes\" ]; then\n"
		 "\tsed -i 1d \"$BOX/changes\"\n"
		 "\techo '# theirs' >>\"$BOX/config\"\nfi\n"
		 "exec git \"$@\"\n",
		 0755);
	setenv("PATH", at("bin:%s", path), 1);
	put_file(at("config"), "", 0644);
	put_file(at("changes"), "1\n", 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == 0,
	   "config: changed meanwhile: once more");
	text = slurp(at("config"));
	ok(strncmp(text, "# theirs\n[hook ", 15) == 0 &&
		   strstr(text, "event = post-checkout"),
	   "config: changed meanwhile: both are there");
	free(text);
	put_file(at("config"), "", 0644);
	put_file(at("changes"),
		 "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
		 "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
		 0644);
	ok(write_hooks(programs, SK_SCOPE_LOCAL, err) == -1 &&
		   err->code == SK_EBUSY && strstr(err->msg, "all the time"),
	   "config: changed all the time: given up");
	text = slurp(at("config"));
	ok(*text && !strstr(text, "hook"),
	   "config: changed all the time: theirs alone");
	free(text);
	ok(is_alone(), "config: changed all the time: nothing stays");
	setenv("PATH", path, 1);
	free(path);
}

/* Never a moment with an event that has no command, for who reads along. */
static void test_readers(struct sk_err *err)
{
	int rounds = 30, status;
	bool good = true;
	pid_t pid;

	put_file(at("config"), "[user]\n\tname = A\n", 0644);
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		struct sk_err ignored;

		while (rounds-- > 0)
			if (write_hooks(rounds & 1 ? programs : NULL,
					SK_SCOPE_LOCAL, &ignored) < 0)
				_exit(1);
		_exit(0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		char *text = slurp(at("config"));
		size_t events = 0, commands = 0;

		for (char *p = text; (p = strstr(p, "\tevent = ")); p++)
			events++;
		for (char *p = text; (p = strstr(p, "\tcommand = ")); p++)
			commands++;
		good &= events == commands &&
			(events == 0 || events == SK_HOOK_EVENTS) &&
			strstr(text, "name = A");
		free(text);
	}
	ok(good && status == 0, "config: all of them at once, or none");
	(void)err;
}

int main(void)
{
	struct sk_err err;

	box_start();
	setenv("HOME", box.ptr, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	test_in_and_out(&err);
	test_values(&err);
	test_command();
	test_lock(&err);
	test_links_and_modes(&err);
	test_neighbours(&err);
	test_meanwhile(&err);
	test_readers(&err);
	box_end();
	return done_testing();
}
