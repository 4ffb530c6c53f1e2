/* SPDX-License-Identifier: MIT */
#include "command/checkstatus.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "front/colour.h"
#include "front/terminal.h"
#include "git/config.h"
#include "guard/preflight.h"
#include "outbox/stats.h"
#include "wire/probe.h"

enum { EXIT_NO = 1, EXIT_BOUNDARY = 2 };
enum { MAX_DETAIL = 300 };

/* Both queue files, and all that is known without asking anybody. */
struct check {
	struct sk_preflight pre;
	struct sk_queue_stats active, legacy;
	bool may_send, has_colour;
};

/* No file holds nothing. */
static int count(struct sk_queue_stats *out, const char *path,
		 struct sk_err *err)
{
	struct sk_outbox *box = NULL;
	int rc = sk_outbox_open_readonly(&box, path, err);

	if (rc == 0)
		rc = sk_queue_stats(box, out, err);
	sk_outbox_close(box);
	return rc < 0 ? -1 : 0;
}

static int look(struct check *check, const struct sk_account *account,
		const struct sk_config *config, struct sk_err *err)
{
	check->has_colour = sk_colour_from(sk_config_get(config, "color.sk"),
					   sk_config_get(config, "color.ui"));
	if (sk_config_may_send(&check->may_send, config, err) < 0 ||
	    sk_preflight(&check->pre, account, false, err) < 0 ||
	    count(&check->active, account->queue_path.ptr, err) < 0)
		return -1;
	return count(&check->legacy, account->unowned_path.ptr, err);
}

static int exit_status(const struct check *check)
{
	if (!sk_preflight_is_ok(&check->pre))
		return EXIT_BOUNDARY;
	return check->may_send && !check->pre.auth_present ? EXIT_NO : 0;
}

static const char *state_name(enum sk_owner_state state)
{
	static const char *const names[] = {
		[SK_OWNER_ABSENT] = "absent",
		[SK_OWNER_PRESENT] = "present",
		[SK_OWNER_ORPHAN] = "orphan",
		[SK_OWNER_CORRUPT] = "corrupt",
	};

	return names[state];
}

static bool has_record(const struct sk_preflight *pre)
{
	return pre->owner_state == SK_OWNER_PRESENT ||
	       pre->owner_state == SK_OWNER_ORPHAN;
}

/* What the fields are called in the block, in their order. */
static const char *const titles[] = {
	[SK_CANONICAL_VERSION] = "Package version",
	[SK_CANONICAL_EXECUTABLE] = "Executable path",
	[SK_CANONICAL_SOURCE] = "Source path",
	[SK_CANONICAL_SERVER] = "Server URL",
	[SK_CANONICAL_TEAM] = "Team/User",
	[SK_CANONICAL_QUEUE] = "Queue DB path",
};

_Static_assert(SK_COUNTOF(titles) == SK_CANONICAL_FIELDS, "one title a field");

static void put_text(const char *indent, const char *key, const char *value)
{
	struct sk_str text = SK_STR_INIT;

	sk_str_add_visible(&text, value, strlen(value), 1 << 16);
	printf("%s%-24s%s\n", indent, key, text.ptr);
	sk_str_free(&text);
}

static void put_int(const char *indent, const char *key, int64_t value)
{
	printf("%s%-24s%lld\n", indent, key, (long long)value);
}

static void print_foreground(const struct sk_preflight *pre)
{
	puts("Foreground:");
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		const char *value = sk_identity_get(pre->account, i);

		put_text("  ", titles[i], *value ? value : SK_CANONICAL_UNSET);
	}
}

static void print_record(const struct sk_preflight *pre)
{
	struct sk_str value = SK_STR_INIT;
	bool known = has_record(pre);

	puts("Daemon owner record:");
	put_text("  ", "Status", state_name(pre->owner_state));
	if (known) {
		put_int("  ", "PID", pre->owner.pid);
		put_int("  ", "Port", pre->owner.port);
	} else {
		put_text("  ", "PID", "<absent>");
		put_text("  ", "Port", "<absent>");
	}
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		sk_str_set(&value, known ? "" : "<absent>");
		if (known)
			sk_owner_add_canonical(&value, &pre->owner, i);
		put_text("  ", titles[i],
			 value.len ? value.ptr : SK_CANONICAL_UNSET);
	}
	sk_str_free(&value);
}

static void print_queue(const char *title, const char *path,
			const struct sk_queue_stats *stats)
{
	puts(title);
	put_text("  ", "Path", path);
	put_int("  ", "Event count", stats->depth);
	put_int("  ", "Body upload cnt", stats->bodies);
}

static void print_summary(const struct sk_preflight *pre)
{
	struct sk_str text = SK_STR_INIT;
	int orphans = pre->owner_state == SK_OWNER_ORPHAN;

	put_int("", "Mismatches", (int64_t)pre->mismatches);
	put_int("", "Orphan records", orphans);
	sk_str_addf(&text, "%lld event(s), %lld body upload(s)",
		    (long long)sk_preflight_legacy_events(pre),
		    (long long)sk_preflight_legacy_bodies(pre));
	put_text("", "Legacy queue rows", text.ptr);
	sk_str_clear(&text);
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		if (pre->mismatch[i])
			sk_str_addf(&text, "%s%s", text.len ? ", " : "",
				    sk_canonical_name(i));
	}
	put_text("", "Mismatched fields", text.len ? text.ptr : "none");
	put_int("", "Orphan daemon records", orphans);
	sk_str_free(&text);
}

static void print_block(const struct check *check)
{
	const struct sk_preflight *pre = &check->pre;

	puts("Identity Boundary");
	print_foreground(pre);
	print_record(pre);
	print_queue("Active queue:", pre->account->queue_path.ptr,
		    &check->active);
	print_queue("Legacy queue:", pre->account->unowned_path.ptr,
		    &check->legacy);
	put_int("  ", "Rows in scope",
		sk_preflight_legacy_events(pre) +
			sk_preflight_legacy_bodies(pre));
	print_summary(pre);
}

/* What the server's answer is called, and what follows from it. */
static const struct {
	const char *name, *advice;
	enum sk_colour colour;
	bool has_detail;
} answers[] = {
	[SK_PROBE_CONNECTED] = {"Connected", "the server knows this login",
				SK_COLOUR_GOOD, false},
	[SK_PROBE_NOT_AUTHENTICATED] = {"Not authenticated",
					"run git sk-auth login",
					SK_COLOUR_ERROR, false},
	[SK_PROBE_EXPIRED] = {"Expired", "run git sk-auth login",
			      SK_COLOUR_ERROR, false},
	[SK_PROBE_NO_PERMISSION] = {"No permission",
				    "ask who manages the team on the server",
				    SK_COLOUR_ERROR, false},
	[SK_PROBE_UNAVAILABLE] = {"Unavailable", "queued events are safe",
				  SK_COLOUR_WARNING, true},
	[SK_PROBE_UNREACHABLE] = {"Unreachable", "queued events are safe",
				  SK_COLOUR_WARNING, true},
	[SK_PROBE_UNEXPECTED] = {"Unexpected", "check the URL of the server",
				 SK_COLOUR_ERROR, true},
};

static void add_probe(struct sk_str *out, const struct sk_probe *probe,
		      bool has_colour)
{
	sk_colour_add(out, has_colour, answers[probe->answer].colour,
		      answers[probe->answer].name);
	sk_str_addf(out, " %s %s", sk_terminal_dash(),
		    answers[probe->answer].advice);
	if (!answers[probe->answer].has_detail)
		return;
	sk_str_puts(out, " (");
	sk_str_add_visible(out, probe->detail.ptr, probe->detail.len,
			   MAX_DETAIL);
	sk_str_putc(out, ')');
}

/* Returns whether the server says yes. */
static bool print_probe(struct sk_account *account, bool has_colour)
{
	struct sk_probe probe = SK_PROBE_INIT;
	struct sk_str text = SK_STR_INIT;
	bool is_good;

	sk_probe_run(&probe, account->is_logged_in ? &account->creds : NULL);
	add_probe(&text, &probe, has_colour);
	printf("%-24s%s\n", "Server probe", text.ptr);
	is_good = probe.answer == SK_PROBE_CONNECTED;
	sk_str_free(&text);
	sk_probe_free(&probe);
	return is_good;
}

static int print_text(const struct check *check, struct sk_account *account)
{
	struct sk_str text = SK_STR_INIT;
	int status = exit_status(check);

	print_block(check);
	if (!check->may_send)
		put_text("", "Server probe",
			 "Switched off by sk.sync or"
			 " SPEC_KITTY_ENABLE_SAAS_SYNC");
	else if (!print_probe(account, check->has_colour) && status == 0)
		status = EXIT_NO;
	sk_preflight_add_text(&text, &check->pre);
	fputs(text.ptr, stdout);
	sk_str_free(&text);
	return status;
}

/* Keys of both identities, in the order of the fields. */
static const char *const keys[] = {
	[SK_CANONICAL_VERSION] = "package_version",
	[SK_CANONICAL_EXECUTABLE] = "executable_path",
	[SK_CANONICAL_SOURCE] = "source_path",
	[SK_CANONICAL_SERVER] = "server_url",
	[SK_CANONICAL_TEAM] = "team_or_user",
	[SK_CANONICAL_QUEUE] = "queue_db_path",
};

static void add_foreground(struct sk_jsonw *w, const struct sk_preflight *pre)
{
	sk_jsonw_object(w, "foreground");
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		const char *value = sk_identity_get(pre->account, i);

		sk_jsonw_text(w, keys[i], *value ? value : NULL);
	}
	sk_jsonw_int(w, "pid", getpid());
	sk_jsonw_end_object(w);
}

static void add_record(struct sk_jsonw *w, const struct sk_preflight *pre)
{
	struct sk_str value = SK_STR_INIT;

	sk_jsonw_object(w, "daemon_owner_record");
	sk_jsonw_text(w, "status", state_name(pre->owner_state));
	if (has_record(pre)) {
		sk_jsonw_int(w, "pid", pre->owner.pid);
		sk_jsonw_int(w, "port", pre->owner.port);
	} else {
		sk_jsonw_null(w, "pid");
		sk_jsonw_null(w, "port");
	}
	for (int i = 0; i < SK_CANONICAL_FIELDS; i++) {
		sk_str_clear(&value);
		if (has_record(pre))
			sk_owner_add_canonical(&value, &pre->owner, i);
		sk_jsonw_text(w, keys[i], value.len ? value.ptr : NULL);
	}
	sk_jsonw_end_object(w);
	sk_str_free(&value);
}

static void add_queue(struct sk_jsonw *w, const char *path,
		      const struct sk_queue_stats *stats)
{
	sk_jsonw_text(w, "path", path);
	sk_jsonw_int(w, "event_count", stats->depth);
	sk_jsonw_int(w, "body_upload_count", stats->bodies);
}

static int print_json(const struct check *check)
{
	const struct sk_preflight *pre = &check->pre;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);
	int status = exit_status(check);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "ok", status == 0);
	sk_jsonw_int(&w, "exit_code", status);
	sk_jsonw_bool(&w, "auth_required", check->may_send);
	sk_jsonw_bool(&w, "auth_present", pre->auth_present);
	sk_jsonw_int(&w, "live_orphan_daemon_count",
		     pre->owner_state == SK_OWNER_PRESENT &&
			     !sk_owner_is_ours(&pre->owner));
	add_foreground(&w, pre);
	add_record(&w, pre);
	sk_jsonw_object(&w, "active_queue");
	add_queue(&w, pre->account->queue_path.ptr, &check->active);
	sk_jsonw_end_object(&w);
	sk_jsonw_object(&w, "legacy_queue");
	add_queue(&w, pre->account->unowned_path.ptr, &check->legacy);
	sk_jsonw_int(&w, "rows_in_scope",
		     sk_preflight_legacy_events(pre) +
			     sk_preflight_legacy_bodies(pre));
	sk_jsonw_end_object(&w);
	sk_preflight_add_findings(&w, pre);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
	return status;
}

int sk_check_status(bool as_json, struct sk_account *account,
		    const struct sk_config *config, struct sk_err *err)
{
	struct check check = {.pre = SK_PREFLIGHT_INIT};
	int ret = look(&check, account, config, err);

	if (ret == 0)
		ret = as_json ? print_json(&check)
			      : print_text(&check, account);
	sk_preflight_free(&check.pre);
	return ret;
}
