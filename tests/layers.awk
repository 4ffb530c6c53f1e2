# SPDX-License-Identifier: MIT
#
# Reads lib/LAYERS, then every source file; prints TAP. See check-layers.sh.

function complain(rule, text)
{
	broken[rule] = broken[rule] "# " text "\n"
}

function here()
{
	return FILENAME ":" FNR ": "
}

function verdict(rule, title,    no)
{
	no = rule in broken
	printf "%s %d - layers: %s\n", no ? "not ok" : "ok", ++count, title
	if (no)
		printf "%s", broken[rule]
	failed = failed || no
}

# Our own headers: a folder of lib/ may include itself and the floors below,
# which have a higher rank; a program may include itself and all of lib/.
function check_include(header,    to)
{
	to = header
	sub("/.*", "", to)
	if (floor) {
		if (!(to in rank))
			complain("down", here() header " is not of lib/")
		else if (to != floor && rank[to] <= rank[floor])
			complain("down", here() floor " is not above " header)
	} else if (!(to in rank) && to != top && top != "tests") {
		complain("apart", here() "includes " header)
	}
	if (!included++ && FILENAME ~ /^lib\/.*\.c$/)
		first[FILENAME] = header
}

# A header LAYERS lends to folders belongs in those alone. It may lend a folder
# of headers too; such a folder that is not the system's must be lent.
function check_system(header,    dir)
{
	dir = header
	sub("/.*", "/", dir)
	if (!(header in lent))
		header = dir
	if (top == "tests" || (folder, header) in may)
		return
	if (header in lent || \
	    (header ~ /\/$/ && header !~ /^(sys|net|netinet|arpa|linux)\/$/))
		complain("home", here() folder " may not include " $2)
}

FNR == 1 {
	folder = FILENAME
	sub("/[^/]*$", "", folder)
	top = floor = folder
	sub("/.*", "", top)
	if (!sub("^lib/", "", floor))
		floor = ""
	included = start = 0
	seen[FILENAME] = 1
}

FILENAME == "lib/LAYERS" {
	if (/^#/ || !NF)
		next
	if ($1 == "state") {
		allowed[$2] = 1
		next
	}
	if ($1 != "use")
		line++
	for (i = 1; i <= NF; i++) {
		if ($1 != "use") {
			rank[$i] = line
		} else if (i > 2) {
			may[$2, $i] = 1
			lent[$i] = 1
		}
	}
	next
}

FNR == 1 && floor && !(floor in rank) {
	complain("down", folder " is not in lib/LAYERS")
}
FNR == 1 && $0 != "/* SPDX-License-Identifier: MIT */" {
	complain("licence", FILENAME)
}
FNR == max_file + 1 {
	complain("size", FILENAME ": more than " max_file " lines")
}
/^{/ {
	start = FNR
}
/^}/ && start {
	if (FNR - start + 1 > max_function)
		complain("size", FILENAME ":" start ": a function of " \
			(FNR - start + 1) " lines")
	start = 0
}
/^[ \t]*static [^(]*[;=]/ && !/[ *]const[ ;=*]/ && top != "tests" {
	if (!(FILENAME in allowed))
		complain("state", here() $0)
}
/^#include "/ {
	split($0, quoted, "\"")
	check_include(quoted[2])
}
/^#include </ {
	split($0, quoted, /[<>]/)
	check_system(quoted[2])
}

END {
	for (file in first) {
		own = file
		sub("^lib/", "", own)
		sub("c$", "h", own)
		if (("lib/" own) in seen && first[file] != own)
			complain("own", file ": first is " first[file])
	}
	verdict("down", "a folder includes its own floor and those below")
	verdict("apart", "a program includes the library, no other program")
	verdict("home", "a third-party header has one home")
	verdict("own", "each file includes its own header first")
	verdict("state", "no variable but those in LAYERS outlives a call")
	verdict("size", "files end by line " max_file ", functions by " \
		max_function)
	verdict("licence", "each file begins with its licence")
	print "1.." count
	exit failed
}
