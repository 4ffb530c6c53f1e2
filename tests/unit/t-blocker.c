/* SPDX-License-Identifier: MIT */
/* Findings: their list, their codes, and words for a shell. */
#include <stdio.h>
#include <stdlib.h>

#include "base/spawn.h"
#include "base/words.h"
#include "guard/blocker.h"
#include "tests/unit/tap.h"

static void test_list(void)
{
	struct sk_blockers list = SK_BLOCKERS_INIT;
	struct sk_blocker *one;

	for (int i = 0; i < 3; i++) {
		one = sk_blocker_add(&list, SK_BLOCKER_LOST_EVENTS, "001-a");
		sk_str_addf(&one->message, "message %d", i / 2);
		sk_blockers_drop_twin(&list);
	}
	one = sk_warning_add(&list, SK_WARNING_REMOVED_EVENTS, "001-a");
	sk_str_puts(&one->message, "message 0");
	sk_blockers_drop_twin(&list);
	ok(list.len == 3, "blocker: only the same twice is one");
	ok(sk_blockers_count(&list) == 2, "blocker: a warning stops nothing");
	ok(sk_blockers_has(&list, SK_WARNING_REMOVED_EVENTS) &&
		   !sk_blockers_has(&list, SK_BLOCKER_OWNER_RECORD),
	   "blocker: a code is found among others");
	sk_blockers_free(&list);
	ok(list.len == 0, "blocker: an empty list is usable again");
}

/* A shell gives the word back, and it is quoted only if it has to be. */
static void check_word(const char *name, bool quotes)
{
	struct sk_str script = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_puts(&script, "printf %s ");
	sk_blocker_add_word(&script, name);
	ok((script.ptr[10] == '\'') == quotes, "blocker: quotes of %s",
	   script.ptr + 10);
	ok(sk_spawn_read(&said, NULL,
			 (const char *const[]){"sh", "-c", script.ptr, NULL},
			 4096, &err) == 0 &&
		   strcmp(said.ptr, name) == 0,
	   "blocker: a shell reads %s", script.ptr + 10);
	sk_str_free(&said);
	sk_str_free(&script);
}

/* The same of one with characters that a terminal obeys. */
static void check_escaped(const char *name, const char *word)
{
	struct sk_str text = SK_STR_INIT, said = SK_STR_INIT;
	struct sk_err err = {0};

	sk_str_puts(&text, "printf %s ");
	sk_blocker_add_word(&text, name);
	is(text.ptr + 10, word, "blocker: no character that is obeyed");
	ok(sk_spawn_read(&said, NULL,
			 (const char *const[]){"sh", "-c", text.ptr, NULL},
			 4096, &err) == 0 &&
		   strcmp(said.ptr, name) == 0,
	   "blocker: a shell reads it back");
	sk_str_free(&said);
	sk_str_free(&text);
}

static void check_branch(const char *name, const char *command)
{
	struct sk_str text = SK_STR_INIT;

	sk_blocker_add_branch(&text, name, "0123");
	is(text.ptr, command, "blocker: the command that makes a branch");
	sk_str_free(&text);
}

/* Append the codes that the header defines, or those of the page's rows. */
static void read_codes(struct sk_words *out, const char *path, bool is_page)
{
	FILE *file = fopen(path, "r");
	char line[1024], code[64];

	if (!file)
		abort();
	while (fgets(line, sizeof(line), file)) {
		int found =
			is_page ? sscanf(line, "| `%63[a-z_]` |", code)
				: sscanf(line,
					 "#define SK_%*[A-Z_] \"%63[a-z_]\"",
					 code);

		if (found == 1)
			sk_words_add(out, code);
	}
	fclose(file);
}

/* The page has a row for each code of the header, once, and no other rows. */
static void test_page(void)
{
	struct sk_words codes = SK_WORDS_INIT, rows = SK_WORDS_INIT;

	read_codes(&codes, "lib/guard/blocker.h", false);
	read_codes(&rows, "docs/blockers.md", true);
	ok(codes.len > 30, "blocker: the header has its codes");
	for (size_t i = 0; i < codes.len; i++)
		ok(sk_words_has(&rows, codes.items[i]),
		   "blocker: docs/blockers.md has %s", codes.items[i]);
	ok(sk_words_same_set(&codes, &rows) && codes.len == rows.len,
	   "blocker: it has no other codes, and none twice");
	sk_words_free(&rows);
	sk_words_free(&codes);
}

int main(void)
{
	test_list();
	check_word("kitty/mission-001-a", false);
	check_word("feature/x.y@z,1+2:3", false);
	check_word("two words", true);
	check_word("it's", true);
	check_word("$(id)", true);
	check_word("`id`", true);
	check_word("a;b", true);
	check_word("~", true);
	check_word("a*", true);
	check_word("\xc3\xa4", true);
	check_word("", true);
	check_escaped("a\nb", "\"$(printf 'a\\012b')\"");
	check_escaped("\033[2J", "\"$(printf '\\033[2J')\"");
	check_escaped("a\n%s\\'$(id)\"",
		      "\"$(printf 'a\\012%%s\\\\\\047$(id)\"')\"");
	check_escaped("-\ta", "\"$(printf '\\055\\011a')\"");
	check_word("a\n", true);
	check_branch("a b", "git branch 'a b' 0123");
	check_branch("HEAD", "git update-ref refs/heads/HEAD 0123");
	check_branch("-a", "git update-ref refs/heads/-a 0123");
	test_page();
	return done_testing();
}
