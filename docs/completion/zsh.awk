# SPDX-License-Identifier: MIT
#
# With table.awk: a file _<program> for each program in the folder -v dir=...,
# where compinit finds it, and so git's completion.

function quoted(text)
{
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

# Text in brackets, or behind a colon.
function plain(text)
{
	gsub(/[\[\]:\\]/, "\\\\&", text)
	return text
}

function action(name,    what)
{
	what = kind(name)
	gsub(/[^a-z]/, "", name)
	if (sub(/^words /, "", what))
		return ":" name ":(" what ")"
	return ":" name ":" (what == "file" ? "_files" : \
		what == "dir" ? "_files -/" : what == "rev" ? "_sk_refs" : \
		what == "stuck" ? "_sk_stuck" : " ")
}

# The _arguments of a command, each on a line of its own.
function arguments(program, command, indent,    i, out, tail)
{
	for (i = 1; i <= option_count[program, command]; i++) {
		pick(program, command, i)
		tail = quoted("[" plain(text) "]" \
			(value != "" ? action(value) : ""))
		if (value != "") {
			short_name = short_name (short_name != "" ? "+" : "")
			long_name = long_name (long_name != "" ? "=" : "")
		}
		out = out " \\\n" indent
		if (short_name != "" && long_name != "")
			out = out "'(" short_name " " long_name ")'{" \
				short_name "," long_name "}" tail
		else
			out = out short_name long_name tail
	}
	if (command != "" && operands[program, command] ~ /\.\.\./)
		out = out " \\\n" indent \
			quoted("*" action(operands[program, command]))
	else if (command != "" && operands[program, command] != "")
		out = out " \\\n" indent \
			quoted("1" action(operands[program, command]))
	return out
}

function begin_file(program, text)
{
	sub(/\.$/, "", text)
	file = dir "/_" program
	printf "#compdef %s\n#description %s\n", program, \
		tolower(substr(text, 1, 1)) substr(text, 2) >file
	print "#\n# Made from the tables of the programs.\n" >file
}

# What only one program or two ask for.
function add_helpers(program,    i, wanted)
{
	for (i = 1; i <= command_count[program]; i++)
		wanted = wanted kind(operands[program, commands[program, i]]) " "
	if (wanted ~ /rev /) {
		print "_sk_refs() {" >file
		print "  local -a refs expl" >file
		print "  refs=(HEAD ${(f)\"$(git for-each-ref" \
			" --format='%(refname:short)' 2>/dev/null)\"})" >file
		print "  _wanted refs expl revision compadd -a refs" >file
		print "}\n" >file
	}
	if (wanted ~ /stuck /) {
		print "_sk_stuck() {" >file
		print "  local -a ids expl" >file
		print "  ids=(${(f)\"$(git-sk-sync status --porcelain" \
			" 2>/dev/null |" >file
		print "    sed -n 's/^stuck\\.[0-9]*\\.event_id //p')\"})" >file
		print "  _wanted ids expl event compadd -a ids" >file
		print "}\n" >file
	}
}

function begin_commands()
{
	print "local curcontext=$curcontext state line ret=1" >file
	print "local -A opt_args" >file
	print "local -a commands\n\ncommands=(" >file
}

function end_commands(program, title)
{
	print ")\n" >file
	print "_arguments -C" arguments(program, "", "  ") \
		" \\\n  '1: :->command' '*:: :->rest' && ret=0" >file
	print "case $state in" >file
	printf "(command) _describe -t commands '%s' commands && ret=0 ;;\n", \
		title >file
}

function add_program(program,    i, command)
{
	begin_file(program, help[program, ""])
	add_helpers(program)
	if (!command_count[program]) {
		print "_arguments" arguments(program, "", "  ") >file
		close(file)
		return
	}
	begin_commands()
	for (i = 1; i <= command_count[program]; i++) {
		command = commands[program, i]
		print "  " quoted(plain(command) ":" \
			plain(help[program, command])) >file
	}
	end_commands(program, "subcommand")
	print "(rest)\n  case $words[1] in" >file
	for (i = 1; i <= command_count[program]; i++) {
		command = commands[program, i]
		print "  (" command ") _arguments" \
			arguments(program, command, "    ") " && ret=0 ;;" >file
	}
	print "  esac ;;\nesac\nreturn ret" >file
	close(file)
}

# `git sk <name> ...` is `git sk-<name> ...`.
function add_umbrella(    p)
{
	begin_file("git-sk", "every program of git-sk, by its short name")
	begin_commands()
	for (p = 1; p <= count; p++) {
		if (short(programs[p]) != "")
			print "  " quoted(short(programs[p]) ":" \
				plain(help[programs[p], ""])) >file
	}
	print "  'help:Show the manual of one.'" >file
	end_commands("git-sk", "program")
	print "(rest)\n  if [[ $words[1] == help ]]; then" >file
	print "    commands=(${commands:#help:*})" >file
	print "    (( CURRENT != 2 )) ||" \
		" _describe -t commands program commands && ret=0" >file
	print "  else\n    _call_function ret _git-sk-$words[1]\n  fi ;;" >file
	print "esac\nreturn ret" >file
	close(file)
}

END {
	for (p = 1; p <= count; p++)
		add_program(programs[p])
	add_umbrella()
}
