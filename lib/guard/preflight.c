/* SPDX-License-Identifier: MIT */
#include "guard/preflight.h"

#include <string.h>

static int look_at_owner(struct sk_preflight *pre, struct sk_err *err)
{
	enum sk_owner_life life;
	int rc = sk_owner_read(&pre->owner, err);

	if (rc < 0 && err->code != SK_EDATA)
		return -1;
	if (rc < 0) {
		pre->owner_state = SK_OWNER_CORRUPT;
		sk_str_set(&pre->owner_reason, err->msg);
		*err = (struct sk_err){0};
		return 0;
	}
	if (rc > 0) {
		pre->owner_state = SK_OWNER_ABSENT;
		return 0;
	}
	life = sk_owner_life(&pre->owner);
	pre->owner_state = SK_OWNER_PRESENT;
	if (life != SK_OWNER_LIVE) {
		pre->owner_state = SK_OWNER_ORPHAN;
		sk_owner_add_reason(&pre->owner_reason, &pre->owner, life);
	}
	return 0;
}

static void compare(struct sk_preflight *pre)
{
	struct sk_str theirs = SK_STR_INIT;

	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		sk_str_clear(&theirs);
		sk_owner_add_canonical(&theirs, &pre->owner, i);
		pre->mismatch[i] = !sk_canonical_equal(
			i, sk_identity_get(pre->account, i), theirs.ptr);
		pre->mismatches += pre->mismatch[i];
	}
	sk_str_free(&theirs);
}

/* Without an account the queue without one is the right one. */
static int look_at_legacy(struct sk_preflight *pre, struct sk_err *err)
{
	const struct sk_account *account = pre->account;
	const struct sk_adopt adopt = {.from = account->unowned_path.ptr,
				       .to = account->queue_path.ptr,
				       .account = account->scope.ptr};

	return account->is_logged_in ? sk_adopt_look(&adopt, &pre->legacy, err)
				     : 0;
}

int sk_preflight(struct sk_preflight *out, const struct sk_account *account,
		 bool require_auth, struct sk_err *err)
{
	sk_preflight_free(out);
	out->account = account;
	out->auth_required = require_auth;
	out->auth_present = account->is_logged_in;
	if (!account->executable_path.len)
		return sk_fail(err, SK_EFAIL, "cannot find this program");
	if (look_at_owner(out, err) < 0 || look_at_legacy(out, err) < 0)
		return -1;
	if (out->owner_state == SK_OWNER_PRESENT)
		compare(out);
	return 0;
}

void sk_preflight_free(struct sk_preflight *pre)
{
	sk_owner_free(&pre->owner);
	sk_str_free(&pre->owner_reason);
	*pre = (struct sk_preflight)SK_PREFLIGHT_INIT;
}

int64_t sk_preflight_legacy_events(const struct sk_preflight *pre)
{
	return pre->legacy.taken.events + pre->legacy.unknown.events;
}

int64_t sk_preflight_legacy_bodies(const struct sk_preflight *pre)
{
	return pre->legacy.taken.bodies + pre->legacy.unknown.bodies;
}

bool sk_preflight_is_leftover(const struct sk_preflight *pre)
{
	return pre->owner_state == SK_OWNER_ORPHAN &&
	       sk_owner_is_ours(&pre->owner);
}

static bool is_owner_fine(const struct sk_preflight *pre)
{
	return pre->mismatches == 0 && (pre->owner_state == SK_OWNER_ABSENT ||
					pre->owner_state == SK_OWNER_PRESENT);
}

static bool is_auth_fine(const struct sk_preflight *pre)
{
	return pre->auth_present || !pre->auth_required;
}

bool sk_preflight_may_migrate(const struct sk_preflight *pre)
{
	return (is_owner_fine(pre) || sk_preflight_is_leftover(pre)) &&
	       is_auth_fine(pre);
}

bool sk_preflight_is_ok(const struct sk_preflight *pre)
{
	return is_owner_fine(pre) && is_auth_fine(pre) &&
	       sk_preflight_legacy_events(pre) == 0 &&
	       sk_preflight_legacy_bodies(pre) == 0;
}

bool sk_preflight_is_curable(const struct sk_preflight *pre)
{
	return sk_preflight_may_migrate(pre) &&
	       pre->legacy.unknown.events == 0 &&
	       pre->legacy.unknown.bodies == 0;
}

static const char *remedy(enum sk_canonical field)
{
	switch (field) {
	case SK_CANONICAL_SERVER:
		return "log in to the server the owner uses by 'git sk-auth"
		       " login', or run 'git sk-doctor restart-daemon'";
	case SK_CANONICAL_TEAM:
		return "log in as the account the owner uses by 'git sk-auth"
		       " login', or run 'git sk-doctor restart-daemon'";
	case SK_CANONICAL_VERSION:
	case SK_CANONICAL_EXECUTABLE:
	case SK_CANONICAL_SOURCE:
	case SK_CANONICAL_QUEUE:
		break;
	}
	return "run 'git sk-doctor restart-daemon'";
}

static void add_mismatches(struct sk_jsonw *w, const struct sk_preflight *pre)
{
	struct sk_str theirs = SK_STR_INIT;

	sk_jsonw_array(w, "mismatches");
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		const char *ours = sk_identity_get(pre->account, i);

		if (!pre->mismatch[i])
			continue;
		sk_str_clear(&theirs);
		sk_owner_add_canonical(&theirs, &pre->owner, i);
		sk_jsonw_object(w, NULL);
		sk_jsonw_text(w, "field", sk_canonical_name(i));
		sk_jsonw_text(w, "foreground_value",
			      *ours ? ours : SK_CANONICAL_UNSET);
		sk_jsonw_text(w, "daemon_value",
			      theirs.len ? theirs.ptr : SK_CANONICAL_UNSET);
		sk_jsonw_text(w, "remediation_hint", remedy(i));
		sk_jsonw_end_object(w);
	}
	sk_jsonw_end_array(w);
	sk_str_free(&theirs);
}

void sk_preflight_add_findings(struct sk_jsonw *w,
			       const struct sk_preflight *pre)
{
	bool is_corrupt = pre->owner_state == SK_OWNER_CORRUPT;

	add_mismatches(w, pre);
	sk_jsonw_array(w, "orphan_records");
	if (pre->owner_state == SK_OWNER_ORPHAN)
		sk_owner_show_json(w, NULL, &pre->owner);
	sk_jsonw_end_array(w);
	sk_jsonw_text(w, "owner_record_error",
		      is_corrupt ? pre->owner_reason.ptr : NULL);
}

void sk_preflight_add_json(struct sk_jsonw *w, const char *key,
			   const struct sk_preflight *pre)
{
	int64_t events = sk_preflight_legacy_events(pre);
	int64_t bodies = sk_preflight_legacy_bodies(pre);

	sk_jsonw_object(w, key);
	sk_jsonw_bool(w, "ok", sk_preflight_is_ok(pre));
	sk_preflight_add_findings(w, pre);
	sk_jsonw_int(w, "legacy_event_rows", events);
	sk_jsonw_int(w, "legacy_body_upload_rows", bodies);
	sk_jsonw_int(w, "legacy_rows_for_scope", events + bodies);
	sk_jsonw_int(w, "legacy_rows_of_unknown_account",
		     pre->legacy.unknown.events + pre->legacy.unknown.bodies);
	sk_jsonw_bool(w, "auth_present", pre->auth_present);
	sk_jsonw_bool(w, "auth_required", pre->auth_required);
	sk_jsonw_end_object(w);
}
