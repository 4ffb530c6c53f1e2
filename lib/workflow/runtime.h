/* SPDX-License-Identifier: MIT */
/*
 * The global runtime: the templates that all projects of a person share, in
 * $SPEC_KITTY_HOME, else ~/.kittify. Spec-kitty keeps its own there, too, and
 * the file cache/version.lock says whose they are: what another program put in
 * place is left to it. Credentials and queues are not here but in the folder
 * of home.h: this one may be shared, copied and published.
 *
 * The chain (template.h) finds the same templates without a runtime. In place,
 * they can be read and changed, and a changed one stays as it is.
 */
#ifndef SK_WORKFLOW_RUNTIME_H
#define SK_WORKFLOW_RUNTIME_H

#include "base/err.h"
#include "base/str.h"

/* Whose it is: "git-sk 0.2.0" for ours. */
#define SK_RUNTIME_VERSION_FILE "cache/version.lock"
#define SK_RUNTIME_PROGRAM	"git-sk "
#define SK_RUNTIME_VERSION	SK_RUNTIME_PROGRAM SK_VERSION

/* Set *out to its folder, which need not exist. 0; -1 when nothing says it. */
int sk_runtime_home(struct sk_str *out, struct sk_err *err) SK_NODISCARD;

enum sk_runtime_state {
	SK_RUNTIME_CURRENT, /* put there by this version */
	SK_RUNTIME_FOREIGN, /* by another program */
	SK_RUNTIME_OLD,	    /* by another version of git-sk */
	SK_RUNTIME_ABSENT,
};

/* What becomes of one of its files. */
enum sk_runtime_step {
	SK_RUNTIME_PUT,	    /* there is none */
	SK_RUNTIME_REPLACE, /* it is one of ours, as we left it */
	SK_RUNTIME_SAME,    /* it is so already */
	SK_RUNTIME_KEEP,    /* somebody changed it */
};

struct sk_runtime_file {
	char *name; /* "missions/software-dev/mission.yaml" */
	struct sk_str text;
	enum sk_runtime_step step;
};

struct sk_runtime {
	struct sk_str home;
	struct sk_str version; /* what version.lock says; "" for none */
	enum sk_runtime_state state;
	struct sk_runtime_file *files; /* none unless old or absent */
	size_t count, cap;
};

#define SK_RUNTIME_INIT                                                        \
	{                                                                      \
		.home = SK_STR_INIT, .version = SK_STR_INIT                    \
	}

/*
 * Plan what is to be done; changes nothing. *runtime, empty before, is owned,
 * also on failure: sk_runtime_free(). Returns 0 or -1.
 */
int sk_runtime_plan(struct sk_runtime *runtime,
		    struct sk_err *err) SK_NODISCARD;
void sk_runtime_free(struct sk_runtime *runtime);

/*
 * Do it, under the lock that spec-kitty takes, too: files first, version.lock
 * last, so that a run which was killed is finished by the next. Waits ten
 * seconds for another process, and does nothing when that has done it all.
 * Returns 0 or -1.
 */
int sk_runtime_apply(const struct sk_runtime *runtime,
		     struct sk_err *err) SK_NODISCARD;

/* "in place", "of another program", "outdated", "absent"; borrowed. */
const char *sk_runtime_state_name(enum sk_runtime_state state);
const char *sk_runtime_step_name(enum sk_runtime_step step);

#endif
