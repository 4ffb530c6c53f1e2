/* SPDX-License-Identifier: MIT */
#include "command/gitcredential.h"

#include <string.h>

#include "base/spawn.h"
#include "base/trace.h"

enum { MAX_ANSWER = 1 << 16 };

/* Append `key=value`; the protocol has no way to say a line end. */
static bool add(struct sk_str *out, const char *key, const char *value,
		size_t len)
{
	if (memchr(value, '\n', len))
		return false;
	sk_str_addf(out, "%s=", key);
	sk_str_add(out, value, len);
	sk_str_putc(out, '\n');
	return true;
}

static bool describe(struct sk_str *out, const char *server,
		     const char *username, const char *password)
{
	const char *host = strstr(server, "://"), *path;

	if (!host)
		return false;
	host += strlen("://");
	path = host + strcspn(host, "/");
	return add(out, "protocol", server,
		   (size_t)(host - server) - strlen("://")) &&
	       add(out, "host", host, (size_t)(path - host)) &&
	       (!*path || add(out, "path", path + 1, strlen(path + 1))) &&
	       add(out, "username", username, strlen(username)) &&
	       (!password || add(out, "password", password, strlen(password)));
}

/* Returns whether git did it. */
static bool ask(struct sk_str *answer, const char *what, const char *server,
		const char *username, const char *password)
{
	/* an empty GIT_ASKPASS also stands before core.askPass */
	const char *const argv[] = {"env",
				    "GIT_TERMINAL_PROMPT=0",
				    "GIT_ASKPASS=",
				    "git",
				    "credential",
				    what,
				    NULL};
	struct sk_str input = SK_STR_INIT;
	struct sk_err ignored = {0};
	int rc = -1;

	if (describe(&input, server, username, password))
		rc = sk_spawn_talk(answer, &input, argv, MAX_ANSWER, &ignored);
	sk_trace("login", "git credential %s: %d", what, rc);
	sk_str_wipe(&input);
	return rc == 0;
}

/* The value of a line of the answer; NULL when there is none. *len is set. */
static const char *find(const struct sk_str *answer, const char *key,
			size_t *len)
{
	const char *at = answer->ptr;
	size_t key_len = strlen(key);

	for (; *at; at += *at == '\n') {
		size_t line = strcspn(at, "\n");

		if (line > key_len && strncmp(at, key, key_len) == 0 &&
		    at[key_len] == '=') {
			*len = line - key_len - 1;
			return at + key_len + 1;
		}
		at += line;
	}
	return NULL;
}

bool sk_git_credential_fill(struct sk_str *password, const char *server,
			    const char *username)
{
	struct sk_str answer = SK_STR_INIT;
	const char *name, *value = NULL;
	size_t name_len = 0, len = 0;

	if (ask(&answer, "fill", server, username, NULL)) {
		name = find(&answer, "username", &name_len);
		if (name && name_len == strlen(username) &&
		    strncmp(name, username, name_len) == 0)
			value = find(&answer, "password", &len);
	}
	sk_str_clear(password);
	if (value)
		sk_str_add(password, value, len);
	sk_str_wipe(&answer);
	return password->len > 0;
}

void sk_git_credential_approve(const char *server, const char *username,
			       const char *password)
{
	if (!ask(NULL, "approve", server, username, password))
		sk_trace("login", "no helper took the password");
}

void sk_git_credential_reject(const char *server, const char *username,
			      const char *password)
{
	if (!ask(NULL, "reject", server, username, password))
		sk_trace("login", "no helper dropped the password");
}
