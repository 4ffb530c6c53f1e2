#!/usr/bin/env bats
# What 'git sk-merge' must not do: each was done to somebody once.

load helper
load mergetree
load implement
load mergeplan
load mergenever

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

@test "git sk-merge: does not wipe uncommitted work" {
	lane_commit lane-a code.c lane
	echo 'mine, not staged' >code.c
	refuses dirty_worktree
	git add code.c
	refuses dirty_worktree
	git reset -q --hard
	echo staged >staged.c
	git add staged.c
	echo 'and more' >>staged.c
	refuses dirty_worktree
	[ "$(cat staged.c)" = $'staged\nand more' ]
	[ "$(git show :staged.c)" = staged ]
	git rm -q -f --cached staged.c
	git rm -q --cached code.c
	refuses dirty_worktree
	git add code.c
	rm code.c
	refuses dirty_worktree
	git checkout -q code.c
	# nothing of it was in the way of the merge as such
	merges
	[ "$(cat staged.c)" = $'staged\nand more' ]
}

@test "git sk-merge: does not wipe work that git was told not to look at" {
	echo more >more.c
	git add more.c
	git commit -q -m more
	git branch -f "$BRANCH" main
	lane_commit lane-a code.c lane
	git update-index --assume-unchanged code.c more.c
	echo mine | tee code.c >more.c
	refuses hidden_change
	git update-index --no-assume-unchanged code.c
	git update-index --skip-worktree code.c
	refuses hidden_change
	[ "$(cat code.c)" = mine ]
	remedy 0
	refuses dirty_worktree
	git checkout -q code.c
	# what the merge does not write to is nobody's business
	merges
	[ "$(cat code.c more.c | xargs)" = 'lane mine' ]
}

@test "git sk-merge: does not remove work that git was told not to look at" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" update-index --assume-unchanged code.c
	git -C "$TREE" update-index --skip-worktree a.c
	# as it is committed, whenever it was written
	touch -d 2001-01-01 "$TREE/code.c"
	run -0 --separate-stderr git sk-merge --dry-run
	echo mine | tee "$TREE/code.c" >"$TREE/a.c"
	refuses hidden_change hidden_change
	[ "$(cat "$TREE/code.c" "$TREE/a.c" | xargs)" = 'mine mine' ]
	remedy 0
	refuses dirty_worktree hidden_change
	remedy 1
	refuses dirty_worktree
	git -C "$TREE" commit -q -a -m mine
	merges
	[ "$(cat a.c code.c | xargs)" = 'mine mine' ]
	[ ! -e "$TREE" ]
}

@test "git sk-merge: does not overwrite files that git does not know" {
	echo mine >a.c
	refuses untracked_file
	echo /a.c >.git/info/exclude
	refuses untracked_file
	[ "$(cat a.c)" = mine ]
	rm a.c
	mkdir a.c
	echo mine >a.c/file
	refuses untracked_file
	rm -r a.c
	echo mine >other.c
	merges
	[ "$(cat other.c)" = mine ]
}

@test "git sk-merge: does not wipe what a worktree of the target has" {
	git checkout -q -b elsewhere
	git worktree add -q ../target main
	lane_commit lane-a code.c lane
	echo mine >../target/code.c
	refuses dirty_worktree
	[ "$(cat ../target/code.c)" = mine ]
	git -C ../target checkout -q .
	merges
	[ "$(cat code.c ../target/code.c | xargs)" = 'code lane' ]
	[ -z "$(git -C ../target status --porcelain)$(git status --porcelain)" ]
}

@test "git sk-merge: does not wipe events that are not committed" {
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	cp "$LOG" ../log
	refuses dirty_worktree
	cmp "$LOG" ../log
	git commit -q -m events "$LOG"
	merges
	run -0 comm -23 <(sort ../log) <(sort "$LOG")
	[ -z "$output" ]
	# nor does it leave any behind
	[ -z "$(git status --porcelain)" ]
	cmp "$LOG" <(at main "$LOG")
}

@test "git sk-merge: does not remove a worktree with unsaved work" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git worktree add -q .worktrees/001-a-lane-b "$BRANCH-lane-b"
	echo mine >>"$TREE/a.c"
	refuses dirty_worktree
	git -C "$TREE" add a.c
	refuses dirty_worktree
	[ "$(tail -n 1 "$TREE/a.c")" = mine ]
	git -C "$TREE" reset -q --hard
	# what git does not know is in no merge's way, and stays as well
	echo mine >"$TREE/new.c"
	merges
	[ "$(cat "$TREE/new.c")" = mine ]
	[ "$(jq -r --arg name "$TREE" '.cleanup[] | select(.name == $name) |
		"\(.removed) \(.reason != null)"' <<<"$ANSWER")" = 'false true' ]
	git -C "$TREE" rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	[ ! -e .worktrees/001-a-lane-b ]
	run -1 git rev-parse -q --verify "refs/heads/$BRANCH-lane-b"
}

@test "git sk-merge: does not remove commits that no branch has" {
	git worktree add -q --detach "$TREE" "$BRANCH-lane-a"
	echo more >"$TREE/more.c"
	git -C "$TREE" add more.c
	git -C "$TREE" commit -q -m more
	run --separate-stderr git sk-merge --json
	[ "$(git -C "$TREE" log -1 --format=%s)" = more ]
	[ "$(cat "$TREE/more.c")" = more ]
	git -C "$TREE" checkout -q -B "$BRANCH-lane-a"
	[ "$status" = 0 ] || merges
}

@test "git sk-merge: does not delete a branch that goes on meanwhile" {
	cat >.git/hooks/post-merge <<-SH
		#!/bin/sh
		commit=\$(git commit-tree -p $BRANCH-lane-a -m late "$BRANCH-lane-a^{tree}")
		git update-ref refs/heads/$BRANCH-lane-a "\$commit"
	SH
	chmod +x .git/hooks/post-merge
	run -0 --separate-stderr git sk-merge --json
	[ "$(git log -1 --format=%s "$BRANCH-lane-a")" = late ]
	[ "$(get ".cleanup[] | select(.name == \"$BRANCH-lane-a\").removed")" = \
		false ]
	all_done main
}

@test "git sk-merge: a rebase does not leave the target without the work" {
	local tip

	tip=$(git rev-parse main)
	commit_on main m.c
	git reset -q --hard
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	merges --strategy rebase
	[ "$(at main a.c) $(at main b.c) $(at main m.c)" = 'lane-a lane-b main' ]
	[ "$(git symbolic-ref HEAD)" = refs/heads/main ]
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	[ -z "$(git status --porcelain)" ]
	[ ! -e .git/rebase-merge ]
	[ ! -e .git/rebase-apply ]
	[ -z "$(git rev-list --merges "$tip..main")" ]
	run -0 git log --format=%s "$tip..main"
	[[ $output = *"a.c on $BRANCH-lane-a"* ]]
	[[ $output = *"b.c on $BRANCH-lane-b"* ]]
}

@test "git sk-merge: no strategy reports what the target has not got" {
	local how name

	git checkout -q -b elsewhere
	for how in squash merge rebase; do
		git branch -f "into-$how" main
		merges --strategy "$how" --into "into-$how" --keep-branch
		[ "$INTO" = "into-$how" ]
		for name in a b; do
			[ "$(at "into-$how" "$name.c")" = "lane-$name" ]
		done
		[ "$(get .commit)" = "$(git rev-parse "into-$how")" ]
		# where it had not been taken along before
		git branch -f "$BRANCH" main
	done
	[ "$(git symbolic-ref HEAD)" = refs/heads/elsewhere ]
	[ ! -e a.c ]
}

@test "git sk-merge: does not call a mission merged whose lane stays behind" {
	git branch -q -m "$BRANCH-lane-b" elsewhere
	refuses missing_lane_branch
	git branch -q -D "$BRANCH"
	refuses missing_mission_branch missing_lane_branch
	git branch -q "$BRANCH" main
	git branch -q -m elsewhere "$BRANCH-lane-b"
	# saved in the worktree, and nowhere in a commit
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" reset -q --hard main
	echo lane-a >"$TREE/a.c"
	run -0 --separate-stderr git sk-merge
	[[ $output = *"$TREE"* ]]
	[ "$(cat "$TREE/a.c")" = lane-a ]
}

# created <n>: a row of a mission that was created, which has no `at`.
created() {
	printf '{"event_id": "01KD%022d", "event_type": "MissionCreated", "payload": {"n": %d}, "schema_version": "5.0.0", "timestamp": "2026-04-30T10:00:00+00:00"}\n' \
		"$1" "$1"
}

@test "git sk-merge: does not drop events of rows that have no 'at'" {
	{
		created 1
		cat "$LOG"
	} >log
	mv log "$LOG"
	git commit -q -am created
	git branch -f "$BRANCH" main
	git checkout -q "$BRANCH"
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	created 2 >>"$LOG"
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved in_progress
	event 001-a WP02 in_progress approved
	created 3 >>"$LOG"
	git commit -q -am here
	merges
	[ "$(at main "$LOG" | grep -c MissionCreated)" = 3 ]
	[ "$(at main "$LOG" | jq -r .event_id | sort | uniq -d | wc -l)" = 0 ]
	run -0 --separate-stderr git sk-eventlog check "$LOG"
}

@test "git sk-merge: does not take one side's log from a driver that fails" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	echo "$LOG merge=other" >.git/info/attributes
	git config merge.other.driver false
	refuses merge_conflict
	# nor from one that says it went well
	git config merge.other.driver true
	refuses lost_events
	[ "$(at "$BRANCH" "$LOG" | wc -l) $(at main "$LOG" | wc -l)" = '9 9' ]
	rm .git/info/attributes
	merges
}
