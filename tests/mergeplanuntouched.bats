#!/usr/bin/env bats
# That the plan of a merge (lib/merge/plan.h) changes nothing that anybody sees:
# everything of mergeplan.bash is the same before and after, wherever it is asked
# and whatever git runs for it.

load helper
load logmerge
load mergetree
load implement
load mergeplan

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

# both_logs: mission branch and target have each changed the log.
both_logs() {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved in_progress
	event 001-a WP02 in_progress approved
	git commit -q -am here
}

# own_driver: one of the user's, in the repository, for code.c, which lane-a and
# the target have changed; it says where it was run.
own_driver() {
	mkdir tools
	cat >tools/join <<-'SH'
		#!/bin/sh
		pwd >>"$JOIN_SAYS"
		ls -A >>"$JOIN_SAYS"
		cat "$2" "$3" >"$1.new" && mv "$1.new" "$2"
	SH
	chmod +x tools/join
	echo 'code.c merge=join' >.gitattributes
	git add tools .gitattributes
	git commit -q -m driver
	git config merge.join.driver './tools/join %O %A %B'
	export JOIN_SAYS=$BATS_TEST_TMPDIR/join.says
	lane_commit lane-a code.c there
	commit_on main code.c here
	git reset -q --hard
}

@test "mergeplanuntouched: our driver leaves no trace of having been run" {
	both_logs
	driver
	ready
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
	ready --strategy merge
	ready --strategy rebase
}

@test "mergeplanuntouched: a user's own driver finds the repository around it" {
	own_driver
	ready
	[ "$(git show "$(get .merge_tree):code.c")" = "$(printf 'here\nthere')" ]
	[ -s "$JOIN_SAYS" ]
	git config merge.join.driver './tools/gone %O %A %B'
	blocked merge_conflict
	git config merge.join.driver 'git show HEAD:code.c >%A && test -e plan'
	blocked merge_conflict
	echo plan >plan
	ready
}

@test "mergeplanuntouched: a driver's attributes in a subfolder count, too" {
	own_driver
	mkdir sub
	git rm -q --cached .gitattributes
	mv .gitattributes sub
	sed -i s/code/deep/ sub/.gitattributes
	git add sub
	git commit -q -m sub
	lane_commit lane-a sub/deep.c there
	commit_on main sub/deep.c here
	git reset -q --hard
	blocked merge_conflict
	[ "$(get '.blockers[0].subject')" = code.c ]
}

@test "mergeplanuntouched: from a linked worktree, from a subfolder" {
	both_logs
	driver
	own_driver
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	ready
	cd kitty-specs/001-a
	ready
	cd "$TREE"
	ready
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
	mkdir sub
	cd sub
	ready
}

@test "mergeplanuntouched: in a bare repository" {
	both_logs
	driver
	git clone -q --bare . ../bare.git
	cp .git/info/attributes ../bare.git/info
	cd ../bare.git
	git config merge.sk-eventlog.driver \
		'git-sk-eventlog merge -- %O %A %B %P %L'
	ready
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
	git worktree add -q ../linked main
	ready
	cd ../linked
	ready
}

@test "mergeplanuntouched: of sha256 ids, and of a shallow clone" {
	git clone -q --no-single-branch --depth 1 "file://$PWD" ../shallow
	mkdir ../sha256
	cd ../sha256
	git init -q --object-format=sha256 .
	unset SK_EVENTS
	approved
	both_logs
	driver
	ready
	cd ../shallow
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	dry
}

@test "mergeplanuntouched: in a partial clone, which gets objects alone" {
	both_logs
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --filter=blob:none "file://$PWD" ../partial
	cd ../partial
	driver
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	remedied
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
	ready --fetch
}

@test "mergeplanuntouched: where refs are in tables" {
	git init -q --ref-format=reftable ../tables 2>/dev/null ||
		skip 'this git has no reftable'
	cd ../tables
	unset SK_EVENTS
	approved
	both_logs
	driver
	ready
	git branch -q -D "$BRANCH"
	blocked missing_mission_branch
	remedy 0
	ready
}

@test "mergeplanuntouched: the remote is asked, and FETCH_HEAD stays" {
	git clone -q . ../remote
	git remote add origin ../remote
	git fetch -q
	git branch -q -u origin/main
	git -C ../remote commit -q --allow-empty -m more
	echo theirs >.git/FETCH_HEAD
	echo theirs >.git/ORIG_HEAD
	dry --fetch
	[ "$(get .blocker)" = target_behind ]
	cd kitty-specs
	dry --fetch
	[ "$(get .blocker)" = target_behind ]
}

@test "mergeplanuntouched: where no object can be written is told" {
	local before

	both_logs
	driver
	before=$(everything)
	GIT_OBJECT_DIRECTORY=/proc/sys \
		GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/.git/objects \
		run -1 --separate-stderr "$PLAN" --dry-run --json
	echo "$output"
	unchanged "$before"
	[ "$(get .blocker)" = merge_failed ]
	[ "$(get .remediation)" = 'df /proc/sys' ]
	[[ $(get '.blockers[0].message') = *'; objects cannot be written' ]]
	remedy 0
}

@test "mergeplanuntouched: a folder for drivers that cannot be made is told" {
	local before

	both_logs
	driver
	before=$(everything)
	TMPDIR=$PWD/nowhere run -128 --separate-stderr "$PLAN" --dry-run --json
	[[ $stderr == *"cannot make folder '$PWD/nowhere/"* ]]
	unchanged "$before"
}

@test "mergeplanuntouched: nothing is left where drivers were run" {
	own_driver
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	ready
	[ -s "$JOIN_SAYS" ]
	[ -z "$(ls -A "$TMPDIR")" ]
	git config merge.join.driver 'touch left; mkdir more; exit 1'
	blocked merge_conflict
	[ -z "$(ls -A "$TMPDIR")" ]
	[ -x tools/join ]
}
