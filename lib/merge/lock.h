/* SPDX-License-Identifier: MIT */
/*
 * One merge of missions at a time in a repository. Among git-sk's it is a lock
 * of the kernel's, <common folder of git>/sk-merge.lock, which goes with its
 * process. For spec-kitty there is a file beside it, where that looks for one
 * of its own: .kittify/runtime/merge/__global_merge__/lock, which is there or
 * not, and says since when. Ours says whose it is, too.
 */
#ifndef SK_MERGE_LOCK_H
#define SK_MERGE_LOCK_H

#include "git/repo.h"

struct sk_merge_lock {
	int fd;
	struct sk_str theirs; /* the file, while it is ours; "": none */
};

#define SK_MERGE_LOCK_INIT                                                     \
	{                                                                      \
		-1, SK_STR_INIT                                                \
	}

/*
 * Take it, waiting half a minute for another of ours; what a dead one has left
 * of it is taken over. Returns 0; -1 with SK_EBUSY, naming who has it.
 */
int sk_merge_lock(struct sk_merge_lock *lock, struct sk_repo *repo,
		  struct sk_err *err) SK_NODISCARD;
void sk_merge_unlock(struct sk_merge_lock *lock);

/*
 * Whether somebody but us has locked spec-kitty's file, and is not known to be
 * dead. Appends its path, and who that is: "process 12", "spec-kitty since
 * ...".
 */
bool sk_merge_lock_look(struct sk_str *path, struct sk_str *whose,
			struct sk_repo *repo);

#endif
