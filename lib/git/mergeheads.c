/* SPDX-License-Identifier: MIT */
#include "git/mergeheads.h"

#include <string.h>

#include "base/mem.h"

extern char **environ;

size_t sk_merge_heads(struct sk_merge_head **out)
{
	static const char prefix[] = "GITHEAD_";
	char hex[SK_HEX_LEN + 1];
	size_t count = 0, cap = 0;

	*out = NULL;
	for (char **env = environ; *env; env++) {
		const char *id = *env + strlen(prefix);
		struct sk_merge_head head;
		size_t len;

		if (strncmp(*env, prefix, strlen(prefix)) != 0)
			continue;
		len = strcspn(id, "=");
		if (!id[len] || len > SK_HEX_LEN)
			continue;
		memcpy(hex, id, len);
		hex[len] = '\0';
		if (sk_oid_parse(&head.id, hex) < 0)
			continue;
		head.name = id + len + 1;
		SK_GROW(*out, count, cap);
		(*out)[count++] = head;
	}
	return count;
}
