/* SPDX-License-Identifier: MIT */
#include "outbox/schema.h"

#include "outbox/db.h"
#include "outbox/state.h"

#include <string.h>

/*
 * The version of the tables sk_*, kept in sk_state: PRAGMA user_version is left
 * to spec-kitty, whose file this is too.
 */
#define SCHEMA_VERSION 2 /* 2: sk_ledger.project_uuid, sk_unreadable.key */

struct table {
	const char *name;
	const char *definition;
};

#define BODY_COLUMNS                                                           \
	"project_uuid TEXT NOT NULL,"                                          \
	" mission_slug TEXT NOT NULL,"                                         \
	" target_branch TEXT NOT NULL,"                                        \
	" mission_type TEXT NOT NULL,"                                         \
	" manifest_version TEXT NOT NULL,"                                     \
	" artifact_path TEXT NOT NULL,"                                        \
	" content_hash TEXT NOT NULL,"                                         \
	" hash_algorithm TEXT NOT NULL DEFAULT 'sha256',"

#define BODY_KEY                                                               \
	"project_uuid, mission_slug, target_branch, mission_type,"             \
	" manifest_version, artifact_path, content_hash"

/* clang-format off */
static const struct table tables[] = {
	/* spec-kitty's: change nothing here that its code would notice */
	{ "queue",
	  "(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	  " event_id TEXT UNIQUE NOT NULL,"
	  " event_type TEXT NOT NULL,"
	  " data TEXT NOT NULL,"
	  " timestamp INTEGER NOT NULL,"
	  " retry_count INTEGER DEFAULT 0,"
	  " coalesce_key TEXT)" },
	{ "body_upload_queue",
	  "(id INTEGER PRIMARY KEY AUTOINCREMENT, " BODY_COLUMNS
	  " content_body TEXT NOT NULL,"
	  " size_bytes INTEGER NOT NULL,"
	  " retry_count INTEGER NOT NULL DEFAULT 0,"
	  " next_attempt_at REAL NOT NULL DEFAULT 0.0,"
	  " created_at REAL NOT NULL,"
	  " last_error TEXT,"
	  " UNIQUE(" BODY_KEY "))" },
	{ "body_upload_failure_log",
	  "(id INTEGER PRIMARY KEY AUTOINCREMENT, " BODY_COLUMNS
	  " size_bytes INTEGER NOT NULL,"
	  " failure_reason TEXT NOT NULL,"
	  " failure_count INTEGER NOT NULL DEFAULT 1,"
	  " first_failed_at REAL NOT NULL,"
	  " last_failed_at REAL NOT NULL,"
	  " UNIQUE(" BODY_KEY ", failure_reason))" },
	/* ours */
	{ "sk_state",
	  "(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID" },
	{ "sk_ledger",
	  "(event_id TEXT PRIMARY KEY,"
	  " state TEXT NOT NULL," /* before, queued, delivered, duplicate */
	  " commit_id TEXT,"
	  " captured_at INTEGER," /* NULL: queued by another program */
	  " settled_at INTEGER,"
	  " account TEXT,"
	  " project_uuid TEXT) WITHOUT ROWID" },
	{ "sk_parked",
	  "(event_id TEXT PRIMARY KEY, event_type TEXT, data, category TEXT,"
	  " error TEXT, size_bytes INTEGER, parked_at INTEGER)" },
	{ "sk_error",
	  "(event_id TEXT PRIMARY KEY, category TEXT, error TEXT, at INTEGER)"
	  " WITHOUT ROWID" },
	{ "sk_cursor",
	  "(clone TEXT, ref TEXT, tip TEXT NOT NULL,"
	  " PRIMARY KEY(clone, ref)) WITHOUT ROWID" },
	{ "sk_unreadable",
	  "(clone TEXT, path TEXT, key TEXT, commit_id TEXT, line INTEGER,"
	  " size INTEGER, reason TEXT, seen_at INTEGER,"
	  " PRIMARY KEY(clone, path, key)) WITHOUT ROWID" },
};

static const char queue_indexes[] =
	"CREATE INDEX IF NOT EXISTS idx_timestamp ON queue(timestamp);"
	"CREATE INDEX IF NOT EXISTS idx_retry ON queue(retry_count);"
	"CREATE INDEX IF NOT EXISTS idx_coalesce_key ON queue(coalesce_key)";

static const char body_queue_indexes[] =
	"CREATE INDEX IF NOT EXISTS idx_body_queue_next_attempt"
	" ON body_upload_queue(next_attempt_at);"
	"CREATE INDEX IF NOT EXISTS idx_body_queue_namespace"
	" ON body_upload_queue(project_uuid, mission_slug, target_branch)";

static const char body_failure_indexes[] =
	"CREATE INDEX IF NOT EXISTS idx_body_failure_last_failed_at"
	" ON body_upload_failure_log(last_failed_at DESC)";
/* clang-format on */

static bool has(struct sk_outbox *box, const char *table, const char *column)
{
	return sk_sql_has(box->db, "main", table, column);
}

/* Whether it can be read as it is. */
static bool is_there(struct sk_outbox *box, const struct table *table)
{
	return has(box, table->name,
		   strcmp(table->name, "sk_unreadable") == 0 ? "key" : NULL);
}

/*
 * Returns 0 when all is as it should be, 1 when something is missing, -1 with
 * SK_EDATA for tables of a git-sk newer than this one.
 */
static int check_version(struct sk_outbox *box, struct sk_err *err)
{
	int64_t version = 0;
	int rc;

	if (!has(box, "sk_state", "value"))
		return 1;
	rc = sk_stmt_get_int(
		sk_stmt_new(box->db,
			    "SELECT CAST(value AS INTEGER) FROM sk_state"
			    " WHERE key = 'schema'"),
		&version, err);
	if (rc != 0)
		return rc;
	if (version > SCHEMA_VERSION) {
		sk_fail(err, SK_EDATA, "'%s' was written by a newer git-sk",
			box->path);
		return sk_hint(err, "update git-sk on this machine");
	}
	return version < SCHEMA_VERSION || !has(box, "queue", "coalesce_key") ||
	       !has(box, "sk_unreadable", "key");
}

static int create_table(struct sk_outbox *box, const char *kind,
			const struct table *table, struct sk_err *err)
{
	struct sk_str sql = SK_STR_INIT;
	int rc;

	sk_str_addf(&sql, "CREATE %s IF NOT EXISTS %s %s", kind, table->name,
		    table->definition);
	rc = sk_sql_exec(box->db, sql.ptr, err);
	sk_str_free(&sql);
	return rc;
}

/* Tables of body uploads older than their present columns stay as they are. */
static int create_indexes(struct sk_outbox *box, struct sk_err *err)
{
	if (sk_sql_exec(box->db, queue_indexes, err) < 0)
		return -1;
	if (has(box, "body_upload_queue", "mission_slug") &&
	    has(box, "body_upload_queue", "next_attempt_at") &&
	    sk_sql_exec(box->db, body_queue_indexes, err) < 0)
		return -1;
	if (has(box, "body_upload_failure_log", "last_failed_at"))
		return sk_sql_exec(box->db, body_failure_indexes, err);
	return 0;
}

static int upgrade(struct sk_outbox *box, struct sk_err *err)
{
	if (has(box, "queue", NULL) && !has(box, "queue", "event_id")) {
		sk_fail(err, SK_EDATA, "'%s' holds something else than events",
			box->path);
		return sk_hint(err, "move it away");
	}
	if (has(box, "queue", NULL) && !has(box, "queue", "coalesce_key") &&
	    sk_sql_exec(box->db,
			"ALTER TABLE queue ADD COLUMN coalesce_key TEXT",
			err) < 0)
		return -1;
	if (has(box, "sk_ledger", NULL) &&
	    !has(box, "sk_ledger", "project_uuid") &&
	    sk_sql_exec(box->db,
			"ALTER TABLE sk_ledger ADD COLUMN project_uuid TEXT",
			err) < 0)
		return -1;
	/* version 1 knew lines by their commit: nobody could forget them */
	if (has(box, "sk_unreadable", NULL) &&
	    !has(box, "sk_unreadable", "key") &&
	    sk_sql_exec(box->db, "DROP TABLE sk_unreadable", err) < 0)
		return -1;
	for (size_t i = 0; i < SK_COUNTOF(tables); i++)
		if (create_table(box, "TABLE", &tables[i], err) < 0)
			return -1;
	if (create_indexes(box, err) < 0)
		return -1;
	return sk_state_set_int(box, "schema", SCHEMA_VERSION, err);
}

int sk_schema_ready(struct sk_outbox *box, struct sk_err *err)
{
	int rc = check_version(box, err);

	if (rc <= 0)
		return rc;
	if (sk_outbox_begin(box, err) < 0)
		return -1;
	/* another process may have done it while this one waited */
	rc = check_version(box, err);
	if (rc > 0)
		rc = upgrade(box, err);
	if (rc == 0)
		return sk_outbox_commit(box, err);
	sk_outbox_rollback(box);
	return rc;
}

int sk_schema_look(struct sk_outbox *box, struct sk_err *err)
{
	if (check_version(box, err) < 0 ||
	    sk_sql_exec(box->db, "PRAGMA temp_store = MEMORY", err) < 0)
		return -1;
	for (size_t i = 0; i < SK_COUNTOF(tables); i++)
		if (!is_there(box, &tables[i]) &&
		    create_table(box, "TEMP TABLE", &tables[i], err) < 0)
			return -1;
	return 0;
}
