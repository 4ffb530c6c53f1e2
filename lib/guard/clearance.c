/* SPDX-License-Identifier: MIT */
#include "guard/clearance.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/process.h"
#include "base/trace.h"
#include "guard/preflight.h"

/* How long a migration waits for a sender to be done. */
enum { MIGRATE_WAIT_MS = 2000 };

struct sk_clearance {
	struct sk_str queue;
	struct sk_str unowned; /* whose rows it may take along */
	struct sk_str scope;   /* whose events may be sent */
	struct sk_owner record;
	int lease;
};

/* Returns the descriptor; -1 with SK_EBUSY when another sender has it. */
static int take_lease(const char *queue_path, unsigned wait_ms,
		      struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, holder = SK_STR_INIT;
	int fd;

	sk_str_addf(&path, "%s.lease", queue_path);
	fd = sk_lock(path.ptr, wait_ms, err);
	if (fd < 0 && err->code == SK_EBUSY) {
		sk_trace("lock", "lease of '%s' is not free", queue_path);
		if (!sk_lock_holder(&holder, path.ptr))
			sk_str_puts(&holder, "another process");
		sk_fail(err, SK_EBUSY, "%s is sending the queue", holder.ptr);
		sk_hint(err, "try again when it is done");
	}
	sk_str_free(&holder);
	sk_str_free(&path);
	return fd;
}

/*
 * A record of ours whose process is gone was left by a sender that was killed:
 * whoever has the lease now puts its own in that place. When another is there
 * instead by now, that is looked at.
 */
static int clear_leftover(struct sk_preflight *pre, struct sk_err *err)
{
	int rc;

	if (!sk_preflight_is_leftover(pre))
		return 0;
	sk_trace("lock", "record of process %lld is left over",
		 (long long)pre->owner.pid);
	rc = sk_owner_remove(&pre->owner, err);
	if (rc > 0)
		return sk_preflight(pre, pre->account, true, err);
	if (rc == 0)
		pre->owner_state = SK_OWNER_ABSENT;
	return rc;
}

/*
 * With the lease a preflight must be clean, but for what this process may put
 * right itself; without it, there is nothing to be done anyhow unless something
 * is wrong. Returns 0; 1 when another process is sending; -1.
 */
static int ask(const struct sk_clearance *clearance,
	       const struct sk_account *account, bool to_migrate,
	       struct sk_err *err)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_adoption moved;
	int ret = sk_preflight(&pre, account, true, err);

	if (ret == 0 && clearance->lease < 0) {
		ret = sk_preflight_is_curable(&pre)
			      ? 1
			      : sk_preflight_refuse(&pre, err);
		goto out;
	}
	if (ret == 0)
		ret = clear_leftover(&pre, err);
	if (ret == 0 && !to_migrate && sk_preflight_may_migrate(&pre) &&
	    pre.legacy.taken.events > 0) {
		ret = sk_clearance_migrate(clearance, false, &moved, err);
		if (ret == 0)
			ret = sk_preflight(&pre, account, true, err);
	}
	if (ret == 0 && !(to_migrate ? sk_preflight_may_migrate(&pre)
				     : sk_preflight_is_ok(&pre)))
		ret = sk_preflight_refuse(&pre, err);
out:
	sk_preflight_free(&pre);
	return ret;
}

static int sign(struct sk_clearance *clearance,
		const struct sk_account *account, struct sk_err *err)
{
	sk_owner_of_self(&clearance->record, account, sk_now_ms() / 1000);
	if (sk_owner_write(&clearance->record, err) == 0)
		return 0;
	sk_owner_free(&clearance->record);
	return -1;
}

static struct sk_clearance *new_clearance(const struct sk_account *account)
{
	struct sk_clearance *made = sk_calloc(1, sizeof(*made));

	made->lease = -1;
	made->queue = (struct sk_str)SK_STR_INIT;
	made->unowned = (struct sk_str)SK_STR_INIT;
	made->scope = (struct sk_str)SK_STR_INIT;
	made->record = (struct sk_owner)SK_OWNER_INIT;
	sk_str_set(&made->queue, account->queue_path.ptr);
	sk_str_set(&made->unowned, account->unowned_path.ptr);
	sk_str_set(&made->scope, account->scope.ptr);
	return made;
}

static int take(struct sk_clearance **out, const struct sk_account *account,
		bool to_migrate, struct sk_err *err)
{
	struct sk_clearance *made;
	int ret;

	*out = NULL;
	if (sk_mkdir_for(account->queue_path.ptr, err) < 0)
		return -1;
	made = new_clearance(account);
	made->lease = take_lease(made->queue.ptr,
				 to_migrate ? MIGRATE_WAIT_MS : 0, err);
	ret = made->lease < 0 && err->code != SK_EBUSY ? -1 : 0;
	if (ret == 0)
		ret = ask(made, account, to_migrate, err);
	if (ret == 0)
		ret = sign(made, account, err);
	if (ret == 0) {
		*out = made;
		return 0;
	}
	sk_clearance_release(made);
	return ret;
}

int sk_clearance_take(struct sk_clearance **out,
		      const struct sk_account *account, struct sk_err *err)
{
	return take(out, account, false, err);
}

int sk_clearance_take_to_migrate(struct sk_clearance **out,
				 const struct sk_account *account,
				 struct sk_err *err)
{
	return take(out, account, true, err);
}

int sk_clearance_migrate(const struct sk_clearance *clearance,
			 bool want_unknown, struct sk_adoption *out,
			 struct sk_err *err)
{
	const struct sk_adopt adopt = {.from = clearance->unowned.ptr,
				       .to = clearance->queue.ptr,
				       .account = clearance->scope.ptr,
				       .want_unknown = want_unknown};

	return sk_adopt_run(&adopt, out, err);
}

int sk_clearance_announce(struct sk_clearance *clearance, int port,
			  const char *token, struct sk_err *err)
{
	clearance->record.port = port;
	sk_str_set(&clearance->record.token, token);
	return sk_owner_write(&clearance->record, err);
}

void sk_clearance_release(struct sk_clearance *clearance)
{
	struct sk_err lost = {0};

	if (!clearance)
		return;
	/* first the record, so that whoever gets the lease finds none */
	if (clearance->record.pid &&
	    sk_owner_remove(&clearance->record, &lost) < 0)
		sk_trace("lock", "%s", lost.msg);
	sk_unlock(clearance->lease);
	sk_owner_free(&clearance->record);
	sk_str_free(&clearance->queue);
	sk_str_free(&clearance->unowned);
	sk_str_free(&clearance->scope);
	free(clearance);
}

const char *sk_clearance_queue(const struct sk_clearance *clearance)
{
	return clearance->queue.ptr;
}

int sk_clearance_confirm(const struct sk_clearance *clearance,
			 const struct sk_credentials *creds, struct sk_err *err)
{
	struct sk_str scope = SK_STR_INIT;
	int ret = 0;

	sk_scope_add(&scope, creds);
	if (strcmp(scope.ptr, clearance->scope.ptr) != 0) {
		sk_fail(err, SK_EBOUNDARY,
			"another account has logged in meanwhile");
		ret = sk_hint(err, "run the command again");
	}
	sk_str_free(&scope);
	return ret;
}
