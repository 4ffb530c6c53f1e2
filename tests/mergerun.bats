#!/usr/bin/env bats
# git sk-merge: what the plan says is done, and nothing else.

load helper
load mergetree
load implement
load mergeplan

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

# planned [<option>]...: that it can be done; sets TREE_PLANNED, BEFORE, and
# LANES, the tips of what is merged.
planned() {
	ready "$@"
	TREE_PLANNED=$(get .merge_tree)
	BEFORE=$(git rev-parse main)
	LANES=$(git rev-parse "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b")
}

# merge [<option>]...: done, as JSON in output.
merge() {
	run -0 --separate-stderr git sk-merge --json "$@"
	[ "$(get '.ready, .merged' | xargs)" = 'true true' ]
	[ "$(get .merge_tree)" = "$TREE_PLANNED" ]
	[ "$(get .commit)" = "$(git rev-parse "$(get .target_branch)")" ]
	[ ! -e .git/sk-merge.json ]
	[ -z "$(find .git -name '*.lock' -size +0)" ]
	git fsck --no-dangling >/dev/null
}

# lands <commit>: it has what was planned, the mission's own files aside.
lands() {
	[ "$(code "$1")" = "$(code "$TREE_PLANNED")" ]
}

# code <tree>: all but what says how far a mission is.
code() {
	git ls-tree -r "$1" | grep -v -e '/status\.' -e /meta.json
}

@test "sk-merge: a squash is one commit on the target, which the checkout follows" {
	planned
	merge
	lands main
	[ "$(git rev-parse main^)" = "$BEFORE" ]
	[ "$(git log -1 --format=%s)" = "feat($BRANCH): squash merge of mission" ]
	[ -z "$(git status --porcelain)" ]
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	[ "$(git rev-parse ORIG_HEAD)" = "$BEFORE" ]
	[ "$(git reflog -1 --format=%gs)" = 'sk-merge: mission 001-a into main' ]
	[ "$(git reflog -1 --format=%gs main)" = 'sk-merge: mission 001-a into main' ]
}

@test "sk-merge: a merge has the mission branch as its parent" {
	planned --strategy merge
	merge --strategy merge
	lands main
	[ "$(git rev-parse main^1)" = "$BEFORE" ]
	[ "$(git log -1 --format=%s)" = "Merge $BRANCH into main" ]
	for tip in $LANES; do
		git merge-base --is-ancestor "$tip" main
	done
}

@test "sk-merge: a rebase is linear" {
	commit_on main moved.c
	git reset -q --hard
	planned --strategy rebase
	merge --strategy rebase
	lands main
	git merge-base --is-ancestor "$BEFORE" main
	[ -z "$(git log --merges --format=%h "$BEFORE..main")" ]
	git log --format=%s "$BEFORE..main" | grep -qx "a.c on $BRANCH-lane-a"
}

@test "sk-merge: the mission branch has each lane, in order" {
	merge_keeps=$(git rev-parse "$BRANCH")
	planned --keep-branch
	merge --keep-branch
	[ "$(git log --first-parent --format=%s "$merge_keeps..$BRANCH" | xargs)" = \
		"Merge $BRANCH-lane-b into $BRANCH Merge $BRANCH-lane-a into $BRANCH" ]
	git rev-parse -q --verify "$BRANCH-lane-a"
	[ "$(get '.cleanup | length')" = 0 ]
}

@test "sk-merge: a target that nobody has checked out" {
	git switch -q --detach
	planned
	merge
	lands main
	[ "$(git rev-parse HEAD)" = "$BEFORE" ]
	[ -z "$(git status --porcelain)" ]
	[ ! -e a.c ]
}

@test "sk-merge: a target checked out in another worktree, from a subfolder" {
	git switch -q -c other
	git worktree add -q "$BATS_TEST_TMPDIR/main tree" main
	mkdir sub
	cd sub
	planned
	merge_in=$PWD
	run -0 git sk-merge --json
	cd "$BATS_TEST_TMPDIR/main tree"
	lands HEAD
	[ -z "$(git status --porcelain)" ]
	[ "$(cat a.c)" = lane-a ]
	[ -d "$merge_in" ]
	[ ! -e "$merge_in/../a.c" ]
}

@test "sk-merge: a bare repository" {
	git clone -q --bare . "$BATS_TEST_TMPDIR/bare.git"
	cd "$BATS_TEST_TMPDIR/bare.git"
	run -0 --separate-stderr git sk-merge --json 001-a
	[ "$(get .commit)" = "$(git rev-parse main)" ]
	[ "$(git show main:a.c)" = lane-a ]
}

@test "sk-merge: the coordination branch's worktree goes with its branch" {
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	planned
	merge
	[ "$(get '.cleanup[] | select(.removed | not)')" = '' ]
	[ "$(git worktree list | wc -l)" = 1 ]
	[ "$(git branch --format='%(refname:short)')" = main ]
}

@test "sk-merge: a worktree that follows, and is kept" {
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	planned --keep-worktree
	merge --keep-worktree
	cd .worktrees/001-a-coord
	[ -z "$(git status --porcelain)" ]
	[ "$(cat a.c)" = lane-a ]
	[ "$(get '.cleanup[] | select(.removed | not) | .name, .reason' | xargs)" = \
		"$BRANCH it is checked out" ]
}

@test "sk-merge: what is not committed, or not known to git, keeps a worktree" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git worktree add -q .worktrees/001-a-lane-b "$BRANCH-lane-b"
	echo mine >"$TREE/notes"
	planned
	merge
	[ "$(cat "$TREE/notes")" = mine ]
	[ "$(get '.cleanup[] | select(.removed | not) | .kind' | xargs)" = \
		'worktree branch' ]
	git rev-parse -q --verify "$BRANCH-lane-a"
	[ ! -e .worktrees/001-a-lane-b ]
}

@test "sk-merge: the worktree it is run from stays, and is named" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	cd "$TREE"
	run -0 --separate-stderr git sk-merge 001-a
	[[ $output == *"Kept worktree '$TREE': you are in it."* ]]
	[[ $output == *"Kept branch '$BRANCH-lane-a': it is checked out."* ]]
	[ "$(git status --porcelain)" = '' ]
}

@test "sk-merge: blocked, it answers as the dry run does and changes nothing" {
	echo mine >code.c
	dry
	planned=$output
	before=$(state)
	run -1 --separate-stderr git sk-merge --json
	[ "$output" = "$planned" ]
	[ "$(state)" = "$before" ]
	run -1 --separate-stderr git sk-merge
	[[ $output == "Mission '001-a' cannot be merged into 'main'"* ]]
	[ "$(state)" = "$before" ]
}

@test "sk-merge: what appears behind the plan stops it, and all is put back" {
	local before

	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	# as the refs are prepared somebody saves a file of the target's checkout
	mkdir "$BATS_TEST_TMPDIR/hooks"
	cat >"$BATS_TEST_TMPDIR/hooks/reference-transaction" <<-SH
		#!/bin/sh
		[ "\$1" = prepared ] && grep -q refs/heads/main && echo mine >'$PWD/b.c'
		exit 0
	SH
	chmod +x "$BATS_TEST_TMPDIR/hooks/reference-transaction"
	git config core.hooksPath "$BATS_TEST_TMPDIR/hooks"
	before=$(git for-each-ref && git status --porcelain &&
		git -C .worktrees/001-a-coord status --porcelain)
	run -1 --separate-stderr git sk-merge
	[[ $stderr == *"'b.c' is there already"* ]]
	[ "$(cat b.c)" = mine ]
	rm b.c
	[ "$(git for-each-ref && git status --porcelain &&
		git -C .worktrees/001-a-coord status --porcelain)" = "$before" ]
	[ ! -e .git/sk-merge.json ]
	[ ! -e a.c ]
	[ ! -e .worktrees/001-a-coord/a.c ]
}

@test "sk-merge: what is in the target already is in no reflog once more" {
	local before

	planned
	merge --keep-branch
	before=$(state)
	run -0 --separate-stderr git sk-merge --json --keep-branch
	[ "$(get .commits)" = 0 ]
	[ "$(state)" = "$before" ]
}

@test "sk-merge: a lane that its squash clashes with is in it by its mission" {
	local before folder

	lane_commit lane-a x.c
	git checkout -q "$BRANCH-lane-b"
	git merge -q "$BRANCH-lane-a"
	echo more >>x.c
	git commit -q -am more
	git checkout -q main
	git branch -q -f "$BRANCH" "$BRANCH-lane-b"
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	for folder in .worktrees/*; do
		echo mine >"$folder/mine"
	done
	planned
	merge
	run -1 git merge-tree --write-tree main "$BRANCH-lane-a"
	before=$(state)
	run -0 --separate-stderr git sk-merge --json
	[ "$(get .commits)" = 0 ]
	[ "$(state)" = "$before" ]
}

@test "sk-merge: an order of events that a merge would not leave is no news" {
	local before

	git checkout -q "$BRANCH"
	tac "$LOG" >log
	mv log "$LOG"
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	git commit -q -am events
	git checkout -q main
	planned
	merge --keep-branch
	before=$(state)
	run -0 --separate-stderr git sk-merge --json --keep-branch
	[ "$(get .commits)" = 0 ]
	[ "$(state)" = "$before" ]
}

@test "sk-merge: what is in the target already is, whatever branches stayed" {
	local before kept

	event 001-a WP03 approved canceled
	sed -i /dependencies:/,+1d kitty-specs/001-a/tasks/WP03-x.md
	git commit -q -am canceled
	for kept in "$TREE" .worktrees/001-a-coord; do
		git branch -q -f "$BRANCH" main
		lane_commit lane-a "in-${kept##*-}"
		git worktree add -q "$TREE" "$BRANCH-lane-a"
		git worktree add -q .worktrees/001-a-coord "$BRANCH"
		echo mine >"$kept/mine"
		planned
		merge
		# git would write this down, but it has nothing to look for
		touch -d 2001-01-01 "$kept/code.c"
		before=$(state)
		run -0 --separate-stderr git sk-merge --json
		[ "$(get .commits)" = 0 ]
		[ "$(state)" = "$before" ]
		rm "$kept/mine"
		run -0 --separate-stderr git sk-merge --json
		[ ! -e "$kept" ]
	done
}

@test "sk-merge: a ref that moves meanwhile stops it, and nothing moves" {
	mkdir "$BATS_TEST_TMPDIR/hooks"
	cat >"$BATS_TEST_TMPDIR/hooks/reference-transaction" <<-SH
		#!/bin/sh
		[ "\$1" = prepared ] || exit 0
		! grep -q refs/heads/main || exit 1
	SH
	chmod +x "$BATS_TEST_TMPDIR/hooks/reference-transaction"
	git config core.hooksPath "$BATS_TEST_TMPDIR/hooks"
	before=$(git for-each-ref; git reflog; git status --porcelain; git ls-files -s)
	run -1 --separate-stderr git sk-merge
	[ "$(git for-each-ref; git reflog; git status --porcelain; git ls-files -s)" = "$before" ]
	[[ $stderr == *'ref updates aborted by hook'* ]]
}

@test "sk-merge: post-merge runs where the target is, no other hook of commits" {
	for hook in pre-commit commit-msg pre-merge-commit post-merge post-commit; do
		printf '#!/bin/sh\necho "%s $* in $PWD at $(git rev-parse HEAD)" >>"%s"\n' \
			"$hook" "$BATS_TEST_TMPDIR/ran" >".git/hooks/$hook"
		chmod +x ".git/hooks/$hook"
	done
	planned
	merge
	[ "$(cat "$BATS_TEST_TMPDIR/ran")" = \
		"post-merge 0 in $PWD at $(git rev-parse main)" ]
}

@test "sk-merge --push: pushes the target, and only then cleans up" {
	git clone -q --bare . "$BATS_TEST_TMPDIR/remote.git"
	git remote add origin "$BATS_TEST_TMPDIR/remote.git"
	planned --push
	merge --push
	[ "$(get .pushed)" = origin ]
	[ "$(git -C "$BATS_TEST_TMPDIR/remote.git" rev-parse main)" = \
		"$(git rev-parse main)" ]
	[ "$(git branch --format='%(refname:short)')" = main ]
}

@test "sk-merge --push: nowhere to push to is in the way, before anything moves" {
	dry --push
	[ "$(get .blocker)" = missing_remote ]
}

@test "sk-merge --push: refused, it is merged, says so, and is resumed" {
	git clone -q --bare . "$BATS_TEST_TMPDIR/remote.git"
	git remote add origin "$BATS_TEST_TMPDIR/remote.git"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/remote.git/hooks/pre-receive"
	chmod +x "$BATS_TEST_TMPDIR/remote.git/hooks/pre-receive"
	planned --push
	run -128 --separate-stderr git sk-merge --push
	[[ $stderr == *'merged as '*', but not pushed: '* ]]
	[[ $stderr == *"run 'git sk-merge --resume' to push and clean up"* ]]
	lands main
	git rev-parse -q --verify "$BRANCH-lane-a"
	dry
	[ "$(get .blocker)" = merge_interrupted ]
	[ "$(get .remediation)" = 'git sk-merge --resume 001-a' ]
	rm "$BATS_TEST_TMPDIR/remote.git/hooks/pre-receive"
	run -1 --separate-stderr git sk-merge --resume 002-b
	[[ $stderr == *"it is the merge of mission '001-a' that was interrupted"* ]]
	run -0 --separate-stderr git sk-merge --resume 001 --json
	[ "$(get '.merged, .pushed' | xargs)" = 'true origin' ]
	[ "$(git -C "$BATS_TEST_TMPDIR/remote.git" rev-parse main)" = \
		"$(git rev-parse main)" ]
	[ "$(git branch --format='%(refname:short)')" = main ]
	[ ! -e .git/sk-merge.json ]
}

@test "sk-merge --abort: what has landed stays, the rest is left out" {
	git remote add origin "$BATS_TEST_TMPDIR/gone.git"
	planned --push
	run -128 --separate-stderr git sk-merge --push
	commit=$(git rev-parse main)
	run -0 --separate-stderr git sk-merge --abort
	[[ $output == "Mission '001-a' is in 'main' as ${commit:0:12} and stays"* ]]
	[ "$(git rev-parse main)" = "$commit" ]
	git rev-parse -q --verify "$BRANCH-lane-a"
	[ ! -e .git/sk-merge.json ]
	run -1 --separate-stderr git sk-merge --abort
	[ "$stderr" = 'git sk-merge: error: no merge was interrupted here' ]
}

@test "sk-merge: another merge is waited for, spec-kitty's is named" {
	local lock=.kittify/runtime/merge/__global_merge__/lock

	mkdir -p .kittify
	planned
	mkdir -p "${lock%/*}"
	echo 2026-01-01T00:00:00+00:00 >"$lock"
	dry
	[ "$(get .blocker)" = merge_under_way ]
	[[ $(get '.blockers[0].message') == *'spec-kitty since 2026-01-01T'* ]]
	remedy 0
	[ ! -e "$lock" ]
	echo 2026-01-01T00:00:00+00:00 >"$lock"
	run -1 --separate-stderr git sk-merge
	[ "$(cat "$lock")" = 2026-01-01T00:00:00+00:00 ]
	echo "2026-01-01T00:00:00+00:00 git-sk 999999999 1" >"$lock"
	merge
	[ ! -e .kittify/runtime ]
	[ -d .kittify ]
}

@test "sk-merge: run again it says that all of it is there, and changes nothing" {
	planned
	merge
	commit=$(git rev-parse main)
	before=$(state)
	ready
	[ "$(get '.commits, (.files | length)' | xargs)" = '0 0' ]
	run -0 --separate-stderr git sk-merge
	[[ $output == "Mission '001-a' is in 'main' already, at ${commit:0:12}."* ]]
	[ "$(git rev-parse main)" = "$commit" ]
	[ -z "$(git status --porcelain)" ]
}

@test "sk-merge: who is done is captured by the hook" {
	git sk-setup >/dev/null
	planned
	merge
	[ "$(queued)" = 'WP01 WP02 WP03 WP04' ]
}

@test "sk-merge: who is done is captured where no hook runs" {
	git switch -q --detach
	git sk-setup >/dev/null
	planned
	merge
	[ "$(queued)" = 'WP01 WP02 WP03 WP04' ]
	[ "$(query "SELECT DISTINCT json_extract(data, '$.payload.to_lane')
		FROM queue WHERE event_type = 'WPStatusChanged'")" = done ]
}

@test "sk-merge: switched off it merges, and captures nothing" {
	git sk-setup >/dev/null
	planned
	export GIT_SK=0
	merge
	unset GIT_SK
	[ "$(queued)" = '' ]
	git sk-sync now >/dev/null 2>&1 || :
	[ "$(queued)" = 'WP01 WP02 WP03 WP04' ]
}
