/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/tap.h"
#include "wire/credentials.h"

static char home[] = "/tmp/t-credentials.XXXXXX";

static const char *path_of(const char *name)
{
	static struct sk_str path = SK_STR_INIT;

	sk_str_clear(&path);
	sk_str_addf(&path, "%s/%s", home, name);
	return path.ptr;
}

/* Write the file and read it as credentials. Returns what loading does. */
static int load(struct sk_credentials *creds, const char *text, mode_t mode,
		struct sk_err *err)
{
	if (sk_file_write(path_of("credentials"), text, strlen(text), mode,
			  err) < 0)
		abort();
	return sk_credentials_load(creds, err);
}

static const char first_form[] =
	"[tokens]\naccess = \"acc\"\nrefresh = \"ref\"\n"
	"access_expires_at = \"2026-05-25T07:16:00.5+00:00\"\n"
	"refresh_expires_at = \"2026-06-01T07:16:00Z\"\n\n"
	"[user]\nusername = \"me@example.com\"\nteam_slug = \"blue\"\n\n"
	"[server]\nurl = \"https://example.com/\"\n";

static const char second_form[] =
	"[server]\nurl = 'https://example.com'\n"
	"[user]\nusername = \"me@example.com\"\n"
	"[tokens]\naccess = \"acc\"\nrefresh = \"ref\"\n"
	"[expiries]\naccess = \"2026-05-25T07:16:00\"\n"
	"refresh = 2026-06-01T07:16:00Z\n";

static void test_forms(void)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};

	ok(sk_credentials_load(&creds, &err) == 1,
	   "load: no file is nobody logged in");
	ok(load(&creds, first_form, 0600, &err) == 0 &&
		   creds.access_expires == 1779693360 &&
		   creds.refresh_expires == 1780298160,
	   "load: times beside the tokens");
	is(creds.server.ptr, "https://example.com",
	   "load: the URL has no slash at its end");
	is(creds.team.ptr, "blue", "load: the team");
	ok(load(&creds, second_form, 0600, &err) == 0 &&
		   creds.access_expires == 1779693360 &&
		   creds.refresh_expires == 1780298160 && !creds.team.len,
	   "load: times in a table of their own; no zone is UTC");
	is(creds.refresh.ptr, "ref", "load: the refresh token");
	sk_credentials_free(&creds);
}

static void test_refused(void)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};

	ok(load(&creds, first_form, 0640, &err) == -1 && err.code == SK_EDATA &&
		   strstr(err.hint, "chmod 600"),
	   "load: a file the group can read is refused");
	ok(load(&creds, first_form, 0604, &err) == -1,
	   "load: a file others can read is refused");
	chmod(home, 0750);
	ok(load(&creds, first_form, 0600, &err) == -1 &&
		   strstr(err.hint, "chmod 700"),
	   "load: a folder the group can read is refused");
	chmod(home, 0700);
	ok(load(&creds, "[tokens]\naccess = \"a\"\n", 0600, &err) == -1 &&
		   err.code == SK_EDATA && strstr(err.hint, "sk-auth login"),
	   "load: a file without a server is refused");
	ok(load(&creds, "[tokens\n", 0600, &err) == -1 && err.code == SK_EDATA,
	   "load: a file that is no TOML is refused");
	ok(load(&creds,
		"[tokens]\naccess = \"a\\r\\nX-Evil: 1\"\n"
		"[user]\nusername = \"u\"\n[server]\nurl = \"https://e.x\"\n",
		0600, &err) == -1,
	   "load: a token that would end its header is refused");
	ok(!strstr(err.msg, "Evil"), "load: no token is in the message");
	sk_credentials_free(&creds);
}

static void test_save(void)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_credentials again = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};
	struct stat st;

	sk_str_set(&creds.server, "https://example.com");
	sk_str_set(&creds.username, "a \"b\" \\c");
	sk_str_set(&creds.access, "acc");
	sk_str_set(&creds.refresh, "ref");
	creds.access_expires = 1779693360;
	chmod(home, 0755);
	umask(0);
	ok(sk_credentials_save(&creds, &err) == 0 &&
		   sk_credentials_load(&again, &err) == 0,
	   "save: what is written can be read");
	is(again.username.ptr, "a \"b\" \\c", "save: any name survives");
	ok(again.access_expires == 1779693360 && !again.refresh_expires,
	   "save: times survive, an unknown one stays unknown");
	ok(stat(path_of("credentials"), &st) == 0 &&
		   (st.st_mode & 0777) == 0600,
	   "save: the file is 0600");
	ok(stat(home, &st) == 0 && (st.st_mode & 0777) == 0700,
	   "save: the folder is 0700");
	ok(sk_credentials_remove(&err) == 0 && sk_credentials_remove(&err) == 1,
	   "remove: once, and the second time says so");
	sk_credentials_free(&creds);
	sk_credentials_free(&again);
}

int main(void)
{
	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		abort();
	test_forms();
	test_refused();
	test_save();
	unlink(path_of("credentials"));
	rmdir(home);
	return done_testing();
}
