#!/usr/bin/env bats
# git sk-eventlog merge, run by git itself wherever it merges event logs.

load helper
load moments
load logmerge

setup() {
	sk_setup
	enter_repo
	driver
	mission 001-a
	appends 1 2
	git branch side
}

teardown() {
	sk_teardown
}

@test "logmerge: what both branches appended is there, in order of time" {
	sided '3 6' '4 5'
	run -0 --separate-stderr git merge -q side
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3 4 5 6" ]
	[ -z "$(git status --porcelain)" ]
	[ "$(git ls-tree HEAD "$LOG" | cut -c1-6)" = 100644 ]
}

@test "logmerge: it is the same tree both ways round" {
	local one other

	sided '3 6' '4 5'
	one=$(git merge-tree --write-tree main side)
	other=$(git merge-tree --write-tree side main)
	[ "$one" = "$other" ]
	[ "$(rows "$one")" = "1 2 3 4 5 6" ]
}

@test "logmerge: two changes of one event conflict, and both are shown" {
	local id=01KE0000000000000000000002

	git checkout -q side
	sed -i "/$id/s/planned/claimed/" "$LOG"
	appends 3
	git checkout -q main
	sed -i "/$id/s/planned/blocked/" "$LOG"
	appends 4
	run -1 --separate-stderr git merge -q side
	[[ $stderr == *"'$LOG': line 2: event '$id' was changed on both sides"* ]]
	[[ $stderr == *"hint: keep one of each in '$LOG'"* ]]
	[ "$(git status --porcelain)" = "UU $LOG" ]
	[ "$(log_rows)" = '1 <<<<<<< ours 2 ======= 2 >>>>>>> theirs 3 4' ]
	sed -i '/^[<=>]/d; /claimed/d' "$LOG"
	git commit -qam merged
	[ "$(rows)" = '1 2 3 4' ]
	[ "$(git show HEAD:"$LOG" | grep -c blocked)" = 1 ]
}

@test "logmerge: a side that did not change an event yields" {
	sided 3 4
	git checkout -q side
	sed -i 's/"reason": null, //' "$LOG" # as a migration does
	git commit -qam migrated
	git checkout -q main
	run -0 --separate-stderr git merge -q side
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3 4" ]
	[ "$(grep -c '"reason"' "$LOG")" = 1 ] # of main's new row
}

@test "logmerge: an event that one side of a merge lost is kept, and told" {
	git checkout -q side
	without 1
	appends 3
	git checkout -q main
	appends 4
	run -0 --separate-stderr git merge -q side
	[ "$stderr" = "warning: '$LOG': theirs lost event '01KE0000000000000000000001', which is kept" ]
	[ "$(rows)" = "1 2 3 4" ]
	git reset -q --hard HEAD^
	git checkout -q side
	run -0 --separate-stderr git merge -q --squash main
	[[ $stderr == *"ours lost event"* ]]
	[ "$(log_rows)" = "1 2 3 4" ]
	git reset -q --hard
	run -0 --separate-stderr git pull -q --no-rebase . main
	[[ $stderr == *"ours lost event"* ]]
	[ "$(rows)" = "1 2 3 4" ]
	run -0 --separate-stderr git merge-tree --write-tree main side^
	[[ $stderr == *"theirs lost event"* ]]
	[ "$(rows "$output")" = "1 2 3 4" ]
}

@test "logmerge: of many that were lost a few are named" {
	git checkout -q main
	appends $(seq 3 20)
	git branch -f side
	git checkout -q side
	: >"$LOG"
	appends 21
	git checkout -q main
	appends 22
	run -0 --separate-stderr git merge -q side
	[ "$(grep -c 'theirs lost event' <<<"$stderr")" = 5 ]
	[[ $stderr == *"'$LOG': and so 15 more" ]]
	[ "$(rows)" = "$(seq 1 22 | xargs)" ]
}

@test "logmerge: a pick brings the rows of its commit, and no others" {
	git checkout -q side
	appends 3
	appends 5
	appends 7
	git checkout -q main
	appends 4
	run -0 --separate-stderr git cherry-pick side~1
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 4 5" ]
	git reset -q --hard HEAD^
	run -0 --separate-stderr git cherry-pick -n side~1
	[ "$(log_rows)" = "1 2 4 5" ]
	git reset -q --hard
	run -0 --separate-stderr git cherry-pick side~1 side
	[ "$(rows)" = "1 2 4 5 7" ]
	git reset -q --hard HEAD~2
	run -0 --separate-stderr git -c core.pager=cat -C . cherry-pick side
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 4 7" ]
	git config alias.take cherry-pick
	run -0 --separate-stderr git take side~2
	[ "$(rows)" = "1 2 3 4 7" ]
}

@test "logmerge: a revert takes its rows out, from under later ones" {
	appends 3
	appends 4
	appends 5
	run -0 --separate-stderr git revert --no-edit HEAD~2
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 4 5" ]
	run -0 --separate-stderr git revert --no-edit HEAD
	[ "$(rows)" = "1 2 3 4 5" ]
	git revert --no-edit HEAD~4..HEAD~2 # of 4 and 5
	[ "$(rows)" = "1 2 3" ]
	git reset -q --hard HEAD~2
	git revert -n HEAD~3
	[ "$(log_rows)" = "1 2 3 5" ]
}

@test "logmerge: a commit that a rebase drops takes its rows along" {
	git checkout -q side
	appends 3
	appends 4
	appends 5
	git checkout -q main
	appends 6
	git checkout -q side
	GIT_SEQUENCE_EDITOR='sed -i 2d' run -0 --separate-stderr \
		git rebase -q -i main
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3 5 6" ]
	git reset -q --hard ORIG_HEAD
	git rebase -q --apply --onto main side~1
	[ "$(rows)" = "1 2 5 6" ]
}

@test "logmerge: a merge in the midst of a rebase is one" {
	git checkout -q side
	without 1
	appends 3
	git checkout -q main
	appends 4
	GIT_SEQUENCE_EDITOR='sed -i s/pick/edit/' git rebase -q -i HEAD^
	[ -e .git/rebase-merge ]
	run -0 --separate-stderr git merge -q side
	[[ $stderr == *"theirs lost event"* ]]
	[ "$(rows)" = "1 2 3 4" ]
}

@test "logmerge: without a git to be seen its folder tells what goes on" {
	local trace

	versions
	row 5
	cp "$LOG" base # of which theirs lacks a row
	for trace in none CHERRY_PICK_HEAD REVERT_HEAD rebase-merge \
		rebase-apply; do
		cp base ours
		: >".git/$trace"
		git-sk-eventlog merge base ours theirs "$LOG"
		grep -c . ours >>../counts
		rm ".git/$trace"
	done
	[ "$(xargs <../counts)" = "5 4 4 4 4" ]
}

@test "logmerge: am -3 brings rows, and takes them out" {
	git checkout -q side
	appends 3 5
	without 3
	git commit -qam out
	git checkout -q main
	appends 4
	git format-patch -q --stdout -2 side >../two
	run -0 git am -q -3 ../two
	[ "$(rows)" = "1 2 4 5" ]
}

@test "logmerge: a stash is put where it was meant, both ways" {
	row 4
	without 1
	git stash -q
	appends 3
	run -0 --separate-stderr git stash pop -q
	[ -z "$stderr" ]
	[ "$(log_rows)" = "2 3 4" ]
	git stash -q
	appends 5
	git stash apply -q --index
	[ "$(log_rows)" = "2 3 4 5" ]
}

@test "logmerge: a branch is switched with what is not committed yet" {
	git checkout -q side
	appends 3
	git checkout -q main
	row 4
	without 2
	run -0 git checkout -q -m side
	[ "$(log_rows)" = "1 3 4" ]
	[ "$(git rev-parse HEAD)" = "$(git rev-parse side)" ]
}

@test "logmerge: a conflict that is made anew is the same" {
	git checkout -q side
	sed -i '1d' "$LOG"
	sed -i '1s/planned/claimed/' "$LOG"
	appends 3
	git checkout -q main
	sed -i '2s/planned/blocked/' "$LOG"
	appends 4
	run -1 git merge -q side
	cp "$LOG" ../first
	[ "$(log_rows)" = '1 <<<<<<< ours 2 ======= 2 >>>>>>> theirs 3 4' ]
	echo damaged >"$LOG"
	git checkout -q --merge "$LOG"
	cmp "$LOG" ../first
}

@test "logmerge: a criss-cross loses nothing" {
	sided 3 4
	git checkout -q -b side2 side
	git merge -q -m x main
	git checkout -q main
	git merge -q -m y side
	appends 6
	git checkout -q side2
	appends 5
	[ "$(git merge-base --all main side2 | wc -l)" = 2 ]
	run -0 --separate-stderr git merge -q main
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3 4 5 6" ]
}

@test "logmerge: more than two branches are merged one by one" {
	git checkout -q -b third
	appends 5
	sided 3 4
	git merge -q side
	git merge -q third
	[ "$(rows)" = "1 2 3 4 5" ]
	# an octopus is no place for conflicts: git gives up, or gets it right
	git reset -q --hard HEAD~2
	run git merge -q side third
	[ "$status" = 2 ] || [ "$(rows)" = "1 2 3 4 5" ]
}

@test "logmerge: two branches may have begun the log" {
	git checkout -q --orphan other
	git rm -q -f "$LOG"
	mkdir -p "${LOG%/*}"
	appends_new 3
	run -0 git merge -q --allow-unrelated-histories main
	[ "$(rows)" = "1 2 3" ]
}

# appends_new <n>: a commit of a new log.
appends_new() {
	row "$1"
	git add "$LOG"
	git commit -qm "rows $1"
}

@test "logmerge: linked worktrees have their own rebases" {
	git checkout -q -b work
	appends 3
	appends 4
	appends 5
	git checkout -q main
	appends 6
	git worktree add -q ../linked work
	cd ../linked
	GIT_SEQUENCE_EDITOR='sed -i 2d' git rebase -q -i main
	[ "$(rows)" = "1 2 3 5 6" ]
	# one that goes on there is none of ours here
	GIT_SEQUENCE_EDITOR='sed -i 1s/pick/edit/' git rebase -q -i HEAD~1
	[ -e ../repo/.git/worktrees/linked/rebase-merge ]
	cd ../repo
	git checkout -q side
	without 1
	appends 7
	run -0 --separate-stderr git merge -q main
	[[ $stderr == *"ours lost event"* ]]
	[ "$(rows)" = "1 2 6 7" ]
}

@test "logmerge: what a hook is told of its own repository is no matter" {
	sided 3 4
	cat >.git/hooks/post-commit <<-SH
		#!/bin/sh
		[ -e .git/merged ] || { : >.git/merged; git cherry-pick side; }
	SH
	chmod +x .git/hooks/post-commit
	echo x >x
	git add x
	git commit -qm x
	[ "$(rows)" = "1 2 3 4" ]
	git reset -q --hard HEAD~2
	GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD GIT_INDEX_FILE=$PWD/.git/index \
		GIT_SK=0 git -C / merge -q side
	[ "$(rows)" = "1 2 3 4" ]
}

@test "logmerge: ids of another length, sparse and partial make no difference" {
	sided 3 4
	git clone -q --no-local --filter=blob:none -c uploadpack.allowFilter=1 \
		"file://$PWD" ../partial 2>/dev/null
	cd ../partial
	driver
	git sparse-checkout set none
	run -0 git merge -q origin/side
	[ "$(rows)" = "1 2 3 4" ]
	git init -q --object-format=sha256 ../sha256 || skip "git has no sha256"
	cd ../sha256
	driver
	mission 001-a
	appends 1 2
	git branch side
	sided 3 4
	run -0 git merge -q side
	[ "$(rows)" = "1 2 3 4" ]
}

# versions: base, ours and theirs as files, which a merge of is right.
versions() {
	: >base
	row 3
	cp "$LOG" ours
	row 9
	cp "$LOG" theirs
}

@test "logmerge: what fails leaves our side as it was" {
	versions
	cp ours ours.before
	run -129 git sk-eventlog merge base ours theirs
	run -129 git sk-eventlog merge base ours theirs x 0
	run -129 git sk-eventlog merge base ours theirs x 7x
	run -129 git sk-eventlog merge base ours theirs x 7 y
	run -128 --separate-stderr git sk-eventlog merge none ours theirs "$LOG"
	[[ $stderr == *"error: '$LOG' is not merged: cannot open 'none'"* ]]
	run -128 --separate-stderr git sk-eventlog merge base ours . "$LOG"
	cmp ours ours.before
	[ "$(find . -name 'ours*' | wc -l)" = 2 ]
}

# nth <call>: the first of these that is for the answer.
nth() {
	cp ours nth
	ASAN_OPTIONS=detect_leaks=0 strace -qq -y -o ../calls -e trace="$1" \
		git-sk-eventlog merge base nth theirs "$LOG"
	grep -n 'nth\.' ../calls | head -n 1 | cut -d : -f 1
	rm nth
}

@test "logmerge: a full disk leaves our side as it was" {
	local call

	versions
	cp ours ours.before
	for call in openat write rename; do
		run -128 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 \
			strace -qq -o /dev/null -e trace="$call" \
			-e inject="$call:error=ENOSPC:when=$(nth "$call")" \
			git-sk-eventlog merge base ours theirs "$LOG"
		[[ $stderr == *"error: '$LOG' is not merged: "*"No space left"* ]]
		cmp ours ours.before
		[ "$(find . -name 'ours*' | wc -l)" = 2 ]
	done
}

# is_whole: our side is as before or as after, and as before again.
is_whole() {
	cmp ours before || cmp ours after
	cp before ours
}

@test "logmerge: killed at any moment, our side is as before or as after" {
	versions
	cp ours before
	cp ours after
	git sk-eventlog merge base after theirs "$LOG"
	run -1 cmp before after
	killed_at is_whole openat write fchmod rename close -- \
		git-sk-eventlog merge base ours theirs "$LOG"
}

@test "logmerge: our side keeps its mode" {
	versions
	chmod 640 ours
	git sk-eventlog merge base ours theirs "$LOG"
	[ "$(stat -c %a ours)" = 640 ]
}

@test "logmerge: outside of a repository it merges, too" {
	versions
	mkdir ../none
	mv base ours theirs ../none
	cd ../none
	export GIT_CEILING_DIRECTORIES=$PWD
	git sk-eventlog merge base ours theirs x
	cmp ours theirs
}

@test "logmerge: what cannot be read is kept, and told" {
	git checkout -q side
	printf '{"event_id": "01K' >>"$LOG"
	git commit -qam torn
	git checkout -q main
	appends 4
	run -0 --separate-stderr git merge -q side
	[ "$stderr" = "warning: '$LOG': line 1 cannot be read, and is kept: '{\"event_id\": \"01K'" ]
	[ "$(rows)" = '{event_id: 01K 1 2 4' ]
	[ "$(tail -c 1 "$LOG" | xxd -p)" = 0a ]
}

@test "logmerge: a hundred thousand rows on each side are merged" {
	awk 'BEGIN {
		for (i = 0; i < 100150; i++)
			printf "{\"at\": \"2026-05-01T10:00:00.%06dZ\"," \
				" \"event_id\": \"%d\", \"to_lane\":" \
				" \"done\"}\n", i, i
	}' >all
	head -n 100000 all >base
	{ cat base; sed -n '100001,100050p;100101,$p' all; } >ours
	{ cat base; sed -n '100051,100100p' all; } >theirs
	git sk-eventlog merge base ours theirs "$LOG"
	cmp ours all
}
