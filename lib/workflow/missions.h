/* SPDX-License-Identifier: MIT */
/*
 * The missions of a clone, wherever they are: on every branch, local and
 * remote-tracking, and at the HEAD of every worktree, as commits have them.
 * A mission is a folder of kitty-specs/; what it is in one commit is a version
 * of it, which many tips may share and nobody reads twice. Finding them reads
 * trees alone; what one says is read by mission.h.
 */
#ifndef SK_WORKFLOW_MISSIONS_H
#define SK_WORKFLOW_MISSIONS_H

#include "base/map.h"
#include "git/repo.h"
#include "mission/eventlog.h"

#define SK_MISSIONS_FOLDER "kitty-specs"

/* What a tip is to whoever asks. */
enum sk_tip_kind {
	SK_TIP_HERE,   /* HEAD of this worktree */
	SK_TIP_LOCAL,  /* another branch of this clone, another worktree */
	SK_TIP_REMOTE, /* a remote-tracking branch */
};

struct sk_mission_tip {
	char *ref; /* "refs/heads/main", "worktrees/w/HEAD" */
	enum sk_tip_kind kind;
	bool is_lane; /* a lane branch: its copy of kitty-specs is stale */
	struct sk_oid commit;
	struct sk_oid missions; /* its tree kitty-specs; len 0: none */
};

/* A mission's folder as some tips have it. */
struct sk_mission_version {
	struct sk_oid tree;
	struct sk_oid meta, log, tasks, lanes; /* len 0: none */
	size_t *tips; /* places in the tips, those that count first */
	size_t tip_count, tip_cap;
	size_t rank; /* by sk_mission_read_meta(), which sorts by it */
};

/* A work package and the last that was said of it. */
struct sk_package {
	char id[SK_LOG_WP_SIZE];
	enum sk_lane lane;
	char *title;			    /* NULL: not read, or none */
	char *actor;			    /* whose transition; NULL: none */
	int64_t since_us;		    /* INT64_MIN: never moved */
	char last_event_id[SK_LOG_ID_SIZE]; /* "": never moved */
	struct sk_oid file;		    /* len 0: there is none */
};

struct sk_mission {
	char *slug; /* the name of its folder */
	struct sk_mission_version *versions;
	size_t version_count, version_cap;

	/* from here on by sk_mission_read(); texts may be NULL */
	bool has_meta, is_read;
	char *id, *name, *type, *target, *topology;
	int64_t number;		     /* -1: none */
	struct sk_package *packages; /* by id */
	size_t package_count, package_cap;
	int64_t in_lane[SK_LANE_COUNT];
	int progress;		/* percent, as spec-kitty weighs lanes */
	int64_t event_count;	/* transitions, each id once */
	int64_t unreadable;	/* lines of its logs */
	char *fault;		/* why a file of it cannot be read */
	char *hint;		/* what to do about that; NULL: nothing */
	enum sk_tip_kind where; /* the nearest tip that has the newest state */
	const struct sk_mission_tip *newest; /* the one to name */
	struct sk_oid lanes;  /* lanes.json that counts; len 0: none */
	bool is_coordination; /* that is its coordination branch */
	bool is_united;	      /* no tip has all of it */
};

struct sk_missions {
	struct sk_repo *repo; /* borrowed */
	struct sk_mission_tip *tips;
	size_t tip_count, tip_cap;
	struct sk_mission *items; /* by slug */
	size_t count, cap;
	size_t unreadable_tips;
	struct sk_err fault; /* of the first of them */
};

#define SK_MISSIONS_INIT                                                       \
	{                                                                      \
		.repo = NULL                                                   \
	}

/*
 * Find them all. A tip whose trees cannot be read is counted and left out.
 * *all is owned: sk_missions_free(); it borrows the repository. Returns 0 or
 * -1.
 */
int sk_missions_find(struct sk_missions *all, struct sk_repo *repo,
		     struct sk_err *err) SK_NODISCARD;
void sk_missions_free(struct sk_missions *all);

/* The tip of that name; NULL when there is none. */
const struct sk_mission_tip *sk_missions_tip(const struct sk_missions *all,
					     const char *ref);

/* The branch of that name as a remote has it, the first; NULL: none has. */
const struct sk_mission_tip *sk_missions_remote(const struct sk_missions *all,
						const char *branch);

/* The version a tip has; NULL when it has none. */
const struct sk_mission_version *
sk_mission_at(const struct sk_mission *mission, const struct sk_missions *all,
	      const struct sk_mission_tip *tip);

/*
 * An object of the mission is not here. In a partial clone m->hint becomes how
 * to get it, unless there is one: from a tip that has it or, when it is below
 * tasks/, from the first with tasks.
 */
void sk_mission_note_missing(struct sk_mission *m,
			     const struct sk_missions *all,
			     const struct sk_oid *object);

/* How people know a tip: "main", "origin/main", "worktree w", "HEAD". */
void sk_mission_tip_add_name(struct sk_str *out,
			     const struct sk_mission_tip *tip);

/* A branch, without refs/ and remote; NULL for a HEAD. Borrowed. */
const char *sk_mission_tip_branch(const struct sk_mission_tip *tip);

#endif
