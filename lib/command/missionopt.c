/* SPDX-License-Identifier: MIT */
#include "command/missionopt.h"

#include <string.h>

int sk_mission_named(const char **handle, const char *mission,
		     const char *feature, int argc, char **argv,
		     struct sk_err *err)
{
	const char *said[] = {argc ? argv[0] : NULL, mission, feature};

	*handle = NULL;
	for (size_t i = 0; i < SK_COUNTOF(said); i++) {
		if (!said[i])
			continue;
		if (*handle && strcmp(*handle, said[i]) != 0)
			return sk_fail(err, SK_EUSAGE,
				       "'%s' and '%s': which mission?", *handle,
				       said[i]);
		*handle = said[i];
	}
	return 0;
}
