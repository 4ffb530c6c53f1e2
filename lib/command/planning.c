/* SPDX-License-Identifier: MIT */
#include "command/planning.h"

#include <stdio.h>
#include <string.h>

#include "base/now.h"
#include "command/after.h"
#include "format/time.h"
#include "front/cli.h"
#include "workflow/actor.h"
#include "workflow/handle.h"

/* Of a mission without a name of its own the rows have null. */
static void load_project(struct sk_planning *p)
{
	struct sk_config config = SK_CONFIG_INIT;
	struct sk_err ignored = {0};

	if (sk_config_load(&config, &ignored) == 0 &&
	    sk_project_load(&p->project, p->repo, &config, &ignored) == 0) {
		if (p->project.uuid.len)
			p->project_uuid = p->project.uuid.ptr;
		if (p->project.slug.len)
			p->project_slug = p->project.slug.ptr;
	}
	sk_config_free(&config);
}

static int find_current(struct sk_planning *p, struct sk_err *err)
{
	const size_t skip = strlen("refs/heads/");
	struct sk_str ref = SK_STR_INIT;
	struct sk_oid head;
	int rc = sk_repo_head(p->repo, &head, &ref, err);

	if (rc >= 0 && strncmp(ref.ptr, "refs/heads/", skip) == 0)
		sk_str_puts(&p->current, ref.ptr + skip);
	sk_str_free(&ref);
	return rc < 0 ? -1 : 0;
}

int sk_planning_begin(struct sk_planning *p, bool json, struct sk_err *err)
{
	p->json = json;
	if (sk_repo_open_as_git(&p->repo, err) < 0 || sk_gate_change(err) < 0 ||
	    find_current(p, err) < 0)
		return -1;
	sk_before_change(json);
	load_project(p);
	sk_actor_add(&p->actor, p->repo, NULL);
	return 0;
}

void sk_planning_end(struct sk_planning *p)
{
	sk_repo_close(p->repo);
	sk_str_free(&p->actor);
	sk_str_free(&p->current);
	sk_project_free(&p->project);
	*p = (struct sk_planning)SK_PLANNING_INIT;
}

void sk_planning_print(sk_planning_fn *add, void *ctx)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	add(&w, ctx);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

/* A mission that is not there. */
struct unresolved {
	const struct sk_missions *all;
	const char *handle, *code;
	const struct sk_err *err;
};

static void add_unresolved(struct sk_jsonw *w, void *ctx)
{
	const struct unresolved *u = ctx;

	sk_jsonw_text(w, "error_code", u->code);
	sk_jsonw_text(w, "error", u->err->msg);
	sk_jsonw_text(w, "hint", u->err->hint[0] ? u->err->hint : NULL);
	sk_jsonw_text(w, "mission_flag", u->handle);
	sk_jsonw_array(w, "available_missions");
	for (size_t i = 0; i < u->all->count; i++)
		sk_jsonw_text(w, NULL, u->all->items[i].slug);
	sk_jsonw_end_array(w);
}

int sk_planning_find(const struct sk_planning *p, const char *handle,
		     const char *error_code, struct sk_err *err)
{
	struct sk_missions all = SK_MISSIONS_INIT;
	struct unresolved u = {&all, handle, error_code, err};
	struct sk_mission *found;
	int rc = sk_missions_find(&all, p->repo, err);

	if (rc == 0) {
		if (handle)
			rc = sk_mission_resolve(&found, &all, handle, err);
		else
			rc = sk_mission_here(&found, &all, err);
		if (rc < 0 && p->json)
			sk_planning_print(add_unresolved, &u);
	}
	sk_missions_free(&all);
	return rc;
}

/* Each kind once: what it is about. */
static void add_kinds(struct sk_jsonw *w, const struct sk_faults *faults)
{
	for (size_t i = 0; i < faults->len; i++) {
		const char *code = faults->items[i].code;
		bool is_first = true;

		for (size_t j = 0; j < i && is_first; j++)
			is_first = strcmp(faults->items[j].code, code) != 0;
		if (!is_first)
			continue;
		sk_jsonw_array(w, code);
		for (size_t j = i; j < faults->len; j++) {
			if (strcmp(faults->items[j].code, code) == 0)
				sk_jsonw_text(w, NULL,
					      faults->items[j].subject);
		}
		sk_jsonw_end_array(w);
	}
}

struct faulty {
	const struct sk_faults *faults;
	const char *what;
	sk_planning_fn *add;
	void *ctx;
};

static void add_faults(struct sk_jsonw *w, void *ctx)
{
	const struct faulty *f = ctx;

	sk_jsonw_text(w, "error", f->what);
	sk_jsonw_array(w, "errors");
	for (size_t i = 0; i < f->faults->len; i++)
		sk_jsonw_text(w, NULL, f->faults->items[i].text);
	sk_jsonw_end_array(w);
	add_kinds(w, f->faults);
	if (f->add)
		f->add(w, f->ctx);
}

void sk_planning_print_faults(const struct sk_planning *p,
			      const struct sk_faults *faults, const char *what,
			      sk_planning_fn *add, void *ctx)
{
	struct faulty f = {faults, what, add, ctx};
	struct sk_str text = SK_STR_INIT;

	if (p->json) {
		sk_planning_print(add_faults, &f);
		return;
	}
	for (size_t i = 0; i < faults->len; i++) {
		const char *line = faults->items[i].text;

		sk_str_add_visible(&text, line, strlen(line), SIZE_MAX);
		sk_str_putc(&text, '\n');
	}
	fputs(text.ptr, stdout);
	sk_warn("%s, and nothing is written", what);
	sk_str_free(&text);
}

/* "matches" of text or of a branch: each under its two names. */
static void add_both(struct sk_jsonw *w, const char *lower, const char *upper,
		     const char *value)
{
	sk_jsonw_text(w, lower, value);
	sk_jsonw_text(w, upper, value);
}

static void add_context(struct sk_jsonw *w, const char *current,
			const char *target, bool matches)
{
	sk_jsonw_object(w, "branch_context");
	sk_jsonw_text(w, "current_branch", current);
	sk_jsonw_text(w, "target_branch", target);
	sk_jsonw_text(w, "base_branch", target);
	sk_jsonw_text(w, "planning_base_branch", target);
	sk_jsonw_text(w, "merge_target_branch", target);
	sk_jsonw_text(w, "expected_checkout_branch", target);
	sk_jsonw_bool(w, "matches_target", matches);
	sk_jsonw_end_object(w);
}

void sk_planning_add_branches(struct sk_jsonw *w, const struct sk_planning *p,
			      const char *target)
{
	const char *current = p->current.len ? p->current.ptr : NULL;
	bool matches = current && strcmp(current, target) == 0;
	struct sk_str text = SK_STR_INIT;

	add_both(w, "current_branch", "CURRENT_BRANCH", current);
	add_both(w, "target_branch", "TARGET_BRANCH", target);
	add_both(w, "base_branch", "BASE_BRANCH", target);
	add_both(w, "planning_base_branch", "PLANNING_BASE_BRANCH", target);
	add_both(w, "merge_target_branch", "MERGE_TARGET_BRANCH", target);
	sk_jsonw_text(w, "EXPECTED_TARGET_BRANCH", target);
	sk_jsonw_text(w, "EXPECTED_BASE_BRANCH", target);
	sk_jsonw_bool(w, "branch_matches_target", matches);
	sk_jsonw_bool(w, "BRANCH_MATCHES_TARGET", matches);
	sk_str_addf(&text, "Planned on %s; what is done goes back into %s.",
		    target, target);
	sk_jsonw_text(w, "branch_strategy_summary", text.ptr);
	sk_str_clear(&text);
	sk_time_add(&text, sk_now_ms() * 1000);
	sk_jsonw_object(w, "runtime_vars");
	sk_jsonw_text(w, "now_utc_iso", text.ptr);
	sk_jsonw_end_object(w);
	sk_jsonw_text(w, "NOW_UTC_ISO", text.ptr);
	add_context(w, current, target, matches);
	sk_str_free(&text);
}
