/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/process.h"
#include "format/time.h"
#include "guard/owner.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/t-owner.XXXXXX";

static void write_record(const char *text)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_owner_path(&path, &err) < 0 ||
	    sk_file_write(path.ptr, text, strlen(text), 0600, &err) < 0)
		abort();
	sk_str_free(&path);
}

static void take_self(struct sk_owner *owner)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};

	sk_str_set(&creds.server, "https://example.com");
	sk_str_set(&creds.username, "Me@Example.com");
	sk_str_set(&creds.team, "Blue");
	if (sk_account_of(&account, &creds, &err) < 0)
		abort();
	sk_owner_of_self(owner, &account, 1779693360);
	sk_account_free(&account);
	sk_credentials_free(&creds);
}

/* Whom a mode does not stop has nothing to test here. */
static void cannot_remove(const struct sk_owner *owner, const char *path)
{
	struct sk_str folder = SK_STR_INIT;
	struct sk_err err = {0};

	if (geteuid() == 0)
		return;
	sk_str_add(&folder, path, strlen(path) - strlen("/owner.json"));
	ok(sk_owner_write(owner, &err) == 0 && chmod(folder.ptr, 0500) == 0 &&
		   sk_owner_remove(owner, &err) == -1 &&
		   strstr(err.msg, "cannot remove"),
	   "remove: a record that stays is not called gone");
	ok(chmod(folder.ptr, 0700) == 0 && sk_owner_remove(owner, &err) == 0,
	   "remove: it goes when it can");
	sk_str_free(&folder);
}

static void test_file(void)
{
	struct sk_owner owner = SK_OWNER_INIT, found = SK_OWNER_INIT;
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err err = {0};
	struct stat st;

	ok(sk_owner_read(&found, &err) == 1, "read: no file is no record");
	take_self(&owner);
	owner.port = 9401;
	sk_str_set(&owner.token, "0123secret");
	ok(sk_owner_write(&owner, &err) == 0 &&
		   sk_owner_read(&found, &err) == 0,
	   "write: what is written can be read");
	is(found.auth_scope.ptr, "https://example.com|me@example.com|blue",
	   "write: the scope");
	is(found.auth_principal.ptr, "me@example.com", "write: its user");
	is(found.auth_team.ptr, "blue", "write: its team");
	is(found.started_at.ptr, "2026-05-25T07:16:00+00:00",
	   "write: the time of the start");
	is(found.token.ptr, "0123secret", "write: the token, for who needs it");
	ok(found.pid == getpid() && found.port == 9401 &&
		   found.pid_start == sk_process_started_at(getpid()) &&
		   found.pid_start > 0,
	   "write: which process, and when that started");
	if (sk_owner_path(&path, &err) < 0)
		abort();
	ok(stat(path.ptr, &st) == 0 && (st.st_mode & 0777) == 0600,
	   "write: nobody else can read it");
	if (sk_file_read(&text, path.ptr, 1 << 16, &err) < 0)
		abort();
	ok(strncmp(text.ptr, "{\n  \"auth_principal\": ", 21) == 0 &&
		   strstr(text.ptr, "\n  \"token\": \"0123secret\"\n}\n"),
	   "write: sorted keys, two spaces, a newline");
	ok(sk_owner_is_ours(&found) && sk_owner_life(&found) == SK_OWNER_LIVE,
	   "life: this process is alive");
	owner.pid_start++;
	ok(sk_owner_remove(&owner, &err) == 1 &&
		   sk_owner_read(&found, &err) == 0,
	   "remove: another's record stays");
	owner.pid_start--;
	ok(sk_owner_remove(&owner, &err) == 0 &&
		   sk_owner_remove(&owner, &err) == 1 &&
		   sk_owner_read(&found, &err) == 1,
	   "remove: our own goes, once");
	cannot_remove(&owner, path.ptr);
	sk_str_free(&text);
	sk_str_free(&path);
	sk_owner_free(&found);
	sk_owner_free(&owner);
}

static void test_shown(void)
{
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	take_self(&owner);
	sk_str_set(&owner.token, "0123secret");
	sk_owner_add_json(&text, &owner, true);
	sk_owner_show_json(&w, NULL, &owner);
	ok(!strstr(text.ptr, "0123secret") &&
		   strstr(text.ptr, "\"token\": \"<redacted>\"\n}") &&
		   strstr(text.ptr, "\"token\": \"<redacted>\"}"),
	   "show: the token is not");
	sk_str_free(&text);
	sk_owner_free(&owner);
}

/* clang-format off */
#define OTHERS                                                                 \
	"\"executable_path\": \"/bin/sh\", \"package_version\": \"3\","        \
	" \"queue_db_path\": \"/q\", \"server_url\": \"\","                    \
	" \"source_checkout_path\": \"/s\", \"token\": \"t\""
#define STARTED ", \"started_at\": \"2026-05-25T07:16:00+00:00\""

static const struct {
	const char *text, *why;
} damaged[] = {
	{ "", "" },
	{ "{", "" },
	{ "[]", "it is no JSON object" },
	{ "{" OTHERS STARTED ", \"port\": 1}", "'pid' is missing" },
	{ "{" OTHERS STARTED ", \"port\": 1, \"pid\": \"7\"}",
	  "'pid' is of the wrong type" },
	{ "{" OTHERS STARTED ", \"port\": 1, \"pid\": 0}",
	  "'pid' is no process" },
	{ "{" OTHERS STARTED ", \"port\": 1, \"pid\": -1}",
	  "'pid' is no process" },
	{ "{" OTHERS STARTED ", \"port\": 1, \"pid\": 7, \"pid_start\": null}",
	  "'pid_start' is of the wrong type" },
	{ "{" OTHERS STARTED ", \"pid\": 7}", "'port' is missing" },
	{ "{" OTHERS ", \"port\": 1, \"pid\": 7}", "'started_at' is missing" },
	{ "{" OTHERS STARTED ", \"port\": 1, \"pid\": 7, \"auth_team\": 5}",
	  "'auth_team' is of the wrong type" },
};
/* clang-format on */

static void test_damaged(void)
{
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_err err;

	for (size_t i = 0; i < SK_COUNTOF(damaged); i++) {
		err = (struct sk_err){0};
		write_record(damaged[i].text);
		ok(sk_owner_read(&owner, &err) == -1 && err.code == SK_EDATA &&
			   owner.pid == 0 &&
			   strstr(err.msg, "owner.json' is damaged: ") &&
			   strstr(err.msg, damaged[i].why),
		   "read: '%s' is damage, and not absence", damaged[i].text);
	}
	sk_owner_free(&owner);
}

/* A record as spec-kitty writes it, started at this time. */
static void write_foreign(int64_t pid, int64_t started_s)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_addf(&text,
		    "{" OTHERS ", \"auth_principal\": null, \"auth_scope\":"
		    " null, \"auth_team\": null, \"port\": 9400, \"pid\": %lld,"
		    " \"started_at\": \"",
		    (long long)pid);
	sk_time_add(&text, started_s * 1000000);
	sk_str_puts(&text, "\"}");
	write_record(text.ptr);
	sk_str_free(&text);
}

static void test_foreign(void)
{
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};

	write_foreign(getpid(), sk_now_ms() / 1000);
	ok(sk_owner_read(&owner, &err) == 0 && !sk_owner_is_ours(&owner) &&
		   sk_owner_life(&owner) == SK_OWNER_LIVE,
	   "foreign: a live owner");
	sk_owner_add_name(&text, &owner);
	is(text.ptr, "spec-kitty's daemon", "foreign: named as what it is");
	sk_str_clear(&text);
	sk_owner_add_canonical(&text, &owner, SK_CANONICAL_TEAM);
	is(text.ptr, "", "foreign: nobody is logged in there");
	write_foreign(getpid(), sk_now_ms() / 1000 - 3600);
	ok(sk_owner_read(&owner, &err) == 0 &&
		   sk_owner_life(&owner) == SK_OWNER_REUSED,
	   "foreign: who started after the record did not write it");
	sk_str_free(&text);
	sk_owner_free(&owner);
}

static void test_life(void)
{
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_str text = SK_STR_INIT;
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	take_self(&owner);
	owner.pid = child;
	while (sk_owner_life(&owner) != SK_OWNER_DEAD)
		sk_sleep_ms(1);
	ok(true, "life: a zombie is dead");
	waitpid(child, NULL, 0);
	ok(sk_owner_life(&owner) == SK_OWNER_DEAD, "life: who ended is dead");
	sk_owner_add_reason(&text, &owner, SK_OWNER_DEAD);
	ok(strstr(text.ptr, "is gone"), "life: the reason is said");
	owner.pid = getpid();
	owner.pid_start++;
	ok(sk_owner_life(&owner) == SK_OWNER_REUSED,
	   "life: another process with the same id is not the owner");
	owner.pid_start--;
	sk_str_set(&owner.executable_path, "/nonexistent/git-sk-daemon");
	ok(sk_owner_life(&owner) == SK_OWNER_NO_FILE,
	   "life: a program that was removed");
	owner.pid = 1;
	owner.pid_start = sk_process_started_at(1);
	sk_str_set(&owner.executable_path, "/bin/sh");
	ok(sk_owner_life(&owner) == SK_OWNER_LIVE,
	   "life: who may not be signalled is alive");
	owner.pid = 5000000000;
	ok(sk_owner_life(&owner) == SK_OWNER_DEAD,
	   "life: a number that is no process");
	sk_str_free(&text);
	sk_owner_free(&owner);
}

int main(void)
{
	char command[64];

	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		return 1;
	test_file();
	test_shown();
	test_damaged();
	test_foreign();
	test_life();
	snprintf(command, sizeof(command), "rm -rf %s", home);
	if (system(command) != 0)
		printf("# cannot remove %s\n", home);
	return done_testing();
}
