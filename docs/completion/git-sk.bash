# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of git-sk for bash, loaded under the name of each program by
# bash-completion: for the program itself, and for git's own completion, which
# then calls _git_sk_sync for `git sk-sync`. The tables at the end are made from
# those of the programs.

declare -gA _sk_commands _sk_options _sk_values

# _sk_words <word>...: those that begin with $cur, as they are.
_sk_words()
{
	local word

	for word; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$word")
	done
}

# _sk_lines: the same for lines of stdin, which may hold anything.
_sk_lines()
{
	local line

	while IFS= read -r line; do
		[[ $line != "$cur"* ]] || COMPREPLY+=("$(printf %q "$line")")
	done
}

# _sk_value <kind> [<word>...]: see kind() in table.awk.
_sk_value()
{
	case $1 in
	file | dir)
		mapfile -t COMPREPLY < <(compgen -A "${1/#dir/directory}" -- "$cur")
		compopt -o filenames
		;;
	rev)
		_sk_lines < <(echo HEAD && git for-each-ref \
			--format='%(refname:short)' 2>/dev/null)
		;;
	stuck)
		_sk_lines < <(git-sk-sync status --porcelain 2>/dev/null |
			sed -n 's/^stuck\.[0-9]*\.event_id //p')
		;;
	words) _sk_words "${@:2}" ;;
	*) ;;
	esac
}

# _sk_operands <key> <from>: how many stand between there and the cursor.
_sk_operands()
{
	local i count=0

	for ((i = $2; i < cword; i++)); do
		if [[ ${words[i]} != -* ]]; then
			((count++))
		elif [[ -v _sk_values["$1 ${words[i]}"] ]]; then
			((i++))
		fi
	done
	echo "$count"
}

# _sk_complete <program> <index>: where ${words[index]} names the program.
_sk_complete()
{
	local program=$1 from=$(($2 + 1)) command='' key prev
	local -a commands options kind=()

	compopt +o nospace # which git's completion has set
	read -ra commands <<<"${_sk_commands[$program]-}"
	if ((cword > from)) && [[ " ${commands[*]} " == *" ${words[from]} "* ]]; then
		command=${words[from++]}
	fi
	if [[ $program == git-sk && -n $command && $command != help ]]; then
		_sk_complete "git-sk-$command" "$((from - 1))"
		return
	fi
	[[ $program$command != git-skhelp ]] || commands=("${commands[@]/help/}")
	key="$program $command"
	prev=${words[cword - 1]}
	if [[ $cur == --*=* ]]; then
		read -ra kind <<<"${_sk_values["$key ${cur%%=*}"]-none}"
		cur=${cur#*=}
	elif ((cword > from)) && [[ $prev == -* ]]; then
		read -ra kind <<<"${_sk_values["$key $prev"]-}"
	fi
	if ((${#kind[@]})); then
		_sk_value "${kind[@]}"
	elif [[ $cur == -* ]]; then
		read -ra options <<<"${_sk_options[$key]-}"
		_sk_words "${options[@]}"
	elif ((cword == from)) && [[ -z $command || $program == git-sk ]]; then
		_sk_words "${commands[@]}"
	else
		read -ra kind <<<"${_sk_values[$key]-none}"
		[[ ${kind[0]} == words && $(_sk_operands "$key" "$from") != 0 ]] ||
			_sk_value "${kind[@]}"
	fi
}

_sk_direct()
{
	local cur words cword

	_get_comp_words_by_ref -n := cur words cword
	_sk_complete "${words[0]##*/}" 0
}
