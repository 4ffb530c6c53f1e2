/* SPDX-License-Identifier: MIT */
/* Work package files: names, and the two scalars of the front matter. */
#include "mission/wpfile.h"
#include "tests/unit/tap.h"

static const struct {
	const char *name, *id; /* NULL: no work package */
} names[] = {
	{"WP01-login.md", "WP01"},
	{"WP01.md", "WP01"},
	{"WP123_big.md", "WP123"},
	{"WP04.v2.md", "WP04"},
	{"WP04b.md", NULL},
	{"WP1-x.md", NULL},
	{"wp01-x.md", NULL},
	{"WP01-x.txt", NULL},
	{"WP01", NULL},
	{"README.md", NULL},
	{"WP01-", NULL},
	{".md", NULL},
	{"WP01md", NULL},
};

static const struct {
	const char *title, *text, *id;
	enum sk_lane lane;
} files[] = {
	{"plain scalars", "---\nwork_package_id: WP07\nlane: done\n---\n",
	 "WP07", SK_LANE_DONE},
	{"double quotes and a comment",
	 "---\nlane: \"planned\"  # DO NOT EDIT\n---\n", "", SK_LANE_PLANNED},
	{"a comment after a word", "---\nlane: done # since May\n---\n", "",
	 SK_LANE_DONE},
	{"a '#' within a word", "---\nlane: done#1\n---\n", "", SK_LANE_NONE},
	{"single quotes", "---\nlane: 'for_review'\n---\n", "",
	 SK_LANE_FOR_REVIEW},
	{"upper case", "---\nlane: Done\n---\n", "", SK_LANE_DONE},
	{"the alias", "---\nlane: doing\n---\n", "", SK_LANE_IN_PROGRESS},
	{"an execution lane", "---\nlane: lane-a\n---\n", "", SK_LANE_NONE},
	{"a lane of 32 letters, longer than any",
	 "---\nlane: in_progress_and_for_review_soon_\n---\n", "",
	 SK_LANE_NONE},
	{"genesis", "---\nlane: genesis\n---\n", "", SK_LANE_NONE},
	{"CRLF and a byte order mark",
	 "\xef\xbb\xbf---\r\nlane: claimed\r\n---\r\n", "", SK_LANE_CLAIMED},
	{"an indented key", "---\nx:\n  lane: done\n---\n", "", SK_LANE_NONE},
	{"the first of two keys", "---\nlane: done\nlane: planned\n---\n", "",
	 SK_LANE_DONE},
	{"a key that only starts so", "---\nlanes: done\n---\n", "",
	 SK_LANE_NONE},
	{"no end", "---\nlane: done\n", "", SK_LANE_NONE},
	{"no front matter", "# lane: done\nlane: done\n", "", SK_LANE_NONE},
	{"lane after the end", "---\ntitle: x\n---\nlane: done\n", "",
	 SK_LANE_NONE},
	{"an id that is none", "---\nwork_package_id: WP1\nlane: done\n---\n",
	 "", SK_LANE_DONE},
	{"an empty lane", "---\nlane:\n---\n", "", SK_LANE_NONE},
	{"only a comment", "---\nlane: # none\n---\n", "", SK_LANE_NONE},
	{"YAML that is none", "---\n: : {[\n\tlane\nlane: done\n---\n", "",
	 SK_LANE_DONE},
	{"nothing", "", "", SK_LANE_NONE},
};

int main(void)
{
	for (size_t i = 0; i < SK_COUNTOF(names); i++) {
		char id[SK_WP_ID_MAX] = "";
		bool is_wp = sk_wp_name_id(id, names[i].name);

		ok(is_wp == (names[i].id != NULL) &&
			   (!is_wp || strcmp(id, names[i].id) == 0),
		   "name: '%s' is %s", names[i].name,
		   names[i].id ? names[i].id : "no work package");
	}
	for (size_t i = 0; i < SK_COUNTOF(files); i++) {
		struct sk_wp_file file;

		sk_wp_file_read(&file, files[i].text, strlen(files[i].text));
		ok(file.lane == files[i].lane &&
			   strcmp(file.id, files[i].id) == 0,
		   "front matter: %s", files[i].title);
	}
	ok(sk_wp_folder_lane("doing") == SK_LANE_IN_PROGRESS &&
		   sk_wp_folder_lane("done") == SK_LANE_DONE &&
		   sk_wp_folder_lane("claimed") == SK_LANE_NONE,
	   "folder: four names of the old layout are lanes, no others");
	return done_testing();
}
