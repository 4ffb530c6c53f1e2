/* SPDX-License-Identifier: MIT */
/*
 * What pre-merge-commit, pre-push and post-merge hand over to when missions are
 * touched: all that is in the way is said, and the first two refuse. What we
 * cannot tell is no reason to.
 *
 *   gate pre-merge-commit
 *   gate pre-push <remote>       with git's lines on standard input
 *   gate post-merge <id>         of what HEAD was
 *   gate post-commit             of a merge that was concluded by hand
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "git/mergeheads.h"
#include "git/tree.h"
#include "guard/gate.h"
#include "guard/indextree.h"

/* What was asked of us, and what was found. */
struct look {
	const char *event, *what; /* `what`: the remote, or the id */
	struct sk_config config;
	struct sk_gate gate;
	enum sk_gate_mode mission, owner;
	char before[SK_HEX_LEN + 1]; /* where to go back to */
};

static void say(const char *label, const char *text, size_t len)
{
	struct sk_str line = SK_STR_INIT;

	sk_str_add_visible(&line, text, len, 2000);
	fprintf(stderr, "%s: %s\n", label, line.ptr);
	sk_str_free(&line);
}

static void say_untold(const struct look *look)
{
	for (size_t i = 0; i < look->gate.untold.len; i++)
		fprintf(stderr, "warning: %s hook: not looked at: %s\n",
			look->event, look->gate.untold.items[i]);
}

static bool blocks(const struct look *look, const struct sk_blocker *b)
{
	return !b->is_warning &&
	       (sk_gate_is_of_owner(b) || look->mission == SK_GATE_BLOCK);
}

/* How to go past it, of those that block. */
static void say_way_past(const struct look *look, bool of_mission,
			 bool of_owner)
{
	const char *command =
		strcmp(look->event, "pre-push") == 0 ? "push" : "merge";

	fprintf(stderr,
		"hint: to go past this once: git %s --no-verify, or"
		" GIT_SK_SKIP=%s git %s; to be only warned: git config"
		" %s warn\n",
		command, look->event, command,
		of_mission ? "sk.preflight.mission" : "sk.preflight.owner");
	if (of_mission && of_owner)
		fprintf(stderr, "hint: and git config sk.preflight.owner"
				" warn\n");
}

/* Say all that was found. Returns the status of the hook. */
static int tell(const struct look *look)
{
	bool of_mission = false, of_owner = false;
	struct sk_str label = SK_STR_INIT;

	/* what refuses says below of which hook it is, and how to go past it */
	sk_str_addf(&label, "warning: %s hook", look->event);
	for (size_t i = 0; i < look->gate.found.len; i++) {
		const struct sk_blocker *b = &look->gate.found.items[i];
		bool is_block = blocks(look, b);

		say(is_block ? "error" : label.ptr, b->message.ptr,
		    b->message.len);
		if (b->remediation.len)
			say("hint", b->remediation.ptr, b->remediation.len);
		of_owner |= is_block && sk_gate_is_of_owner(b);
		of_mission |= is_block && !sk_gate_is_of_owner(b);
	}
	sk_str_free(&label);
	say_untold(look);
	if (of_mission || of_owner)
		say_way_past(look, of_mission, of_owner);
	return of_mission || of_owner;
}

/* A hook that cannot stop git any more says one thing, and the way back. */
static void tell_after(const struct look *look)
{
	const struct sk_gate *gate = &look->gate;
	struct sk_str text = SK_STR_INIT;

	if (!gate->found.len) {
		say_untold(look);
		return;
	}
	sk_str_addf(&text, "%s hook: ", look->event);
	sk_str_puts(&text, gate->found.items[0].message.ptr);
	if (gate->found.len > 1)
		sk_str_addf(&text, " (and %zu more)", gate->found.len - 1);
	say("warning", text.ptr, text.len);
	fprintf(stderr, "hint: to go back: git reset --keep %s\n",
		look->before);
	sk_str_free(&text);
}

/* Returns 0 or -1. */
static int look_at_merge(struct look *look, struct sk_err *err)
{
	struct sk_merge_head *heads = NULL;
	size_t count = sk_merge_heads(&heads), parents = 1;
	struct sk_version *olds = sk_calloc(count + 1, sizeof(*olds));
	struct sk_version result = {.name = "the merge"};
	struct sk_repo *repo = look->gate.repo;
	struct sk_specs specs = SK_SPECS_INIT;
	struct sk_str ref = SK_STR_INIT;
	struct sk_tree_entry entry;
	struct sk_oid id;
	int rc = sk_repo_head(repo, &id, &ref, err);

	if (rc == 0)
		rc = sk_specs_find(&specs, repo, &id, &olds[0].missions, err);
	if (rc == 0) {
		olds[0].name = "HEAD";
		sk_oid_hex(olds[0].hex, &id);
	}
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct sk_version *old = &olds[parents];

		rc = sk_specs_find(&specs, repo, &heads[i].id, &old->missions,
				   err);
		old->name = heads[i].name;
		sk_oid_hex(old->hex, &heads[i].id);
		parents += rc == 0;
		rc = rc < 0 ? -1 : 0; /* not of this repository */
	}
	if (rc == 0)
		rc = sk_index_tree(&id, repo, err);
	if (rc == 0)
		rc = sk_tree_find(repo, &id, "kitty-specs", &entry, err);
	if (rc == 0 && sk_tree_entry_is_dir(&entry))
		result.missions = entry.id;
	if (rc >= 0)
		sk_gate_look_merge(&look->gate, olds, parents, &result);
	sk_specs_free(&specs);
	sk_str_free(&ref);
	free(olds);
	free(heads);
	return rc < 0 ? -1 : 0;
}

static int look_at_push(struct look *look, struct sk_err *err)
{
	struct sk_push push = SK_PUSH_INIT;
	struct sk_str input = SK_STR_INIT;
	char block[65536];
	ssize_t got;
	int rc;

	while ((got = read(0, block, sizeof(block))) > 0)
		sk_str_add(&input, block, (size_t)got);
	rc = sk_push_read(&push, input.ptr, input.len, err);
	if (rc == 0)
		rc = sk_push_find_published(&push, look->gate.repo, look->what,
					    err);
	if (rc == 0)
		sk_gate_look_push(&look->gate, &push);
	sk_push_free(&push);
	sk_str_free(&input);
	return rc;
}

/* As if it were a push from there to here. */
static int look_at_forward(struct look *look, struct sk_err *err)
{
	struct sk_push push = SK_PUSH_INIT;
	char here[] = "HEAD";
	struct sk_push_ref ref = {.name = here};
	struct sk_str name = SK_STR_INIT;
	int rc = sk_repo_head(look->gate.repo, &ref.now, &name, err);

	if (rc == 0)
		rc = sk_oid_parse(&ref.old, look->what);
	if (rc == 0) {
		push = (struct sk_push){.refs = &ref,
					.count = 1,
					.tips = &ref.now,
					.tip_count = 1,
					.hidden = &ref.old,
					.hidden_count = 1};
		sk_oid_hex(look->before, &ref.old);
		sk_gate_look_push(&look->gate, &push);
	}
	sk_str_free(&name);
	return rc < 0 ? -1 : 0;
}

/* The commit at HEAD alone, and the way back to its first parent. */
static int look_at_head(struct look *look, struct sk_err *err)
{
	struct sk_commit *commit = NULL;
	struct sk_str name = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(look->gate.repo, &head, &name, err);

	if (rc == 0)
		rc = sk_commit_read(&commit, look->gate.repo, &head, err);
	if (rc == 0 && commit->parent_count) {
		struct sk_push push = {.tips = &head,
				       .tip_count = 1,
				       .hidden = commit->parents,
				       .hidden_count = commit->parent_count};

		sk_oid_hex(look->before, &commit->parents[0]);
		sk_gate_look_push(&look->gate, &push);
	}
	sk_commit_free(commit);
	sk_str_free(&name);
	return rc < 0 ? -1 : 0;
}

static int look_at(struct look *look, struct sk_err *err)
{
	if (strcmp(look->event, "post-commit") == 0)
		return look_at_head(look, err);
	if (strcmp(look->event, "pre-push") == 0)
		return look_at_push(look, err);
	if (strcmp(look->event, "post-merge") == 0)
		return look_at_forward(look, err);
	return look_at_merge(look, err);
}

static void read_mode(struct look *look, enum sk_gate_mode *mode,
		      const char *key)
{
	struct sk_err err = {0};

	if (sk_gate_parse(mode, &look->config, key, &err) < 0)
		fprintf(stderr, "warning: %s hook: %s; %s\n", look->event,
			err.msg, err.hint);
}

static int run(struct look *look, struct sk_err *err)
{
	bool is_gate = strncmp(look->event, "post-", 5) != 0;
	struct sk_err why = {0};

	if (sk_config_load(&look->config, err) < 0)
		return -1;
	if (!sk_config_clone(&look->config))
		return 0; /* not set up, or no more: nothing was agreed to */
	read_mode(look, &look->mission, "sk.preflight.mission");
	if (is_gate)
		read_mode(look, &look->owner, "sk.preflight.owner");
	if (sk_repo_open(&look->gate.repo, err) < 0)
		return -1;
	if (look->mission != SK_GATE_OFF && look_at(look, &why) < 0)
		sk_untold_add(&look->gate.untold, "missions", &why);
	if (is_gate)
		sk_gate_look_owner(&look->gate, &look->config, look->owner);
	if (is_gate)
		return tell(look);
	tell_after(look);
	return 0;
}

int main(int argc, char **argv)
{
	struct look look = {
		.event = argc > 1 ? argv[1] : "pre-merge-commit",
		.what = argc > 2 ? argv[2] : "",
		.config = SK_CONFIG_INIT,
		.gate = SK_GATE_INIT(NULL),
	};
	struct sk_err err = {0};
	int status = run(&look, &err);

	if (status < 0)
		fprintf(stderr,
			"warning: %s hook: missions are not looked at: %s\n",
			look.event, err.msg);
	sk_repo_close(look.gate.repo);
	sk_gate_free(&look.gate);
	sk_config_free(&look.config);
	return status == 1;
}
