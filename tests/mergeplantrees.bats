#!/usr/bin/env bats
# The plan of a merge (lib/merge/plan.h) and the files around it: worktrees that
# stand elsewhere or twice, marked files, submodules.

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

# rests: what is to be cleaned up.
rests() {
	get '[.cleanup[].name] | join(" ")'
}

@test "mergeplantrees: a lane's worktree elsewhere, and one that left its branch" {
	local commit

	git worktree add -q ../elsewhere "$BRANCH-lane-b"
	echo mine >../elsewhere/b.c
	blocked dirty_worktree
	git -C ../elsewhere checkout -q .
	git worktree add -q --detach "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" commit -q --allow-empty -m 'on no branch'
	echo mine >"$TREE/a.c"
	blocked dirty_worktree
	git -C "$TREE" checkout -q .
	ready
	[[ " $(rests) " != *" $TREE "* ]]
	[[ " $(rests) " = *"/elsewhere "* ]]
}

@test "mergeplantrees: commits that a detached worktree of a lane alone has" {
	git worktree add -q --detach "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" commit -q --allow-empty -m 'on no branch'
	ready
	[ "$(get '.warnings[].code' | xargs)" = unmerged_worktree ]
	[[ $(get '.warnings[].message') = *"$TREE"*"1 commit"* ]]
	git branch -q kept "$(git -C "$TREE" rev-parse HEAD)"
	ready
	[ "$(get '.warnings[].code' | xargs)" = unmerged_worktree ]
	git -C "$TREE" checkout -q --detach "$BRANCH-lane-a"
	ready
	[ "$(get '.warnings | length')" = 0 ]
}

@test "mergeplantrees: a branch that moves is checked out in one worktree alone" {
	git worktree add -q --force ../again main
	blocked checked_out_twice
	[ "$(get '.blockers[0].subject')" = main ]
	remedy 0
	ready
	git worktree add -q ../one "$BRANCH"
	git worktree add -q --force ../two "$BRANCH"
	git worktree add -q ../lane "$BRANCH-lane-a"
	git worktree add -q --force ../lane2 "$BRANCH-lane-a"
	blocked checked_out_twice
	[ "$(get '.blockers[0].subject')" = "$BRANCH" ]
	remedy 0
	ready
}

@test "mergeplantrees: a target checked out where nobody can see it" {
	git checkout -q -b other
	git worktree add -q ../usb main
	git worktree lock ../usb
	mv ../usb ../gone
	blocked missing_worktree
	[[ $(get '.blockers[0].message') = *'/usb'* ]]
	mv ../gone ../usb
	ready
	mv ../usb ../gone
	blocked missing_worktree
	remedy 0
	ready
}

@test "mergeplantrees: a worktree that was removed by hand is no obstacle" {
	git checkout -q -b other
	git worktree add -q ../gone main
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	rm -rf ../gone "$TREE"
	ready
	[ "$(rests)" = "$BRANCH-lane-a $BRANCH-lane-b $BRANCH" ]
}

@test "mergeplantrees: the mission branch in the main checkout stays there" {
	git checkout -q "$BRANCH"
	ready
	[ "$(rests)" = "$BRANCH-lane-a $BRANCH-lane-b" ]
	echo mine >b.c
	blocked untracked_file
	rm b.c
	git checkout -q "$BRANCH-lane-b"
	ready
	[ "$(rests)" = "$BRANCH-lane-a $BRANCH" ]
}

@test "mergeplantrees: what its worktree has untracked keeps it" {
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	echo mine >.worktrees/001-a-coord/notes
	ready
	[ "$(get '.cleanup[] | select(.kind == "worktree").has_untracked')" = \
		true ]
}

@test "mergeplantrees: files that git was told not to look at" {
	lane_commit lane-a code.c changed
	git update-index --assume-unchanged code.c
	echo mine >code.c
	blocked hidden_change
	remedy 0
	blocked dirty_worktree
	git checkout -q code.c
	git update-index --skip-worktree code.c
	echo mine >code.c
	blocked hidden_change
	remedy 0
	blocked dirty_worktree
	git checkout -q code.c
	echo more >more.c
	git add more.c
	git commit -q -m more
	git update-index --assume-unchanged more.c
	echo mine >more.c
	ready
}

# with_submodule: one at sub, in main.
with_submodule() {
	git init -q ../inner
	git -C ../inner commit -q --allow-empty -m inner
	git -c protocol.file.allow=always submodule --quiet add ../inner sub
	git commit -q -m sub
	git branch -q -f "$BRANCH" main
}

@test "mergeplantrees: submodules that are dirty, or elsewhere" {
	with_submodule
	ready
	echo mine >sub/file
	ready
	git -C sub add file
	ready
	git -C sub commit -q -m file
	ready
	git add sub
	blocked dirty_worktree
	remedy 0
	ready
	git branch -q -f "$BRANCH-lane-a" main
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" -c protocol.file.allow=always submodule --quiet \
		update --init
	echo mine >"$TREE/sub/file"
	git -C "$TREE/sub" add file
	blocked dirty_worktree
	remedy 0
	ready
	[ "$(git ls-tree "$(get .merge_tree)" sub)" != "$(git ls-tree main sub)" ]
}

@test "mergeplantrees: submodules that both sides changed" {
	with_submodule
	local one two base

	base=$(git -C sub rev-parse HEAD)
	one=$(git -C sub commit-tree -p "$base" -m one 'HEAD^{tree}')
	two=$(git -C sub commit-tree -p "$base" -m two 'HEAD^{tree}')
	for name in lane-a lane-b; do
		git worktree add -q ../scratch "$BRANCH-$name"
		git -C ../scratch merge -q main
		git -C ../scratch update-index --cacheinfo \
			"160000,$([ $name = lane-a ] && echo "$one" || echo "$two"),sub"
		git -C ../scratch commit -q -m sub
		git worktree remove -f ../scratch
	done
	blocked merge_conflict
	[ "$(get '.blockers[0].subject')" = sub ]
	driver
	blocked merge_conflict
	git update-ref "refs/heads/$BRANCH-lane-b" "$BRANCH-lane-b~1"
	ready
	[ "$(git rev-parse "$(get .merge_tree):sub")" = "$one" ]
	[ "$(git -C sub rev-parse HEAD)" = "$base" ]
}
