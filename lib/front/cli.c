/* SPDX-License-Identifier: MIT */
#include "front/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "front/complete.h"
#include "front/failure.h"
#include "front/manual.h"
#include "front/nearmiss.h"
#include "front/options.h"
#include "front/output.h"
#include "front/usage.h"

enum { EXIT_PIPE = 128 + 13 }; /* as if SIGPIPE had ended us */

/* Before anything else: what whoever starts us may have left us with. */
static void settle_in(void)
{
	sk_output_open();
	/* a limit of file sizes is an error to report, as a full disk is */
	signal(SIGXFSZ, SIG_IGN);
}

/* Output that did not arrive is a failure, whatever the command thinks. */
static int close_stdout(const char *name, int status)
{
	struct sk_err err = {0};
	int rc = sk_output_close(&err);

	if (rc == 0)
		return status;
	return rc > 0 ? EXIT_PIPE : sk_failure_report(name, &err, NULL, false);
}

static int fail(const struct sk_invocation *inv, const struct sk_err *err,
		const char *usage, bool as_json)
{
	struct sk_str name = SK_STR_INIT;
	int status;

	sk_usage_add_name(&name, inv);
	status = sk_failure_report(name.ptr, err, usage, as_json);
	status = close_stdout(name.ptr, status);
	sk_str_free(&name);
	return status;
}

/* "git-sk-sync" of "git sk-sync": its program, and its page in the manual. */
static void add_page(struct sk_str *out, const char *name)
{
	sk_str_puts(out, name);
	if (strncmp(name, "git ", 4) == 0)
		out->ptr[3] = '-';
}

/* Like git: --help is the manual where it can be read, else what -h prints. */
static void show_manual(const char *name)
{
	struct sk_str page = SK_STR_INIT;
	struct sk_err ignored = {0};

	add_page(&page, name);
	if (isatty(STDOUT_FILENO) && sk_manual_has(page.ptr) &&
	    sk_manual_show(page.ptr, &ignored) < 0)
		sk_warn("%s", ignored.msg);
	sk_str_free(&page);
}

/* Answer -h, --help or --version. `name` is the program's. */
static int grant(enum sk_wish wish, const char *name, const char *help)
{
	if (wish == SK_WISH_MANUAL)
		show_manual(name);
	if (wish == SK_WISH_VERSION)
		puts("git-sk version " SK_VERSION);
	else
		fputs(help, stdout);
	return close_stdout(name, 0);
}

static void set_volume(const struct sk_cmd *cmd, const void *values)
{
	sk_set_volume(sk_options_is_set(cmd, values, SK_MARK_QUIET) ? SK_QUIET
		      : sk_options_is_set(cmd, values, SK_MARK_VERBOSE)
			      ? SK_VERBOSE
			      : SK_NORMAL);
}

/* `program` is NULL when the command is the program. */
static int run(const struct sk_program *program, const struct sk_cmd *cmd,
	       int argc, char **argv)
{
	const struct sk_invocation inv = {program ? program->name : NULL, cmd};
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_parsed parsed;
	void *values = sk_options_new(cmd);
	int status = sk_options_parse(&parsed, cmd, values, argc, argv, &err);
	bool as_json = sk_options_is_set(cmd, values, SK_MARK_JSON);

	set_volume(cmd, values);
	if (status == 0 && parsed.wish != SK_WISH_RUN) {
		if (program && !cmd->name[0])
			sk_usage_add_overview(&text, program, NULL);
		else
			sk_usage_add_help(&text, &inv);
		status = grant(parsed.wish, program ? program->name : cmd->name,
			       text.ptr);
		goto out;
	}
	if (status == 0) {
		argv[parsed.operands] = NULL;
		status = cmd->run(values, parsed.operands, argv, &err);
	}
	sk_meter_done();
	if (cmd->after && status >= 0)
		cmd->after();
	if (status < 0) {
		sk_usage_add_line(&text, &inv);
		status = fail(&inv, &err, text.ptr, as_json);
	} else {
		sk_usage_add_name(&text, &inv);
		status = close_stdout(text.ptr, status);
	}
out:
	sk_str_free(&text);
	free(values);
	return status;
}

int sk_cli_run(const struct sk_cmd *cmd, int argc, char **argv)
{
	settle_in();
	if (sk_complete_is_wanted(argc, argv))
		return close_stdout(
			cmd->name,
			sk_complete_print(cmd->name, cmd->summary, &cmd, 1));
	return run(NULL, cmd, argc - 1, argv + 1);
}

int sk_cli_fail(const char *program, const struct sk_err *err)
{
	return fail(&(struct sk_invocation){program,
					    &(struct sk_cmd){
						    .name = "",
						    .operands = "",
					    }},
		    err, NULL, false);
}

/* How many words of argv name it, one or two; 0 when they name another. */
static int words_of(const struct sk_cmd *cmd, int argc, char **argv)
{
	const char *name = cmd->name, *space = strchr(name, ' ');
	size_t len = space ? (size_t)(space - name) : strlen(name);

	if (argc > 0 && cmd->old_name && strcmp(cmd->old_name, argv[0]) == 0)
		return 1;
	if (argc < 1 || !len || strlen(argv[0]) != len ||
	    strncmp(name, argv[0], len) != 0)
		return 0;
	if (!space)
		return 1;
	return argc > 1 && strcmp(space + 1, argv[1]) == 0 ? 2 : 0;
}

static bool is_option(const char *word)
{
	return word && word[0] == '-';
}

/* Scripts ask for JSON wherever the mistake is. */
static bool wants_json(const struct sk_program *program, int argc, char **argv)
{
	bool has_json = false;

	for (size_t i = 0; i < program->count; i++)
		has_json |= sk_options_has(program->cmds[i], SK_MARK_JSON);
	for (int i = 0; has_json && i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			return true;
	}
	return false;
}

static void fail_subcommand(const struct sk_program *program, const char *group,
			    const char *word, struct sk_err *err)
{
	struct sk_near_miss miss = {NULL, 0};
	size_t skip = group ? strlen(group) + 1 : 0;

	if (!word) {
		sk_fail(err, SK_EUSAGE, "a subcommand is needed");
		return;
	}
	for (size_t i = 0; i < program->count; i++) {
		const struct sk_cmd *cmd = program->cmds[i];

		if (cmd->summary[0] && sk_usage_is_of_group(cmd, group))
			sk_near_miss_try(&miss, word, strlen(word),
					 cmd->name + skip);
	}
	sk_fail(err, SK_EUSAGE, "unknown subcommand '%s%s%.60s'",
		group ? group : "", group ? " " : "", word);
	if (miss.word)
		sk_hint(err, "did you mean '%s %s%s%s'?", program->name,
			group ? group : "", group ? " " : "", miss.word);
}

/* No subcommand is named: answer an option, or say what is missing. */
static int run_none(const struct sk_program *program, const char *group,
		    int argc, char **argv)
{
	const struct sk_cmd self = {.name = group ? group : "", .operands = ""};
	const struct sk_invocation inv = {program->name, &self};
	bool as_json = wants_json(program, argc, argv);
	struct sk_str text = SK_STR_INIT;
	struct sk_err err = {0};
	struct sk_parsed parsed = {SK_WISH_RUN, 0};
	int status = 0;

	if (argc > 0 && is_option(argv[0]))
		status = sk_options_parse(&parsed, &self, NULL, 1, argv, &err);
	if (status == 0 && parsed.wish != SK_WISH_RUN) {
		sk_usage_add_overview(&text, program, group);
		status = grant(parsed.wish, program->name, text.ptr);
	} else {
		if (status == 0)
			fail_subcommand(program, group,
					argc > 0 && !is_option(argv[0])
						? argv[0]
						: NULL,
					&err);
		sk_usage_add_lines(&text, program, group);
		status = fail(&inv, &err, text.ptr, as_json);
	}
	sk_str_free(&text);
	return status;
}

int sk_cli_dispatch(const char *program, const char *summary,
		    const struct sk_cmd *const *cmds, size_t count, int argc,
		    char **argv)
{
	const struct sk_program all = {program, summary, cmds, count};
	const char *word = argc > 1 ? argv[1] : NULL;
	const char *group = NULL;

	settle_in();
	if (sk_complete_is_wanted(argc, argv))
		return close_stdout(program, sk_complete_print(program, summary,
							       cmds, count));
	if (!cmds[0]->name[0] && (!word || is_option(word)))
		return run(&all, cmds[0], argc - 1, argv + 1);
	for (size_t i = 0; word && i < count; i++) {
		int words = words_of(cmds[i], argc - 1, argv + 1);

		if (words)
			return run(&all, cmds[i], argc - 1 - words,
				   argv + 1 + words);
		if (sk_usage_is_of_group(cmds[i], word))
			group = word;
	}
	if (group)
		return run_none(&all, group, argc - 2, argv + 2);
	return run_none(&all, NULL, argc - 1, argv + 1);
}
