/* SPDX-License-Identifier: MIT */
/* The record as bytes. What it says about its process is read in owner.c. */
#include "guard/owner.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"

enum { MAX_RECORD = 1 << 16 };

enum kind {
	TEXT,
	TEXT_OR_NULL, /* empty in memory */
	NUMBER,
	NUMBER_OR_ABSENT, /* 0 in memory */
};

struct field {
	const char *key;
	enum kind kind;
	size_t offset;
};

#define FIELD(kind, name)                                                      \
	{                                                                      \
#name, kind, offsetof(struct sk_owner, name)                   \
	}

/* Sorted, as they are in the file. */
static const struct field fields[] = {
	FIELD(TEXT_OR_NULL, auth_principal),
	FIELD(TEXT_OR_NULL, auth_scope),
	FIELD(TEXT_OR_NULL, auth_team),
	FIELD(TEXT, executable_path),
	FIELD(TEXT, package_version),
	FIELD(NUMBER, pid),
	FIELD(NUMBER_OR_ABSENT, pid_start),
	FIELD(NUMBER, port),
	FIELD(TEXT, queue_db_path),
	FIELD(TEXT, server_url),
	FIELD(TEXT, source_checkout_path),
	FIELD(TEXT, started_at),
	FIELD(TEXT, token),
};

static bool is_text(const struct field *field)
{
	return field->kind == TEXT || field->kind == TEXT_OR_NULL;
}

static struct sk_str *text_of(const struct sk_owner *owner,
			      const struct field *field)
{
	return (struct sk_str *)((const char *)owner + field->offset);
}

static int64_t *number_of(const struct sk_owner *owner,
			  const struct field *field)
{
	return (int64_t *)((const char *)owner + field->offset);
}

void sk_owner_free(struct sk_owner *owner)
{
	sk_str_wipe(&owner->token);
	for (size_t i = 0; i < SK_COUNTOF(fields); i++) {
		if (is_text(&fields[i]))
			sk_str_free(text_of(owner, &fields[i]));
		else
			*number_of(owner, &fields[i]) = 0;
	}
}

int sk_owner_path(struct sk_str *out, struct sk_err *err)
{
	return sk_home_path(out, "sync/daemon/owner.json", err);
}

static int read_field(struct sk_owner *owner, const struct field *field,
		      const struct sk_json *object, struct sk_err *err)
{
	const struct sk_json *value = sk_json_get(object, field->key);
	const char *text = sk_json_text(value);

	if (is_text(field) && text) {
		sk_str_set(text_of(owner, field), text);
		return 0;
	}
	if (field->kind == TEXT_OR_NULL && (!value || sk_json_is_null(value)))
		return 0;
	if (!is_text(field) && sk_json_int(value, number_of(owner, field)))
		return 0;
	if (field->kind == NUMBER_OR_ABSENT && !value)
		return 0;
	return sk_fail(err, SK_EDATA, "'%s' is %s", field->key,
		       value ? "of the wrong type" : "missing");
}

static int parse(struct sk_owner *owner, const struct sk_str *text,
		 struct sk_err *err)
{
	struct sk_json *root = NULL;
	int ret = sk_json_parse(&root, text->ptr, text->len, err);

	if (ret == 0 && !sk_json_is_object(root))
		ret = sk_fail(err, SK_EDATA, "it is no JSON object");
	for (size_t i = 0; ret == 0 && i < SK_COUNTOF(fields); i++)
		ret = read_field(owner, &fields[i], root, err);
	if (ret == 0 && owner->pid <= 0)
		ret = sk_fail(err, SK_EDATA, "'pid' is no process");
	sk_json_free(root);
	return ret;
}

int sk_owner_read(struct sk_owner *owner, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = sk_owner_path(&path, err);

	sk_owner_free(owner);
	if (ret == 0)
		ret = sk_file_read(&text, path.ptr, MAX_RECORD, err);
	if (ret == 0 && parse(owner, &text, err) < 0) {
		sk_within(err, "owner record '%s' is damaged", path.ptr);
		sk_owner_free(owner);
		ret = -1;
	}
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

int sk_owner_write(const struct sk_owner *owner, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int ret = sk_owner_path(&path, err);

	if (ret == 0)
		ret = sk_mkdir_for(path.ptr, err);
	if (ret == 0) {
		sk_owner_add_json(&text, owner, false);
		ret = sk_file_write(path.ptr, text.ptr, text.len, 0600, err);
	}
	sk_str_wipe(&text);
	sk_str_free(&path);
	return ret;
}

int sk_owner_remove(const struct sk_owner *owner, struct sk_err *err)
{
	struct sk_owner found = SK_OWNER_INIT;
	struct sk_str path = SK_STR_INIT;
	int ret = sk_owner_read(&found, err);

	if (ret == 0 &&
	    (found.pid != owner->pid || found.pid_start != owner->pid_start))
		ret = 1;
	if (ret == 0)
		ret = sk_owner_path(&path, err);
	if (ret == 0 && unlink(path.ptr) < 0)
		ret = errno == ENOENT
			      ? 1
			      : sk_fail_errno(err, errno, "cannot remove '%s'",
					      path.ptr);
	sk_str_free(&path);
	sk_owner_free(&found);
	return ret;
}

static void add_field(struct sk_jsonw *w, const struct field *field,
		      const struct sk_owner *owner, bool is_shown)
{
	const char *text;

	if (!is_text(field)) {
		sk_jsonw_int(w, field->key, *number_of(owner, field));
		return;
	}
	text = text_of(owner, field)->ptr;
	if (field->kind == TEXT_OR_NULL && !*text)
		text = NULL;
	if (is_shown && text == owner->token.ptr)
		text = "<redacted>";
	sk_jsonw_text(w, field->key, text);
}

static bool is_said(const struct field *field, const struct sk_owner *owner)
{
	return field->kind != NUMBER_OR_ABSENT || *number_of(owner, field);
}

void sk_owner_add_json(struct sk_str *out, const struct sk_owner *owner,
		       bool is_shown)
{
	const char *before = "{\n  ";

	for (size_t i = 0; i < SK_COUNTOF(fields); i++) {
		struct sk_jsonw w = SK_JSONW(out);

		if (!is_said(&fields[i], owner))
			continue;
		sk_str_puts(out, before);
		add_field(&w, &fields[i], owner, is_shown);
		before = ",\n  ";
	}
	sk_str_puts(out, "\n}\n");
}

void sk_owner_show_json(struct sk_jsonw *w, const char *key,
			const struct sk_owner *owner)
{
	sk_jsonw_object(w, key);
	for (size_t i = 0; i < SK_COUNTOF(fields); i++) {
		if (is_said(&fields[i], owner))
			add_field(w, &fields[i], owner, true);
	}
	sk_jsonw_end_object(w);
}
