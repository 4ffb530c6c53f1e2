/* SPDX-License-Identifier: MIT */
#include "command/beside.h"

#include <errno.h>
#include <unistd.h>

int sk_beside_enter(int argc, char **argv, struct sk_err *err)
{
	if (argc != 1)
		return sk_fail(err, SK_EUSAGE, "a folder is wanted");
	if (chdir(argv[0]) < 0)
		return sk_fail_errno(err, errno, "cannot change to '%s'",
				     argv[0]);
	return 0;
}
