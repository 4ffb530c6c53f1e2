/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/home.h"
#include "base/map.h"
#include "base/now.h"
#include "base/utf8.h"
#include "tap.h"

static void test_err(void)
{
	struct sk_err err = {0};
	char big[1000];

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	sk_hint(&err, "old");
	ok(sk_fail(&err, SK_EDATA, "bad '%s'", "x") == -1 &&
		   err.code == SK_EDATA && !err.hint[0],
	   "err: fail sets the code and drops the hint");
	sk_within(&err, "file %d", 7);
	is(err.msg, "file 7: bad 'x'", "err: context goes in front");
	sk_within(&err, "%s", big);
	ok(strlen(err.msg) == sizeof(err.msg) - 1, "err: long text is cut");
	sk_fail_errno(&err, ENOSPC, "cannot write");
	is(err.msg, "cannot write: No space left on device",
	   "err: errno in words");
	ok(err.code == SK_EFULL, "err: a full disk has its code");
	sk_fail_errno(&err, EACCES, "%s", big);
	ok(err.code == SK_EFAIL && strlen(err.msg) < sizeof(err.msg),
	   "err: errno behind long text stays inside");
}

static const struct {
	const char *in;
	size_t max;
	const char *want;
} visible[] = {
	{"plain", 99, "plain"},
	{"a\nb\tc\rd", 99, "a\\nb\\tc\\rd"},
	{"\x1b[31m\x7f\x01", 99, "\\x1b[31m\\x7f\\x01"},
	{"\xc3\xa9\xe2\x82\xac", 99, "\xc3\xa9\xe2\x82\xac"},
	{"a\xff\xc0\xaf", 99, "a\\xff\\xc0\\xaf"},
	{"\xc2\x9b", 99, "\\u{9b}"},
	{"a\xe2\x80\xae"
	 "b",
	 99, "a\\u{202e}b"},
	{"1234567890", 10, "1234567890"},
	{"12345678901", 10, "1234567..."},
	{"123456\n\n\n", 10, "123456..."},
	{"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 7, "\xc3\xa9\xc3\xa9..."},
};

static void test_str(void)
{
	struct sk_str str = SK_STR_INIT, other = SK_STR_INIT;
	char *taken;

	for (size_t i = 0; i < SK_COUNTOF(visible); i++) {
		sk_str_clear(&str);
		sk_str_add_visible(&str, visible[i].in, strlen(visible[i].in),
				   visible[i].max);
		is(str.ptr, visible[i].want, "str: visible text");
	}
	is(sk_plural(1, "row", "rows"), "row", "str: one is one");
	is(sk_plural(0, "row", "rows"), "rows", "str: none is many");
	sk_str_clear(&str);
	sk_str_add_visible(&str, "a\0b", 3, 99);
	is(str.ptr, "a\\x00b", "str: a NUL is visible");
	sk_str_clear(&str);
	sk_str_add_utf8(&str, "\xc3\xa9\xff-\xc3", 5);
	is(str.ptr, "\xc3\xa9\xef\xbf\xbd-\xef\xbf\xbd",
	   "str: what is no UTF-8 is told so, byte by byte");
	sk_str_clear(&str);
	sk_str_add(&str, "a\0b", 3);
	sk_str_add(&other, "a\0c", 3);
	ok(!sk_str_equal(&str, &other) && sk_str_equal(&str, &str),
	   "str: equal to the last byte");
	sk_str_cut(&other, 2);
	ok(!sk_str_equal(&str, &other) && !sk_str_equal(&other, &str),
	   "str: and of one length");
	sk_str_free(&other);
	sk_str_set(&str, "it's");
	sk_str_clear(&str);
	sk_str_add_quoted(&str, "it's $HOME");
	is(str.ptr, "'it'\\''s $HOME'", "str: quoted for a shell");
	sk_str_set(&str, "x \t\n");
	sk_str_rtrim(&str);
	is(str.ptr, "x", "str: white space off the end");
	sk_str_cut(&str, 5);
	is(str.ptr, "x", "str: cut never makes it longer");
	for (int i = 0; i < 1000; i++)
		sk_str_addf(&str, "%d,", i);
	ok(str.len == 3891 && strlen(str.ptr) == str.len,
	   "str: grows as it must");
	taken = sk_str_take(&str);
	ok(taken && strlen(taken) == 3891 && str.len == 0 && !*str.ptr,
	   "str: take leaves an empty one");
	free(taken);
	taken = sk_str_take(&str);
	is(taken, "", "str: taken empty it is a text still");
	free(taken);
	sk_str_puts(&str, "secret");
	sk_str_wipe(&str);
	sk_str_wipe(&str);
	sk_str_puts(&str, "x");
	is(str.ptr, "x", "str: wiped it is empty, and can be used again");
	sk_str_clear(&str);
	sk_str_free(&str);
	sk_str_free(&str);
}

/* What printf() prints, wherever the room ends that there was. */
static void test_str_room(void)
{
	char want[128], letters[64];
	size_t wrong = 0;

	memset(letters, 'a', sizeof(letters));
	for (int len = 0; len < (int)sizeof(letters); len++) {
		for (int more = 0; more < 4; more++) {
			struct sk_str str = SK_STR_INIT;

			sk_str_add(&str, letters, (size_t)len);
			sk_str_addf(&str, "%.*s%d", more, "xyz", 7);
			snprintf(want, sizeof(want), "%.*s%.*s7", len, letters,
				 more, "xyz");
			wrong += strcmp(str.ptr, want) != 0 ||
				 str.len != strlen(want);
			sk_str_free(&str);
		}
	}
	ok(!wrong, "str: formatted, with room or without");
}

static const struct {
	int64_t value;
	int width;
	const char *want;
} numbers[] = {
	{0, 0, "0"},
	{0, 1, "0"},
	{7, 1, "7"},
	{10, 1, "10"},
	{7, 2, "07"},
	{123, 2, "123"},
	{42, 6, "000042"},
	{-1, 1, "-1"},
	{-1, 4, "-0001"},
	{1, 20, "00000000000000000001"},
	{-1, 20, "-00000000000000000001"},
	{INT64_MAX, 1, "9223372036854775807"},
	{INT64_MIN, 1, "-9223372036854775808"},
};

static void test_str_int(void)
{
	struct sk_str str = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(numbers); i++) {
		sk_str_clear(&str);
		sk_str_add_int(&str, numbers[i].value, numbers[i].width);
		is(str.ptr, numbers[i].want, "str: a number");
	}
	sk_str_free(&str);
}

static void test_secret(void)
{
	ok(sk_secret_is("", "") && sk_secret_is("abc", "abc"),
	   "secret: the same text");
	ok(!sk_secret_is("abd", "abc") && !sk_secret_is("bbc", "abc") &&
		   !sk_secret_is("ab", "abc") && !sk_secret_is("abcd", "abc"),
	   "secret: one that differs at its end, its start, or in length");
}

static const struct {
	const char *bytes;
	size_t used;
	uint32_t point;
} utf8[] = {
	{"a", 1, 'a'},
	{"\x7f", 1, 0x7f},
	{"\xc2\x80", 2, 0x80},
	{"\xdf\xbf", 2, 0x7ff},
	{"\xe0\xa0\x80", 3, 0x800},
	{"\xed\x9f\xbf", 3, 0xd7ff},
	{"\xee\x80\x80", 3, 0xe000},
	{"\xef\xbf\xbf", 3, 0xffff},
	{"\xf0\x90\x80\x80", 4, 0x10000},
	{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	{"", 0, 0},
	{"\x80", 0, 0},
	{"\xc0\x80", 0, 0},
	{"\xc1\xbf", 0, 0},
	{"\xe0\x9f\xbf", 0, 0},
	{"\xed\xa0\x80", 0, 0},
	{"\xed\xbf\xbf", 0, 0},
	{"\xf0\x8f\xbf\xbf", 0, 0},
	{"\xf4\x90\x80\x80", 0, 0},
	{"\xf8\x88\x80\x80\x80", 0, 0},
	{"\xff", 0, 0},
	{"\xc3", 0, 0},
	{"\xe2\x82", 0, 0},
	{"\xf0\x9f\x98", 0, 0},
	{"\xe2\x28\xa1", 0, 0},
};

static void test_utf8(void)
{
	struct sk_str str = SK_STR_INIT;

	for (size_t i = 0; i < SK_COUNTOF(utf8); i++) {
		size_t len = strlen(utf8[i].bytes);
		uint32_t point = 0;

		ok(sk_utf8_decode(&point, utf8[i].bytes, len) == utf8[i].used &&
			   (!utf8[i].used || point == utf8[i].point),
		   "utf8: row %zu, U+%04X", i, (unsigned)utf8[i].point);
		if (!utf8[i].used)
			continue;
		sk_str_clear(&str);
		sk_str_add_char(&str, utf8[i].point);
		is(str.ptr, utf8[i].bytes, "utf8: and back");
	}
	sk_str_free(&str);
}

static void test_map(void)
{
	struct sk_map map = SK_MAP_INIT;
	unsigned wrong = 0;
	char key[16];
	bool added;

	ok(!sk_map_get(&map, "a", 1), "map: an empty one has nothing");
	for (int i = 0; i < 10000; i++) {
		int len = snprintf(key, sizeof(key), "%d", i);

		sk_map_add(&map, key, (size_t)len, i, &added);
		wrong += !added;
	}
	for (int i = 0; i < 10000; i++) {
		int len = snprintf(key, sizeof(key), "%d", i);
		int64_t *value = sk_map_get(&map, key, (size_t)len);

		wrong += !value || *value != i;
	}
	ok(!wrong && map.len == 10000, "map: keeps 10,000 keys");
	ok(*sk_map_add(&map, "7", 1, 99, &added) == 7 && !added,
	   "map: adding again finds the old value");
	ok(!sk_map_get(&map, "10000", 5) && sk_map_get(&map, "1000", 4),
	   "map: the length is part of the key");
	sk_map_add(&map, "a\0b", 3, 1, NULL);
	sk_map_add(&map, "a\0c", 3, 2, NULL);
	sk_map_add(&map, "", 0, 3, NULL);
	ok(*sk_map_get(&map, "a\0b", 3) == 1 &&
		   *sk_map_get(&map, "a\0c", 3) == 2 &&
		   *sk_map_get(&map, "", 0) == 3,
	   "map: keys may hold NUL and be empty");
	sk_map_free(&map);
	ok(!sk_map_get(&map, "7", 1), "map: freed it is empty");
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

static void test_files(void)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};
	int fd;

	ok(sk_file_read(&out, "none", 9, &err) == 1, "file: absent is 1");
	umask(0);
	ok(sk_file_write("f", "one\0two", 7, 0600, &err) == 0 &&
		   mode_of("f") == 0600,
	   "file: written with its mode");
	umask(077);
	ok(sk_file_write("g", "x", 1, 0644, &err) == 0 && mode_of("g") == 0644,
	   "file: whatever the umask");
	ok(sk_file_read(&out, "f", 7, &err) == 0 && out.len == 7 &&
		   memcmp(out.ptr, "one\0two", 7) == 0,
	   "file: reads what was written");
	ok(sk_file_read(&out, "f", 6, &err) == -1 && err.code == SK_EDATA,
	   "file: refuses one byte more than asked");
	ok(sk_file_read(&out, ".", 9, &err) == -1 && err.code == SK_EDATA,
	   "file: a folder is no file");
	ok(mkfifo("fifo", 0600) == 0 &&
		   sk_file_read(&out, "fifo", 9, &err) == -1 &&
		   err.code == SK_EDATA,
	   "file: a FIFO neither hangs nor reads");

	ok(sk_file_write("f.sk-aB12cD", "", 0, 0600, &err) == 0 &&
		   sk_file_write("f.sk-other.md", "", 0, 0600, &err) == 0 &&
		   sk_file_write("g.sk-aB12cD", "", 0, 0600, &err) == 0,
	   "file: what a kill leaves, and what looks like it");
	sk_file_sweep("f");
	sk_file_sweep("none/f");
	ok(access("f.sk-aB12cD", F_OK) < 0 && access("f", F_OK) == 0 &&
		   access("f.sk-other.md", F_OK) == 0 &&
		   access("g.sk-aB12cD", F_OK) == 0,
	   "file: swept is what one path has left, and no more");

	sk_str_clear(&out);
	fd = open("f", O_RDONLY);
	ok(sk_file_write("f", "new", 3, 0600, &err) == 0 &&
		   sk_file_read(&out, "f", 9, &err) == 0,
	   "file: replaced");
	is(out.ptr, "new", "file: ... and new");
	sk_str_reserve(&out, 9);
	ok(read(fd, out.ptr, 9) == 7, "file: who had it open has the old one");
	close(fd);
	ok(sk_file_write("no/f", "x", 1, 0600, &err) == -1 &&
		   strstr(err.msg, "'no/f'"),
	   "file: a write that fails names the file (%s)", err.msg);
	ok(mkdir("d", 0700) == 0 &&
		   sk_file_write("d", "x", 1, 0600, &err) == -1 &&
		   system("test -z \"$(ls -d d.??????  2>/dev/null)\"") == 0,
	   "file: and leaves no temporary file behind");
	sk_str_free(&out);
}

static void test_secrets(void)
{
	static const mode_t loose[] = {0640, 0604, 0660, 0610, 0601};
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};

	ok(sk_file_write("s", "x", 1, 0600, &err) == 0 &&
		   sk_file_read_secret(&out, "s", 9, &err) == 0,
	   "file: a secret with 0600 is read");
	for (size_t i = 0; i < SK_COUNTOF(loose); i++) {
		sk_str_clear(&out);
		ok(chmod("s", loose[i]) == 0 &&
			   sk_file_read_secret(&out, "s", 9, &err) == -1 &&
			   err.code == SK_EDATA && !out.len &&
			   strcmp(err.hint, "run 'chmod 600 s'") == 0,
		   "file: a secret with 0%o is not", (unsigned)loose[i]);
	}
	ok(sk_file_read_secret(&out, "none", 9, &err) == 1,
	   "file: an absent secret is 1");
	ok(sk_path_is_inside("/a/b", "/a") && sk_path_is_inside("/a", "/a") &&
		   !sk_path_is_inside("/ab", "/a") &&
		   !sk_path_is_inside("/", "/a") &&
		   !sk_path_is_inside("/a", NULL) &&
		   !sk_path_is_inside("/a", ""),
	   "file: what is inside a folder");
	ok(sk_mkdir_p("p/q/r", &err) == 0 && mode_of("p/q/r") == 0700 &&
		   mode_of("p") == 0700,
	   "file: folders are made, closed to others");
	ok(sk_mkdir_p("p/q/r", &err) == 0, "file: and may be there");
	ok(sk_mkdir_p("s/t", &err) == -1, "file: but not below a file (%s)",
	   err.msg);
	sk_str_free(&out);
}

/* In another process: 0 when it got the lock, 1 when it was busy. */
static int lock_elsewhere(unsigned wait_ms)
{
	struct sk_err err = {0};
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(sk_lock("lock", wait_ms, &err) >= 0
			      ? 0
			      : (err.code == SK_EBUSY ? 1 : 2));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A process that takes the lock and keeps it until it is killed. */
static pid_t hold_lock(void)
{
	struct sk_err err;
	int fds[2];
	char c;
	pid_t pid;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		if (sk_lock("lock", 0, &err) < 0 || write(fds[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(fds[1]);
	if (read(fds[0], &c, 1) != 1)
		pid = -1;
	close(fds[0]);
	return pid;
}

/* As if a umask had made it, or an earlier lock of this user alone. */
static void test_lock_as(void)
{
	mode_t umask_before = umask(077);
	struct sk_err err = {0};
	int fd = sk_lock_as("team", 0664, 0, &err);

	ok(fd >= 0 && mode_of("team") == 0664, "lock: one of several users");
	sk_unlock(fd);
	chmod("team", 0600);
	fd = sk_lock_as("team", 0660, 0, &err);
	ok(fd >= 0 && mode_of("team") == 0660, "lock: opened to them later");
	sk_unlock(fd);
	umask(umask_before);
}

static void test_lock(void)
{
	struct sk_err err = {0};
	int64_t start;
	int fd = sk_lock("lock", 0, &err);
	pid_t pid;

	ok(fd >= 0 && mode_of("lock") == 0600, "lock: taken");
	ok(fcntl(fd, F_GETFD) & FD_CLOEXEC, "lock: not for who we start");
	ok(lock_elsewhere(0) == 1, "lock: busy for another process");
	start = sk_mono_ms();
	ok(lock_elsewhere(100) == 1 && sk_mono_ms() - start >= 100,
	   "lock: ... which waits as long as it was told");
	sk_unlock(fd);
	ok(lock_elsewhere(0) == 0, "lock: free again");
	sk_unlock(-1);

	pid = hold_lock();
	ok(pid > 0 && sk_lock("lock", 0, &err) == -1 && err.code == SK_EBUSY,
	   "lock: held by another (%s)", err.msg);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	fd = sk_lock("lock", 0, &err);
	ok(fd >= 0, "lock: goes with a process that was killed");
	sk_unlock(fd);
	ok(symlink("lock", "link") == 0 && sk_lock("link", 0, &err) == -1 &&
		   err.code != SK_EBUSY,
	   "lock: does not follow a link");
}

static void test_home(const char *dir)
{
	struct sk_str out = SK_STR_INIT, want = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_addf(&want, "%s/.spec-kitty/queue.db", dir);
	setenv("HOME", dir, 1);
	setenv("GIT_SK_HOME", "", 1);
	ok(sk_home_path(&out, "queue.db", &err) == 0, "home: below HOME");
	is(out.ptr, want.ptr, "home: in .spec-kitty");
	setenv("GIT_SK_HOME", "/x", 1);
	ok(sk_home_path(&out, "", &err) == 0, "home: GIT_SK_HOME goes before");
	is(out.ptr, "/x", "home: and is the folder itself");
	setenv("GIT_SK_HOME", "x", 1);
	ok(sk_home_path(&out, "", &err) == -1 && err.hint[0],
	   "home: it must be absolute");
	sk_str_free(&want);
	sk_str_free(&out);
}

int main(void)
{
	char dir[] = "/tmp/t-base.XXXXXX";
	struct sk_str clean = SK_STR_INIT;

	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	test_err();
	test_str();
	test_str_room();
	test_str_int();
	test_secret();
	test_utf8();
	test_map();
	test_files();
	test_secrets();
	test_lock();
	test_lock_as();
	test_home(dir);
	sk_str_addf(&clean, "rm -rf %s", dir);
	if (chdir("/") < 0 || system(clean.ptr) != 0)
		return 1;
	sk_str_free(&clean);
	return done_testing();
}
