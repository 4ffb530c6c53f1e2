#!/usr/bin/env bats
# git sk-setup: hooks in, hooks out, nothing of anybody else's lost.

load helper

setup() {
	sk_setup
	only_files
	enter_repo
}

teardown() {
	sk_teardown
}

@test "setup: puts its hooks in place and sets the cursor at HEAD" {
	mission 001-a
	run -0 --separate-stderr git sk-setup
	[ -z "$stderr" ]
	[[ ${lines[0]} == "Hooks are in place in $PWD/.git/hooks: "* ]]
	for hook in post-commit post-merge post-rewrite post-checkout \
		pre-merge-commit pre-push; do
		[ -x ".git/hooks/$hook" ]
		[ ! -L ".git/hooks/$hook" ]
		[ "$(sed -n 2p ".git/hooks/$hook")" = \
			"# git-sk hook 2: $hook; 'git sk-setup --remove' takes it out" ]
	done
	[ "$(query 'SELECT ref, tip FROM sk_cursor')" = \
		"refs/heads/main|$(git rev-parse HEAD)
setup|$(git rev-parse HEAD)" ]
}

@test "setup: pre-commit is wanted where there is a lane, and where it is" {
	mission 001-a
	git branch kitty/mission-001-a
	git branch not/kitty/mission-001-a-lane-a
	git update-ref refs/remotes/origin/kitty/mission-001-a-lane-a HEAD
	git sk-setup -q
	run -0 git sk-setup --check
	[[ $output != *pre-commit* ]]
	[ ! -e .git/hooks/pre-commit ]
	git branch kitty/mission-001-a-lane-a
	git pack-refs --all
	run -1 git sk-setup --check
	[[ $output == *"  pre-commit       missing"* ]]
	run -1 git sk-setup --check --json
	[ "$(jq -c '[.hooks[] | .is_reached]' <<<"$output")" = \
		'[true,true,true,true,false,true,true]' ]
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "warning: hook pre-commit is missing: commits on lanes are not looked at; run 'git sk-setup'" ]
	run -0 git sk-setup
	[[ ${lines[0]} == *": post-commit, post-merge, post-rewrite, post-checkout, pre-commit, pre-merge-commit, pre-push." ]]
	run -0 git sk-setup --check
	# the last lane goes, and it stays what it is: in use, or broken
	git branch -q -D kitty/mission-001-a-lane-a
	run -0 git sk-setup --check
	[[ $output == *"  pre-commit       in place"* ]]
	chmod -x .git/hooks/pre-commit
	run -1 git sk-setup --check
	git sk-setup -q
	[ -x .git/hooks/pre-commit ]
	run -0 git sk-setup --remove
	[[ $output == "Removed 7 hooks from "* ]]
	git sk-setup -q
	[ ! -e .git/hooks/pre-commit ]
}

@test "setup: a pre-commit of others is nobody's business without a lane" {
	mission 001-a
	printf '#!/bin/sh\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	git sk-setup -q
	run -0 git sk-setup --check
	[[ $output != *pre-commit* ]]
	[ "$(cat .git/hooks/pre-commit)" = '#!/bin/sh' ]
	# with a line of ours it is installed
	echo 'git-sk hook pre-commit || exit' >>.git/hooks/pre-commit
	run -0 git sk-setup --check
	[[ $output == *"pre-commit       in place, by a line in "* ]]
}

@test "setup: says how many transitions the history holds" {
	mission 001-a
	event 001-a WP01 null planned
	event 001-a WP01 planned claimed
	git commit -qam work
	run -0 git sk-setup
	[[ $output == *"The history holds 2 "*"'git sk-sync backfill'"* ]]
}

@test "setup: twice is the same as once, and keeps the cursor" {
	mission 001-a
	git sk-setup
	before=$(listing .git/hooks)
	clone=$(git config sk.clone)
	GIT_SK=0 git commit -q --allow-empty -m later
	run -0 git sk-setup
	[ "$before" = "$(listing .git/hooks)" ]
	[ "$clone" = "$(git config sk.clone)" ]
	[ "$(query "SELECT tip FROM sk_cursor WHERE ref = 'refs/heads/main'")" = \
		"$(git rev-parse HEAD~)" ]
}

@test "setup: an empty sk.clone is none, in the file or on the command line" {
	git sk-setup -q
	captures WP01
	clone=$(git config sk.clone)
	event 001-a WP02 null planned
	run -0 --separate-stderr git -c sk.clone= commit -qam unseen
	[ -z "$output$stderr" ]
	[ "$(transitions)" = 1 ]
	[ "$(query 'SELECT DISTINCT clone FROM sk_cursor')" = "$clone" ]
	run -1 git -c sk.clone= sk-setup --check
	git -c sk.clone= sk-setup -q
	[ "$(git config sk.clone)" = "$clone" ]
	git commit -q --allow-empty -m next
	[ "$(transitions)" = 2 ]

	git config sk.clone ''
	run -0 git sk-setup --list
	[ "$output" = "$PWD  (not set up any more)" ]
	run -1 git sk-setup --check
	git sk-setup -q
	clone=$(git config sk.clone)
	[ "${#clone}" = 26 ]
	captures WP03
}

@test "setup: a repository without commits is fine, its first one counts" {
	git sk-setup
	mission 001-a
	[ "$(query 'SELECT event_type FROM queue')" = MissionStarted ]
}

@test "setup: --remove restores the folder byte for byte" {
	printf '#!/bin/sh\necho mine\n' >.git/hooks/post-commit
	chmod 755 .git/hooks/post-commit
	printf 'not executable' >.git/hooks/post-merge
	ln -s /nowhere .git/hooks/post-rewrite
	before=$(listing .git/hooks)
	git sk-setup
	[ "$before" != "$(listing .git/hooks)" ]
	run -0 git sk-setup --remove
	[[ $output == "Removed 6 hooks from "* ]]
	[ "$before" = "$(listing .git/hooks)" ]
	[ -z "$(git config --get-regexp '^sk\.clone')" ]
}

@test "setup: --remove also removes a folder that setup made" {
	rm -r .git/hooks
	git sk-setup
	git sk-setup --remove
	[ ! -e .git/hooks ]
}

@test "setup: --remove where nothing is in place says so" {
	run -0 git sk-setup --remove
	[ "$output" = "Nothing to remove: none of the hooks is git-sk's." ]
}

@test "setup: a kept hook runs first, with arguments, stdin and status" {
	cat >.git/hooks/post-rewrite <<-'SH'
		#!/bin/sh
		echo "args: $*" >>../seen
		cat >>../seen
		exit 7
	SH
	chmod +x .git/hooks/post-rewrite
	git sk-setup
	mission 001-a
	old=$(git rev-parse HEAD)
	git commit -q --amend -m amended
	[ "$(cat ../seen)" = "args: amend
$old $(git rev-parse HEAD)" ]
	run -7 .git/hooks/post-rewrite amend <<<"a b"
	# the status also passes through where there is something to capture
	event 001-a WP01 null planned
	git -c core.hooksPath=/dev/null commit -qam work
	run -7 .git/hooks/post-rewrite amend <<<"a b"
	[ "$(query "SELECT count(*) FROM queue WHERE event_type = 'WPStatusChanged'")" = 1 ]
}

@test "setup: a kept hook that is not executable is not run, as before" {
	echo 'echo ran >../seen' >.git/hooks/post-commit
	git sk-setup
	mission 001-a
	[ ! -e ../seen ]
}

@test "setup: a global core.hooksPath is refused, with what to do" {
	mkdir ../shared-hooks
	git config --global core.hooksPath "$PWD/../shared-hooks"
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"core.hooksPath comes from the global configuration"* ]]
	[[ $stderr == *"hint: run 'git sk-setup --manual' "* ]]
	[ -z "$output" ]
	[ -z "$(ls ../shared-hooks)" ]
	[ -z "$(git config --get-regexp '^sk\.clone')" ]
}

@test "setup: lines that --manual prints, added to the letter, capture" {
	mkdir ../shared-hooks
	git config --global core.hooksPath "$PWD/../shared-hooks"
	run -0 --separate-stderr git sk-setup --manual
	[ -z "$stderr" ]
	[ -z "$(ls ../shared-hooks)" ]
	run -1 git sk-setup --check
	[[ $output == *"Run '$BY_HAND' to put them in place." ]]
	while read -r event line; do
		printf '#!/bin/sh\n%s\n' "$line" >"../shared-hooks/$event"
		chmod +x "../shared-hooks/$event"
	done < <(git sk-setup --manual | awk '
		/^In the hook / { split($0, part, "\047"); event = part[2] }
		/^    / { sub("^ *", ""); print event, $0 }')
	run -0 git sk-setup --check
	[[ $output == *"post-commit      in place, by a line in '"* ]]
	mission 001-a
	[ "$(query 'SELECT event_type FROM queue')" = MissionStarted ]
	# and a colleague without git-sk is not hurt
	run -0 --separate-stderr env PATH=/usr/bin:/bin \
		git commit -q --allow-empty -m other
	[ -z "$stderr" ]
}

@test "setup: a folder that git tracks is refused" {
	mkdir .husky
	echo 'echo hi' >.husky/pre-commit
	git add .husky
	git config core.hooksPath .husky
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"git tracks the files in '"*".husky'"* ]]
	[ "$(ls .husky)" = pre-commit ]
}

@test "setup: a core.hooksPath of the repository's own is followed" {
	git config core.hooksPath "$PWD/../own hooks"
	run -0 git sk-setup
	[ -x "../own hooks/post-commit" ]
	[ ! -e .git/hooks/post-commit ]
	mission 001-a
	[ "$(query 'SELECT event_type FROM queue')" = MissionStarted ]
}

@test "setup: an empty core.hooksPath is refused" {
	git config core.hooksPath ''
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"core.hooksPath is set to nothing"* ]]
}

@test "setup: from a linked worktree it serves all of them" {
	mission 001-a
	git worktree add -q ../tree
	cd ../tree
	run -0 git sk-setup
	[ -x ../repo/.git/hooks/post-commit ]
	event 001-a WP01 null planned
	git commit -qam work
	[ "$(query 'SELECT event_type FROM queue')" = WPStatusChanged ]
}

@test "setup: a bare repository has nothing to set up" {
	git init -q --bare ../bare.git
	cd ../bare.git
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"this is a bare repository"*"hint: "* ]]
}

@test "setup: outside a repository it says so" {
	cd ..
	run -128 --separate-stderr git sk-setup
	[ "${stderr_lines[0]}" = "git sk-setup: error: not a git repository" ]
	[[ ${stderr_lines[1]} == "hint: "* ]]
}

@test "setup: --check says what is in place and exits 0 or 1" {
	run -1 git sk-setup --check
	[[ $output == *"post-commit      missing"* ]]
	git sk-setup
	run -0 git sk-setup --check
	[[ $output == *"post-commit      in place"* ]]
	rm .git/hooks/post-merge
	printf '#!/bin/sh\n' >.git/hooks/post-merge
	run -1 git sk-setup --check
	[[ $output == *"post-merge       another program's"* ]]
	run -1 --separate-stderr git sk-setup --check --json
	[ "$(jq -r '.hooks["post-merge"].state' <<<"$output")" = "another program's" ]
	[ "$(jq .ok <<<"$output")" = false ]
}

@test "setup: a link to another installation is replaced, not kept" {
	mkdir -p ../old/libexec/git-sk
	ln -s "$PWD/../old/libexec/git-sk/post-commit" .git/hooks/post-commit
	run -1 git sk-setup --check
	[[ $output == *"post-commit      of an earlier git-sk"* ]]
	git sk-setup
	[ ! -e .git/hooks/post-commit.sk-orig ]
	run -0 git sk-setup --check
}

@test "setup: a hook that is kept already is never overwritten" {
	printf 'first' >.git/hooks/post-commit.sk-orig
	printf '#!/bin/sh\n# second\n' >.git/hooks/post-commit
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"is kept already"*"hint: remove the one that shall not run"* ]]
	[ "$(cat .git/hooks/post-commit.sk-orig)" = first ]
	[[ $(cat .git/hooks/post-commit) == *second ]]
}

# killed_at <call> <n>: it is set up beside a hook, but killed at that call; says
# whether it got as far. The hook is run, and the next setup is whole.
killed_at() {
	local killed=0

	printf '#!/bin/sh\necho mine >>../seen\n' >.git/hooks/post-commit
	chmod +x .git/hooks/post-commit
	# the program itself: strace would not follow git to it
	ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e trace="$1" \
		-e inject="$1:signal=KILL:when=$2" \
		git-sk-setup >/dev/null 2>&1 || killed=$?
	rm -f ../seen
	git commit -q --allow-empty -m "$1 $2"
	[ "$(cat ../seen)" = mine ]
	git sk-setup
	run -0 git sk-setup --check
	git sk-setup --remove
	rm -f .git/hooks/post-commit*
	[ "$killed" = 137 ] || [ "$killed" = 0 ]
	KILLED=$((killed != 0))
}

@test "setup: killed at any moment it leaves a hook that runs" {
	local call n kills=0

	for call in linkat rename unlink; do
		KILLED=1
		for ((n = 1; KILLED; n++)); do
			killed_at $call $n
			kills=$((kills + KILLED))
		done
	done
	echo "# killed $kills times"
	[ "$kills" -ge 6 ]
}

@test "setup: an unknown option is named, with usage, on stderr" {
	run -129 --separate-stderr git sk-setup --frob
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "git sk-setup: error: unknown option '--frob'" ]
	[ "${stderr_lines[1]}" = "usage: git sk-setup [<options>]" ]
	run -129 git sk-setup --check --remove
}

@test "setup: a full standard output is an error, not silence" {
	run -128 --separate-stderr sh -c 'git sk-setup >/dev/full'
	[[ $stderr == *"cannot write standard output"* ]]
}

@test "setup: -h prints usage on stdout" {
	run -0 --separate-stderr git sk-setup -h
	[ -z "$stderr" ]
	[ "${lines[0]}" = "usage: git sk-setup [<options>]" ]
}
