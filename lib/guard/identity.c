/* SPDX-License-Identifier: MIT */
#include "guard/identity.h"

#include <string.h>

static const char *const names[] = {
	[SK_CANONICAL_VERSION] = "daemon_package_version",
	[SK_CANONICAL_EXECUTABLE] = "daemon_executable_path",
	[SK_CANONICAL_SOURCE] = "daemon_source_path",
	[SK_CANONICAL_SERVER] = "daemon_server_url",
	[SK_CANONICAL_TEAM] = "daemon_team_or_user",
	[SK_CANONICAL_QUEUE] = "daemon_queue_db_path",
};

_Static_assert(SK_COUNTOF(names) == SK_CANONICAL_FIELDS, "one name a field");

const char *sk_identity_get(const struct sk_account *account,
			    enum sk_canonical field)
{
	switch (field) {
	case SK_CANONICAL_VERSION:
		return SK_VERSION;
	case SK_CANONICAL_EXECUTABLE:
		return account->executable_path.ptr;
	case SK_CANONICAL_SOURCE:
		return account->source_path.ptr;
	case SK_CANONICAL_SERVER:
		return account->creds.server.ptr;
	case SK_CANONICAL_TEAM:
		return account->team_or_user.ptr;
	case SK_CANONICAL_QUEUE:
		return account->queue_path.ptr;
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
