# SPDX-License-Identifier: MIT
#
# Reads what the programs print with --sk-complete (see lib/front/complete.h),
# for bash.awk, zsh.awk and fish.awk. -v hooks='post-commit ...' names the hooks.
#
#   programs[1..count]        commands[program, 1..command_count[program]]
#   help[program, command]    operands[program, command]
#   options[program, command, 1..option_count[program, command]], each a line,
#   which pick() takes apart; the command "" stands for the program itself

BEGIN {
	FS = "\t"
}

{
	program = $1
	sub(/ /, "-", program)
	if (!(program in known)) {
		known[program] = 1
		programs[++count] = program
	}
	if ($3 != "" || $4 != "") {
		options[program, $2, ++option_count[program, $2]] = $0
		next
	}
	if ($2 != "")
		commands[program, ++command_count[program]] = $2
	operands[program, $2] = $5
	help[program, $2] = $6
}

# Set short_name, long_name, value and text to those of an option.
function pick(program, command, i,    field)
{
	split(options[program, command, i], field, FS)
	short_name = field[3]
	long_name = field[4]
	value = field[5]
	text = field[6]
}

# What can be completed for a value or operands of this name: "file", "dir",
# "rev" (of git), "stuck" (event ids), "words <word>...", or "none".
function kind(name)
{
	if (name ~ /^\(/) {
		sub(/^\(/, "", name)
		sub(/\).*/, "", name)
		gsub(/ *\| */, " ", name)
		return "words " name
	}
	gsub(/[^a-z]/, "", name)
	if (name ~ /^(file|path)$/)
		return "file"
	if (name ~ /^(dir|folder|prefix)$/)
		return "dir"
	if (name ~ /^(hook|event)$/)
		return "words " hooks
	if (name == "status")
		return "words done pending"
	if (name == "how")
		return "words merge rebase squash"
	return name ~ /^(rev|branch)$/ ? "rev" : name == "id" ? "stuck" : "none"
}

# The name of a program of ours behind "git sk "; "" for others.
function short(program)
{
	return sub(/^git-sk-/, "", program) ? program : ""
}
