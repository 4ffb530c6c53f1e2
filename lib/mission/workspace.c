/* SPDX-License-Identifier: MIT */
#include "mission/workspace.h"

#include <ctype.h>

#include "mission/frontmatter.h"

#define TEST_DB "SPEC_KITTY_TEST_DB_NAME"

void sk_workspace_path_add(struct sk_str *out, const char *mission_slug,
			   const char *lane_id)
{
	sk_str_addf(out, ".kittify/workspaces/%s-%s.json", mission_slug,
		    lane_id);
}

bool sk_workspace_read(struct sk_workspace *out, const char *data, size_t len)
{
	struct sk_err ignored = {0};
	const struct sk_form *form;

	*out = (struct sk_workspace){.form = NULL};
	if (sk_form_read(&out->form, data, len, &ignored) < 0)
		return false;
	form = out->form;
	out->wp_id = sk_form_get_text(form, "wp_id");
	out->mission_slug = sk_form_get_text(form, "mission_slug");
	out->worktree_path = sk_form_get_text(form, "worktree_path");
	out->branch_name = sk_form_get_text(form, "branch_name");
	out->base_branch = sk_form_get_text(form, "base_branch");
	out->base_commit = sk_form_get_text(form, "base_commit");
	out->created_at = sk_form_get_text(form, "created_at");
	out->lane_id = sk_form_get_text(form, "lane_id");
	out->current_wp = sk_form_get_text(form, "current_wp");
	sk_wp_add_list(&out->dependencies, sk_form_get(form, "dependencies"));
	sk_wp_add_list(&out->lane_wp_ids, sk_form_get(form, "lane_wp_ids"));
	return out->lane_id && *out->lane_id &&
	       sk_form_is_array(sk_form_get(form, "lane_wp_ids"));
}

void sk_workspace_free(struct sk_workspace *workspace)
{
	sk_form_free(workspace->form);
	sk_words_free(&workspace->dependencies);
	sk_words_free(&workspace->lane_wp_ids);
	*workspace = (struct sk_workspace){.form = NULL};
}

static struct sk_form *list_of(const struct sk_words *words)
{
	struct sk_form *list = sk_form_array();

	for (size_t i = 0; i < words->len; i++)
		sk_form_append(list, sk_form_text(words->items[i]));
	return list;
}

/* A database of the lane's own, so that two lanes can be tested at once. */
static struct sk_form *test_env(const struct sk_workspace *workspace)
{
	struct sk_form *env = sk_form_object();
	struct sk_str raw = SK_STR_INIT, name = SK_STR_INIT;

	sk_str_addf(&raw, "test_%s_%s", workspace->mission_slug,
		    workspace->lane_id);
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.ptr[i];

		if (isalnum((unsigned char)c) || c == '_')
			sk_str_putc(&name, c);
		else if (i && (isalnum((unsigned char)raw.ptr[i - 1]) ||
			       raw.ptr[i - 1] == '_'))
			sk_str_putc(&name, '_');
	}
	sk_form_set(env, TEST_DB, sk_form_text(name.ptr));
	sk_str_free(&raw);
	sk_str_free(&name);
	return env;
}

struct sk_form *sk_workspace_make(const struct sk_workspace *workspace)
{
	struct sk_form *form = sk_form_object();

	sk_form_set(form, "wp_id", sk_form_text(workspace->wp_id));
	sk_form_set(form, "mission_slug",
		    sk_form_text(workspace->mission_slug));
	sk_form_set(form, "worktree_path",
		    sk_form_text(workspace->worktree_path));
	sk_form_set(form, "branch_name", sk_form_text(workspace->branch_name));
	sk_form_set(form, "base_branch", sk_form_text(workspace->base_branch));
	sk_form_set(form, "base_commit", sk_form_text(workspace->base_commit));
	sk_form_set(form, "dependencies", list_of(&workspace->dependencies));
	sk_form_set(form, "created_at", sk_form_text(workspace->created_at));
	sk_form_set(form, "created_by", sk_form_text("implement-command-lane"));
	sk_form_set(form, "vcs_backend", sk_form_text("git"));
	sk_form_set(form, "lane_id", sk_form_text(workspace->lane_id));
	sk_form_set(form, "lane_wp_ids", list_of(&workspace->lane_wp_ids));
	sk_form_set(form, "current_wp", sk_form_text(workspace->current_wp));
	sk_form_set(form, "lane_test_env", test_env(workspace));
	return form;
}

void sk_workspace_turn_to(struct sk_form *form, const char *wp_id,
			  const struct sk_words *dependencies)
{
	sk_form_set(form, "wp_id", sk_form_text(wp_id));
	sk_form_set(form, "current_wp", sk_form_text(wp_id));
	sk_form_set(form, "dependencies", list_of(dependencies));
}

void sk_workspace_add(struct sk_str *out, const struct sk_form *form)
{
	sk_form_add(out, form, SK_FORM_INDENTED);
	sk_str_putc(out, '\n');
}
