/* SPDX-License-Identifier: MIT */
/* The list of repositories: any path, any number of writers. */
#include "setup/roster.h"
#include "tests/unit/hookbox.h"

enum { WRITERS = 20 };

struct list {
	struct sk_str text;
	int stop_after;
};

static int add_path(void *ctx, const char *common)
{
	struct list *list = ctx;

	sk_str_addf(&list->text, "<%s>", common);
	return --list->stop_after == 0 ? 42 : 0;
}

static void lists(const char *want, const char *name)
{
	struct list list = {SK_STR_INIT, -1};
	struct sk_err err = {0};

	ok(sk_roster_each(add_path, &list, &err) == 0, "roster: read");
	is(list.text.ptr, want, name);
	sk_str_free(&list.text);
}

static void test_in_and_out(struct sk_err *err)
{
	struct list list = {SK_STR_INIT, 2};
	struct stat st;

	lists("", "roster: none was ever set up");
	ok(sk_roster_remove("/a", err) == 0 && sk_roster_add("/a", err) == 0 &&
		   sk_roster_add("/b c/.git", err) == 0 &&
		   sk_roster_add("/d", err) == 0,
	   "roster: add three");
	lists("</a></b c/.git></d>", "roster: in the order they came");
	stat(at("home/repositories"), &st);
	ok((st.st_mode & 0777) == 0600, "roster: for the owner alone");
	ok(sk_roster_add("/a", err) == 0, "roster: once more");
	lists("</a></b c/.git></d>", "roster: is no change");
	ok(sk_roster_each(add_path, &list, err) == 42, "roster: stops");
	is(list.text.ptr, "</a></b c/.git>", "roster: where it is told to");
	ok(sk_roster_remove("/b c/.git", err) == 0 &&
		   sk_roster_remove("/b", err) == 0 &&
		   sk_roster_remove("/b c/.git", err) == 0,
	   "roster: take out");
	lists("</a></d>", "roster: the others stay");
	ok(sk_roster_remove("/a", err) == 0 && sk_roster_remove("/d", err) == 0,
	   "roster: all of them out");
	lists("", "roster: nothing left");
	sk_str_free(&list.text);
}

static void test_odd_paths(struct sk_err *err)
{
	static const char *const paths[] = {
		"/a\nb", "/a\\nb", "/a\\", "/ a ",  "/\\\\n\n\n", "/\xff\xfe",
		"/a\r",	 "/n",	   "/\\n", "/#x\t", "/a\n",	  "/\n",
	};
	struct sk_str want = SK_STR_INIT;
	bool good = true;

	for (size_t i = 0; i < SK_COUNTOF(paths); i++) {
		good &= sk_roster_add(paths[i], err) == 0;
		sk_str_addf(&want, "<%s>", paths[i]);
	}
	ok(good, "roster: odd paths go in");
	lists(want.ptr, "roster: and come back as they are");
	for (size_t i = 0; i < SK_COUNTOF(paths); i++)
		good &= sk_roster_remove(paths[i], err) == 0;
	ok(good, "roster: and go");
	lists("", "roster: each of them");
	sk_str_free(&want);
}

/* A file that people have written to, or that was cut off. */
static void test_by_hand(struct sk_err *err)
{
	put_file(at("home/repositories"), "\n/a\n\n/b\\", 0600);
	lists("</a></b\\>", "roster: no line end at the end");
	ok(sk_roster_add("/c", err) == 0, "roster: add to it");
	lists("</a></b\\></c>", "roster: all are there");
	ok(sk_roster_remove("/b\\", err) == 0, "roster: and out");
	says(at("home/repositories"), "/a\n/c\n", "roster: a line for each");
	unlink(at("home/repositories"));
	mkdir(at("home/repositories"), 0700);
	*err = (struct sk_err){0};
	ok(sk_roster_each(add_path, NULL, err) == -1 && err->code,
	   "roster: cannot be read");
	ok(sk_roster_add("/a", err) == -1, "roster: nor written");
	rmdir(at("home/repositories"));
}

static void test_locked(struct sk_err *err)
{
	int fd = sk_lock(at("home/repositories.lock"), 0, err);

	must(fd >= 0, "lock");
	ok(sk_roster_add("/late", err) == -1 && err->code == SK_EBUSY,
	   "roster: locked: says so, after a while");
	sk_unlock(fd);
	lists("", "roster: locked: nothing is written");
	ok(sk_roster_add("/late", err) == 0 &&
		   sk_roster_remove("/late", err) == 0,
	   "roster: not locked any more");
}

static void test_many(struct sk_err *err)
{
	struct list list = {SK_STR_INIT, -1};
	bool good = true;
	char path[32];
	int status;

	fflush(stdout);
	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		if (pid == 0) {
			snprintf(path, sizeof(path), "/r%d", i);
			_exit(sk_roster_add(path, err) < 0 ? 1 : 0);
		}
	}
	while (wait(&status) > 0)
		good &= status == 0;
	ok(good && sk_roster_each(add_path, &list, err) == 0,
	   "roster: %d at a time", WRITERS);
	for (int i = 0; i < WRITERS; i++) {
		snprintf(path, sizeof(path), "</r%d>", i);
		good &= strstr(list.text.ptr, path) != NULL;
	}
	ok(good, "roster: all of them are there");
	sk_str_free(&list.text);
}

int main(void)
{
	struct sk_err err = {0};

	box_start();
	setenv("GIT_SK_HOME", at("home"), 1);
	test_in_and_out(&err);
	test_odd_paths(&err);
	test_by_hand(&err);
	test_locked(&err);
	test_many(&err);
	setenv("GIT_SK_HOME", "relative", 1);
	unsetenv("HOME");
	ok(sk_roster_add("/a", &err) == -1 &&
		   sk_roster_each(add_path, NULL, &err) == -1,
	   "roster: no home");
	box_end();
	return done_testing();
}
