/* SPDX-License-Identifier: MIT */
#include "capture/reader.h"

#include "mission/eventlog.h"

enum {
	COST_MAX = 1000000, /* entries in trees of one commit */
	BLOB_COST = 10,	    /* finding and unpacking one, in entries */
};

/* Two versions of the longest log. */
#define BYTES_MAX ((size_t)2 * SK_EVENT_LOG_MAX)

void sk_reader_start(struct sk_reader *reader, struct sk_repo *repo,
		     size_t log_max)
{
	*reader = (struct sk_reader){.repo = repo,
				     .cost_left = COST_MAX,
				     .bytes_left = BYTES_MAX,
				     .log_max = log_max};
}

void sk_reader_forget(struct sk_reader *reader)
{
	reader->stop = SK_STOP_NONE;
}

bool sk_reader_is_spent(const struct sk_reader *reader)
{
	return reader->cost_left == 0 || reader->bytes_left == 0;
}

int sk_reader_stop(struct sk_reader *reader, enum sk_stop stop,
		   const struct sk_oid *at)
{
	if (reader->stop == SK_STOP_NONE) {
		reader->stop = stop;
		reader->at = *at;
	}
	return -1;
}

int sk_reader_pay(struct sk_reader *reader, size_t entries,
		  const struct sk_oid *at, struct sk_err *err)
{
	if (entries < reader->cost_left) {
		reader->cost_left -= entries;
		return 0;
	}
	reader->cost_left = 0;
	sk_fail(err, SK_EDATA, "more than %d entries in one commit", COST_MAX);
	return sk_reader_stop(reader, SK_STOP_LIMIT, at);
}

/* An object could not be read: is it there? */
static int blame(struct sk_reader *reader, const struct sk_oid *id)
{
	struct sk_err ignored = {0};
	size_t size;

	return sk_reader_stop(
		reader,
		sk_repo_blob_size(reader->repo, id, &size, &ignored) > 0
			? SK_STOP_MISSING
			: SK_STOP_DAMAGED,
		id);
}

/* One tree being read. */
struct visit {
	struct sk_reader *reader;
	const struct sk_oid *tree;
	sk_tree_fn *each;
	void *ctx;
	struct sk_err *err;
	bool is_ours; /* what fails is not the tree itself */
};

static int visit_entry(void *ctx, const struct sk_tree_entry *entry)
{
	struct visit *visit = ctx;
	int rc = sk_reader_pay(visit->reader, 1, visit->tree, visit->err);

	if (rc == 0)
		rc = visit->each(visit->ctx, entry);
	visit->is_ours = rc < 0;
	return rc;
}

int sk_reader_tree(struct sk_reader *reader, const struct sk_oid *tree,
		   sk_tree_fn *each, void *ctx, struct sk_err *err)
{
	struct visit visit = {reader, tree, each, ctx, err, false};
	int rc = sk_tree_each(reader->repo, tree, visit_entry, &visit, err);

	return rc < 0 && !visit.is_ours ? blame(reader, tree) : rc;
}

int sk_reader_find(struct sk_reader *reader, const struct sk_oid *tree,
		   const char *name, struct sk_tree_entry *out,
		   struct sk_err *err)
{
	int rc = sk_tree_find(reader->repo, tree, name, out, err);

	return rc < 0 ? blame(reader, tree) : rc;
}

/* Two trees being compared. */
struct comparison {
	struct sk_reader *reader;
	const struct sk_oid *now;
	sk_tree_diff_fn *each;
	void *ctx;
	struct sk_err *err;
	bool is_ours;
};

static int compare_entry(void *ctx, const struct sk_tree_entry *old,
			 const struct sk_tree_entry *now)
{
	struct comparison *c = ctx;
	int rc = sk_reader_pay(c->reader, 1, c->now, c->err);

	if (rc == 0)
		rc = c->each(c->ctx, old, now);
	c->is_ours = rc < 0;
	return rc;
}

int sk_reader_diff(struct sk_reader *reader, const struct sk_oid *old,
		   const struct sk_oid *now, sk_tree_diff_fn *each, void *ctx,
		   struct sk_err *err)
{
	struct comparison c = {reader, now, each, ctx, err, false};
	int rc = sk_tree_diff(reader->repo, old, now, compare_entry, &c, err);
	struct sk_err ignored = {0};
	size_t size;

	if (rc >= 0 || c.is_ours)
		return rc;
	/* one of the two: the old one, unless the new one is not there */
	if (old && sk_repo_blob_size(reader->repo, now, &size, &ignored) == 0)
		now = old;
	return blame(reader, now);
}

int sk_reader_blob(struct sk_reader *reader, const struct sk_oid *id,
		   struct sk_raw *out, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	size_t size = 0;
	int rc = sk_repo_blob_size(reader->repo, id, &size, err);

	*out = (struct sk_raw)SK_RAW_INIT;
	sk_oid_hex(hex, id);
	if (rc == 0 && size > SK_EVENT_LOG_MAX) {
		sk_fail(err, SK_EDATA, "blob %s is larger than %u bytes", hex,
			SK_EVENT_LOG_MAX);
		return sk_reader_stop(reader, SK_STOP_LIMIT, id);
	}
	if (rc == 0 && size > reader->bytes_left) {
		reader->bytes_left = 0;
		sk_fail(err, SK_EDATA, "more than %zu bytes in one commit",
			BYTES_MAX);
		return sk_reader_stop(reader, SK_STOP_LIMIT, id);
	}
	if (rc == 0 && sk_reader_pay(reader, BLOB_COST, id, err) < 0)
		return -1;
	if (rc == 0)
		rc = sk_repo_read(reader->repo, id, SK_OBJECT_BLOB, out, err);
	if (rc > 0)
		sk_fail(err, SK_EDATA, "blob %s is missing", hex);
	if (rc != 0)
		return blame(reader, id);
	reader->bytes_left -= out->len;
	return 0;
}

int sk_reader_weigh_log(struct sk_reader *reader, const struct sk_oid *id,
			struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	struct sk_err ignored = {0};
	size_t size = 0;

	if (!reader->log_max)
		return 0;
	if (sk_repo_blob_size(reader->repo, id, &size, &ignored) != 0)
		return 0; /* whoever reads it says why */
	/* nobody will read one that is too long for all */
	if (size <= reader->log_max || size > SK_EVENT_LOG_MAX)
		return 0;
	sk_oid_hex(hex, id);
	sk_fail(err, SK_EDATA, "log %s is not read here", hex);
	return sk_reader_stop(reader, SK_STOP_LATE, id);
}

int sk_reader_log(struct sk_reader *reader, const struct sk_oid *id,
		  struct sk_raw *out, struct sk_err *err)
{
	*out = (struct sk_raw)SK_RAW_INIT;
	if (sk_reader_weigh_log(reader, id, err) < 0)
		return -1;
	return sk_reader_blob(reader, id, out, err);
}
