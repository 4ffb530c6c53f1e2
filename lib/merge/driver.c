/* SPDX-License-Identifier: MIT */
#include "merge/driver.h"

#include <stdlib.h>
#include <string.h>

static const char *const suffix = ".driver";

/* The names of drivers, and what files without the attribute have. */
struct known {
	struct sk_map names;
	struct sk_str fallback;
};

/* `merge.<name>.driver LF <command>` or `merge.default LF <name>`, NUL each. */
static void parse_known(struct known *known, const struct sk_str *text)
{
	const char *end = text->ptr + text->len;

	for (const char *at = text->ptr; at < end; at += strlen(at) + 1) {
		size_t key = strcspn(at, "\n"), start = strlen("merge.");
		size_t tail = strlen(suffix);

		if (key == strlen("merge.default") &&
		    strncmp(at, "merge.default", key) == 0) {
			sk_str_clear(&known->fallback);
			sk_str_puts(&known->fallback,
				    at[key] ? at + key + 1 : "");
		} else if (key > start + tail) {
			sk_map_add(&known->names, at + start,
				   key - start - tail, 1, NULL);
		}
	}
}

static int ask_known(struct known *known, const struct sk_git_place *place,
		     struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc = sk_git_run(
		&text, NULL, place, NULL,
		(const char *const[]){"config", "-z", "--get-regexp",
				      "^merge\\.(.*\\.driver|default)$", NULL},
		err);

	if (rc == 0)
		parse_known(known, &text);
	else if (rc > 1)
		rc = sk_fail(err, SK_EFAIL,
			     "git cannot read its"
			     " configuration");
	sk_str_free(&text);
	return rc < 0 ? -1 : 0;
}

/* `<path> NUL merge NUL <value> NUL`, for each path. */
static void take_paths(struct sk_drivers *out, const struct known *known,
		       const struct sk_str *text)
{
	const char *end = text->ptr + text->len;

	for (const char *path = text->ptr; path < end;) {
		const char *name = path + strlen(path) + 1;
		const char *value = name < end ? name + strlen(name) + 1 : end;

		if (value >= end)
			return;
		name = strcmp(value, "unspecified") == 0 ? known->fallback.ptr
							 : value;
		if (sk_map_get(&known->names, name, strlen(name)))
			sk_map_add(&out->paths, path, strlen(path), 1, NULL);
		path = value + strlen(value) + 1;
	}
}

int sk_drivers_ask(struct sk_drivers *out, const struct sk_git_place *place,
		   const char *none, const char *const paths[],
		   struct sk_err *err)
{
	struct sk_git_place here = *place;
	struct known known = {SK_MAP_INIT, SK_STR_INIT};
	struct sk_str text = SK_STR_INIT, input = SK_STR_INIT;
	int rc;

	*out = (struct sk_drivers){SK_MAP_INIT};
	here.index = none;
	for (size_t i = 0; paths[i]; i++)
		sk_str_add(&input, paths[i], strlen(paths[i]) + 1);
	rc = ask_known(&known, place, err);
	if (rc == 0 && known.names.len)
		rc = sk_git_must(
			&text, &here,
			&(struct sk_feed){.data = input.ptr, .len = input.len},
			(const char *const[]){"check-attr", "-z", "--stdin",
					      "merge", NULL},
			err);
	if (rc == 0)
		take_paths(out, &known, &text);
	sk_map_free(&known.names);
	sk_str_free(&known.fallback);
	sk_str_free(&input);
	sk_str_free(&text);
	return rc;
}

bool sk_drivers_has(const struct sk_drivers *drivers, const char *path)
{
	return sk_map_get(&drivers->paths, path, strlen(path)) != NULL;
}

void sk_drivers_free(struct sk_drivers *drivers)
{
	sk_map_free(&drivers->paths);
}
