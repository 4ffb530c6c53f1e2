/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/eventlog.h"
#include "mission/snapshot.h"

/* A larger meta.json is not read. */
#define META_MAX (4u << 20)

struct opts {
	const char *meta;
};

/* meta.json beside the log; beside standard input there is none. */
static void find_meta(struct sk_str *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return;
	if (slash)
		sk_str_add(out, path, (size_t)(slash + 1 - path));
	sk_str_puts(out, "meta.json");
}

/* NULL when there is none that has not been asked for. Returns 0 or -1. */
static int read_meta(struct sk_form **out, const struct opts *o,
		     const char *path, struct sk_err *err)
{
	struct sk_str name = SK_STR_INIT, data = SK_STR_INIT;
	int rc = 0;

	*out = NULL;
	if (o->meta)
		sk_str_puts(&name, o->meta);
	else
		find_meta(&name, path);
	if (name.len)
		rc = sk_file_read(&data, name.ptr, META_MAX, err);
	if (rc > 0 && o->meta)
		rc = sk_fail(err, SK_EFAIL, "there is no '%s'", name.ptr);
	if (rc == 0 && name.len &&
	    sk_form_read(out, data.ptr, data.len, err) < 0)
		rc = sk_within(err, "'%s'", name.ptr);
	sk_str_free(&name);
	sk_str_free(&data);
	return rc < 0 ? -1 : 0;
}

/* The lines that are not in the answer. Returns whether there are any. */
static bool warn_of_faults(const struct sk_log *log, const char *data,
			   const char *path)
{
	for (size_t i = 0; i < log->fault_count; i++)
		sk_warn("%s:%zu: %s", path,
			sk_log_line_number(data, log->faults[i].line.offset),
			log->faults[i].reason);
	return log->fault_count > 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;
	struct sk_str data = SK_STR_INIT, text = SK_STR_INIT;
	struct sk_log log = SK_LOG_INIT;
	struct sk_form *meta = NULL;
	int ret = -1;

	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which event log?");
	if (sk_eventlog_load(&data, &log, argv[0], err) < 0 ||
	    read_meta(&meta, o, argv[0], err) < 0)
		goto out;
	sk_snapshot_add(&text, &log, data.ptr, meta);
	fwrite(text.ptr, 1, text.len, stdout);
	ret = warn_of_faults(&log, data.ptr, argv[0]);
out:
	sk_form_free(meta);
	sk_log_free(&log);
	sk_str_free(&text);
	sk_str_free(&data);
	return ret;
}

static const struct sk_opt table[] = {
	SK_TEXT(0, "meta", struct opts, meta, "file",
		"the meta.json to read, in the place of the one beside it"),
	SK_OPT_LAST};

const struct sk_cmd sk_cmd_eventlog_reduce = {
	.name = "reduce",
	.operands = "<file>|-",
	.summary = "Print the status.json that belongs to an event log.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = 1,
	.run = run,
};
