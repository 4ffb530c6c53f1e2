/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/cli.h"
#include "server/command.h"
#include "server/password.h"
#include "server/store.h"

#define MAX_NAME 64

/* Names and slugs stand in listings, paths and URLs: nothing to escape. */
static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._@+-");

	return len && !name[len] && len <= MAX_NAME && name[0] != '-';
}

static int get_hash(char **out, const char *name,
		    const struct sk_user_opts *opts, struct sk_err *err)
{
	struct sk_str password = SK_STR_INIT;
	int ret;

	ret = opts->password_stdin ? sk_password_from_stdin(&password, err)
				   : sk_password_ask(&password, name, err);
	if (ret == 0)
		ret = sk_password_hash(out, password.ptr, err);
	sk_str_wipe(&password);
	return ret;
}

static int add(struct sk_store *store, const char *name,
	       const struct sk_user_opts *opts, struct sk_err *err)
{
	char *hash = NULL;
	int ret;

	if (opts->team[0] && !is_name(opts->team))
		return sk_fail(err, SK_EUSAGE, "'%.80s' is not a team slug",
			       opts->team);
	if (get_hash(&hash, name, opts, err) < 0)
		return -1;
	ret = sk_user_add(store, name, opts->team, hash, err);
	free(hash);
	if (ret == 1) {
		sk_warn("there is a user '%s' already", name);
		sk_advise("run 'sk-ingestd user passwd %s'", name);
	}
	return ret;
}

static int no_such_user(const char *name)
{
	sk_warn("there is no user '%s'", name);
	sk_advise("run 'sk-ingestd user list'");
	return 1;
}

static int passwd(struct sk_store *store, const char *name,
		  const struct sk_user_opts *opts, struct sk_err *err)
{
	char *hash = NULL;
	int ret;

	if (get_hash(&hash, name, opts, err) < 0)
		return -1;
	ret = sk_user_set_hash(store, name, hash, err);
	free(hash);
	return ret == 1 ? no_such_user(name) : ret;
}

static int drop(struct sk_store *store, const char *name,
		const struct sk_user_opts *opts, struct sk_err *err)
{
	int ret = sk_user_remove(store, name, err);

	(void)opts;
	return ret == 1 ? no_such_user(name) : ret;
}

static int print_user(void *ctx, const char *name, const char *team,
		      const char *created_at)
{
	(void)ctx;
	printf("%s\t%s\t%s\n", name, team[0] ? team : "-", created_at);
	return 0;
}

static int list(struct sk_store *store, const char *name,
		const struct sk_user_opts *opts, struct sk_err *err)
{
	(void)name, (void)opts;
	return sk_user_each(store, print_user, NULL, err);
}

typedef int action_fn(struct sk_store *store, const char *name,
		      const struct sk_user_opts *opts, struct sk_err *err);

static int run(action_fn *action, const struct sk_user_opts *opts,
	       const char *name, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct sk_store *store = NULL;
	int ret = -1;

	if (opts->db)
		sk_str_set(&path, opts->db);
	else if (sk_store_default_path(&path, err) < 0)
		goto out;
	if (sk_store_open(&store, path.ptr, err) < 0)
		goto out;
	ret = action(store, name, opts, err);
out:
	sk_store_close(store);
	sk_str_free(&path);
	return ret;
}

/* The same for an action that is about one user. */
static int run_named(action_fn *action, const struct sk_user_opts *opts,
		     int argc, char **argv, struct sk_err *err)
{
	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "the user's name is missing");
	if (!is_name(argv[0])) {
		sk_fail(err, SK_EUSAGE, "'%.80s' cannot be a user's name",
			argv[0]);
		return sk_hint(err, "use at most %d letters, digits and ._@+-",
			       MAX_NAME);
	}
	return run(action, opts, argv[0], err);
}

int sk_user_run_add(void *values, int argc, char **argv, struct sk_err *err)
{
	return run_named(add, values, argc, argv, err);
}

int sk_user_run_passwd(void *values, int argc, char **argv, struct sk_err *err)
{
	return run_named(passwd, values, argc, argv, err);
}

int sk_user_run_remove(void *values, int argc, char **argv, struct sk_err *err)
{
	return run_named(drop, values, argc, argv, err);
}

int sk_user_run_list(void *values, int argc, char **argv, struct sk_err *err)
{
	(void)argc, (void)argv; /* takes none */
	return run(list, values, NULL, err);
}
