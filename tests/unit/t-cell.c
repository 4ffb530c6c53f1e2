/* SPDX-License-Identifier: MIT */
/* Text in columns of a terminal. */
#include <stdlib.h>
#include <string.h>

#include "front/cell.h"
#include "tap.h"

static bool pads_to(const char *text, int width, const char *wanted)
{
	struct sk_str out = SK_STR_INIT;
	bool same;

	sk_cell_pad(&out, text, width, sk_cell_mark());
	same = strcmp(out.ptr, wanted) == 0;
	if (!same)
		printf("# got '%s', wanted '%s'\n", out.ptr, wanted);
	sk_str_free(&out);
	return same;
}

static void test_widths(void)
{
	ok(sk_cell_width("") == 0, "nothing takes nothing");
	ok(sk_cell_width("plain") == 5, "ASCII takes a column each");
	ok(sk_cell_width("R\xc3\xa4te") == 4, "a letter is one column");
	ok(sk_cell_width("Ra\xcc\x88te") == 4, "an accent behind takes none");
	ok(sk_cell_width("\xe5\x9b\xbd\xe9\x9a\x9b") == 4, "wide takes two");
	ok(sk_cell_width("\x1b[m") == 6, "an escape is shown: \\x1b[m");
	ok(sk_cell_width("\xff") == 4, "and what is no character: \\xff");
}

static void test_cells(void)
{
	ok(pads_to("ab", 4, "ab  "), "short text is filled up");
	ok(pads_to("abcd", 4, "abcd"), "what fits is not cut");
	ok(pads_to("abcde", 4, "abc\xe2\x80\xa6"), "what does not is, visibly");
	ok(pads_to("\xe5\x9b\xbd\xe9\x9a\x9b\xe5\x8c\x96", 4,
		   "\xe5\x9b\xbd\xe2\x80\xa6 "),
	   "a wide character is not halved");
	ok(pads_to("ab", 1, "\xe2\x80\xa6"), "one column");
	ok(pads_to("ab", 0, ""), "none");
	ok(pads_to("ab", -3, ""), "fewer than none");
	setenv("LC_ALL", "C", 1);
	ok(pads_to("abcde", 4, "abc>"), "in ASCII where the locale is");
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	test_widths();
	test_cells();
	return done_testing();
}
