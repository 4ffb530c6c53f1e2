/* SPDX-License-Identifier: MIT */
/* What 'git sk-mission migrate' did, or would do. */
#ifndef SK_COMMAND_MIGRATEVIEW_H
#define SK_COMMAND_MIGRATEVIEW_H

#include "workflow/migration.h"
#include "workflow/missionids.h"
#include "workflow/runtime.h"

/* The plan, and whether it was one only. */
struct sk_migrate_view {
	struct sk_runtime runtime;
	struct sk_migration project;
	struct sk_missionids ids;
	bool has_ids; /* they were asked for */
	bool is_dry_run;
};

#define SK_MIGRATE_VIEW_INIT                                                   \
	{                                                                      \
		SK_RUNTIME_INIT, SK_MIGRATION_INIT, SK_MISSIONIDS_INIT, false, \
			false                                                  \
	}

/* Print it, for people and for programs. */
void sk_migrate_print_text(const struct sk_migrate_view *view);
void sk_migrate_print_json(const struct sk_migrate_view *view);

/* How many of the files that go or move git tracks. */
size_t sk_migrate_count_tracked(const struct sk_migrate_view *view);

#endif
