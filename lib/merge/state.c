/* SPDX-License-Identifier: MIT */
#include "merge/state.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/process.h"
#include "format/json.h"
#include "format/time.h"

#define NAME "sk-merge.json"

enum { FILE_MAX = 16 << 20, VERSION = 1, US_PER_MS = 1000 };

static void add_path(struct sk_str *out, const struct sk_repo *repo)
{
	sk_str_addf(out, "%s/" NAME, sk_repo_common_dir(repo));
}

static char *copy(const char *text)
{
	return text ? sk_strdup(text) : NULL;
}

static struct sk_merge_ref *add_ref(struct sk_merge_state *state)
{
	SK_GROW(state->refs, state->ref_count, state->ref_cap);
	state->refs[state->ref_count] = (struct sk_merge_ref){0};
	return &state->refs[state->ref_count++];
}

static struct sk_merge_rest *add_rest(struct sk_merge_state *state)
{
	SK_GROW(state->rests, state->rest_count, state->rest_cap);
	state->rests[state->rest_count] = (struct sk_merge_rest){0};
	return &state->rests[state->rest_count++];
}

void sk_merge_state_of(struct sk_merge_state *out,
		       const struct sk_merge_plan *plan)
{
	struct sk_str at = SK_STR_INIT;

	sk_time_add(&at, sk_now_ms() * US_PER_MS);
	*out = (struct sk_merge_state){
		.slug = sk_strdup(plan->slug),
		.target = sk_strdup(plan->target),
		.strategy = plan->strategy,
		.started_at = sk_str_take(&at),
		.pid = getpid(),
		.start = sk_process_started_at(getpid()),
		.remote = copy(plan->remote),
		.there = copy(plan->there),
	};
	memcpy(out->commit, plan->commit, sizeof(out->commit));
	for (size_t i = 0; i < plan->ref_count; i++) {
		struct sk_merge_ref *ref = add_ref(out);

		*ref = plan->refs[i];
		ref->ref = sk_strdup(ref->ref);
		ref->worktree = copy(ref->worktree);
	}
	for (size_t i = 0; i < plan->rest_count; i++) {
		struct sk_merge_rest *rest = add_rest(out);

		*rest = plan->rests[i];
		rest->name = sk_strdup(rest->name);
	}
}

void sk_merge_state_free(struct sk_merge_state *state)
{
	for (size_t i = 0; i < state->ref_count; i++) {
		free(state->refs[i].ref);
		free(state->refs[i].worktree);
	}
	for (size_t i = 0; i < state->rest_count; i++) {
		free(state->rests[i].name);
		if (state->cleared)
			sk_str_free(&state->cleared[i].reason);
	}
	free(state->refs);
	free(state->rests);
	free(state->cleared);
	free(state->slug);
	free(state->target);
	free(state->started_at);
	free(state->remote);
	free(state->there);
	*state = (struct sk_merge_state)SK_MERGE_STATE_INIT;
}

/* Names are bytes, JSON is not: what is no plain ASCII is `%xx`. */
static void add_name(struct sk_jsonw *w, const char *key, const char *name)
{
	struct sk_str text = SK_STR_INIT;

	for (const char *at = name; at && *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c > ' ' && c < 0x7f && c != '%')
			sk_str_putc(&text, *at);
		else
			sk_str_addf(&text, "%%%02x", c);
	}
	sk_jsonw_text(w, key, name ? text.ptr : NULL);
	sk_str_free(&text);
}

static char *read_name(const struct sk_json *object, const char *key)
{
	const char *at = sk_json_get_text(object, key);
	struct sk_str name = SK_STR_INIT;

	if (!at)
		return NULL;
	for (; *at; at++) {
		unsigned c;

		if (*at == '%' && isxdigit((unsigned char)at[1]) &&
		    sscanf(at + 1, "%2x", &c) == 1 && c && at[2]) {
			sk_str_putc(&name, (char)c);
			at += 2;
		} else {
			sk_str_putc(&name, *at);
		}
	}
	return sk_str_take(&name);
}

static void add_json(struct sk_str *out, const struct sk_merge_state *state)
{
	struct sk_jsonw w = SK_JSONW(out);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", VERSION);
	add_name(&w, "mission", state->slug);
	add_name(&w, "target_branch", state->target);
	sk_jsonw_text(&w, "strategy", sk_merge_strategy_name(state->strategy));
	sk_jsonw_text(&w, "commit", state->commit);
	sk_jsonw_text(&w, "started_at", state->started_at);
	sk_jsonw_int(&w, "pid", state->pid);
	sk_jsonw_int(&w, "start", state->start);
	sk_jsonw_bool(&w, "has_landed", state->has_landed);
	add_name(&w, "remote", state->remote);
	add_name(&w, "remote_ref", state->there);
	sk_jsonw_bool(&w, "has_pushed", state->has_pushed);
	sk_jsonw_array(&w, "refs");
	for (size_t i = 0; i < state->ref_count; i++) {
		const struct sk_merge_ref *ref = &state->refs[i];

		sk_jsonw_object(&w, NULL);
		add_name(&w, "ref", ref->ref);
		sk_jsonw_text(&w, "from", ref->from);
		sk_jsonw_text(&w, "to", ref->to);
		add_name(&w, "worktree", ref->worktree);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_array(&w, "cleanup");
	for (size_t i = 0; i < state->rest_count; i++) {
		const struct sk_merge_rest *rest = &state->rests[i];

		sk_jsonw_object(&w, NULL);
		sk_jsonw_bool(&w, "is_worktree", rest->is_worktree);
		add_name(&w, "name", rest->name);
		sk_jsonw_text(&w, "tip", rest->tip);
		sk_jsonw_end_object(&w);
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_end_object(&w);
	sk_str_putc(out, '\n');
}

/* An id among the members. Returns 0 or -1. */
static int read_id(char out[SK_HEX_LEN + 1], const struct sk_json *object,
		   const char *key)
{
	const char *text = sk_json_get_text(object, key);
	struct sk_oid oid;

	if (!text || sk_oid_parse(&oid, text) < 0)
		return -1;
	sk_oid_hex(out, &oid);
	return 0;
}

static int read_refs(struct sk_merge_state *out, const struct sk_json *list)
{
	for (const struct sk_json *at = sk_json_first(list); at;
	     at = sk_json_next(at)) {
		struct sk_merge_ref *ref = add_ref(out);

		ref->ref = read_name(at, "ref");
		ref->worktree = read_name(at, "worktree");
		if (!ref->ref || read_id(ref->from, at, "from") < 0 ||
		    read_id(ref->to, at, "to") < 0)
			return -1;
	}
	return out->ref_count ? 0 : -1;
}

static int read_rests(struct sk_merge_state *out, const struct sk_json *list)
{
	for (const struct sk_json *at = sk_json_first(list); at;
	     at = sk_json_next(at)) {
		struct sk_merge_rest *rest = add_rest(out);

		rest->is_worktree =
			sk_json_is_true(sk_json_get(at, "is_worktree"));
		rest->name = read_name(at, "name");
		if (!rest->name || read_id(rest->tip, at, "tip") < 0)
			return -1;
	}
	return 0;
}

static int read_json(struct sk_merge_state *out, const struct sk_json *root)
{
	const char *strategy = sk_json_get_text(root, "strategy");
	struct sk_err ignored = {0};
	int64_t version = 0;

	out->slug = read_name(root, "mission");
	out->target = read_name(root, "target_branch");
	out->started_at = copy(sk_json_get_text(root, "started_at"));
	out->remote = read_name(root, "remote");
	out->there = read_name(root, "remote_ref");
	out->has_landed = sk_json_is_true(sk_json_get(root, "has_landed"));
	out->has_pushed = sk_json_is_true(sk_json_get(root, "has_pushed"));
	if (!sk_json_int(sk_json_get(root, "schema_version"), &version) ||
	    version != VERSION ||
	    !sk_json_int(sk_json_get(root, "pid"), &out->pid) ||
	    !sk_json_int(sk_json_get(root, "start"), &out->start) ||
	    !out->slug || !out->target || !out->started_at || !strategy ||
	    !out->remote != !out->there ||
	    sk_merge_strategy_parse(&out->strategy, strategy, &ignored) < 0 ||
	    read_id(out->commit, root, "commit") < 0)
		return -1;
	if (read_refs(out, sk_json_get(root, "refs")) < 0)
		return -1;
	return read_rests(out, sk_json_get(root, "cleanup"));
}

int sk_merge_state_read(struct sk_merge_state *out, const struct sk_repo *repo,
			struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_json *root = NULL;
	int rc;

	*out = (struct sk_merge_state)SK_MERGE_STATE_INIT;
	add_path(&path, repo);
	rc = sk_file_read(&text, path.ptr, FILE_MAX, err);
	if (rc == 0)
		rc = sk_json_parse(&root, text.ptr, text.len, err);
	if (rc == 0 && read_json(out, root) < 0)
		rc = sk_fail(err, SK_EDATA,
			     "it is not what git sk-merge"
			     " writes");
	if (rc < 0) {
		sk_within(err, "'%.300s'", path.ptr);
		sk_hint(err, "look at the branches; when all is well,"
			     " remove it");
	}
	sk_json_free(root);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}

int sk_merge_state_write(const struct sk_merge_state *state,
			 const struct sk_repo *repo, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc;

	add_path(&path, repo);
	add_json(&text, state);
	rc = sk_file_write(path.ptr, text.ptr, text.len, 0644, err);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc;
}

int sk_merge_state_forget(const struct sk_repo *repo, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	int rc = 0;

	add_path(&path, repo);
	sk_file_sweep(path.ptr);
	if (unlink(path.ptr) < 0 && errno != ENOENT)
		rc = sk_fail_errno(err, errno, "cannot remove '%s'", path.ptr);
	sk_str_free(&path);
	return rc;
}

bool sk_merge_state_is_alive(const struct sk_merge_state *state)
{
	struct sk_process process;

	sk_process_look(&process, state->pid);
	return state->pid != getpid() && process.is_alive &&
	       (!state->start || !process.start ||
		process.start == state->start);
}
