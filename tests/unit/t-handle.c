/* SPDX-License-Identifier: MIT */
/* Which mission is meant by what a user typed. */
#include "mission/handle.h"
#include "tests/unit/tap.h"

static const struct sk_mission_name all[] = {
	{"login-01KNXQS9", "01KNXQS9ATWWFXS3K5ZJ9E5008"},
	{"search-01KNXQS9", "01KNXQS9ZZWWFXS3K5ZJ9E5008"},
	{"042-old", NULL},
	{"042-other", "01HNXQS9ATWWFXS3K5ZJ9E5008"},
	{"043-old", NULL},
	{"007", NULL},
	{"01GNXQS9", NULL},
	{"moved-01GNXQS9", "01GNXQS9ATWWFXS3K5ZJ9E5008"},
};

static const struct {
	const char *handle, *want; /* the places found */
} cases[] = {
	{"01KNXQS9ATWWFXS3K5ZJ9E5008", "0"},
	{"01KNXQS9ATWWFXS3K5ZJ9E5009", ""},
	{"01knxqs9atwwfxs3k5zj9e5008", ""},
	{"01KNXQS9", "01"},
	{"01HNXQS9", "3"},
	{"01knxqs9", ""},
	{"01KNXQS", ""},
	{"login-01KNXQS9", "0"},
	{"042-old", "2"},
	{"old", "24"},
	{"other", "3"},
	{"042", "23"},
	{"043", "4"},
	{"007", "5"},
	{"43", ""},
	{"044", ""},
	/* an id comes before a folder's name */
	{"01GNXQS9", "7"},
	{"login", "0"},
	{"moved", "7"},
	{"logi", ""},
	{"login-", ""},
	{"042-", ""},
	{"", ""},
	{"../login-01KNXQS9", ""},
};

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		size_t found[SK_COUNTOF(all)];
		char got[SK_COUNTOF(all) + 1] = "";
		size_t count = sk_handle_find(found, cases[i].handle, all,
					      SK_COUNTOF(all));

		for (size_t j = 0; j < count; j++)
			got[j] = (char)('0' + found[j]);
		ok(strcmp(got, cases[i].want) == 0, "handle: '%s' means '%s'",
		   cases[i].handle, cases[i].want);
	}
	ok(sk_handle_find(NULL, "x", NULL, 0) == 0,
	   "handle: there may be no mission at all");
	return done_testing();
}
