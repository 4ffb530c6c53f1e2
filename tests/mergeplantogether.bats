#!/usr/bin/env bats
# A mission branch that is missing, together with each other blocker there is:
# the plan of a merge (lib/merge/plan.h) tells both, in its order.

load helper
load logmerge
load mergetree
load implement
load mergeplan

setup() {
	plan_setup
	git config core.logAllRefUpdates false
}

teardown() {
	sk_teardown
}

# missing <code>...: in front of the missing mission branch, or behind a '-';
# OPTIONS are those of the plan.
missing() {
	git update-ref -d "refs/heads/$BRANCH"
	dry "${OPTIONS[@]}"
	pastable
	[ "$(get '.blockers[].code' | xargs)" = \
		"$(xargs <<<"${*/#-/missing_mission_branch}")" ]
	[ "$(get .expected_branch)" = "$BRANCH" ]
	[ "$(get .blocker)" = "$(get '.blockers[0].code')" ]
	[ "$(get .merge_tree)" != '' ]
}

# changed_meanwhile: the log, by a lane and by main.
changed_meanwhile() {
	git checkout -q "$BRANCH-lane-a"
	event 001-a WP01 approved approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
}

@test "mergeplantogether: the mission cannot be read" {
	git checkout -q "$BRANCH-lane-a"
	echo '{' >kitty-specs/001-a/meta.json
	git commit -q -am broken
	git checkout -q main
	echo '{' >kitty-specs/001-a/meta.json
	git commit -q -am broken
	missing unreadable_mission -
}

@test "mergeplantogether: it has no lanes, or none that can be read" {
	git rm -q kitty-specs/001-a/lanes.json
	git commit -q -m gone
	git branch -q -D "$BRANCH-lane-a" "$BRANCH-lane-b"
	missing missing_lanes -
	echo '{' >kitty-specs/001-a/lanes.json
	git add -A
	git commit -q -m broken
	missing unreadable_lanes -
}

@test "mergeplantogether: another merge runs, or was interrupted" {
	git remote add origin "$BATS_TEST_TMPDIR/gone.git"
	git branch -q before
	run -128 --separate-stderr git sk-merge --push
	git reset -q --hard before
	git branch -q -D before
	git show-ref -q --verify "refs/heads/$BRANCH-lane-a"
	missing merge_interrupted -
	rm .git/sk-merge.json
	echo .kittify >.git/info/exclude
	mkdir -p .kittify/runtime/merge/__global_merge__
	echo 2026-05-01T10:00:00+00:00 \
		>.kittify/runtime/merge/__global_merge__/lock
	missing merge_under_way -
}

@test "mergeplantogether: worktrees are dirty, or in the middle of something" {
	echo mine >code.c
	missing dirty_worktree -
	git checkout -q code.c
	git branch -q side "$(git commit-tree -p main -m side 'main^{tree}')"
	git merge -q --no-ff --no-commit side
	missing under_way -
	git merge --abort
	git worktree add -q -f ../again main
	missing checked_out_twice -
	git worktree lock ../again
	mv ../again ../away
	missing missing_worktree -
	git worktree unlock ../again
	git worktree prune
	git sparse-checkout init --cone
	missing - sparse_checkout
}

@test "mergeplantogether: files are where the merge would write" {
	echo mine >a.c
	missing untracked_file -
	rm a.c
	lane_commit lane-a code.c
	git update-index --assume-unchanged code.c
	missing hidden_change -
}

@test "mergeplantogether: the target is not there, wrong, or not up to date" {
	OPTIONS=(--into nowhere)
	missing missing_target_branch -
	OPTIONS=(--into "$BRANCH-lane-a")
	missing wrong_target_branch -
	OPTIONS=(--into "$BRANCH")
	dry "${OPTIONS[@]}"
	[ "$(get '.blockers[].code' | xargs)" = \
		'missing_target_branch missing_mission_branch' ]
	OPTIONS=(--push)
	missing missing_remote -
	git remote add origin ../nowhere
	git update-ref refs/remotes/origin/main main
	OPTIONS=(--fetch)
	missing fetch_failed -
	OPTIONS=()
	git update-ref refs/remotes/origin/main \
		"$(git commit-tree -p main -m more 'main^{tree}')"
	missing target_behind -
	git commit -q --allow-empty -m mine
	missing target_diverged -
}

@test "mergeplantogether: a lane has no branch" {
	git branch -q -D "$BRANCH-lane-b"
	missing - missing_lane_branch
}

@test "mergeplantogether: work packages are not ready" {
	event 001-a WP04 approved for_review
	git commit -q -am back
	missing - unapproved_work_package
	event 001-a WP04 for_review approved
	sed -i 's/- WP01/- WP09/' kitty-specs/001-a/tasks/WP03-x.md
	git commit -q -am nine
	missing - unmet_dependency
	git reset -q --hard HEAD~2
	mkdir kitty-specs/001-a/tasks/WP01-x
	printf -- '---\nverdict: rejected\n---\n' \
		>kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md
	git add -A
	git commit -q -m review
	missing - rejected_review
}

@test "mergeplantogether: the merge conflicts, or cannot be made" {
	lane_commit lane-b a.c
	missing - merge_conflict
	git branch -q -D "$BRANCH-lane-b"
	git checkout -q --orphan other
	git commit -q -m other
	git branch -q "$BRANCH-lane-b" other
	git checkout -q main
	git branch -q -D other
	missing - merge_failed
}

@test "mergeplantogether: the target has taken back a lane" {
	git merge -q --no-ff -m lane "$BRANCH-lane-a"
	git revert -m 1 --no-edit HEAD >/dev/null
	missing - reverted_merge
}

@test "mergeplantogether: replayed, it is another" {
	git branch -q -D "$BRANCH-lane-b"
	lane_commit lane-b b.c
	git checkout -q "$BRANCH-lane-a"
	git merge -q --no-ff --no-commit "$BRANCH-lane-b"
	echo settled >settled.c
	git add settled.c
	git commit -q -m merged
	git checkout -q main
	OPTIONS=(--strategy rebase)
	missing - rebase_differs
}

@test "mergeplantogether: that it is done cannot be written down" {
	mkdir kitty-specs/old
	echo '{"mission_number": 9223372036854775807}' >kitty-specs/old/meta.json
	git add kitty-specs
	git commit -q -m last
	OPTIONS=(001-a)
	missing - unrecordable_mission
}

@test "mergeplantogether: a driver loses events, or breaks the log" {
	changed_meanwhile
	echo "$LOG merge=bad" >.git/info/attributes
	git config merge.bad.driver true
	missing - lost_events
	git config merge.bad.driver 'cat %B >>%A; echo "<<<<" >>%A'
	missing - unreadable_event_log
}

@test "mergeplantogether: no blocker of a merge is left out here" {
	local name code count=0

	while read -r name; do
		code=$(awk -v name="$name" '$2 == name { print $3 }' \
			"$TOP/lib/guard/blocker.h" | tr -d '"')
		echo "$name $code"
		count=$((count + 1))
		case $code in
		unresolved_mission | missing_mission_branch) ;;
		owner_* | legacy_rows) ;; # mergeplan.bats: last of all
		*) grep -q "^	missing.* $code\\b" "$BATS_TEST_FILENAME" ;;
		esac
	done < <(sed -n '/order\[\]/,/};/p' "$TOP/lib/merge/plan.c" |
		grep -o 'SK_BLOCKER_[A-Z_]*')
	[ "$count" -gt 25 ]
}
