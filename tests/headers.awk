# SPDX-License-Identifier: MIT
#
# Part of check-layers.sh: in the headers of lib/ and server/ each function has
# a comment directly above it, or stands directly below one that has, without a
# blank line: then the comment is of them all. When a result must be looked at,
# the comment says what it may be, or that it is that of the one before.

function header_begin()
{
	commented = in_note = inside = 0
	declared = ""
}

function scan_header(line)
{
	if (in_note || line ~ /^\/\*/) {
		note = (in_note ? note : "") line
		in_note = line !~ /\*\//
		commented = !in_note
		return
	}
	if (line ~ /^[ \t]*$/ || line ~ /^(#|})/) {
		commented = 0
		declared = ""
		inside = inside && line !~ /^}/
		return
	}
	if (inside)
		return
	declared = declared " " line
	if (line !~ /[;{]$/)
		return
	inside = line ~ /{$/
	if (declared ~ /\(/ && declared !~ /^ (extern|typedef|_Static_assert)/) {
		if (!commented)
			complain("comment", here() "no comment says what" \
				told_of(declared) " does")
		else if (declared ~ /SK_NODISCARD/ && \
		    note !~ /[Rr]eturn|[Tt]he same|-1/)
			complain("comment", here() "no comment says what" \
				told_of(declared) " returns")
	}
	declared = ""
}

# The name of what is declared.
function told_of(text)
{
	sub(/\(.*/, "", text)
	sub(/.*[ *]/, " ", text)
	return text
}
