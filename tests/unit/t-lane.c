/* SPDX-License-Identifier: MIT */
/* Lanes and their collapse, one case a row of tests/data/lanes.tsv. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/collapse.h"
#include "tests/unit/tap.h"

int main(void)
{
	char line[256], lane[64], wire[64];
	FILE *file = fopen("tests/data/lanes.tsv", "r");
	int rows = 0;

	if (!file)
		abort();
	while (fgets(line, sizeof(line), file)) {
		enum sk_lane parsed;
		const char *got;

		if (line[0] == '#' ||
		    sscanf(line, "%63[^\t]\t%63s", lane, wire) != 2)
			continue;
		parsed = sk_lane_parse(lane);
		got = parsed == SK_LANE_NONE ? "error" : sk_wire_lane(parsed);
		ok(strcmp(got, wire) == 0, "lane: '%s' is '%s' on the wire",
		   lane, wire);
		rows++;
	}
	fclose(file);
	ok(rows >= 15, "lane: the table was read");
	ok(!sk_wire_lane(SK_LANE_NONE), "lane: none is null on the wire");
	ok(sk_lane_is_terminal(SK_LANE_CANCELED) &&
		   !sk_lane_is_terminal(SK_LANE_APPROVED),
	   "lane: canceled is terminal, approved is not");
	return done_testing();
}
