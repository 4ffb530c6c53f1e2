/* SPDX-License-Identifier: MIT */
/*
 * git sk: the way to all the other commands. Also what a hook that was written
 * by hand runs, so it starts fast: it needs the C library and no other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/home.h"
#include "front/cli.h"
#include "front/colour.h"
#include "front/manual.h"
#include "front/nearmiss.h"
#include "setup/event.h"

/* Every command there is, in the order of the list. */
static const struct tool {
	const char *name; /* NULL: a heading */
	const char *program;
	const char *summary;
} tools[] = {
	{NULL, NULL, "Begin"},
	{"setup", "git-sk-setup", "Put the hooks into this repository"},
	{"auth", "git-sk-auth", "Log in to the team's server, or out"},
	{NULL, NULL, "Do the work, and see it"},
	{"mission", "git-sk-mission",
	 "Plan missions, and see where they stand"},
	{"task", "git-sk-task", "Start, move and show work packages"},
	{"merge", "git-sk-merge", "Merge a mission, or say what is in the way"},
	{NULL, NULL, "Send what the hooks have queued"},
	{"sync", "git-sk-sync", "Send the queue, look at it, try again"},
	{"daemon", "git-sk-daemon", "Have a sender that stays"},
	{NULL, NULL, "Look into missions"},
	{"eventlog", "git-sk-eventlog", "Read, check and merge event logs"},
	{NULL, NULL, "When something is wrong"},
	{"doctor", "git-sk-doctor", "Say what is wrong, and what to run"},
	{NULL, NULL, "Run a server"},
	{"ingestd", "sk-ingestd", "Receive the events of a team"},
};

struct opts {
	bool list_commands;
};

static void add_list(struct sk_str *out)
{
	bool colour = sk_colour_for_answer();

	sk_str_puts(out, "usage: git sk <command> [<args>...]\n");
	for (size_t i = 0; i < SK_COUNTOF(tools); i++) {
		const struct tool *tool = &tools[i];

		if (tool->name) {
			sk_str_addf(out, "    %-10s%s\n", tool->name,
				    tool->summary);
			continue;
		}
		sk_str_putc(out, '\n');
		sk_colour_add(out, colour, SK_COLOUR_HEADING, tool->summary);
		sk_str_putc(out, '\n');
	}
	sk_str_puts(out, "\n'git sk <command> -h' lists the options of one,"
			 " 'git sk help <command>' opens\nits manual page.\n");
}

static void print_list(void)
{
	struct sk_str text = SK_STR_INIT;

	add_list(&text);
	fputs(text.ptr, stdout);
	sk_str_free(&text);
}

static int run_list(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;

	(void)argc, (void)argv, (void)err;
	if (!o->list_commands) {
		print_list();
		return 0;
	}
	for (size_t i = 0; i < SK_COUNTOF(tools); i++) {
		if (tools[i].name)
			puts(tools[i].name);
	}
	return 0;
}

static const struct tool *find_tool(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(tools); i++) {
		if (tools[i].name && strcmp(tools[i].name, name) == 0)
			return &tools[i];
	}
	return NULL;
}

static int fail_unknown(const char *name, struct sk_err *err)
{
	struct sk_near_miss miss = {NULL, 0};

	sk_near_miss_try(&miss, name, strlen(name), "help");
	for (size_t i = 0; i < SK_COUNTOF(tools); i++) {
		if (tools[i].name)
			sk_near_miss_try(&miss, name, strlen(name),
					 tools[i].name);
	}
	sk_fail(err, SK_EUSAGE, "'%.60s' is not a git sk command", name);
	if (miss.word)
		return sk_hint(err, "did you mean 'git sk %s'?", miss.word);
	return sk_hint(err, "run 'git sk' to see them all");
}

/* "sync", "sk-sync" and "git-sk-sync" are one page. */
static int run_help(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct tool *tool = NULL;
	const char *name, *page = "git-sk";

	(void)values;
	if (argc == 0) {
		print_list();
		return 0;
	}
	name = argv[0];
	if (strncmp(name, "git-", 4) == 0)
		name += 4;
	if (strncmp(name, "sk-", 3) == 0)
		name += 3;
	if (strcmp(name, "sk") != 0) {
		tool = find_tool(name);
		if (!tool)
			return fail_unknown(argv[0], err);
		page = tool->program;
	}
	if (sk_manual_has(page))
		return sk_manual_show(page, err);
	sk_fail(err, SK_EFAIL, "the manual page of '%s' cannot be found", page);
	return sk_hint(err, "run 'git sk%s%s -h'", tool ? " " : "",
		       tool ? tool->name : "");
}

static int run_hook(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct sk_hook_event *event =
		argc ? sk_hook_event_find(argv[0]) : NULL;
	struct sk_str path = SK_STR_INIT;
	int null = -1;

	(void)values;
	if (argc == 0)
		sk_fail(err, SK_EUSAGE, "which event?");
	else if (!event)
		sk_fail(err, SK_EUSAGE, "no hook for the event '%.60s'",
			argv[0]);
	if (!event)
		return sk_hint(err, "use post-commit, post-merge, post-rewrite,"
				    " post-checkout, pre-commit,"
				    " pre-merge-commit or pre-push");
	if (!event->reads_stdin)
		null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (!event->reads_stdin && (null < 0 || dup2(null, STDIN_FILENO) < 0)) {
		sk_fail_errno(err, errno, "cannot open '/dev/null'");
	} else if (sk_sibling_path(&path, event->name, err) == 0) {
		execv(path.ptr, argv);
		sk_fail_errno(err, errno, "cannot run '%s'", path.ptr);
	}
	sk_str_free(&path);
	return -1;
}

/* Become the program of that name. Does not return but with an exit status. */
static int become(const char *name, char **argv)
{
	const struct tool *tool = find_tool(name);
	struct sk_str path = SK_STR_INIT;
	struct sk_err err = {0};

	if (!tool) {
		fail_unknown(name, &err);
	} else if (sk_sibling_path(&path, tool->program, &err) == 0) {
		argv[0] = path.ptr;
		execv(path.ptr, argv);
		sk_fail_errno(&err, errno, "cannot run '%s'", path.ptr);
	}
	sk_str_free(&path);
	return sk_cli_fail("git sk", &err);
}

static const struct sk_opt table[] = {
	SK_FLAG(0, "list-commands", struct opts, list_commands,
		"print the names of all commands, one a line"),
	SK_OPT_LAST};

static const struct sk_cmd list_cmd = {
	.name = "",
	.operands = "[<command> [<args>...]]",
	.summary = "List the commands.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run_list,
};

static const struct sk_cmd help_cmd = {
	.name = "help",
	.operands = "[<command>]",
	.summary = "Open the manual page of a command.",
	.max_operands = 1,
	.run = run_help,
};

static const struct sk_cmd hook_cmd = {
	.name = "hook",
	.operands = "<event> [<arg>...]",
	.summary = "",
	.max_operands = -1,
	.run = run_hook,
};

int main(int argc, char **argv)
{
	static const struct sk_cmd *const cmds[] = {&list_cmd, &help_cmd,
						    &hook_cmd};
	const char *word = argc > 1 ? argv[1] : "-";

	if (word[0] != '-' && strcmp(word, "help") != 0 &&
	    strcmp(word, "hook") != 0)
		return become(word, argv + 1);
	return sk_cli_dispatch("git sk", "The commands of git-sk.", cmds,
			       SK_COUNTOF(cmds), argc, argv);
}
