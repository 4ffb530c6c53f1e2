/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "command/eventlog.h"
#include "format/json.h"

struct opts {
	bool json;
};

/* One file, and what is wrong in it. */
struct checking {
	const char *path;
	struct sk_jsonw *w; /* NULL: for people */
	struct sk_str data;
	struct sk_log log;
	size_t at, line; /* an offset, and the line it is on */
	bool is_bad;
};

/* Lines are asked for in order, or nearly so. */
static size_t line_at(struct checking *c, size_t offset)
{
	if (offset < c->at)
		c->at = c->line = 0;
	if (!c->line)
		c->line = 1;
	c->line += sk_log_line_number(c->data.ptr + c->at, offset - c->at) - 1;
	c->at = offset;
	return c->line;
}

static void put(struct checking *c, size_t line, const char *reason)
{
	c->is_bad = true;
	if (!c->w) {
		printf("%s:%zu: %s\n", c->path, line, reason);
		return;
	}
	sk_jsonw_object(c->w, NULL);
	sk_jsonw_text(c->w, "file", c->path);
	sk_jsonw_int(c->w, "line", (int64_t)line);
	sk_jsonw_text(c->w, "reason", reason);
	sk_jsonw_end_object(c->w);
}

/* Whether both say the same, in whatever words. */
static bool is_same(const struct sk_log_row *a, const struct sk_log_row *b)
{
	return strcmp(a->wp_id, b->wp_id) == 0 && a->from == b->from &&
	       a->to == b->to && a->at_us == b->at_us && a->force == b->force;
}

/* A row that could be read: its time, and whether its id was another's. */
static void check_row(struct checking *c, struct sk_map *ids, size_t i)
{
	const struct sk_log_row *row = &c->log.rows[i], *first;
	struct sk_str reason = SK_STR_INIT;
	size_t line = line_at(c, row->line.offset);
	int64_t *at;
	bool added;

	at = sk_map_add(ids, row->event_id, strlen(row->event_id), (int64_t)i,
			&added);
	first = &c->log.rows[*at];
	if (row->at_us == INT64_MIN)
		put(c, line, "'at' is not a time");
	if (!added && !is_same(first, row)) {
		sk_str_addf(
			&reason,
			"event_id is that of another transition, on line"
			" %zu, which counts",
			sk_log_line_number(c->data.ptr, first->line.offset));
		put(c, line, reason.ptr);
	}
	sk_str_free(&reason);
}

/* Rows and faults, in the order of the file. */
static void check_lines(struct checking *c)
{
	const struct sk_log *log = &c->log;
	struct sk_map ids = SK_MAP_INIT;
	size_t fault = 0;

	for (size_t i = 0; i <= log->row_count; i++) {
		size_t end = i < log->row_count ? log->rows[i].line.offset
						: SIZE_MAX;

		for (; fault < log->fault_count &&
		       log->faults[fault].line.offset < end;
		     fault++)
			put(c, line_at(c, log->faults[fault].line.offset),
			    log->faults[fault].reason);
		if (i < log->row_count)
			check_row(c, &ids, i);
	}
	sk_map_free(&ids);
}

/* Returns 1 when something is wrong with it; 0; -1 when it cannot be read. */
static int check(const char *path, struct sk_jsonw *w, struct sk_err *err)
{
	struct checking c = {
		.path = path, .w = w, .data = SK_STR_INIT, .log = SK_LOG_INIT};
	int ret = -1;

	if (sk_eventlog_load(&c.data, &c.log, path, err) == 0) {
		check_lines(&c);
		ret = c.is_bad;
	}
	sk_log_free(&c.log);
	sk_str_free(&c.data);
	return ret;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	const struct opts *o = values;
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);
	int bad = 0, rc = 0;

	if (argc == 0)
		return sk_fail(err, SK_EUSAGE, "which event logs?");
	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_array(&w, "faults");
	for (int i = 0; i < argc && rc >= 0; i++) {
		rc = check(argv[i], o->json ? &w : NULL, err);
		bad |= rc > 0;
	}
	sk_jsonw_end_array(&w);
	sk_jsonw_bool(&w, "ok", !bad);
	sk_jsonw_end_object(&w);
	if (rc >= 0 && o->json)
		puts(text.ptr);
	sk_str_free(&text);
	return rc < 0 ? -1 : bad;
}

static const struct sk_opt table[] = {SK_JSON(struct opts, json), SK_OPT_LAST};

const struct sk_cmd sk_cmd_eventlog_check = {
	.name = "check",
	.operands = "<file>...",
	.summary = "Name every fault of event logs, by line.",
	.opts = table,
	.size = sizeof(struct opts),
	.max_operands = -1,
	.run = run,
};
