/* SPDX-License-Identifier: MIT */
/* Refs as files and as git tells them: the same. */
#include <string.h>

#include "git/source.h"
#include "tests/unit/gitbox.h"

static int add_tip(void *ctx, const char *ref, const struct sk_oid *tip)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, tip);
	sk_str_addf(ctx, "%s %s\n", hex, ref);
	return 0;
}

/* Lines sorted, each once. */
static struct sk_str sorted(const struct sk_str *lines)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_spawn_talk(&out, lines,
			  (const char *const[]){"sort", "-u", NULL}, 1u << 20,
			  &err) != 0)
		abort();
	return out;
}

static struct sk_repo *must_open(void)
{
	struct sk_repo *repo = NULL;
	struct sk_err err = {0};

	if (sk_repo_open(&repo, &err) < 0) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return repo;
}

/* All tips, by files or by git. */
static struct sk_str tips(bool by_git, bool with_remotes)
{
	struct sk_repo *repo = must_open();
	struct sk_str lines = SK_STR_INIT, out;
	struct sk_err err = {0};
	int rc;

	repo->layout.has_ref_files = !by_git;
	rc = with_remotes ? sk_repo_each_tip(repo, add_tip, &lines, &err)
			  : sk_repo_each_local_tip(repo, add_tip, &lines, &err);
	ok(rc == 0, "refs: all are read (%s)", err.msg);
	out = sorted(&lines);
	sk_str_free(&lines);
	sk_repo_close(repo);
	return out;
}

/* "<id> <name>" of HEAD, "unborn", or what failed. */
static struct sk_str head(bool by_git)
{
	struct sk_str out = SK_STR_INIT, ref = SK_STR_INIT;
	struct sk_repo *repo = must_open();
	struct sk_err err = {0};
	struct sk_oid id;
	int rc;

	repo->layout.has_ref_files = !by_git;
	rc = sk_repo_head(repo, &id, &ref, &err);
	if (rc == 0)
		add_tip(&out, ref.ptr, &id);
	else
		sk_str_puts(&out, rc > 0 ? "unborn" : err.msg);
	sk_str_free(&ref);
	sk_repo_close(repo);
	return out;
}

static void same(struct sk_str got, struct sk_str want, const char *name)
{
	is(got.ptr, want.ptr, name);
	sk_str_free(&got);
	sk_str_free(&want);
}

static void go(const char *dir)
{
	if (chdir(gitbox_dir.ptr) < 0 || chdir(dir) < 0)
		abort();
}

static void make_refs(void)
{
	run_shell("git init -q -b main r; cd r;"
		  "for i in 1 2 3 4 5 6; do"
		  "  git commit -q --allow-empty -m $i; git branch b/$i; done;"
		  "git update-ref refs/remotes/origin/main HEAD~1;"
		  "git symbolic-ref refs/remotes/origin/HEAD"
		  "  refs/remotes/origin/main;"
		  "git tag -a -m t t; git update-ref refs/other/x HEAD~3;"
		  "git pack-refs --all;"
		  "git update-ref refs/heads/b/2 HEAD;" /* over a packed one */
		  "git update-ref refs/heads/a/very/deep/one HEAD~2;"
		  "git branch -d -q b/3; git branch z;"
		  "git symbolic-ref refs/heads/alias refs/heads/z;"
		  "git worktree add -q ../one; git -C ../one commit -q"
		  "  --allow-empty -m one;"
		  "git worktree add -q --detach ../two;"
		  "git -C ../two commit -q --allow-empty -m two;"
		  "mkdir -p .git/refs/heads/empty;"
		  "touch .git/refs/heads/b/5.lock;"
		  "echo no >.git/refs/heads/damaged");
}

static void compare(const char *dir, const char *name)
{
	struct sk_str title = SK_STR_INIT;

	go(dir);
	sk_str_addf(&title, "refs: HEAD of %s", name);
	same(head(false), head(true), title.ptr);
	sk_str_clear(&title);
	sk_str_addf(&title, "refs: the tips that %s sees", name);
	same(tips(false, true),
	     shell("{ git for-each-ref refs/heads refs/remotes"
		   " --format='%(objectname) %(refname)%(if)%(symref)%(then)"
		   " symbolic%(end)' 2>/dev/null | grep -v symbolic;"
		   " echo \"$(git rev-parse worktrees/two/HEAD)"
		   " worktrees/two/HEAD\";"
		   " if ! git symbolic-ref -q main-worktree/HEAD >/dev/null;"
		   " then echo \"$(git rev-parse main-worktree/HEAD) HEAD\";"
		   " fi; } | LC_ALL=C sort -u"),
	     title.ptr);
	sk_str_free(&title);
}

/* The same without remote-tracking branches, by files and by git. */
static void compare_asked(void)
{
	struct sk_str local = tips(false, false);

	ok(!strstr(local.ptr, "refs/remotes") && !strstr(local.ptr, "alias") &&
		   strstr(local.ptr, " worktrees/two/HEAD\n"),
	   "refs: local are neither remote nor symbolic ones");
	same(tips(true, false), local, "refs: git tells the same");
}

/* Each way is its own: files are read where there is no git to ask. */
static void compare_without_git(void)
{
	struct sk_str path = SK_STR_INIT, want = head(true), got;

	sk_str_set(&path, getenv("PATH"));
	setenv("PATH", "", 1);
	got = head(false);
	setenv("PATH", path.ptr, 1);
	same(got, want, "refs: HEAD of files takes no git to read");
	sk_str_free(&path);
}

int main(void)
{
	setenv("LC_ALL", "C", 1);
	gitbox_start();
	make_refs();
	compare("r", "a worktree on a branch");
	compare_asked();
	compare_without_git();
	compare("one", "a linked worktree");
	compare("two", "a detached one");
	run_shell("git -C ../r checkout -q --detach HEAD~1");
	compare("r", "a main worktree that is detached");
	compare("two", "a linked worktree beside it");
	run_shell("git -C ../r checkout -q --orphan new");
	go("r");
	same(head(false), head(true), "refs: a branch without a commit");
	run_shell("git checkout -q main; git pack-refs --all");
	same(head(false), head(true), "refs: a branch that is packed");
	run_shell("ln -sf refs/heads/z .git/HEAD");
	same(head(false), head(true), "refs: a HEAD that is a link");
	run_shell("rm .git/HEAD; echo 'ref: refs/heads/alias' >.git/HEAD");
	same(head(false), head(true), "refs: a branch that names another");
	go(".");
	gitbox_end();
	return done_testing();
}
