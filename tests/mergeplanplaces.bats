#!/usr/bin/env bats
# The plan of a merge (lib/merge/plan.h) in all kinds of repositories and places,
# and with all kinds of names.

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

@test "mergeplanplaces: names that a shell minds are quoted, and only they" {
	local name

	for name in 'a'\''b' 'a"b' '$(touch${IFS}hacked)' 'a;b' 'a&b' '`id`' \
		-dash; do
		jq --arg name "$name" '.mission_branch = $name' \
			kitty-specs/001-a/lanes.json >lanes.json
		mv lanes.json kitty-specs/001-a/lanes.json
		git commit -q -am "named $name"
		blocked missing_mission_branch
		[ "$(get .expected_branch)" = "$name" ]
		remedy 0
		[ ! -e hacked ]
		[ "$(git rev-parse "refs/heads/$name")" = \
			"$(git rev-parse main)" ]
		ready
	done
	jq '.mission_branch = "a b"' kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am spaced
	blocked unreadable_lanes
	jq '.mission_branch = "plain/n"' kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am plain
	blocked missing_mission_branch
	[ "$(get .remediation)" = "git branch plain/n $(git rev-parse main)" ]
}

@test "mergeplanplaces: targets and folders of such names are merged into" {
	local name folder

	for name in 'x'\''y' '$(touch${IFS}hacked)' -dash; do
		git update-ref "refs/heads/$name" \
			"$(git rev-parse main)"
		ready --into "$name"
		git update-ref "refs/remotes/origin/$name" \
			"$(git commit-tree -p main -m more "main^{tree}")"
		dry --into "$name"
		[ "$(get .blocker)" = target_behind ]
		remedy 0
		ready --into "$name"
	done
	folder="$BATS_TEST_TMPDIR/a b'c\$(touch hacked)"
	git worktree add -q "$folder" "$BRANCH-lane-a"
	echo mine >"$folder/a.c"
	blocked dirty_worktree
	remedy 0
	ready
	[ ! -e hacked ]
}

@test "mergeplanplaces: a coordination branch is merged as any other" {
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	cd .worktrees/001-a-coord
	event 001-a WP01 approved done
	git commit -q -am done
	git -C ../.. rm -q --cached -r kitty-specs/001-a/tasks/.gitkeep \
		2>/dev/null || :
	cd ../..
	ready
	[ "$(get '[.cleanup[] | select(.kind == "worktree")] |
		length, .[0].has_untracked' | xargs)" = '1 false' ]
	echo mine >.worktrees/001-a-coord/note
	ready
	[ "$(get '.cleanup[0] | .kind, .has_untracked' | xargs)" = \
		'worktree true' ]
	echo mine >>".worktrees/001-a-coord/$LOG"
	blocked dirty_worktree
	git -C .worktrees/001-a-coord checkout -q .
	echo mine >.worktrees/001-a-coord/b.c
	blocked untracked_file
	remedy 0
	ready
}

@test "mergeplanplaces: asked from a linked worktree, a hook or an alias" {
	local made

	ready
	made=$(get .merge_tree)
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git config alias.plan "!$PLAN --dry-run --json"
	run -0 --separate-stderr git plan
	[ "$(get .merge_tree)" = "$made" ]
	GIT_SK=0 run -0 --separate-stderr git plan
	cd "$TREE"
	run -0 --separate-stderr "$PLAN" --dry-run --json
	[ "$(get .merge_tree)" = "$made" ]
	GIT_DIR=$(git rev-parse --absolute-git-dir) GIT_INDEX_FILE=/nowhere \
		GIT_WORK_TREE=$PWD run -0 --separate-stderr "$PLAN" --dry-run --json
	[ "$(get .merge_tree)" = "$made" ]
}

@test "mergeplanplaces: a bare repository has a plan, too" {
	local made

	ready
	made=$(get .merge_tree)
	git clone -q --bare . ../bare.git
	cd ../bare.git
	run -0 --separate-stderr "$PLAN" --dry-run --json
	[ "$(get .merge_tree)" = "$made" ]
}

@test "mergeplanplaces: who has no name yet cannot make its commits" {
	git config --global --unset user.name
	git config --global --unset user.email
	git config user.useConfigOnly true
	blocked merge_failed merge_failed
	remedy 0
	ready
}

@test "mergeplanplaces: histories that have nothing in common" {
	git checkout -q --orphan other
	git commit -q -m other
	git branch -f "$BRANCH-lane-b" other
	git checkout -q main
	git branch -q -D other
	blocked merge_failed
	[ "$(get '.lanes[1].state, .blockers[0].subject' | xargs)" = \
		'conflict lane-b' ]
	remedy 0
	ready
}

@test "mergeplanplaces: a full disk for the answer is a failure" {
	run -128 --separate-stderr sh -c '"$1" --dry-run >/dev/full' sh "$PLAN"
}

@test "mergeplanplaces: a repository of sha256 ids has a plan" {
	mkdir ../sha256
	cd ../sha256
	git init -q --object-format=sha256 .
	unset SK_EVENTS
	approved
	ready
	[ "${#output}" -gt 0 ]
	[[ $(get .merge_tree) =~ ^[0-9a-f]{64}$ ]]
	ready --strategy rebase
	git branch -q -D "$BRANCH"
	blocked missing_mission_branch
	remedy 0
	ready
}

@test "mergeplanplaces: a shallow clone that lacks what is merged says how to get it" {
	git commit -q --allow-empty -m more
	git clone -q --no-single-branch --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	blocked merge_failed merge_failed merge_failed
	[ "$(get .remediation)" = 'git fetch --unshallow' ]
	remedy 0
	ready
}

@test "mergeplanplaces: a partial clone fetches what it merges" {
	local made

	ready
	made=$(get .merge_tree)
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --filter=blob:none "file://$PWD" ../partial
	cd ../partial
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	git cat-file -p "main:$LOG" >/dev/null
	run -0 --separate-stderr "$PLAN" --dry-run --json
	[ "$(get .merge_tree)" = "$made" ]
}

@test "mergeplanplaces: what looks changed and is not is left as it looks" {
	touch -d '2001-01-01' code.c
	ready
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	touch -d '2001-01-01' "$TREE/code.c"
	ready
}
