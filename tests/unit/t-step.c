/* SPDX-License-Identifier: MIT */
/* Single steps: what they do, what they refuse, what they leave behind. */
#include <errno.h>
#include <sys/syscall.h>

#include "setup/step.h"
#include "setup/text.h"
#include "tests/unit/hookbox.h"

/* In the place of libc's: a file system that has no second names. */
static int no_links;

int linkat(int from_dir, const char *from, int to_dir, const char *to,
	   int flags)
{
	if (no_links) {
		errno = no_links;
		return -1;
	}
	return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

/* Do one step between names of the folder; NULL: none. Returns 0 or -1. */
static int step(enum sk_step_kind kind, const char *from, const char *to,
		struct sk_err *err)
{
	struct sk_steps steps = SK_STEPS_INIT;
	int rc;

	*err = (struct sk_err){0};
	sk_steps_add(&steps, kind, from ? at("h/%s", from) : NULL,
		     to ? at("h/%s", to) : NULL, "text\n");
	rc = sk_steps_apply(&steps, err);
	must((rc < 0) == (err->code != SK_OK), "step: an error, or none");
	sk_steps_free(&steps);
	return rc;
}

static bool is_there(const char *name)
{
	struct stat st;

	return lstat(at("h/%s", name), &st) == 0;
}

static bool leads_to(const char *name, const char *want)
{
	char target[256] = "";

	return readlink(at("h/%s", name), target, sizeof(target) - 1) > 0 &&
	       strcmp(target, want) == 0;
}

static void fresh(void)
{
	empty_folder(at("h"));
	put_file(at("h/a"), "of a\n", 0750);
	put_file(at("h/other"), "of other\n", 0644);
	must(symlink("a", at("h/link")) == 0, "symlink");
	must(symlink("../up", at("h/uplink")) == 0, "symlink");
	must(symlink("/abs", at("h/abslink")) == 0, "symlink");
}

static void test_keep(struct sk_err *err)
{
	static const int errors[] = {0, EPERM, EOPNOTSUPP, ENOSYS, EMLINK};

	for (size_t i = 0; i < SK_COUNTOF(errors); i++) {
		fresh();
		no_links = errors[i];
		ok(step(SK_STEP_KEEP, "a", "a.sk-orig", err) == 0 &&
			   is_there("a") == !no_links,
		   "step: keep: error %d: a name, whichever way", no_links);
		says(at("h/a.sk-orig"), "of a\n", "step: keep: its text");
		fresh();
		ok(step(SK_STEP_KEEP, "a", "other", err) < 0 && is_there("a"),
		   "step: keep: error %d: never over another", no_links);
		says(at("h/other"), "of other\n", "step: keep: which stays");
		ok(strstr(err->msg, "cannot keep '") &&
			   strstr(err->msg, "File exists"),
		   "step: keep: says so");
	}
	no_links = EIO;
	ok(step(SK_STEP_KEEP, "a", "x", err) < 0 && is_there("a") &&
		   !is_there("x"),
	   "step: keep: any other error is one");
	no_links = 0;
	ok(step(SK_STEP_KEEP, "none", "x", err) < 0, "step: keep: nothing");
}

/* A link means the same file from the folder of kept ones. */
static void test_links(struct sk_err *err)
{
	static const struct {
		const char *name, *down;
	} rows[] = {
		{"link", "../a"},
		{"uplink", "../../up"},
		{"abslink", "/abs"},
	};
	char target[256];

	for (size_t i = 0; i < SK_COUNTOF(rows); i++) {
		const char *name = rows[i].name;
		ssize_t len;

		fresh();
		len = readlink(at("h/%s", name), target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		ok(step(SK_STEP_KEEP, name, "x.sk-orig", err) == 0 &&
			   leads_to("x.sk-orig", target) && is_there(name),
		   "step: %s: beside", name);
		ok(step(SK_STEP_KEEP, name, "sk-orig/x", err) == 0 &&
			   leads_to("sk-orig/x", rows[i].down) &&
			   is_there(name),
		   "step: %s: kept in the folder", name);
		ok(step(SK_STEP_KEEP, "link", "sk-orig/x", err) < 0 &&
			   leads_to("sk-orig/x", rows[i].down),
		   "step: %s: never over another", name);
		ok(step(SK_STEP_MOVE, "sk-orig/x", name, err) == 0 &&
			   leads_to(name, target) && !is_there("sk-orig"),
		   "step: %s: and back", name);
		ok(step(SK_STEP_MOVE, name, "sk-orig/x", err) == 0 &&
			   leads_to("sk-orig/x", rows[i].down) &&
			   !is_there(name),
		   "step: %s: moved there", name);
		ok(step(SK_STEP_MOVE, "sk-orig/x", "other", err) == 0 &&
			   leads_to("other", target),
		   "step: %s: moved over another", name);
	}
	mkdir(at("h/sk-orig"), 0755);
	must(symlink("b", at("h/sk-orig/x")) == 0, "symlink");
	ok(step(SK_STEP_MOVE, "sk-orig/x", "x", err) == 0 && leads_to("x", "b"),
	   "step: a link in the folder that does not lead out of it");
}

static void test_folder(struct sk_err *err)
{
	fresh();
	ok(step(SK_STEP_KEEP, "a", "sk-orig/a", err) == 0 &&
		   step(SK_STEP_KEEP, "other", "sk-orig/other", err) == 0 &&
		   step(SK_STEP_DELETE, "sk-orig/a", NULL, err) == 0 &&
		   is_there("sk-orig/other") && !is_there("sk-orig/a"),
	   "step: the folder stays while others are kept there");
	ok(step(SK_STEP_DELETE, "sk-orig/other", NULL, err) == 0 &&
		   !is_there("sk-orig"),
	   "step: the folder goes with the last");
	ok(step(SK_STEP_MOVE, "a", "sk-orig/a", err) == 0 && !is_there("a") &&
		   step(SK_STEP_MOVE, "sk-orig/none", "x", err) < 0 &&
		   is_there("sk-orig/a"),
	   "step: nothing to move");
	ok(step(SK_STEP_MOVE, "sk-orig/a", "a", err) == 0 &&
		   !is_there("sk-orig"),
	   "step: the folder goes with what is moved out");
	mkdir(at("h/xsk-orig"), 0755);
	ok(step(SK_STEP_MOVE, "link", "xsk-orig/link", err) == 0 &&
		   leads_to("xsk-orig/link", "a") &&
		   step(SK_STEP_DELETE, "xsk-orig/link", NULL, err) == 0 &&
		   is_there("xsk-orig"),
	   "step: a folder of another name is left alone");
	put_file(at("h/sk-orig"), "a file", 0644);
	ok(step(SK_STEP_KEEP, "other", "sk-orig/other", err) < 0 &&
		   strstr(err->msg, "'"),
	   "step: a file has the folder's name");
	says(at("h/sk-orig"), "a file", "step: which stays");
	ok(step(SK_STEP_KEEP, "other", "none/sk-orig/other", err) < 0 &&
		   strstr(err->msg, "cannot make the folder '"),
	   "step: no folder can be made");
}

static void test_write_and_delete(struct sk_err *err)
{
	struct stat st;

	fresh();
	umask(077);
	ok(step(SK_STEP_WRITE, NULL, "link", err) == 0 &&
		   lstat(at("h/link"), &st) == 0 && S_ISREG(st.st_mode) &&
		   (st.st_mode & 07777) == 0755,
	   "step: write: in the place of a link, 0755 whatever the umask");
	umask(022);
	says(at("h/link"), "text\n", "step: write: the text");
	says(at("h/a"), "of a\n", "step: write: what it led to stays");
	ok(step(SK_STEP_WRITE, NULL, "none/x", err) < 0, "step: write: fails");
	ok(step(SK_STEP_DELETE, "a", NULL, err) == 0 && !is_there("a"),
	   "step: remove");
	ok(step(SK_STEP_DELETE, "a", NULL, err) == 0,
	   "step: remove: gone already is as good");
	mkdir(at("h/folder"), 0755);
	ok(step(SK_STEP_DELETE, "folder", NULL, err) < 0 &&
		   strstr(err->msg, "cannot remove '") && is_there("folder"),
	   "step: remove: a folder is no hook");
	ok(step(SK_STEP_NOTE, NULL, NULL, err) == 0, "step: note");
	ok(step(SK_STEP_MOVE, "none", "x", err) < 0 &&
		   strstr(err->msg, "cannot restore '"),
	   "step: restore: says what failed");
}

/* The first that fails is the last. */
static void test_stops(struct sk_err *err)
{
	struct sk_steps steps = SK_STEPS_INIT;
	struct sk_str words = SK_STR_INIT;

	fresh();
	*err = (struct sk_err){0};
	for (int i = 0; i < 20; i++)
		sk_steps_add(&steps, SK_STEP_NOTE, NULL, NULL, "a note");
	sk_steps_add(&steps, SK_STEP_DELETE, at("h/a"), NULL, NULL);
	sk_steps_add(&steps, SK_STEP_MOVE, at("h/none"), at("h/x"), NULL);
	sk_steps_add(&steps, SK_STEP_DELETE, at("h/other"), NULL, NULL);
	ok(sk_steps_apply(&steps, err) < 0 && !is_there("a") &&
		   is_there("other"),
	   "step: the rest is undone");
	sk_step_describe(&words, &steps.list[19]);
	is(words.ptr, "a note", "step: a note says itself");
	sk_steps_free(&steps);
	ok(!steps.list && !steps.count, "step: reusable");
	sk_str_free(&words);
}

int main(void)
{
	struct sk_err err;

	box_start();
	test_keep(&err);
	test_links(&err);
	test_folder(&err);
	test_write_and_delete(&err);
	test_stops(&err);
	box_end();
	return done_testing();
}
