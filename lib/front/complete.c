/* SPDX-License-Identifier: MIT */
#include "front/complete.h"

#include <stdio.h>
#include <string.h>

bool sk_complete_is_wanted(int argc, char *const *argv)
{
	return argc == 2 && strcmp(argv[1], "--sk-complete") == 0;
}

static void print_option(const char *program, const char *name,
			 const struct sk_opt *opt)
{
	printf("%s\t%s\t", program, name);
	if (opt->short_name)
		printf("-%c", opt->short_name);
	printf("\t%s%s\t%s\t%s\n", opt->long_name ? "--" : "",
	       opt->long_name ? opt->long_name : "",
	       opt->value ? opt->value : "", opt->help);
}

static void print_options(const char *program, const char *name,
			  const struct sk_opt *opt)
{
	for (; opt && opt->kind != SK_OPT_END; opt++)
		print_option(program, name, opt);
}

/* The commands of one program, those of a group one behind the other. */
struct list {
	const struct sk_cmd *const *cmds;
	size_t count;
};

/* How many from `first` on are of its group: "user add", "user list". */
static size_t group_size(const struct list *list, size_t first)
{
	const char *name = list->cmds[first]->name;
	size_t len = strcspn(name, " "), n = 0;

	while (name[len] && first + n < list->count &&
	       strncmp(list->cmds[first + n]->name, name, len + 1) == 0)
		n++;
	return n;
}

/* Whether a command before the `nth` of these has the option already. */
static bool is_known(const struct sk_cmd *const *cmds, size_t nth,
		     const struct sk_opt *opt)
{
	for (size_t i = 0; i < nth; i++) {
		const struct sk_opt *old = cmds[i]->opts;

		for (; old && old->kind != SK_OPT_END; old++) {
			if (old->long_name && opt->long_name &&
			    strcmp(old->long_name, opt->long_name) == 0)
				return true;
		}
	}
	return false;
}

/*
 * A group is one subcommand to a shell: its second words are what can follow,
 * with the options of all.
 */
static void print_group(const char *program, const struct sk_cmd *const *cmds,
			size_t count)
{
	size_t len = strcspn(cmds[0]->name, " ");
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)len, cmds[0]->name);
	printf("%s\t%s\t\t\t(", program, name);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? " | " : "", cmds[i]->name + len + 1);
	printf(")\t%s\n", cmds[0]->summary);
	for (size_t i = 0; i < count; i++) {
		const struct sk_opt *opt = cmds[i]->opts;

		for (; opt && opt->kind != SK_OPT_END; opt++) {
			if (!is_known(cmds, i, opt))
				print_option(program, name, opt);
		}
	}
}

int sk_complete_print(const char *program, const char *summary,
		      const struct sk_cmd *const *cmds, size_t count)
{
	bool is_alone =
		!cmds[0]->name[0] || strcmp(cmds[0]->name, program) == 0;
	const struct list list = {cmds, count};

	printf("%s\t\t\t\t%s\t%s\n", program, is_alone ? cmds[0]->operands : "",
	       summary);
	for (size_t i = 0; i < count; i++) {
		const char *name = i == 0 && is_alone ? "" : cmds[i]->name;
		size_t group = name[0] ? group_size(&list, i) : 0;

		if (!cmds[i]->summary[0])
			continue;
		if (group) {
			print_group(program, &cmds[i], group);
			i += group - 1;
			continue;
		}
		if (name[0])
			printf("%s\t%s\t\t\t%s\t%s\n", program, name,
			       cmds[i]->operands, cmds[i]->summary);
		print_options(program, name, cmds[i]->opts);
	}
	return 0;
}
