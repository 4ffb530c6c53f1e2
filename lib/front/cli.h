/* SPDX-License-Identifier: MIT */
/*
 * What every command of the project has in common: options as a table, usage
 * and -h made from it, --help and --version, errors and hints on stderr, a
 * document for them with --json, a checked stdout, and the exit status: 0 done,
 * 1 the answer is no, 2 refused by the identity boundary, 128 failed, 129
 * usage.
 *
 * The tables are the one place that knows the commands and their options.
 */
#ifndef SK_FRONT_CLI_H
#define SK_FRONT_CLI_H

#include "base/err.h"

enum sk_opt_kind {
	SK_OPT_END,
	SK_OPT_FLAG, /* bool: --name sets it, --no-name clears it */
	SK_OPT_TEXT, /* const char *: borrowed from argv; --no-name: default */
	SK_OPT_UINT, /* unsigned; --no-name: default */
};

/* A flag that means the same everywhere, and is minded here. */
enum sk_opt_mark {
	SK_MARK_NONE,
	SK_MARK_JSON,	 /* the answer, and a failure too, is a document */
	SK_MARK_QUIET,	 /* sk_say(), sk_warn() and sk_advise() are silent */
	SK_MARK_VERBOSE, /* sk_detail() is not */
};

struct sk_opt {
	enum sk_opt_kind kind;
	char short_name; /* 0 = none */
	const char *long_name;
	size_t offset;	   /* of the field in the command's options struct */
	const char *value; /* name of the value in the help; NULL for flags */
	const char *help;
	enum sk_opt_mark mark;
};

/* offsetof that does not compile when the field has another type. */
/* clang-format off */
#define SK_FIELD(type, field, want)                                            \
	(offsetof(type, field) +                                               \
	 0 * sizeof(char[_Generic(((type *)0)->field, want: 1, default: -1)]))
/* clang-format on */

/* clang-format off */
#define SK_OPT(kind, c, l, type, field, want, value, help, mark)               \
	{ kind, c, l, SK_FIELD(type, field, want), value, help, mark }
#define SK_FLAG(c, l, type, field, help)                                       \
	SK_OPT(SK_OPT_FLAG, c, l, type, field, bool, NULL, help, SK_MARK_NONE)
#define SK_TEXT(c, l, type, field, value, help)                                \
	SK_OPT(SK_OPT_TEXT, c, l, type, field, const char *, value, help,      \
	       SK_MARK_NONE)
#define SK_UINT(c, l, type, field, value, help)                                \
	SK_OPT(SK_OPT_UINT, c, l, type, field, unsigned, value, help,          \
	       SK_MARK_NONE)
#define SK_JSON(type, field)                                                   \
	SK_OPT(SK_OPT_FLAG, 0, "json", type, field, bool, NULL,                \
	       "print one JSON document", SK_MARK_JSON)
#define SK_QUIET_FLAG(type, field)                                             \
	SK_OPT(SK_OPT_FLAG, 'q', "quiet", type, field, bool, NULL,             \
	       "say nothing but errors", SK_MARK_QUIET)
#define SK_VERBOSE_FLAG(type, field)                                           \
	SK_OPT(SK_OPT_FLAG, 'v', "verbose", type, field, bool, NULL,           \
	       "say on stderr what is being done", SK_MARK_VERBOSE)
#define SK_OPT_LAST { SK_OPT_END, 0, NULL, 0, NULL, NULL, SK_MARK_NONE }
/* clang-format on */

/*
 * One command, or one subcommand. `run` gets the filled options struct and the
 * operands; it returns the exit status 0 or 1, or -1 with *err filled, which
 * becomes 1 (SK_ENO), 2 (SK_EBOUNDARY), 129 (SK_EUSAGE, with the usage line) or
 * 128.
 */
struct sk_cmd {
	const char *name;     /* "git sk-setup"; of a subcommand just "now" */
	const char *old_name; /* taken as well, and not shown; NULL = none */
	const char *operands; /* "[<rev>]"; "" for none */
	const char *summary;  /* one line; "" when it is not for people */
	const struct sk_opt *opts;
	size_t size;	      /* of the options struct; 0 without one */
	const void *defaults; /* what it begins as; NULL: all zero */
	int max_operands;     /* -1 = any number */
	int (*run)(void *values, int argc, char **argv, struct sk_err *err);
	void (*after)(void); /* called behind `run`, unless NULL */
};

/* main() of a program that is one command. Returns the exit status. */
int sk_cli_run(const struct sk_cmd *cmd, int argc, char **argv);

/*
 * main() of a program with subcommands; `summary` says what it is for. A first
 * command without a name is what the program does without a subcommand. A name
 * may be two words, "user add", of which the first stands for a group.
 */
int sk_cli_dispatch(const char *program, const char *summary,
		    const struct sk_cmd *const *cmds, size_t count, int argc,
		    char **argv);

/* Say what is wrong before there is a command. Returns the exit status. */
int sk_cli_fail(const char *program, const struct sk_err *err);

/* How much is said beside errors and documents; set from the options. */
enum sk_volume { SK_QUIET, SK_NORMAL, SK_VERBOSE };
void sk_set_volume(enum sk_volume volume);
enum sk_volume sk_volume(void);

/* Text for a person on stdout, as printf() does, unless it is to be quiet. */
void sk_say(const char *fmt, ...) SK_PRINTF(1, 2);

/*
 * One line on stderr: "warning: ..." and "hint: ..." for what is no failure,
 * and by sk_note() "note: ..." for what was done unasked, unless it is to be
 * quiet; by sk_detail() "note: ..." for what is being done, when it is to be
 * verbose.
 */
void sk_warn(const char *fmt, ...) SK_PRINTF(1, 2);
void sk_warn_lines(const char *lines); /* of each; "" has none */
void sk_advise(const char *fmt, ...) SK_PRINTF(1, 2);
void sk_note(const char *fmt, ...) SK_PRINTF(1, 2);
void sk_detail(const char *fmt, ...) SK_PRINTF(1, 2);

/*
 * Progress on stderr: shown only when that is a terminal and only once the
 * command has run for a second, at most ten times a second, each line over the
 * last; sk_meter_done() wipes it.
 */
void sk_meter(const char *fmt, ...) SK_PRINTF(1, 2);
void sk_meter_done(void);

#endif
