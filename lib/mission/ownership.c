/* SPDX-License-Identifier: MIT */
#include "mission/ownership.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

/* One character of a component, or a star: which characters it may be. */
struct token {
	enum { LITERAL, ANY, SET, STAR } kind;
	uint32_t point;	 /* of LITERAL */
	const char *at;	 /* of SET: behind the bracket, and "!" */
	const char *end; /* its closing bracket */
	bool is_not;
};

struct component {
	bool is_any; /* any number of components */
	struct token *tokens;
	size_t len;
};

struct glob {
	struct token *tokens; /* of all components */
	struct component *parts;
	size_t len;
	bool is_huge, is_folder;
};

static size_t decode(uint32_t *point, const char *at, const char *end)
{
	size_t size = sk_utf8_decode(point, at, (size_t)(end - at));

	if (!size)
		*point = 0x110000 + (unsigned char)*at; /* a byte of its own */
	return size ? size : 1;
}

/* The end of the set that opens at `at`; NULL when it is a plain bracket. */
static const char *set_end(const char *at, const char *end)
{
	const char *first = at + 1;

	if (first < end && (*first == '!' || *first == '^'))
		first++;
	return first < end ? memchr(first + 1, ']', (size_t)(end - first - 1))
			   : NULL;
}

static struct token read_token(const char **at, const char *end,
			       bool is_literal)
{
	struct token token = {.kind = LITERAL};
	const char *close;

	if (!is_literal && (**at == '*' || **at == '?')) {
		token.kind = *(*at)++ == '*' ? STAR : ANY;
		return token;
	}
	close = !is_literal && **at == '[' ? set_end(*at, end) : NULL;
	if (close) {
		token.kind = SET;
		token.at = *at + 1;
		token.is_not = *token.at == '!' || *token.at == '^';
		token.at += token.is_not;
		token.end = close;
		*at = close + 1;
		return token;
	}
	*at += decode(&token.point, *at, end);
	return token;
}

/* Take it apart; a literal one has no wildcards. */
static void read_glob(struct glob *out, const char *text, bool is_literal)
{
	size_t len = strlen(text), tokens = 0;
	const char *at = text, *end = text + len;

	*out = (struct glob){.is_huge = len > SK_GLOB_MAX,
			     .is_folder = len && text[len - 1] == '/'};
	if (out->is_huge)
		return;
	out->tokens = sk_calloc(len + 1, sizeof(*out->tokens));
	out->parts = sk_calloc(len + 2, sizeof(*out->parts));
	while (at < end) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		const char *stop = slash ? slash : end;
		struct component *part = &out->parts[out->len];

		if (stop == at || (stop == at + 1 && *at == '.')) {
			at = slash ? slash + 1 : end;
			continue;
		}
		part->tokens = &out->tokens[tokens];
		part->is_any =
			!is_literal && memmem(at, (size_t)(stop - at), "**", 2);
		while (at < stop)
			part->tokens[part->len++] =
				read_token(&at, stop, is_literal);
		tokens += part->len;
		out->len++;
		at = slash ? slash + 1 : end;
	}
}

static void free_glob(struct glob *glob)
{
	free(glob->tokens);
	free(glob->parts);
}

static bool set_holds(const struct token *set, uint32_t point)
{
	const char *at = set->at;

	while (at < set->end) {
		uint32_t low, high;

		at += decode(&low, at, set->end);
		high = low;
		if (at + 1 < set->end && *at == '-')
			at += 1 + decode(&high, at + 1, set->end);
		if (low <= point && point <= high)
			return !set->is_not;
	}
	return set->is_not;
}

static bool may_be(const struct token *token, uint32_t point)
{
	if (!point || point == '/')
		return false;
	if (token->kind == LITERAL)
		return token->point == point;
	return token->kind == ANY || set_holds(token, point);
}

/* What a set holds changes at the ends of its ranges, and nowhere else. */
static bool shares_an_edge(const struct token *set, const struct token *other)
{
	const char *at = set->at;

	while (at < set->end) {
		uint32_t point;

		at += decode(&point, at, set->end);
		for (uint32_t edge = point - !!point; edge <= point + 1; edge++)
			if (may_be(set, edge) && may_be(other, edge))
				return true;
	}
	return false;
}

/* Whether there is a character that both may be. */
static bool tokens_meet(const struct token *a, const struct token *b)
{
	if (a->kind == LITERAL)
		return may_be(b, a->point);
	if (b->kind == LITERAL)
		return may_be(a, b->point);
	/* below the lowest edge and beside "/" all is as at these */
	if ((may_be(a, 1) && may_be(b, 1)) ||
	    (may_be(a, '/' + 1) && may_be(b, '/' + 1)))
		return true;
	return (a->kind == SET && shares_an_edge(a, b)) ||
	       (b->kind == SET && shares_an_edge(b, a));
}

/*
 * Both walks go from pair to pair of places, row by row: row[j] says whether
 * the first i of one and the first j of the other can be of one text.
 */
static bool components_meet(const struct component *a,
			    const struct component *b, bool *row)
{
	for (size_t i = 0; i <= a->len; i++) {
		bool corner = false; /* what stood at (i - 1, j - 1) */

		for (size_t j = 0; j <= b->len; j++) {
			bool above = i ? row[j] : false;
			bool left = j ? row[j - 1] : false;
			bool can = !i && !j;

			if (i && j && a->tokens[i - 1].kind != STAR &&
			    b->tokens[j - 1].kind != STAR)
				can = corner && tokens_meet(&a->tokens[i - 1],
							    &b->tokens[j - 1]);
			if (i && a->tokens[i - 1].kind == STAR)
				can = can || above || left;
			if (j && b->tokens[j - 1].kind == STAR)
				can = can || above || left;
			corner = above;
			row[j] = can;
		}
	}
	return row[b->len];
}

static bool parts_meet(const struct component *a, const struct component *b,
		       bool *row)
{
	return a->is_any || b->is_any || components_meet(a, b, row);
}

/* Whether it says of a name that there is a dot in it, from that place on. */
static bool has_dot(const struct component *part, size_t from)
{
	for (size_t i = from; !part->is_any && i < part->len; i++) {
		if (part->tokens[i].kind == LITERAL &&
		    part->tokens[i].point == '.')
			return true;
	}
	return false;
}

static bool is_literal(const struct component *part)
{
	for (size_t i = 0; i < part->len; i++) {
		if (part->tokens[i].kind != LITERAL)
			return false;
	}
	return true;
}

/*
 * Whether the first glob, all of which has been matched, owns what the other
 * goes on to. Nobody means what is below src/x.c by "src" and two stars, nor
 * what is below a folder x.md by a star and ".md": what has the name of a file
 * must be what a component of the other was matched with, and a pattern of such
 * names one that speaks of a dot itself.
 */
static bool ends_here(const struct glob *glob, const struct glob *other,
		      size_t i, size_t j)
{
	const struct component *last, *met;

	if (i < glob->len)
		return false;
	if (j == other->len || !i || glob->is_folder)
		return true;
	last = &glob->parts[i - 1];
	if (!has_dot(last, 1))
		return true;
	met = &other->parts[j - 1]; /* the last has taken one */
	return is_literal(last) ? !met->is_any : has_dot(met, 0);
}

/*
 * With `below`, all below what the second matches counts as well; all below
 * what the first matches always does.
 */
static bool globs_meet(const struct glob *a, const struct glob *b, bool below)
{
	size_t width = b->len + 1;
	bool *can = sk_calloc((a->len + 1) * width, sizeof(*can));
	bool *row = sk_calloc(SK_GLOB_MAX + 2, sizeof(*row)), meet = false;

	for (size_t i = 0; i <= a->len; i++) {
		for (size_t j = 0; j <= b->len; j++) {
			bool *here = &can[i * width + j];
			const struct component *x = i ? &a->parts[i - 1] : NULL;
			const struct component *y = j ? &b->parts[j - 1] : NULL;

			*here = !i && !j;
			if (x && x->is_any)
				*here = can[(i - 1) * width + j] ||
					(j && can[i * width + j - 1]);
			if (y && y->is_any)
				*here = *here || can[i * width + j - 1] ||
					(i && can[(i - 1) * width + j]);
			if (x && y && !*here && can[(i - 1) * width + j - 1])
				*here = parts_meet(x, y, row);
			meet = meet ||
			       (*here && (ends_here(a, b, i, j) ||
					  (below && ends_here(b, a, j, i))));
		}
	}
	free(row);
	free(can);
	return meet;
}

bool sk_globs_overlap(const char *a, const char *b)
{
	struct glob x, y;
	bool meet;

	read_glob(&x, a, false);
	read_glob(&y, b, false);
	meet = x.is_huge || y.is_huge || globs_meet(&x, &y, true);
	free_glob(&x);
	free_glob(&y);
	return meet;
}

bool sk_glob_owns(const char *glob, const char *path)
{
	struct glob x, y;
	bool owns;

	read_glob(&x, glob, false);
	read_glob(&y, path, true);
	owns = x.is_huge || y.is_huge || globs_meet(&x, &y, false);
	free_glob(&x);
	free_glob(&y);
	return owns;
}

bool sk_globs_own(const struct sk_words *globs, const char *path)
{
	for (size_t i = 0; i < globs->len; i++) {
		if (sk_glob_owns(globs->items[i], path))
			return true;
	}
	return false;
}

bool sk_glob_is_of_missions(const char *glob)
{
	struct glob first, own;
	bool *row = sk_calloc(SK_GLOB_MAX + 2, sizeof(*row)), is_one = false;

	read_glob(&first, glob, false);
	read_glob(&own, "kitty-specs", true);
	/* what is about everything is not about these */
	if (first.len && !first.parts[0].is_any &&
	    !(first.parts[0].len == 1 && first.parts[0].tokens[0].kind == STAR))
		is_one = components_meet(&first.parts[0], &own.parts[0], row);
	free_glob(&first);
	free_glob(&own);
	free(row);
	return is_one;
}

bool sk_glob_is_outside(const char *glob)
{
	bool has_any = false;

	if (*glob == '/')
		return true;
	while (*glob) {
		size_t len = strcspn(glob, "/");

		if (len == 2 && memcmp(glob, "..", 2) == 0)
			return true;
		has_any = has_any || (len && !(len == 1 && *glob == '.'));
		glob += len + (glob[len] == '/');
	}
	return !has_any;
}
