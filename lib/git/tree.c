/* SPDX-License-Identifier: MIT */
#include "git/tree.h"

#include <string.h>

enum { MODE_TYPE = 0170000, MODE_DIR = 0040000, MODE_FILE = 0100000 };

/* Where we are in a tree's bytes: `<mode> <name>\0<id>`, repeated. */
struct reader {
	struct sk_raw raw;
	size_t start, at; /* of the entry, and behind it */
	size_t oid_len;	  /* of the format that the tree's own id has */
	struct sk_tree_entry entry;
	bool more; /* `entry` holds one */
};

bool sk_tree_entry_is_dir(const struct sk_tree_entry *entry)
{
	return (entry->mode & MODE_TYPE) == MODE_DIR;
}

bool sk_tree_entry_is_file(const struct sk_tree_entry *entry)
{
	return (entry->mode & MODE_TYPE) == MODE_FILE;
}

static int advance(struct reader *r, struct sk_err *err)
{
	const char *at = r->raw.data + r->at, *end = r->raw.data + r->raw.len;
	const char *nul;
	unsigned mode = 0;

	r->more = at < end;
	if (!r->more)
		return 0;
	for (; at < end && *at >= '0' && *at <= '7'; at++)
		mode = mode * 8 + (unsigned)(*at - '0');
	nul = at < end && *at == ' ' ? memchr(at, '\0', (size_t)(end - at))
				     : NULL;
	if (!nul || (size_t)(end - nul) <= r->oid_len)
		return sk_fail(err, SK_EDATA, "a tree object is damaged");
	r->entry.name = at + 1;
	r->entry.mode = mode;
	sk_oid_set(&r->entry.id, nul + 1, r->oid_len);
	r->start = r->at;
	r->at = (size_t)(nul + 1 + r->oid_len - r->raw.data);
	return 0;
}

static int open_reader(struct reader *r, struct sk_repo *repo,
		       const struct sk_oid *tree, struct sk_err *err)
{
	char hex[SK_HEX_LEN + 1];
	int rc;

	*r = (struct reader){.raw = SK_RAW_INIT};
	if (!tree)
		return 0;
	r->oid_len = tree->len;
	rc = sk_repo_read(repo, tree, SK_OBJECT_TREE, &r->raw, err);
	if (rc > 0) {
		sk_oid_hex(hex, tree);
		return sk_fail(err, SK_EDATA, "tree %s is missing", hex);
	}
	return rc < 0 ? -1 : advance(r, err);
}

int sk_tree_each(struct sk_repo *repo, const struct sk_oid *tree,
		 sk_tree_fn *each, void *ctx, struct sk_err *err)
{
	struct reader r;
	int ret = open_reader(&r, repo, tree, err);

	while (ret == 0 && r.more) {
		ret = each(ctx, &r.entry);
		if (ret == 0)
			ret = advance(&r, err);
	}
	sk_raw_release(&r.raw);
	return ret;
}

struct search {
	const char *name;
	struct sk_tree_entry *out;
};

static int match(void *ctx, const struct sk_tree_entry *entry)
{
	struct search *search = ctx;

	if (strcmp(entry->name, search->name) != 0)
		return 0;
	*search->out = *entry;
	search->out->name = NULL;
	return 1;
}

int sk_tree_find(struct sk_repo *repo, const struct sk_oid *tree,
		 const char *name, struct sk_tree_entry *out,
		 struct sk_err *err)
{
	struct search search = {name, out};
	int rc = sk_tree_each(repo, tree, match, &search, err);

	return rc < 0 ? -1 : !rc;
}

/* Git sorts a folder as if its name ended in a slash. */
static int compare(const struct reader *a, const struct reader *b)
{
	const char *x = a->entry.name, *y = b->entry.name;
	unsigned char c, d;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	c = *x ? (unsigned char)*x
	       : (sk_tree_entry_is_dir(&a->entry) ? '/' : 0);
	d = *y ? (unsigned char)*y
	       : (sk_tree_entry_is_dir(&b->entry) ? '/' : 0);
	return c < d ? -1 : c > d;
}

/* Mostly both sides have the same entry, byte for byte: nothing to tell. */
static bool is_same(const struct reader *a, const struct reader *b)
{
	size_t len = a->at - a->start;

	return a->more && b->more && b->at - b->start == len &&
	       memcmp(a->raw.data + a->start, b->raw.data + b->start, len) == 0;
}

/* Which side is next: -1 the old one, 1 the new one, 0 both. */
static int next_side(const struct reader *old, const struct reader *now)
{
	if (!now->more)
		return -1;
	if (!old->more)
		return 1;
	return compare(old, now);
}

int sk_tree_diff(struct sk_repo *repo, const struct sk_oid *old,
		 const struct sk_oid *now, sk_tree_diff_fn *each, void *ctx,
		 struct sk_err *err)
{
	struct reader a, b;
	int ret;

	ret = open_reader(&a, repo, old, err);
	if (open_reader(&b, repo, now, err) < 0)
		ret = -1;
	while (ret == 0 && (a.more || b.more)) {
		bool same = is_same(&a, &b);
		int side = same ? 0 : next_side(&a, &b);

		if (!same && (side != 0 || a.entry.mode != b.entry.mode ||
			      !sk_oid_equal(&a.entry.id, &b.entry.id)))
			ret = each(ctx, side <= 0 ? &a.entry : NULL,
				   side >= 0 ? &b.entry : NULL);
		if (ret == 0 && side <= 0)
			ret = advance(&a, err);
		if (ret == 0 && side >= 0)
			ret = advance(&b, err);
	}
	sk_raw_release(&b.raw);
	sk_raw_release(&a.raw);
	return ret;
}
