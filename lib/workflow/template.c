/* SPDX-License-Identifier: MIT */
#include "workflow/template.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "workflow/builtin.h"
#include "workflow/runtime.h"

enum { NAME_MAX_BYTES = 1024, COMPONENT_MAX = 255 };

#define CONFIG "mission.yaml"

static const char *const tiers[] = {
	[SK_TIER_OVERRIDE] = "override",
	[SK_TIER_LEGACY] = "legacy",
	[SK_TIER_GLOBAL_MISSION] = "global mission",
	[SK_TIER_GLOBAL] = "global",
	[SK_TIER_PACKAGE] = "package",
	[SK_TIER_FALLBACK] = "fallback",
};
static const char *const states[] = {
	[SK_TEMPLATE_WINS] = "wins",
	[SK_TEMPLATE_SHADOWED] = "shadowed",
	[SK_TEMPLATE_ABSENT] = "absent",
	[SK_TEMPLATE_EMPTY] = "empty",
	[SK_TEMPLATE_UNREADABLE] = "unreadable",
};

const char *sk_template_tier_name(enum sk_template_tier tier)
{
	return tiers[tier];
}

const char *sk_template_state_name(enum sk_template_state state)
{
	return states[state];
}

bool sk_template_name_is_safe(const char *name)
{
	if (strlen(name) > NAME_MAX_BYTES)
		return false;
	for (const char *at = name; *at; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return false;
	}
	for (;;) {
		size_t len = strcspn(name, "/");

		if (len == 0 || len > COMPONENT_MAX ||
		    (len <= 2 && strncmp(name, "..", len) == 0))
			return false;
		if (!name[len])
			return true;
		name += len + 1;
	}
}

/* Everything that the places of one template are made of. */
struct search {
	struct sk_template *out;
	const char *project, *type;
	const char *dir, *name; /* `dir` is NULL for the file of the type */
	struct sk_str home, package;
	bool is_builtin; /* no folder stands in for the package */
};

/* The same bytes in another folder are another template: none is shared. */
static void settle(struct sk_template *out, struct sk_template_place *place,
		   struct sk_str *text)
{
	if (text->len == 0) {
		place->state = SK_TEMPLATE_EMPTY;
	} else if (out->winner) {
		place->state = SK_TEMPLATE_SHADOWED;
	} else {
		place->state = SK_TEMPLATE_WINS;
		out->winner = place;
		sk_str_add(&out->text, text->ptr, text->len);
	}
}

static void SK_PRINTF(3, 4)
	look(struct search *s, enum sk_template_tier tier, const char *fmt, ...)
{
	struct sk_template_place *place = &s->out->places[s->out->count++];
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_err err = {0};
	va_list args;
	int rc;

	va_start(args, fmt);
	sk_str_vaddf(&path, fmt, args);
	va_end(args);
	place->tier = tier;
	place->path = sk_str_take(&path);
	rc = sk_file_read(&text, place->path, SK_TEMPLATE_MAX, &err);
	if (rc < 0) {
		place->state = SK_TEMPLATE_UNREADABLE;
		place->problem = sk_strdup(err.msg);
	} else if (rc > 0) {
		place->state = SK_TEMPLATE_ABSENT;
	} else {
		settle(s->out, place, &text);
	}
	sk_str_free(&text);
}

static void look_at_builtin(struct search *s, enum sk_template_tier tier,
			    const char *name)
{
	struct sk_template_place *place = &s->out->places[s->out->count++];
	const char *text = sk_builtin_text(name);
	struct sk_str bytes = SK_STR_INIT;

	place->tier = tier;
	place->path = sk_strdup(name);
	place->is_builtin = true;
	place->state = SK_TEMPLATE_ABSENT;
	if (text) {
		sk_str_puts(&bytes, text);
		settle(s->out, place, &bytes);
		sk_str_free(&bytes);
	}
}

static void look_in_package(struct search *s, enum sk_template_tier tier,
			    const char *type)
{
	struct sk_str name = SK_STR_INIT;

	sk_str_addf(&name, "%s/%s%s%s", type, s->dir ? s->dir : "",
		    s->dir ? "/" : "", s->name);
	if (s->is_builtin)
		look_at_builtin(s, tier, name.ptr);
	else
		look(s, tier, "%s/%s", s->package.ptr, name.ptr);
	sk_str_free(&name);
}

/* mission.yaml, of which there is one for each type. */
static void look_for_config(struct search *s)
{
	if (s->project) {
		look(s, SK_TIER_OVERRIDE,
		     "%s/" SK_KITTIFY "/overrides/missions/%s/%s", s->project,
		     s->type, s->name);
		look(s, SK_TIER_LEGACY, "%s/" SK_KITTIFY "/missions/%s/%s",
		     s->project, s->type, s->name);
	}
	look(s, SK_TIER_GLOBAL_MISSION, "%s/missions/%s/%s", s->home.ptr,
	     s->type, s->name);
	look_in_package(s, SK_TIER_PACKAGE, s->type);
}

/*
 * The first fallback is where 'migrate' puts what the second one had, so that
 * moving it changes nothing.
 */
static void look_for_document(struct search *s)
{
	if (s->project) {
		look(s, SK_TIER_OVERRIDE, "%s/" SK_KITTIFY "/overrides/%s/%s",
		     s->project, s->dir, s->name);
		look(s, SK_TIER_LEGACY, "%s/" SK_KITTIFY "/%s/%s", s->project,
		     s->dir, s->name);
	}
	look(s, SK_TIER_GLOBAL_MISSION, "%s/missions/%s/%s/%s", s->home.ptr,
	     s->type, s->dir, s->name);
	look(s, SK_TIER_GLOBAL, "%s/%s/%s", s->home.ptr, s->dir, s->name);
	look_in_package(s, SK_TIER_PACKAGE, s->type);
	if (s->project) {
		look(s, SK_TIER_FALLBACK,
		     "%s/" SK_KITTIFY "/overrides/missions/%s/%s/%s",
		     s->project, s->type, s->dir, s->name);
		look(s, SK_TIER_FALLBACK, "%s/" SK_KITTIFY "/missions/%s/%s/%s",
		     s->project, s->type, s->dir, s->name);
		look(s, SK_TIER_FALLBACK, "%s/%s/%s", s->project, s->dir,
		     s->name);
	}
	if (strcmp(s->type, SK_BUILTIN_MISSION) != 0)
		look_in_package(s, SK_TIER_FALLBACK, SK_BUILTIN_MISSION);
}

static int fail_name(const char *what, const char *name, struct sk_err *err)
{
	struct sk_str shown = SK_STR_INIT;

	sk_str_add_visible(&shown, name, strlen(name), 80);
	sk_fail(err, SK_EUSAGE, "'%s' is no name of %s", shown.ptr, what);
	sk_str_free(&shown);
	return -1;
}

/* Split "command-templates/x.md" and the like. */
static void split(struct search *s, const char *name)
{
	static const char *const dirs[] = {"templates", "command-templates"};

	s->name = name;
	s->dir = strcmp(name, CONFIG) == 0 ? NULL : dirs[0];
	for (size_t i = 0; i < SK_COUNTOF(dirs); i++) {
		size_t len = strlen(dirs[i]);

		if (strncmp(name, dirs[i], len) == 0 && name[len] == '/') {
			s->dir = dirs[i];
			s->name = name + len + 1;
		}
	}
}

int sk_template_find(struct sk_template *out, const char *project,
		     const char *mission_type, const char *name,
		     struct sk_err *err)
{
	struct search s = {.out = out,
			   .project = project,
			   .type = mission_type,
			   .home = SK_STR_INIT,
			   .package = SK_STR_INIT};
	int rc, ret = -1;

	if (!sk_template_name_is_safe(name))
		return fail_name("a template", name, err);
	if (!sk_template_name_is_safe(mission_type) ||
	    strchr(mission_type, '/'))
		return fail_name("a mission type", mission_type, err);
	split(&s, name);
	if (sk_runtime_home(&s.home, err) < 0 ||
	    (rc = sk_package_root(&s.package, err)) < 0)
		goto out;
	s.is_builtin = rc == 1;
	if (s.dir)
		look_for_document(&s);
	else
		look_for_config(&s);
	ret = out->winner ? 0 : 1;
out:
	sk_str_free(&s.home);
	sk_str_free(&s.package);
	return ret;
}

void sk_template_free(struct sk_template *found)
{
	for (size_t i = 0; i < found->count; i++) {
		free(found->places[i].path);
		free(found->places[i].problem);
	}
	sk_str_free(&found->text);
	*found = (struct sk_template)SK_TEMPLATE_INIT;
}

int sk_template_fail(const struct sk_template *found, const char *project,
		     const char *mission_type, const char *name,
		     struct sk_err *err)
{
	sk_fail(err, SK_EFAIL,
		"no template '%.100s' for missions of type '%.60s' in %zu"
		" places%s%.200s%s",
		name, mission_type, found->count, project ? ", project '" : "",
		project ? project : "", project ? "'" : "");
	return sk_hint(err,
		       "run 'git sk-mission template --explain %s' to see"
		       " where it may lie",
		       name);
}
