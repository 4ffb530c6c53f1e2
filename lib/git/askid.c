/* SPDX-License-Identifier: MIT */
#include "git/askid.h"

int sk_git_ask_id(char id[SK_HEX_LEN + 1], const struct sk_git_place *place,
		  const struct sk_feed *feed, const char *const args[],
		  struct sk_err *err)
{
	struct sk_str said = SK_STR_INIT;
	struct sk_oid oid;
	int rc = sk_git_must(&said, place, feed, args, err);

	sk_str_rtrim(&said);
	if (rc == 0 && sk_oid_parse(&oid, said.ptr) < 0)
		rc = sk_fail(err, SK_EDATA, "git %s says '%.80s'", args[0],
			     said.ptr);
	else if (rc == 0)
		sk_oid_hex(id, &oid);
	sk_str_free(&said);
	return rc;
}
