/* SPDX-License-Identifier: MIT */
/*
 * What a work package is about when its front matter does not say: planning or
 * code, which files, and the folder they are in.
 */
#ifndef SK_MISSION_SURFACE_H
#define SK_MISSION_SURFACE_H

#include "base/str.h"
#include "base/words.h"

/* Whether `surface`, a folder, is one that a glob begins with. */
bool sk_surface_covers(const char *surface, const struct sk_words *globs);

/* What a work package seems to be, by what its file says. */
struct sk_ownership {
	bool is_planning; /* else code */
	struct sk_words files;
	bool is_guess; /* no path was named: all of src/ */
};

/* Infer it from the text of the file. *out is owned: free its `files`. */
void sk_ownership_infer(struct sk_ownership *out, const char *text, size_t len);

/*
 * The folder that most of the globs lie in: what they all begin with, ending
 * in "/"; else the folder of the first. Appends nothing when there are none.
 */
void sk_ownership_surface(struct sk_str *out, const struct sk_words *globs);

/* Append what the text says that the work touches: "api", "tests", ... */
void sk_surfaces_infer(struct sk_words *out, const char *text, size_t len);

#endif
