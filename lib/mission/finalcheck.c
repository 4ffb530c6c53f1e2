/* SPDX-License-Identifier: MIT */
#include "mission/finalcheck.h"

#include <string.h>

#include "mission/dependency.h"
#include "mission/ownership.h"
#include "mission/requirement.h"
#include "mission/surface.h"

void sk_final_check_coverage(const struct sk_final *final,
			     const struct sk_tasks *tasks,
			     struct sk_faults *faults)
{
	for (size_t i = 0; i < final->len; i++) {
		const char *id = final->wps[i].wp.id;

		if (!sk_tasks_find(tasks, id))
			sk_fault_add(faults, SK_FAULT_MISSING_SECTION, id,
				     "'%s' has a file and no section", id);
	}
	for (size_t i = 0; i < tasks->len; i++) {
		const char *id = tasks->wps[i].id;
		bool has_file = false;

		for (size_t j = 0; j < final->len; j++)
			has_file = has_file ||
				   strcmp(final->wps[j].wp.id, id) == 0;
		if (!has_file)
			sk_fault_add(faults, SK_FAULT_EXTRA_SECTION, id,
				     "'%s' has a section and no file", id);
	}
}

void sk_final_check_dependencies(const struct sk_final *final,
				 struct sk_faults *faults)
{
	struct sk_dependencies all = SK_DEPENDENCIES_INIT;

	for (size_t i = 0; i < final->len; i++)
		sk_dependencies_add(&all, final->wps[i].wp.id,
				    &final->wps[i].dependencies);
	sk_dependencies_check(&all, faults);
	sk_dependencies_free(&all);
}

static void check_refs(const struct sk_final_wp *wp, const struct sk_spec *spec,
		       struct sk_words *met, struct sk_faults *faults)
{
	if (!wp->requirement_refs.len)
		sk_fault_add(faults, SK_FAULT_NO_REFS, wp->wp.id,
			     "'%s' names no requirement", wp->wp.id);
	for (size_t i = 0; i < wp->requirement_refs.len; i++) {
		const char *ref = wp->requirement_refs.items[i];

		if (!sk_words_has(&spec->known, ref))
			sk_fault_add(faults, SK_FAULT_UNKNOWN_REF, wp->wp.id,
				     "'%s' names '%s', which is not in "
				     "'spec.md'",
				     wp->wp.id, ref);
		sk_words_add_new(met, ref);
	}
}

void sk_final_check_requirements(const struct sk_final *final,
				 const struct sk_bytes *bytes,
				 struct sk_faults *faults)
{
	struct sk_words met = SK_WORDS_INIT;
	struct sk_spec spec;

	if (!bytes->data) {
		sk_fault_add(faults, SK_FAULT_FILE, "spec.md",
			     "there is no 'spec.md'");
		return;
	}
	sk_spec_read(&spec, bytes->data, bytes->len);
	for (size_t i = 0; i < final->len; i++)
		check_refs(&final->wps[i], &spec, &met, faults);
	for (size_t i = 0; i < spec.functional.len; i++) {
		const char *id = spec.functional.items[i];

		if (!sk_words_has(&met, id))
			sk_fault_add(faults, SK_FAULT_UNMAPPED, id,
				     "no work package is for '%s'", id);
	}
	sk_words_free(&met);
	sk_spec_free(&spec);
}

static bool is_everywhere(const struct sk_final_wp *wp)
{
	return wp->wp.scope && strcmp(wp->wp.scope, "codebase-wide") == 0;
}

static void check_globs(const struct sk_final_wp *wp, struct sk_faults *faults)
{
	const char *surface = wp->wp.authoritative_surface;

	for (size_t i = 0; i < wp->owned_files.len; i++) {
		const char *glob = wp->owned_files.items[i];

		if (sk_glob_is_of_missions(glob))
			sk_fault_add(faults, SK_FAULT_OWNS_KITTY_SPECS,
				     wp->wp.id,
				     "'%s' owns '%s': nobody owns the files of "
				     "a mission",
				     wp->wp.id, glob);
		else if (sk_glob_is_outside(glob))
			sk_fault_add(faults, SK_FAULT_OWNERSHIP, wp->wp.id,
				     "'%s' owns '%s', which is not within the "
				     "repository",
				     wp->wp.id, glob);
	}
	if (surface && wp->owned_files.len &&
	    !sk_surface_covers(surface, &wp->owned_files))
		sk_fault_add(faults, SK_FAULT_OWNERSHIP, wp->wp.id,
			     "'%s' owns nothing below its surface '%s'",
			     wp->wp.id, surface);
}

/* Two that own one path: told once, by the first globs that meet. */
static void check_pair(const struct sk_final_wp *a, const struct sk_final_wp *b,
		       struct sk_faults *faults)
{
	for (size_t i = 0; i < a->owned_files.len; i++) {
		for (size_t j = 0; j < b->owned_files.len; j++) {
			const char *x = a->owned_files.items[i];
			const char *y = b->owned_files.items[j];

			if (!sk_globs_overlap(x, y))
				continue;
			sk_fault_add(faults, SK_FAULT_OWNERSHIP, a->wp.id,
				     "'%s' and '%s' own the same files: '%s' "
				     "and '%s'",
				     a->wp.id, b->wp.id, x, y);
			return;
		}
	}
}

void sk_final_check_ownership(const struct sk_final *final,
			      struct sk_faults *faults)
{
	for (size_t i = 0; i < final->len; i++) {
		const struct sk_final_wp *a = &final->wps[i];

		check_globs(a, faults);
		for (size_t j = i + 1; j < final->len; j++) {
			const struct sk_final_wp *b = &final->wps[j];

			if (!is_everywhere(a) && !is_everywhere(b) &&
			    !(a->is_planning && b->is_planning))
				check_pair(a, b, faults);
		}
	}
}
