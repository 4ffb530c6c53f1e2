/* SPDX-License-Identifier: MIT */
#include "git/walk.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* The last second of the year 9999: what no calendar of ours goes beyond. */
#define TIME_MAX INT64_C(253402300799)

/* The rest of the header line that starts with `key`, up to its end. */
static const char *header(const char *data, const char *end, const char *key,
			  size_t *len)
{
	size_t key_len = strlen(key);

	while (data < end && *data != '\n') {
		const char *eol = memchr(data, '\n', (size_t)(end - data));

		if (!eol)
			eol = end;
		if ((size_t)(eol - data) > key_len &&
		    memcmp(data, key, key_len) == 0) {
			*len = (size_t)(eol - data) - key_len;
			return data + key_len;
		}
		data = eol < end ? eol + 1 : end;
	}
	return NULL;
}

/*
 * `Name <mail> 1700000000 +0100`: the number behind the last '>', 0 for one
 * before 1970. Anybody can write any number there; what comes after the year
 * 9999 is its end.
 */
static int64_t person_time(const char *data, const char *end, const char *key)
{
	size_t len = 0, i;
	const char *person = header(data, end, key, &len);
	int64_t sec = 0;

	for (i = len; person && i > 0 && person[i - 1] != '>'; i--)
		;
	while (i < len && person[i] == ' ')
		i++;
	for (; i < len && person[i] >= '0' && person[i] <= '9'; i++) {
		sec = sec * 10 + (person[i] - '0');
		if (sec > TIME_MAX)
			return TIME_MAX;
	}
	return sec;
}

/* `<key><id> LF`, with an id as long as the commit's own. */
static int read_id(struct sk_oid *out, const char **at, const char *end,
		   const char *key, size_t oid_len)
{
	size_t len = strlen(key), digits = 2 * oid_len;
	char hex[SK_HEX_LEN + 1];

	if ((size_t)(end - *at) < len + digits + 1 ||
	    memcmp(*at, key, len) != 0)
		return -1;
	memcpy(hex, *at + len, digits);
	hex[digits] = '\0';
	*at += len + digits + 1;
	return sk_oid_parse(out, hex);
}

static int parse(struct sk_commit *commit, const struct sk_raw *raw)
{
	const char *at = raw->data, *end = raw->data + raw->len;
	size_t oid_len = commit->id.len, cap = 0;
	struct sk_oid parent;

	if (read_id(&commit->tree, &at, end, "tree ", oid_len) < 0)
		return -1;
	while (read_id(&parent, &at, end, "parent ", oid_len) == 0) {
		SK_GROW(commit->parents, commit->parent_count, cap);
		commit->parents[commit->parent_count++] = parent;
	}
	commit->author_time = person_time(at, end, "author ");
	commit->commit_time = person_time(at, end, "committer ");
	return 0;
}

int sk_commit_read(struct sk_commit **out, struct sk_repo *repo,
		   const struct sk_oid *id, struct sk_err *err)
{
	struct sk_commit *commit;
	char hex[SK_HEX_LEN + 1];
	struct sk_raw raw;
	int rc = sk_repo_read(repo, id, SK_OBJECT_COMMIT, &raw, err);

	if (rc != 0)
		return rc;
	commit = sk_calloc(1, sizeof(*commit));
	commit->id = *id;
	rc = parse(commit, &raw);
	sk_raw_release(&raw);
	if (rc < 0) {
		sk_commit_free(commit);
		sk_oid_hex(hex, id);
		return sk_fail(err, SK_EDATA, "commit %s is damaged", hex);
	}
	if (commit->parent_count && sk_repo_is_shallow_at(repo, id)) {
		commit->is_cut = true;
		commit->parent_count = 0;
	}
	*out = commit;
	return 0;
}

void sk_commit_free(struct sk_commit *commit)
{
	if (!commit)
		return;
	free(commit->parents);
	free(commit);
}

/* A name that iconv may be given: it knows suffixes that mean something. */
static bool is_charset(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-_.:") == strlen(name);
}

/* Append text of another encoding; what is none there as U+FFFD. */
static void add_converted(struct sk_str *out, iconv_t to_utf8, const char *text,
			  size_t len)
{
	while (len) {
		char buf[256], *in = (char *)(uintptr_t)text, *at = buf;
		size_t room = sizeof(buf), rc;

		rc = iconv(to_utf8, &in, &len, &at, &room);
		sk_str_add(out, buf, sizeof(buf) - room);
		text = in;
		if (rc == (size_t)-1 && errno != E2BIG) {
			sk_str_add_char(out, 0xfffd);
			text++;
			len--;
		}
	}
}

/* The commit says what encoding its texts have; nothing said is UTF-8. */
static void add_text(struct sk_str *out, const struct sk_raw *raw,
		     const char *text, size_t len)
{
	size_t name_len = 0;
	const char *name =
		header(raw->data, raw->data + raw->len, "encoding ", &name_len);
	iconv_t to_utf8 = (iconv_t)-1;
	char charset[64] = "";

	if (name && name_len < sizeof(charset))
		memcpy(charset, name, name_len);
	if (is_charset(charset) && strcasecmp(charset, "UTF-8") != 0)
		to_utf8 = iconv_open("UTF-8", charset);
	if (to_utf8 == (iconv_t)-1) {
		sk_str_add(out, text, len); /* as it stands */
		return;
	}
	add_converted(out, to_utf8, text, len);
	iconv_close(to_utf8);
}

int sk_commit_author(struct sk_str *out, struct sk_repo *repo,
		     const struct sk_oid *id, struct sk_err *err)
{
	struct sk_raw raw;
	const char *person;
	size_t len = 0, name = 0;
	int rc = sk_repo_read(repo, id, SK_OBJECT_COMMIT, &raw, err);

	if (rc != 0)
		return rc < 0 ? -1 : sk_fail(err, SK_EDATA, "commit is gone");
	person = header(raw.data, raw.data + raw.len, "author ", &len);
	while (person && name < len && person[name] != '<')
		name++;
	if (person)
		add_text(out, &raw, person, name);
	sk_str_rtrim(out);
	sk_raw_release(&raw);
	return 0;
}
