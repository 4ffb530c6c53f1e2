#!/usr/bin/env bats
# What shells complete, asked of the shells, from an installation.

load helper

setup_file() {
	make --no-print-directory -C "$TOP" BUILD="${BUILD#"$TOP"/}" \
		install DESTDIR="$BATS_FILE_TMPDIR/stage" PREFIX=/opt/sk
}

setup() {
	sk_setup
	STAGE=$BATS_FILE_TMPDIR/stage/opt/sk
	export XDG_DATA_DIRS=$STAGE/share:/usr/share TERM=xterm
	PATH=$STAGE/bin:$PATH
	git init -q
	git commit -q --allow-empty -m first
	git branch topic
}

teardown() {
	sk_teardown
}

# has <shell> [<file>]: skip when it, or what its completion needs, is missing.
has() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
	[ -z "$2" ] || [ -e "$2" ] || skip "$2 is not there"
}

# in_bash <word>...: what bash offers for the last word, sorted, one a line. The
# completion is found and called as readline does it.
in_bash() {
	has bash /usr/share/bash-completion/bash_completion
	has bash /usr/share/bash-completion/completions/git
	bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		_completion_loader "$1"
		spec=$(complete -p "$1") && [[ $spec =~ -F\ ([^ ]+) ]] || exit
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		COMP_LINE=$* COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9
		"${BASH_REMATCH[1]}" "$1" "${@: -1}" "${@: -2:1}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$@" 2>/dev/null | sed 's/ *$//' | LC_ALL=C sort
}

# typed <keys> <shell>...: what an interactive shell writes to a terminal when
# this is typed, without colours. The keys wait for it in the terminal, as
# whole lines, so that no control characters but the tab can be among them.
typed() {
	local keys=$1

	shift
	printf '%b\nexit\n' "$keys" |
		timeout 60 script -qec "stty cols 120; $*" /dev/null |
		sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' | tr -d '\r\a\b'
}

# in_zsh <keys>: the same of zsh, with its completion switched on.
in_zsh() {
	has zsh
	export ZDOTDIR=$HOME
	cat >"$HOME/.zshrc" <<-END
		fpath=('$STAGE/share/zsh/site-functions' \$fpath)
		autoload -Uz compinit && compinit -u
		PS1='> '
	END
	typed "$1" zsh -d -i
}

# in_fish <line>: what fish offers, with its description behind a tab.
in_fish() {
	has fish
	fish -c "complete -C '$1'"
}

offered() {
	xargs <<<"$output"
}

@test "completion: bash, behind git and by itself" {
	local line

	for line in 'git sk-sync' 'git-sk-sync' 'git sk sync' 'git-sk sync' \
		'git -C . sk-sync'; do
		echo "$line"
		# shellcheck disable=SC2086 # words
		run -0 in_bash $line ''
		[ "$(offered)" = 'backfill migrate now retry status' ]
		# shellcheck disable=SC2086
		run -0 in_bash $line status -
		[ "$(offered)" = '--check --json --porcelain -c -z' ]
		# shellcheck disable=SC2086
		run -0 in_bash $line now --r
		[ "$(offered)" = '--report' ]
	done
	run -0 in_bash git-sk-doctor ''
	[ "$(offered)" = 'orphan-daemons restart-daemon' ]
	run -0 in_bash git-sk-doctor --o
	[ "$(offered)" = '--offline' ]
	run -0 in_bash git sk-setup --
	[[ $(offered) == *--check*--remove* ]]
	run -0 in_bash git sk ''
	[[ $(offered) == auth*help*sync*task ]]
	run -0 in_bash git sk help s
	[ "$(offered)" = 'setup sync' ]
	git config alias.s sk-sync
	run -0 in_bash git s mig
	[ "$(offered)" = migrate ]
}

@test "completion: bash, values" {
	touch 'here.db' 'he re'
	run -0 in_bash git sk-sync now --report he
	[ "$output" = $'he re\nhere.db' ]
	run -0 in_bash sk-ingestd serve --db here
	[ "$output" = here.db ]
	run -0 in_bash sk-ingestd serve --port ''
	[ -z "$output" ]
	run -0 in_bash sk-ingestd serve --db=here
	[ "$output" = here.db ]
	run -0 in_bash git sk-sync backfill ''
	[ "$(offered)" = 'HEAD main topic' ]
	run -0 in_bash git-sk-sync backfill -n t
	[ "$output" = topic ]
	run -0 in_bash git sk-mission create --target-branch t
	[ "$output" = topic ]
	run -0 in_bash git sk-task mark --status ''
	[ "$(offered)" = 'done pending' ]
	run -0 in_bash git sk-merge --strategy ''
	[ "$(offered)" = 'merge rebase squash' ]
	run -0 in_bash git sk merge --into t
	[ "$output" = topic ]
	run -0 in_bash sk-ingestd user ''
	[ "$(offered)" = 'add list passwd remove' ]
	run -0 in_bash sk-ingestd user --db here.db r
	[ "$output" = remove ]
	run -0 in_bash sk-ingestd user add ''
	[ -z "$output" ]
}

@test "completion: bash runs nothing that a branch is called" {
	# shellcheck disable=SC2016 # that is the point
	git branch '$(touch${IFS}run)'
	run -0 in_bash git sk-sync backfill ''
	[[ $output == *'touch'* ]]
	[ ! -e run ]
	# and what is inserted is one word without meaning
	[[ $output == *'\$\(touch\$\{IFS\}run\)'* ]]
}

@test "completion: bash, the ids of events that stand still" {
	load fault
	start_ingestd
	log_in
	seed 3
	git sk-sync retry "$(id 0)" || true
	query 'UPDATE queue SET retry_count = 9 WHERE id = 2'
	run -0 in_bash git sk-sync retry 01
	[ "$output" = "$(id 1)" ]
	# which no task is called
	run -0 in_bash git sk-task mark 01
	[ -z "$output" ]
}

@test "completion: bash, at the keys" {
	has bash /usr/share/bash-completion/bash_completion
	cat >"$HOME/rc" <<-END
		. /usr/share/bash-completion/bash_completion
		PS1='> '
	END
	run -0 typed 'git sk-sync sta\t--porc\t' \
		bash --rcfile "$HOME/rc" -i
	[[ $output == *'git sk-sync status --porcelain '* ]]
	[[ $output == *'schema_version 1'* ]]
}

@test "completion: zsh, behind git and by itself" {
	local line

	for line in 'git sk-sync' 'git-sk-sync' 'git sk sync'; do
		echo "$line"
		run -0 in_zsh "$line \t\n$line status -\t\n$line sta\t--porc\t"
		[[ $output == *'backfill'*'-- Queue the history that was not captured yet.'* ]]
		[[ $output == *'--check'*'-- compare identities, and ask the server'* ]]
		[[ $output == *"$line status "*" --porcelain"* ]]
	done
	run -0 in_zsh 'git sk-\t\ngit sk \t'
	[[ $output == *'sk-sync'*'-- send the events of this account'* ]]
	[[ $output == *'doctor '*'-- Say what is wrong here'* ]]
}

@test "completion: zsh, values" {
	touch here.db
	run -0 in_zsh 'sk-ingestd serve --db he\t'
	[[ $output == *'--db here.db'* ]]
	run -0 in_zsh 'git sk-sync backfill \t'
	[[ $output == *HEAD*main*topic* ]]
	run -0 in_zsh 'sk-ingestd user \t'
	[[ $output == *add*list*passwd*remove* ]]
}

@test "completion: fish, behind git and by itself" {
	local line

	for line in 'git sk-sync' 'git-sk-sync' 'git sk sync' 'git-sk sync'; do
		# fish completes no command that is not there
		[[ $line != *'sk sync' || -x $STAGE/bin/git-sk ]] || continue
		echo "$line"
		run -0 in_fish "$line "
		[[ $output == *$'backfill\tQueue the history that was not captured yet.'* ]]
		[ "$(cut -f 1 <<<"$output" | xargs)" = \
			'backfill migrate now retry status' ]
		run -0 in_fish "$line status --"
		[[ $output == *$'--check\tcompare identities, and ask the server'* ]]
		[[ $output == *--porcelain* ]]
		[[ $output != *--report* ]]
	done
	run -0 in_fish 'git sk-'
	[[ $output == *sk-doctor* ]] # a newer fish has words of its own for it
	run -0 in_fish 'git-sk-setup --'
	[[ $output == *$'--remove\ttake the hooks out'* ]]
}

@test "completion: fish, values" {
	touch here.db
	run -0 in_fish 'sk-ingestd serve --db he'
	[ "$output" = here.db ]
	run -0 in_fish 'git sk-sync backfill '
	[ "$(cut -f 1 <<<"$output" | xargs)" = 'HEAD main topic' ]
	run -0 in_fish 'sk-ingestd user '
	[ "$(cut -f 1 <<<"$output" | xargs)" = 'add list passwd remove' ]
	run -0 in_fish 'sk-ingestd user add '
	[ -z "$output" ]
}

# options <program> [<word>...]: those that -h explains.
options() {
	"$@" -h | sed -n 's/^    \(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

# tabled <program> <word>: those that the shells are told of.
tabled() {
	awk -F '\t' -v program="${1/git-/git }" -v word="$2" \
		'$1 == program && $2 == word && $4 { print $4 }' \
		"$BUILD/completion/tables"
}

@test "completion: every option of -h is there, and none for programs" {
	local program word

	for program in git-sk-sync git-sk-setup sk-ingestd; do
		for word in $("$program" -h |
			sed -n "s/^\(usage\|   or\): [^(]*${program#git-}\(-h\)* \([a-z][a-z]*\).*/\3/p") ''; do
			[ "$word" != user ] || continue
			diff <(options "$program" ${word:+"$word"}) \
				<(tabled "$program" "$word")
		done
	done
	# a group of commands has the options of all
	diff <(for word in add passwd remove list; do
		options sk-ingestd user "$word"
	done | sort -u) <(tabled sk-ingestd user | sort)
	run -1 grep -i flush <(cut -f 2 "$BUILD/completion/tables")
}
