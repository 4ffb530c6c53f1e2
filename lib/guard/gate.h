/* SPDX-License-Identifier: MIT */
/*
 * The checks of a merge and of a push: what the gates in front of both look
 * at, and whoever wants to know beforehand what they will say. All of it is
 * about commits and trees; nothing is changed, the network is not asked.
 */
#ifndef SK_GUARD_GATE_H
#define SK_GUARD_GATE_H

#include "git/config.h"
#include "guard/account.h"
#include "guard/eventloss.h"
#include "guard/push.h"

/* What is done about findings. */
enum sk_gate_mode {
	SK_GATE_BLOCK,
	SK_GATE_WARN,
	SK_GATE_OFF,
};

/*
 * Set *mode from a setting, `sk.preflight.mission` or `sk.preflight.owner`;
 * unset it is SK_GATE_BLOCK. Returns 0; -1 with SK_EDATA when it is none of
 * block, warn and off, *mode being SK_GATE_BLOCK.
 */
int sk_gate_parse(enum sk_gate_mode *mode, const struct sk_config *config,
		  const char *key, struct sk_err *err) SK_NODISCARD;

struct sk_gate {
	struct sk_repo *repo; /* borrowed */
	struct sk_blockers found;
	struct sk_words untold; /* what could not be looked at, and why */
};

#define SK_GATE_INIT(repository)                                               \
	{                                                                      \
		.repo = (repository), .found = SK_BLOCKERS_INIT,               \
		.untold = SK_WORDS_INIT                                        \
	}

/* Release what was found; the repository is the caller's. */
void sk_gate_free(struct sk_gate *gate);

/*
 * Look at a merge of these versions, the first being the one merged into, that
 * makes `result`. Missions that it changes there have their reviews and their
 * branch looked at, too.
 */
void sk_gate_look_merge(struct sk_gate *gate, const struct sk_version *parents,
			size_t parent_count, const struct sk_version *result);

/*
 * Look at a push that was read and whose published commits were found: every
 * commit that it publishes against each of its parents, and where a ref does
 * not move forward what it was.
 */
void sk_gate_look_push(struct sk_gate *gate, const struct sk_push *push);

/*
 * Look at whose queue it is, when events are sent. Nobody has to be logged in;
 * what sending puts right by itself is no finding. By `mode`, what
 * `sk.preflight.owner` says, it is a warning, or not looked for.
 */
void sk_gate_look_owner(struct sk_gate *gate, const struct sk_config *config,
			enum sk_gate_mode mode);

/* Whether a finding is one about the owner. */
bool sk_gate_is_of_owner(const struct sk_blocker *blocker);

#endif
