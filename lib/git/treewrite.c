/* SPDX-License-Identifier: MIT */
#include "git/treewrite.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/askid.h"
#include "git/tree.h"

enum { TYPE_MASK = 0170000, TYPE_DIR = 0040000, TYPE_COMMIT = 0160000 };

int sk_blob_write(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		  const char *data, size_t len, struct sk_err *err)
{
	return sk_git_ask_id(
		id, place, &(struct sk_feed){.data = data, .len = len},
		(const char *const[]){"hash-object", "-w", "--stdin", NULL},
		err);
}

struct writing {
	struct sk_repo *repo;
	const struct sk_git_place *place;
	const struct sk_tree_put **puts; /* in order of path */
};

/* One folder of it: the puts from `first` up to `end` are below it. */
struct folder {
	const struct writing *writing;
	size_t first, end;
	size_t depth;	    /* so much of their paths is its own */
	struct sk_map ours; /* names that are not to be copied */
	struct sk_str text; /* what 'git mktree' is told */
};

static void add_line(struct sk_str *out, unsigned mode, const char *id,
		     const char *name, size_t len)
{
	unsigned type = mode & TYPE_MASK;

	sk_str_addf(out, "%06o %s %s\t", mode,
		    type == TYPE_DIR	  ? "tree"
		    : type == TYPE_COMMIT ? "commit"
					  : "blob",
		    id);
	sk_str_add(out, name, len);
	sk_str_putc(out, '\0');
}

static int copy(void *ctx, const struct sk_tree_entry *entry)
{
	struct folder *folder = ctx;
	char id[SK_HEX_LEN + 1];

	if (sk_map_get(&folder->ours, entry->name, strlen(entry->name)))
		return 0;
	sk_oid_hex(id, &entry->id);
	add_line(&folder->text, entry->mode, id, entry->name,
		 strlen(entry->name));
	return 0;
}

static int write_folder(char id[SK_HEX_LEN + 1], const struct folder *of,
			const struct sk_oid *tree, struct sk_err *err);

/* The folder by that name, with the puts from `first` up to `end` in it. */
static int write_below(struct folder *folder, const struct sk_oid *tree,
		       const char *name, size_t first, size_t end,
		       struct sk_err *err)
{
	struct folder below = {
		.writing = folder->writing,
		.first = first,
		.end = end,
		.depth = folder->depth + strlen(name) + 1,
		.ours = SK_MAP_INIT,
		.text = SK_STR_INIT,
	};
	struct sk_tree_entry entry;
	char id[SK_HEX_LEN + 1];
	int rc = tree ? sk_tree_find(folder->writing->repo, tree, name, &entry,
				     err)
		      : 1;

	if (rc == 0 && !sk_tree_entry_is_dir(&entry))
		rc = sk_fail(err, SK_EDATA, "'%.*s' is no folder",
			     (int)below.depth - 1,
			     folder->writing->puts[first]->path);
	if (rc >= 0)
		rc = write_folder(id, &below, rc == 0 ? &entry.id : NULL, err);
	if (rc == 0)
		add_line(&folder->text, TYPE_DIR, id, name, strlen(name));
	return rc;
}

static int write_folder(char id[SK_HEX_LEN + 1], const struct folder *of,
			const struct sk_oid *tree, struct sk_err *err)
{
	struct folder folder = *of;
	struct sk_str name = SK_STR_INIT;
	int rc = 0;

	for (size_t i = folder.first, next; i < folder.end && rc == 0;
	     i = next) {
		const struct sk_tree_put *put = folder.writing->puts[i];
		const char *at = put->path + folder.depth;
		size_t len = strcspn(at, "/");

		sk_str_clear(&name);
		sk_str_add(&name, at, len);
		sk_map_add(&folder.ours, at, len, 1, NULL);
		for (next = i + 1; next < folder.end; next++) {
			const char *other = folder.writing->puts[next]->path;

			if (strncmp(other, put->path, folder.depth + len + 1) !=
			    0)
				break;
		}
		if (at[len])
			rc = write_below(&folder, tree, name.ptr, i, next, err);
		else
			add_line(&folder.text, put->entry.mode, put->entry.id,
				 at, len);
	}
	if (rc == 0)
		rc = sk_tree_each(folder.writing->repo, tree, copy, &folder,
				  err);
	if (rc == 0)
		rc = sk_git_ask_id(id, folder.writing->place,
				   &(struct sk_feed){.data = folder.text.ptr,
						     .len = folder.text.len},
				   (const char *const[]){"mktree", "-z",
							 "--missing", NULL},
				   err);
	sk_str_free(&name);
	sk_str_free(&folder.text);
	sk_map_free(&folder.ours);
	return rc;
}

static int compare(const void *a, const void *b)
{
	const struct sk_tree_put *const *one = a, *const *other = b;

	return strcmp((*one)->path, (*other)->path);
}

int sk_tree_write(char id[SK_HEX_LEN + 1], struct sk_repo *repo,
		  const struct sk_git_place *place, const char *tree,
		  const struct sk_tree_put *puts, size_t count,
		  struct sk_err *err)
{
	const struct sk_tree_put **sorted =
		sk_calloc(count + 1, sizeof(*sorted));
	const struct writing writing = {repo, place, sorted};
	const struct folder top = {
		.writing = &writing,
		.end = count,
		.ours = SK_MAP_INIT,
		.text = SK_STR_INIT,
	};
	struct sk_oid oid;
	int rc = sk_oid_parse(&oid, tree);

	if (rc < 0)
		sk_fail(err, SK_EDATA, "'%.80s' is no id of a tree", tree);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &puts[i];
	qsort(sorted, count, sizeof(*sorted), compare);
	if (rc == 0)
		rc = write_folder(id, &top, &oid, err);
	free(sorted);
	return rc;
}
