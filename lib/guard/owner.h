/* SPDX-License-Identifier: MIT */
/*
 * The owner record, sync/daemon/owner.json in the home folder: who is sending
 * right now. Whoever holds the drain lease writes it and removes it at the end;
 * spec-kitty's daemon writes the same file. It names a process by its id and
 * (key `pid_start`, which only our records have) by when that started, so that
 * a reused id is not taken for a live owner.
 *
 * Reading never signals, removes or repairs anything.
 */
#ifndef SK_GUARD_OWNER_H
#define SK_GUARD_OWNER_H

#include "format/json.h"
#include "guard/identity.h"

struct sk_owner {
	struct sk_str auth_principal; /* empty: null in the file */
	struct sk_str auth_scope;     /* likewise */
	struct sk_str auth_team;      /* likewise */
	struct sk_str executable_path;
	struct sk_str package_version;
	struct sk_str queue_db_path;
	struct sk_str server_url;
	struct sk_str source_checkout_path;
	struct sk_str started_at; /* YYYY-MM-DDTHH:MM:SS+00:00 */
	struct sk_str token;	  /* a secret: never shown */
	int64_t pid;
	int64_t pid_start; /* field 22 of /proc/<pid>/stat; 0 = not said */
	int64_t port;	   /* of the daemon; 0 for other senders */
};

#define SK_OWNER_INIT                                                          \
	{                                                                      \
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,            \
			SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,    \
			SK_STR_INIT, SK_STR_INIT, 0, 0, 0                      \
	}

/* Overwrite the token in memory, then release it all. */
void sk_owner_free(struct sk_owner *owner);

/* Set *out to the path of the record. Returns 0 or -1. */
int sk_owner_path(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

/*
 * Read the record. Returns 0; 1 when there is none; -1 with SK_EDATA when it
 * is there and makes no sense (the message says why), SK_EFAIL.
 */
int sk_owner_read(struct sk_owner *owner, struct sk_err *err) SK_NODISCARD;

/*
 * Fill *owner for this process, started at `now` (seconds) for this account,
 * with neither port nor token.
 */
void sk_owner_of_self(struct sk_owner *owner, const struct sk_account *account,
		      int64_t now);

/*
 * Replace the record: 0600, as sk_file_write() does. Returns 0 or -1.
 */
int sk_owner_write(const struct sk_owner *owner,
		   struct sk_err *err) SK_NODISCARD;

/*
 * Remove the record if it still names the process `owner` names. Returns 0; 1
 * when it does not, or is not there; -1.
 */
int sk_owner_remove(const struct sk_owner *owner,
		    struct sk_err *err) SK_NODISCARD;

enum sk_owner_life {
	SK_OWNER_LIVE,
	SK_OWNER_DEAD,	  /* no such process */
	SK_OWNER_REUSED,  /* the id is another process's now */
	SK_OWNER_NO_FILE, /* its executable is gone */
};

/*
 * Whether the process that wrote the record is still there; one that may not be
 * looked at is. All but SK_OWNER_LIVE make it an orphan.
 */
enum sk_owner_life sk_owner_life(const struct sk_owner *owner);

/* Why it is an orphan, as a clause: "process 12 is gone". Appends. */
void sk_owner_add_reason(struct sk_str *out, const struct sk_owner *owner,
			 enum sk_owner_life life);

/* Whether a program of this project wrote it. */
bool sk_owner_is_ours(const struct sk_owner *owner);

/* What it is, for people: "git-sk-daemon", "spec-kitty's daemon". Appends. */
void sk_owner_add_name(struct sk_str *out, const struct sk_owner *owner);

/* The canonical field as the record has it, appended; nothing when unset. */
void sk_owner_add_canonical(struct sk_str *out, const struct sk_owner *owner,
			    enum sk_canonical field);

/*
 * Append the record as JSON, keys sorted, indented by 2, with a newline: as it
 * is on disk, or with the token as "<redacted>" to be shown.
 */
void sk_owner_add_json(struct sk_str *out, const struct sk_owner *owner,
		       bool is_shown);

/* Write the same, to be shown, as one value. */
void sk_owner_show_json(struct sk_jsonw *w, const char *key,
			const struct sk_owner *owner);

#endif
