# SPDX-License-Identifier: MIT
#
# Part of check-layers.sh, beside layers.awk: scan_state() is given each line of
# a source file and calls found_state() for each variable that outlives a call
# and can change: at file scope, static or not, or static in a function. It
# relies on nothing of the layout but that there are no trigraphs.

function state_begin()
{
	in_comment = in_macro = in_function = blocks = hold = 0
	said = ""
}

# What is a comment, a string or the preprocessor's has no say. Returns the rest.
function bare(line,    out)
{
	if (in_macro || line ~ /^[ \t]*#/) {
		in_macro = line ~ /\\$/
		return ""
	}
	gsub(/"([^"\\]|\\.)*"/, "0", line)
	gsub(/'([^'\\]|\\.)+'/, "0", line)
	while (line != "") {
		if (in_comment) {
			if (!match(line, /\*\//))
				return out
			in_comment = 0
		} else if (match(line, /\/\*/)) {
			out = out substr(line, 1, RSTART - 1) " "
			in_comment = 1
		} else {
			return out line
		}
		line = substr(line, RSTART + 2)
	}
	return out
}

# The declarator's own part of a declaration, without what it is set to.
function judge_state(text,    name)
{
	sub(/=.*/, "", text)
	gsub(/[ \t]+/, " ", text)
	sub(/^ /, "", text)
	sub(/ $/, "", text)
	if (text == "" || text ~ /^(typedef|extern|_Static_assert|static_assert)/)
		return
	if (text ~ /^(static )?(struct|union|enum)( [A-Za-z_0-9]+)? ?({})?$/)
		return
	if (match(text, /\( ?\*/)) { # a pointer to a function, or an argument
		if (substr(text, 1, RSTART - 1) ~ /\(/)
			return
		text = substr(text, RSTART + 1)
		sub(/\).*/, "", text)
	} else if (text ~ /\(/) {
		return
	}
	name = text
	while (sub(/ ?\[[^]]*\]$/, "", name))
		;
	sub(/.*[^A-Za-z_0-9]/, "", name)
	sub(/.*\*/, "", text) # only a const pointer stays what it is
	if (text !~ /(^|[^A-Za-z_0-9])const([^A-Za-z_0-9]|$)/)
		found_state(name)
}

function scan_state(line,    mark)
{
	line = bare(line) " "
	while (match(line, /[{};]/)) {
		mark = substr(line, RSTART, 1)
		if (!hold)
			said = said substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + 1)
		if (mark == "{")
			open_brace()
		else if (mark == "}")
			close_brace()
		else if (!hold)
			end_statement()
	}
	if (!hold)
		said = said line
}

# Of a block, or of what a declaration is made of or set to.
function open_brace()
{
	if (!hold && in_function && said !~ /^[ \t]*static /) {
		blocks++
		said = ""
	} else if (!hold && !in_function && said ~ /\(/ && said !~ /=/) {
		in_function = blocks = 1
		said = ""
	} else if (!hold++) {
		said = said "{}"
	}
}

function close_brace()
{
	if (hold) {
		hold--
		return
	}
	said = ""
	if (in_function && !--blocks)
		in_function = 0
}

function end_statement()
{
	if (!in_function || said ~ /^[ \t]*static /)
		judge_state(said)
	said = ""
}
