#!/usr/bin/env bats
# git sk-task implement: wherever branches and worktrees are, and two at once.

load helper
load implement

setup() {
	sk_setup
	implement_setup
}

teardown() {
	sk_teardown
}

@test "implement: nothing of it is seen by git status" {
	planned
	echo '*.o' >.git/info/exclude
	implement WP01
	implement WP02
	[ -z "$(git status --porcelain)" ]
	[ "$(cat .git/info/exclude)" = '*.o
/.worktrees
/.kittify/workspaces/' ]
	git add .
	[ -z "$(git diff --cached --name-only)" ]
}

@test "implement: a link in the place of .worktrees is not seen either" {
	planned
	mkdir ../elsewhere
	ln -s ../elsewhere .worktrees
	implement WP01
	[ -z "$(git status --porcelain)" ]
	run -0 implement WP01
	[[ $output == *', as before.'* ]]
	[ -f ../elsewhere/001-a-lane-a/code.c ]
}

@test "implement: --base says where the branch of the lane begins" {
	planned
	git commit -q --allow-empty -m later
	refuses 129 "'no' names no commit" WP01 --base no
	run -0 implement WP01 --base HEAD~2
	# shellcheck disable=SC2153 # not the local of another test
	[ "$(git rev-parse "$LANE")" = "$(git rev-parse main~3)" ]
	[ "$(git rev-parse kitty/mission-001-a)" = "$(git rev-parse main~1)" ]
	grep -qx 'base_branch: "HEAD~2"' kitty-specs/001-a/tasks/WP01-x.md
	before=$(git rev-parse main)
	run -0 --separate-stderr implement WP01 --base main
	[ "$(git rev-parse main)" = "$before" ]
	[[ $stderr == "warning: '$LANE' is there already, and stays where it began"* ]]
	[ "$(git rev-parse "$LANE")" = "$(git rev-parse main~3)" ]
}

@test "implement: branches that a teammate has pushed are gone on with" {
	planned
	git clone -q . ../other
	git switch -q -c kitty/mission-001-a
	git commit -q --allow-empty -m merged
	git switch -q -c "$LANE"
	git commit -q --allow-empty -m 'of the lane'
	git switch -q main
	lane=$(git rev-parse "$LANE") mission=$(git rev-parse "$LANE^")
	cd ../other
	git fetch -q
	implement WP01
	[ "$(git rev-parse "$LANE")" = "$lane" ]
	[ "$(git rev-parse kitty/mission-001-a)" = "$mission" ]
	run -1 grep -q base_commit kitty-specs/001-a/tasks/WP01-x.md
	[ "$(jq -r .base_commit .kittify/workspaces/001-a-lane-a.json)" = "$mission" ]
}

@test "implement: a claim that was fetched and not merged yet counts" {
	planned
	git clone -q . ../other
	implement WP01
	cd ../other
	git fetch -q
	refuses 1 "'WP01' is in progress by 'claude'" WP01 --agent bob
	refuses 1 "'WP01' is in in_progress on 'origin/main', of which 'main' knows nothing" WP01
	[[ $stderr == *"hint: run 'git merge origin/main' on 'main'"* ]]
	git merge -q origin/main
	run -0 implement WP01
	[ "${lines[0]}" = "WP01 is in progress by 'claude', as before." ]
}

@test "implement: a hook that refuses the commit leaves nothing of it" {
	planned
	printf '#!/bin/sh\necho "not today" >&2\nexit 1\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	printf '/.worktrees\n/.kittify/workspaces/\n' >>.git/info/exclude
	refuses 128 'not today' WP01
	[ ! -e "$TREE" ]
	echo edit >>kitty-specs/001-a/tasks/WP01-x.md
	event 001-a WP02 planned claimed
	refuses 128 'not today' WP01
	refuses 128 'not today' WP04
	rm .git/hooks/pre-commit
	run -0 implement WP01
	[ "$(git diff --numstat | cut -f 1-2)" = $'1\t0' ]
}

@test "implement: what a hook did in the new worktree is kept" {
	planned
	printf '#!/bin/sh\necho x >%s/made\nexit 1\n' "$TREE" >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr implement WP01
	[[ $stderr == *"error: the worktree in '$TREE' stays: "* ]]
	[ -e "$TREE/made" ]
	[ "$(lane_of WP01)" = 'planned agent' ]
	[ -z "$(git status --porcelain)" ]
}

@test "implement: a mission's branch that is no name gives git no commands" {
	planned
	git branch victim
	file=kitty-specs/001-a/lanes.json
	for name in "x $(git rev-parse HEAD)"$'\ndelete refs/heads/victim' \
		'a b' '-x; rm' 'a..b' $'\x1b'; do
		jq --arg name "$name" '.mission_branch = $name' "$file" >new
		mv new "$file"
		git commit -qam "$file"
		refuses 128 'cannot be the branch of the mission' WP01
		[ "$(git for-each-ref --format='%(refname)' | xargs)" = \
			'refs/heads/main refs/heads/victim' ]
	done
}

@test "implement: in a repository that was moved it says how to go on" {
	planned
	implement WP01
	moved=$PWD-moved
	mv "$PWD" "$moved"
	cd "$moved"
	folder=$(cd .worktrees/* && pwd)
	refuses 128 "run 'git worktree repair $folder'" WP01
	git worktree repair "$folder" 2>/dev/null
	implement WP01
}

@test "implement: a branch in the way of the names is told to be renamed" {
	local branch

	planned
	for branch in kitty "$LANE/x" kitty/mission-001-a/x; do
		git branch "$branch"
		refuses 128 "hint: run 'git branch -m $branch <name>', or remove it" \
			WP01
		git branch -q -D "$branch"
	done
	implement WP01
}

@test "implement: whoever stands on the branch of the lane is told to leave it" {
	planned
	git switch -q -c "$LANE"
	refuses 128 "hint: run 'git switch main' there" WP01
	git switch -q main
	implement WP01
	cp -r "$PWD" ../copy
	cd ../copy
	refuses 128 "hint: this is a copy of that repository: work there, or move '$PWD/.git/worktrees' and .worktrees away" WP01
	mv .git/worktrees .worktrees ..
	implement WP01
}

@test "implement: a target that is not checked out is committed to by its ref" {
	planned
	git switch -q -c elsewhere
	git rm -rq kitty-specs
	git commit -q -m 'no plan here'
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ "$(lane_of WP01)" = 'in_progress claude' ]
	[ ! -e kitty-specs ]
	[ -z "$(git status --porcelain)" ]
	git show main:kitty-specs/001-a/tasks/WP01-x.md | grep -qx 'agent: "claude"'
	run -0 implement WP01
	[ "${lines[0]}" = "WP01 is in progress by 'claude', as before." ]
}

@test "implement: with HEAD detached the branch is committed to all the same" {
	planned
	git switch -q --detach
	run -0 implement WP01
	[ "$(lane_of WP01)" = 'in_progress claude' ]
	[ "$(git rev-parse HEAD)" = "$(git rev-parse main^)" ]
}

@test "implement: a mission with a coordination branch has two commits" {
	planned --arg topology lanes_with_coord
	git branch kitty/mission-001-a
	git worktree add -q .worktrees/001-a-coord kitty/mission-001-a
	run -0 --separate-stderr implement WP01
	coord=kitty/mission-001-a
	[ "$(git show "$coord:$LOG" | tail -n 1 | jq -r .to_lane)" = in_progress ]
	[ "$(git show --format= --name-only "$coord" | xargs -n 1 basename | xargs)" = \
		'status.events.jsonl status.json' ]
	[ "$(lane_of WP01)" = 'planned agent' ]
	[ "$(git show --format= --name-only main | xargs -n 1 basename | xargs)" = \
		'meta.json WP01-x.md' ]
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git -C .worktrees/001-a-coord status --porcelain)" ]
	[ "$(git -C "$TREE" symbolic-ref HEAD)" = "refs/heads/$LANE" ]
	before=$(all)
	implement WP01
	[ "$(all)" = "$before" ]
	refuses 1 "'WP01' is in progress by 'claude'" WP01 --agent bob
}

@test "implement: with a coordination branch, one commit of two is gone on with" {
	planned --arg topology coord
	git worktree add -q .worktrees/001-a-coord -b kitty/mission-001-a
	cat >.git/hooks/pre-commit <<-'SH'
		#!/bin/sh
		test "$(git symbolic-ref HEAD)" != refs/heads/main
	SH
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr implement WP01
	[ -e "$TREE" ]
	[ "$(git show "kitty/mission-001-a:$LOG" | tail -n 1 | jq -r .to_lane)" = \
		in_progress ]
	rm .git/hooks/pre-commit
	run -0 implement WP01
	git show main:kitty-specs/001-a/tasks/WP01-x.md | grep -qx 'agent: "claude"'
	[ -z "$(git status --porcelain)" ]
}

@test "implement: a line that another's commit took along is gone on with" {
	planned
	moved WP01 planned claimed in_progress
	git worktree add -q "$TREE" -b "$LANE"
	run -0 implement WP01 --agent agent
	[ "${lines[0]}" = "WP01 is in progress by 'agent', as before." ]
	git show main:kitty-specs/001-a/tasks/WP01-x.md | grep -qx 'agent: "agent"'
	[ "$(git show --format= --name-only main | xargs -n 1 basename | xargs)" = \
		'meta.json WP01-x.md' ]
	before=$(all)
	implement WP01 --agent agent
	[ "$(all)" = "$before" ]
}

@test "implement: a worktree of a bare repository has its lanes beside it" {
	planned
	git clone -q --bare . ../bare
	cd ../bare
	before=$(git for-each-ref)
	run -128 --separate-stderr implement WP01
	[[ $stderr == *'the repository has no work tree'*"git worktree add <folder> main"* ]]
	[ "$(git for-each-ref)" = "$before" ]
	git worktree add -q ../tree main
	cd ../tree
	run -0 implement WP01
	[ "${lines[-1]}" = "$PWD/.worktrees/001-a-lane-a" ]
	[ "$(lane_of WP01)" = 'in_progress claude' ]
	[ -z "$(git status --porcelain)" ]
}

@test "implement: in a repository of sha256" {
	cd .. && rm -rf repo
	implement_setup --object-format=sha256
	planned
	run -0 implement WP01
	base=$(git rev-parse main^)
	grep -qx "base_commit: \"${base:0:40}\"" kitty-specs/001-a/tasks/WP01-x.md
	[ "$(git rev-parse "$LANE")" = "$base" ]
	[ "$(lane_of WP01)" = 'in_progress claude' ]
}

@test "implement: a folder that may not be written to changes nothing" {
	[ "$(id -u)" != 0 ] || skip 'root may write anywhere'
	planned
	chmod a-w .
	run -128 --separate-stderr implement WP01
	chmod u+w .
	[ "$(git for-each-ref --format='%(refname)')" = refs/heads/main ]
	[ -z "$(git status --porcelain)" ]
	run -0 implement WP01
}

@test "implement: no such work package, no mission, no repository" {
	run -128 --separate-stderr implement WP01 --mission 001-a
	[[ $stderr == *"there is no mission '001-a'"* ]]
	planned
	refuses 128 "mission '001-a' has no file for 'WP09'" WP09
	[[ $stderr == *'hint: it has WP01, WP02, WP03, WP04'* ]]
	echo text >kitty-specs/001-a/tasks/WP02-x.md
	git commit -qam 'no front matter'
	refuses 128 "it has no front matter
hint: begin it with the lines '---', 'work_package_id: WPnn' and '---'" WP02
	refuses 129 "'WP' is no work package" WP
	refuses 129 "'x' is no process id" WP01 --shell-pid x
	cd "$BATS_TEST_TMPDIR"
	run -128 --separate-stderr git sk-task implement WP01
}

# --- two at once

# together <command>... -- <command>...: run both at the same moment. Fails when
# one did.
together() {
	local first=() second=() to=first status=0

	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then to=second; else
			eval "$to+=(\"\$1\")"
		fi
		shift
	done
	"${first[@]}" >../first 2>&1 3>&- &
	pid=$!
	"${second[@]}" >../second 2>&1 || status=1
	wait "$pid" && return "$status"
}

@test "implement: two agents at once, in one lane and in two" {
	local i wp

	planned
	wp WP03
	git commit -qam 'no dependencies'
	for i in 1 2 3 4 5; do
		together git sk-task implement WP01 --agent a$i -- \
			git sk-task implement WP0$((i % 2 + 2)) --agent b$i
		for wp in WP01 WP0$((i % 2 + 2)); do
			[[ $(lane_of $wp) == in_progress* ]]
		done
		[ -z "$(git status --porcelain)" ]
		# each commit has the lines of one
		for commit in $(git rev-list -2 main); do
			[ "$(git show "$commit" -- "$LOG" | grep '^+{' |
				sed 's/^+//' | jq -r .wp_id | uniq | wc -l)" = 1 ]
		done
		git worktree list --porcelain | grep '^worktree ' | cut -d ' ' -f 2 |
			grep lane | xargs -n 1 git worktree remove
		git for-each-ref --format='%(refname)' refs/heads/kitty |
			xargs -n 1 git update-ref -d
		moved WP01 in_progress planned
		moved WP0$((i % 2 + 2)) in_progress planned
	done
	[ "$(jq -r .event_id "$LOG" | sort | uniq -d)" = '' ]
	[ "$(grep -c '"claimed"' "$LOG")" = 20 ]
	git fsck --strict --no-dangling
}

@test "implement: of two agents that want the same one has it" {
	local n

	planned
	for n in 1 2 3 4 5; do
		run -1 together git sk-task implement WP01 --agent "a$n" -- \
			git sk-task implement WP01 --agent "b$n"
		grep -q "WP01 is in progress by '[ab]$n'" ../first ../second
		grep -q "error: 'WP01' is in progress by '[ab]$n'" ../first ../second
		[ "$(git show main --format= -- "$LOG" | grep -c '^+{')" = 2 ]
		[ -z "$(git status --porcelain)" ]
		moved WP01 in_progress planned
	done
}
