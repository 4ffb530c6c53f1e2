/* SPDX-License-Identifier: MIT */
#include "guard/identity.h"

#include <string.h>

#include "base/home.h"
#include "base/process.h"

static const char *const names[] = {
	[SK_CANONICAL_VERSION] = "daemon_package_version",
	[SK_CANONICAL_EXECUTABLE] = "daemon_executable_path",
	[SK_CANONICAL_SOURCE] = "daemon_source_path",
	[SK_CANONICAL_SERVER] = "daemon_server_url",
	[SK_CANONICAL_TEAM] = "daemon_team_or_user",
	[SK_CANONICAL_QUEUE] = "daemon_queue_db_path",
};

_Static_assert(SK_COUNTOF(names) == SK_CANONICAL_FIELDS, "one name a field");

static void cut_last(struct sk_str *path)
{
	const char *slash = strrchr(path->ptr, '/');

	if (slash && slash != path->ptr)
		sk_str_cut(path, (size_t)(slash - path->ptr));
}

/* The folder that holds bin/: the prefix of an installation, or a build. */
static void find_source(struct sk_str *out, const char *executable)
{
	struct sk_err ignored = {0}; /* then where this program itself is */

	if (sk_sibling_path(out, "git-sk-sync", &ignored) < 0)
		sk_str_set(out, executable);
	cut_last(out);
	cut_last(out);
}

/* `user/team` out of `server|user|team`. */
static void add_team_or_user(struct sk_str *out,
			     const struct sk_credentials *creds)
{
	struct sk_str scope = SK_STR_INIT;
	const char *user;
	char *team;

	sk_scope_add(&scope, creds);
	user = strchr(scope.ptr, '|') + 1;
	team = strrchr(scope.ptr, '|');
	*team = '/';
	sk_str_puts(out, user);
	sk_str_free(&scope);
}

int sk_identity_of(struct sk_identity *id, const struct sk_credentials *creds,
		   struct sk_err *err)
{
	sk_identity_free(id);
	sk_str_set(&id->version, SK_VERSION);
	if (sk_process_program(&id->executable_path, 0, err) < 0)
		return -1;
	find_source(&id->source_path, id->executable_path.ptr);
	if (creds) {
		sk_str_set(&id->server_url, creds->server.ptr);
		add_team_or_user(&id->team_or_user, creds);
	}
	return sk_scope_queue_path(&id->queue_db_path, creds, err);
}

void sk_identity_free(struct sk_identity *id)
{
	sk_str_free(&id->version);
	sk_str_free(&id->executable_path);
	sk_str_free(&id->source_path);
	sk_str_free(&id->server_url);
	sk_str_free(&id->team_or_user);
	sk_str_free(&id->queue_db_path);
}

const char *sk_identity_get(const struct sk_identity *id,
			    enum sk_canonical field)
{
	switch (field) {
	case SK_CANONICAL_VERSION:
		return id->version.ptr;
	case SK_CANONICAL_EXECUTABLE:
		return id->executable_path.ptr;
	case SK_CANONICAL_SOURCE:
		return id->source_path.ptr;
	case SK_CANONICAL_SERVER:
		return id->server_url.ptr;
	case SK_CANONICAL_TEAM:
		return id->team_or_user.ptr;
	case SK_CANONICAL_QUEUE:
		return id->queue_db_path.ptr;
	}
	return "";
}

const char *sk_canonical_name(enum sk_canonical field)
{
	return names[field];
}

/* Both are our programs, and lie in one folder. */
static bool is_one_installation(const char *a, const char *b)
{
	static const char prefix[] = "/git-sk-";
	const char *name_a = strrchr(a, '/'), *name_b = strrchr(b, '/');

	return name_a && name_b && name_a - a == name_b - b &&
	       strncmp(a, b, (size_t)(name_a - a)) == 0 &&
	       strncmp(name_a, prefix, strlen(prefix)) == 0 &&
	       strncmp(name_b, prefix, strlen(prefix)) == 0;
}

bool sk_canonical_equal(enum sk_canonical field, const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	       (field == SK_CANONICAL_EXECUTABLE && is_one_installation(a, b));
}
