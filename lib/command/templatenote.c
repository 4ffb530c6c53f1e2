/* SPDX-License-Identifier: MIT */
#include "command/templatenote.h"

#include "front/cli.h"

/* Said of a project, not of a file: the second would be noise. */
static bool is_said;

void sk_note_template(const struct sk_template *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct sk_template_place *place = &found->places[i];

		if (place == found->winner)
			break;
		if (place->state == SK_TEMPLATE_UNREADABLE)
			sk_warn("a template is passed by: %s", place->problem);
	}
	if (is_said || !found->winner || found->winner->tier != SK_TIER_LEGACY)
		return;
	is_said = true;
	sk_advise("run 'git sk-mission migrate': '%s' is where older releases"
		  " had it",
		  found->winner->path);
}
