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

# A header is the C library's, or LAYERS lends it to this folder; either may be
# said of a whole folder of headers.
function check_system(header,    dir)
{
	dir = header
	sub("/.*", "/", dir)
	if (top == "tests" || header in libc || dir in libc || \
	    (folder, header) in may || (folder, dir) in may)
		return
	complain("home", here() folder " may not include " $2)
}

function found_state(name)
{
	if (!((FILENAME, name) in allowed))
		complain("state", here() name)
	known[FILENAME, name] = 1
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
	state_begin()
	header_begin()
}

FILENAME == "lib/LAYERS" {
	if (/^#/ || !NF)
		next
	if ($1 !~ /^(libc|use|state)$/)
		line++
	for (i = 1; i <= NF; i++) {
		if ($1 == "libc")
			libc[$i] = 1
		else if ($1 == "use")
			may[$2, $i] = 1
		else if ($1 == "state" && i > 2)
			allowed[$2, $i] = 1
		else if ($1 != "state")
			rank[$i] = line
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
top != "tests" {
	scan_state($0)
}
FILENAME ~ /^(lib|server)\/.*\.h$/ && FNR > 1 {
	scan_header($0)
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
	for (pair in allowed) {
		if (!(pair in known)) {
			split(pair, part, SUBSEP)
			complain("state", "lib/LAYERS: " part[1] " has no " \
				"variable " part[2])
		}
	}
	verdict("down", "a folder includes its own floor and those below")
	verdict("apart", "a program includes the library, no other program")
	verdict("home", "a header is the C library's, or lent to its folder")
	verdict("own", "each file includes its own header first")
	verdict("state", "the variables that outlive a call are in LAYERS")
	verdict("size", "files end by line " max_file ", functions by " \
		max_function)
	verdict("comment", "each function of a header has a comment")
	verdict("licence", "each file begins with its licence")
	print "1.." count
	exit failed
}
