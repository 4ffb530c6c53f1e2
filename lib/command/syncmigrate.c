/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>

#include "command/gate.h"
#include "format/json.h"
#include "front/cli.h"
#include "guard/clearance.h"

struct opts {
	bool adopt, dry_run, json, quiet;
};

static int migrate(const struct sk_account *account, bool adopt,
		   struct sk_adoption *out, struct sk_err *err)
{
	struct sk_clearance *clearance = NULL;
	int rc = sk_clearance_take_to_migrate(&clearance, account, err);

	if (rc == 0)
		rc = sk_clearance_migrate(clearance, adopt, out, err);
	sk_clearance_release(clearance);
	return rc == 0 ? 0 : -1;
}

static int plan(const struct sk_account *account, bool want_unknown,
		struct sk_adoption *out, struct sk_err *err)
{
	const struct sk_adopt adopt = {account->unowned_path.ptr,
				       account->queue_path.ptr,
				       account->scope.ptr, want_unknown};

	return sk_adopt_look(&adopt, out, err);
}

static int64_t total(const struct sk_adopt_rows *rows)
{
	return rows->events + rows->bodies + rows->failures;
}

static void print_rows(const struct sk_adopt_rows *rows)
{
	sk_say("  events:        %lld\n"
	       "  body uploads:  %lld\n"
	       "  failure log:   %lld\n",
	       (long long)rows->events, (long long)rows->bodies,
	       (long long)rows->failures);
}

static void print_text(const struct opts *opts,
		       const struct sk_account *account,
		       const struct sk_adoption *out)
{
	long long taken = total(&out->taken);

	sk_say("%s %lld %s from '%s' to '%s'\n",
	       opts->dry_run ? "Would migrate" : "Migrated", taken,
	       taken == 1 ? "row" : "rows", account->unowned_path.ptr,
	       account->queue_path.ptr);
	if (taken)
		print_rows(&out->taken);
	if (total(&out->unknown)) {
		sk_say("Not taken, nobody knows whose:\n");
		print_rows(&out->unknown);
	}
	if (total(&out->others)) {
		sk_say("Not taken, captured by another account:\n");
		print_rows(&out->others);
	}
}

static void add_rows(struct sk_jsonw *w, const char *key,
		     const struct sk_adopt_rows *rows)
{
	sk_jsonw_object(w, key);
	sk_jsonw_int(w, "events", rows->events);
	sk_jsonw_int(w, "body_uploads", rows->bodies);
	sk_jsonw_int(w, "failure_log", rows->failures);
	sk_jsonw_int(w, "total", total(rows));
	sk_jsonw_end_object(w);
}

static void print_json(const struct opts *opts,
		       const struct sk_account *account,
		       const struct sk_adoption *out)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_bool(&w, "dry_run", opts->dry_run);
	sk_jsonw_bool(&w, "adopt", opts->adopt);
	sk_jsonw_text(&w, "from", account->unowned_path.ptr);
	sk_jsonw_text(&w, "to", account->queue_path.ptr);
	add_rows(&w, "migrated", &out->taken);
	add_rows(&w, "of_unknown_account", &out->unknown);
	add_rows(&w, "of_other_accounts", &out->others);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_adoption out = {0};
	int ret = -1;

	(void)argc, (void)argv; /* takes none */
	if (sk_account_load(&account, err) < 0 ||
	    sk_gate_migration(&account, err) < 0)
		goto out;
	ret = opts->dry_run ? plan(&account, opts->adopt, &out, err)
			    : migrate(&account, opts->adopt, &out, err);
	if (ret < 0)
		goto out;
	if (opts->json)
		print_json(opts, &account, &out);
	else
		print_text(opts, &account, &out);
	if (total(&out.unknown)) {
		sk_advise("run 'git sk-sync migrate --adopt' to make them"
			  " yours");
		ret = 1;
	}
out:
	sk_account_free(&account);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "adopt", struct opts, adopt,
		"take also rows that nobody knows the account of"),
	SK_FLAG('n', "dry-run", struct opts, dry_run,
		"count only, move nothing"),
	SK_JSON(struct opts, json), SK_QUIET_FLAG(struct opts, quiet),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_migrate = {
	.name = "migrate",
	.operands = "",
	.summary = "Take over what waited without an account.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
	.after = sk_note_clone,
};
