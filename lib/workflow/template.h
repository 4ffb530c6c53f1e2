/* SPDX-License-Identifier: MIT */
/*
 * The template of a name: the first file that there is, down a chain of tiers.
 * With <dir> for "templates" or "command-templates", and <m> for the type of
 * the mission:
 *
 * 1. override        .kittify/overrides/<dir>/<name>
 * 2. legacy          .kittify/<dir>/<name>
 * 3. global mission  ~/.kittify/missions/<m>/<dir>/<name>
 * 4. global          ~/.kittify/<dir>/<name>
 * 5. package         <m>/<dir>/<name> (builtin.h)
 * 6. fallback        where only the oldest releases looked, and for another
 *                    type what software-dev has
 *
 * "mission.yaml" has the first three and the package, always below missions/.
 * An empty file, and one that cannot be read, is passed by. Needs no git.
 */
#ifndef SK_WORKFLOW_TEMPLATE_H
#define SK_WORKFLOW_TEMPLATE_H

#include "base/err.h"
#include "base/str.h"

enum sk_template_tier {
	SK_TIER_OVERRIDE,
	SK_TIER_LEGACY,
	SK_TIER_GLOBAL_MISSION,
	SK_TIER_GLOBAL,
	SK_TIER_PACKAGE,
	SK_TIER_FALLBACK,
};

/* Why a place won, or did not. */
enum sk_template_state {
	SK_TEMPLATE_WINS,
	SK_TEMPLATE_SHADOWED, /* there is one, and a tier above has it, too */
	SK_TEMPLATE_ABSENT,
	SK_TEMPLATE_EMPTY,
	SK_TEMPLATE_UNREADABLE,
};

struct sk_template_place {
	enum sk_template_tier tier;
	enum sk_template_state state;
	char *path;    /* absolute; of what is built in just its name */
	char *problem; /* of an unreadable one; else NULL */
	bool is_builtin;
};

/* So many places are there at most. */
#define SK_TEMPLATE_PLACES 10

struct sk_template {
	struct sk_str text;			/* of the place that wins */
	const struct sk_template_place *winner; /* NULL: none does */
	struct sk_template_place places[SK_TEMPLATE_PLACES];
	size_t count;
};

#define SK_TEMPLATE_INIT                                                       \
	{                                                                      \
		.text = SK_STR_INIT                                            \
	}

/*
 * Look at all places for `name`: "spec-template.md", the same with "templates/"
 * in front, "command-templates/<name>", or "mission.yaml". `project` is the
 * folder that holds .kittify, NULL for none. *out, empty before, is owned:
 * sk_template_free(), and stays where it is.
 *
 * Returns 0; 1 when no place has it; -1 with SK_EUSAGE for a name or type that
 * leads out of the folders.
 */
int sk_template_find(struct sk_template *out, const char *project,
		     const char *mission_type, const char *name,
		     struct sk_err *err) SK_NODISCARD;
void sk_template_free(struct sk_template *found);

/* Fill *err for a template that no place has. Returns -1. */
int sk_template_fail(const struct sk_template *found, const char *project,
		     const char *mission_type, const char *name,
		     struct sk_err *err);

/* "global mission"; of a state "shadowed". Borrowed for ever. */
const char *sk_template_tier_name(enum sk_template_tier tier);
const char *sk_template_state_name(enum sk_template_state state);

/* The project's .kittify below the root of a work tree. */
#define SK_KITTIFY ".kittify"

/*
 * Whether a name stays in its folder: relative, without empty components, "."
 * and "..", without control characters, and of a length that files can have.
 */
bool sk_template_name_is_safe(const char *name);

#endif
