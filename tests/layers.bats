#!/usr/bin/env bats
# tests/check-layers.sh on a small house of its own: each thing it forbids is
# put into it once, and must be reported.

load helper

# A house of two floors and a program, with nothing to complain of.
setup() {
	sk_setup
	mkdir -p tests lib/base lib/top bin hooks server
	cp "$TOP"/tests/check-layers.sh "$TOP"/tests/*.awk tests
	cat >lib/LAYERS <<-'EOF'
		top
		base

		libc string.h sys/
		use lib/top other.h third/
		state lib/base/a.c known
	EOF
	file lib/base/a.h
	file lib/base/a.c '#include "base/a.h"' '#include <string.h>' \
		'#include <sys/stat.h>' 'static int known;'
	file lib/top/b.c '#include <other.h>' '#include <third/x.h>' \
		'#include "base/a.h"'
	file bin/c.c '#include "top/b.h"'
}

teardown() {
	sk_teardown
}

# file <path> <line>...: with the licence above them.
file() {
	printf '%s\n' '/* SPDX-License-Identifier: MIT */' "${@:2}" >"$1"
}

# reports <line>...: the check fails, and complains of just that.
reports() {
	run -1 --separate-stderr tests/check-layers.sh
	[ -z "$stderr" ]
	[ "$(grep '^#' <<<"$output")" = "$(printf '# %s\n' "$@")" ]
}

@test "layers: a house in order passes" {
	run -0 --separate-stderr tests/check-layers.sh
	[ -z "$stderr" ]
	[ "${lines[-1]}" = "1..$((${#lines[@]} - 1))" ]
	run -1 grep -v '^ok' <(printf '%s\n' "${lines[@]::${#lines[@]}-1}")
}

@test "layers: a header of a floor above is reported" {
	file lib/base/z.c '#include "top/b.h"'
	reports 'lib/base/z.c:2: base is not above top/b.h'
}

@test "layers: a folder that is not in LAYERS is reported" {
	mkdir lib/attic
	file lib/attic/z.c
	reports 'lib/attic is not in lib/LAYERS'
}

@test "layers: a program that includes another one is reported" {
	file bin/z.c '#include "server/server.h"'
	reports 'bin/z.c:2: includes server/server.h'
}

@test "layers: a header that is lent to another folder is reported" {
	file lib/base/z.c '#include <other.h>' '#include <third/x.h>'
	reports 'lib/base/z.c:2: lib/base may not include <other.h>' \
		'lib/base/z.c:3: lib/base may not include <third/x.h>'
}

@test "layers: a header that is lent to nobody is reported" {
	file lib/top/z.c '#include <sha2.h>' '#include <json/json.h>'
	reports 'lib/top/z.c:2: lib/top may not include <sha2.h>' \
		'lib/top/z.c:3: lib/top may not include <json/json.h>'
}

@test "layers: a header that is not its own as the first is reported" {
	file lib/top/z.h
	file lib/top/z.c '#include "base/a.h"' '#include "top/z.h"'
	reports 'lib/top/z.c: first is base/a.h'
}

@test "layers: every kind of variable that outlives a call is reported" {
	file lib/base/z.c 'static int plain;' 'int global;' \
		'static struct {' '	int a;' '} nameless;' \
		'struct pair { int a, b; } both = {1, 2};' \
		'static struct pair named = {' '	.a = 1,' '};' \
		'static const char *words[] = {"const int a;", "b"};' \
		'static void (*callback)(const char *text);' \
		'char text[10] = "x{";' '_Thread_local int local;' \
		'int f(void)' '{' '	static int count;' \
		'	static struct pair last = {0};' '	if (count) {' \
		'		static char *kept /* const */;' '	}' '	return 0;' '}' \
		'int after;'
	reports lib/base/z.c:{2:\ plain,3:\ global,6:\ nameless,7:\ both} \
		lib/base/z.c:{10:\ named,11:\ words,12:\ callback} \
		lib/base/z.c:{13:\ text,14:\ local,17:\ count,18:\ last} \
		lib/base/z.c:{20:\ kept,24:\ after}
}

@test "layers: what cannot change or is no variable is not reported" {
	file lib/base/z.c 'static const int limit = 3;' \
		'static const char *const words[] = {' '	"static int a;",' '};' \
		'static int (*const calls[])(char *) = {f, g};' \
		'typedef int number;' 'extern int elsewhere;' \
		'struct pair {' '	int a;' '};' 'enum { A, B };' \
		'static int f(int (*other)(int), char *text);' \
		'_Static_assert(A == 0, "static int a;");' \
		"#define X static int \\" '	y;' '/* int a;' ' * int b; */' \
		'static int f(int (*other)(int), char *text)' '{' \
		'	static const int steps[] = {1, 2};' '	int own = 1;' \
		'	for (int i = 0; i < own; i++) {' '		int inner;' '	}' \
		"	return text[0] == '{' || text[0] == '\"';" '}'
	run -0 tests/check-layers.sh
}

@test "layers: a variable in LAYERS that is gone is reported" {
	file lib/base/a.c '#include "base/a.h"' 'static int other;'
	reports 'lib/base/a.c:3: other' \
		'lib/LAYERS: lib/base/a.c has no variable known'
}

@test "layers: long files and functions are reported" {
	file lib/base/z.c 'int f(void)' '{'
	{
		seq -f '	/* %g */' 79
		echo '}'
		seq -f '/* %g */' 420
	} >>lib/base/z.c
	reports 'lib/base/z.c:3: a function of 81 lines' \
		'lib/base/z.c: more than 500 lines'
}

@test "layers: a file without its licence is reported" {
	echo '/* nothing */' >lib/base/z.h
	reports lib/base/z.h
}

@test "layers: a function of a header that no comment is about is reported" {
	file lib/base/z.h 'void one(void);' '' '/* Both. */' 'void two(void);' \
		'int three(int a,' '	  int b);' '' 'void four(void);' \
		'/* A pair. */' 'struct pair {' '	int a;' '};' \
		'void five(void);' '/* Of' ' * two lines. */' \
		'typedef int f(void *ctx);' 'void six(f *each);' '' \
		'static inline int seven(void)' '{' '	return f(0);' '}'
	file server/z.h 'char *eight(void);'
	reports 'lib/base/z.h:2: no comment says what one does' \
		'lib/base/z.h:9: no comment says what four does' \
		'lib/base/z.h:14: no comment says what five does' \
		'lib/base/z.h:21: no comment says what seven does' \
		'server/z.h:2: no comment says what eight does'
}

@test "layers: a result to be looked at and not explained is reported" {
	file lib/base/z.h '/* Open. */' 'int one(int a,' \
		'	struct err *err) SK_NODISCARD;' '' \
		'/* Read. Returns 0 or -1. */' 'int two(void) SK_NODISCARD;' \
		'int three(void) SK_NODISCARD;'
	reports 'lib/base/z.h:4: no comment says what one returns'
}
