/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "guard/account.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/t-account.XXXXXX";

static const char *path_of(const char *name)
{
	static struct sk_str path = SK_STR_INIT;

	sk_str_clear(&path);
	sk_str_addf(&path, "%s/%s", home, name);
	return path.ptr;
}

static void make(struct sk_account *account, const char *server,
		 const char *user, const char *team)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};

	sk_str_set(&creds.server, server);
	sk_str_set(&creds.username, user);
	sk_str_set(&creds.team, team);
	sk_str_set(&creds.access, "token");
	if (sk_account_of(account, &creds, &err) < 0)
		abort();
	sk_credentials_free(&creds);
}

static void log_in(const char *user)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};

	make(&account, "https://example.com", user, "blue");
	if (sk_credentials_save(&account.creds, &err) < 0)
		abort();
	sk_account_free(&account);
}

static void queue_is(const char *server, const char *user, const char *team,
		     const char *want, const char *name)
{
	struct sk_account account = SK_ACCOUNT_INIT;

	make(&account, server, user, team);
	is(account.queue_path.ptr, path_of(want), name);
	sk_account_free(&account);
}

static void test_queue(void)
{
	queue_is("https://spec-kitty-dev.fly.dev", "user@example.com",
		 "my-team", "queues/queue-313fdd640a42b067.db",
		 "queue: it is where spec-kitty has it");
	queue_is(" HTTPS://Spec-Kitty-dev.fly.dev/ ", "User@Example.com ",
		 "\tMY-team", "queues/queue-313fdd640a42b067.db",
		 "queue: case, blanks and a last slash do not count");
	queue_is("https://example.com", "u", "",
		 "queues/queue-5d85d27c2ad003d2.db",
		 "queue: without a team it is no-team");
}

static void test_parts(void)
{
	struct sk_account account = SK_ACCOUNT_INIT;

	make(&account, "https://Example.com", "Me@Example.com ", "Blue");
	ok(account.is_logged_in, "account: of a login");
	is(account.scope.ptr, "https://example.com|me@example.com|blue",
	   "account: its scope");
	is(account.user.ptr, "me@example.com", "account: the user of it");
	is(account.team.ptr, "blue", "account: the team of it");
	is(account.team_or_user.ptr, "me@example.com/blue",
	   "account: both together");
	is(account.unowned_path.ptr, path_of("queue.db"),
	   "account: the queue of nobody, too");
	make(&account, "https://example.com", "a|b", "");
	is(account.user.ptr, "a|b", "account: a bar in a name cuts nothing");
	is(account.team_or_user.ptr, "a|b/no-team",
	   "account: ... and is no team");
	sk_account_free(&account);
}

static void test_load(void)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};

	ok(sk_account_load(&account, &err) == 0 && !account.is_logged_in &&
		   !account.scope.len && !account.creds.access.len,
	   "load: nobody is logged in");
	is(account.queue_path.ptr, path_of("queue.db"), "load: nobody's queue");
	ok(account.executable_path.len && account.source_path.len,
	   "load: the program that asks");
	log_in("me");
	ok(!account.is_logged_in, "load: it stays as it was read");
	ok(sk_account_reload(&account, &err) == 0 && account.is_logged_in,
	   "reload: somebody has logged in");
	is(account.user.ptr, "me", "reload: ... and who");
	log_in("you");
	ok(sk_account_reload(&account, &err) == 0, "reload: again");
	is(account.team_or_user.ptr, "you/blue", "reload: somebody else");
	if (sk_file_write(path_of("credentials"), "[tokens", 7, 0600, &err) < 0)
		abort();
	ok(sk_account_reload(&account, &err) == -1 && err.code == SK_EDATA &&
		   strcmp(account.user.ptr, "you") == 0,
	   "reload: what cannot be used changes nothing");
	ok(sk_account_load(&account, &err) == -1 && err.code == SK_EDATA &&
		   !account.is_logged_in && !account.creds.server.len,
	   "load: what cannot be used is nobody's");
	is(account.queue_path.ptr, path_of("queue.db"),
	   "load: ... with nobody's queue");
	sk_account_free(&account);
	if (sk_credentials_remove(&err) != 0)
		abort();
}

static void limit_is(const char *config, int64_t want, const char *name)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_err err = {0};

	if (sk_file_write(path_of("config.toml"), config, strlen(config), 0600,
			  &err) < 0 ||
	    sk_account_load(&account, &err) < 0)
		abort();
	ok(account.queue_limit == want, "%s", name);
	sk_account_free(&account);
}

static void test_limit(void)
{
	limit_is("[sync]\nmax_queue_size = 3\n", 3, "limit: as configured");
	limit_is("[sync]\nmax_queue_size = \"many\"\n", SK_OUTBOX_DEFAULT_LIMIT,
		 "limit: no number is the default");
	limit_is("[sync\n", SK_OUTBOX_DEFAULT_LIMIT,
		 "limit: a file that is no TOML stops nothing");
}

/* The queue that is opened refuses what goes beyond, and knows whose it is. */
static void test_open(void)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_event event = {"E1", "WPStatusChanged", "{}", "c0ffee", NULL};
	struct sk_outbox *box = NULL;
	struct sk_err err = {0};

	make(&account, "https://example.com", "me", "");
	account.queue_limit = 1;
	if (sk_account_open_queue(&box, &account, &err) < 0 ||
	    sk_outbox_begin(box, &err) < 0)
		abort();
	is(sk_outbox_path(box), account.queue_path.ptr, "open: its queue");
	ok(sk_outbox_add(box, &event, 1, &err) == 0, "open: takes an event");
	event.event_id = "E2";
	ok(sk_outbox_add(box, &event, 1, &err) == -1 && err.code == SK_EFULL,
	   "open: and not more than its limit");
	if (sk_outbox_commit(box, &err) < 0)
		abort();
	sk_outbox_close(box);
	sk_account_free(&account);
}

/* A file that is no database, where the queue should be. */
static void test_open_damaged(void)
{
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_outbox *box = NULL;
	struct sk_err err = {0};

	make(&account, "https://example.com", "damaged", "");
	if (sk_file_write(account.queue_path.ptr, "mud", 3, 0600, &err) < 0)
		abort();
	ok(sk_account_open_queue(&box, &account, &err) < 0 && !box &&
		   strstr(err.msg, account.queue_path.ptr),
	   "open: one that is damaged is named");
	ok(sk_account_open_queue_in_hook(&box, &account, &err) < 0 && !box,
	   "open: nor does a hook open it");
	sk_account_free(&account);
}

int main(void)
{
	char command[64];

	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		return 1;
	test_queue();
	test_parts();
	test_load();
	test_limit();
	test_open();
	test_open_damaged();
	snprintf(command, sizeof(command), "rm -rf %s", home);
	if (system(command) != 0)
		printf("# cannot remove %s\n", home);
	return done_testing();
}
