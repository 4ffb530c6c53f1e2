/* SPDX-License-Identifier: MIT */
#include "git/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/mem.h"
#include "git/loose.h"
#include "git/packs.h"

/*
 * Whatever git can open: loose objects are read here, as new ones all are, and
 * for the rest there is one process of git, begun when it is first needed. A
 * hook that finds all it wants loose has loaded no library and started nothing.
 */
struct store {
	struct sk_child reader, sizer; /* sizer: of a git before 2.36 */
	bool is_old;		       /* it has no --batch-command */
	struct sk_str said;	       /* and not taken yet */
	struct sk_packs *packs;	       /* of a partial clone */
};

static int open_store(struct sk_repo *repo, struct sk_err *err)
{
	(void)err;
	repo->store = sk_calloc(1, sizeof(struct store));
	((struct store *)repo->store)->said = (struct sk_str)SK_STR_INIT;
	return 0;
}

static void close_store(struct sk_repo *repo)
{
	struct store *store = repo->store;

	if (!store)
		return;
	sk_child_stop(&store->reader);
	sk_child_stop(&store->sizer);
	sk_packs_close(store->packs);
	sk_str_free(&store->said);
	free(store);
}

/*
 * Git would fetch what a partial clone left out as soon as it is asked for it.
 * It is not asked; and where it knows no GIT_NO_LAZY_FETCH (2.45) it finds no
 * protocol that it may use. Objects are what they were committed as, whatever
 * refs/replace says.
 */
static int start(struct sk_child *child, const struct sk_repo *repo,
		 const char *mode, struct sk_err *err)
{
	struct sk_str dir = SK_STR_INIT;
	int rc;

	sk_str_addf(&dir, "GIT_DIR=%s", repo->layout.git_dir);
	rc = sk_child_start(
		child, (const char *const[]){"git", "cat-file", mode, NULL},
		(const char *const[]){dir.ptr, "GIT_NO_LAZY_FETCH=1",
				      "GIT_ALLOW_PROTOCOL=none",
				      "GIT_NO_REPLACE_OBJECTS=1", NULL},
		err);
	sk_str_free(&dir);
	return rc;
}

/* Wait for so many bytes. Returns 0; -1 when they do not come. */
static int await(struct store *store, const struct sk_child *child, size_t len)
{
	while (store->said.len < len) {
		if (sk_child_receive(child, &store->said) != 0)
			return -1;
	}
	return 0;
}

/* Take the next line, its end cut off. Returns 0; -1 when there is none. */
static int take_line(char line[256], struct store *store,
		     const struct sk_child *child)
{
	char *eol;
	size_t len;

	while (!(eol = memchr(store->said.ptr, '\n', store->said.len))) {
		if (store->said.len > 255 ||
		    await(store, child, store->said.len + 1) < 0)
			return -1;
	}
	len = (size_t)(eol - store->said.ptr);
	if (len > 255)
		return -1;
	memcpy(line, store->said.ptr, len);
	line[len] = '\0';
	memmove(store->said.ptr, eol + 1, store->said.len - len - 1);
	sk_str_cut(&store->said, store->said.len - len - 1);
	return 0;
}

/* Ask for an object, or for its header alone; *line is the answer's first. */
static int ask(char line[256], struct sk_repo *repo, const struct sk_oid *oid,
	       bool header, struct sk_err *err)
{
	struct store *store = repo->store;
	struct sk_child *child =
		store->is_old && header ? &store->sizer : &store->reader;
	const char *mode = !store->is_old ? "--batch-command"
			   : header	  ? "--batch-check"
					  : "--batch";
	struct sk_str request = SK_STR_INIT;
	char hex[SK_HEX_LEN + 1];
	bool is_first = !child->pid;
	int rc = is_first ? start(child, repo, mode, err) : 0;

	if (rc < 0)
		return -1;
	sk_oid_hex(hex, oid);
	sk_str_addf(&request, "%s%s\n",
		    store->is_old ? "" : (header ? "info " : "contents "), hex);
	rc = sk_child_send(child, request.ptr, request.len);
	sk_str_free(&request);
	if (rc == 0)
		rc = take_line(line, store, child);
	if (rc == 0)
		return 0;
	sk_child_stop(child);
	sk_str_clear(&store->said);
	if (!is_first || store->is_old)
		return sk_fail(err, SK_EFAIL, "git does not read object %s",
			       hex);
	store->is_old = true;
	return ask(line, repo, oid, header, err);
}

/* `<id> <kind> <size>`. Returns 0; 1 when git does not have it; -1. */
static int ask_header(char kind[16], size_t *size, struct sk_repo *repo,
		      const struct sk_oid *oid, bool header, struct sk_err *err)
{
	struct store *store = repo->store;
	char line[256], hex[SK_HEX_LEN + 1];
	unsigned long long number = 0;

	if (repo->layout.is_partial) {
		if (!store->packs)
			store->packs = sk_packs_open(&repo->layout);
		if (!sk_packs_may_have(store->packs, oid))
			return 1;
	}
	if (ask(line, repo, oid, header, err) < 0)
		return -1;
	if (sscanf(line, "%*s %15s %llu", kind, &number) == 2) {
		*size = (size_t)number;
		return 0;
	}
	if (strcmp(kind, "missing") == 0)
		return 1;
	sk_oid_hex(hex, oid);
	return sk_fail(err, SK_EDATA, "object %s is damaged", hex);
}

static int fail_kind(struct sk_err *err, const struct sk_oid *oid,
		     const char *kind)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, oid);
	return sk_fail(err, SK_EDATA, "object %s is a %s", hex, kind);
}

/* What comes behind the header, and the line feed behind that. */
static int take_body(struct sk_raw *out, struct store *store, size_t size,
		     struct sk_err *err)
{
	struct sk_str rest = SK_STR_INIT;

	if (size > SK_OBJECT_MAX)
		return sk_fail(err, SK_EFULL,
			       "an object is larger than %u bytes",
			       SK_OBJECT_MAX);
	sk_str_reserve(
		&store->said,
		size + 1 -
			(store->said.len > size ? size + 1 : store->said.len));
	if (await(store, &store->reader, size + 1) < 0)
		return sk_fail(err, SK_EFAIL, "git stopped reading objects");
	sk_str_add(&rest, store->said.ptr + size + 1,
		   store->said.len - size - 1);
	sk_str_cut(&store->said, size);
	out->len = size;
	out->handle = size ? sk_str_take(&store->said) : NULL;
	out->data = size ? out->handle : "";
	out->release = free;
	sk_str_free(&store->said);
	store->said = rest;
	return 0;
}

static int read_packed(struct sk_repo *repo, const struct sk_oid *oid,
		       enum sk_object kind, struct sk_raw *out,
		       struct sk_err *err)
{
	struct store *store = repo->store;
	char name[16] = "";
	size_t size = 0;
	int rc = ask_header(name, &size, repo, oid, false, err);

	if (rc != 0)
		return rc;
	if (take_body(out, store, size, err) < 0) {
		/* an answer half read is no place to go on from */
		sk_child_stop(&store->reader);
		sk_str_clear(&store->said);
		return -1;
	}
	if (strcmp(name, sk_object_name(kind)) == 0)
		return 0;
	sk_raw_release(out);
	return fail_kind(err, oid, name);
}

static int read_loose(struct sk_repo *repo, const struct sk_oid *oid,
		      enum sk_object kind, struct sk_raw *out,
		      struct sk_err *err)
{
	const char *name = sk_object_name(kind);
	struct sk_str text = SK_STR_INIT;
	size_t body = 0, len = strlen(name);
	int rc = sk_loose_read(&text, &body, repo->layout.objects_dir, oid,
			       SK_OBJECT_MAX, err);

	if (rc == 0 &&
	    (strncmp(text.ptr, name, len) != 0 || text.ptr[len] != ' ')) {
		text.ptr[strcspn(text.ptr, " ")] = '\0';
		rc = fail_kind(err, oid, text.ptr);
	} else if (rc == 0) {
		out->len = text.len - body;
		out->handle = sk_str_take(&text);
		out->data = (const char *)out->handle + body;
		out->release = free;
	}
	sk_str_free(&text);
	return rc;
}

/*
 * Git looks into its packs first: a file that is damaged, as a machine that
 * lost its power leaves it, is no matter as long as they have the object.
 */
static int read_object(struct sk_repo *repo, const struct sk_oid *oid,
		       enum sk_object kind, struct sk_raw *out,
		       struct sk_err *err)
{
	struct sk_err packed = {0};
	int rc = read_loose(repo, oid, kind, out, err);

	if (rc == 1)
		return read_packed(repo, oid, kind, out, err);
	return rc < 0 && read_packed(repo, oid, kind, out, &packed) == 0 ? 0
									 : rc;
}

static int object_size(struct sk_repo *repo, const struct sk_oid *oid,
		       size_t *size, struct sk_err *err)
{
	struct sk_err packed = {0};
	char kind[16] = "";
	int rc = sk_loose_size(size, repo->layout.objects_dir, oid, err);

	if (rc == 1)
		return ask_header(kind, size, repo, oid, true, err);
	return rc < 0 && ask_header(kind, size, repo, oid, true, &packed) == 0
		       ? 0
		       : rc;
}

const struct sk_source sk_source_plumbing = {open_store, close_store,
					     read_object, object_size};
