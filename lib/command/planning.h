/* SPDX-License-Identifier: MIT */
/*
 * What the commands have in common that plan a mission: create, setup-plan and
 * finalize. All of them refuse at the identity boundary before anything is
 * written, and tell all that is wrong at once.
 */
#ifndef SK_COMMAND_PLANNING_H
#define SK_COMMAND_PLANNING_H

#include "capture/project.h"
#include "format/json.h"
#include "mission/faults.h"
#include "workflow/missions.h"

struct sk_planning {
	bool json;
	struct sk_repo *repo;
	struct sk_str actor;
	struct sk_str current;	   /* the branch HEAD is on; "": none */
	struct sk_project project; /* empty where it cannot be told */
	const char *project_uuid;  /* of it, or NULL */
	const char *project_slug;
};

#define SK_PLANNING_INIT                                                       \
	{                                                                      \
		.actor = SK_STR_INIT, .current = SK_STR_INIT,                  \
		.project = SK_PROJECT_INIT                                     \
	}

/*
 * Begin: the repository, the boundary, and who we are. *p is owned, also after
 * a failure: sk_planning_end(). Returns 0 or -1.
 */
int sk_planning_begin(struct sk_planning *p, bool json,
		      struct sk_err *err) SK_NODISCARD;
void sk_planning_end(struct sk_planning *p);

/*
 * Look whether there is the mission; with no handle, the one that is here. If
 * not, --json prints a document that lists those there are; `error_code` is
 * spec-kitty's for it. Returns 0 or -1.
 */
int sk_planning_find(const struct sk_planning *p, const char *handle,
		     const char *error_code, struct sk_err *err) SK_NODISCARD;

/*
 * Put the lines of the faults out, as text or as members of a document: `error`
 * and `errors`, and for each kind a list of what it is about. `add` adds more
 * members; NULL for none.
 */
typedef void sk_planning_fn(struct sk_jsonw *w, void *ctx);
void sk_planning_print_faults(const struct sk_planning *p,
			      const struct sk_faults *faults, const char *what,
			      sk_planning_fn *add, void *ctx);

/* Add the members that tell of branches, all of them spec-kitty's. */
void sk_planning_add_branches(struct sk_jsonw *w, const struct sk_planning *p,
			      const char *target);

/* Print a document. */
void sk_planning_print(sk_planning_fn *add, void *ctx);

#endif
