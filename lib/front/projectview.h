/* SPDX-License-Identifier: MIT */
/* What commands say of the project a clone belongs to. */
#ifndef SK_FRONT_PROJECTVIEW_H
#define SK_FRONT_PROJECTVIEW_H

#include "capture/project.h"
#include "format/json.h"

/*
 * One warning when this clone is set up and .kittify/config.yaml declares
 * another project than it reports under, or cannot be read. For the `after` of
 * a command (cli.h). Starts git once.
 */
void sk_note_project(void);

/* The same at the end of a command that has the settings at hand; NULL = none.
 */
void sk_note_project_of(const struct sk_config *config);

/* The answer of 'git sk-setup --project', which has changed it or would. */
void sk_project_show_change(const struct sk_project *project, bool dry_run,
			    bool json);

/* Append "'shop', <uuid>, declared in '...'" for a person. */
void sk_project_add_text(struct sk_str *out, const struct sk_project *project);

/* A member "project" of a document; null for one without a uuid. */
void sk_project_add_json(struct sk_jsonw *w, const struct sk_project *project);

#endif
