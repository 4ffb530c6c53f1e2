/* SPDX-License-Identifier: MIT */
#include "format/gitconfig.h"

#include <string.h>

#include "base/str.h"
#include "tap.h"

static void note(void *ctx, const char *key, const char *value)
{
	sk_str_addf(ctx, "%s=%s|", key, value);
}

static void reads(const char *text, const char *want, const char *name)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};

	ok(sk_gitconfig_each(text, strlen(text), note, &out, &err) == 0,
	   "gitconfig: reads %s", name);
	is(out.ptr, want, name);
	sk_str_free(&out);
}

static void refuses(const char *text, const char *name)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};

	ok(sk_gitconfig_each(text, strlen(text), note, &out, &err) == -1 &&
		   err.code == SK_EDATA,
	   "gitconfig: refuses %s", name);
	sk_str_free(&out);
}

/* As git prints it: keys alone, values of several lines, none at all. */
static void test_printed(void)
{
	static const char text[] = "a.b\nc\0a.alone\0a.b\nd\ne\0a.none\n";
	struct sk_str printed = SK_STR_INIT, out = SK_STR_INIT;

	sk_gitconfig_each_printed(&printed, note, &out);
	is(out.ptr, "", "printed: nothing");
	sk_str_add(&printed, text, sizeof(text));
	sk_gitconfig_each_printed(&printed, note, &out);
	is(out.ptr, "a.b=c|a.alone=true|a.b=d\ne|a.none=|",
	   "printed: each record, in order");
	sk_str_free(&out);
	sk_str_free(&printed);
}

int main(void)
{
	test_printed();
	reads("", "", "nothing");
	reads("[Core]\n\tBare = TRUE\n", "core.bare=TRUE|", "keys of any case");
	reads("\xef\xbb\xbf[a]b=c", "a.b=c|", "a byte order mark, one line");
	reads("[a \"B c.D\"]\ne=f\n", "a.B c.D.e=f|", "a subsection as it is");
	reads("[a \"\\\"\\\\x\"]\ne=f\n", "a.\"\\x.e=f|", "one with quotes");
	reads("[a.B]\ne=f\n", "a.b.e=f|", "the older form of one");
	reads("[a]\nb\nc # d\ne\n", "a.b=true|a.c=true|a.e=true|",
	      "keys alone");
	reads("[a]\nb=\nc = \n", "a.b=|a.c=|", "empty values");
	reads("[a]\nb= c  d \t# e\n", "a.b=c  d|", "a comment, and blanks");
	reads("[a]\nb=\" c;\" ;d\n", "a.b= c;|", "quotes");
	reads("[a]\nb=x\\n\\t\\\"\\\\\n", "a.b=x\n\t\"\\|", "escapes");
	reads("[a]\r\nb=c\\\r\nd\r\n", "a.b=cd|", "a line that goes on");
	reads("# [a]\n;b\n", "", "comments");
	refuses("b=c\n", "a key without a section");
	refuses("[a\nb=c\n", "a section without end");
	refuses("[]\nb=c\n", "a section without a name");
	refuses("[a \"b\n\"]\n", "a subsection over two lines");
	refuses("[a]\nb=\"c\nd=e\n", "a quote without end");
	refuses("[a]\nb=\\x\n", "an unknown escape");
	refuses("[a]\nb c\n", "a key that is two");
	refuses("[a]\n1=c\n", "a key that is a number");
	return done_testing();
}
