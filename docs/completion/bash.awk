# SPDX-License-Identifier: MIT
#
# With table.awk: the tables that the functions of git-sk.bash look things up
# in, and a function for each program.

function entry(table, key, text)
{
	printf "%s[\"%s\"]=\"%s\"\n", table, key, text
}

function add_options(program, command,    i, all, key)
{
	for (i = 1; i <= option_count[program, command]; i++) {
		pick(program, command, i)
		all = all " " short_name " " long_name
		key = program " " command " "
		if (value != "" && short_name != "")
			entry("_sk_values", key short_name, kind(value))
		if (value != "" && long_name != "")
			entry("_sk_values", key long_name, kind(value))
	}
	gsub(/ +/, " ", all)
	gsub(/^ | $/, "", all)
	entry("_sk_options", program " " command, all)
	if (operands[program, command] != "")
		entry("_sk_values", program " " command,
		      kind(operands[program, command]))
}

function add_program(program,    i, all, name)
{
	for (i = 1; i <= command_count[program]; i++) {
		all = all (i > 1 ? " " : "") commands[program, i]
		add_options(program, commands[program, i])
	}
	add_options(program, "")
	entry("_sk_commands", program, all)
	name = program
	gsub(/-/, "_", name)
	if (short(program) != "")
		printf "_%s() { _sk_complete %s \"${__git_cmd_idx:-1}\"; }\n",
			name, program
	printf "complete -F _sk_direct %s\n", program
}

END {
	print ""
	for (p = 1; p <= count; p++) {
		add_program(programs[p])
		if (short(programs[p]) != "")
			names = names (names ? " " : "") short(programs[p])
	}
	entry("_sk_commands", "git-sk", names " help")
	print "_git_sk() { _sk_complete git-sk \"${__git_cmd_idx:-1}\"; }"
	print "complete -F _sk_direct git-sk"
}
