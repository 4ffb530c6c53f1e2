/* SPDX-License-Identifier: MIT */
/*
 * Which tables go over from one queue file into another, what identifies a row
 * of each, and whose it is. Private to adopt.c.
 */
#ifndef SK_OUTBOX_ADOPTTABLE_H
#define SK_OUTBOX_ADOPTTABLE_H

#include "outbox/db.h"

#define SK_ADOPT_MAX_KEY 8

enum sk_adopt_kind {
	SK_ADOPT_EVENTS,
	SK_ADOPT_BODIES,
	SK_ADOPT_FAILURES,
	SK_ADOPT_BOOKS, /* our own bookkeeping: goes along, is not counted */
};

/* Values of the expression `whose`, the least doubtful first. */
enum sk_adopt_whose {
	SK_ADOPT_FREE, /* this account's, or captured without any */
	SK_ADOPT_UNKNOWN,
	SK_ADOPT_OTHERS,
};

struct sk_adopt_table {
	const char *from; /* its name in the file the rows leave */
	const char *to;
	enum sk_adopt_kind kind;
	const char *key[SK_ADOPT_MAX_KEY + 1];
	/*
	 * SQL over the row `moving`, and `entry`, the source's ledger; may
	 * want :account bound.
	 */
	const char *whose;
};

/* In the order in which a row may refer to another. */
extern const struct sk_adopt_table sk_adopt_tables[];
extern const size_t sk_adopt_table_count;

/*
 * What the source's table calls the column that is `column` now: that name, or
 * an older one; NULL when it has neither. `schema` as in sk_sql_has().
 */
const char *sk_adopt_source_column(struct sk_outbox *from, const char *schema,
				   const char *table, const char *column);

/* Whether the source has the table, with the columns of its key. */
bool sk_adopt_is_readable(struct sk_outbox *from, const char *schema,
			  const struct sk_adopt_table *table);

#endif
