/* SPDX-License-Identifier: MIT */
#include "tests/unit/fault.h"
#include "tests/unit/tap.h"
#include "wire/session.h"

static char home[] = "/tmp/t-login.XXXXXX";

/* A server, a client of it, and a file that says we are logged in there. */
struct fixture {
	struct fault fault;
	struct sk_http *http;
	struct sk_credentials creds;
	struct sk_err err;
};

static void save(struct fixture *fx, const char *access, const char *refresh,
		 int64_t access_left, int64_t refresh_left)
{
	int64_t now = sk_now_ms() / 1000;

	sk_str_set(&fx->creds.server, fx->fault.url);
	sk_str_set(&fx->creds.username, "dev");
	sk_str_set(&fx->creds.access, access);
	sk_str_set(&fx->creds.refresh, refresh);
	fx->creds.access_expires = now + access_left;
	fx->creds.refresh_expires = now + refresh_left;
	if (sk_credentials_save(&fx->creds, &fx->err) < 0)
		abort();
}

static struct fixture set_up(const char *script)
{
	struct fixture fx = {.creds = SK_CREDENTIALS_INIT};

	fx.fault = fault_start(script);
	if (sk_http_new(&fx.http, fx.fault.url, &fx.err) < 0)
		abort();
	save(&fx, "old", "refresh-0", -10, 1000);
	return fx;
}

static void tear_down(struct fixture *fx)
{
	sk_http_free(fx->http);
	sk_credentials_free(&fx->creds);
	fault_stop(&fx->fault);
	if (sk_credentials_remove(&fx->err) < 0)
		abort();
}

static bool file_says(const char *access, const char *refresh)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};
	bool same = sk_credentials_load(&creds, &err) == 0 &&
		    strcmp(creds.access.ptr, access) == 0 &&
		    strcmp(creds.refresh.ptr, refresh) == 0;

	sk_credentials_free(&creds);
	return same;
}

static void test_login(void)
{
	struct fixture fx =
		set_up("token: ok\ntoken: status 401 {}\n"
		       "token: status 500 {\"x\": \"secret\"}\n"
		       "token: html\ntoken: redirect 302 http://x/\n"
		       "token: status 200 {\"access\": \"a b\","
		       " \"refresh\": \"r\"}\n"
		       "token: reset");
	static const enum sk_code codes[] = {SK_EAUTH, SK_ENET,	 SK_EDATA,
					     SK_EDATA, SK_EDATA, SK_ENET};

	ok(sk_login(&fx.creds, fx.http, "dev", "secret", &fx.err) == 0,
	   "login: tokens for a password");
	is(fx.creds.access.ptr, "access-1", "login: the access token");
	is(fx.creds.team.ptr, "team", "login: the team");
	for (size_t i = 0; i < SK_COUNTOF(codes); i++) {
		int rc = sk_login(&fx.creds, fx.http, "dev", "secret", &fx.err);

		if (!ok(rc == -1 && fx.err.code == codes[i] && fx.err.msg[0] &&
				!strstr(fx.err.msg, "secret"),
			"login: failure %zu has its code and no secret", i + 1))
			printf("# %d '%s'\n", fx.err.code, fx.err.msg);
	}
	tear_down(&fx);
}

static void test_refresh(void)
{
	struct fixture fx = set_up("refresh: ok\nrefresh: no-refresh");

	ok(sk_token_ready(&fx.creds, fx.http, NULL, &fx.err) == 0 &&
		   file_says("access-1", "refresh-1"),
	   "refresh: an expired token is renewed and saved");
	ok(sk_token_ready(&fx.creds, fx.http, NULL, &fx.err) == 0 &&
		   fault_counted(&fx.fault, "/refresh/", 1),
	   "refresh: a good token needs no request");
	ok(sk_token_ready(&fx.creds, fx.http, "access-1", &fx.err) == 0 &&
		   file_says("access-2", "refresh-1"),
	   "refresh: a rejected token is renewed; an answer without a refresh"
	   " token keeps the old one");
	ok(sk_token_ready(&fx.creds, fx.http, "access-1", &fx.err) == 0 &&
		   fault_counted(&fx.fault, "/refresh/", 2),
	   "refresh: what another process fetched is adopted");
	tear_down(&fx);
}

static void test_refused(void)
{
	struct fixture fx = set_up("refresh: status 503 {}\n"
				   "refresh: status 401 {}");
	int i;

	ok(sk_token_ready(&fx.creds, fx.http, NULL, &fx.err) == -1 &&
		   fx.err.code == SK_ENET && file_says("old", "refresh-0"),
	   "refresh: a busy server changes nothing");
	for (i = 0; i < 3; i++)
		ok(sk_token_ready(&fx.creds, fx.http, NULL, &fx.err) == -1 &&
			   fx.err.code == SK_EAUTH &&
			   strstr(fx.err.hint, "git sk-auth login"),
		   "refresh: a dead login says to log in");
	ok(fault_counted(&fx.fault, "/refresh/", 2),
	   "refresh: and the server is not asked about it again");
	ok(file_says("old", "refresh-0"),
	   "refresh: the file still says whose queue it is");
	tear_down(&fx);
}

/* Somebody logs in while the server refuses our refresh token. */
static void test_adopted(void)
{
	struct fixture fx = set_up("refresh: delay 700 status 401 {}");
	pid_t pid = fork();

	if (pid == 0) {
		sk_sleep_ms(300);
		save(&fx, "newer", "refresh-9", 900, 1000);
		_exit(0);
	}
	ok(sk_token_ready(&fx.creds, fx.http, NULL, &fx.err) == 0,
	   "refresh: a login meanwhile is adopted");
	is(fx.creds.access.ptr, "newer", "refresh: with its token");
	waitpid(pid, NULL, 0);
	tear_down(&fx);
}

static void test_others(void)
{
	struct fixture fx = set_up("refresh: ok");
	struct sk_credentials mine = SK_CREDENTIALS_INIT;

	ok(sk_token_ready(&mine, fx.http, NULL, &fx.err) == 0 &&
		   strcmp(mine.username.ptr, "dev") == 0,
	   "refresh: empty credentials take whoever is logged in");
	sk_str_set(&mine.username, "another");
	ok(sk_token_ready(&mine, fx.http, "access-1", &fx.err) == -1 &&
		   fx.err.code == SK_EAUTH,
	   "refresh: another account's token is not adopted");
	sk_credentials_free(&mine);
	if (sk_credentials_remove(&fx.err) < 0)
		abort();
	ok(sk_token_ready(&mine, fx.http, NULL, &fx.err) == 1,
	   "refresh: nobody is logged in");
	tear_down(&fx);
}

static void test_parallel(void)
{
	enum { PROCESSES = 20 };
	struct fixture fx = set_up("refresh: delay 200 ok");
	int good = 0, status;

	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0) {
			struct sk_http *own = NULL;

			_exit(sk_http_new(&own, fx.fault.url, &fx.err) < 0 ||
			      sk_token_ready(&fx.creds, own, NULL, &fx.err) !=
				      0 ||
			      strcmp(fx.creds.access.ptr, "access-1") != 0);
		}
	}
	for (int i = 0; i < PROCESSES; i++)
		good += wait(&status) > 0 && status == 0;
	ok(good == PROCESSES, "refresh: 20 processes at once all get a token");
	ok(fault_counted(&fx.fault, "/refresh/", 1), "refresh: by one request");
	tear_down(&fx);
}

static void remove_home(void)
{
	struct sk_str path = SK_STR_INIT;

	sk_str_addf(&path, "%s/credentials.lock", home);
	unlink(path.ptr);
	rmdir(home);
	sk_str_free(&path);
}

int main(void)
{
	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		abort();
	test_login();
	test_refresh();
	test_refused();
	test_adopted();
	test_others();
	test_parallel();
	remove_home();
	return done_testing();
}
