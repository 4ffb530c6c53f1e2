/* SPDX-License-Identifier: MIT */
#include "command/changeview.h"

#include "front/cli.h"
#include "mission/logfile.h"

/* So much of an id is shown to people. */
enum { SHORT_ID = 10 };

void sk_change_add_commit(struct sk_jsonw *w, const char *key,
			  const struct sk_oid *commit)
{
	char hex[SK_HEX_LEN + 1];

	sk_oid_hex(hex, commit);
	sk_jsonw_text(w, key, commit->len ? hex : NULL);
}

static void add_committed(struct sk_str *out, const struct sk_oid *commit,
			  const struct sk_mission_place *place)
{
	char hex[SK_HEX_LEN + 1];

	if (!commit->len)
		return;
	sk_oid_hex(hex, commit);
	sk_str_addf(out, "%son %s: %.*s", out->len ? ", " : "",
		    place->branch.ptr, SHORT_ID, hex);
}

void sk_change_add_committed(struct sk_str *out, const struct sk_edit *edit)
{
	add_committed(out, &edit->commit, &edit->home.status);
	add_committed(out, &edit->plan_commit, &edit->home.plan);
}

void sk_change_add_path(struct sk_str *out, const char *folder,
			const char *slug, const char *name)
{
	if (*folder)
		sk_str_puts(out, folder);
	else
		sk_str_addf(out, SK_MISSIONS_FOLDER "/%s", slug);
	if (name)
		sk_str_addf(out, "/%s", name);
}

static void warn_unreadable(const struct sk_edit *edit)
{
	const struct sk_mission_place *place = &edit->home.status;
	size_t count = edit->log.fault_count;
	struct sk_str check = SK_STR_INIT;

	if (!count)
		return;
	if (place->folder.len)
		sk_str_addf(&check, "; run 'git sk-eventlog check %s/%s'",
			    place->folder.ptr, SK_EVENT_LOG_NAME);
	sk_warn("%zu %s of the event log cannot be read%s", count,
		sk_plural((int64_t)count, "line", "lines"), check.ptr);
	sk_str_free(&check);
}

void sk_change_warn(const struct sk_edit *edit)
{
	if (edit->aside.len)
		sk_warn("a line of the event log was torn, and is in '%s' now",
			edit->aside.ptr);
	warn_unreadable(edit);
}
