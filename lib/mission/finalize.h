/* SPDX-License-Identifier: MIT */
/*
 * What finalizing the tasks of a mission comes to: from the bytes of its files
 * either a plan, of which files hold what then, or everything that is wrong
 * with them. Nothing is written here.
 */
#ifndef SK_MISSION_FINALIZE_H
#define SK_MISSION_FINALIZE_H

#include "mission/faults.h"
#include "mission/frontmatter.h"
#include "mission/tasksdoc.h"

/* The kinds of faults, beside those of dependency.h and lanes.h. */
#define SK_FAULT_FILE		  "invalid_files"
#define SK_FAULT_MISSING_SECTION  "missing_wp_sections"
#define SK_FAULT_EXTRA_SECTION	  "extra_wp_sections"
#define SK_FAULT_CONFLICT	  "dependency_conflicts"
#define SK_FAULT_NO_REFS	  "missing_requirement_refs_wps"
#define SK_FAULT_UNKNOWN_REF	  "unknown_requirement_refs"
#define SK_FAULT_UNMAPPED	  "unmapped_functional_requirements"
#define SK_FAULT_OWNERSHIP	  "ownership_errors"
#define SK_FAULT_OWNS_KITTY_SPECS "invalid_owned_files"

/* The bytes of a file; `data` is NULL when there is none. Borrowed. */
struct sk_bytes {
	const char *name; /* of a file below tasks/; else unused */
	const char *data;
	size_t len;
};

struct sk_finalize {
	const struct sk_bytes *files; /* what is below tasks/, in any order */
	size_t len;
	struct sk_bytes tasks;	  /* tasks.md */
	struct sk_bytes manifest; /* wps.yaml: decides, where there is one */
	struct sk_bytes spec;	  /* spec.md */
	const char *mission_slug;
	const char *mission_id; /* or NULL */
	const char *target_branch;
	const char *computed_at;
};

/* A work package as it shall be. */
struct sk_final_wp {
	struct sk_wp wp; /* as its file says now */
	const char *file_name;
	struct sk_str text;	 /* the bytes its file shall have */
	struct sk_words changes; /* the keys that are set in it */
	struct sk_words dependencies;
	struct sk_words requirement_refs;
	struct sk_words owned_files;
	struct sk_words surfaces;
	bool is_planning;
	bool is_guess; /* nothing says what it owns: all of src/ */
};

struct sk_final {
	struct sk_final_wp *wps; /* by id */
	size_t len;
	struct sk_str lanes; /* the bytes of lanes.json */
};

/*
 * Make the plan. *out is owned, sk_final_free() it whatever this returned; its
 * names are borrowed from `in`. Returns 0; 1 when faults were appended, and
 * then it is no plan.
 */
int sk_finalize_plan(struct sk_final *out, const struct sk_finalize *in,
		     struct sk_faults *faults) SK_NODISCARD;
void sk_final_free(struct sk_final *final);

#endif
