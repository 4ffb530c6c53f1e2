/* SPDX-License-Identifier: MIT */
#include "front/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { EXIT_REFUSED = 2, EXIT_FAILED = 128, EXIT_USAGE = 129 };

/* "git sk-sync now": a subcommand is always named with its program. */
struct invocation {
	const char *program; /* NULL when the command is the program */
	const struct sk_cmd *cmd;
};

static void add_name(struct sk_str *out, const struct invocation *inv)
{
	if (inv->program)
		sk_str_addf(out, "%s%s", inv->program,
			    inv->cmd->name[0] ? " " : "");
	sk_str_puts(out, inv->cmd->name);
}

static void add_usage(struct sk_str *out, const struct invocation *inv)
{
	sk_str_puts(out, "usage: ");
	add_name(out, inv);
	if (inv->cmd->opts && inv->cmd->opts[0].kind != SK_OPT_END)
		sk_str_puts(out, " [<options>]");
	if (inv->cmd->operands[0])
		sk_str_addf(out, " %s", inv->cmd->operands);
	sk_str_putc(out, '\n');
}

static void add_option(struct sk_str *out, const struct sk_opt *opt)
{
	size_t start = out->len, width;

	if (opt->short_name && opt->long_name)
		sk_str_addf(out, "    -%c, --%s", opt->short_name,
			    opt->long_name);
	else if (opt->short_name)
		sk_str_addf(out, "    -%c", opt->short_name);
	else
		sk_str_addf(out, "    --%s", opt->long_name);
	if (opt->value)
		sk_str_addf(out, " <%s>", opt->value);
	width = out->len - start;
	if (width > 29) {
		sk_str_putc(out, '\n');
		width = 0;
	}
	sk_str_addf(out, "%*s%s\n", (int)(31 - width), "", opt->help);
}

static int print_help(const struct invocation *inv)
{
	struct sk_str text = SK_STR_INIT;
	const struct sk_opt *opt = inv->cmd->opts;

	add_usage(&text, inv);
	sk_str_addf(&text, "\n%s\n", inv->cmd->summary);
	if (opt && opt->kind != SK_OPT_END)
		sk_str_putc(&text, '\n');
	for (; opt && opt->kind != SK_OPT_END; opt++)
		add_option(&text, opt);
	fputs(text.ptr, stdout);
	sk_str_free(&text);
	return 0;
}

static const struct sk_opt *find_long(const struct sk_cmd *cmd,
				      const char *name, size_t len)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++) {
		if (opt->long_name && strlen(opt->long_name) == len &&
		    memcmp(opt->long_name, name, len) == 0)
			return opt;
	}
	return NULL;
}

static const struct sk_opt *find_short(const struct sk_cmd *cmd, char name)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++) {
		if (opt->short_name && opt->short_name == name)
			return opt;
	}
	return NULL;
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

static int set_value(const struct sk_cmd *cmd, const struct sk_opt *opt,
		     const char *value, struct sk_err *err)
{
	char *field = (char *)cmd->values + opt->offset;

	if (opt->kind == SK_OPT_UINT)
		return set_uint((unsigned *)(void *)field, opt, value, err);
	*(const char **)(void *)field = value;
	return 0;
}

static void set_flag(const struct sk_cmd *cmd, const struct sk_opt *opt,
		     bool value)
{
	*(bool *)(void *)((char *)cmd->values + opt->offset) = value;
}

/* What is being parsed: argv, and where we are in it. */
struct cursor {
	int argc;
	char **argv;
	int at;
};

static int parse_long(const struct sk_cmd *cmd, struct cursor *args,
		      struct sk_err *err)
{
	const char *name = args->argv[args->at] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct sk_opt *opt = find_long(cmd, name, len);

	if (!opt && strncmp(name, "no-", 3) == 0 && !equals) {
		opt = find_long(cmd, name + 3, len - 3);
		if (opt && opt->kind == SK_OPT_FLAG) {
			set_flag(cmd, opt, false);
			return 0;
		}
		opt = NULL;
	}
	if (!opt)
		return sk_fail(err, SK_EUSAGE, "unknown option '--%.*s'",
			       (int)(len > 60 ? 60 : len), name);
	if (opt->kind == SK_OPT_FLAG && equals)
		return sk_fail(err, SK_EUSAGE, "option '--%s' takes no value",
			       opt->long_name);
	if (opt->kind == SK_OPT_FLAG) {
		set_flag(cmd, opt, true);
		return 0;
	}
	if (equals)
		return set_value(cmd, opt, equals + 1, err);
	if (args->at + 1 >= args->argc)
		return sk_fail(err, SK_EUSAGE, "option '--%s' needs a value",
			       opt->long_name);
	return set_value(cmd, opt, args->argv[++args->at], err);
}

static int parse_short(const struct sk_cmd *cmd, struct cursor *args,
		       struct sk_err *err)
{
	const char *at = args->argv[args->at] + 1;

	for (; *at; at++) {
		const struct sk_opt *opt = find_short(cmd, *at);

		if (!opt)
			return sk_fail(err, SK_EUSAGE, "unknown option '-%c'",
				       *at);
		if (opt->kind == SK_OPT_FLAG) {
			set_flag(cmd, opt, true);
			continue;
		}
		if (at[1])
			return set_value(cmd, opt, at + 1, err);
		if (args->at + 1 >= args->argc)
			return sk_fail(err, SK_EUSAGE,
				       "option '-%c' needs a value", *at);
		return set_value(cmd, opt, args->argv[++args->at], err);
	}
	return 0;
}

/*
 * Fill the options, move the operands to the front of argv. Returns how many
 * there are, -1 on a mistake, -2 when help is wanted.
 */
static int parse(const struct sk_cmd *cmd, int argc, char **argv,
		 struct sk_err *err)
{
	struct cursor args = {argc, argv, 0};
	int operands = 0;
	bool ended = false;

	for (; args.at < argc; args.at++) {
		char *arg = argv[args.at];
		int rc = 0;

		if (ended || arg[0] != '-' || !arg[1])
			argv[operands++] = arg;
		else if (strcmp(arg, "--") == 0)
			ended = true;
		else if (strcmp(arg, "-h") == 0)
			return -2;
		else if (arg[1] == '-')
			rc = parse_long(cmd, &args, err);
		else
			rc = parse_short(cmd, &args, err);
		if (rc < 0)
			return -1;
	}
	if (cmd->max_operands >= 0 && operands > cmd->max_operands)
		return sk_fail(err, SK_EUSAGE, "unexpected argument '%.60s'",
			       argv[cmd->max_operands]);
	return operands;
}

static int report(const struct invocation *inv, const struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;

	sk_progress_done();
	add_name(&text, inv);
	sk_str_puts(&text, ": error: ");
	sk_str_add_visible(&text, err->msg, strlen(err->msg), 4096);
	sk_str_putc(&text, '\n');
	if (err->code == SK_EUSAGE)
		add_usage(&text, inv);
	if (err->hint[0])
		sk_str_addf(&text, "hint: %s\n", err->hint);
	fputs(text.ptr, stderr);
	sk_str_free(&text);
	if (err->code == SK_EUSAGE)
		return EXIT_USAGE;
	return err->code == SK_EBOUNDARY ? EXIT_REFUSED : EXIT_FAILED;
}

/* Output that did not arrive is a failure, whatever the command thinks. */
static int close_stdout(const struct invocation *inv, int status)
{
	struct sk_err err = {0};
	bool failed = ferror(stdout);

	if (fclose(stdout) == 0 && !failed)
		return status;
	sk_fail_errno(&err, errno, "cannot write standard output");
	return report(inv, &err);
}

static int run(const struct invocation *inv, int argc, char **argv)
{
	struct sk_err err = {0};
	int status;

	status = parse(inv->cmd, argc, argv, &err);
	if (status == -2)
		return close_stdout(inv, print_help(inv));
	if (status >= 0) {
		argv[status] = NULL;
		status = inv->cmd->run(inv->cmd->values, status, argv, &err);
	}
	if (status < 0)
		status = report(inv, &err);
	sk_progress_done();
	return close_stdout(inv, status);
}

int sk_cli_run(const struct sk_cmd *cmd, int argc, char **argv)
{
	return run(&(struct invocation){NULL, cmd}, argc - 1, argv + 1);
}

static void add_commands(struct sk_str *out, const char *program,
			 const struct sk_cmd *cmds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct invocation inv = {program, &cmds[i]};
		struct sk_str line = SK_STR_INIT;

		if (!cmds[i].summary[0])
			continue; /* not for people */
		add_usage(&line, &inv);
		sk_str_addf(out, "%s%s", i ? "   or: " : "usage: ",
			    line.ptr + strlen("usage: "));
		sk_str_free(&line);
	}
}

/* Below the usage lines: the options of the nameless command, the others. */
static void add_descriptions(struct sk_str *out, const struct sk_cmd *cmds,
			     size_t count)
{
	const struct sk_opt *opt = cmds[0].name[0] ? NULL : cmds[0].opts;

	for (; opt && opt->kind != SK_OPT_END; opt++)
		add_option(out, opt);
	if (!cmds[0].name[0])
		sk_str_putc(out, '\n');
	for (size_t i = 0; i < count; i++) {
		if (cmds[i].name[0] && cmds[i].summary[0])
			sk_str_addf(out, "    %-27s%s\n", cmds[i].name,
				    cmds[i].summary);
	}
}

/* The command that the first word names; NULL when it names none. */
static const struct sk_cmd *find_command(const struct sk_cmd *cmds,
					 size_t count, const char *word)
{
	bool has_word = word && word[0] && word[0] != '-';

	if (!has_word && !cmds[0].name[0] && (!word || strcmp(word, "-h") != 0))
		return &cmds[0];
	for (size_t i = 0; has_word && i < count; i++) {
		if (strcmp(cmds[i].name, word) == 0)
			return &cmds[i];
	}
	return NULL;
}

int sk_cli_dispatch(const char *program, const char *summary,
		    const struct sk_cmd *cmds, size_t count, int argc,
		    char **argv)
{
	const struct sk_cmd self = {.name = program, .operands = ""};
	const struct invocation inv = {NULL, &self};
	struct sk_str text = SK_STR_INIT;
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct sk_cmd *cmd = find_command(cmds, count, word);
	int status = EXIT_USAGE, skip;

	if (cmd) {
		skip = cmd->name[0] ? 2 : 1;
		return run(&(struct invocation){program, cmd}, argc - skip,
			   argv + skip);
	}
	if (word && strcmp(word, "-h") == 0) {
		add_commands(&text, program, cmds, count);
		sk_str_addf(&text, "\n%s\n\n", summary);
		add_descriptions(&text, cmds, count);
		fputs(text.ptr, stdout);
		status = close_stdout(&inv, 0);
	} else {
		if (word)
			sk_str_addf(&text, "%s: error: unknown %s '%.60s'\n",
				    program,
				    word[0] == '-' ? "option" : "subcommand",
				    word);
		else
			sk_str_addf(&text,
				    "%s: error: a subcommand is needed\n",
				    program);
		add_commands(&text, program, cmds, count);
		fputs(text.ptr, stderr);
	}
	sk_str_free(&text);
	return status;
}
