/* SPDX-License-Identifier: MIT */
#include "base/now.h"
#include "format/time.h"
#include "server/transact.h"

void sk_user_free(struct sk_user *user)
{
	sk_str_free(&user->name);
	sk_str_free(&user->team);
	sk_str_free(&user->hash);
}

int sk_user_add(struct sk_store *store, const char *name, const char *team,
		const char *hash, struct sk_err *err)
{
	struct sk_str now = SK_STR_INIT;
	struct sk_stmt *st;
	int64_t added;
	int ret;

	if (sk_store_begin(store, err) < 0)
		return -1;
	st = sk_stmt_new(store->db, "INSERT INTO users(username, team_slug,"
				    " password_hash, created_at)"
				    " VALUES(:name, :team, :hash, :now)"
				    " ON CONFLICT(username) DO NOTHING");
	sk_time_add(&now, sk_now_ms() / 1000 * 1000000);
	sk_stmt_text(st, ":name", name);
	sk_stmt_text(st, ":team", team);
	sk_stmt_text(st, ":hash", hash);
	sk_stmt_text(st, ":now", now.ptr);
	ret = sk_stmt_run_counted(st, &added, err);
	ret = sk_store_end(store, ret == 0, err);
	sk_str_free(&now);
	return ret < 0 ? -1 : !added;
}

/* Run `sql`, which binds :name; *changed says how many rows it met. */
static int change(struct sk_store *store, const char *sql, const char *name,
		  const char *hash, int64_t *changed, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(store->db, sql);

	sk_stmt_text(st, ":name", name);
	if (hash)
		sk_stmt_text(st, ":hash", hash);
	return sk_stmt_run_counted(st, changed, err);
}

int sk_user_set_hash(struct sk_store *store, const char *name, const char *hash,
		     struct sk_err *err)
{
	int64_t changed = 0, ended;
	int ret;

	if (sk_store_begin(store, err) < 0)
		return -1;
	ret = change(store, "DELETE FROM tokens WHERE username = :name", name,
		     NULL, &ended, err);
	if (ret == 0)
		ret = change(store,
			     "UPDATE users SET password_hash = :hash"
			     " WHERE username = :name",
			     name, hash, &changed, err);
	ret = sk_store_end(store, ret == 0, err);
	return ret < 0 ? -1 : !changed;
}

int sk_user_remove(struct sk_store *store, const char *name, struct sk_err *err)
{
	int64_t changed = 0;
	int ret;

	if (sk_store_begin(store, err) < 0)
		return -1;
	/* tokens go along, by the foreign key */
	ret = change(store, "DELETE FROM users WHERE username = :name", name,
		     NULL, &changed, err);
	ret = sk_store_end(store, ret == 0, err);
	return ret < 0 ? -1 : !changed;
}

int sk_user_get(struct sk_store *store, const char *name, struct sk_user *out,
		struct sk_err *err)
{
	struct sk_stmt *st;
	int rc;

	sk_store_lock(store);
	st = sk_stmt_new(store->db, "SELECT username, team_slug, password_hash"
				    " FROM users WHERE username = :name");
	sk_stmt_text(st, ":name", name);
	rc = sk_stmt_step(st, err);
	if (rc > 0) {
		sk_str_set(&out->name, sk_stmt_col_text(st, 0, NULL));
		sk_str_set(&out->team, sk_stmt_col_text(st, 1, NULL));
		sk_str_set(&out->hash, sk_stmt_col_text(st, 2, NULL));
	}
	sk_stmt_free(st);
	sk_store_unlock(store);
	return rc < 0 ? -1 : !rc;
}

int sk_user_each(struct sk_store *store, sk_user_fn *each, void *ctx,
		 struct sk_err *err)
{
	struct sk_stmt *st;
	int rc, stop = 0;

	sk_store_lock(store);
	st = sk_stmt_new(store->db, "SELECT username, team_slug, created_at"
				    " FROM users ORDER BY username");
	while (!stop && (rc = sk_stmt_step(st, err)) > 0)
		stop = each(ctx, sk_stmt_col_text(st, 0, NULL),
			    sk_stmt_col_text(st, 1, NULL),
			    sk_stmt_col_text(st, 2, NULL));
	sk_stmt_free(st);
	sk_store_unlock(store);
	return stop ? stop : rc;
}

/* A token, if the user is still there. Returns 0, 1 when not, -1. */
static int insert_token(struct sk_store *store, const char *user,
			const char *kind,
			const unsigned char hash[SK_SHA256_LEN],
			int64_t expires, struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(store->db, "INSERT INTO tokens(hash, kind,"
				       " username, expires_at)"
				       " SELECT :hash, :kind, username,"
				       " :expires FROM users"
				       " WHERE username = :user");
	int64_t added;

	sk_stmt_text(st, ":user", user);
	sk_stmt_text(st, ":kind", kind);
	sk_stmt_bytes(st, ":hash", hash, SK_SHA256_LEN);
	sk_stmt_int(st, ":expires", expires);
	if (sk_stmt_run_counted(st, &added, err) < 0)
		return -1;
	return added == 0;
}

static int insert_pair(struct sk_store *store, const char *user,
		       const struct sk_token_pair *pair, struct sk_err *err)
{
	int ret = insert_token(store, user, "access", pair->access,
			       pair->access_expires, err);

	if (ret == 0)
		ret = insert_token(store, user, "refresh", pair->refresh,
				   pair->refresh_expires, err);
	return ret;
}

static int forget_expired(struct sk_store *store, struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		store->db, "DELETE FROM tokens WHERE expires_at <= :now");

	sk_stmt_int(st, ":now", sk_now_ms() / 1000);
	return sk_stmt_run(st, err);
}

int sk_token_add(struct sk_store *store, const char *user,
		 const struct sk_token_pair *pair, struct sk_err *err)
{
	int rc;

	if (sk_store_begin(store, err) < 0)
		return -1;
	rc = forget_expired(store, err);
	if (rc == 0)
		rc = insert_pair(store, user, pair, err);
	return sk_store_end(store, rc >= 0, err) < 0 ? -1 : rc;
}

/* Whom a token speaks for. Returns 0, 1 when nobody, -1. */
static int find_token(struct sk_store *store, const char *kind,
		      const unsigned char hash[SK_SHA256_LEN], int64_t now,
		      struct sk_str *user, struct sk_str *team,
		      struct sk_err *err)
{
	struct sk_stmt *st =
		sk_stmt_new(store->db, "SELECT username, team_slug FROM tokens"
				       " JOIN users USING(username)"
				       " WHERE hash = :hash AND kind = :kind"
				       " AND expires_at > :now");
	int rc;

	sk_stmt_bytes(st, ":hash", hash, SK_SHA256_LEN);
	sk_stmt_text(st, ":kind", kind);
	sk_stmt_int(st, ":now", now);
	rc = sk_stmt_step(st, err);
	if (rc > 0) {
		sk_str_set(user, sk_stmt_col_text(st, 0, NULL));
		if (team)
			sk_str_set(team, sk_stmt_col_text(st, 1, NULL));
	}
	sk_stmt_free(st);
	return rc < 0 ? -1 : !rc;
}

/* Using it again within the grace does not make the grace any longer. */
static int retire(struct sk_store *store,
		  const unsigned char refresh[SK_SHA256_LEN], int64_t now,
		  struct sk_err *err)
{
	struct sk_stmt *st = sk_stmt_new(
		store->db,
		"UPDATE tokens SET expires_at = min(expires_at, :until)"
		" WHERE hash = :hash");

	sk_stmt_int(st, ":until", now + SK_TOKEN_GRACE_S);
	sk_stmt_bytes(st, ":hash", refresh, SK_SHA256_LEN);
	return sk_stmt_run(st, err);
}

int sk_token_rotate(struct sk_store *store,
		    const unsigned char refresh[SK_SHA256_LEN],
		    const struct sk_token_pair *pair, int64_t now,
		    struct sk_user *user, struct sk_err *err)
{
	int rc;

	if (sk_store_begin(store, err) < 0)
		return -1;
	rc = forget_expired(store, err);
	if (rc == 0)
		rc = find_token(store, "refresh", refresh, now, &user->name,
				&user->team, err);
	if (rc == 0)
		rc = retire(store, refresh, now, err);
	if (rc == 0)
		rc = insert_pair(store, user->name.ptr, pair, err);
	return sk_store_end(store, rc >= 0, err) < 0 ? -1 : rc;
}

int sk_token_user(struct sk_store *store,
		  const unsigned char access[SK_SHA256_LEN], int64_t now,
		  struct sk_str *user, struct sk_err *err)
{
	int rc;

	sk_store_lock(store);
	rc = find_token(store, "access", access, now, user, NULL, err);
	sk_store_unlock(store);
	return rc;
}
