/* SPDX-License-Identifier: MIT */
#include "command/taskmove.h"

#include <stdio.h>
#include <string.h>

#include "command/after.h"
#include "command/changeview.h"
#include "format/json.h"
#include "front/cli.h"
#include "front/nearmiss.h"
#include "workflow/actor.h"

static void print_json(const struct sk_move *move, const struct sk_edit *edit)
{
	struct sk_str text = SK_STR_INIT, path = SK_STR_INIT;
	const struct sk_mission_home *home = &edit->home;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_change_add_path(&path, home->plan.folder.ptr, edit->mission->slug,
			   move->file.ptr);
	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "result", "success");
	sk_jsonw_text(&w, "mission_slug", edit->mission->slug);
	sk_jsonw_text(&w, "task_id", move->id);
	sk_jsonw_text(&w, "work_package_id", move->id);
	sk_jsonw_text(&w, "old_lane", sk_lane_name(move->from));
	sk_jsonw_text(&w, "new_lane", sk_lane_name(move->to));
	sk_jsonw_text(&w, "to_lane", sk_lane_name(move->to));
	sk_jsonw_text(&w, "path", move->file.len ? path.ptr : NULL);
	sk_str_clear(&path);
	sk_change_add_path(&path, home->status.folder.ptr, edit->mission->slug,
			   SK_EVENT_LOG_NAME);
	sk_jsonw_text(&w, "status_events_path", path.ptr);
	sk_jsonw_text(&w, "event_id", move->last_id);
	sk_jsonw_array(&w, "event_ids");
	for (size_t i = 0; i < move->event_ids.len; i++)
		sk_jsonw_text(&w, NULL, move->event_ids.items[i]);
	sk_jsonw_end_array(&w);
	sk_jsonw_text(&w, "branch", home->status.branch.ptr);
	sk_change_add_commit(&w, "commit", &edit->commit);
	sk_change_add_commit(&w, "plan_commit", &edit->plan_commit);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
	sk_str_free(&path);
}

static void print_text(const struct sk_move *move, const struct sk_edit *edit,
		       bool is_written)
{
	struct sk_str where = SK_STR_INIT;

	if (move->is_there)
		printf("%s is in %s already", move->id, sk_lane_name(move->to));
	else
		printf("%s: %s -> %s", move->id, sk_lane_name(move->from),
		       sk_lane_name(move->to));
	sk_change_add_committed(&where, edit);
	if (where.len)
		printf(", committed %s", where.ptr);
	else if (is_written)
		printf(", not committed");
	putchar('\n');
	sk_str_free(&where);
}

static void suggest(const struct sk_move *move, const struct sk_edit *edit,
		    struct sk_err *err)
{
	struct sk_near_miss miss = {NULL, 0};

	for (size_t i = 0; i < edit->mission->package_count; i++)
		sk_near_miss_try(&miss, move->id, strlen(move->id),
				 edit->mission->packages[i].id);
	if (miss.word)
		sk_hint(err, "did you mean '%s'?", miss.word);
}

static void answer(const struct sk_move *move, const struct sk_edit *edit,
		   const struct sk_task_move *how, bool is_written)
{
	sk_change_warn(edit);
	sk_warn_lines(move->warning.ptr);
	if (how->json)
		print_json(move, edit);
	else
		print_text(move, edit, is_written);
}

static int change(struct sk_move *move, const struct sk_task_move *how,
		  struct sk_repo *repo, struct sk_err *err)
{
	struct sk_edit edit = SK_EDIT_INIT;
	int rc;

	edit.repo = repo;
	edit.handle = how->handle;
	edit.no_commit = how->no_commit;
	sk_before_change(how->json);
	rc = sk_edit_run(&edit, sk_move_change, move, err);
	if (rc < 0 && move->is_unknown)
		suggest(move, &edit, err);
	if (rc >= 0)
		answer(move, &edit, how, rc == 0);
	if (rc == 0 && !how->no_commit)
		sk_after_edit(&edit, how->json);
	sk_edit_free(&edit);
	return rc < 0 ? -1 : 0;
}

int sk_task_move_run(struct sk_move *move, const struct sk_task_move *how,
		     struct sk_err *err)
{
	struct sk_str actor = SK_STR_INIT, reviewer = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	int rc;

	rc = sk_repo_open_as_git(&repo, err);
	if (rc == 0) {
		sk_actor_add(&actor, repo, how->agent);
		move->actor = actor.ptr;
		move->named = sk_agent_named(how->agent);
		if (!move->reviewer && sk_user_add_name(&reviewer, repo))
			move->reviewer = reviewer.ptr;
		rc = change(move, how, repo, err);
	}
	sk_repo_close(repo);
	sk_str_free(&actor);
	sk_str_free(&reviewer);
	return rc;
}
