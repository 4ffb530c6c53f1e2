#!/usr/bin/env bats
# What every program and every subcommand has in common.

load helper
load fault

# The lists of commands and json_commands are in files: every test would else
# start each program.
setup_file() {
	PATH=$BUILD/bin:$PATH
	list_commands >"$BATS_FILE_TMPDIR/commands"
	list_json_commands >"$BATS_FILE_TMPDIR/json"
}

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

# commands: each program, and each with a subcommand, one a line: "git-sk-sync
# now"; json_commands: those that have --json.
commands() {
	cat "$BATS_FILE_TMPDIR/commands"
}
json_commands() {
	cat "$BATS_FILE_TMPDIR/json"
}

list_commands() {
	local program

	for program in $(programs); do
		echo "$program"
		"$program" -h | sed -n -e "s/^usage: ${program/git-sk/git.sk} //p" \
			-e "s/^   or: ${program/git-sk/git.sk} //p" |
			sed -n 's/^\([a-z][a-z-]*\( [a-z]*\)\{0,1\}\).*/\1/p' |
			sed "s/^/$program /; s/ $//"
	done
}

list_json_commands() {
	local words

	commands | while read -ra words; do
		if "${words[@]}" -h | grep -q '^    --json'; then
			echo "${words[*]}"
		fi
	done
}

# is_failure <document> [<condition>]: one, with what every document of a failure
# has, and of which this is true.
is_failure() {
	jq -es 'length == 1 and (.[0] | .schema_version == 1 and
		(.error | type == "string") and (.error | length > 0) and
		has("hint") and (.hint == null or (.hint | type == "string"))
		and ('"${2:-true}"'))' <<<"$1"
}

# on_terminal <command>: run it on a terminal of its own.
on_terminal() {
	script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

@test "cli: there are the commands these tests go through" {
	[ "$(programs | wc -l)" -ge 7 ]
	[ "$(commands | wc -l)" -ge 25 ]
	[ "$(json_commands | wc -l)" -ge 12 ]
	commands | grep -qx 'git-sk-sync now'
	commands | grep -qx 'sk-ingestd user add'
}

@test "cli: -h, --help and --version are answered by every command" {
	local words help

	while read -ra words; do
		echo "${words[*]}"
		run -0 --separate-stderr "${words[@]}" -h
		[[ $output == 'usage: '* ]]
		[ -z "$stderr" ]
		help=$output
		run -0 --separate-stderr "${words[@]}" --help
		[ "$output" = "$help" ]
		[ -z "$stderr" ]
		run -0 --separate-stderr "${words[@]}" --version
		[[ $output =~ ^git-sk\ version\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
		[ -z "$stderr" ]
		run -0 --separate-stderr "${words[@]}" --vers
	done < <(commands)
}

@test "cli: an unknown option is named by every command, 129" {
	local words

	while read -ra words; do
		echo "${words[*]}"
		run -129 --separate-stderr "${words[@]}" --frobnicate
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == *": error: unknown option '--frobnicate'" ]]
		[[ ${stderr_lines[1]} == 'usage: '* ]]
		run -129 --separate-stderr "${words[@]}" --hlep
		[[ $stderr == *"hint: did you mean '--help'?" ]]
	done < <(commands)
}

@test "cli: a failure with --json is one document, whatever it is" {
	local words

	mkdir elsewhere && cd elsewhere || return
	while read -ra words; do
		echo "${words[*]}"
		run -129 --separate-stderr "${words[@]}" --json --frobnicate
		is_failure "$output" \
			".error == \"unknown option '--frobnicate'\""
		[[ $stderr == *"error: unknown option '--frobnicate'"* ]]
		run -129 --separate-stderr "${words[@]}" --hlep --js
		is_failure "$output" ".hint == \"did you mean '--help'?\""
		run -129 --separate-stderr "${words[@]}" --frobnicate
		[ -z "$output" ]
		run -129 --separate-stderr "${words[@]}" --json --frob --no-json
		[ -z "$output" ]
	done < <(json_commands)
	run -129 --separate-stderr git sk-sync frob --json
	is_failure "$output"
	run -129 --separate-stderr git sk-sync now --json --report
	is_failure "$output"
	run -129 --separate-stderr git sk-sync now --first --json --second
	[ "$(jq -r .error <<<"$output")" = "unknown option '--first'" ]
	run -129 --separate-stderr git sk-sync now --report --json --frob
	[ -z "$output" ]
}

@test "cli: without a home, a repository or a queue there is a document" {
	local words failed=0 home

	git init -q
	printf 'not a database, and longer than its header is: %0100d' 0 >broken
	mkdir -p "$HOME/damaged"
	cp broken "$HOME/damaged/queue.db"
	for home in relative "$HOME/damaged" "$HOME/empty"; do
		while read -ra words; do
			echo "$home: ${words[*]}"
			[ "$home" = relative ] || cd "$BATS_TEST_TMPDIR" || return
			run --separate-stderr env -u HOME GIT_SK_HOME="$home" \
				"${words[@]}" --json </dev/null
			cd "$BATS_TEST_TMPDIR/work" || return
			jq -es 'length == 1 and .[0].schema_version == 1' \
				<<<"$output"
			[ "$status" -le 3 ] || [ "$status" = 128 ] ||
				[ "$status" = 129 ]
			[ "$status" -lt 128 ] || {
				is_failure "$output"
				[ -n "$stderr" ]
				failed=$((failed + 1))
			}
		done < <(json_commands)
	done
	[ "$failed" -ge 15 ]
}

@test "cli: a refusal by the boundary is a document, 2" {
	seed 2
	start_fault ok
	run -2 --separate-stderr git sk-sync now --json
	is_failure "$output"
	[ "$(jq -r .error <<<"$output")" != null ]
	[[ $stderr == *error:* ]]
	seed 2 5
	run -2 --separate-stderr git sk-auth login --server "$SERVER" \
		--username other --password-stdin --json <<<secret
	is_failure "$output"
	[[ $(jq -r .hint <<<"$output") == *'git sk-sync now'* ]]
}

@test "cli: a document of its own is not followed by another" {
	(umask 077 && mkdir -p "$GIT_SK_HOME/sync/daemon" &&
		echo broken >"$GIT_SK_HOME/sync/daemon/owner.json")
	run -128 --separate-stderr git sk-doctor orphan-daemons --json
	is_failure "$output"
	[ "$(jq .orphan_count <<<"$output")" = null ]
}

@test "cli: long options may be abbreviated where one is meant" {
	git init -q
	run -1 --separate-stderr git sk-setup --ch
	[[ $output == 'Hooks in '* ]]
	run -0 --separate-stderr git sk-setup --rem
	run -129 --separate-stderr git sk-sync now --ver
	[ "${stderr_lines[0]}" = "git sk-sync now: error: ambiguous option: --ver (could be --verbose or --version)" ]
	run -129 --separate-stderr git sk-sync now --=x
	[[ $stderr == *"unknown option '--'"* ]]
	run -129 sk-ingestd serve --max 3
	run -129 --separate-stderr sk-ingestd serve --db d.db --max-e 0
	[[ $stderr != *'unknown option'* ]]
}

@test "cli: --no- takes every option back" {
	local at

	run -0 --separate-stderr git sk-sync status --json --no-json
	[[ $output == 'Server:'* || $output == *'nobody is logged in'* ]]
	run -0 --separate-stderr git sk-sync status --json --no-js
	[[ $output != '{'* ]]
	run -129 --separate-stderr git sk-sync status --no-json=1
	[[ $stderr == *"option '--no-json' takes no value"* ]]
	# text and numbers go back to what they are without the option
	run -129 --separate-stderr sk-ingestd serve --port 70000 --db d.db
	[[ $stderr == *65535* || $stderr == *70000* ]]
	sk-ingestd serve --db d.db --max-events 0 --no-max-events --port 0 \
		--listen nowhere --no-listen --port-file port \
		>out 2>err 3>&- &
	SK_SERVERS+=($!)
	wait_for test -s port
	for at in help version; do
		run -129 --separate-stderr git sk-sync status "--no-$at"
		[[ $stderr == *"unknown option '--no-$at'"* ]]
	done
}

@test "cli: what was mistyped is named with what was meant" {
	run -129 --separate-stderr git sk-sync status --chek
	[ "${stderr_lines[0]}" = \
		"git sk-sync status: error: unknown option '--chek'" ]
	[ "${stderr_lines[2]}" = "hint: did you mean '--check'?" ]
	run -129 --separate-stderr git sk-sync status --no-chek
	[ "${stderr_lines[2]}" = "hint: did you mean '--no-check'?" ]
	run -129 --separate-stderr git sk-sync status -check
	[ "${stderr_lines[2]}" = "hint: did you mean '--check', with two dashes?" ]
	run -129 --separate-stderr git sk-sync stauts
	[ "${stderr_lines[0]}" = \
		"git sk-sync: error: unknown subcommand 'stauts'" ]
	[[ $stderr == *"hint: did you mean 'git sk-sync status'?" ]]
	run -129 --separate-stderr sk-ingestd user lits
	[[ $stderr == *"hint: did you mean 'sk-ingestd user list'?" ]]
	# what is not for people is not proposed
	run -129 --separate-stderr git sk-sync flus
	[[ $stderr != *hint* ]]
	run -129 --separate-stderr git sk-sync status --elephants
	[[ $stderr != *hint* ]]
}

@test "cli: -- and --end-of-options end the options" {
	run -129 --separate-stderr git sk-sync status -- --json
	[[ $stderr == *"unexpected argument '--json'"* ]]
	run -129 --separate-stderr git sk-sync status --end-of-options -h
	[[ $stderr == *"unexpected argument '-h'"* ]]
}

@test "cli: --quiet leaves errors and what was asked for" {
	seed 1
	run -1 --separate-stderr git sk-sync now
	[[ $stderr == *warning:*hint:* ]]
	run -1 --separate-stderr git sk-sync now -q
	[ -z "$output$stderr" ]
	rm -r "$GIT_SK_HOME"
	start_fault 'results reject:no'
	git init -q
	git commit -q --allow-empty -m empty
	while read -ra words; do
		echo "${words[*]}"
		run --separate-stderr git sk-sync "${words[@]}"
		[ -n "$output$stderr" ]
		run --separate-stderr git sk-sync "${words[@]}" -q
		[ -z "$output$stderr" ]
	done <<-END
		now
		backfill HEAD
		retry --all
		migrate
	END
	seed 2
	run -1 --separate-stderr git sk-sync now --quiet
	[ -z "$output$stderr" ]
	run -1 --separate-stderr git sk-sync now -q --json
	[ "$(jq .summary.failed <<<"$output")" = 2 ]
	[ -z "$stderr" ]
	run -129 --separate-stderr git sk-sync backfill -q no-such-revision
	[[ $stderr == *error:* ]]
}

@test "cli: --verbose says where to, as whom, and what came of it" {
	start_fault ok
	seed 3
	run -0 --separate-stderr git sk-sync now -v
	[[ $output == 'Synced: 3,'* ]]
	[ "${stderr_lines[0]}" = "note: sending to '$SERVER' as 'dev'" ]
	[ "${stderr_lines[1]}" = \
		'note: 3 synced, 0 duplicates, 0 pending, 0 failed of 3' ]
	git init -q
	mission 001-a
	event 001-a WP01 null planned
	git commit -q -a -m planned
	run -0 --separate-stderr git sk-sync backfill --verbose
	[[ $stderr == *'note: commits looked at: 2, events found: '* ]]
	run -0 --separate-stderr git sk-sync now
	[[ $stderr != *note:* ]]
}

@test "cli: a full disk is named, however long the answer is" {
	local i

	start_fault 'results reject:no'
	seed 400
	query 'UPDATE queue SET retry_count = 5'
	git sk-sync status --json >document
	[ "$(wc -c <document)" -gt 50000 ]
	run -128 --separate-stderr bash -c 'git sk-sync status --json >/dev/full'
	[ "$stderr" = "git sk-sync status: error: cannot write standard output: No space left on device" ]
	for i in 'git-sk' 'git-sk-sync -h' 'git-sk-doctor --version' \
		'git-sk-sync now --frob --json'; do
		run -128 --separate-stderr bash -c "exec $i >/dev/full"
		[[ $stderr == *': No space left on device' ]]
	done
}

@test "cli: a standard output that is closed is an error" {
	run -128 --separate-stderr bash -c 'exec git-sk-sync status >&-'
	[ "$stderr" = "git sk-sync status: error: cannot write standard output: Bad file descriptor" ]
}

@test "cli: no file takes the place of a descriptor that is closed" {
	bash -c 'exec git-sk-daemon run >out 3>&- 2>&- <&-' &
	SK_SERVERS+=($!)
	wait_for test -s out
	[ "$(readlink "/proc/$!/fd/0")" = /dev/null ]
	[ "$(readlink "/proc/$!/fd/2")" = /dev/null ]
}

@test "cli: a reader that has gone is nothing to talk about" {
	start_fault 'results reject:no'
	seed 1500
	query 'UPDATE queue SET retry_count = 5'
	# more than a pipe holds
	[ "$(git sk-sync status --json | wc -c)" -gt 150000 ]
	for ignored in true 'trap "" PIPE'; do
		run -141 --separate-stderr bash -c "$ignored
			set -o pipefail
			git-sk-sync status --json | head -c 1 >/dev/null"
		[ -z "$stderr" ]
	done
}

@test "cli: a parent that ignores its children's end changes nothing" {
	git init -q
	git sk-setup >/dev/null 2>&1
	while read -ra words; do
		run -0 --separate-stderr env --ignore-signal=CHLD "${words[@]}"
		[ -n "$output" ]
		[ -z "$stderr" ]
	done <<-END
		git-sk-sync now
		git-sk-setup --check
		git-sk
	END
}

@test "cli: git sk lists every program, from one table" {
	local name

	run -0 --separate-stderr git sk
	[[ $output == 'usage: git sk <command>'* ]]
	diff <(git sk --list-commands | sort) <(programs |
		sed -e '/^git-sk$/d' -e 's/^git-//' -e 's/^sk-//' | sort)
	for name in $(git sk --list-commands); do
		[[ $output == *$'\n'"    $name "* ]]
	done
	[[ $output != *hook\ * ]]
	[ "$(git sk help)" = "$output" ]
}

@test "cli: git sk runs the command it is given, with its arguments" {
	local name

	for name in $(git sk --list-commands); do
		run -0 git sk "$name" -h
		[[ $output == 'usage: '*"sk-$name"* ]]
	done
	[ "$(git sk sync status --json)" = "$(git sk-sync status --json)" ]
	run -1 git sk auth whoami
	run -129 --separate-stderr git sk sync stauts
	[[ $stderr == "git sk-sync: error: unknown subcommand 'stauts'"* ]]
}

@test "cli: git sk names what it does not know" {
	run -129 --separate-stderr git sk frob
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "git sk: error: 'frob' is not a git sk command" ]
	run -129 --separate-stderr git sk snyc
	[ "${stderr_lines[1]}" = "hint: did you mean 'git sk sync'?" ]
	run -129 --separate-stderr git sk help frob
	[[ $stderr == *"'frob' is not a git sk command"* ]]
	run -129 --separate-stderr git sk -v
	[[ $stderr == *"unknown option '-v'"* ]]
	run -129 --separate-stderr git sk ''
	[[ $stderr == *"'' is not a git sk command"* ]]
}

@test "cli: a program that is missing is named" {
	mkdir bin
	cp "$BUILD/bin/git-sk" bin
	run -128 --separate-stderr bin/git-sk sync now
	[[ $stderr == *"program 'git-sk-sync' is missing beside"* ]]
	run -128 --separate-stderr bin/git-sk hook post-commit
	[[ $stderr == *"program 'post-commit' is missing beside"* ]]
}

@test "cli: help opens the manual page, by any of its names" {
	local name page

	command -v man >/dev/null || skip 'there is no man'
	mkdir -p man/man1 man/man8
	cp "$TOP"/docs/*.1 man/man1
	cp "$TOP"/docs/*.8 man/man8
	for name in sync sk-sync git-sk-sync; do
		MANPATH=$PWD/man run -0 --separate-stderr git sk help "$name"
		[[ $output == GIT-SK-SYNC\(1\)* ]]
	done
	MANPATH=$PWD/man run -0 git sk help ingestd
	[[ $output == SK-INGESTD\(8\)* ]]
	MANPATH=$PWD/nowhere run -128 --separate-stderr git sk help sync
	[ -z "$output" ]
	[[ ${stderr_lines[1]} == "hint: run 'git sk sync -h'" ]]
	for name in git-sk sk-ingestd 'git-sk-sync now'; do
		page=${name%% *}
		# the name may be bold
		[[ $(MANPATH=$PWD/man MANPAGER=cat on_terminal "$name --help" |
			sed 's/\x1b\[[0-9;]*m//g') == *"${page^^}("[18]')'* ]]
	done
}

@test "cli: without man --help says what -h does, also on a terminal" {
	mkdir path
	for name in git script bash tr; do
		ln -s "$(command -v "$name")" path
	done
	[ "$(PATH=$PWD/path on_terminal "$BUILD/bin/git-sk-sync --help")" = \
		"$(git sk-sync -h)" ]
	run -128 --separate-stderr env PATH="$PWD/path" "$BUILD/bin/git-sk" \
		help sync
	[[ $stderr == *"hint: run 'git sk sync -h'" ]]
}

@test "cli: a hook's line runs the hook, and reads nothing" {
	git init -q
	mission 001-a
	git sk-setup >/dev/null 2>&1
	rm .git/hooks/post-*
	printf '#!/bin/sh\ngit-sk hook post-commit "$@"\ncat >%s/seen\n' "$PWD" \
		>.git/hooks/post-commit
	chmod +x .git/hooks/post-commit
	event 001-a WP01 null planned
	run -0 --separate-stderr git commit -q -a -m planned
	[ -z "$output$stderr" ]
	[ "$(member depth)" -ge 1 ]
	mkdir bin
	cp "$BUILD/bin/git-sk" bin
	printf '#!/bin/sh\nreadlink /proc/$$/fd/0\necho "$@"\n' >bin/post-rewrite
	chmod +x bin/post-rewrite
	run -0 bash -c 'echo kept | { bin/git-sk hook post-rewrite rebase; cat; }'
	[ "$output" = $'/dev/null\nrebase\nkept' ]
	run -129 --separate-stderr git-sk hook
	[[ $stderr == *'which event?'* ]]
	run -129 --separate-stderr git-sk hook pre-rebase
	[[ $stderr == *"no hook for the event 'pre-rebase'"* ]]
}

@test "cli: the hook's line needs the C library alone" {
	run -0 readelf -d "$BUILD/bin/git-sk"
	[[ $output == *'[libc.so'* ]]
	[ "$(grep -c NEEDED <<<"$output")" -eq 1 ] ||
		[[ $output == *san.so* ]]
}

@test "cli: colours are for terminals, and can be switched off" {
	local esc=$'\e['

	export TERM=xterm
	unset NO_COLOR
	[[ $(on_terminal git-sk) == *"${esc}1mBegin${esc}m"* ]]
	[[ $(on_terminal 'git-sk frob') == *"${esc}1;31merror:${esc}m"*"hint:${esc}m"* ]]
	[[ $(git sk) != *"$esc"* ]]
	git config --global color.ui always
	[[ $(git sk) == *"${esc}1m"* ]]
	git config --global color.sk never
	[[ $(git sk) != *"$esc"* ]]
	[[ $(on_terminal git-sk) != *"$esc"* ]]
	git config --global color.sk always
	[[ $(git sk) == *"${esc}1m"* ]]
	[[ $(NO_COLOR=1 git sk) != *"$esc"* ]]
	[[ $(TERM=dumb git sk) != *"$esc"* ]]
	[[ $(NO_COLOR='' git sk) == *"$esc"* ]]
	[[ $(NO_COLOR=1 on_terminal 'git-sk frob') != *"$esc"* ]]
	[[ $(TERM=dumb on_terminal 'git-sk frob') != *"$esc"* ]]
	# a configuration that cannot be read is no reason to say nothing
	echo broken >"$HOME/.gitconfig"
	[[ $(git-sk) == *Begin* ]]
}
