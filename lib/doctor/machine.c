/* SPDX-License-Identifier: MIT */
/* The programs and libraries, and the folder everything is kept in. */
#include "doctor/part.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/home.h"
#include "base/spawn.h"
#include "format/gzip.h"
#include "format/time.h"
#include "git/repo.h"
#include "sql/sql.h"
#include "wire/http.h"

/* "git version 2.39.5" without the words; "" when there is no git. */
static void add_git_version(struct sk_doctor *d, struct sk_str *out)
{
	static const char words[] = "git version ";
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	int rc = sk_spawn_read(&text, NULL,
			       (const char *const[]){"git", "--version", NULL},
			       4096, &err);

	sk_str_rtrim(&text);
	if (rc == 0 && strncmp(text.ptr, words, strlen(words)) == 0)
		sk_str_puts(out, text.ptr + strlen(words));
	d->has_git = out->len > 0;
	if (!d->has_git)
		sk_doctor_find(d, "no_git", "export PATH=\"$PATH:/usr/bin\"",
			       "git cannot be run: %s",
			       rc < 0 ? err.msg
				      : "it does not say its version");
	sk_str_free(&text);
}

void sk_doctor_versions(struct sk_doctor *d)
{
	struct sk_str git = SK_STR_INIT;

	add_git_version(d, &git);
	const struct {
		const char *label, *key, *version;
	} all[] = {
		{"git-sk", "git_sk", SK_VERSION},
		{"git", "git", git.len ? git.ptr : NULL},
		{"libgit2", "libgit2", sk_git_library_version()},
		{"SQLite", "sqlite", sk_sql_library_version()},
		{"libcurl", "libcurl", sk_http_library_version()},
		{"zlib", "zlib", sk_gzip_library_version()},
		{"cJSON", "cjson", sk_json_library_version()},
	};

	sk_doctor_begin(d, "Versions");
	sk_jsonw_object(&d->w, "versions");
	for (size_t i = 0; i < SK_COUNTOF(all); i++) {
		sk_doctor_line(d, all[i].label, "%s",
			       all[i].version ? all[i].version : "not found");
		sk_jsonw_text(&d->w, all[i].key, all[i].version);
	}
	sk_jsonw_end_object(&d->w);
	sk_str_free(&git);
}

/* Files with secrets lie in it: others must not get in. */
static void check_mode(struct sk_doctor *d, const char *path,
		       const struct stat *st)
{
	struct sk_str command = SK_STR_INIT;

	if (st->st_mode & 077) {
		sk_str_puts(&command, "chmod 700 ");
		sk_str_add_quoted(&command, path);
		sk_doctor_find(d, "home_open", command.ptr,
			       "home folder '%s' is open to others (mode %03o)",
			       path, (unsigned)st->st_mode & 0777);
	}
	if (st->st_uid != geteuid()) {
		sk_str_clear(&command);
		sk_str_puts(&command, "sudo chown -R \"$(id -u)\" ");
		sk_str_add_quoted(&command, path);
		sk_doctor_find(d, "home_owner", command.ptr,
			       "home folder '%s' belongs to another user",
			       path);
	}
	sk_str_free(&command);
}

void sk_doctor_home(struct sk_doctor *d)
{
	const char *moved = getenv("GIT_SK_HOME");
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};
	struct stat st;
	char mode[8];
	int rc = sk_home_path(&path, "", &err);

	sk_doctor_begin(d, "Home");
	sk_jsonw_object(&d->w, "home");
	sk_jsonw_text(&d->w, "path", rc == 0 ? path.ptr : NULL);
	sk_jsonw_bool(&d->w, "is_moved", moved && *moved);
	if (rc < 0) {
		sk_doctor_line(d, "Folder", "none");
		sk_doctor_find_err(d, "no_home", &err);
	} else if (stat(path.ptr, &st) < 0) {
		sk_doctor_line(d, "Folder", "%s, not there yet", path.ptr);
		if (errno != ENOENT)
			sk_doctor_find(d, "home_unreadable", NULL,
				       "home folder '%s': %s", path.ptr,
				       strerror(errno));
	} else {
		snprintf(mode, sizeof(mode), "%03o",
			 (unsigned)st.st_mode & 0777);
		sk_doctor_line(d, "Folder", "%s (mode %s)%s", path.ptr, mode,
			       moved && *moved ? ", by GIT_SK_HOME" : "");
		sk_jsonw_text(&d->w, "mode", mode);
		check_mode(d, path.ptr, &st);
	}
	sk_jsonw_end_object(&d->w);
	sk_str_free(&path);
}

static void add_expiry(struct sk_doctor *d, const char *label, const char *key,
		       bool there, int64_t at)
{
	struct sk_str text = SK_STR_INIT;

	if (!there)
		sk_str_puts(&text, "none");
	else if (!at)
		sk_str_puts(&text, "there; until when is not known");
	else
		sk_str_puts(&text, at > d->now_s ? "expires " : "expired ");
	if (there && at)
		sk_doctor_add_when(&text, at, d->now_s);
	sk_doctor_line(d, label, "%s", text.ptr);
	sk_doctor_json_time(d, key, there ? at : 0);
	sk_str_free(&text);
}

static void add_account(struct sk_doctor *d)
{
	const struct sk_credentials *creds = &d->account.creds;
	bool is_over;

	sk_doctor_line(d, "Server", "%s", creds->server.ptr);
	sk_doctor_line(d, "User", "%s", creds->username.ptr);
	sk_doctor_line(d, "Team", "%s",
		       creds->team.len ? creds->team.ptr : "none");
	sk_jsonw_text(&d->w, "server", creds->server.ptr);
	sk_jsonw_text(&d->w, "username", creds->username.ptr);
	sk_jsonw_text(&d->w, "team", creds->team.len ? creds->team.ptr : NULL);
	add_expiry(d, "Access token", "access_expires_at",
		   creds->access.len > 0, creds->access_expires);
	add_expiry(d, "Refresh token", "refresh_expires_at",
		   creds->refresh.len > 0, creds->refresh_expires);
	is_over = !creds->refresh.len || (creds->refresh_expires &&
					  creds->refresh_expires <= d->now_s);
	if (is_over && creds->access_expires <= d->now_s)
		sk_doctor_find(d, "login_expired", "git sk-auth login",
			       "the login of '%s' has expired",
			       creds->username.ptr);
}

void sk_doctor_account(struct sk_doctor *d)
{
	int rc = sk_account_load(&d->account, &d->account_err);

	sk_doctor_begin(d, "Account");
	sk_jsonw_object(&d->w, "account");
	sk_jsonw_bool(&d->w, "logged_in", d->account.is_logged_in);
	if (d->account.is_logged_in)
		add_account(d);
	else if (rc == 0)
		sk_doctor_line(d, "User", "nobody is logged in");
	else
		sk_doctor_line(d, "User", "cannot be told: %s",
			       d->account_err.msg);
	if (rc < 0)
		sk_doctor_find_err(d, "credentials", &d->account_err);
	sk_jsonw_end_object(&d->w);
}
