/* SPDX-License-Identifier: MIT */
/*
 * Where a repository may have its objects: its own folder, those it borrows
 * from (info/alternates, and theirs), and those the environment names.
 */
#ifndef SK_GIT_ALTERNATES_H
#define SK_GIT_ALTERNATES_H

#include "git/layout.h"

/*
 * Visit each folder of objects, its own first, whether it is there or not; one
 * may come twice. Stops when `each` returns non-zero. Returns that, or 0.
 */
typedef int sk_objects_fn(void *ctx, const char *dir);
int sk_objects_each(const struct sk_layout *layout, sk_objects_fn *each,
		    void *ctx);

#endif
