#!/usr/bin/env bats
# What the plan of a merge makes of lanes, mission and target (lib/merge/plan.h):
# by each strategy, and of their event logs.

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

# made: subjects and authors of the commits that no ref has.
made() {
	git fsck --unreachable --no-reflogs 2>/dev/null |
		awk '$2 == "commit" { print $3 }' |
		git log --no-walk --stdin --format='%s|%an|%cn' | sort -u
}

@test "mergeplanland: the strategies make one tree, each its own commits" {
	local made

	commit_on main m.c
	git reset -q --hard
	lane_commit lane-a a.c again
	ready --strategy merge
	made=$(get .merge_tree)
	[ "$(get .commits)" = 6 ]
	ready --strategy squash
	[ "$(get '.merge_tree, .commits' | xargs)" = "$made 1" ]
	ready --strategy rebase
	[ "$(get '.merge_tree, .commits' | xargs)" = "$made 4" ]
	brings a.c b.c
}

@test "mergeplanland: a rebase that would lose what a merge has settled" {
	git checkout -q "$BRANCH"
	git merge -q --no-ff --no-commit "$BRANCH-lane-a"
	echo settled >settled.c
	git add settled.c
	git commit -q -m "Merge $BRANCH-lane-a into $BRANCH"
	git checkout -q main
	ready
	dry --strategy rebase
	[ "$(get .blocker)" = rebase_differs ]
	run -0 --separate-stderr "$PLAN" --dry-run --strategy squash 001-a
}

@test "mergeplanland: lanes are merged behind those that they depend on" {
	jq '.lanes[0].depends_on_lanes = ["lane-b"]' \
		kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am order
	ready
	[ "$(get '[.lanes[].lane_id] | join(" ")')" = \
		'lane-b lane-a lane-planning' ]
	jq '.lanes[1].depends_on_lanes = ["lane-a"]' \
		kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am cycle
	ready
}

@test "mergeplanland: what was squashed before is only to be recorded" {
	git merge -q --squash "$BRANCH-lane-a" >/dev/null
	git commit -q -m squashed
	git merge -q --squash "$BRANCH-lane-b" >/dev/null
	git commit -q -m squashed
	ready
	[ "$(get .commits)" = 1 ]
	brings
	ready --strategy rebase
	[ "$(get .commits)" = 1 ]
	brings
	for n in 1 2 3 4; do
		event 001-a "WP0$n" approved done
	done
	git commit -q -am done
	ready
	[ "$(get '.commits, (.files | length)' | xargs)" = '0 0' ]
	run -0 --separate-stderr "$PLAN" --dry-run
	[ "${lines[0]}" = "Mission '001-a' is in 'main' already." ]
	git branch -q -D "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"
	ready
	[ "$(get '.merge_tree, .commits' | xargs)" = \
		"$(git rev-parse 'main^{tree}') 0" ]
}

@test "mergeplanland: all done, but commits of a lane on no target are missed" {
	for n in 1 2 3 4; do
		event 001-a "WP0$n" approved done
	done
	git commit -q -am done
	git branch -q -D "$BRANCH"
	blocked missing_mission_branch
	remedy 0
	ready
	brings a.c b.c
}

@test "mergeplanland: a lane of which nothing is wanted needs no branch" {
	event 001-a WP03 approved canceled
	git commit -q -am canceled
	git branch -q -D "$BRANCH-lane-b"
	ready
	[ "$(get '.lanes[1].state')" = canceled ]
}

@test "mergeplanland: event logs are merged, and what one side lost is told" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved in_progress
	event 001-a WP02 in_progress approved
	git commit -q -am here
	ready
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
	git checkout -q "$BRANCH"
	sed -i 2d "$LOG"
	git commit -q -am lost
	git checkout -q main
	ready
	[ "$(get '.warnings[].code' | xargs)" = kept_events ]
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 12 ]
}

@test "mergeplanland: a driver that loses events is in the way" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	echo "$LOG merge=ours" >.git/info/attributes
	git config merge.ours.driver true
	blocked lost_events
}

@test "mergeplanland: a torn log, with other ends of lines and NULs" {
	sed -i 's/$/\r/' "$LOG"
	printf 'a\0b\n{"event_id": "x"}\n' >>"$LOG"
	git commit -q -am odd
	git branch -f "$BRANCH" main
	commit_on "$BRANCH" side.c
	ready
	printf '{"torn' >>"$LOG"
	git commit -q -am torn
	ready
}

@test "mergeplanland: a log of 100,000 lines is merged" {
	git checkout -q "$BRANCH"
	seq 100000 | awk '{ printf "{\"at\": \"2026-05-02T10:00:00+00:00\", \"event_id\": \"01KF%022d\", \"kind\": \"note\"}\n", $1 }' >>"$LOG"
	git commit -q -am many
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	ready
	[ "$(git show "$(get .merge_tree):$LOG" | wc -l)" = 100009 ]
}

@test "mergeplanland: a replayed commit that conflicts is named" {
	lane_commit lane-a code.c there
	lane_commit lane-a code.c code
	commit_on main code.c here
	git reset -q --hard
	ready
	dry --strategy rebase
	[ "$(get '.blockers[0] | .code, .subject' | xargs)" = \
		'merge_conflict code.c' ]
	[[ $(get '.blockers[0].message') = *', where commit '*' is replayed' ]]
	[ "$(get .merge_tree)" != null ]
}

@test "mergeplanland: its commits say what they are, and whose" {
	git config user.name Other
	lane_commit lane-a a.c other
	git config --unset user.name
	commit_on main m.c
	git reset -q --hard
	ready
	[ "$(made)" = "Merge $BRANCH-lane-a into $BRANCH|Tester|Tester
Merge $BRANCH-lane-b into $BRANCH|Tester|Tester
feat($BRANCH): squash merge of mission|Tester|Tester" ]
	ready --strategy merge
	[[ $(made) = *"Merge $BRANCH into main|Tester|Tester"* ]]
	ready --strategy rebase
	[[ $(made) = *"a.c on $BRANCH-lane-a|Other|Tester"* ]]
}
