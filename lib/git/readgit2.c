/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/alternates.h"
#include "git/tls.h"

/*
 * The object database alone, and nothing of libgit2's repository: that would
 * read the index git names to a hook, refuse extensions and ask who owns the
 * folder, which are git's business.
 */
struct store {
	git_odb *odb;
};

static int fail_git(struct sk_err *err, const char *what)
{
	const git_error *last = git_error_last();

	return sk_fail(err, SK_EFAIL, "%s: %s", what,
		       last ? last->message : "unknown reason");
}

/* One that libgit2 has already found by itself is not opened again. */
static int add_dir(void *ctx, const char *dir)
{
	return git_odb_add_disk_alternate(ctx, dir) < 0 ? -1 : 0;
}

static int open_store(struct sk_repo *repo, struct sk_err *err)
{
	struct store *store = sk_calloc(1, sizeof(*store));

	sk_git_skip_tls();
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	repo->store = store;
	if (git_odb_open(&store->odb, repo->layout.objects_dir) < 0)
		return fail_git(err, "cannot open the object database");
	/* of those with a path seen from elsewhere it finds only the nearest */
	if (sk_objects_each(&repo->layout, add_dir, store->odb) < 0)
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
	sk_oid_hex(hex, oid);
	if (rc < 0) {
		fail_git(err, "cannot read an object");
		return sk_within(err, "object %s", hex);
	}
	name = git_object_type2string(git_odb_object_type(object));
	if (strcmp(name, sk_object_name(kind)) != 0) {
		rc = sk_fail(err, SK_EDATA, "object %s is a %s", hex, name);
	} else {
		out->len = git_odb_object_size(object);
		out->handle = sk_strndup(git_odb_object_data(object), out->len);
		out->data = out->handle;
	}
	git_odb_object_free(object);
	return rc;
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
	return rc < 0 ? fail_git(err, "cannot read an object") : 0;
}

const struct sk_source sk_source_git2 = {open_store, close_store, read_object,
					 object_size};

const char *sk_git_library_version(void)
{
	return LIBGIT2_VERSION;
}
