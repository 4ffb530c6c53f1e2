#!/usr/bin/env bats
# What 'git sk-merge' must not say, or refuse, or undo: each was done to somebody
# once. What must not be lost is in mergenever.bats.

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

# lanes_json <filter>: change the file, and commit that on main.
lanes_json() {
	jq "$1" kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am "$1"
}

# with_remote: a bare one, up to date, whose hook refuses while there is ../no.
with_remote() {
	git init -q --bare ../remote.git
	printf '#!/bin/sh\n[ ! -e "%s" ]\n' "$BATS_TEST_TMPDIR/work/no" \
		>../remote.git/hooks/pre-receive
	chmod +x ../remote.git/hooks/pre-receive
	git remote add origin "$PWD/../remote.git"
	git push -q -u origin main
}

@test "git sk-merge: does not revert what the target has changed since" {
	local tip

	echo keep >keep.c
	echo old >gone.c
	seq 20 >long.c
	git add .
	git commit -q -m more
	git branch -f "$BRANCH" main
	git branch -q -D "$BRANCH-lane-a"
	sed 's/^1$/lane/' long.c >../long.c
	lane_commit lane-a long.c "$(cat ../long.c)"
	echo newer >code.c
	echo newer >keep.c
	git rm -q gone.c
	sed -i 's/^20$/target/' long.c
	git commit -q -am newer
	for how in merge rebase squash; do
		git branch -f "into-$how" main
		merges --strategy "$how" --into "into-$how" --keep-branch
		[ "$(at "into-$how" code.c) $(at "into-$how" keep.c)" = \
			'newer newer' ]
		run -128 at "into-$how" gone.c
		[ "$(at "into-$how" long.c | sed -n '1p; $p' | xargs)" = \
			'lane target' ]
		git branch -f "$BRANCH" main~
	done
	# and where both have, nobody's is taken
	lane_commit lane-a code.c lane
	tip=$(git rev-parse main)
	for how in merge rebase squash; do
		refuses merge_conflict -- --strategy "$how"
	done
	[ "$(git rev-parse main) $(cat code.c)" = "$tip newer" ]
}

@test "git sk-merge: does not revert what was changed behind an earlier squash" {
	lane_commit lane-a code.c first
	merges --keep-branch --keep-worktree
	echo 'first, mended' >code.c
	git commit -q -am mended
	# of which the branches, that were kept, do not know
	refuses merge_conflict
	lane_commit lane-a more.c
	refuses merge_conflict
	[ "$(cat code.c)" = 'first, mended' ]
	git checkout -q "$BRANCH-lane-a"
	git merge -q -X theirs -m 'main is right' main
	git checkout -q main
	merges
	[ "$(cat code.c) $(cat more.c)" = 'first, mended lane-a' ]
}

@test "git sk-merge: a dry run does not approve a missing mission branch" {
	git branch -q -D "$BRANCH"
	git checkout -q -b elsewhere
	git commit -q --allow-empty -m more
	refuses missing_mission_branch
	[ "$(get '.ready, .blocker, .expected_branch' | xargs)" = \
		"false missing_mission_branch $BRANCH" ]
	# where the target is, not what happens to be checked out
	[ "$(get .remediation)" = "git branch $BRANCH $(git rev-parse main)" ]
	[ -z "$(git for-each-ref "refs/heads/$BRANCH")" ]
	remedy 0
	merges
}

@test "git sk-merge: does not look for another branch than lanes.json names" {
	git branch -q -m "$BRANCH" kitty/mission-001-a-01KQ4ARB
	refuses missing_mission_branch
	lanes_json '.mission_branch = "kitty/mission-001-a-01KQ4ARB"'
	merges
	run -1 git rev-parse -q --verify refs/heads/kitty/mission-001-a-01KQ4ARB
}

@test "git sk-merge: a dry run does not approve what the merge refuses" {
	local tip name

	tip=$(git rev-parse main)
	git branch -q -m "$BRANCH-lane-b" kept
	refuses missing_lane_branch
	git branch -q -m kept "$BRANCH-lane-b"
	git update-ref refs/remotes/origin/main \
		"$(git commit-tree -p main -m more "main^{tree}")"
	refuses target_behind
	git commit -q --allow-empty -m mine
	refuses target_diverged
	git update-ref -d refs/remotes/origin/main
	git reset -q --hard "$tip"
	git sparse-checkout init --cone
	refuses sparse_checkout
	git sparse-checkout disable
	event 001-a WP03 approved for_review
	git commit -q -am back
	refuses unapproved_work_package
	# transitions from planned to planned alone, as at its start
	grep '"to_lane": "planned"' "$LOG" >log
	mv log "$LOG"
	git commit -q -am started
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q -f "$name" main
	done
	refuses unapproved_work_package unapproved_work_package \
		unapproved_work_package unapproved_work_package \
		unmet_dependency
	git reset -q --hard "$tip"
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q -f "$name" main
	done
	lane_commit lane-a a.c
	refuses missing_target_branch -- --into nowhere
	refuses wrong_target_branch -- --into "$BRANCH"
	merges
}

@test "git sk-merge: a dry run does not approve while another merge runs" {
	mkdir -p .kittify/runtime/merge/__global_merge__
	echo 2026-05-01T10:00:00+00:00 \
		>.kittify/runtime/merge/__global_merge__/lock
	refuses merge_under_way
	rm -r .kittify
	merges
}

@test "git sk-merge: a ref that git holds is not moved, nor any other" {
	local before

	: >.git/refs/heads/main.lock
	before=$(everything)
	run --separate-stderr git sk-merge
	[ "$status" -ge 1 ]
	[ "$status" -le 128 ]
	[ "$(everything)" = "$before" ]
	[[ $stderr = *error:* ]]
	rm .git/refs/heads/main.lock
	merges
}

@test "git sk-merge: does not refuse for ever what an arbiter has approved" {
	local review=kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md

	mkdir "${review%/*}"
	printf -- '---\ncycle_number: 1\nverdict: rejected\n---\n' >"$review"
	git add -A
	git commit -q -m review
	refuses rejected_review
	sed -i '/^verdict/i review_artifact_override_at: 2026-05-01T10:00:00Z\
review_artifact_override_actor: ann\
review_artifact_override_reason: it is fine\
review_artifact_override_wp_id: WP01' "$review"
	# which counts once it is committed
	refuses dirty_worktree rejected_review
	git commit -q -am override
	merges
}

@test "git sk-merge: does not record done where it was not merged" {
	local tip

	git checkout -q -b elsewhere
	echo other >other.c
	git add .
	git commit -q -m other
	git branch release main
	tip=$(git rev-parse elsewhere main)
	merges --into release
	[ "$INTO" = release ]
	[ "$(git rev-parse elsewhere main)" = "$tip" ]
	[ "$(lanes_on main)" = \
		'WP01=approved WP02=approved WP03=approved WP04=approved' ]
	[ "$(git symbolic-ref HEAD) $(cat other.c)" = 'refs/heads/elsewhere other' ]
	[ -z "$(git status --porcelain)" ]
}

@test "git sk-merge: does not report done what the log does not call done" {
	wp WP01 'agent: ann'
	wp WP02 'review_status: approved' 'reviewed_by: bob'
	git commit -q -am who
	merges
	# also where nobody has left evidence of the approval
	at main "$LOG" >log
	[ "$(jq -r 'select(.to_lane == "done") | "\(.wp_id) \(.from_lane) \(
		.evidence.review.reviewer)"' log | sort | xargs -L 1 |
		head -n 2)" = $'WP01 approved ann\nWP02 approved bob' ]
	[ "$(jq 'select(.to_lane == "done") | select(.evidence == null)' log)" = '' ]
	run -0 --separate-stderr git sk-eventlog check log
	run -0 --separate-stderr git sk-task list --json
	[ "$(get '[.missions[].work_packages[].lane] | unique | join(" ")')" = done ]
}

@test "git sk-merge: does not fail when it is run once more" {
	local tip

	merges --keep-branch
	tip=$MADE
	for how in squash rebase; do
		run -0 --separate-stderr git sk-merge --keep-branch \
			--strategy "$how" --json
		[ "$(get '.ready, .commit' | xargs)" = "true $tip" ]
		[ "$(git rev-parse main)" = "$tip" ]
	done
	run -0 --separate-stderr git sk-merge --json
	[ "$(git rev-parse main)" = "$tip" ]
	run -0 --separate-stderr git sk-merge --json
	[ "$(get '.commits, .commit' | xargs)" = "0 $tip" ]
	[ "$(git for-each-ref --format='%(refname)' refs/heads)" = \
		refs/heads/main ]
}

@test "git sk-merge: does not fail for what was squashed by hand" {
	git merge -q --squash "$BRANCH-lane-a" >/dev/null
	git commit -q -m squashed
	git merge -q --squash "$BRANCH-lane-b" >/dev/null
	git commit -q -m squashed
	merges
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
}

@test "git sk-merge: does not forget what was interrupted, whatever it is called" {
	local name

	with_remote
	touch ../no
	run -128 --separate-stderr git sk-merge --push
	all_done main
	for name in 001-a 01KQ4ARB0000000000000000AA 01KQ4ARB; do
		run -128 --separate-stderr git sk-merge --resume "$name"
		[ -e .git/sk-merge.json ]
	done
	run -1 --separate-stderr git sk-merge --dry-run --json
	[ "$(get .blocker)" = merge_interrupted ]
	rm ../no
	run -0 --separate-stderr git sk-merge --resume 01KQ4ARB
	[ "$(git rev-parse main)" = "$(git ls-remote origin main | cut -f 1)" ]
	[ ! -e .git/sk-merge.json ]
	run -1 git rev-parse -q --verify "refs/heads/$BRANCH"
}

@test "git sk-merge: --abort finds what was interrupted, whatever it is called" {
	local name

	with_remote
	touch ../no
	for name in 001-a 01KQ4ARB0000000000000000AA 01KQ4ARB ''; do
		[ ! -e .git/sk-merge.json ]
		run -128 --separate-stderr git sk-merge --push
		[ -e .git/sk-merge.json ]
		run -0 --separate-stderr git sk-merge --abort $name
		[ ! -e .git/sk-merge.json ]
		# what has landed is no less landed
		all_done main
		[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	done
}

@test "git sk-merge: does not call merged what the target has taken back" {
	local back

	merges --strategy merge --keep-branch
	git revert -m 1 --no-edit HEAD >/dev/null
	back=$(git rev-parse HEAD)
	for how in squash merge rebase; do
		refuses reverted_merge -- --strategy "$how"
		[ "$(get '.blockers[0].subject')" = "$BRANCH" ]
	done
	# from elsewhere, too; and a fix on top does not bring the rest
	git checkout -q -b elsewhere
	lane_commit lane-a more.c
	refuses reverted_merge
	[ "$(get .remediation)" = \
		"git switch main && git revert --no-edit $back" ]
	remedy 0
	merges
	[ "$(cat a.c b.c more.c | xargs)" = 'lane-a lane-b lane-a' ]
}

@test "git sk-merge: does not call merged a lane that was, and was taken back" {
	git merge -q --no-ff -m lane "$BRANCH-lane-a"
	git revert -m 1 --no-edit HEAD >/dev/null
	refuses reverted_merge
	[ "$(get '.blockers[0].subject')" = "$BRANCH-lane-a" ]
	git config revert.reference true
	git config grep.patternType fixed
	git config log.showSignature true
	git revert --no-edit HEAD >/dev/null
	run -0 --separate-stderr git sk-merge --dry-run
	# nor is what was taken out for its own sake behind that
	git rm -q a.c
	git commit -q -m 'no a'
	run -0 --separate-stderr git sk-merge --dry-run
	git reset -q --hard HEAD~
	git revert --no-edit HEAD >/dev/null
	refuses reverted_merge
	# brought again in whatever way is not missing
	git cherry-pick "$BRANCH-lane-a" >/dev/null
	merges
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
}

@test "git sk-merge: does not call pushed what the remote has refused" {
	with_remote
	touch ../no
	run -128 --separate-stderr git sk-merge --push --json
	[ "$(git ls-remote origin main | cut -f 1)" != "$(git rev-parse main)" ]
	[[ $stderr = *--resume* ]]
	# and nothing is removed that the push was to make safe
	git rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	rm ../no
	run -0 --separate-stderr git sk-merge --resume --json
	[ "$(get .pushed)" = origin ]
	[ "$(git ls-remote origin main | cut -f 1)" = "$(git rev-parse main)" ]
}

@test "git sk-merge: does not take the mission of a branch for another" {
	local name=foo-01KQ4ARB

	git branch -q -D "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"
	cp -r kitty-specs/001-a kitty-specs/$name
	# one that would be found if the end of the name did not count
	cp -r kitty-specs/001-a kitty-specs/foo
	sed -i "s/001-a/$name/g" kitty-specs/$name/*.json*
	sed -i "s/001-a/foo/g; s/00AA/00BB/" kitty-specs/foo/*.json*
	git add .
	git commit -q -m foo
	git checkout -q -b kitty/mission-$name
	git branch -q kitty/mission-$name-lane-b
	git worktree add -q -b kitty/mission-$name-lane-a ../lane
	echo a >../lane/a.c
	git -C ../lane add .
	git -C ../lane commit -q -m a
	for folder in . ../lane; do
		run -0 --separate-stderr git -C "$folder" sk-merge --dry-run --json
		[ "$(get '.mission, .target_branch' | xargs)" = "$name main" ]
	done
	run -0 --separate-stderr git sk-merge --json
	[ "$(get '.mission, .commit' | xargs)" = \
		"$name $(git rev-parse main)" ]
	[ "$(at main a.c)" = a ]
}

@test "git sk-merge: does not refuse a target that is ahead of its upstream" {
	with_remote
	git commit -q --allow-empty -m 'a plan'
	git commit -q --allow-empty -m 'more of it'
	merges --push
	[ "$(jq -r .pushed <<<"$ANSWER")" = origin ]
	[ "$(git ls-remote origin main | cut -f 1)" = "$MADE" ]
}
