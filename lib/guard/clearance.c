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
	struct sk_str scope; /* whose events may be sent */
	struct sk_owner record;
	int lease;
};

/* The queue of another account must never be sent in this one's name. */
static int check_owner(const char *queue_path,
		       const struct sk_credentials *creds, struct sk_err *err)
{
	struct sk_str own = SK_STR_INIT;
	int ret = sk_scope_queue_path(&own, creds, err);

	if (ret == 0 && strcmp(own.ptr, queue_path) != 0) {
		sk_fail(err, SK_EBOUNDARY,
			"queue '%s' is not that of the account that is logged"
			" in",
			queue_path);
		ret = sk_hint(err, "run 'git sk-auth status' to see who is");
	}
	sk_str_free(&own);
	return ret;
}

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
 * whoever has the lease now puts its own in that place.
 */
static int clear_leftover(struct sk_err *err)
{
	struct sk_owner left = SK_OWNER_INIT;
	struct sk_err unread = {0}; /* what cannot be read, preflight names */
	int ret = 0;

	if (sk_owner_read(&left, &unread) == 0 && sk_owner_is_ours(&left) &&
	    sk_owner_life(&left) != SK_OWNER_LIVE) {
		sk_trace("lock", "record of process %lld is left over",
			 (long long)left.pid);
		ret = sk_owner_remove(&left, err) < 0 ? -1 : 0;
	}
	sk_owner_free(&left);
	return ret;
}

/*
 * With the lease a preflight must be clean, but for what this process may put
 * right itself; without it, there is nothing to be done anyhow unless something
 * is wrong. Returns 0; 1 when another process is sending; -1.
 */
static int ask(const struct sk_clearance *clearance, bool to_migrate,
	       struct sk_err *err)
{
	struct sk_preflight pre = SK_PREFLIGHT_INIT;
	struct sk_adoption moved;
	int ret = sk_preflight(&pre, true, err);

	if (ret == 0 && clearance->lease < 0) {
		ret = sk_preflight_is_curable(&pre)
			      ? 1
			      : sk_preflight_refuse(&pre, err);
		goto out;
	}
	if (ret == 0 && !to_migrate && sk_preflight_may_migrate(&pre) &&
	    pre.legacy.taken.events > 0) {
		ret = sk_clearance_migrate(clearance, false, &moved, err);
		if (ret == 0)
			ret = sk_preflight(&pre, true, err);
	}
	if (ret == 0 && !(to_migrate ? sk_preflight_may_migrate(&pre)
				     : sk_preflight_is_ok(&pre)))
		ret = sk_preflight_refuse(&pre, err);
out:
	sk_preflight_free(&pre);
	return ret;
}

static int sign(struct sk_clearance *clearance,
		const struct sk_credentials *creds, struct sk_err *err)
{
	if (sk_owner_of_self(&clearance->record, creds, sk_now_ms() / 1000,
			     err) < 0)
		return -1;
	if (sk_owner_write(&clearance->record, err) == 0)
		return 0;
	sk_owner_free(&clearance->record);
	return -1;
}

static struct sk_clearance *new_clearance(const char *queue_path,
					  const struct sk_credentials *creds)
{
	struct sk_clearance *made = sk_calloc(1, sizeof(*made));

	made->lease = -1;
	made->queue = (struct sk_str)SK_STR_INIT;
	made->scope = (struct sk_str)SK_STR_INIT;
	made->record = (struct sk_owner)SK_OWNER_INIT;
	sk_str_set(&made->queue, queue_path);
	sk_scope_add(&made->scope, creds);
	return made;
}

static int take(struct sk_clearance **out, const char *queue_path,
		const struct sk_credentials *creds, bool to_migrate,
		struct sk_err *err)
{
	struct sk_clearance *made;
	int ret;

	*out = NULL;
	if (check_owner(queue_path, creds, err) < 0 ||
	    sk_mkdir_for(queue_path, err) < 0)
		return -1;
	made = new_clearance(queue_path, creds);
	made->lease =
		take_lease(queue_path, to_migrate ? MIGRATE_WAIT_MS : 0, err);
	ret = made->lease < 0 && err->code != SK_EBUSY ? -1 : 0;
	if (ret == 0 && made->lease >= 0)
		ret = clear_leftover(err);
	if (ret == 0)
		ret = ask(made, to_migrate, err);
	if (ret == 0)
		ret = sign(made, creds, err);
	if (ret == 0) {
		*out = made;
		return 0;
	}
	sk_clearance_release(made);
	return ret;
}

int sk_clearance_take(struct sk_clearance **out, const char *queue_path,
		      const struct sk_credentials *creds, struct sk_err *err)
{
	return take(out, queue_path, creds, false, err);
}

int sk_clearance_take_to_migrate(struct sk_clearance **out,
				 const char *queue_path,
				 const struct sk_credentials *creds,
				 struct sk_err *err)
{
	return take(out, queue_path, creds, true, err);
}

int sk_clearance_migrate(const struct sk_clearance *clearance,
			 bool want_unknown, struct sk_adoption *out,
			 struct sk_err *err)
{
	struct sk_adopt adopt = {.to = clearance->queue.ptr,
				 .account = clearance->scope.ptr,
				 .want_unknown = want_unknown};
	struct sk_str from = SK_STR_INIT;
	int ret = sk_scope_queue_path(&from, NULL, err);

	adopt.from = from.ptr;
	if (ret == 0)
		ret = sk_adopt_run(&adopt, out, err);
	sk_str_free(&from);
	return ret;
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
