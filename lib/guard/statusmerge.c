/* SPDX-License-Identifier: MIT */
#include "guard/statusmerge.h"

#include <string.h>
#include <sys/stat.h>

#include "guard/statusfind.h"
#include "mission/snapshot.h"

enum { BASE, OURS, THEIRS, VERSIONS };

/* A merge under way. */
struct merging {
	const struct sk_status_merge *in;
	struct sk_git_place place;
	struct sk_status_find find;
	struct sk_status_place at[VERSIONS];
	struct sk_str log[VERSIONS];
	bool has_log[VERSIONS];
	struct sk_str *why;
};

/* Returns 1: it cannot be told. */
static int give_up(struct merging *m, const char *reason)
{
	sk_str_set(m->why, reason);
	return 1;
}

static bool is_same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int read_blob(struct sk_str *out, const struct merging *m,
		     const char *id, struct sk_err *err)
{
	return sk_git_must(out, &m->place, NULL,
			   (const char *const[]){"cat-file", "blob", id, NULL},
			   err);
}

/* The ids of the three files, as blobs of this repository. */
static int hash_files(struct merging *m, struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	const char *line;
	int ret;

	ret = sk_git_must(&said, &m->place, NULL,
			  (const char *const[]){"hash-object", "--no-filters",
						"--", m->in->base, m->in->ours,
						m->in->theirs, NULL},
			  err);
	line = said.ptr;
	for (int i = 0; ret == 0 && i < VERSIONS; i++) {
		size_t len = strcspn(line, "\n");

		if (!len || len > SK_HEX_LEN)
			ret = sk_fail(err, SK_EDATA,
				      "git hash-object says '%.80s'", line);
		else
			memcpy(m->at[i].status, line, len);
		line += len + (line[len] == '\n');
	}
	sk_str_free(&said);
	return ret;
}

/*
 * The merge bases of both sides' commits, a line each. Trees that have none are
 * no error.
 */
static int find_bases(struct sk_str *out, const struct merging *m,
		      struct sk_err *err)
{
	int rc = sk_git_run(out, NULL, &m->place, NULL,
			    (const char *const[]){"merge-base", "--all",
						  m->at[OURS].rev,
						  m->at[THEIRS].rev, NULL},
			    err);

	if (rc > 0)
		sk_str_clear(out);
	return rc < 0 ? -1 : 0;
}

/*
 * The log of a base whose status.json is in no commit: git has made it of
 * several, which are merged as git did that, or there was none yet.
 */
static int make_base(struct merging *m, struct sk_str *bases,
		     struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	char *at = bases->ptr, *eol;
	int ret = 0;

	while (ret == 0 && (eol = strchr(at, '\n'))) {
		struct sk_log_merged merged = SK_LOG_MERGED_INIT;
		struct sk_status_place here = {.rev = NULL};
		struct sk_log_merge in = {.loss = SK_LOG_LOSS_KEEP};

		*eol = '\0';
		sk_str_clear(&text);
		ret = sk_status_look(&here, &m->find, at, err);
		if (ret == 0 && here.log[0])
			ret = read_blob(&text, m, here.log, err);
		if (ret == 0 && here.log[0]) {
			in.ours = (struct sk_log_version){m->log[BASE].ptr,
							  m->log[BASE].len};
			in.theirs = (struct sk_log_version){text.ptr, text.len};
			sk_log_merge(&merged, &in);
			sk_str_clear(&m->log[BASE]);
			sk_str_add(&m->log[BASE], merged.text.ptr,
				   merged.text.len);
			m->has_log[BASE] = true;
		}
		sk_log_merged_free(&merged);
		sk_status_place_free(&here);
		at = eol + 1;
	}
	sk_str_free(&text);
	return ret;
}

/* The base was made for this merge: of several, or there is none. */
static bool is_made(const struct merging *m, const struct sk_str *bases)
{
	const char *eol = strchr(bases->ptr, '\n');
	struct stat st;

	return (stat(m->in->base, &st) == 0 && st.st_size == 0) ||
	       (m->in->loss == SK_LOG_LOSS_KEEP && eol && eol[1]);
}

/* The base: of two histories what they share, of a change what it changed. */
static int find_base(struct merging *m, struct sk_err *err)
{
	struct sk_str bases = SK_STR_INIT, likely = SK_STR_INIT;
	const char *first[] = {NULL, NULL};
	int ret = 0;

	if (m->in->loss == SK_LOG_LOSS_DROP)
		sk_str_addf(&bases, "%s^\n", m->at[THEIRS].rev);
	else
		ret = find_bases(&bases, m, err);
	if (ret == 0 && is_made(m, &bases)) {
		ret = make_base(m, &bases, err);
	} else if (ret == 0) {
		sk_str_add(&likely, bases.ptr, strcspn(bases.ptr, "\n"));
		first[0] = likely.len ? likely.ptr : NULL;
		ret = sk_status_find(&m->at[BASE], &m->find, first, err);
		if (ret > 0)
			ret = give_up(m, "the event log that both come from"
					 " is in no commit");
		else if (ret == 0)
			ret = read_blob(&m->log[BASE], m, m->at[BASE].log, err);
		m->has_log[BASE] = ret == 0;
	}
	sk_str_free(&likely);
	sk_str_free(&bases);
	return ret;
}

/* Both sides' logs, and that of the base. Returns 0; 1; -1. */
static int find_logs(struct merging *m, struct sk_err *err)
{
	for (int i = OURS; i < VERSIONS; i++) {
		int rc = sk_status_find(&m->at[i], &m->find, NULL, err);

		if (rc > 0)
			return give_up(m, i == OURS ? "our event log is in no"
						      " commit"
						    : "their event log is in no"
						      " commit");
		if (rc < 0 || read_blob(&m->log[i], m, m->at[i].log, err) < 0)
			return -1;
		m->has_log[i] = true;
	}
	return find_base(m, err);
}

static struct sk_log_version version_of(const struct merging *m, int i)
{
	return (struct sk_log_version){m->has_log[i] ? m->log[i].ptr : NULL,
				       m->log[i].len};
}

/* As git does: what one side left as it was is the other's. */
static int merge_logs(struct sk_str *out, struct merging *m)
{
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	const struct sk_log_merge in = {
		.base = version_of(m, BASE),
		.ours = version_of(m, OURS),
		.theirs = version_of(m, THEIRS),
		.loss = m->in->loss,
	};
	const struct sk_str *whole = NULL;
	int ret = 0;

	if (is_same(m->at[OURS].log, m->at[BASE].log))
		whole = &m->log[THEIRS];
	else if (is_same(m->at[THEIRS].log, m->at[BASE].log) ||
		 is_same(m->at[OURS].log, m->at[THEIRS].log))
		whole = &m->log[OURS];
	else
		ret = sk_log_merge(&merged, &in);
	if (!whole)
		whole = &merged.text;
	sk_str_add(out, whole->ptr, whole->len);
	sk_log_merged_free(&merged);
	return ret ? give_up(m, "its event log has conflicts") : 0;
}

/* status.json of this log and the meta.json with that id. Returns 0; 1; -1. */
static int reduce(struct sk_str *out, struct merging *m,
		  const struct sk_str *text, const char *meta_id,
		  struct sk_err *err)
{
	struct sk_form *meta = NULL;
	struct sk_log log = SK_LOG_INIT;
	struct sk_str data = SK_STR_INIT;
	struct sk_err ignored = {0};
	int ret = *meta_id ? read_blob(&data, m, meta_id, err) : 0;

	if (ret == 0 && *meta_id &&
	    sk_form_read(&meta, data.ptr, data.len, &ignored) < 0)
		ret = give_up(m, "meta.json cannot be read");
	if (ret == 0) {
		sk_log_read(&log, text->ptr, text->len, SIZE_MAX);
		sk_snapshot_add(out, &log, text->ptr, meta);
	}
	sk_form_free(meta);
	sk_log_free(&log);
	sk_str_free(&data);
	return ret;
}

/* meta.json is another file's merge: it counts where that cannot matter. */
static int reduce_merged(struct sk_str *out, struct merging *m,
			 const struct sk_str *text, struct sk_err *err)
{
	const char *ours = m->at[OURS].meta, *theirs = m->at[THEIRS].meta;
	const char *base = m->at[BASE].meta;
	struct sk_str other = SK_STR_INIT;
	size_t start = out->len;
	int ret;

	if (is_same(ours, theirs) || (m->at[BASE].rev && is_same(theirs, base)))
		return reduce(out, m, text, ours, err);
	if (m->at[BASE].rev && is_same(ours, base))
		return reduce(out, m, text, theirs, err);
	ret = reduce(out, m, text, ours, err);
	if (ret == 0)
		ret = reduce(&other, m, text, theirs, err);
	if (ret == 0 && !is_same(out->ptr + start, other.ptr))
		ret = give_up(m, "both sides have changed meta.json");
	sk_str_free(&other);
	return ret;
}

int sk_status_merge(struct sk_str *out, struct sk_str *why,
		    struct sk_repo *repo, const struct sk_status_merge *in,
		    struct sk_err *err)
{
	struct merging m = {
		.in = in,
		.place = {.folder = ".", .git_dir = sk_repo_git_dir(repo)},
		.log = {SK_STR_INIT, SK_STR_INIT, SK_STR_INIT},
		.why = why,
	};
	struct sk_str text = SK_STR_INIT;
	size_t start = out->len;
	int ret;

	m.find = (struct sk_status_find){&m.place, in->path};
	ret = strchr(in->path, '\n') ? give_up(&m, "its name has two lines")
				     : hash_files(&m, err);
	if (ret == 0)
		ret = find_logs(&m, err);
	if (ret == 0)
		ret = merge_logs(&text, &m);
	if (ret == 0)
		ret = reduce_merged(out, &m, &text, err);
	if (ret != 0)
		sk_str_cut(out, start);
	for (int i = 0; i < VERSIONS; i++) {
		sk_status_place_free(&m.at[i]);
		sk_str_free(&m.log[i]);
	}
	sk_str_free(&text);
	return ret;
}
