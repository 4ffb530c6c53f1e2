/* SPDX-License-Identifier: MIT */
/*
 * A new mission: its folder, written into the work tree that has the target
 * branch checked out, if any has, and committed there, all of it at once.
 *
 * Which id it gets is noted in the folder of git before anything is written,
 * and forgotten once it is committed. Who comes for a mission of that name and
 * finds the note finishes what was killed, or refused by a hook, instead of
 * beginning another one beside it.
 */
#ifndef SK_WORKFLOW_CREATE_H
#define SK_WORKFLOW_CREATE_H

#include "format/jsonform.h"
#include "format/ulid.h"
#include "mission/faults.h"
#include "workflow/missions.h"
#include "workflow/template.h"

struct sk_create {
	/* to be set; borrowed, and NULL where nothing was said */
	struct sk_repo *repo;
	const char *slug;
	const char *mission_type;
	const char *target_branch; /* else the one that HEAD is on */
	const char *friendly_name;
	const char *purpose_tldr;
	const char *purpose_context;
	bool is_pr_bound;
	const char *actor;
	const char *project_uuid;
	const char *project_slug;

	/* by sk_create_check() */
	struct sk_faults faults;
	struct sk_str current;	/* the branch HEAD is on; "": none */
	struct sk_str target;	/* the short name of a branch */
	struct sk_str worktree; /* that has it checked out; "": none */
	struct sk_missions missions;

	/* by sk_create_run() */
	char mission_id[SK_ULID_LEN + 1];
	struct sk_str mission_slug; /* the name of the folder */
	struct sk_str folder;	    /* absolute; "": not checked out */
	struct sk_form *meta;
	struct sk_template spec; /* what spec.md was made from */
	struct sk_oid commit;	 /* len 0: it had been made before */
	bool is_finished;	 /* what had been begun earlier */
};

#define SK_CREATE_INIT                                                         \
	{                                                                      \
		.faults = SK_FAULTS_INIT, .current = SK_STR_INIT,              \
		.target = SK_STR_INIT, .worktree = SK_STR_INIT,                \
		.missions = SK_MISSIONS_INIT, .mission_slug = SK_STR_INIT,     \
		.folder = SK_STR_INIT, .spec = SK_TEMPLATE_INIT                \
	}

/* The files of a new mission, within its folder; ended by NULL. */
extern const char *const sk_create_files[];

/*
 * Look whether it can be made, and where. Writes nothing. *create is owned,
 * also after a failure: sk_create_free().
 * Returns 0; 1 with create->faults, all there are; -1.
 */
int sk_create_check(struct sk_create *create, struct sk_err *err) SK_NODISCARD;

/*
 * Make it, having checked. One is made at a time in a clone: waits for others,
 * and for the second to go by in which another mission was made, since the
 * names of both would end alike.
 * Returns 0; -1, and where the message says so it is written.
 */
int sk_create_run(struct sk_create *create, struct sk_err *err) SK_NODISCARD;
void sk_create_free(struct sk_create *create);

#endif
