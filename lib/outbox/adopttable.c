/* SPDX-License-Identifier: MIT */
#include "outbox/adopttable.h"

#include <string.h>

#define BODY_KEY                                                               \
	"project_uuid", "mission_slug", "target_branch", "mission_type",       \
		"manifest_version", "artifact_path", "content_hash"

/* The account of an entry of the ledger; one without is for whoever comes. */
#define WHOSE_ENTRY                                                            \
	"CASE WHEN coalesce(account, '') IN ('', :account) THEN 0 ELSE 2 END"

/* Only what we captured ourselves has an entry with a time of capture. */
#define WHOSE_EVENT                                                            \
	"coalesce((SELECT " WHOSE_ENTRY " FROM entry"                          \
	" WHERE entry.event_id = moving.event_id"                              \
	" AND entry.captured_at IS NOT NULL), 1)"

/* clang-format off */
const struct sk_adopt_table sk_adopt_tables[] = {
	{ "queue", "queue", SK_ADOPT_EVENTS, { "event_id" },
	  WHOSE_EVENT },
	{ "sync_events", "queue", SK_ADOPT_EVENTS, { "event_id" },
	  WHOSE_EVENT },
	{ "sk_parked", "sk_parked", SK_ADOPT_EVENTS, { "event_id" },
	  WHOSE_EVENT },
	{ "body_upload_queue", "body_upload_queue", SK_ADOPT_BODIES,
	  { BODY_KEY }, "1" },
	{ "body_upload_failure_log", "body_upload_failure_log",
	  SK_ADOPT_FAILURES, { BODY_KEY, "failure_reason" }, "1" },
	{ "sk_error", "sk_error", SK_ADOPT_BOOKS, { "event_id" },
	  WHOSE_EVENT },
	/* behind all that ask it */
	{ "sk_ledger", "sk_ledger", SK_ADOPT_BOOKS, { "event_id" },
	  WHOSE_ENTRY },
	{ "sk_cursor", "sk_cursor", SK_ADOPT_BOOKS, { "clone", "ref" }, "0" },
	{ "sk_unreadable", "sk_unreadable", SK_ADOPT_BOOKS,
	  { "clone", "path", "key" }, "0" },
	{ "sk_state", "sk_state", SK_ADOPT_BOOKS, { "key" },
	  "CASE key WHEN 'schema' THEN 2 ELSE 0 END" },
};

const size_t sk_adopt_table_count = SK_COUNTOF(sk_adopt_tables);

/* Columns of body uploads that very old files name otherwise. */
static const struct {
	const char *now, *before;
} renamed[] = {
	{ "mission_slug", "feature_slug" },
	{ "mission_type", "mission_key" },
};
/* clang-format on */

const char *sk_adopt_source_column(struct sk_outbox *from, const char *schema,
				   const char *table, const char *column)
{
	if (sk_sql_has(from->db, schema, table, column))
		return column;
	for (size_t i = 0; i < SK_COUNTOF(renamed); i++) {
		if (strcmp(renamed[i].now, column) == 0 &&
		    sk_sql_has(from->db, schema, table, renamed[i].before))
			return renamed[i].before;
	}
	return NULL;
}

bool sk_adopt_is_readable(struct sk_outbox *from, const char *schema,
			  const struct sk_adopt_table *table)
{
	for (const char *const *key = table->key; *key; key++) {
		if (!sk_adopt_source_column(from, schema, table->from, *key))
			return false;
	}
	return true;
}
