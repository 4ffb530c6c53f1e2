/* SPDX-License-Identifier: MIT */
/*
 * What the packs and loose folders of a repository hold, by their indexes: the
 * one question about an object of a partial clone that makes no git fetch it.
 */
#ifndef SK_GIT_PACKS_H
#define SK_GIT_PACKS_H

#include "git/layout.h"
#include "git/oid.h"

struct sk_packs;

/* Those of the repository and its alternates, as they are now; what cannot be
 * read is left out. Owned: sk_packs_close(). */
struct sk_packs *sk_packs_open(const struct sk_layout *layout);
void sk_packs_close(struct sk_packs *packs);

/* Whether it is there, or in a pack whose index is of a kind not known here. */
bool sk_packs_may_have(const struct sk_packs *packs, const struct sk_oid *oid);

#endif
