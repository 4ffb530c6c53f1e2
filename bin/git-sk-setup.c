/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "flow/capture.h"
#include "flow/store.h"
#include "format/json.h"
#include "format/ulid.h"
#include "front/cli.h"
#include "git/hooksdir.h"

static const char *const events[] = {"post-commit", "post-merge",
				     "post-rewrite"};

struct opts {
	bool check, remove, json;
};

/* Everything the three forms of the command work on. */
struct setup {
	struct sk_repo *repo;
	struct sk_config config;
	struct sk_str dir; /* the hooks folder */
	struct sk_str why; /* it is not to be written; "" when it is */
	struct sk_str targets[SK_COUNTOF(events)]; /* our programs */
};

static int open_setup(struct setup *s, struct sk_err *err)
{
	if (sk_repo_open(&s->repo, err) < 0 ||
	    sk_config_load(&s->config, err) < 0)
		return -1;
	if (!sk_repo_work_tree(s->repo)) {
		sk_fail(err, SK_EFAIL,
			"this is a bare repository: nothing is"
			" committed here");
		return sk_hint(err, "run 'git sk-setup' in the clones that"
				    " people commit in");
	}
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		if (sk_sibling_path(&s->targets[i], events[i], err) < 0)
			return -1;
	}
	return sk_hooks_dir(&s->dir, &s->why, s->repo, err) < 0 ? -1 : 0;
}

static void close_setup(struct setup *s)
{
	for (size_t i = 0; i < SK_COUNTOF(events); i++)
		sk_str_free(&s->targets[i]);
	sk_str_free(&s->why);
	sk_str_free(&s->dir);
	sk_config_free(&s->config);
	sk_repo_close(s->repo);
}

/* The folder is somebody else's: say what to add to it by hand. */
static int refuse_folder(const struct setup *s, struct sk_err *err)
{
	struct sk_str line = SK_STR_INIT;

	printf("Add these lines to the hooks in %s by hand:\n", s->dir.ptr);
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		sk_str_clear(&line);
		sk_str_add_quoted(&line, s->targets[i].ptr);
		printf("  %s:%*s%s \"$@\"\n", events[i],
		       (int)(13 - strlen(events[i])), "", line.ptr);
	}
	sk_str_free(&line);
	sk_fail(err, SK_EFAIL, "%s", s->why.ptr);
	return sk_hint(err, "add the printed lines by hand, or give this"
			    " repository a folder of its own with 'git config"
			    " core.hooksPath <folder>'");
}

static int install_hooks(const struct setup *s, struct sk_err *err)
{
	struct stat st;
	bool made = stat(s->dir.ptr, &st) < 0;

	if (made && (sk_mkdir_p(s->dir.ptr, err) < 0 ||
		     sk_config_set("sk.madeHooksDir", "true", err) < 0))
		return -1;
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		if (sk_hook_install(s->dir.ptr, events[i], s->targets[i].ptr,
				    err) < 0)
			return -1;
	}
	return 0;
}

static int count_cursor(void *ctx, const char *ref, const char *tip)
{
	(void)ref, (void)tip;
	++*(int *)ctx;
	return 0;
}

/* A clone that has a cursor keeps it: what came since is still to be queued. */
static int first_cursor(const struct setup *s, struct sk_outbox *box,
			const char *clone, struct sk_err *err)
{
	struct sk_str ref = SK_STR_INIT;
	char hex[SK_HEX_LEN + 1];
	struct sk_oid head;
	int have = 0, rc;

	if (sk_cursor_each(box, clone, count_cursor, &have, err) < 0)
		return -1;
	rc = have ? 1 : sk_repo_head(s->repo, &head, &ref, err);
	if (rc == 0) {
		sk_oid_hex(hex, &head);
		rc = sk_outbox_begin(box, err) < 0 ||
				     sk_cursor_set(box, clone, ref.ptr, hex,
						   err) < 0 ||
				     sk_outbox_commit(box, err) < 0
			     ? -1
			     : 0;
	}
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

/* How much of the history was never published; remembers what it cost. */
static int count_history(const struct setup *s, struct sk_outbox *box,
			 struct sk_capture_report *report, struct sk_err *err)
{
	struct sk_capture orders = {.repo = s->repo,
				    .box = box,
				    .everything = true,
				    .dry_run = true};
	struct sk_project project = SK_PROJECT_INIT;
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int ret = sk_repo_head(s->repo, &head, &ref, err);

	sk_str_free(&ref);
	if (ret != 0) /* no commit yet: no history, and no project either */
		return ret < 0 ? -1 : 0;
	ret = -1;
	if (sk_project_load(&project, s->repo, &s->config, err) < 0)
		return -1;
	orders.project = &project;
	if (sk_capture(&orders, report, err) == 0 &&
	    (!project.is_from_root ||
	     sk_config_set("sk.derivedUuid", project.uuid.ptr, err) == 0))
		ret = 0;
	sk_project_free(&project);
	return ret;
}

static void say_done(const struct setup *s, const char *clone, bool logged_in,
		     const struct sk_capture_report *report, bool json)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	if (json) {
		sk_jsonw_object(&w, NULL);
		sk_jsonw_int(&w, "schema_version", 1);
		sk_jsonw_text(&w, "hooks_dir", s->dir.ptr);
		sk_jsonw_text(&w, "clone", clone);
		sk_jsonw_bool(&w, "logged_in", logged_in);
		sk_jsonw_int(&w, "unpublished", report->transitions);
		sk_jsonw_end_object(&w);
		printf("%s\n", text.ptr);
		sk_str_free(&text);
		return;
	}
	printf("Hooks are in place in %s: post-commit, post-merge,"
	       " post-rewrite.\n",
	       s->dir.ptr);
	puts("Lane transitions are queued from the next commit on.");
	if (report->transitions)
		printf("The history holds %lld that were made before;"
		       " 'git sk-sync backfill' would publish them.\n",
		       (long long)report->transitions);
	if (!logged_in)
		puts("They wait until you log in:"
		     " 'git sk-auth login --server <url>'.");
}

static int do_setup(struct setup *s, bool json, struct sk_err *err)
{
	const char *known = sk_config_get(&s->config, "sk.clone");
	struct sk_capture_report report = {0};
	struct sk_outbox *box = NULL;
	char clone[SK_ULID_LEN + 1];
	bool logged_in = false;
	int ret = -1;

	if (s->why.len)
		return refuse_folder(s, err);
	if (known && strlen(known) == SK_ULID_LEN)
		memcpy(clone, known, sizeof(clone));
	else
		sk_ulid_random(clone);
	/* the hooks last: until then nothing has changed for git */
	if (sk_store_open(&box, &logged_in, err) == 0 &&
	    count_history(s, box, &report, err) == 0 &&
	    first_cursor(s, box, clone, err) == 0 &&
	    sk_config_set("sk.clone", clone, err) == 0 &&
	    install_hooks(s, err) == 0) {
		say_done(s, clone, logged_in, &report, json);
		ret = 0;
	}
	sk_capture_report_free(&report);
	sk_outbox_close(box);
	return ret;
}

static int do_remove(struct setup *s, struct sk_err *err)
{
	bool made = false;
	int removed = 0;

	if (sk_config_bool(&made, &s->config, "sk.madeHooksDir", err) < 0)
		return -1;
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		int rc = sk_hook_remove(s->dir.ptr, events[i],
					s->targets[i].ptr, err);

		if (rc < 0)
			return -1;
		removed += rc == 0;
	}
	if (made)
		rmdir(s->dir.ptr); /* stays when something else moved in */
	if (sk_config_unset("sk.clone", err) < 0 ||
	    sk_config_unset("sk.derivedUuid", err) < 0 ||
	    sk_config_unset("sk.madeHooksDir", err) < 0)
		return -1;
	if (removed)
		printf("Removed %d hook%s from %s. Queued events stay"
		       " queued.\n",
		       removed, removed == 1 ? "" : "s", s->dir.ptr);
	else
		puts("Nothing to remove: none of the hooks is git-sk's.");
	return 0;
}

static const char *state_name(enum sk_hook_state state)
{
	static const char *const names[] = {
		[SK_HOOK_ABSENT] = "missing",
		[SK_HOOK_FOREIGN] = "another program's",
		[SK_HOOK_OURS] = "in place",
		[SK_HOOK_STALE] = "of another git-sk",
	};

	return names[state];
}

/* Say what is in place. Returns 0 when all of it is, else 1. */
static int do_check(struct setup *s, bool json)
{
	const char *clone = sk_config_get(&s->config, "sk.clone");
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);
	bool ok = clone != NULL;

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "hooks_dir", s->dir.ptr);
	sk_jsonw_object(&w, "hooks");
	if (!json)
		printf("Hooks in %s\n", s->dir.ptr);
	for (size_t i = 0; i < SK_COUNTOF(events); i++) {
		enum sk_hook_state state =
			sk_hook_state(s->dir.ptr, events[i], s->targets[i].ptr);
		bool kept = sk_hook_has_kept(s->dir.ptr, events[i]);

		ok &= state == SK_HOOK_OURS;
		sk_jsonw_text(&w, events[i], state_name(state));
		if (!json)
			printf("  %-13s %s%s\n", events[i], state_name(state),
			       kept ? ", runs the kept hook first" : "");
	}
	sk_jsonw_end_object(&w);
	sk_jsonw_text(&w, "clone", clone);
	sk_jsonw_bool(&w, "ok", ok);
	sk_jsonw_end_object(&w);
	if (json)
		printf("%s\n", text.ptr);
	else if (!ok)
		puts("Run 'git sk-setup' to put them in place.");
	sk_str_free(&text);
	return ok ? 0 : 1;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;
	struct setup s = {.config = SK_CONFIG_INIT,
			  .dir = SK_STR_INIT,
			  .why = SK_STR_INIT};
	int ret = -1;

	(void)argc, (void)argv;
	for (size_t i = 0; i < SK_COUNTOF(events); i++)
		s.targets[i] = (struct sk_str)SK_STR_INIT;
	if (o->check && o->remove)
		return sk_fail(err, SK_EUSAGE,
			       "--check and --remove exclude each other");
	if (open_setup(&s, err) == 0)
		ret = o->check	  ? do_check(&s, o->json)
		      : o->remove ? do_remove(&s, err)
				  : do_setup(&s, o->json, err);
	close_setup(&s);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "check", struct opts, check,
		"say what is in place, and exit 1 when something is not"),
	SK_FLAG(0, "remove", struct opts, remove,
		"take the hooks out again and bring kept ones back"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

int main(int argc, char **argv)
{
	struct opts o = {0};
	const struct sk_cmd cmd = {
		.name = "git sk-setup",
		.operands = "",
		.summary = "Put git-sk's hooks into this repository.",
		.opts = table,
		.values = &o,
		.run = run,
	};

	return sk_cli_run(&cmd, argc, argv);
}
