/* SPDX-License-Identifier: MIT */
#include "guard/owner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process.h"
#include "format/time.h"

enum { MAX_NAME = 80 };

/*
 * A process that started later than this many seconds after the record was
 * written did not write it, whatever both clocks were rounded to.
 */
enum { START_SLACK_S = 10 };

void sk_owner_of_self(struct sk_owner *owner, const struct sk_account *account,
		      int64_t now)
{
	sk_owner_free(owner);
	sk_str_set(&owner->executable_path, account->executable_path.ptr);
	sk_str_set(&owner->package_version, SK_VERSION);
	sk_str_set(&owner->queue_db_path, account->queue_path.ptr);
	sk_str_set(&owner->server_url, account->creds.server.ptr);
	sk_str_set(&owner->source_checkout_path, account->source_path.ptr);
	sk_str_set(&owner->auth_scope, account->scope.ptr);
	sk_str_set(&owner->auth_principal, account->user.ptr);
	sk_str_set(&owner->auth_team, account->team.ptr);
	sk_time_add(&owner->started_at, now * 1000000);
	owner->pid = getpid();
	owner->pid_start = sk_process_started_at(owner->pid);
}

/* By its start when the record has that, else by when it was written. */
static bool is_same(const struct sk_owner *owner, const struct sk_process *now)
{
	int64_t written;

	if (owner->pid_start)
		return !now->start || now->start == owner->pid_start;
	if (!now->start_s || sk_time_parse(&written, owner->started_at.ptr) < 0)
		return true;
	return now->start_s <= written / 1000000 + START_SLACK_S;
}

enum sk_owner_life sk_owner_life(const struct sk_owner *owner)
{
	struct sk_process process;
	struct stat st;

	sk_process_look(&process, owner->pid);
	if (!process.is_alive)
		return SK_OWNER_DEAD;
	if (!is_same(owner, &process))
		return SK_OWNER_REUSED;
	if (stat(owner->executable_path.ptr, &st) < 0)
		return SK_OWNER_NO_FILE;
	return SK_OWNER_LIVE;
}

void sk_owner_add_reason(struct sk_str *out, const struct sk_owner *owner,
			 enum sk_owner_life life)
{
	long long pid = owner->pid;

	switch (life) {
	case SK_OWNER_LIVE:
		sk_str_addf(out, "process %lld is running", pid);
		break;
	case SK_OWNER_DEAD:
		sk_str_addf(out, "process %lld is gone", pid);
		break;
	case SK_OWNER_REUSED:
		sk_str_addf(out, "process %lld is another program's now", pid);
		break;
	case SK_OWNER_NO_FILE:
		sk_str_puts(out, "its executable is gone");
		break;
	}
}

bool sk_owner_is_ours(const struct sk_owner *owner)
{
	return owner->pid_start > 0;
}

void sk_owner_add_name(struct sk_str *out, const struct sk_owner *owner)
{
	const char *path = owner->executable_path.ptr;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (sk_owner_is_ours(owner))
		sk_str_add_visible(out, name, strlen(name), MAX_NAME);
	else
		sk_str_puts(out, "spec-kitty's daemon");
}

void sk_owner_add_canonical(struct sk_str *out, const struct sk_owner *owner,
			    enum sk_canonical field)
{
	switch (field) {
	case SK_CANONICAL_VERSION:
		sk_str_puts(out, owner->package_version.ptr);
		break;
	case SK_CANONICAL_EXECUTABLE: {
		/* as symlinks are now; what is gone stays as it was said */
		char *real = realpath(owner->executable_path.ptr, NULL);

		sk_str_puts(out, real ? real : owner->executable_path.ptr);
		free(real);
		break;
	}
	case SK_CANONICAL_SOURCE:
		sk_str_puts(out, owner->source_checkout_path.ptr);
		break;
	case SK_CANONICAL_SERVER:
		sk_str_puts(out, owner->server_url.ptr);
		break;
	case SK_CANONICAL_TEAM:
		sk_str_puts(out, owner->auth_principal.ptr);
		if (owner->auth_principal.len && owner->auth_team.len)
			sk_str_addf(out, "/%s", owner->auth_team.ptr);
		break;
	case SK_CANONICAL_QUEUE:
		sk_str_puts(out, owner->queue_db_path.ptr);
		break;
	}
}
