/* SPDX-License-Identifier: MIT */
/*
 * A project's .kittify, freed of the copies that older releases put there: what
 * the chain (template.h) finds elsewhere, byte for byte, goes; what somebody
 * changed moves below overrides/, where it wins as before; all else stays. No
 * link is followed or touched, and no file but an identical one is removed.
 */
#ifndef SK_WORKFLOW_MIGRATION_H
#define SK_WORKFLOW_MIGRATION_H

#include "base/err.h"

enum sk_migration_class {
	SK_MIGRATION_PROJECT,	 /* the project's own: config.yaml, memory */
	SK_MIGRATION_IDENTICAL,	 /* found elsewhere just as well */
	SK_MIGRATION_CUSTOMIZED, /* somebody changed or added it */
	SK_MIGRATION_SUPERSEDED, /* the same, and another override is there */
	SK_MIGRATION_UNKNOWN,	 /* nothing that is known here */
	SK_MIGRATION_FOLDER,
};
#define SK_MIGRATION_CLASSES SK_MIGRATION_FOLDER

enum sk_migration_action {
	SK_MIGRATION_KEEP,
	SK_MIGRATION_REMOVE,
	SK_MIGRATION_MOVE, /* to overrides/<name> */
};

struct sk_migration_item {
	char *name; /* below .kittify */
	enum sk_migration_class class;
	enum sk_migration_action action;
	const char *why; /* it is kept, where that is not plain; or NULL */
	bool is_tracked; /* by git */
	unsigned char sum[32]; /* of one to be removed: SHA-256 */
};

struct sk_migration {
	char *project;			 /* the folder that has the .kittify */
	struct sk_migration_item *items; /* a folder before what is in it */
	size_t count, cap;
};

#define SK_MIGRATION_INIT                                                      \
	{                                                                      \
		NULL, NULL, 0, 0                                               \
	}

/*
 * Look at everything in `project`/.kittify and plan; changes nothing. Asks git
 * what it tracks. *plan, empty before, is owned, also on failure:
 * sk_migration_free(). Returns 0 or -1.
 */
int sk_migration_plan(struct sk_migration *plan, const char *project,
		      struct sk_err *err) SK_NODISCARD;
void sk_migration_free(struct sk_migration *plan);

/*
 * Do it, one rename or removal after the other, each of which leaves a project
 * that works: what a kill leaves undone the next run plans again. What has
 * changed since it was planned, is left. Returns 0 or -1.
 */
int sk_migration_apply(const struct sk_migration *plan,
		       struct sk_err *err) SK_NODISCARD;

/* "identical", "remove"; borrowed for ever. */
const char *sk_migration_class_name(enum sk_migration_class class);
const char *sk_migration_action_name(enum sk_migration_action action);

#endif
