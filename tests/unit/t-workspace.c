/* SPDX-License-Identifier: MIT */
/* The note that says what a lane's worktree is for. */
#include "mission/workspace.h"
#include "tests/unit/tap.h"

static const char written[] =
	"{\n  \"wp_id\": \"WP02\",\n  \"mission_slug\": \"a--b-01KNXQS9\",\n"
	"  \"worktree_path\": \".worktrees/a--b-01KNXQS9-lane-a\",\n"
	"  \"branch_name\": \"kitty/mission-a--b-01KNXQS9-lane-a\",\n"
	"  \"base_branch\": \"kitty/mission-a--b-01KNXQS9\",\n"
	"  \"base_commit\": \"0123456789\",\n"
	"  \"dependencies\": [\n    \"WP01\"\n  ],\n"
	"  \"created_at\": \"2026-05-25T07:16:00+00:00\",\n"
	"  \"created_by\": \"implement-command-lane\",\n"
	"  \"vcs_backend\": \"git\",\n  \"lane_id\": \"lane-a\",\n"
	"  \"lane_wp_ids\": [\n    \"WP01\",\n    \"WP02\"\n  ],\n"
	"  \"current_wp\": \"WP02\",\n  \"lane_test_env\": {\n"
	"    \"SPEC_KITTY_TEST_DB_NAME\": \"test_a_b_01KNXQS9_lane_a\"\n"
	"  }\n}\n";

int main(void)
{
	static const char *const malformed[] = {
		"",
		"[]",
		"{\"lane_id\": \"lane-a\"}",
		"{\"lane_wp_ids\": []}",
		"{\"lane_id\": 1, \"lane_wp_ids\": []}",
	};
	struct sk_workspace note;
	struct sk_words none = SK_WORDS_INIT;
	struct sk_str text = SK_STR_INIT;
	struct sk_form *form;

	ok(sk_workspace_read(&note, written, strlen(written)) &&
		   strcmp(note.base_commit, "0123456789") == 0 &&
		   note.lane_wp_ids.len == 2 && note.dependencies.len == 1,
	   "workspace: a note is read");
	form = sk_workspace_make(&note);
	sk_workspace_add(&text, form);
	is(text.ptr, written, "workspace: and written in the same bytes");
	sk_form_free(form);
	note.mission_slug = "a_-.b";
	form = sk_workspace_make(&note);
	is(sk_form_get_text(sk_form_get(form, "lane_test_env"),
			    "SPEC_KITTY_TEST_DB_NAME"),
	   "test_a__b_lane_a",
	   "workspace: what no database can be called is one line");
	sk_form_free(form);
	sk_form_set(note.form, "mine", sk_form_text("x"));
	sk_workspace_turn_to(note.form, "WP01", &none);
	sk_str_clear(&text);
	sk_workspace_add(&text, note.form);
	ok(strstr(text.ptr, "\"wp_id\": \"WP01\"") &&
		   strstr(text.ptr, "\"current_wp\": \"WP01\"") &&
		   strstr(text.ptr, "\"dependencies\": []") &&
		   strstr(text.ptr, "\"mine\": \"x\"") &&
		   strstr(text.ptr, "\"base_commit\": \"0123456789\""),
	   "workspace: another work package is noted, all else stays");
	sk_workspace_free(&note);
	for (size_t i = 0; i < SK_COUNTOF(malformed); i++) {
		ok(!sk_workspace_read(&note, malformed[i],
				      strlen(malformed[i])),
		   "workspace: '%s' is none", malformed[i]);
		sk_workspace_free(&note);
	}
	sk_str_clear(&text);
	sk_workspace_path_add(&text, "a-01KNXQS9", "lane-a");
	is(text.ptr, ".kittify/workspaces/a-01KNXQS9-lane-a.json",
	   "workspace: its note has a name");
	sk_str_free(&text);
	return done_testing();
}
