/* SPDX-License-Identifier: MIT */
#include "workflow/missions.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/tree.h"
#include "git/walk.h"
#include "workflow/handle.h"
#include "workflow/mission.h"

/* What is known of the trees while they are read. */
struct search {
	struct sk_missions *all;
	struct sk_map refs;	/* those that were met */
	struct sk_map slugs;	/* slug -> place in all->items */
	struct sk_map versions; /* slug and tree -> place in its versions */
	struct sk_map trees;	/* kitty-specs -> place in `lists` */
	struct list *lists;
	size_t list_count, list_cap;
	struct sk_err *err;
};

/* The versions that one tree kitty-specs holds. */
struct list {
	struct {
		size_t mission, version;
	} * items;
	size_t count, cap;
};

static int add_tip(void *ctx, const char *ref, const struct sk_oid *commit)
{
	struct search *s = ctx;
	struct sk_missions *all = s->all;
	struct sk_mission_tip *tip;
	bool added;

	sk_map_add(&s->refs, ref, strlen(ref), 1, &added);
	if (!added)
		return 0; /* HEAD's branch comes first, and once more */
	SK_GROW(all->tips, all->tip_count, all->tip_cap);
	tip = &all->tips[all->tip_count];
	*tip = (struct sk_mission_tip){
		.ref = sk_strdup(ref), .kind = SK_TIP_LOCAL, .commit = *commit};
	if (strncmp(ref, "refs/remotes/", 13) == 0)
		tip->kind = SK_TIP_REMOTE;
	else if (all->tip_count == 0)
		tip->kind = SK_TIP_HERE;
	tip->is_lane = sk_mission_tip_branch(tip) &&
		       sk_branch_is_lane(sk_mission_tip_branch(tip));
	all->tip_count++;
	return 0;
}

/* HEAD is the first only where it is born. */
static int find_tips(struct search *s, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(s->all->repo, &head, &ref, err);

	if (rc >= 0)
		rc = sk_repo_each_tip(s->all->repo, add_tip, s, err);
	for (size_t i = 0; rc == 0 && i < s->all->tip_count; i++) {
		struct sk_mission_tip *tip = &s->all->tips[i];

		if (tip->kind == SK_TIP_HERE && strcmp(tip->ref, ref.ptr) != 0)
			tip->kind = SK_TIP_LOCAL;
	}
	sk_str_free(&ref);
	return rc;
}

/* Which of two tips speaks for what both have. */
static int by_rank(const void *a, const void *b)
{
	const struct sk_mission_tip *x = a, *y = b;

	if ((x->kind == SK_TIP_REMOTE) != (y->kind == SK_TIP_REMOTE))
		return x->kind == SK_TIP_REMOTE ? 1 : -1;
	if (x->is_lane != y->is_lane)
		return x->is_lane ? 1 : -1;
	if (x->kind != y->kind)
		return x->kind > y->kind ? 1 : -1;
	return strcmp(x->ref, y->ref);
}

static int note_file(void *ctx, const struct sk_tree_entry *entry)
{
	struct sk_mission_version *version = ctx;
	bool is_file = sk_tree_entry_is_file(entry);

	if (is_file && strcmp(entry->name, "meta.json") == 0)
		version->meta = entry->id;
	else if (is_file && strcmp(entry->name, SK_EVENT_LOG_NAME) == 0)
		version->log = entry->id;
	else if (is_file && strcmp(entry->name, "lanes.json") == 0)
		version->lanes = entry->id;
	else if (sk_tree_entry_is_dir(entry) &&
		 strcmp(entry->name, "tasks") == 0)
		version->tasks = entry->id;
	return 0;
}

/* Its place; a mission is known from the first version of it that is one. */
static size_t find_mission(struct search *s, const char *slug)
{
	struct sk_missions *all = s->all;
	bool added;
	int64_t *at = sk_map_add(&s->slugs, slug, strlen(slug),
				 (int64_t)all->count, &added);

	if (added) {
		SK_GROW(all->items, all->count, all->cap);
		all->items[all->count++] = (struct sk_mission){
			.slug = sk_strdup(slug), .number = -1};
	}
	return (size_t)*at;
}

/* Reads the folder. Returns 0; 1 when it is no mission; -1. */
static int add_version(struct search *s, const struct sk_tree_entry *entry,
		       size_t *mission, size_t *version)
{
	struct sk_mission_version made = {.tree = entry->id};
	struct sk_mission *m;

	if (sk_tree_each(s->all->repo, &entry->id, note_file, &made, s->err) <
	    0)
		return -1;
	if (!made.meta.len && !made.log.len && !made.tasks.len)
		return 1;
	*mission = find_mission(s, entry->name);
	m = &s->all->items[*mission];
	SK_GROW(m->versions, m->version_count, m->version_cap);
	*version = m->version_count;
	m->versions[m->version_count++] = made;
	return 0;
}

/* A folder that is no mission is remembered as such. */
enum { NO_MISSION = -1 };

static int add_folder(void *ctx, const struct sk_tree_entry *entry)
{
	struct search *s = ctx;
	struct list *list = &s->lists[s->list_count];
	struct sk_str key = SK_STR_INIT;
	size_t mission = 0, version = 0;
	int64_t *known;
	int rc = 0;

	if (!sk_tree_entry_is_dir(entry))
		return 0;
	sk_str_add(&key, (const char *)entry->id.id, SK_OID_LEN);
	sk_str_puts(&key, entry->name);
	known = sk_map_get(&s->versions, key.ptr, key.len);
	if (known && *known != NO_MISSION) {
		mission = find_mission(s, entry->name);
		version = (size_t)*known;
	} else {
		rc = known ? 1 : add_version(s, entry, &mission, &version);
	}
	if (!known && rc >= 0)
		sk_map_add(&s->versions, key.ptr, key.len,
			   rc ? NO_MISSION : (int64_t)version, NULL);
	if (rc == 0) {
		SK_GROW(list->items, list->count, list->cap);
		list->items[list->count].mission = mission;
		list->items[list->count++].version = version;
	}
	sk_str_free(&key);
	return rc < 0 ? -1 : 0;
}

/* The list of a tree kitty-specs, each read once. Returns 0 or -1. */
static int get_list(struct search *s, const struct sk_oid *tree, size_t *out)
{
	bool added;
	int64_t *at = sk_map_add(&s->trees, (const char *)tree->id, SK_OID_LEN,
				 (int64_t)s->list_count, &added);

	*out = (size_t)*at;
	if (!added)
		return 0;
	SK_GROW(s->lists, s->list_count, s->list_cap);
	s->lists[s->list_count] = (struct list){.count = 0};
	if (sk_tree_each(s->all->repo, tree, add_folder, s, s->err) < 0) {
		/* what could be read of it stays, for the next tip as well */
		s->list_count++;
		return -1;
	}
	s->list_count++;
	return 0;
}

/* Returns 0, also when it has no missions; -1. */
static int read_tip(struct search *s, size_t place)
{
	struct sk_mission_tip *tip = &s->all->tips[place];
	struct sk_commit *commit = NULL;
	struct sk_tree_entry entry;
	size_t at;
	int rc = sk_commit_read(&commit, s->all->repo, &tip->commit, s->err);

	if (rc > 0)
		rc = sk_fail(s->err, SK_EDATA, "its commit is missing");
	if (rc == 0)
		rc = sk_tree_find(s->all->repo, &commit->tree,
				  SK_MISSIONS_FOLDER, &entry, s->err);
	sk_commit_free(commit);
	if (rc != 0 || !sk_tree_entry_is_dir(&entry))
		return rc < 0 ? -1 : 0;
	tip->missions = entry.id;
	rc = get_list(s, &entry.id, &at);
	for (size_t i = 0; i < s->lists[at].count; i++) {
		struct sk_mission *m =
			&s->all->items[s->lists[at].items[i].mission];
		struct sk_mission_version *v =
			&m->versions[s->lists[at].items[i].version];

		SK_GROW(v->tips, v->tip_count, v->tip_cap);
		v->tips[v->tip_count++] = place;
	}
	return rc;
}

static int by_slug(const void *a, const void *b)
{
	return strcmp(((const struct sk_mission *)a)->slug,
		      ((const struct sk_mission *)b)->slug);
}

static void free_search(struct search *s)
{
	for (size_t i = 0; i < s->list_count; i++)
		free(s->lists[i].items);
	free(s->lists);
	sk_map_free(&s->refs);
	sk_map_free(&s->slugs);
	sk_map_free(&s->versions);
	sk_map_free(&s->trees);
}

/* For the sizes git must have all of it; the tree is whole in a subfolder. */
static void add_fetch(struct sk_str *out, const struct sk_mission_tip *tip)
{
	sk_str_addf(out,
		    "run 'git ls-tree -rl --full-tree %s " SK_MISSIONS_FOLDER
		    "', which fetches it",
		    tip->ref);
}

int sk_missions_find(struct sk_missions *all, struct sk_repo *repo,
		     struct sk_err *err)
{
	struct sk_err fault = {0};
	struct search s = {.all = all, .err = &fault};
	int rc;

	all->repo = repo;
	rc = find_tips(&s, err);
	if (rc == 0 && all->tip_count)
		qsort(all->tips, all->tip_count, sizeof(*all->tips), by_rank);
	for (size_t i = 0; rc == 0 && i < all->tip_count; i++) {
		struct sk_str name = SK_STR_INIT;

		if (read_tip(&s, i) == 0)
			continue;
		sk_mission_tip_add_name(&name, &all->tips[i]);
		sk_within(&fault, "'%s'", name.ptr);
		sk_str_clear(&name);
		add_fetch(&name, &all->tips[i]);
		if (sk_repo_is_partial(repo))
			sk_hint(&fault, "%s", name.ptr);
		sk_str_free(&name);
		if (all->unreadable_tips++ == 0)
			all->fault = fault;
	}
	if (all->count)
		qsort(all->items, all->count, sizeof(*all->items), by_slug);
	free_search(&s);
	return rc < 0 ? -1 : 0;
}

void sk_missions_free(struct sk_missions *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct sk_mission *m = &all->items[i];

		for (size_t k = 0; k < m->version_count; k++)
			free(m->versions[k].tips);
		free(m->versions);
		free(m->slug);
		sk_mission_forget(m);
	}
	for (size_t i = 0; i < all->tip_count; i++)
		free(all->tips[i].ref);
	free(all->items);
	free(all->tips);
	*all = (struct sk_missions)SK_MISSIONS_INIT;
}

const struct sk_mission_tip *sk_missions_tip(const struct sk_missions *all,
					     const char *ref)
{
	for (size_t i = 0; i < all->tip_count; i++) {
		if (strcmp(all->tips[i].ref, ref) == 0)
			return &all->tips[i];
	}
	return NULL;
}

const struct sk_mission_tip *sk_missions_remote(const struct sk_missions *all,
						const char *branch)
{
	for (size_t i = 0; i < all->tip_count; i++) {
		const struct sk_mission_tip *tip = &all->tips[i];
		const char *name = sk_mission_tip_branch(tip);

		if (tip->kind == SK_TIP_REMOTE && name &&
		    strcmp(name, branch) == 0)
			return tip;
	}
	return NULL;
}

const struct sk_mission_version *sk_mission_at(const struct sk_mission *mission,
					       const struct sk_missions *all,
					       const struct sk_mission_tip *tip)
{
	for (size_t i = 0; tip && i < mission->version_count; i++) {
		const struct sk_mission_version *v = &mission->versions[i];

		for (size_t k = 0; k < v->tip_count; k++) {
			if (&all->tips[v->tips[k]] == tip)
				return v;
		}
	}
	return NULL;
}

const char *sk_mission_tip_branch(const struct sk_mission_tip *tip)
{
	const char *slash;

	if (strncmp(tip->ref, "refs/heads/", 11) == 0)
		return tip->ref + 11;
	if (strncmp(tip->ref, "refs/remotes/", 13) != 0)
		return NULL;
	slash = strchr(tip->ref + 13, '/');
	return slash ? slash + 1 : tip->ref + 13;
}

void sk_mission_note_missing(struct sk_mission *m,
			     const struct sk_missions *all,
			     const struct sk_oid *object)
{
	const struct sk_mission_version *has = NULL;
	struct sk_str text = SK_STR_INIT;
	bool is_found = false;

	for (size_t i = 0; !is_found && i < m->version_count; i++) {
		const struct sk_mission_version *v = &m->versions[i];

		is_found = v->tip_count && (sk_oid_equal(&v->meta, object) ||
					    sk_oid_equal(&v->log, object));
		if (is_found || (!has && v->tip_count && v->tasks.len))
			has = v;
	}
	if (!has || m->hint || !sk_repo_is_partial(all->repo))
		return;
	add_fetch(&text, &all->tips[has->tips[0]]);
	m->hint = sk_str_take(&text);
}

void sk_mission_tip_add_name(struct sk_str *out,
			     const struct sk_mission_tip *tip)
{
	const char *ref = tip->ref;

	if (strncmp(ref, "refs/heads/", 11) == 0)
		sk_str_puts(out, ref + 11);
	else if (strncmp(ref, "refs/remotes/", 13) == 0)
		sk_str_puts(out, ref + 13);
	else if (strncmp(ref, "worktrees/", 10) == 0)
		sk_str_addf(out, "worktree %.*s", (int)strcspn(ref + 10, "/"),
			    ref + 10);
	else
		sk_str_puts(out, ref);
}
