/* SPDX-License-Identifier: MIT */
#include "front/usage.h"

#include <string.h>

/* Where the explanation of an option or a subcommand begins. */
enum { INDENT = 31 };

void sk_usage_add_name(struct sk_str *out, const struct sk_invocation *inv)
{
	if (inv->program)
		sk_str_addf(out, "%s%s", inv->program,
			    inv->cmd->name[0] ? " " : "");
	sk_str_puts(out, inv->cmd->name);
}

static bool has_options(const struct sk_cmd *cmd)
{
	return cmd->opts && cmd->opts[0].kind != SK_OPT_END;
}

/* "git sk-sync now [<options>]" */
static void add_form(struct sk_str *out, const struct sk_invocation *inv)
{
	sk_usage_add_name(out, inv);
	if (has_options(inv->cmd))
		sk_str_puts(out, " [<options>]");
	if (inv->cmd->operands[0])
		sk_str_addf(out, " %s", inv->cmd->operands);
	sk_str_putc(out, '\n');
}

void sk_usage_add_line(struct sk_str *out, const struct sk_invocation *inv)
{
	sk_str_puts(out, "usage: ");
	add_form(out, inv);
}

/* Fill up to the column of explanations, in the next line if need be. */
static void add_explained(struct sk_str *out, size_t start, const char *text)
{
	size_t width = out->len - start;

	if (width > INDENT - 2) {
		sk_str_putc(out, '\n');
		width = 0;
	}
	sk_str_addf(out, "%*s%s\n", (int)(INDENT - width), "", text);
}

static void add_option(struct sk_str *out, const struct sk_opt *opt)
{
	size_t start = out->len;

	if (opt->short_name && opt->long_name)
		sk_str_addf(out, "    -%c, --%s", opt->short_name,
			    opt->long_name);
	else if (opt->short_name)
		sk_str_addf(out, "    -%c", opt->short_name);
	else
		sk_str_addf(out, "    --%s", opt->long_name);
	if (opt->value)
		sk_str_addf(out, " <%s>", opt->value);
	add_explained(out, start, opt->help);
}

static void add_options(struct sk_str *out, const struct sk_cmd *cmd)
{
	const struct sk_opt *opt = cmd->opts;

	for (; opt && opt->kind != SK_OPT_END; opt++)
		add_option(out, opt);
	if (has_options(cmd))
		sk_str_putc(out, '\n');
}

void sk_usage_add_help(struct sk_str *out, const struct sk_invocation *inv)
{
	sk_usage_add_line(out, inv);
	sk_str_addf(out, "\n%s\n", inv->cmd->summary);
	if (has_options(inv->cmd))
		sk_str_putc(out, '\n');
	add_options(out, inv->cmd);
	if (has_options(inv->cmd))
		sk_str_cut(out, out->len - 1);
}

bool sk_usage_is_of_group(const struct sk_cmd *cmd, const char *group)
{
	size_t len = group ? strlen(group) : 0;

	return !group ||
	       (strncmp(cmd->name, group, len) == 0 && cmd->name[len] == ' ');
}

/* Those with no summary are not for people. */
static bool is_shown(const struct sk_cmd *cmd, const char *group)
{
	return cmd->summary[0] && sk_usage_is_of_group(cmd, group);
}

void sk_usage_add_lines(struct sk_str *out, const struct sk_program *program,
			const char *group)
{
	const char *label = "usage: ";

	for (size_t i = 0; i < program->count; i++) {
		const struct sk_cmd *cmd = program->cmds[i];

		if (!is_shown(cmd, group))
			continue;
		sk_str_puts(out, label);
		add_form(out, &(struct sk_invocation){program->name, cmd});
		label = "   or: ";
	}
}

void sk_usage_add_overview(struct sk_str *out, const struct sk_program *program,
			   const char *group)
{
	const struct sk_cmd *first = program->cmds[0];

	sk_usage_add_lines(out, program, group);
	if (!group)
		sk_str_addf(out, "\n%s\n", program->summary);
	sk_str_putc(out, '\n');
	if (!group && !first->name[0])
		add_options(out, first);
	for (size_t i = 0; i < program->count; i++) {
		const struct sk_cmd *cmd = program->cmds[i];
		size_t start = out->len;

		if (!cmd->name[0] || !is_shown(cmd, group))
			continue;
		sk_str_addf(out, "    %s", cmd->name);
		add_explained(out, start, cmd->summary);
	}
}
