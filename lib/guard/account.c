/* SPDX-License-Identifier: MIT */
#include "guard/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/home.h"
#include "base/process.h"
#include "format/sha256.h"
#include "format/toml.h"

enum { MAX_CONFIG = 1 << 20, NAME_BYTES = 8 };

/* A config.toml that cannot be read must not stop a capture: the default. */
static int64_t configured_limit(void)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT,
		      value = SK_STR_INIT;
	int64_t limit = SK_OUTBOX_DEFAULT_LIMIT;
	struct sk_err ignored = {0};

	if (sk_home_path(&path, "config.toml", &ignored) == 0 &&
	    sk_file_read(&text, path.ptr, MAX_CONFIG, &ignored) == 0 &&
	    sk_toml_get(&value, text.ptr, text.len, "sync.max_queue_size",
			&ignored) == 0) {
		limit = strtoll(value.ptr, NULL, 10);
		if (limit <= 0)
			limit = SK_OUTBOX_DEFAULT_LIMIT;
	}
	sk_str_free(&value);
	sk_str_free(&text);
	sk_str_free(&path);
	return limit;
}

static void cut_last(struct sk_str *path)
{
	const char *slash = strrchr(path->ptr, '/');

	if (slash && slash != path->ptr)
		sk_str_cut(path, (size_t)(slash - path->ptr));
}

/*
 * Its source is what holds the folder of our programs: the prefix of an
 * installation, or a build.
 */
static void find_program(struct sk_account *account)
{
	struct sk_err ignored = {0}; /* nobody needs it but the preflight */

	if (sk_process_program(&account->executable_path, 0, &ignored) < 0)
		return;
	sk_str_set(&account->source_path, account->executable_path.ptr);
	cut_last(&account->source_path);
	cut_last(&account->source_path);
}

/* As spec-kitty names it: by the first half of a hash of the scope. */
static int name_queue(struct sk_account *account, struct sk_err *err)
{
	unsigned char hash[SK_SHA256_LEN];
	char hex[2 * NAME_BYTES + 1];
	struct sk_str name = SK_STR_INIT;
	int ret;

	sk_sha256(hash, account->scope.ptr, account->scope.len);
	sk_hex(hex, hash, NAME_BYTES);
	sk_str_addf(&name, "queues/queue-%s.db", hex);
	ret = sk_home_path(&account->queue_path, name.ptr, err);
	sk_str_free(&name);
	return ret;
}

/* All that follows from the credentials, which are in it already. */
static int derive(struct sk_account *account, struct sk_err *err)
{
	const struct sk_credentials *creds = &account->creds;

	find_program(account);
	account->queue_limit = configured_limit();
	if (sk_home_path(&account->unowned_path, "queue.db", err) < 0)
		return -1;
	if (!account->is_logged_in) {
		sk_str_set(&account->queue_path, account->unowned_path.ptr);
		return 0;
	}
	sk_scope_add_user(&account->user, creds);
	sk_scope_add_team(&account->team, creds);
	sk_scope_add(&account->scope, creds);
	sk_str_addf(&account->team_or_user, "%s/%s", account->user.ptr,
		    account->team.ptr);
	return name_queue(account, err);
}

int sk_account_load(struct sk_account *account, struct sk_err *err)
{
	struct sk_err ignored = {0};
	int rc;

	sk_account_free(account);
	rc = sk_credentials_load(&account->creds, err);
	account->is_logged_in = rc == 0;
	if (rc < 0)
		sk_credentials_free(&account->creds);
	return derive(account, rc < 0 ? &ignored : err) < 0 || rc < 0 ? -1 : 0;
}

int sk_account_reload(struct sk_account *account, struct sk_err *err)
{
	struct sk_account now = SK_ACCOUNT_INIT;

	if (sk_account_load(&now, err) < 0) {
		sk_account_free(&now);
		return -1;
	}
	sk_account_free(account);
	*account = now;
	return 0;
}

int sk_account_of(struct sk_account *account,
		  const struct sk_credentials *creds, struct sk_err *err)
{
	sk_account_free(account);
	account->is_logged_in = creds != NULL;
	if (creds)
		sk_credentials_copy(&account->creds, creds);
	return derive(account, err);
}

void sk_account_free(struct sk_account *account)
{
	sk_credentials_free(&account->creds);
	sk_str_free(&account->user);
	sk_str_free(&account->team);
	sk_str_free(&account->team_or_user);
	sk_str_free(&account->scope);
	sk_str_free(&account->queue_path);
	sk_str_free(&account->unowned_path);
	sk_str_free(&account->executable_path);
	sk_str_free(&account->source_path);
	*account = (struct sk_account)SK_ACCOUNT_INIT;
}

static void label(struct sk_outbox *box, const struct sk_account *account)
{
	sk_outbox_set_account(box, account->is_logged_in ? account->scope.ptr
							 : NULL);
	sk_outbox_set_limit(box, account->queue_limit);
}

int sk_account_open_queue(struct sk_outbox **out,
			  const struct sk_account *account, struct sk_err *err)
{
	if (sk_outbox_open(out, account->queue_path.ptr, err) < 0)
		return -1;
	label(*out, account);
	return 0;
}

int sk_account_open_queue_in_hook(struct sk_outbox **out,
				  const struct sk_account *account,
				  struct sk_err *err)
{
	if (sk_outbox_open_in_hook(out, account->queue_path.ptr, err) < 0)
		return -1;
	label(*out, account);
	return 0;
}
