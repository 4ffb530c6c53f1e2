/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/alternates.h"
#include "git/loose.h"
#include "git/tls.h"

/*
 * The object database alone, and nothing of libgit2's repository: that would
 * read the index git names to a hook, refuse extensions and ask who owns the
 * folder, which are git's business. Nor its way with loose objects: 1.5 dies of
 * one that has more than its header says. As in git, packs come first: only
 * what is in none costs a look for its file.
 */
struct store {
	git_odb *odb;
	struct sk_err why; /* what was wrong with a loose object */
};

enum { LOOSE_PRIORITY = 1, PACK_PRIORITY = 2 }; /* the higher one first */

/* The loose objects of one folder, as libgit2 asks for them. */
struct loose {
	git_odb_backend base; /* first: libgit2 has the address */
	struct sk_err *why;
	char *dir;
};

static int read_loose(void **data, size_t *len, git_object_t *kind,
		      git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	struct sk_str text = SK_STR_INIT;
	struct sk_oid oid;
	size_t body = 0;
	int rc;

	sk_oid_set(&oid, id->id, GIT_OID_RAWSZ);
	rc = sk_loose_read(&text, &body, loose->dir, &oid, SK_OBJECT_MAX,
			   loose->why);
	if (rc == 0) {
		*len = text.len - body;
		*data = git_odb_backend_data_alloc(base, *len + 1);
		if (!*data)
			abort();
		memcpy(*data, text.ptr + body, *len + 1);
		text.ptr[strcspn(text.ptr, " ")] = '\0';
		*kind = git_object_string2type(text.ptr);
	}
	sk_str_free(&text);
	return rc > 0 ? GIT_ENOTFOUND : rc;
}

/* Of the size alone, as nobody asks this for the kind. */
static int read_loose_size(size_t *len, git_object_t *kind,
			   git_odb_backend *base, const git_oid *id)
{
	struct loose *loose = (struct loose *)base;
	struct sk_oid oid;
	int rc;

	*kind = GIT_OBJECT_ANY;
	sk_oid_set(&oid, id->id, GIT_OID_RAWSZ);
	rc = sk_loose_size(len, loose->dir, &oid, loose->why);
	return rc > 0 ? GIT_ENOTFOUND : rc;
}

static void free_loose(git_odb_backend *base)
{
	struct loose *loose = (struct loose *)base;

	free(loose->dir);
	free(loose);
}

static int fail_git(struct sk_err *err, const char *what)
{
	const git_error *last = git_error_last();

	return sk_fail(err, SK_EFAIL, "%s: %s", what,
		       last ? last->message : "unknown reason");
}

static int add_loose(struct store *store, const char *dir)
{
	struct loose *loose = sk_calloc(1, sizeof(*loose));

	*loose = (struct loose){.base = {.version = GIT_ODB_BACKEND_VERSION,
					 .read = read_loose,
					 .read_header = read_loose_size,
					 .free = free_loose},
				.why = &store->why,
				.dir = sk_strdup(dir)};
	if (git_odb_add_backend(store->odb, &loose->base, LOOSE_PRIORITY) == 0)
		return 0;
	free_loose(&loose->base);
	return -1;
}

static int add_dir(void *ctx, const char *dir)
{
	struct store *store = ctx;
	git_odb_backend *packs = NULL;

	if (git_odb_backend_pack(&packs, dir) < 0)
		return -1;
	if (git_odb_add_backend(store->odb, packs, PACK_PRIORITY) < 0) {
		packs->free(packs);
		return -1;
	}
	return add_loose(store, dir);
}

static int open_store(struct sk_repo *repo, struct sk_err *err)
{
	struct store *store = sk_calloc(1, sizeof(*store));

	sk_git_skip_tls();
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	repo->store = store;
	if (git_odb_new(&store->odb) < 0 ||
	    sk_objects_each(&repo->layout, add_dir, store) < 0)
		return fail_git(err, "cannot open the object database");
	return 0;
}

static void close_store(struct sk_repo *repo)
{
	struct store *store = repo->store;

	if (!store)
		return;
	git_odb_free(store->odb);
	free(store);
	git_libgit2_shutdown();
}

/* Our own word where it was a loose object. */
static int fail_read(struct sk_err *err, struct store *store,
		     const struct sk_oid *oid)
{
	char hex[SK_HEX_LEN + 1];

	if (store->why.msg[0]) {
		*err = store->why;
		store->why = (struct sk_err){0};
		return -1;
	}
	sk_oid_hex(hex, oid);
	fail_git(err, "cannot read an object");
	return sk_within(err, "object %s", hex);
}

static void release(void *object)
{
	git_odb_object_free(object);
}

static int read_object(struct sk_repo *repo, const struct sk_oid *oid,
		       enum sk_object kind, struct sk_raw *out,
		       struct sk_err *err)
{
	struct store *store = repo->store;
	git_odb_object *object = NULL;
	char hex[SK_HEX_LEN + 1];
	const char *name;
	git_oid id;
	int rc;

	memcpy(id.id, oid->id, GIT_OID_RAWSZ);
	rc = git_odb_read(&object, store->odb, &id);
	if (rc == GIT_ENOTFOUND)
		return 1;
	if (rc < 0)
		return fail_read(err, store, oid);
	name = git_object_type2string(git_odb_object_type(object));
	if (strcmp(name, sk_object_name(kind)) != 0) {
		git_odb_object_free(object);
		sk_oid_hex(hex, oid);
		return sk_fail(err, SK_EDATA, "object %s is a %s", hex, name);
	}
	out->len = git_odb_object_size(object);
	out->data = out->len ? git_odb_object_data(object) : "";
	out->handle = object;
	out->release = release;
	return 0;
}

static int object_size(struct sk_repo *repo, const struct sk_oid *oid,
		       size_t *size, struct sk_err *err)
{
	struct store *store = repo->store;
	git_object_t type;
	git_oid id;
	int rc;

	memcpy(id.id, oid->id, GIT_OID_RAWSZ);
	rc = git_odb_read_header(size, &type, store->odb, &id);
	if (rc == GIT_ENOTFOUND)
		return 1;
	return rc < 0 ? fail_read(err, store, oid) : 0;
}

const struct sk_source sk_source_git2 = {open_store, close_store, read_object,
					 object_size};

const char *sk_git_library_version(void)
{
	return LIBGIT2_VERSION;
}
