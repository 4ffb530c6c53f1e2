#!/usr/bin/env bats
# git sk-setup beside the hooks of others: nothing of ours can be overwritten
# elsewhere, silenced unseen, or silence another's hook.

load helper

setup() {
	sk_setup
	only_files
	enter_repo
	rm -f .git/hooks/*.sample
	PROGRAM=$BUILD/hooks/post-commit
}

teardown() {
	sk_teardown
}

# hook <path> [<first line>]: an executable script, its body from stdin.
hook() {
	mkdir -p "$(dirname "$1")"
	{
		echo "${2:-#!/bin/sh}"
		cat
	} >"$1"
	chmod 755 "$1"
}

# bounded <command>...: it ends by itself, with fewer than 80 programs started.
bounded() {
	ASAN_OPTIONS=detect_leaks=0 timeout -k 1 30 \
		strace -f -qq -e trace=execve -o ../started "$@" || return 1
	[ "$(grep -c 'execve(.*= 0$' ../started)" -lt 80 ]
}

# --- whoever writes to a hook writes to one repository ---

@test "others: writing to a hook file changes nothing but that file" {
	local sum write

	sum=$(sha256sum "$BUILD"/hooks/post-*)
	git init -q ../other
	(cd ../other && git sk-setup -q)
	for write in 'echo "echo hi" >.git/hooks/post-commit' \
		'cp ../theirs .git/hooks/post-commit' \
		'cp ../theirs .git/hooks/' \
		'printf x | tee .git/hooks/post-commit >../tee' \
		'dd if=../theirs of=.git/hooks/post-commit 2>../dd'; do
		printf '#!/bin/sh\n:\n' >../post-commit
		cp ../post-commit ../theirs
		git sk-setup -q
		eval "$write"
		rm -f .git/hooks/theirs
		[ "$sum" = "$(sha256sum "$BUILD"/hooks/post-*)" ]
		(cd ../other && git sk-setup --check)
		rm -f .git/hooks/post-commit
	done
	cd ../other
	captures WP01
}

@test "others: a hook file that was overwritten is said, not called in place" {
	git sk-setup -q
	hook .git/hooks/post-commit <<<'exit 0'
	run -1 git sk-setup --check
	[[ $output == *"post-commit      another program's"* ]]
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "warning: hook post-commit is another program's: commits here are not seen at once; run 'git sk-setup'" ]
	run -0 --separate-stderr git sk-sync now
	[[ ${stderr_lines[-1]} == "warning: hook post-commit is another program's"* ]]
	run -1 git sk-doctor
	[[ $output == *"1 of 6 hooks of git-sk are not run by git"* ]]
	# what it says to type helps
	eval "$(git sk-doctor --json | jq -r '.findings[0].command')"
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
	captures WP01
}

@test "others: a hook file that git would not run is said, and mended" {
	git sk-setup -q
	chmod -x .git/hooks/post-merge
	run -1 git sk-setup --check
	[[ $output == *"post-merge       git-sk's, but not executable"* ]]
	git sk-setup -q
	sed -i 's/exec/eval/' .git/hooks/post-merge
	run -1 git sk-setup --check
	[[ $output == *"post-merge       git-sk's, but not up to date"* ]]
	git sk-setup -q
	run -0 git sk-setup --check
}

@test "others: a hook file is text that any tool can read and show" {
	hook .git/hooks/post-merge <<<'echo mine'
	git sk-setup -q
	for file in .git/hooks/*; do
		iconv -f UTF-8 -t UTF-8 "$file" >/dev/null
		[ "$(LC_ALL=C tr -d '[:print:]\t\n' <"$file" | wc -c)" = 0 ]
		[ "$(head -c 2 "$file")" = '#!' ]
		[ "$(stat -c %a "$file")" = 755 ]
	done
}

# --- copies of our own programs ---

@test "others: a copied program of ours is replaced, never kept" {
	for event in post-commit post-merge post-rewrite post-checkout; do
		cp "$BUILD/hooks/$event" ".git/hooks/$event"
	done
	run -1 git sk-setup --check
	[[ $output == *"post-commit      of an earlier git-sk"* ]]
	git sk-setup -q
	[ "$(find .git/hooks -name '*sk-orig*')" = "" ]
	run -0 git sk-setup --check
	bounded git commit -q --allow-empty -m one
	captures WP01
	git sk-setup --remove -q
	[ -z "$(ls .git/hooks)" ]
}

@test "others: a copied program that was kept as a hook starts no storm" {
	for event in post-commit post-merge post-rewrite post-checkout; do
		cp "$BUILD/hooks/$event" ".git/hooks/$event"
		cp "$BUILD/hooks/$event" ".git/hooks/$event.sk-orig"
	done
	# as it is found
	bounded git commit -q --allow-empty -m one
	# and after setup, which drops what was kept
	git sk-setup -q
	[ "$(find .git/hooks -name '*sk-orig*')" = "" ]
	bounded git commit -q --allow-empty -m two
	git sk-setup --remove -q
	[ -z "$(ls .git/hooks)" ]
}

@test "others: a repository copied with links followed works as before" {
	ln -s "$PROGRAM" .git/hooks/post-commit
	hook .git/hooks/post-commit.sk-orig <<<'echo mine >>../ran'
	git config sk.clone 01KE0000000000000000000000
	cp -rL ../repo ../copy
	cd ../copy
	git sk-setup -q
	run -0 git sk-setup --check
	bounded git commit -q --allow-empty -m one
	[ "$(wc -l <../ran)" = 1 ]
	git sk-setup --remove -q
	[ "$(tail -n 1 .git/hooks/post-commit)" = 'echo mine >>../ran' ]
}

@test "others: links of git-sk 0.1.0 go on working until the next setup" {
	git sk-setup -q
	rm .git/hooks/post-commit
	ln -s "$PROGRAM" .git/hooks/post-commit
	hook .git/hooks/post-commit.sk-orig <<<'echo mine >>../ran; exit 3'
	captures WP01
	[ "$(wc -l <../ran)" = 2 ]
	run -1 git sk-setup --check
	[[ $output == *"post-commit      of an earlier git-sk"* ]]
	git sk-setup -q
	captures WP02
	[ "$(wc -l <../ran)" = 3 ]
	[ ! -L .git/hooks/post-commit ]
}

@test "others: a hook that leads back to itself ends, with one warning" {
	hook .git/hooks/post-commit <<<'echo x >>../ran; .git/hooks/post-commit'
	git sk-setup -q
	run -0 --separate-stderr bounded git commit -q --allow-empty -m one
	[ "$stderr" = "warning: post-commit hook: it starts itself again and again; see git-sk-setup(1)" ]
	[ "$(wc -l <../ran)" -lt 10 ]
}

# --- hooks that are links, or look at $0 ---

@test "others: a link to a hook of the user's own is kept, run, given back" {
	local before

	hook scripts/hooks/post-commit <<<'echo "ran $0" >>../ran'
	hook scripts/hooks/post-merge '#!/usr/bin/env python3' \
		<<<'open("../ran", "a").write("python\n")'
	git add scripts
	ln -s ../../scripts/hooks/post-commit .git/hooks/post-commit
	ln -s ../../scripts/hooks/post-merge .git/hooks/post-merge
	before=$(listing .git/hooks)
	# where setup never ran there is nothing to take out
	run -0 git sk-setup --remove
	[ "$output" = "Nothing to remove: none of the hooks is git-sk's." ]
	[ "$before" = "$(listing .git/hooks)" ]
	git sk-setup -q
	git commit -qm one
	git switch -qc side
	git commit -q --allow-empty -m two
	git switch -q main
	git merge -q --ff-only side
	[ "$(cat ../ran)" = 'ran .git/hooks/post-commit
ran .git/hooks/post-commit
python' ]
	captures WP01
	git sk-setup --remove -q
	[ "$before" = "$(listing .git/hooks)" ]
}

@test "others: a hook finds itself by \$0 and its folder, as without us" {
	local shell

	for shell in '#!/bin/sh' '#!/usr/bin/env sh' '#!/bin/bash' \
		'#!/usr/bin/env -S bash -eu' '#!/bin/sh -e' ''; do
		rm -rf .git/hooks/* ../ran ../without
		mkdir .git/hooks/post-commit.d
		echo 'echo "part: $*" >>../ran' >.git/hooks/post-commit.d/one
		hook .git/hooks/post-commit "$shell" <<-'SH'
			echo "$0 $# $PWD" >>../ran
			echo "${BASH_SOURCE:+$(dirname "$BASH_SOURCE")}" >>../ran
			. "$0.d/one"
			. "$(dirname "$0")/$(basename "$0").d/one"
		SH
		git commit -q --allow-empty -m without
		mv ../ran ../without
		git sk-setup -q
		git commit -q --allow-empty -m with
		diff ../ran ../without
		git sk-setup --remove -q
	done
}

@test "others: the status and the input of a kept hook are what they were" {
	local shell

	for shell in '#!/bin/sh' '#!/usr/bin/perl'; do
		rm -rf .git/hooks/* ../in
		hook .git/hooks/post-rewrite "$shell" <<-'SH'
			system("cat >../in; echo args @ARGV >>../in"); exit 7
		SH
		[ "$shell" != '#!/bin/sh' ] || hook .git/hooks/post-rewrite \
			<<<'cat >../in; echo args "$@" >>../in; exit 7'
		git sk-setup -q
		run -7 .git/hooks/post-rewrite a "b c" <<<"old new"
		[ "$(cat ../in)" = "old new
args a b c" ]
	done
}

@test "others: a manager that moves us to .legacy and runs it loses nothing" {
	hook .git/hooks/post-commit <<<'echo mine >>../ran'
	git sk-setup -q
	# as pre-commit does it
	mv .git/hooks/post-commit .git/hooks/post-commit.legacy
	hook .git/hooks/post-commit <<-'SH'
		# File generated by pre-commit: https://pre-commit.com
		"$(dirname "$0")/post-commit.legacy" "$@"
		echo theirs >>../ran
	SH
	git commit -q --allow-empty -m one
	[ "$(cat ../ran)" = 'mine
theirs' ]
	run -0 git sk-setup --check
	[[ $output == *"post-commit      in place, run by pre-commit, runs the kept hook, too"* ]]
	captures WP01
	before=$(listing .git/hooks)
	git sk-setup -q
	[ "$before" = "$(listing .git/hooks)" ]
	git sk-setup --remove -q
	[ "$(ls .git/hooks)" = 'post-commit
post-commit.legacy' ]
	[ "$(tail -n 1 .git/hooks/post-commit.legacy)" = 'echo mine >>../ran' ]
}

# --- git-sk gone ---

@test "others: without git-sk's program the user's hooks run, in silence" {
	mkdir ../prefix
	cp -r "$BUILD/bin" "$BUILD/hooks" ../prefix
	hook .git/hooks/post-commit <<<'echo mine >>../ran'
	hook .git/hooks/post-rewrite '#!/usr/bin/perl' <<<'exit 5'
	../prefix/bin/git-sk-setup -q
	rm -r ../prefix
	run -0 --separate-stderr git commit -q --allow-empty -m one
	[ -z "$output$stderr" ]
	[ "$(cat ../ran)" = mine ]
	run -5 .git/hooks/post-rewrite amend </dev/null
	run -0 --separate-stderr .git/hooks/post-merge 0
	[ -z "$output$stderr" ]
	# another installation sees whose they are, and puts its own in place
	run -1 git sk-setup --check
	[[ $output == *"post-commit      of another git-sk, runs the kept hook, too"* ]]
	git sk-setup -q
	captures WP01
}

@test "others: a program on a path with spaces and quotes is run" {
	mkdir "../it's a prefix"
	cp -r "$BUILD/bin" "$BUILD/hooks" "../it's a prefix"
	"../it's a prefix/bin/git-sk-setup" -q
	captures WP01
	run -0 "../it's a prefix/bin/git-sk-setup" --check
}

# --- folders that are not ours ---

@test "others: tracked folders are left alone, whatever their name" {
	local dir

	git config sk.test true
	for dir in .githooks .git-hooks .github/hooks hooks .myhooks; do
		hook "$dir/post-commit" <<<'echo team'
		git add "$dir"
		git config core.hooksPath "$dir"
		run -128 --separate-stderr git sk-setup
		[[ $stderr == *"git tracks the files in '$PWD/$dir'"* ]]
		[ "$(ls "$dir")" = post-commit ]
		[ -z "$(git diff --name-only)" ]
	done
}

@test "others: a link to a tracked folder, here or elsewhere, is left alone" {
	hook .githooks/post-commit <<<'echo team'
	git add .githooks
	rm -r .git/hooks
	ln -s ../.githooks .git/hooks
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"git tracks the files in "* ]]
	git init -q ../team
	hook ../team/hooks/post-commit <<<'echo team'
	git -C ../team add hooks
	rm .git/hooks
	ln -s "$PWD/../team/hooks" .git/hooks
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"git tracks the files in "* ]]
	[ "$(ls ../team/hooks)" = post-commit ]
}

@test "others: core.hooksPath = /dev/null is said, and nothing is written" {
	git config core.hooksPath /dev/null
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"core.hooksPath is '/dev/null', which is no folder: hooks are switched off"* ]]
	run -1 git sk-setup --check
	[[ $output == *"Run '$BY_HAND'."* ]]
}

@test "others: a shared folder serves all, and stays while one needs it" {
	git init -q ../other
	mkdir ../shared
	for repo in ../repo ../other; do
		rm -rf "$repo/.git/hooks"
		ln -s "$PWD/../shared" "$repo/.git/hooks"
		(cd "$repo" && git sk-setup -q)
	done
	captures WP01
	run -0 --separate-stderr git sk-setup --remove
	[[ $stderr == "warning: hooks stay in '"*"/shared': '"*"/other/.git' runs its own from there" ]]
	[ "$output" = "This clone is not set up any more. Queued events stay queued." ]
	git commit -q --allow-empty -m 'not captured here any more'
	cd ../other
	run -0 git sk-setup --check
	captures WP01
	git sk-setup --remove -q
	[ -z "$(ls ../shared)" ]
}

@test "others: removal finds the folder used before core.hooksPath changed" {
	git sk-setup -q
	git config core.hooksPath .husky/_
	git sk-setup -q
	[ -x .husky/_/post-commit ]
	captures WP01
	git config core.hooksPath "$PWD/../third"
	run -1 git sk-setup --check
	run -0 git sk-setup --remove
	[ -z "$(ls .git/hooks)" ]
	[ ! -e .husky/_ ]
	[ -z "$(git config --local --get-regexp '^sk\.')" ]
}

@test "others: a copy's removal leaves the original's hooks in place" {
	git config core.hooksPath "$PWD/hooks-here"
	git config --unset core.hooksPath
	git sk-setup -q
	cp -r ../repo ../copy
	cd ../copy
	git sk-setup --remove -q
	[ -z "$(ls .git/hooks)" ]
	cd ../repo
	run -0 git sk-setup --check
}

# --- other tools moved us aside ---

@test "others: lefthook's way of moving us to .old is undone by setup" {
	hook .git/hooks/post-commit <<<'echo mine >>../ran'
	git sk-setup -q
	mv .git/hooks/post-commit .git/hooks/post-commit.old
	hook .git/hooks/post-commit <<-'SH'
		# LEFTHOOK
		call_lefthook() { echo "lefthook $*" >>../ran; }
		call_lefthook run "post-commit" "$@"
	SH
	run -1 git sk-setup --check
	[[ $output == *"post-commit      lefthook's"*"git-sk's is at '"*"post-commit.old', where nothing runs it"* ]]
	git sk-setup -q
	run -0 git sk-setup --check
	captures WP01
	# lefthook stopped running the first hook, and so it stays
	[ "$(sort -u ../ran)" = "lefthook run post-commit" ]
	[ "$(tail -n 1 .git/hooks/post-commit.old)" = 'echo mine >>../ran' ]
	grep -q LEFTHOOK .git/hooks/post-commit
	git sk-setup --remove -q
	[ "$(ls .git/hooks)" = 'post-commit
post-commit.old' ]
	[[ $(cat .git/hooks/post-commit) == *'call_lefthook run'* ]]
}

@test "others: what was moved aside is taken out by removal, too" {
	mission 001-a
	git branch kitty/mission-001-a-lane-a
	git sk-setup -q
	for event in post-commit post-merge post-rewrite post-checkout pre-commit; do
		mv ".git/hooks/$event" ".git/hooks/$event.old"
	done
	run -0 git sk-setup --remove
	[ -z "$(ls .git/hooks)" ]
}

@test "others: lines that somebody adds to our file are theirs and stay" {
	git sk-setup -q
	sed -i 's/|| exec "$sk_program" "$@"/|| "$sk_program" "$@"/' \
		.git/hooks/post-commit
	echo 'echo added >>../ran' >>.git/hooks/post-commit
	git sk-setup -q
	[ "$(tail -n 1 .git/hooks/post-commit)" = 'echo added >>../ran' ]
	run -0 git sk-setup --check
	git sk-setup --remove -q
	[ "$(cat .git/hooks/post-commit)" = '#!/bin/sh
echo added >>../ran' ]
	[ "$(ls .git/hooks)" = post-commit ]
}

# --- whose repository it is ---

@test "others: a repository that git refuses is refused, in git's words" {
	git commit -q --allow-empty -m one
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	export GIT_TEST_ASSUME_DIFFERENT_OWNER=1
	for command in sk-setup 'sk-setup --check' 'sk-setup --remove' \
		'sk-setup --manual' 'sk-sync backfill' \
		'sk-sync backfill --dry-run'; do
		# shellcheck disable=SC2086 # words
		run -128 --separate-stderr git $command
		[[ ${stderr_lines[0]} == *"error: detected dubious ownership in repository at '$PWD"* ]]
		[[ ${stderr_lines[1]} == "hint: if you trust its owner, run 'git config --global --add safe.directory $PWD"* ]]
		[ -z "$output" ]
	done
	run -1 git sk-doctor
	[[ $output == *"dubious ownership"* ]]
	[ ! -e "$GIT_SK_HOME/queue.db" ]
	# the advice works
	advice=$(git sk-setup 2>&1 | sed -n "s/^hint: .*run '\(.*\)'$/\1/p")
	eval "$advice"
	git sk-setup -q
}

@test "others: a hook that simple-git-hooks has deleted does not come back" {
	printf '%s\n' 'if [ "$SKIP_SIMPLE_GIT_HOOKS" = "1" ]; then' \
		'    exit 0' fi true | hook .git/hooks/post-commit
	run -1 git sk-setup --check
	[[ $output == *"post-commit      simple-git-hooks's"* ]]
	git sk-setup
	[ -e .git/hooks/post-commit.sk-orig ]
	rm .git/hooks/post-commit
	git sk-setup
	[ ! -e .git/hooks/post-commit.sk-orig ]
	git sk-setup --remove
	[ ! -e .git/hooks/post-commit ]
}

@test "others: --manual sees simple-git-hooks before it has a hook of ours" {
	echo '{"name": "x"}' >package.json
	run -0 git sk-setup --manual
	[[ ${lines[0]} == "In the hook 'post-commit',"* ]]
	echo '{"simple-git-hooks": {"pre-commit": "true"}}' >package.json
	run -0 git sk-setup --manual
	[[ ${lines[0]} == "In 'package.json', below 'simple-git-hooks':" ]]
}
