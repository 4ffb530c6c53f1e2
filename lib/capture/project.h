/* SPDX-License-Identifier: MIT */
/*
 * Which project a clone belongs to. That is settled once, when it is set up or
 * at its first capture, and kept in its own configuration:
 *
 *   sk.settledUuid  the uuid all events carry
 *   sk.settledBy    how it was found, see enum sk_project_source
 *   sk.settledSlug  the name beside it
 *   sk.formerUuid   a uuid it had before, or might have had, once for each
 *
 * Found it is in this order: `project.uuid` of .kittify/config.yaml, else
 * `sk.projectUuid`, else made of the oldest root commit; all asked of the main
 * worktree. One that is declared stays what it is until sk_project_readopt() is
 * asked for; a derived one makes way for one that is declared or set, and one
 * that is set for what it is set to now. Events captured under a former uuid
 * are known by the ids they had under it: see sk_project_id().
 */
#ifndef SK_CAPTURE_PROJECT_H
#define SK_CAPTURE_PROJECT_H

#include "contract/event.h"
#include "git/config.h"
#include "git/repo.h"

enum sk_project_source {
	SK_PROJECT_DERIVED,  /* made of the oldest root commit */
	SK_PROJECT_SET,	     /* sk.projectUuid */
	SK_PROJECT_DECLARED, /* project.uuid */
};

struct sk_project {
	struct sk_str uuid;
	struct sk_str slug;
	enum sk_project_source source;
	bool is_unsettled;	/* the configuration does not say all of it */
	struct sk_str replaced; /* the uuid that has just made way; or "" */
	enum sk_project_source replaced_source;
	char **formers; /* that one, too; owned */
	size_t former_count, former_cap;
};

#define SK_PROJECT_INIT                                                        \
	{                                                                      \
		.uuid = SK_STR_INIT, .slug = SK_STR_INIT,                      \
		.replaced = SK_STR_INIT                                        \
	}

/*
 * Fill *project, owned: sk_project_free(). Asks the configuration alone when
 * that has a uuid to stay with; reads the whole history when only the root
 * commit can answer. Writes nothing. Returns 0; -1 for a shallow clone that has
 * none of the three, with what to set as a hint, and for a setting that is no
 * UUID.
 */
int sk_project_load(struct sk_project *project, struct sk_repo *repo,
		    const struct sk_config *config,
		    struct sk_err *err) SK_NODISCARD;
void sk_project_free(struct sk_project *project);

/*
 * Fill *project with what the configuration has, and look no further. Owned,
 * also on failure. Returns 0; 1 when nothing is settled; -1 for a uuid that is
 * none.
 */
int sk_project_read(struct sk_project *project, const struct sk_config *config,
		    struct sk_err *err) SK_NODISCARD;

/*
 * As sk_project_load(), but for what is declared or set now, whatever was
 * settled: somebody asked for it. Returns 0; 1 when nothing is declared or set;
 * -1.
 */
int sk_project_readopt(struct sk_project *project, struct sk_repo *repo,
		       const struct sk_config *config,
		       struct sk_err *err) SK_NODISCARD;

/*
 * Write what is not settled yet into the clone's configuration; `config` is
 * what it was loaded from. Starts git a few times, mostly not at all. Returns 0
 * or -1.
 */
int sk_project_settle(const struct sk_project *project,
		      const struct sk_config *config,
		      struct sk_err *err) SK_NODISCARD;

/*
 * How the uuid was found, for a person: "declared in '...'"; and as
 * `sk.settledBy` has it. Static.
 */
const char *sk_project_source_words(enum sk_project_source source);
const char *sk_project_source_name(enum sk_project_source source);

/* Append "the project is now <uuid> ...", for one that replaced another. */
void sk_project_add_change(struct sk_str *out,
			   const struct sk_project *project);

/*
 * Append one line when .kittify/config.yaml declares another uuid than the one
 * that is settled and does not make way for it, or cannot be read. Reads the
 * file. Returns whether there is a line.
 */
bool sk_project_add_difference(struct sk_str *out, struct sk_repo *repo,
			       const struct sk_config *config);

/* The texts that events want; borrowed. */
struct sk_project_id sk_project_id(const struct sk_project *project);

#endif
