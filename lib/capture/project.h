/* SPDX-License-Identifier: MIT */
/*
 * Which project a repository is, the same answer in every clone: the uuid of
 * .kittify/config.yaml (work tree, else HEAD), else `sk.projectUuid`, else one
 * made of the oldest root commit (which git-sk-setup keeps as `sk.derivedUuid`,
 * because it takes a walk of the whole history to find).
 */
#ifndef SK_CAPTURE_PROJECT_H
#define SK_CAPTURE_PROJECT_H

#include "contract/event.h"
#include "git/config.h"
#include "git/repo.h"

struct sk_project {
	struct sk_str uuid;
	struct sk_str slug;
	bool is_from_root; /* made of the root commit just now */
};

#define SK_PROJECT_INIT                                                        \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, false                                \
	}

/*
 * Fill *project, owned: sk_project_free(). Reads the whole history when only
 * the root commit can answer. Returns 0; -1 for a shallow clone that has none
 * of the three, with what to set as a hint.
 */
int sk_project_load(struct sk_project *project, struct sk_repo *repo,
		    const struct sk_config *config,
		    struct sk_err *err) SK_NODISCARD;
void sk_project_free(struct sk_project *project);

/* The same as the two texts that events want; borrowed. */
struct sk_project_id sk_project_id(const struct sk_project *project);

#endif
