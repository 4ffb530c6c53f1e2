# SPDX-License-Identifier: MIT
#
# With table.awk: a file <program>.fish for each program in the folder
# -v dir=..., and conf.fish for `git sk-sync`. That one is read when fish starts:
# a completion of git could only replace the one there is, which in fish 3.6
# finds no commands of others.

function quoted(text)
{
	gsub(/[\\']/, "\\\\&", text)
	return "'" text "'"
}

# The arguments of `complete` for a value.
function action(name,    what)
{
	what = kind(name)
	if (what == "file")
		return " -r -F"
	if (what == "dir")
		return " -x -a '(__fish_complete_directories)'"
	if (what == "rev")
		return " -x -a 'HEAD (git for-each-ref" \
			" --format=\"%(refname:short)\" 2>/dev/null)'"
	if (what == "stuck")
		return " -x -a '(git-sk-sync status --porcelain 2>/dev/null |" \
			" string replace -rf \"^stuck\\.\\d+\\.event_id \" \"\")'"
	if (sub(/^words /, "", what))
		return " -x -a " quoted(what)
	return " -x"
}

function add(program, condition, rest)
{
	print "complete -c " program " -n " quoted(condition) rest >file
}

function add_options(program, command, condition,    i)
{
	for (i = 1; i <= option_count[program, command]; i++) {
		pick(program, command, i)
		add(program, condition, \
		    (short_name != "" ? " -s " substr(short_name, 2) : "") \
		    (long_name != "" ? " -l " substr(long_name, 3) : "") \
		    (value != "" ? action(value) : "") " -d " quoted(text))
	}
}

function add_operands(program, command, condition,    what)
{
	what = kind(operands[program, command])
	if (what == "none")
		return
	if (sub(/^words /, "", what))
		condition = condition \
			"; and not __fish_seen_subcommand_from " what
	what = action(operands[program, command])
	sub(/ -x/, "", what)
	add(program, condition, what)
}

function add_program(program,    i, command, condition)
{
	file = dir "/" program ".fish"
	print "# Made from the tables of the programs.\n" >file
	print "complete -c " program " -f" >file
	add_options(program, "", "__fish_use_subcommand")
	for (i = 1; i <= command_count[program]; i++) {
		command = commands[program, i]
		condition = "__fish_seen_subcommand_from " command
		add(program, "__fish_use_subcommand", \
		    " -a " command " -d " quoted(help[program, command]))
		add_options(program, command, condition)
		add_operands(program, command, condition)
	}
	close(file)
}

# `git sk <name> ...` is `git sk-<name> ...`.
function add_umbrella(    p, name)
{
	file = dir "/git-sk.fish"
	print "# Made from the tables of the programs.\n" >file
	print "function __git_sk_rest" >file
	print "    set -l words (string escape -- (commandline -opc)[2..])" >file
	print "    complete -C \"git-sk-$words \"(commandline -ct)" >file
	print "end\n" >file
	print "complete -c git-sk -f" >file
	for (p = 1; p <= count; p++) {
		name = short(programs[p])
		if (name == "")
			continue
		add("git-sk", "__fish_use_subcommand", \
		    " -a " name " -d " quoted(help[programs[p], ""]))
		add("git-sk", "__fish_seen_subcommand_from help; and test" \
		    " (count (commandline -opc)) = 2", " -a " name)
	}
	add("git-sk", "__fish_use_subcommand", \
	    " -a help -d 'Show the manual of one.'")
	add("git-sk", "not __fish_use_subcommand; and not" \
	    " __fish_seen_subcommand_from help", " -a '(__git_sk_rest)'")
	close(file)
}

# Behind git, the completion of git-sk-sync is asked.
function add_git(    p, name, names)
{
	file = dir "/conf.fish"
	print "# Made from the tables of the programs.\n" >file
	print "function __git_sk_behind_git" >file
	print "    set -l words (commandline -opc)" >file
	print "    set -l at (contains -i -- (__fish_git_needs_command)" \
		" $words); or return" >file
	print "    set words (string escape -- $words[$at..])" >file
	print "    complete -C \"git-$words \"(commandline -ct)" >file
	print "end\n" >file
	for (p = 1; p <= count; p++) {
		if (short(programs[p]) == "")
			continue
		name = "sk-" short(programs[p])
		names = names " " name
		add("git", "__fish_git_needs_command", \
		    " -a " name " -d " quoted(help[programs[p], ""]))
	}
	add("git", "__fish_git_using_command sk" names, \
	    " -f -a '(__git_sk_behind_git)'")
	close(file)
}

END {
	for (p = 1; p <= count; p++)
		add_program(programs[p])
	add_umbrella()
	add_git()
}
