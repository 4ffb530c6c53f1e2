/* SPDX-License-Identifier: MIT */
#include "front/colour.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/spawn.h"

static bool is_ruled_out(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no_color && *no_color) || (term && strcmp(term, "dumb") == 0);
}

bool sk_colour_for(int fd)
{
	return !is_ruled_out() && getenv("TERM") && isatty(fd);
}

bool sk_colour_from(const char *color_sk, const char *color_ui)
{
	const char *value = color_sk ? color_sk : color_ui;
	static const char *const never[] = {"",	  "never", "false",
					    "no", "off",   "0"};

	if (is_ruled_out())
		return false;
	if (value && strcasecmp(value, "always") == 0)
		return true;
	for (size_t i = 0; value && i < SK_COUNTOF(never); i++) {
		if (strcasecmp(value, never[i]) == 0)
			return false;
	}
	return sk_colour_for(STDOUT_FILENO);
}

bool sk_colour_for_answer(void)
{
	const char *const argv[] = {"git",
				    "config",
				    "--get-colorbool",
				    "color.sk",
				    sk_colour_for(STDOUT_FILENO) ? "true"
								 : "false",
				    NULL};
	struct sk_str out = SK_STR_INIT;
	struct sk_err ignored = {0};
	bool on;

	if (is_ruled_out())
		return false;
	if (sk_spawn_read(&out, NULL, argv, 100, &ignored) <= 1 && out.len)
		on = strcmp(out.ptr, "true\n") == 0;
	else
		on = sk_colour_for(STDOUT_FILENO);
	sk_str_free(&out);
	return on;
}

void sk_colour_add(struct sk_str *out, bool on, enum sk_colour colour,
		   const char *text)
{
	static const char *const codes[] = {
		[SK_COLOUR_HEADING] = "1",  [SK_COLOUR_GOOD] = "32",
		[SK_COLOUR_WARNING] = "33", [SK_COLOUR_ERROR] = "1;31",
		[SK_COLOUR_HINT] = "36",
	};

	if (on)
		sk_str_addf(out, "\033[%sm%s\033[m", codes[colour], text);
	else
		sk_str_puts(out, text);
}
