#!/usr/bin/env bats
# The plan of the merge of a mission (lib/merge/plan.h), as 'git sk-merge
# --dry-run' tells it.

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

@test "mergeplan: a mission that can be merged is ready" {
	ready
	[ "$(get '.mission, .target_branch, .strategy, .schema_version' |
		xargs)" = '001-a main squash 1' ]
	[ "$(get '[.lanes[] | .lane_id + "=" + .state] | join(" ")')" = \
		'lane-a=merged lane-b=merged lane-planning=planning' ]
	[ "$(get .commits)" = 1 ]
	brings a.c b.c
	git checkout -q -b want
	git merge -q "$BRANCH-lane-a" "$BRANCH-lane-b"
	[ "$(get .merge_tree)" = "$(git rev-parse 'want^{tree}')" ]
	[ "$(get '[.cleanup[].name] | join(" ")')" = \
		"$BRANCH-lane-a $BRANCH-lane-b $BRANCH" ]
}

@test "mergeplan: a person reads the same" {
	run -0 --separate-stderr "$PLAN" --dry-run 001-a
	[ "${lines[0]}" = "Mission '001-a' can be merged into 'main' (squash)." ]
	[[ $output = *'lane-a: WP01, WP02 (merged)'* ]]
	[ -z "$stderr" ]
	git branch -q -D "$BRANCH"
	run -1 --separate-stderr "$PLAN" --dry-run
	[[ $output = *"cannot be merged into 'main'"* ]]
	[[ $output = *"    git branch $BRANCH $(git rev-parse main)"* ]]
}

@test "mergeplan: a missing mission branch begins at the target's tip" {
	git branch -q -D "$BRANCH"
	git checkout -q -b elsewhere
	git commit -q --allow-empty -m more
	blocked missing_mission_branch
	[ "$(get .expected_branch)" = "$BRANCH" ]
	[ "$(get .remediation)" = "git branch $BRANCH $(git rev-parse main)" ]
	brings a.c b.c
	remedy 0
	ready
}

@test "mergeplan: a mission branch that a remote has begins there" {
	commit_on "$BRANCH" done.c
	git update-ref "refs/remotes/origin/$BRANCH" "$BRANCH"
	git branch -q -D "$BRANCH"
	blocked missing_mission_branch
	remedy 0
	ready
	brings a.c b.c done.c
}

@test "mergeplan: no option, or a wrong one, is no plan" {
	run -129 --separate-stderr "$PLAN" --dry-run --strategy theirs
	run -129 --separate-stderr "$PLAN" --resume --abort
	run -129 --separate-stderr "$PLAN" --resume --dry-run
	run -129 --separate-stderr "$PLAN" --abort --into main
	run -129 --separate-stderr "$PLAN" --dry-run --frob
	run -1 --separate-stderr "$PLAN" --dry-run --json 002-b
	[ "$(get '.blocker, .mission' | xargs)" = 'unresolved_mission null' ]
	cd "$BATS_TEST_TMPDIR/work"
	run -128 --separate-stderr "$PLAN" --dry-run --json
}

@test "mergeplan: uncommitted changes are in the way, and stay" {
	echo mine >code.c
	blocked dirty_worktree
	[ "$(cat code.c)" = mine ]
	git add code.c
	blocked dirty_worktree
	remedy 0
	ready
}

@test "mergeplan: a dirty worktree of a lane is in the way" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	echo mine >"$TREE/a.c"
	echo new >"$TREE/new.c"
	blocked dirty_worktree
	[ "$(get '.blockers[0].subject')" = "$TREE" ]
	remedy 0
	ready
	[ "$(get '.cleanup[0] | .kind, .has_untracked' | xargs)" = \
		'worktree true' ]
}

@test "mergeplan: a file that git does not know is where the merge writes" {
	echo mine >other.c
	ready
	echo mine >a.c
	blocked untracked_file
	[ "$(get '.blockers[0].subject')" = a.c ]
	remedy 0
	ready
	[ "$(cat a.c.orig)" = mine ]
	echo /a.c >.git/info/exclude
	echo mine >a.c
	blocked untracked_file
	rm a.c
	mkdir a.c
	ready
	echo mine >a.c/file
	blocked untracked_file
}

@test "mergeplan: a merge that is under way is in the way" {
	git checkout -q -b side
	commit_on side s.c
	git reset -q --hard
	git checkout -q main
	git merge -q --no-ff --no-commit side
	blocked dirty_worktree under_way
	remedy 1
	ready
}

@test "mergeplan: a target that is missing" {
	git config core.logAllRefUpdates false
	dry --into nowhere
	[ "$(get '.blockers[].code' | xargs)" = missing_target_branch ]
	[ "$(get .merge_tree)" = null ]
	git update-ref refs/remotes/origin/there main
	dry --into there
	remedy 0
	ready --into there
	dry --into "$BRANCH-lane-a"
	[ "$(get .blocker)" = wrong_target_branch ]
	[ "$(get .remediation)" = 'git sk-merge --into main 001-a' ]
	ready --into refs/heads/main
}

@test "mergeplan: a target behind its upstream is in the way, ahead is not" {
	git update-ref refs/remotes/origin/main main
	ready
	git commit -q --allow-empty -m ahead
	ready
	git update-ref refs/remotes/origin/main main
	git reset -q --hard HEAD~
	blocked target_behind
	git commit -q --allow-empty -m mine
	blocked target_diverged
	remedy 0
	ready
	git reset -q --hard HEAD^1~
	git checkout -q -b other
	blocked target_behind
	remedy 0
	ready
}

@test "mergeplan: --fetch asks the remote, and moves no ref" {
	git clone -q . ../remote
	git remote add origin ../remote
	git fetch -q
	git branch -q -u origin/main
	git -C ../remote commit -q --allow-empty -m more
	ready
	dry --fetch
	[ "$(get .blocker)" = target_behind ]
	remedy 0
	ready --fetch
	rm -rf ../remote
	dry --fetch
	[ "$(get .blocker)" = fetch_failed ]
}

@test "mergeplan: a lane without a branch whose commits are nowhere" {
	git branch -q -D "$BRANCH-lane-b"
	blocked missing_lane_branch
	[ "$(get '.blockers[0].subject, .merge_tree' | xargs)" = 'lane-b null' ]
	[ "$(get '.lanes[1].state')" = missing ]
}

@test "mergeplan: a lane without a branch that the mission branch has" {
	git checkout -q "$BRANCH"
	git merge -q --no-ff -m "Merge $BRANCH-lane-b into $BRANCH" \
		"$BRANCH-lane-b"
	git checkout -q main
	git branch -q -D "$BRANCH-lane-b"
	ready
	[ "$(get '.lanes[1].state')" = included ]
	brings a.c b.c
}

@test "mergeplan: a lane that a remote alone has is fetched into a branch" {
	git update-ref "refs/remotes/origin/$BRANCH-lane-b" "$BRANCH-lane-b"
	git branch -q -D "$BRANCH-lane-b"
	blocked missing_lane_branch
	remedy 0
	ready
}

@test "mergeplan: work packages that are not approved are in the way" {
	event 001-a WP01 approved for_review
	event 001-a WP03 approved in_progress
	git commit -q -am moved
	blocked unapproved_work_package unapproved_work_package \
		unmet_dependency
	[ "$(get '[.blockers[].subject] | join(" ")')" = 'WP01 WP03 WP03' ]
	event 001-a WP01 for_review done
	event 001-a WP03 in_progress canceled
	git commit -q -am moved
	ready
}

@test "mergeplan: an approval that the mission branch alone has counts" {
	event 001-a WP01 approved in_progress
	git commit -q -am back
	git branch -f "$BRANCH" main
	blocked unapproved_work_package unmet_dependency
	git checkout -q "$BRANCH"
	event 001-a WP01 in_progress approved
	git commit -q -am approved
	git checkout -q main
	ready
	[[ $(get '.files[]' | xargs) = *status.events.jsonl* ]]
}

@test "mergeplan: a rejected review is in the way unless overridden" {
	mkdir kitty-specs/001-a/tasks/WP01-x
	printf -- '---\nverdict: rejected\n---\n' \
		>kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md
	git add -A
	git commit -q -m review
	blocked rejected_review
	sed -i '2i review_artifact_override_actor: me' \
		kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md
	git commit -q -am override
	ready
}

@test "mergeplan: a sparse checkout is in the way" {
	git sparse-checkout init -q --cone 2>/dev/null ||
		git sparse-checkout init --cone
	blocked sparse_checkout
	remedy 0
	ready
}

@test "mergeplan: a mission without lanes.json, or with a broken one" {
	git rm -q kitty-specs/001-a/lanes.json
	git commit -q -m gone
	git branch -f "$BRANCH" main
	git branch -q -D "$BRANCH-lane-a" "$BRANCH-lane-b"
	blocked missing_lanes
	echo '{' >kitty-specs/001-a/lanes.json
	git add -A
	git commit -q -m broken
	blocked unreadable_lanes
}

@test "mergeplan: conflicts are named file by file, with lane and packages" {
	lane_commit lane-a code.c one
	lane_commit lane-b code.c two
	lane_commit lane-b a.c three
	blocked merge_conflict merge_conflict
	[ "$(get '[.blockers[].subject] | join(" ")')" = 'a.c code.c' ]
	[[ $(get '.blockers[1].message') = \
		"'code.c' conflicts (contents): lane-b (WP03) against lane-a (WP01, WP02)" ]]
	[ "$(get '.merge_tree, .lanes[1].state' | xargs)" = 'null conflict' ]
	commit_on main a.c four
	git reset -q --hard
	blocked merge_conflict merge_conflict merge_conflict
	[[ $(get '.blockers[2].message') = *"lane-a (WP01, WP02) against 'main'" ]]
}

@test "mergeplan: a file in the place of a folder is named as it is called" {
	lane_commit lane-a thing/inner
	lane_commit lane-b thing
	blocked merge_conflict
	[ "$(get '.blockers[0].subject')" = thing ]
	[ "$(get '.blockers[0].message')" = \
		"'thing' conflicts (file/directory): lane-b (WP03) against lane-a (WP01, WP02)" ]
	run -1 remedy 0
	git mv -f thing/inner mine
	rm -rf thing*
	git show "$BRANCH-lane-b:thing" >thing
	git add -A
	git commit -q --no-edit
	git checkout -q main
	ready
}

@test "mergeplan: each conflict is mended by its remedy and an edit" {
	lane_commit lane-a code.c one
	commit_on main code.c two
	git reset -q --hard
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	blocked merge_conflict
	run -1 remedy 0
	echo both >"$TREE/code.c"
	git -C "$TREE" commit -q -a --no-edit
	ready
}

@test "mergeplan: a missing mission branch hides nothing, in order" {
	git branch -q -D "$BRANCH"
	git update-ref refs/remotes/origin/main \
		"$(git commit-tree -p main -m more "main^{tree}")"
	event 001-a WP04 approved for_review
	mkdir kitty-specs/001-a/tasks/WP01-x
	printf -- '---\nverdict: rejected\n---\n' \
		>kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md
	git add -A
	git commit -q -m plan
	lane_commit lane-a code.c one
	lane_commit lane-b code.c two
	jq '.lanes += [.lanes[1] + {lane_id: "lane-c", wp_ids: ["WP05"]}]' \
		kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	event 001-a WP05 planned approved
	git commit -q -am five
	git sparse-checkout init --cone
	echo mine >>code.c
	echo mine >a.c
	blocked dirty_worktree untracked_file target_diverged \
		missing_mission_branch missing_lane_branch \
		unapproved_work_package rejected_review sparse_checkout \
		merge_conflict
}

@test "mergeplan: a missing mission branch beside each other blocker" {
	git branch -q -D "$BRANCH"
	echo mine >code.c
	blocked dirty_worktree missing_mission_branch
	git checkout -q code.c
	echo mine >a.c
	blocked untracked_file missing_mission_branch
	rm a.c
	git update-ref refs/remotes/origin/main \
		"$(git commit-tree -p main -m more "main^{tree}")"
	blocked target_behind missing_mission_branch
	git update-ref -d refs/remotes/origin/main
	dry --into nowhere
	[ "$(get '.blockers[].code' | xargs)" = \
		'missing_target_branch missing_mission_branch' ]
	git branch -q -m "$BRANCH-lane-b" kept
	blocked missing_mission_branch missing_lane_branch
	git branch -q -m kept "$BRANCH-lane-b"
	event 001-a WP04 approved for_review
	git commit -q -am back
	blocked missing_mission_branch unapproved_work_package
	git reset -q --hard HEAD~
	git sparse-checkout init --cone
	blocked missing_mission_branch sparse_checkout
	git sparse-checkout disable
	lane_commit lane-b a.c
	blocked missing_mission_branch merge_conflict
	[ "$(get .expected_branch)" = "$BRANCH" ]
}

@test "mergeplan: a dependency that was canceled, or is none, is not met" {
	sed -i 's/- WP01/- WP09/' kitty-specs/001-a/tasks/WP03-x.md
	git commit -q -am nine
	blocked unmet_dependency
	git revert --no-edit HEAD >/dev/null
	event 001-a WP01 approved canceled
	git commit -q -am canceled
	blocked unmet_dependency
}

@test "mergeplan: a mission that is not known hides no changes" {
	echo mine >code.c
	dry 002-b
	[ "$(get '.blockers[].code' | xargs)" = \
		'unresolved_mission dirty_worktree' ]
	dry 002-b --into nowhere
	[ "$(get '.blockers[].code' | xargs)" = \
		'unresolved_mission dirty_worktree missing_target_branch' ]
}

@test "mergeplan: a conflict with a lane that was merged before names it" {
	git checkout -q "$BRANCH"
	git merge -q --no-ff -m "Merge $BRANCH-lane-a into $BRANCH" \
		"$BRANCH-lane-a"
	git checkout -q main
	lane_commit lane-b a.c
	blocked merge_conflict
	[[ $(get '.blockers[0].message') = *'against lane-a (WP01, WP02)' ]]
}

@test "mergeplan: an owner of another program is in the way, last of all" {
	mkdir -p "$GIT_SK_HOME/sync/daemon"
	echo '{"pid": "torn' >"$GIT_SK_HOME/sync/daemon/owner.json"
	chmod -R go= "$GIT_SK_HOME"
	ready
	git sk-setup >/dev/null
	blocked owner_record
	[ "$(get .remediation)" = 'git sk-doctor orphan-daemons' ]
	git branch -q -D "$BRANCH"
	blocked missing_mission_branch owner_record
	remedy 0
	SPEC_KITTY_ENABLE_SAAS_SYNC=0 ready
	git config sk.preflight.owner warn
	ready
	[ "$(get '.warnings[].code')" = owner_record ]
	git config sk.preflight.owner off
	ready
	[ "$(get '.warnings | length')" = 0 ]
	git config sk.preflight.owner perhaps
	blocked owner_record
	[[ $(get '.warnings[].message') = *"sk.preflight.owner is 'perhaps'"* ]]
}
