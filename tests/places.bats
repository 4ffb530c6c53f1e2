#!/usr/bin/env bats
# Where missions are: on which branches, which state of them is the newest, and
# where their status is written.

load helper
load board

setup() {
	sk_setup
	git init -q
	echo .worktrees >.git/info/exclude
	plan m
	event m WP01 planned claimed
	commit plan
}

teardown() {
	sk_teardown
}

@test "places: a mission at HEAD is here" {
	[ "$(of_mission .where)" = here ]
	[ "$(of_mission .branch)" = main ]
	[ "$(of_mission .is_united)" = false ]
	[ "$(of_mission '.branches | join(" ")')" = main ]
}

@test "places: what another branch has done counts, and is named" {
	git switch -q -c work
	moved m WP01 in_progress
	git switch -q main
	[ "$(of_package WP01 .lane)" = in_progress ]
	[ "$(of_mission .where)" = local ]
	[ "$(of_mission .branch)" = work ]
}

@test "places: a branch that was only fetched is seen, and told from ours" {
	git clone -q . ../theirs
	git -C ../theirs switch -q -c team
	(cd ../theirs && moved m WP01 for_review && plan n && commit)
	git remote add origin ../theirs
	git fetch -q
	[ "$(of_package WP01 .lane)" = for_review ]
	[ "$(of_mission .where)" = remote ]
	[ "$(of_mission .branch)" = origin/team ]
	run -0 git sk-mission list
	[[ ${lines[1]} == 'n '*' origin/team (not here yet)' ]]
}

@test "places: logs that grew apart are one state, each event counted once" {
	git switch -q -c one
	moved m WP01 in_progress
	git switch -q -c two main
	moved m WP02 claimed
	git switch -q main
	[ "$(of_package WP01 .lane)" = in_progress ]
	[ "$(of_package WP02 .lane)" = claimed ]
	[ "$(of_mission .event_count)" = 3 ]
	[ "$(of_mission .is_united)" = true ]
	run -0 git sk-mission list
	[[ ${lines[0]} == *' two and others' ]]
}

@test "places: an event that comes twice is one" {
	local line

	line=$(cat kitty-specs/m/status.events.jsonl)
	echo "$line" >>kitty-specs/m/status.events.jsonl
	commit
	[ "$(of_mission .event_count)" = 1 ]
	[ "$(of_mission .is_united)" = false ]
}

@test "places: what is not committed is not seen" {
	event m WP01 claimed done
	[ "$(of_package WP01 .lane)" = claimed ]
}

@test "places: of branches with one state the target is named, a lane's last" {
	git branch kitty/mission-m
	git branch a-branch
	git switch -q -c kitty/mission-m-lane-a
	[ "$(of_mission .branch)" = main ]
	[ "$(of_mission .where)" = here ]
	moved m WP01 in_progress
	[ "$(of_mission .branch)" = kitty/mission-m-lane-a ]
	git branch -f a-branch
	[ "$(of_mission .branch)" = a-branch ]
	git branch -f kitty/mission-m
	[ "$(of_mission .branch)" = kitty/mission-m ]
	[ "$(of_mission .is_coordination)" = true ]
}

@test "places: a detached HEAD and another worktree's count" {
	git worktree add -q --detach ../w
	(cd ../w && moved m WP01 in_progress)
	[ "$(of_package WP01 .lane)" = in_progress ]
	[ "$(of_mission .branch)" = 'worktree w' ]
	[ "$(cd ../w && of_mission .branch)" = worktree\ w ]
	[ "$(cd ../w && of_mission .where)" = here ]
}

@test "places: planned on the target, under way on the coordination branch" {
	git switch -q -c kitty/mission-m
	git rm -q --cached kitty-specs/m/meta.json
	rm kitty-specs/m/meta.json
	moved m WP01 in_progress
	git switch -q main
	package m WP02 'Later'
	commit
	[ "$(of_mission .target_branch)" = main ]
	[ "$(of_package WP01 .lane)" = in_progress ]
	[ "$(of_package WP02 '.lane + " " + .title')" = 'planned Later' ]
	[ "$(of_mission '"\(.branch) \(.is_coordination)"')" = \
		'kitty/mission-m true' ]
}

@test "places: what is planned is not read from a lane's stale copy" {
	plan m target_branch null # of no branch
	package m WP01 'As it was'
	commit
	git branch kitty/mission-m-lane-a
	package m WP01 'As it is'
	commit
	git switch -q kitty/mission-m-lane-a
	[ "$(of_package WP01 .title)" = 'As it is' ]
}

@test "places: of two files for a work package the first counts" {
	package m WP01 'The first'
	mv kitty-specs/m/tasks/WP01-x.md kitty-specs/m/tasks/WP01-a.md
	package m WP01 'The second'
	commit
	[ "$(of_package WP01 .title)" = 'The first' ]
}

@test "places: a mission without transitions has the lanes of its files" {
	git rm -q --cached kitty-specs/m/status.events.jsonl
	rm kitty-specs/m/status.events.jsonl
	mkdir kitty-specs/m/tasks/done
	printf -- '---\nlane: "for_review"\n---\n' \
		>kitty-specs/m/tasks/WP01-a.md
	printf 'no front matter\n' >kitty-specs/m/tasks/done/WP02.md
	commit
	git branch -qf old HEAD~1 # whose log would count
	git branch -D old
	[ "$(of_package WP01 .lane)" = for_review ]
	[ "$(of_package WP02 .lane)" = 'done' ]
	[ "$(of_package WP02 .last_transition_at)" = null ]
}

@test "places: status goes to the target, in the worktree that has it" {
	[ "$(home_of .branch)" = main ]
	[ "$(home_of .is_coordination)" = false ]
	[ "$(home_of .worktree)" = "$PWD" ]
	[ "$(home_of .feature_dir)" = "$PWD/kitty-specs/m" ]
	git switch -q -c other
	[ "$(home_of .branch)" = main ]
	[ "$(home_of .worktree)" = null ]
	git worktree add -q ../w main
	[ "$(home_of .worktree)" = "$(cd ../w && pwd)" ]
	rm -r ../w
	[ "$(home_of .worktree)" = null ]
}

@test "places: the branch of a mission that only lanes are merged into is passed" {
	git branch kitty/mission-m
	[ "$(home_of .branch)" = main ]
	moved m WP01 in_progress
	[ "$(home_of .branch)" = main ]
}

@test "places: transitions that the target lacks make it a coordination branch" {
	git switch -q -c kitty/mission-m
	moved m WP01 in_progress
	git switch -q main
	[ "$(home_of .branch)" = kitty/mission-m ]
	[ "$(home_of .is_coordination)" = true ]
	[ "$(home_of .worktree)" = null ]
	git worktree add -q .worktrees/m-coord kitty/mission-m
	[ "$(home_of .feature_dir)" = "$PWD/.worktrees/m-coord/kitty-specs/m" ]
	moved m WP02 claimed # a stray one on the target changes nothing
	[ "$(home_of .branch)" = kitty/mission-m ]
}

@test "places: a coordination worktree makes one, until the mission is home" {
	git worktree add -q -b kitty/mission-m .worktrees/m-coord
	[ "$(home_of .branch)" = kitty/mission-m ]
	(cd .worktrees/m-coord && moved m WP01 in_progress)
	git merge -q kitty/mission-m
	[ "$(home_of .branch)" = kitty/mission-m ]
	moved m WP01 'done' 01KE0000000000000000000077
	[ "$(home_of .branch)" = main ]
}

@test "places: a worktree of another name makes none" {
	git worktree add -q -b kitty/mission-m ../m-copy
	[ "$(home_of .branch)" = main ]
}

@test "places: meta.json says which topology it is" {
	git branch kitty/mission-m
	plan m topology lanes_with_coord
	event m WP01 planned claimed 01KE0000000000000000000001
	commit
	[ "$(home_of .branch)" = kitty/mission-m ]
	plan m topology lanes
	event m WP01 planned claimed 01KE0000000000000000000001
	commit
	git worktree add -q .worktrees/m-coord kitty/mission-m
	[ "$(home_of .branch)" = main ]
}

@test "places: a coordination branch that was only fetched is where to begin" {
	git clone -q . ../theirs
	git -C ../theirs switch -q -c kitty/mission-m
	(cd ../theirs && moved m WP01 in_progress)
	git remote add origin ../theirs
	git fetch -q
	[ "$(home_of .branch)" = kitty/mission-m ]
	[ "$(home_of .is_remote)" = true ]
	git switch -q kitty/mission-m
	[ "$(home_of .is_remote)" = false ]
}

@test "places: status never goes to the branch of a lane" {
	git switch -q -c kitty/mission-m-lane-a
	plan m target_branch kitty/mission-m-lane-a
	commit
	git branch -qD main
	run -0 --separate-stderr git sk-mission show m
	[[ $output == *"Status goes to: 'kitty/mission-m-lane-a' is the branch of a lane"* ]]
	[ "$(home_of '')" = null ]
}

@test "places: a target that is not there is told" {
	plan m target_branch elsewhere
	commit
	run -0 git sk-mission show m
	[[ $output == *"target branch 'elsewhere' of mission 'm' is not there"* ]]
}

@test "places: without a target named it is the branch that HEAD is on" {
	jq 'del(.target_branch)' kitty-specs/m/meta.json >../meta
	mv ../meta kitty-specs/m/meta.json
	commit
	git branch aaa && git branch zzz
	[ "$(home_of .branch)" = main ]
	git switch -q zzz
	[ "$(home_of .branch)" = zzz ]
	git switch -q --detach
	run -0 git sk-mission show m
	[[ $output == *"mission 'm' does not say its target branch"* ]]
}
