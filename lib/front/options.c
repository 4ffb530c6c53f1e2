/* SPDX-License-Identifier: MIT */
#include "front/options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "front/nearmiss.h"

/* What every command knows; explained in git-sk(1). */
static const struct sk_opt common[] = {
	{SK_OPT_FLAG, 0, "help", 0, NULL, "open the manual page", SK_MARK_NONE},
	{SK_OPT_FLAG, 0, "version", 0, NULL, "print the version", SK_MARK_NONE},
	SK_OPT_LAST,
};

struct parser {
	const struct sk_cmd *cmd;
	void *values;
	int argc;
	char **argv;
	int at;
	enum sk_wish wish;
};

/* What a long name means. */
struct match {
	const struct sk_opt *opt; /* NULL = nothing */
	bool is_negated;
};

static void *field_of(const struct parser *p, const struct sk_opt *opt)
{
	return (char *)p->values + opt->offset;
}

static size_t size_of(const struct sk_opt *opt)
{
	switch (opt->kind) {
	case SK_OPT_TEXT:
		return sizeof(const char *);
	case SK_OPT_UINT:
		return sizeof(unsigned);
	case SK_OPT_FLAG:
	case SK_OPT_END:
		break;
	}
	return sizeof(bool);
}

/* The options of the command, then the common ones; NULL behind the last. */
static const struct sk_opt *nth(const struct sk_cmd *cmd, size_t n)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++) {
		if (n-- == 0)
			return opt;
	}
	return n < SK_COUNTOF(common) - 1 ? &common[n] : NULL;
}

static bool is_common(const struct sk_opt *opt)
{
	return opt >= common && opt < common + SK_COUNTOF(common);
}

/* Take it back. */
static void reset(const struct parser *p, const struct sk_opt *opt)
{
	const char *defaults = p->cmd->defaults;
	void *field = field_of(p, opt);

	memset(field, 0, size_of(opt));
	if (defaults && opt->kind != SK_OPT_FLAG)
		memcpy(field, defaults + opt->offset, size_of(opt));
}

/* Past "no-", or NULL. */
static const char *negated(const char *name, size_t len)
{
	return len > 3 && memcmp(name, "no-", 3) == 0 ? name + 3 : NULL;
}

static bool is_named(const struct sk_opt *opt, const char *name, size_t len)
{
	return opt->long_name && strlen(opt->long_name) == len &&
	       memcmp(opt->long_name, name, len) == 0;
}

static bool begins(const struct sk_opt *opt, const char *name, size_t len)
{
	return opt->long_name && len && strlen(opt->long_name) > len &&
	       memcmp(opt->long_name, name, len) == 0;
}

static bool find_exact(struct match *out, const struct sk_cmd *cmd,
		       const char *name, size_t len)
{
	const char *rest = negated(name, len);
	const struct sk_opt *opt;

	for (size_t i = 0; (opt = nth(cmd, i)); i++) {
		bool is_plain = is_named(opt, name, len);

		if (!is_plain &&
		    (!rest || is_common(opt) || !is_named(opt, rest, len - 3)))
			continue;
		*out = (struct match){opt, !is_plain};
		return true;
	}
	return false;
}

/* Returns 0, also when nothing begins like that; -1 when more than one does. */
static int find_abbreviated(struct match *out, const struct sk_cmd *cmd,
			    const char *name, size_t len, struct sk_err *err)
{
	const char *rest = negated(name, len);
	struct sk_str candidates = SK_STR_INIT;
	const struct sk_opt *opt;
	int count = 0;

	for (size_t i = 0; (opt = nth(cmd, i)); i++) {
		bool is_plain = begins(opt, name, len);

		if (!is_plain &&
		    (!rest || is_common(opt) || !begins(opt, rest, len - 3)))
			continue;
		sk_str_addf(&candidates, "%s--%s%s", count++ ? " or " : "",
			    is_plain ? "" : "no-", opt->long_name);
		*out = (struct match){opt, !is_plain};
	}
	if (count > 1)
		sk_fail(err, SK_EUSAGE,
			"ambiguous option: --%.*s (could be %.300s)", (int)len,
			name, candidates.ptr);
	sk_str_free(&candidates);
	return count > 1 ? -1 : 0;
}

static int fail_unknown(const struct sk_cmd *cmd, const char *name, size_t len,
			struct sk_err *err)
{
	const char *rest = negated(name, len);
	struct sk_near_miss plain = {NULL, 0}, no = {NULL, 0};
	const struct sk_opt *opt;

	for (size_t i = 0; (opt = nth(cmd, i)); i++) {
		if (!opt->long_name)
			continue;
		sk_near_miss_try(&plain, name, len, opt->long_name);
		if (rest && !is_common(opt))
			sk_near_miss_try(&no, rest, len - 3, opt->long_name);
	}
	sk_fail(err, SK_EUSAGE, "unknown option '--%.*s'",
		(int)(len > 60 ? 60 : len), name);
	if (plain.word)
		sk_hint(err, "did you mean '--%s'?", plain.word);
	else if (no.word)
		sk_hint(err, "did you mean '--no-%s'?", no.word);
	return -1;
}

static int set_uint(unsigned *field, const struct sk_opt *opt,
		    const char *value, struct sk_err *err)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end || errno ||
	    number > UINT_MAX)
		return sk_fail(err, SK_EUSAGE,
			       "option '%s%s' wants a number, not '%.40s'",
			       opt->long_name ? "--" : "-",
			       opt->long_name ? opt->long_name
					      : (char[]){opt->short_name, 0},
			       value);
	*field = (unsigned)number;
	return 0;
}

static int set_value(const struct parser *p, const struct sk_opt *opt,
		     const char *value, struct sk_err *err)
{
	void *field = field_of(p, opt);

	if (opt->kind == SK_OPT_UINT)
		return set_uint(field, opt, value, err);
	*(const char **)field = value;
	return 0;
}

/* An option that takes no value, or is taken back. */
static void set_flag(struct parser *p, const struct match *match)
{
	if (match->opt == &common[0])
		p->wish = SK_WISH_MANUAL;
	else if (match->opt == &common[1])
		p->wish = SK_WISH_VERSION;
	else if (match->is_negated)
		reset(p, match->opt);
	else
		*(bool *)field_of(p, match->opt) = true;
}

static int parse_long(struct parser *p, struct sk_err *err)
{
	const char *name = p->argv[p->at] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	struct match match = {NULL, false};

	if (!find_exact(&match, p->cmd, name, len) &&
	    find_abbreviated(&match, p->cmd, name, len, err) < 0)
		return -1;
	if (!match.opt)
		return fail_unknown(p->cmd, name, len, err);
	if (match.opt->kind == SK_OPT_FLAG || match.is_negated) {
		if (equals)
			return sk_fail(err, SK_EUSAGE,
				       "option '--%s%s' takes no value",
				       match.is_negated ? "no-" : "",
				       match.opt->long_name);
		set_flag(p, &match);
		return 0;
	}
	if (equals)
		return set_value(p, match.opt, equals + 1, err);
	if (p->at + 1 >= p->argc)
		return sk_fail(err, SK_EUSAGE, "option '--%s' needs a value",
			       match.opt->long_name);
	return set_value(p, match.opt, p->argv[++p->at], err);
}

static const struct sk_opt *find_short(const struct sk_cmd *cmd, char name)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++) {
		if (opt->short_name == name)
			return opt;
	}
	return NULL;
}

static int parse_short(struct parser *p, struct sk_err *err)
{
	const char *at = p->argv[p->at] + 1;
	struct match typo;

	if (at[1] && find_exact(&typo, p->cmd, at, strlen(at))) {
		sk_fail(err, SK_EUSAGE, "unknown option '-%s'", at);
		return sk_hint(err, "did you mean '--%s', with two dashes?",
			       at);
	}
	for (; *at; at++) {
		const struct sk_opt *opt = find_short(p->cmd, *at);

		if (!opt && *at == 'h')
			p->wish = SK_WISH_USAGE;
		else if (!opt)
			return sk_fail(err, SK_EUSAGE, "unknown option '-%c'",
				       *at);
		else if (opt->kind == SK_OPT_FLAG)
			set_flag(p, &(struct match){opt, false});
		else if (at[1])
			return set_value(p, opt, at + 1, err);
		else if (p->at + 1 >= p->argc)
			return sk_fail(err, SK_EUSAGE,
				       "option '-%c' needs a value", *at);
		else
			return set_value(p, opt, p->argv[++p->at], err);
	}
	return 0;
}

static bool is_end(const char *arg)
{
	return strcmp(arg, "--") == 0 || strcmp(arg, "--end-of-options") == 0;
}

/* Returns how many operands there are; -1 when something was wrong. */
static int parse_all(struct parser *p, struct sk_err *err)
{
	struct sk_err later = {0};
	bool is_over = false, is_wrong = false;
	int operands = 0;

	for (; p->at < p->argc && (is_wrong || !p->wish); p->at++) {
		char *arg = p->argv[p->at];
		int rc = 0;

		if (is_over || arg[0] != '-' || !arg[1])
			p->argv[operands++] = arg;
		else if (is_end(arg))
			is_over = true;
		else if (arg[1] == '-')
			rc = parse_long(p, is_wrong ? &later : err);
		else
			rc = parse_short(p, is_wrong ? &later : err);
		is_wrong |= rc < 0;
	}
	return is_wrong ? -1 : operands;
}

void *sk_options_new(const struct sk_cmd *cmd)
{
	void *values = sk_calloc(1, cmd->size + 1);

	if (cmd->defaults)
		memcpy(values, cmd->defaults, cmd->size);
	return values;
}

int sk_options_parse(struct sk_parsed *out, const struct sk_cmd *cmd,
		     void *values, int argc, char **argv, struct sk_err *err)
{
	struct parser p = {
		.cmd = cmd, .values = values, .argc = argc, .argv = argv};
	int operands = parse_all(&p, err);

	*out = (struct sk_parsed){p.wish, operands};
	if (operands < 0)
		return -1;
	if (p.wish == SK_WISH_RUN && cmd->max_operands >= 0 &&
	    operands > cmd->max_operands)
		return sk_fail(err, SK_EUSAGE, "unexpected argument '%.60s'",
			       argv[cmd->max_operands]);
	return 0;
}

static const struct sk_opt *find_marked(const struct sk_cmd *cmd,
					enum sk_opt_mark mark)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++) {
		if (opt->mark == mark)
			return opt;
	}
	return NULL;
}

bool sk_options_has(const struct sk_cmd *cmd, enum sk_opt_mark mark)
{
	return find_marked(cmd, mark) != NULL;
}

bool sk_options_is_set(const struct sk_cmd *cmd, const void *values,
		       enum sk_opt_mark mark)
{
	const struct sk_opt *opt = find_marked(cmd, mark);

	return opt && *(const bool *)((const char *)values + opt->offset);
}
