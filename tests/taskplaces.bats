#!/usr/bin/env bats
# git sk-task and git sk-mission where the repository, a clock, another process
# or what git is told by its environment is out of the ordinary.

load helper
load board
load moments
load move

setup() {
	move_setup
}

teardown() {
	[ -z "$STOPPED" ] || kill -KILL "$STOPPED" 2>/dev/null
	sk_teardown
}

# works: the new commands do what they do anywhere, and leave nothing behind.
works() {
	run -0 --separate-stderr git sk-task list
	[[ $output == 'm  0 of 3 done'* ]]
	[ -z "$stderr" ]
	move WP01 for_review
	review WP01 --agent ann
	[ "$(lane WP01)" = in_review ]
	[ "$(activity WP01 | wc -l)" = 2 ]
	[ "$(git sk-mission show m --json |
		jq -r '.work_packages[0].lane')" = in_review ]
	is_right
	[ -z "$(git status --porcelain)" ]
}

@test "task: in a shallow clone it is as anywhere" {
	git commit -q --allow-empty -m more # so that one is cut off
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	[ "$(git rev-parse --is-shallow-repository)" = true ]
	works
}

@test "task: in a clone that left out the blobs it is as anywhere" {
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --filter=blob:none "file://$PWD" ../partial
	cd ../partial
	[ "$(git config remote.origin.partialclonefilter)" = blob:none ]
	works
}

@test "task: a copy of a repository is one of its own" {
	git sk-setup >/dev/null
	cp -a . ../copy
	cd ../copy
	works
	[ "$(git -C ../repo rev-parse main)" = "$(git rev-parse start)" ]
	[ -z "$(git -C ../repo status --porcelain)" ]
}

@test "task: of what belongs to somebody else nothing is read or written" {
	[ "$(id -u)" = 0 ] || skip 'only root gives files away'
	chown -R 4711 .
	run -128 git status # git's own answer
	for what in 'task list' 'task move WP01 claimed' 'mission list' \
		'mission create x' 'task implement WP01' \
		'task mark WP01 --status done'; do
		# shellcheck disable=SC2086 # words of a command
		run -128 --separate-stderr git sk-$what
		[[ $stderr == *error:* ]]
		[ -z "$output" ]
	done
	chown -R 0 .
	[ "$(git rev-parse main)" = "$(git rev-parse start)" ]
	[ -z "$(git status --porcelain)" ]
}

@test "task: a clock that is behind the log decides nothing" {
	event m WP01 planned in_progress
	sed -i '$s/"at": "[^"]*"/"at": "2999-01-01T00:00:00+00:00"/' "$LOG"
	commit later
	move WP01 blocked
	[ "$(lane WP01)" = blocked ]
	[ "$(row .at)" = 2999-01-01T00:00:00.000001+00:00 ]
	move WP01 in_progress
	[ "$(lane WP01)" = in_progress ]
	[ "$(of_package WP01 .lane)" = in_progress ]
	is_right
}

@test "task: without standard streams nothing is written into files of ours" {
	local before

	git-sk-task move WP01 claimed <&- >&- 2>&- || true
	run -0 git sk-task move WP01 claimed
	[ "$(lane WP01)" = claimed ]
	git-sk-task move WP01 nowhere <&- >&- 2>&- || true
	before=$(git rev-parse main)
	git-sk-task list <&- >&- 2>&- || true
	[ "$(git rev-parse main)" = "$before" ]
	git fsck --strict
	is_right
	[ -z "$(git status --porcelain)" ]
}

@test "task: from a hook, with what git tells hooks, it is a commit beside" {
	cat >.git/hooks/post-commit <<-'SH'
		#!/bin/sh
		[ "$(git log -1 --format=%s)" != mine ] ||
			git sk-task move WP01 claimed >/dev/null
	SH
	chmod +x .git/hooks/post-commit
	echo x >file
	echo y >staged
	git add file staged
	git commit -q -m mine file
	[ "$(git log --format=%s start..)" = \
		'chore: Move WP01 to claimed on spec m
mine' ]
	[ "$(lane WP01)" = claimed ]
	[ "$(git status --porcelain)" = 'A  staged' ]
	is_right
}

# stops: a move of WP01 that stands still when it has written the log; sets
# STOPPED, its process.
stops() {
	ASAN_OPTIONS=detect_leaks=0 other strace -qq -o "$BATS_TEST_TMPDIR/calls" \
		-e trace=write -P "$PWD/$LOG" \
		-e inject=write:signal=STOP:when=1 \
		git-sk-task move WP01 claimed
	wait_for grep -qs 'stopped by SIGSTOP' "$BATS_TEST_TMPDIR/calls"
	STOPPED=$(pgrep -P "$OTHER")
}

@test "task: another that is stopped with the lock is named, and then done" {
	stops
	git-sk-task review WP03 >../said 2>&1 3>&- &
	pid=$!
	run -128 --separate-stderr timeout 60 git-sk-task move WP02 claimed
	[ "$stderr" = "git sk-task move: error: mission 'm' is being changed by process $STOPPED (git-sk-task)
hint: run it again when that has ended" ]
	status=0
	wait "$pid" || status=$?
	[ "$status" = 128 ]
	grep -q "is being changed by process $STOPPED " ../said
	[ "$(git rev-parse main)" = "$(git rev-parse start)" ]
	[ "$(git status --porcelain)" = " M $LOG" ]
	kill -CONT "$STOPPED"
	wait_for is_gone "$STOPPED"
	STOPPED=
	move WP02 claimed
	[ "$(rows | tail -n 2 | cut -d ' ' -f 1-3)" = "WP01 planned claimed
WP02 planned claimed" ]
	is_right
}
