/* SPDX-License-Identifier: MIT */
#include "front/failure.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format/json.h"
#include "front/cli.h"
#include "front/colour.h"
#include "front/output.h"

enum { EXIT_NO = 1, EXIT_REFUSED = 2, EXIT_FAILED = 128, EXIT_USAGE = 129 };

static void print_document(const struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);

	sk_jsonw_object(&w, NULL);
	sk_jsonw_int(&w, "schema_version", 1);
	sk_jsonw_text(&w, "error", err->msg);
	sk_jsonw_text(&w, "hint", err->hint[0] ? err->hint : NULL);
	sk_jsonw_end_object(&w);
	puts(text.ptr);
	sk_str_free(&text);
}

static void print_lines(const char *name, const struct sk_err *err,
			const char *usage)
{
	bool colour = sk_colour_for(STDERR_FILENO);
	struct sk_str text = SK_STR_INIT;

	sk_str_addf(&text, "%s: ", name);
	sk_colour_add(&text, colour, SK_COLOUR_ERROR, "error:");
	sk_str_putc(&text, ' ');
	sk_str_add_visible(&text, err->msg, strlen(err->msg), 4096);
	sk_str_putc(&text, '\n');
	if (usage && err->code == SK_EUSAGE)
		sk_str_puts(&text, usage);
	if (err->hint[0]) {
		sk_colour_add(&text, colour, SK_COLOUR_HINT, "hint:");
		sk_str_addf(&text, " %s\n", err->hint);
	}
	fputs(text.ptr, stderr);
	sk_str_free(&text);
}

int sk_failure_report(const char *name, const struct sk_err *err,
		      const char *usage, bool as_json)
{
	sk_meter_done();
	print_lines(name, err, usage);
	if (as_json && !sk_output_has_begun())
		print_document(err);
	if (err->code == SK_EUSAGE)
		return EXIT_USAGE;
	if (err->code == SK_ENO)
		return EXIT_NO;
	return err->code == SK_EBOUNDARY ? EXIT_REFUSED : EXIT_FAILED;
}
