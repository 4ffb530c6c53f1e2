/* SPDX-License-Identifier: MIT */
#include "front/projectview.h"

#include <stdio.h>

#include "front/cli.h"

enum { MAX_SLUG = 200 };

void sk_note_project(void)
{
	sk_note_project_of(NULL);
}

void sk_note_project_of(const struct sk_config *config)
{
	struct sk_config own = SK_CONFIG_INIT;
	struct sk_str line = SK_STR_INIT;
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};

	if (!config && sk_config_load(&own, &ignored) == 0)
		config = &own;
	if (config && sk_config_clone(config) &&
	    sk_repo_open(&repo, &ignored) == 0 &&
	    sk_project_add_difference(&line, repo, config))
		sk_warn("%s", line.ptr);
	sk_repo_close(repo);
	sk_str_free(&line);
	sk_config_free(&own);
}

void sk_project_add_text(struct sk_str *out, const struct sk_project *project)
{
	if (project->slug.len) { /* an earlier git-sk kept none */
		sk_str_putc(out, '\'');
		sk_str_add_visible(out, project->slug.ptr, project->slug.len,
				   MAX_SLUG);
		sk_str_puts(out, "', ");
	}
	sk_str_addf(out, "%s, %s", project->uuid.ptr,
		    sk_project_source_words(project->source));
}

void sk_project_add_json(struct sk_jsonw *w, const struct sk_project *project)
{
	if (!project->uuid.len) {
		sk_jsonw_text(w, "project", NULL);
		return;
	}
	sk_jsonw_object(w, "project");
	sk_jsonw_text(w, "uuid", project->uuid.ptr);
	sk_jsonw_text(w, "slug", project->slug.ptr);
	sk_jsonw_text(w, "source", sk_project_source_name(project->source));
	sk_jsonw_end_object(w);
}

static void show_json(const struct sk_project *project)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_project_add_json(&w, project);
	sk_jsonw_text(&w, "replaced",
		      project->replaced.len ? project->replaced.ptr : NULL);
	sk_jsonw_bool(&w, "changed", project->is_unsettled);
	sk_jsonw_end_object(&w);
	printf("%s\n", text.ptr);
	sk_str_free(&text);
}

void sk_project_show_change(const struct sk_project *project, bool dry_run,
			    bool json)
{
	struct sk_str text = SK_STR_INIT;

	if (json) {
		show_json(project);
		return;
	}
	sk_project_add_text(&text, project);
	if (!project->is_unsettled)
		sk_say("Nothing to change: the project is %s.\n", text.ptr);
	else if (dry_run)
		printf("change the project to %s\n", text.ptr);
	else
		sk_say("The project is now %s.\n", text.ptr);
	if (project->replaced.len && !dry_run)
		sk_say("What was captured as %s is not sent again.\n",
		       project->replaced.ptr);
	sk_str_free(&text);
}
