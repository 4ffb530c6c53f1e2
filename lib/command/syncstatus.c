/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <unistd.h>

#include "command/checkstatus.h"
#include "command/queuestatus.h"
#include "deliver/start.h"
#include "front/cli.h"
#include "front/colour.h"
#include "front/terminal.h"

struct opts {
	bool check, json, porcelain, nul;
};

static bool is_for_programs(const struct opts *opts)
{
	return opts->json || opts->porcelain || opts->nul;
}

static int check_options(const struct opts *opts, struct sk_err *err)
{
	const char *lines = opts->nul ? "-z" : "--porcelain";

	if (!opts->porcelain && !opts->nul)
		return 0;
	if (!opts->json && !opts->check)
		return 0;
	return sk_fail(err, SK_EUSAGE, "%s and %s exclude each other",
		       opts->json ? "--json" : "--check", lines);
}

/* Append the queue's status in the form that is wanted. */
static int add_status(struct sk_str *out, const struct opts *opts,
		      const struct sk_queue_status *status, struct sk_err *err)
{
	enum sk_output_form form = opts->json  ? SK_OUTPUT_JSON
				   : opts->nul ? SK_OUTPUT_NUL
					       : SK_OUTPUT_LINES;
	struct sk_output output = SK_OUTPUT(form, out);
	struct sk_queue_status_look look = {false, 0};

	if (is_for_programs(opts))
		return sk_queue_status_add(&output, status, err);
	if (isatty(STDOUT_FILENO))
		look.columns = sk_terminal_columns(STDOUT_FILENO);
	look.has_colour =
		sk_colour_from(sk_config_get(status->config, "color.sk"),
			       sk_config_get(status->config, "color.ui"));
	return sk_queue_status_add_text(out, status, &look, err);
}

/* The hooks fail with a setting they cannot read, and so do we. */
static int print_status(const struct opts *opts,
			const struct sk_account *account,
			const struct sk_config *config, struct sk_err *err)
{
	struct sk_queue_status status = SK_QUEUE_STATUS_INIT;
	struct sk_str text = SK_STR_INIT;
	enum sk_flush flush;
	int ret = sk_queue_status_read(&status, account, config, err);

	if (ret == 0)
		ret = sk_flush_parse(&flush, status.flush, err);
	if (ret == 0)
		ret = add_status(&text, opts, &status, err);
	if (ret == 0 && !is_for_programs(opts) &&
	    sk_queue_status_is_not_set_up(&status))
		sk_warn("%s", SK_NOT_SET_UP_LINE);
	if (ret == 0)
		fwrite(text.ptr, 1, text.len, stdout);
	sk_str_free(&text);
	sk_queue_status_free(&status);
	return ret;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *opts = values;
	struct sk_account account = SK_ACCOUNT_INIT;
	struct sk_config config = SK_CONFIG_INIT;
	int ret;

	(void)argc, (void)argv; /* takes none */
	if (check_options(opts, err) < 0)
		return -1;
	ret = sk_account_load(&account, err);
	if (ret == 0)
		ret = sk_config_load(&config, err);
	if (ret == 0 && !(opts->check && opts->json))
		ret = print_status(opts, &account, &config, err);
	if (ret == 0 && opts->check)
		ret = sk_check_status(opts->json, &account, &config, err);
	if (ret >= 0)
		sk_note_clone_of(&config);
	sk_config_free(&config);
	sk_account_free(&account);
	return ret;
}

static const struct sk_opt table[] = {
	SK_FLAG('c', "check", struct opts, check,
		"compare identities, and ask the server"),
	SK_FLAG(0, "porcelain", struct opts, porcelain,
		"print lines of key and value, for scripts"),
	SK_FLAG('z', NULL, struct opts, nul,
		"the same, each ended by NUL, and raw"),
	SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_sync_status = {
	.name = "status",
	.operands = "",
	.summary = "Show the queue and what became of it.",
	.opts = table,
	.size = sizeof(struct opts),
	.run = run,
};
