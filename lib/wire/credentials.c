/* SPDX-License-Identifier: MIT */
#include "wire/credentials.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "format/time.h"
#include "format/toml.h"

enum { MAX_FILE = 65536, MAX_TOKEN = 65536 };

static const char file_name[] = "credentials";

void sk_credentials_free(struct sk_credentials *creds)
{
	sk_str_wipe(&creds->access);
	sk_str_wipe(&creds->refresh);
	sk_str_free(&creds->server);
	sk_str_free(&creds->username);
	sk_str_free(&creds->team);
	creds->access_expires = 0;
	creds->refresh_expires = 0;
}

void sk_credentials_copy(struct sk_credentials *out,
			 const struct sk_credentials *creds)
{
	sk_str_set(&out->server, creds->server.ptr);
	sk_str_set(&out->username, creds->username.ptr);
	sk_str_set(&out->team, creds->team.ptr);
	sk_str_set(&out->access, creds->access.ptr);
	sk_str_set(&out->refresh, creds->refresh.ptr);
	out->access_expires = creds->access_expires;
	out->refresh_expires = creds->refresh_expires;
}

static int64_t seconds_of(const char *text)
{
	int64_t us;

	return sk_time_parse(&us, text) == 0 ? us / 1000000 : 0;
}

/* Both forms spec-kitty had: times in [tokens], and in a table of their own. */
static void take_scalar(void *ctx, const char *path, const char *value)
{
	struct sk_credentials *creds = ctx;
	const struct {
		const char *path;
		struct sk_str *text;
		int64_t *time;
	} fields[] = {
		{"server.url", &creds->server, NULL},
		{"user.username", &creds->username, NULL},
		{"user.team_slug", &creds->team, NULL},
		{"tokens.access", &creds->access, NULL},
		{"tokens.refresh", &creds->refresh, NULL},
		{"tokens.access_expires_at", NULL, &creds->access_expires},
		{"tokens.refresh_expires_at", NULL, &creds->refresh_expires},
		{"expiries.access", NULL, &creds->access_expires},
		{"expiries.refresh", NULL, &creds->refresh_expires},
	};

	for (size_t i = 0; i < SK_COUNTOF(fields); i++) {
		if (strcmp(path, fields[i].path) != 0)
			continue;
		if (fields[i].text)
			sk_str_set(fields[i].text, value);
		else
			*fields[i].time = seconds_of(value);
	}
}

bool sk_token_is_fit(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (!len || len > MAX_TOKEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	return true;
}

static int check(const struct sk_credentials *creds, struct sk_err *err)
{
	const char *lacks = NULL;

	if (!creds->server.len)
		lacks = "server url";
	else if (!creds->username.len)
		lacks = "user name";
	else if (!sk_token_is_fit(creds->access.ptr))
		lacks = "usable access token";
	else if (creds->refresh.len && !sk_token_is_fit(creds->refresh.ptr))
		lacks = "usable refresh token";
	return lacks ? sk_fail(err, SK_EDATA, "it has no %s", lacks) : 0;
}

static int parse(struct sk_credentials *creds, const struct sk_str *text,
		 struct sk_err *err)
{
	sk_credentials_free(creds);
	if (sk_toml_each(text->ptr, text->len, take_scalar, creds, err) < 0)
		return -1;
	while (creds->server.len &&
	       creds->server.ptr[creds->server.len - 1] == '/')
		sk_str_cut(&creds->server, creds->server.len - 1);
	return check(creds, err);
}

/*
 * Whoever can write the folder can put another file in the place of ours, and
 * whoever can read it sees the queues of every account.
 */
static int check_folder(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct stat st;
	int ret = -1;

	if (sk_home_path(&path, "", err) < 0)
		goto out;
	if (stat(path.ptr, &st) < 0) {
		sk_fail_errno(err, errno, "cannot stat '%s'", path.ptr);
		goto out;
	}
	if (st.st_mode & 077) {
		sk_fail(err, SK_EDATA, "'%s' is open to others (mode %03o)",
			path.ptr, (unsigned)st.st_mode & 0777);
		sk_hint(err, "run 'chmod 700 %s'", path.ptr);
		goto out;
	}
	ret = 0;
out:
	sk_str_free(&path);
	return ret;
}

int sk_credentials_load(struct sk_credentials *creds, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = -1;

	sk_str_reserve(&text, MAX_FILE + 16384); /* no copies left behind */
	if (sk_home_path(&path, file_name, err) < 0)
		goto out;
	ret = sk_file_read_secret(&text, path.ptr, MAX_FILE, err);
	if (ret == 0)
		ret = check_folder(err);
	if (ret == 0 && parse(creds, &text, err) < 0) {
		ret = sk_within(err, "cannot use '%s'", path.ptr);
		sk_hint(err, "run 'git sk-auth login'");
	}
out:
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

static void add_text(struct sk_str *out, const char *key, const char *value)
{
	sk_str_addf(out, "%s = ", key);
	sk_toml_add_string(out, value);
	sk_str_putc(out, '\n');
}

static void add_time(struct sk_str *out, const char *key, int64_t seconds)
{
	if (!seconds)
		return;
	sk_str_addf(out, "%s = \"", key);
	sk_time_add(out, seconds * 1000000);
	sk_str_puts(out, "\"\n");
}

/* The login is what makes the folder a place for secrets. */
static int close_folder(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = -1;

	if (sk_home_path(&path, "", err) < 0 || sk_home_make(err) < 0)
		goto out;
	if (chmod(path.ptr, 0700) < 0) {
		sk_fail_errno(err, errno, "cannot close '%s' to others",
			      path.ptr);
		goto out;
	}
	ret = 0;
out:
	sk_str_free(&path);
	return ret;
}

int sk_credentials_save(const struct sk_credentials *creds, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = -1;

	sk_str_reserve(&text, MAX_FILE);
	if (sk_home_path(&path, file_name, err) < 0 || close_folder(err) < 0)
		goto out;
	sk_str_puts(&text, "[tokens]\n");
	add_text(&text, "access", creds->access.ptr);
	add_text(&text, "refresh", creds->refresh.ptr);
	add_time(&text, "access_expires_at", creds->access_expires);
	add_time(&text, "refresh_expires_at", creds->refresh_expires);
	sk_str_puts(&text, "\n[user]\n");
	add_text(&text, "username", creds->username.ptr);
	if (creds->team.len)
		add_text(&text, "team_slug", creds->team.ptr);
	sk_str_puts(&text, "\n[server]\n");
	add_text(&text, "url", creds->server.ptr);
	ret = sk_file_write(path.ptr, text.ptr, text.len, 0600, err);
out:
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

int sk_credentials_remove(struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int ret = -1;

	if (sk_home_path(&path, file_name, err) < 0)
		goto out;
	if (unlink(path.ptr) == 0)
		ret = 0;
	else if (errno == ENOENT || errno == ENOTDIR)
		ret = 1;
	else
		sk_fail_errno(err, errno, "cannot remove '%s'", path.ptr);
out:
	sk_str_free(&path);
	return ret;
}

int sk_credentials_lock(unsigned wait_ms, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int fd = -1;

	if (sk_home_make(err) == 0 &&
	    sk_home_path(&path, "credentials.lock", err) == 0)
		fd = sk_lock(path.ptr, wait_ms, err);
	sk_str_free(&path);
	return fd;
}

/* Trimmed, ASCII letters in lower case. */
static void add_folded(struct sk_str *out, const char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	for (size_t i = 0; i < len; i++)
		sk_str_putc(out, text[i] >= 'A' && text[i] <= 'Z'
					 ? (char)(text[i] - 'A' + 'a')
					 : text[i]);
}

void sk_scope_add_user(struct sk_str *out, const struct sk_credentials *creds)
{
	add_folded(out, creds->username.ptr);
}

void sk_scope_add_team(struct sk_str *out, const struct sk_credentials *creds)
{
	size_t start = out->len;

	add_folded(out, creds->team.ptr);
	if (out->len == start)
		sk_str_puts(out, "no-team");
}

void sk_scope_add(struct sk_str *out, const struct sk_credentials *creds)
{
	add_folded(out, creds->server.ptr);
	while (out->len && out->ptr[out->len - 1] == '/')
		sk_str_cut(out, out->len - 1);
	sk_str_putc(out, '|');
	sk_scope_add_user(out, creds);
	sk_str_putc(out, '|');
	sk_scope_add_team(out, creds);
}
