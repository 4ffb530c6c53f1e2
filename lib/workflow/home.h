/* SPDX-License-Identifier: MIT */
/*
 * Where the status of a mission is written: on its coordination branch while
 * the mission is under way there, else on its target branch; never on a branch
 * of a lane.
 *
 * kitty/mission-<slug> may be a coordination branch, which carries the status,
 * or the plain branch of older releases, into which lanes are merged and whose
 * kitty-specs is a copy. What the two branches hold decides, in this order:
 *
 * 1. The target has transitions that the branch lacks, and the branch none
 *    that the target lacks: the mission has come home. Target.
 * 2. The branch has transitions that the target lacks. Coordination branch.
 * 3. meta.json says `topology`: with coord in it, coordination branch; single
 *    branch or lanes, target.
 * 4. It is checked out in a folder <slug>-coord. Coordination branch.
 * 5. Target.
 */
#ifndef SK_WORKFLOW_HOME_H
#define SK_WORKFLOW_HOME_H

#include "workflow/missions.h"

/* A branch, as something of the mission is written there. */
struct sk_mission_place {
	struct sk_str branch; /* "main" */
	struct sk_oid tip;    /* its commit; of one that `is_remote`, where to
				 begin it */
	bool is_remote;	      /* this clone has only the remote-tracking one */
	struct sk_str worktree; /* that has it checked out; "": none */
	struct sk_str folder;	/* of the mission's files in it; "": none, as
				   in a sparse checkout */
};

struct sk_mission_home {
	struct sk_mission_place status; /* of the event log, status.json */
	struct sk_mission_place plan;	/* of all else: on the target branch */
	bool is_coordination;		/* these are two branches */
};

#define SK_MISSION_PLACE_INIT                                                  \
	{                                                                      \
		SK_STR_INIT, {{0}, 0}, false, SK_STR_INIT, SK_STR_INIT         \
	}

#define SK_MISSION_HOME_INIT                                                   \
	{                                                                      \
		SK_MISSION_PLACE_INIT, SK_MISSION_PLACE_INIT, false            \
	}

/*
 * Find it. Reads the mission (sk_mission_read()), and starts git. A
 * coordination branch is enough for the status: where the target is not there,
 * the branch of `plan` is empty. *home is owned: sk_mission_home_free().
 * Returns 0; -1 when the target branch is a lane's, or is not there.
 */
int sk_mission_home_find(struct sk_mission_home *home, struct sk_mission *m,
			 const struct sk_missions *all,
			 struct sk_err *err) SK_NODISCARD;
void sk_mission_home_free(struct sk_mission_home *home);

#endif
