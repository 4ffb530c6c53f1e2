/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/utf8.h"
#include "guard/preflight.h"
#include "outbox/outbox.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/t-preflight.XXXXXX";

/* Whoever asks; as the tests go on, nobody. */
static struct sk_account account = SK_ACCOUNT_INIT;

static void log_in(void)
{
	struct sk_credentials creds = SK_CREDENTIALS_INIT;
	struct sk_err err = {0};

	sk_str_set(&creds.server, "https://example.com");
	sk_str_set(&creds.username, "me@example.com");
	sk_str_set(&creds.access, "a");
	if (sk_account_of(&account, &creds, &err) < 0)
		abort();
	sk_credentials_free(&creds);
}

static void write_owner(const struct sk_owner *owner)
{
	struct sk_err err = {0};

	if (sk_owner_write(owner, &err) < 0)
		abort();
}

/* What the record says of a field. */
static struct sk_str *field_of(struct sk_owner *owner, enum sk_canonical field)
{
	switch (field) {
	case SK_CANONICAL_VERSION:
		return &owner->package_version;
	case SK_CANONICAL_EXECUTABLE:
		return &owner->executable_path;
	case SK_CANONICAL_SOURCE:
		return &owner->source_checkout_path;
	case SK_CANONICAL_SERVER:
		return &owner->server_url;
	case SK_CANONICAL_TEAM:
		return &owner->auth_principal;
	case SK_CANONICAL_QUEUE:
		break;
	}
	return &owner->queue_db_path;
}

/* Another value, of an executable one that exists. */
static void change(struct sk_owner *owner, enum sk_canonical field)
{
	sk_str_set(field_of(owner, field),
		   field == SK_CANONICAL_EXECUTABLE ? "/bin/sh" : "other");
}

static void must_look(struct sk_preflight *pre, bool require_auth)
{
	struct sk_err err = {0};

	if (sk_preflight(pre, &account, require_auth, &err) < 0) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

static void test_fields(void)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_owner owner = SK_OWNER_INIT;

	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		sk_owner_of_self(&owner, &account, 1);
		change(&owner, i);
		write_owner(&owner);
		must_look(&pre, true);
		ok(pre.owner_state == SK_OWNER_PRESENT && pre.mismatches == 1 &&
			   pre.mismatch[i] && !sk_preflight_is_ok(&pre) &&
			   !sk_preflight_may_migrate(&pre) &&
			   !sk_preflight_is_curable(&pre),
		   "preflight: %s alone differs", sk_canonical_name(i));
	}
	sk_owner_of_self(&owner, &account, 1);
	write_owner(&owner);
	must_look(&pre, true);
	ok(pre.owner_state == SK_OWNER_PRESENT && sk_preflight_is_ok(&pre),
	   "preflight: an owner like us is fine");
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++)
		sk_str_set(field_of(&owner, i), i % 2 ? "/bin/sh" : "");
	write_owner(&owner);
	must_look(&pre, true);
	ok(pre.mismatches == SK_CANONICAL_FIELDS,
	   "preflight: all of them differ");
	sk_preflight_free(&pre);
	sk_owner_free(&owner);
}

/* At most 25 lines of 80 columns, whatever the values are. */
static void test_size(void)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_str text = SK_STR_INIT;
	size_t lines = 0, columns = 0, widest = 0;
	uint32_t point;

	sk_owner_of_self(&owner, &account, 1);
	owner.port = 9400;
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		struct sk_str *value = field_of(&owner, i);

		for (int n = 0; n < 60; n++)
			sk_str_puts(value, "/\xc3\xa4\x1b[31m");
	}
	sk_str_set(&owner.executable_path, "/bin/sh");
	write_owner(&owner);
	must_look(&pre, true);
	pre.legacy.unknown.events = 123456789;
	sk_preflight_add_text(&text, &pre);
	for (const char *at = text.ptr; *at;) {
		columns = *at == '\n' ? 0 : columns + 1;
		lines += *at == '\n';
		widest = columns > widest ? columns : widest;
		at += sk_utf8_decode(&point, at, strlen(at));
	}
	ok(pre.mismatches == SK_CANONICAL_FIELDS && lines <= 25 && widest <= 80,
	   "text: %zu lines of %zu columns at most", lines, widest);
	ok(!strchr(text.ptr, '\x1b'), "text: no control characters in it");
	sk_str_free(&text);
	sk_preflight_free(&pre);
	sk_owner_free(&owner);
}

static void test_records(void)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_owner owner = SK_OWNER_INIT;
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err err = {0};

	sk_owner_of_self(&owner, &account, 1);
	if (sk_owner_path(&path, &err) < 0)
		abort();
	owner.pid_start++;
	change(&owner, SK_CANONICAL_VERSION);
	write_owner(&owner);
	must_look(&pre, true);
	ok(pre.owner_state == SK_OWNER_ORPHAN && pre.mismatches == 0 &&
		   !sk_preflight_is_ok(&pre) && sk_preflight_is_curable(&pre),
	   "preflight: an orphan of ours, whose fields do not matter");
	owner.pid_start = 0;
	owner.pid = 4194304 + 7;
	write_owner(&owner);
	must_look(&pre, true);
	ok(pre.owner_state == SK_OWNER_ORPHAN && !sk_preflight_is_ok(&pre) &&
		   !sk_preflight_is_curable(&pre),
	   "preflight: an orphan of another program is not ours to replace");
	if (sk_file_write(path.ptr, "{}", 2, 0600, &err) < 0)
		abort();
	must_look(&pre, true);
	ok(pre.owner_state == SK_OWNER_CORRUPT && !sk_preflight_is_ok(&pre) &&
		   sk_preflight_refuse(&pre, &err) == -1 &&
		   err.code == SK_EBOUNDARY &&
		   strstr(err.msg, "a damaged owner record"),
	   "preflight: a damaged record is named as that");
	if (unlink(path.ptr) < 0)
		abort();
	must_look(&pre, true);
	sk_preflight_add_text(&text, &pre);
	ok(pre.owner_state == SK_OWNER_ABSENT && sk_preflight_is_ok(&pre) &&
		   text.len == 0,
	   "preflight: nothing is said when all is well");
	sk_str_free(&text);
	sk_str_free(&path);
	sk_preflight_free(&pre);
	sk_owner_free(&owner);
}

static void test_legacy(void)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_event event = {"E1", "WPStatusChanged", "{}", "c0ffee", NULL};
	struct sk_outbox *box = NULL;
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};

	if (sk_home_path(&path, "queue.db", &err) < 0 ||
	    sk_outbox_open(&box, path.ptr, &err) < 0 ||
	    sk_outbox_begin(box, &err) < 0 ||
	    sk_outbox_add(box, &event, 1, &err) != 0)
		abort();
	event.event_id = "E2";
	sk_outbox_set_account(box, "https://example.com|other|no-team");
	if (sk_outbox_add(box, &event, 1, &err) != 0 ||
	    sk_outbox_commit(box, &err) < 0)
		abort();
	sk_outbox_close(box);
	must_look(&pre, true);
	ok(pre.legacy.taken.events == 1 && pre.legacy.others.events == 1 &&
		   sk_preflight_legacy_events(&pre) == 1 &&
		   !sk_preflight_is_ok(&pre) && sk_preflight_may_migrate(&pre),
	   "preflight: rows of nobody count, those of another account do not");
	if (sk_file_write(path.ptr,
			  "something else, longer than a header of"
			  " a database would be, and of no use",
			  75, 0600, &err) < 0)
		abort();
	ok(sk_preflight(&pre, &account, true, &err) == -1 &&
		   err.code == SK_EDATA,
	   "preflight: what cannot be read is not nothing");
	if (unlink(path.ptr) < 0)
		abort();
	sk_preflight_free(&pre);
	sk_str_free(&path);
}

/* The members that other programs read, in their order. */
static void test_json(void)
{
	static const char *const keys[] = {
		"ok",
		"mismatches",
		"orphan_records",
		"owner_record_error",
		"legacy_event_rows",
		"legacy_body_upload_rows",
		"legacy_rows_for_scope",
		"legacy_rows_of_unknown_account",
		"auth_present",
		"auth_required",
	};
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);
	const struct sk_json *member;
	struct sk_json *root = NULL;
	struct sk_err err = {0};
	size_t same = 0;

	must_look(&pre, true);
	sk_preflight_add_json(&w, NULL, &pre);
	if (sk_json_parse(&root, text.ptr, text.len, &err) < 0)
		abort();
	member = sk_json_first(root);
	while (member && same < SK_COUNTOF(keys) &&
	       strcmp(sk_json_key(member), keys[same]) == 0) {
		member = sk_json_next(member);
		same++;
	}
	ok(same == SK_COUNTOF(keys) && !member &&
		   sk_json_is_true(sk_json_get(root, "ok")),
	   "json: the members, and no others");
	sk_json_free(root);
	sk_str_free(&text);
	sk_preflight_free(&pre);
}

static void test_auth(void)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_err err = {0};

	if (sk_account_of(&account, NULL, &err) < 0)
		abort();
	must_look(&pre, false);
	ok(!pre.auth_present && sk_preflight_is_ok(&pre),
	   "preflight: a login that nobody needs");
	must_look(&pre, true);
	ok(!pre.auth_present && !sk_preflight_is_ok(&pre) &&
		   sk_preflight_refuse(&pre, &err) == -1 &&
		   strstr(err.hint, "git sk-auth login"),
	   "preflight: nobody is logged in");
	sk_preflight_free(&pre);
}

static bool same_program(const char *a, const char *b)
{
	return sk_canonical_equal(SK_CANONICAL_EXECUTABLE, a, b);
}

static void test_installation(void)
{
	ok(same_program("/a/git-sk-sync", "/a/git-sk-daemon") &&
		   !same_program("/a/git-sk-sync", "/b/git-sk-daemon") &&
		   !same_program("/a/git-sk-sync", "/a/b/git-sk-daemon") &&
		   !same_program("/a/git-sk-sync", "/a/python") &&
		   !same_program("/a/python", "/a/git-sk-sync"),
	   "preflight: our programs in one folder are one installation");
}

int main(void)
{
	char command[64];

	if (!mkdtemp(home) || setenv("GIT_SK_HOME", home, 1) < 0)
		return 1;
	log_in();
	test_fields();
	test_size();
	test_records();
	test_legacy();
	test_json();
	test_auth();
	snprintf(command, sizeof(command), "rm -rf %s", home);
	if (system(command) != 0)
		printf("# cannot remove %s\n", home);
	sk_account_free(&account);
	test_installation();
	return done_testing();
}
