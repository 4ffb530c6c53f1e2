/* SPDX-License-Identifier: MIT */
#include "base/now.h"
#include "format/time.h"
#include "server/sql.h"

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
	struct sk_stmt st;
	bool added;
	int ret;

	if (sk_sql_begin(store, err) < 0)
		return -1;
	st = sk_stmt_new(store, "INSERT INTO users(username, team_slug,"
				" password_hash, created_at)"
				" VALUES(:name, :team, :hash, :now)"
				" ON CONFLICT(username) DO NOTHING");
	sk_time_add(&now, sk_now_ms() / 1000 * 1000000);
	sk_stmt_text(&st, ":name", name);
	sk_stmt_text(&st, ":team", team);
	sk_stmt_text(&st, ":hash", hash);
	sk_stmt_text(&st, ":now", now.ptr);
	ret = sk_stmt_run(&st, err);
	added = sqlite3_changes(store->db) > 0;
	sk_stmt_free(&st);
	ret = sk_sql_end(store, ret == 0, err);
	sk_str_free(&now);
	return ret < 0 ? -1 : !added;
}

/* Run `sql`, which binds :name; *changed says whether it met a row. */
static int change(struct sk_store *store, const char *sql, const char *name,
		  const char *hash, bool *changed, struct sk_err *err)
{
	struct sk_stmt st = sk_stmt_new(store, sql);
	int ret;

	sk_stmt_text(&st, ":name", name);
	if (hash)
		sk_stmt_text(&st, ":hash", hash);
	ret = sk_stmt_run(&st, err);
	*changed = sqlite3_changes(store->db) > 0;
	sk_stmt_free(&st);
	return ret;
}

int sk_user_set_hash(struct sk_store *store, const char *name, const char *hash,
		     struct sk_err *err)
{
	bool changed = false, ended;
	int ret;

	if (sk_sql_begin(store, err) < 0)
		return -1;
	ret = change(store, "DELETE FROM tokens WHERE username = :name", name,
		     NULL, &ended, err);
	if (ret == 0)
		ret = change(store,
			     "UPDATE users SET password_hash = :hash"
			     " WHERE username = :name",
			     name, hash, &changed, err);
	ret = sk_sql_end(store, ret == 0, err);
	return ret < 0 ? -1 : !changed;
}

int sk_user_remove(struct sk_store *store, const char *name, struct sk_err *err)
{
	bool changed = false;
	int ret;

	if (sk_sql_begin(store, err) < 0)
		return -1;
	/* tokens go along, by the foreign key */
	ret = change(store, "DELETE FROM users WHERE username = :name", name,
		     NULL, &changed, err);
	ret = sk_sql_end(store, ret == 0, err);
	return ret < 0 ? -1 : !changed;
}

int sk_user_get(struct sk_store *store, const char *name, struct sk_user *out,
		struct sk_err *err)
{
	struct sk_stmt st;
	int rc;

	sk_sql_lock(store);
	st = sk_stmt_new(store, "SELECT username, team_slug, password_hash"
				" FROM users WHERE username = :name");
	sk_stmt_text(&st, ":name", name);
	rc = sk_stmt_step(&st, err);
	if (rc > 0) {
		sk_str_set(&out->name, sk_stmt_col_text(&st, 0));
		sk_str_set(&out->team, sk_stmt_col_text(&st, 1));
		sk_str_set(&out->hash, sk_stmt_col_text(&st, 2));
	}
	sk_stmt_free(&st);
	sk_sql_unlock(store);
	return rc < 0 ? -1 : !rc;
}

int sk_user_each(struct sk_store *store, sk_user_fn *each, void *ctx,
		 struct sk_err *err)
{
	struct sk_stmt st;
	int rc, stop = 0;

	sk_sql_lock(store);
	st = sk_stmt_new(store, "SELECT username, team_slug, created_at"
				" FROM users ORDER BY username");
	while (!stop && (rc = sk_stmt_step(&st, err)) > 0)
		stop = each(ctx, sk_stmt_col_text(&st, 0),
			    sk_stmt_col_text(&st, 1), sk_stmt_col_text(&st, 2));
	sk_stmt_free(&st);
	sk_sql_unlock(store);
	return stop ? stop : rc;
}

/* The tokens, if the user is still there. Returns 0, 1 when not, -1. */
static int insert_pair(struct sk_store *store, const char *user,
		       const struct sk_token_pair *pair, struct sk_err *err)
{
	struct sk_stmt st =
		sk_stmt_new(store, "INSERT INTO tokens(hash, kind, username,"
				   " expires_at)"
				   " SELECT :hash, :kind, username, :expires"
				   " FROM users WHERE username = :user");
	int ret;

	sk_stmt_text(&st, ":user", user);
	sk_stmt_text(&st, ":kind", "access");
	sk_stmt_bytes(&st, ":hash", pair->access, sizeof(pair->access));
	sk_stmt_int(&st, ":expires", pair->access_expires);
	ret = sk_stmt_run(&st, err);
	if (ret == 0) {
		sk_stmt_text(&st, ":kind", "refresh");
		sk_stmt_bytes(&st, ":hash", pair->refresh,
			      sizeof(pair->refresh));
		sk_stmt_int(&st, ":expires", pair->refresh_expires);
		ret = sk_stmt_run(&st, err);
	}
	if (ret == 0 && sqlite3_changes(store->db) == 0)
		ret = 1;
	sk_stmt_free(&st);
	return ret;
}

static int forget_expired(struct sk_store *store, struct sk_err *err)
{
	struct sk_stmt st = sk_stmt_new(
		store, "DELETE FROM tokens WHERE expires_at <= :now");
	int ret;

	sk_stmt_int(&st, ":now", sk_now_ms() / 1000);
	ret = sk_stmt_run(&st, err);
	sk_stmt_free(&st);
	return ret;
}

int sk_token_add(struct sk_store *store, const char *user,
		 const struct sk_token_pair *pair, struct sk_err *err)
{
	int rc;

	if (sk_sql_begin(store, err) < 0)
		return -1;
	rc = forget_expired(store, err);
	if (rc == 0)
		rc = insert_pair(store, user, pair, err);
	return sk_sql_end(store, rc >= 0, err) < 0 ? -1 : rc;
}

/* Whom a token speaks for. Returns 0, 1 when nobody, -1. */
static int find_token(struct sk_store *store, const char *kind,
		      const unsigned char hash[SK_SHA256_LEN], int64_t now,
		      struct sk_str *user, struct sk_str *team,
		      struct sk_err *err)
{
	struct sk_stmt st =
		sk_stmt_new(store, "SELECT username, team_slug FROM tokens"
				   " JOIN users USING(username)"
				   " WHERE hash = :hash AND kind = :kind"
				   " AND expires_at > :now");
	int rc;

	sk_stmt_bytes(&st, ":hash", hash, SK_SHA256_LEN);
	sk_stmt_text(&st, ":kind", kind);
	sk_stmt_int(&st, ":now", now);
	rc = sk_stmt_step(&st, err);
	if (rc > 0) {
		sk_str_set(user, sk_stmt_col_text(&st, 0));
		if (team)
			sk_str_set(team, sk_stmt_col_text(&st, 1));
	}
	sk_stmt_free(&st);
	return rc < 0 ? -1 : !rc;
}

/* Using it again within the grace does not make the grace any longer. */
static int retire(struct sk_store *store,
		  const unsigned char refresh[SK_SHA256_LEN], int64_t now,
		  struct sk_err *err)
{
	struct sk_stmt st = sk_stmt_new(
		store, "UPDATE tokens SET expires_at = min(expires_at, :until)"
		       " WHERE hash = :hash");
	int ret;

	sk_stmt_int(&st, ":until", now + SK_TOKEN_GRACE_S);
	sk_stmt_bytes(&st, ":hash", refresh, SK_SHA256_LEN);
	ret = sk_stmt_run(&st, err);
	sk_stmt_free(&st);
	return ret;
}

int sk_token_rotate(struct sk_store *store,
		    const unsigned char refresh[SK_SHA256_LEN],
		    const struct sk_token_pair *pair, int64_t now,
		    struct sk_user *user, struct sk_err *err)
{
	int rc;

	if (sk_sql_begin(store, err) < 0)
		return -1;
	rc = forget_expired(store, err);
	if (rc == 0)
		rc = find_token(store, "refresh", refresh, now, &user->name,
				&user->team, err);
	if (rc == 0)
		rc = retire(store, refresh, now, err);
	if (rc == 0)
		rc = insert_pair(store, user->name.ptr, pair, err);
	return sk_sql_end(store, rc >= 0, err) < 0 ? -1 : rc;
}

int sk_token_user(struct sk_store *store,
		  const unsigned char access[SK_SHA256_LEN], int64_t now,
		  struct sk_str *user, struct sk_err *err)
{
	int rc;

	sk_sql_lock(store);
	rc = find_token(store, "access", access, now, user, NULL, err);
	sk_sql_unlock(store);
	return rc;
}
