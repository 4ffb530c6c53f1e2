/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "git/treediff.h"
#include "merge/planning.h"
#include "mission/logkeys.h"

/* More logs than that are not in another order by chance. */
enum { LOGS_MAX = 16 };

static bool is_log(const char *path)
{
	static const char top[] = SK_MISSIONS_FOLDER "/";
	const char *name;

	if (strncmp(path, top, strlen(top)) != 0)
		return false;
	name = strchr(path + strlen(top), '/');
	return name && strcmp(name + 1, SK_EVENT_LOG_NAME) == 0;
}

static void add_lines(struct sk_map *lines, const struct sk_raw *log)
{
	const char *at = log->data, *end = log->data + log->len;
	struct sk_line line;
	bool is_new;

	while (sk_line_next(&line, &at, end)) {
		line = sk_log_bare_line(line);
		if (line.len)
			sk_map_add(lines, line.at, line.len, 1, &is_new);
	}
}

/* Whether both have each line that the other has. */
static bool has_same_lines(const struct sk_raw *a, const struct sk_raw *b)
{
	struct sk_map one = SK_MAP_INIT, other = SK_MAP_INIT;
	bool is_same;
	size_t len;

	add_lines(&one, a);
	add_lines(&other, b);
	len = one.len;
	is_same = len == other.len;
	add_lines(&one, b);
	is_same = is_same && one.len == len;
	sk_map_free(&one);
	sk_map_free(&other);
	return is_same;
}

/* Returns 1, 0 or -1. */
static int is_same_log(struct sk_planning *p, const struct sk_entry *old,
		       const struct sk_entry *now, struct sk_err *err)
{
	struct sk_raw a = SK_RAW_INIT, b = SK_RAW_INIT;
	struct sk_oid old_id, new_id;
	int rc = 0;

	if (!old->mode || old->mode != now->mode)
		return 0;
	if (sk_oid_parse(&old_id, old->id) < 0 ||
	    sk_oid_parse(&new_id, now->id) < 0)
		rc = sk_fail(err, SK_EDATA, "'%.80s' is no id", now->id);
	if (rc == 0)
		rc = sk_repo_read(p->repo, &old_id, SK_OBJECT_BLOB, &a, err);
	if (rc == 0)
		rc = sk_repo_read(p->repo, &new_id, SK_OBJECT_BLOB, &b, err);
	if (rc >= 0)
		rc = rc == 0 && has_same_lines(&a, &b);
	sk_raw_release(&b);
	sk_raw_release(&a);
	return rc;
}

int sk_plan_is_same(struct sk_planning *p, const char *old, const char *now,
		    struct sk_err *err)
{
	struct sk_tree_changes changes = SK_TREE_CHANGES_INIT;
	int rc = sk_tree_changes_read(&changes, &p->place, old, now, err);

	if (rc == 0)
		rc = changes.count <= LOGS_MAX;
	for (size_t i = 0; rc > 0 && i < changes.count; i++)
		rc = is_log(changes.paths.args[i])
			     ? is_same_log(p, &changes.olds[i],
					   &changes.news[i], err)
			     : 0;
	sk_tree_changes_free(&changes);
	return rc;
}
