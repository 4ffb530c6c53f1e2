/* SPDX-License-Identifier: MIT */
#include "workflow/builtin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char mission[] =
	"name: Software development\n"
	"description: Plan, build, review and merge a change of the code.\n"
	"version: 1.0.0\n"
	"domain: software\n"
	"workflow:\n"
	"  phases:\n"
	"    - name: specify\n"
	"      description: Say what is wanted, and why.\n"
	"    - name: plan\n"
	"      description: Decide how it is built.\n"
	"    - name: tasks\n"
	"      description: Cut it into work packages.\n"
	"    - name: implement\n"
	"      description: Build one work package after another.\n"
	"    - name: review\n"
	"      description: Have each looked at by somebody else.\n"
	"    - name: merge\n"
	"      description: Bring it all to the target branch.\n"
	"artifacts:\n"
	"  required:\n"
	"    - spec.md\n"
	"    - plan.md\n"
	"    - tasks.md\n";

static const char spec[] =
	"# Specification: [NAME OF THE MISSION]\n"
	"\n"
	"## Purpose\n"
	"\n"
	"[Who has which problem, and how will they notice that it is gone?]\n"
	"\n"
	"## Scenarios\n"
	"\n"
	"1. **Given** [a state], **when** [somebody does this], **then** [that"
	" is seen].\n"
	"\n"
	"Edge cases:\n"
	"\n"
	"- [What if there is nothing, too much, or two at once?]\n"
	"\n"
	"## Functional requirements\n"
	"\n"
	"| ID | Requirement | Status |\n"
	"|---|---|---|\n"
	"| FR-001 | [What it must do] | [proposed] |\n"
	"\n"
	"## Non-functional requirements\n"
	"\n"
	"| ID | Requirement | Measured by |\n"
	"|---|---|---|\n"
	"| NFR-001 | [How fast, how safe, how much] | [How it is measured] |\n"
	"\n"
	"## Constraints\n"
	"\n"
	"| ID | Constraint |\n"
	"|---|---|\n"
	"| C-001 | [What it must not change or depend on] |\n"
	"\n"
	"## Done when\n"
	"\n"
	"- [What can be seen or measured then]\n"
	"\n"
	"## Not part of it\n"
	"\n"
	"- [What one might expect and will not get]\n";

static const char plan[] =
	"# Plan: [NAME OF THE MISSION]\n"
	"\n"
	"## Summary\n"
	"\n"
	"[What is built, and the one idea it rests on]\n"
	"\n"
	"## Technical Context\n"
	"\n"
	"**Language/Version**: [NEEDS CLARIFICATION]\n"
	"**Primary Dependencies**: [NEEDS CLARIFICATION]\n"
	"**Storage**: [NEEDS CLARIFICATION]\n"
	"**Testing**: [NEEDS CLARIFICATION]\n"
	"**Target Platform**: [NEEDS CLARIFICATION]\n"
	"**Performance Goals**: [NEEDS CLARIFICATION]\n"
	"**Constraints**: [NEEDS CLARIFICATION]\n"
	"\n"
	"## Structure\n"
	"\n"
	"[Which folders and files are new, and which change]\n"
	"\n"
	"## Decisions\n"
	"\n"
	"| Decision | Why | What else was thought of |\n"
	"|---|---|---|\n"
	"| [This] | [Because] | [That] |\n"
	"\n"
	"## Risks\n"
	"\n"
	"- [What may go wrong, and how it would be noticed]\n";

static const char tasks[] =
	"# Work packages: [NAME OF THE MISSION]\n"
	"\n"
	"<!-- One section for each work package, which finalize holds to the"
	" files in\n"
	"     tasks/. Take this one as the pattern, out of its fence.\n"
	"\n"
	"```\n"
	"## WP01: [What it achieves]\n"
	"\n"
	"[The goal in a sentence, and how one sees that it is reached]\n"
	"\n"
	"**Dependencies**: none\n"
	"**Requirement Refs**: FR-001\n"
	"\n"
	"- [ ] T001 [The first step]\n"
	"- [ ] T002 [The next one]\n"
	"```\n"
	"-->\n";

static const struct sk_builtin builtins[] = {
	{SK_BUILTIN_MISSION "/mission.yaml", mission},
	{SK_BUILTIN_MISSION "/templates/plan-template.md", plan},
	{SK_BUILTIN_MISSION "/templates/spec-template.md", spec},
	{SK_BUILTIN_MISSION "/templates/tasks-template.md", tasks},
};

const struct sk_builtin *sk_builtins(size_t *count)
{
	*count = SK_COUNTOF(builtins);
	return builtins;
}

const char *sk_builtin_text(const char *name)
{
	for (size_t i = 0; i < SK_COUNTOF(builtins); i++) {
		if (strcmp(builtins[i].name, name) == 0)
			return builtins[i].text;
	}
	return NULL;
}

int sk_package_root(struct sk_str *out, struct sk_err *err)
{
	const char *root = getenv("SPEC_KITTY_TEMPLATE_ROOT");
	struct stat st;
	size_t len;

	if (!root || !*root)
		return 1;
	if (root[0] != '/')
		return sk_fail(err, SK_EFAIL,
			       "SPEC_KITTY_TEMPLATE_ROOT is no absolute path:"
			       " '%.200s'",
			       root);
	/* it may be the folder above that of the mission types */
	sk_str_set(out, root);
	len = out->len;
	sk_str_puts(out, "/missions");
	if (stat(out->ptr, &st) < 0 || !S_ISDIR(st.st_mode))
		sk_str_cut(out, len);
	return 0;
}
