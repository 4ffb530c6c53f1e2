/* SPDX-License-Identifier: MIT */
/* What a preflight found, for people: at most 25 lines of 80 columns. */
#include "guard/preflight.h"

#include <string.h>

/* The room for a value beside its two labels. */
enum { MAX_VALUE = 56, MAX_NAME = 40 };

/* What the fields are called where there is not much room. */
static const char *const labels[] = {
	[SK_CANONICAL_VERSION] = "version",
	[SK_CANONICAL_EXECUTABLE] = "executable",
	[SK_CANONICAL_SOURCE] = "source",
	[SK_CANONICAL_SERVER] = "server",
	[SK_CANONICAL_TEAM] = "account",
	[SK_CANONICAL_QUEUE] = "queue",
};

_Static_assert(SK_COUNTOF(labels) == SK_CANONICAL_FIELDS, "one label a field");

/* A path says more by its end than by its beginning. */
static void add_value(struct sk_str *out, const char *value)
{
	struct sk_str text = SK_STR_INIT;
	size_t skip = 0;

	sk_str_add_visible(&text, value, strlen(value), 4096);
	if (text.len > MAX_VALUE) {
		skip = text.len - (MAX_VALUE - strlen("..."));
		while ((text.ptr[skip] & 0xc0) == 0x80)
			skip++; /* not within a character */
		sk_str_puts(out, "...");
	}
	sk_str_puts(out, text.len ? text.ptr + skip : SK_CANONICAL_UNSET);
	sk_str_free(&text);
}

static void add_owner(struct sk_str *out, const struct sk_preflight *pre)
{
	struct sk_str name = SK_STR_INIT;

	sk_owner_add_name(&name, &pre->owner);
	sk_str_add_visible(out, name.ptr, name.len, MAX_NAME);
	sk_str_addf(out, " (process %lld)", (long long)pre->owner.pid);
	sk_str_free(&name);
}

/* "2 fields differ; 3 legacy rows". */
static void add_summary(struct sk_str *out, const struct sk_preflight *pre)
{
	int64_t legacy = sk_preflight_legacy_events(pre) +
			 sk_preflight_legacy_bodies(pre);
	const char *sep = "";

	if (pre->mismatches) {
		sk_str_addf(out, "%zu %s", pre->mismatches,
			    sk_plural((int64_t)pre->mismatches, "field differs",
				      "fields differ"));
		sep = "; ";
	}
	if (pre->owner_state == SK_OWNER_ORPHAN) {
		sk_str_addf(out, "%s1 orphan owner record", sep);
		sep = "; ";
	}
	if (pre->owner_state == SK_OWNER_CORRUPT) {
		sk_str_addf(out, "%sa damaged owner record", sep);
		sep = "; ";
	}
	if (legacy) {
		sk_str_addf(out, "%s%lld legacy %s", sep, (long long)legacy,
			    sk_plural(legacy, "row", "rows"));
		sep = "; ";
	}
	if (pre->auth_required && !pre->auth_present)
		sk_str_addf(out, "%snobody is logged in", sep);
}

static void add_mismatches(struct sk_str *out, const struct sk_preflight *pre)
{
	struct sk_str theirs = SK_STR_INIT;

	add_owner(out, pre);
	sk_str_puts(out, " is in the owner record:\n");
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		if (!pre->mismatch[i])
			continue;
		sk_str_addf(out, "  %-12s here   ", labels[i]);
		add_value(out, sk_identity_get(pre->account, i));
		sk_str_addf(out, "\n  %-12s owner  ", "");
		sk_str_clear(&theirs);
		sk_owner_add_canonical(&theirs, &pre->owner, i);
		add_value(out, theirs.ptr);
		sk_str_putc(out, '\n');
	}
	sk_str_free(&theirs);
}

static void add_details(struct sk_str *out, const struct sk_preflight *pre)
{
	if (pre->mismatches)
		add_mismatches(out, pre);
	if (pre->owner_state == SK_OWNER_ORPHAN) {
		sk_str_puts(out, "  the record of ");
		add_owner(out, pre);
		sk_str_puts(out, " is an orphan:\n    ");
		add_value(out, pre->owner_reason.ptr);
		sk_str_putc(out, '\n');
	}
	if (pre->owner_state == SK_OWNER_CORRUPT) {
		sk_str_puts(out, "  ");
		add_value(out, pre->owner_reason.ptr);
		sk_str_putc(out, '\n');
	}
}

/* What to do about an owner that is not like us. */
static void add_owner_remedies(struct sk_str *out,
			       const struct sk_preflight *pre)
{
	long long pid = pre->owner.pid;

	if (pre->mismatches == 0)
		return;
	if (!sk_owner_is_ours(&pre->owner)) {
		sk_str_addf(out, "stop spec-kitty's daemon: run 'kill %lld'\n",
			    pid);
		return;
	}
	if (pre->owner.port == 0) {
		sk_str_addf(out,
			    "try again when process %lld has finished"
			    " sending\n",
			    pid);
		return;
	}
	sk_str_puts(out, "run 'git sk-doctor restart-daemon'\n");
	if (pre->mismatch[SK_CANONICAL_SERVER])
		sk_str_puts(out, "or log in to the server it uses by"
				 " 'git sk-auth login'\n");
	else if (pre->mismatch[SK_CANONICAL_TEAM])
		sk_str_puts(out, "or log in as the account it uses by"
				 " 'git sk-auth login'\n");
}

static void add_record_remedies(struct sk_str *out,
				const struct sk_preflight *pre)
{
	if (pre->owner_state == SK_OWNER_CORRUPT ||
	    (pre->owner_state == SK_OWNER_ORPHAN &&
	     !sk_owner_is_ours(&pre->owner)))
		sk_str_puts(out, "run 'git sk-doctor orphan-daemons' to see the"
				 " record and how to remove it\n");
	else if (pre->owner_state == SK_OWNER_ORPHAN)
		sk_str_puts(out, "run 'git sk-sync now', which replaces the"
				 " record\n");
}

static void add_legacy_remedies(struct sk_str *out,
				const struct sk_preflight *pre)
{
	const struct sk_adoption *legacy = &pre->legacy;
	int64_t unknown = legacy->unknown.events + legacy->unknown.bodies;
	int64_t free_rows = legacy->taken.events + legacy->taken.bodies;

	if (unknown)
		sk_str_addf(out,
			    "run 'git sk-sync migrate --adopt' to take over"
			    " %lld unknown %s\n",
			    (long long)unknown,
			    sk_plural(unknown, "row", "rows"));
	else if (free_rows)
		sk_str_addf(out,
			    "run 'git sk-sync now', which takes %lld %s"
			    " along\n",
			    (long long)free_rows,
			    sk_plural(free_rows, "row", "rows"));
}

/* Append the remedies, one a line, the first to be done first. */
static void add_remedies(struct sk_str *out, const struct sk_preflight *pre)
{
	add_owner_remedies(out, pre);
	add_record_remedies(out, pre);
	add_legacy_remedies(out, pre);
	if (pre->auth_required && !pre->auth_present)
		sk_str_puts(out, "run 'git sk-auth login'\n");
}

void sk_preflight_add_text(struct sk_str *out, const struct sk_preflight *pre)
{
	struct sk_str remedies = SK_STR_INIT;
	const char *at;

	if (sk_preflight_is_ok(pre))
		return;
	sk_str_puts(out, "Sync boundary refused: ");
	add_summary(out, pre);
	sk_str_puts(out, ".\n");
	add_details(out, pre);
	add_remedies(&remedies, pre);
	sk_str_puts(out, "Remedy:\n");
	for (at = remedies.ptr; *at; at = strchr(at, '\n') + 1) {
		sk_str_puts(out, "  - ");
		sk_str_add(out, at, strcspn(at, "\n") + 1);
	}
	sk_str_free(&remedies);
}

int sk_preflight_refuse(const struct sk_preflight *pre, struct sk_err *err)
{
	struct sk_str summary = SK_STR_INIT, remedies = SK_STR_INIT;

	add_summary(&summary, pre);
	if (pre->mismatches) {
		sk_str_puts(&summary, " from ");
		add_owner(&summary, pre);
	}
	add_remedies(&remedies, pre);
	sk_str_cut(&remedies, strcspn(remedies.ptr, "\n"));
	sk_fail(err, SK_EBOUNDARY, "refused by the sync boundary: %s",
		summary.ptr);
	sk_hint(err, "%s", remedies.ptr);
	sk_str_free(&remedies);
	sk_str_free(&summary);
	return -1;
}
