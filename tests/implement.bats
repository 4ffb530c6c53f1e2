#!/usr/bin/env bats
# git sk-task implement: a claim, and a worktree to work in.

load helper
load implement

setup() {
	sk_setup
	implement_setup
}

teardown() {
	sk_teardown
}

@test "implement: a worktree, a claim and a start, in one commit" {
	planned
	before=$(git rev-parse main)
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ "${lines[0]}" = "WP01 is in progress by 'claude'." ]
	[ "${lines[-1]}" = "$TREE" ]
	# shellcheck disable=SC2153 # not the local of another test
	[ "$(git -C "$TREE" symbolic-ref HEAD)" = "refs/heads/$LANE" ]
	[ "$(git rev-parse "$LANE" kitty/mission-001-a | sort -u)" = "$before" ]
	[ "$(git rev-parse main^)" = "$before" ]
	[ "$(git log -1 --format=%s)" = 'chore: WP01 claimed for implementation' ]
	[ "$(git show --format= --name-only main)" = "kitty-specs/001-a/meta.json
kitty-specs/001-a/status.events.jsonl
kitty-specs/001-a/status.json
kitty-specs/001-a/tasks/WP01-x.md" ]
	[ -z "$(git status --porcelain)" ]
	[ "$(tail -n 2 "$LOG" | jq -r '"\(.wp_id) \(.from_lane) \(.to_lane)"')" = \
		'WP01 planned claimed
WP01 claimed in_progress' ]
	[ "$(tail -n 2 "$LOG" | jq -r '"\(.actor) \(.execution_mode) \(.force) \(.reason)"' |
		sort -u)" = 'claude worktree false null' ]
	[ "$(tail -n 2 "$LOG" | jq -r .at | sort -u | wc -l)" = 2 ]
	[ "$(jq -r .work_packages.WP01.lane kitty-specs/001-a/status.json)" = \
		in_progress ]
}

@test "implement: of the work package's file only what is set is changed" {
	planned
	printf 'code_change # a comment\r\n' >>kitty-specs/001-a/tasks/WP01-x.md
	git commit -qam crlf
	before=$(cat kitty-specs/001-a/tasks/WP01-x.md)
	implement WP01 --shell-pid 4711
	run -0 git show main:kitty-specs/001-a/tasks/WP01-x.md
	[ "$output" = "$(cat kitty-specs/001-a/tasks/WP01-x.md)" ]
	[ "${lines[1]}" = 'work_package_id: WP01 # its id' ]
	grep -qx 'agent: "claude"' <<<"$output"
	grep -qx 'shell_pid: "4711"' <<<"$output"
	grep -qx 'base_branch: "kitty/mission-001-a"' <<<"$output"
	grep -qx "base_commit: \"$(git rev-parse main^)\"" <<<"$output"
	[[ $output =~ created_at:\ \"20[0-9-]+T[0-9:.]+\+00:00\" ]]
	[[ ${lines[-1]} =~ ^-\ 20[0-9-]+T[0-9:]+Z\ –\ claude\ –\ shell_pid=4711\ –\ Started\ implementation$ ]]
	[ "$(sed '/^base_\|^created_at\|^agent\|^shell_pid/d' <<<"$output" |
		head -n "$(wc -l <<<"$before")")" = "$before" ]
}

@test "implement: other edits and staged work stay as they are" {
	planned
	echo more >>kitty-specs/001-a/tasks/WP01-x.md
	echo '# note' >>kitty-specs/001-a/tasks/WP02-x.md
	echo staged >staged
	echo two >>code.c
	git add staged code.c
	echo three >>code.c
	implement WP01
	[ "$(git status --porcelain)" = 'MM code.c
 M kitty-specs/001-a/tasks/WP01-x.md
 M kitty-specs/001-a/tasks/WP02-x.md
A  staged' ]
	[ "$(git show --format= --name-only main | wc -l)" = 4 ]
	run -0 git diff --numstat kitty-specs/001-a/tasks/WP01-x.md
	[ "${output%%kitty*}" = $'1\t0\t' ]
	[ "$(git diff kitty-specs/001-a/tasks/WP01-x.md | grep '^[+]more')" = +more ]
}

@test "implement: what is needed and not committed is told, not swept in" {
	planned
	git rm -q --cached kitty-specs/001-a/lanes.json
	git commit -q -m 'no lanes'
	refuses 1 "'kitty-specs/001-a/lanes.json' is not committed on 'main'" WP01
	[[ $stderr == *"hint: run 'git add kitty-specs/001-a && git commit' in '$PWD'"* ]]
	git add kitty-specs/001-a && git commit -q -m lanes
	wp WP05
	refuses 1 "'kitty-specs/001-a/tasks/WP05-x.md' is not committed" WP05
	jq '.lanes[0].wp_ids = ["WP02"] | .lanes[1].wp_ids += ["WP01"]' \
		kitty-specs/001-a/lanes.json >x
	mv x kitty-specs/001-a/lanes.json
	refuses 1 "'kitty-specs/001-a/lanes.json' is not committed" WP01
	git rm -qf kitty-specs/001-a/lanes.json
	git commit -q -m none
	refuses 1 "mission '001-a' has no lanes.json" WP01
	[[ $stderr == *"hint: run 'git sk-mission finalize --mission 001-a'"* ]]
	echo '{' >kitty-specs/001-a/lanes.json
	git add . && git commit -q -m broken
	refuses 128 "'lanes.json': " WP01
}

@test "implement: a dependency that is not approved is named with its lane" {
	planned
	refuses 1 "'WP03' depends on what is not approved yet: WP01 (planned)" WP03
	implement WP01
	refuses 1 'WP01 (in_progress)' WP03
	moved WP01 in_progress approved
	run -0 implement WP03
	[ "$(lane_of WP03)" = 'in_progress claude' ]
}

@test "implement: all dependencies that are open are named, one that is not there too" {
	planned
	wp WP03 'dependencies: [WP01, WP02, WP04, WP09]'
	event 001-a WP02 in_progress 'done'
	event 001-a WP04 planned canceled
	git commit -qam dependencies
	refuses 1 'yet: WP01 (planned), WP04 (canceled), WP09 (not there)' WP03
}

@test "implement: --force goes on in spite of a dependency, and says why" {
	planned
	run -129 --separate-stderr implement WP03 --force
	[[ $stderr == *'--force wants a --reason'* ]]
	run -0 implement WP03 --force --reason 'no time'
	[ "$(tail -n 2 "$LOG" | jq -r '"\(.reason) \(.force)"' | sort -u)" = \
		'no time false' ]
	grep -q 'Started implementation: no time$' \
		kitty-specs/001-a/tasks/WP03-x.md
}

@test "implement: of the same actor again it says where, and commits nothing" {
	planned
	implement WP01
	before=$(all)
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ "${lines[0]}" = "WP01 is in progress by 'claude', as before." ]
	[ "${lines[-1]}" = "$TREE" ]
	[ "$(all)" = "$before" ]
	git worktree remove "$TREE"
	before=$(git rev-parse main)
	run -0 implement WP01
	[ -e "$TREE/code.c" ]
	[ "$(git rev-parse main)" = "$before" ]
	echo work >"$TREE/work"
	git -C "$TREE" add work
	git -C "$TREE" commit -q -m work
	run -0 implement WP01
	[ "$(git rev-parse main)" = "$before" ]
	[ -z "$(git status --porcelain)" ]
}

@test "implement: what another has is refused by name, until it is taken over" {
	planned
	implement WP01
	refuses 1 "'WP01' is in progress by 'claude'" WP01 --agent bob
	event 001-a WP02 planned claimed
	git commit -qam claimed
	refuses 1 "'WP02' is claimed by 'agent'" WP02
	run -0 implement WP01 --agent bob --force --reason 'claude is gone'
	[ "$(lane_of WP01)" = 'in_progress bob' ]
	[ "$(tail -n 1 "$LOG" | jq -r '"\(.from_lane) \(.force) \(.reason)"')" = \
		'in_progress true claude is gone' ]
	refuses 1 "'WP01' is in progress by 'bob'" WP01
	run -0 implement WP02 --force --reason me
	[ "$(lane_of WP02)" = 'in_progress claude' ]
}

@test "implement: its own claim goes on, and one of nobody in particular" {
	planned
	event 001-a WP01 planned claimed
	sed -i '$s/"agent"/{"role": "x", "tool": "claude"}/' "$LOG"
	event 001-a WP02 planned claimed
	sed -i '$s/"agent"/"implement-command"/' "$LOG"
	git commit -qam claimed
	implement WP01
	[ "$(lane_of WP01)" = 'in_progress claude' ]
	[ "$(tail -n 1 "$LOG" | jq -r .from_lane)" = claimed ]
	run -0 implement WP02
	[ "$(lane_of WP02)" = 'in_progress claude' ]
}

@test "implement: what a review sent back is still its implementer's" {
	planned
	implement WP01
	moved WP01 in_progress for_review in_review in_progress
	[ "$(lane_of WP01)" = 'in_progress agent' ]
	run -0 implement WP01
	[ "${lines[0]}" = "WP01 is in progress by 'claude', as before." ]
	refuses 1 "'WP01' is in progress by 'claude'" WP01 --agent bob
}

@test "implement: other lanes are refused, with what to do" {
	planned
	while read -r lane hint; do
		event 001-a WP01 planned "$lane"
		git commit -qam "$lane"
		refuses 1 "'WP01' is in $lane, and cannot be started" WP01
		[[ $stderr == *"hint: "*"$hint"* ]]
		refuses 1 "is in $lane" WP01 --force --reason x
	done <<-END
		for_review git sk-task move WP01 in_progress --review-ref
		in_review git sk-task move WP01 in_progress --review-ref
		approved git sk-task move WP01 in_progress --review-ref
		done git sk-task move WP01 planned --force
		blocked git sk-task move WP01 in_progress
		canceled git sk-task move WP01 planned --force
	END
}

@test "implement: a worktree with work in it is refused, and nothing is moved" {
	planned
	implement WP01
	echo work >>"$TREE/code.c"
	echo 'a new one' >"$TREE/new"
	refuses 128 "'code.c' and more are not committed in '$TREE'" WP02
	refuses 128 "'code.c' and more are not committed in" WP01
	[ "$(cat "$TREE/new")" = 'a new one' ]
	git -C "$TREE" stash -qu
	git -C "$TREE" switch -q -c other
	refuses 128 "is on 'other', not on '$LANE'" WP02
	git -C "$TREE" switch -q "$LANE"
	mv "$TREE" ../moved
	refuses 128 'is gone' WP02
	git worktree lock "$TREE"
	refuses 128 'is gone' WP02
	git worktree unlock "$TREE"
	mv ../moved "$TREE"
	run -0 implement WP02
	[ "$(lane_of WP02)" = 'in_progress claude' ]
}

@test "implement: a locked worktree is used, another folder in its place is not" {
	planned
	echo /.worktrees >>.git/info/exclude
	mkdir -p "$TREE"
	echo mine >"$TREE/mine"
	refuses 128 'exists and is no worktree of this repository' WP01
	rm -r "$TREE"
	implement WP01
	git worktree lock "$TREE"
	run -0 implement WP02
	git worktree list --porcelain | grep -qx locked
}

@test "implement: work that others do in the same lane is told" {
	planned
	implement WP01
	run -0 --separate-stderr implement WP02 --agent bob
	[ "$stderr" = 'warning: others are at work in the same lane: WP01 (in_progress, claude)' ]
}

@test "implement: a work package that plans has no worktree" {
	planned
	run -0 --separate-stderr implement WP04
	[ "${lines[-1]}" = "$PWD" ]
	[ ! -e .worktrees ]
	[ ! -e .kittify ]
	[ "$(git for-each-ref --format='%(refname)')" = refs/heads/main ]
	[ "$(tail -n 1 "$LOG" | jq -r .execution_mode)" = direct_repo ]
	run -0 implement WP04 --json
	[ "$(jq -r '"\(.workspace) \(.branch) \(.lane_id) \(.execution_mode)"' \
		<<<"$output")" = '. main lane-planning planning_artifact' ]
	git switch -q -c elsewhere
	refuses 1 "'WP04' plans on 'main', which is not checked out" WP04
}

@test "implement: who acts may be no UTF-8, and has it all the same" {
	planned
	git sk-task implement WP01 --agent $'a\xff' >/dev/null
	[ "$(lane_of WP01)" = 'in_progress a�' ]
	run -0 --separate-stderr git sk-task implement WP01 --agent $'a\xff'
	[[ ${lines[0]} == "WP01 is in progress by 'a�', as before." ]]
	[ -z "$stderr" ]
}

@test "implement: --json is one document with spec-kitty's keys" {
	planned
	run -0 --separate-stderr implement WP01 --json
	[ "$(jq -c 'keys_unsorted[:14]' <<<"$output")" = '["schema_version","status","workspace","workspace_path","folder","branch","mission_slug","mission_number","mission_type","wp_id","lane_id","execution_mode","lane_test_env","actor"]' ]
	[ "$(jq -r '"\(.schema_version) \(.status) \(.workspace) \(.branch) \(.execution_mode) \(.mission_number)"' <<<"$output")" = \
		"1 created .worktrees/001-a-lane-a $LANE code_change null" ]
	[ "$(jq -r .lane_test_env.SPEC_KITTY_TEST_DB_NAME <<<"$output")" = test_001_a_lane_a ]
	[ "$(jq -r .commit <<<"$output")" = "$(git rev-parse main)" ]
	[ "$(jq -r .is_reused <<<"$output")" = false ]
	run -1 --separate-stderr implement WP03 --json
	[ "$(jq -r '"\(.schema_version) \(.status) \(.wp_id) \(.error)"' <<<"$output")" = \
		"1 error WP03 'WP03' depends on what is not approved yet: WP01 (in_progress)" ]
	[ "${#lines[@]}" = 1 ]
	run -129 --separate-stderr implement x --json
	[ "$(jq -r .error <<<"$output")" = "'x' is no work package" ]
	run -128 --separate-stderr implement WP01 --mission no --json
	[ "$(jq -r '"\(.status) \(.error)"' <<<"$output")" = \
		"error there is no mission 'no'" ]
}

@test "implement: the note says what the worktree is for" {
	planned
	implement WP01
	note=.kittify/workspaces/001-a-lane-a.json
	[ "$(jq -r '"\(.wp_id) \(.current_wp) \(.worktree_path) \(.created_by)"' $note)" = \
		'WP01 WP01 .worktrees/001-a-lane-a implement-command-lane' ]
	jq '. + {extra: 1}' $note >x && mv x $note
	implement WP02
	[ "$(jq -r '"\(.wp_id) \(.current_wp) \(.extra)"' $note)" = 'WP02 WP02 1' ]
	echo broken >$note
	implement WP02
	[ "$(jq -r .lane_id $note)" = lane-a ]
	rm $note && mkdir $note
	run -0 --separate-stderr implement WP02
	[[ $stderr == *'warning: the note of the worktree is not written: '* ]]
}

@test "implement: who acts is said, by the variable, or by git" {
	planned
	run -0 git sk-task implement wp01
	[ "$(lane_of WP01)" = 'in_progress Tester' ]
	SPEC_KITTY_AGENT=codex run -0 git sk-task implement WP02
	[ "$(lane_of WP02)" = 'in_progress codex' ]
}

@test "implement: from a subfolder and from a worktree of a lane" {
	planned
	mkdir sub
	(cd sub && implement WP01 >../out)
	[ "$(tail -n 1 out)" = "$TREE" ]
	(cd "$TREE" && implement WP02 --mission 001-a) >out
	[ "$(tail -n 1 out)" = "$TREE" ]
	rm out
	moved WP01 in_progress approved
	run -0 --separate-stderr git -C "$TREE" sk-task implement WP03 --agent claude
	[ "${lines[-1]}" = "$PWD/.worktrees/001-a-lane-b" ]
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git -C "$TREE" status --porcelain)" ]
}
