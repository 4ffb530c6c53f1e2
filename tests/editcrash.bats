#!/usr/bin/env bats
# Changes to a mission, killed at any moment, and many at once.

load helper
load board
load moments
load move

setup() {
	move_setup
	git config core.fsync none
}

teardown() {
	sk_teardown
}

# next_lane: WP01 goes to and fro, and LANE is where to.
next_lane() {
	[ "$LANE" = in_progress ] && LANE=blocked || LANE=in_progress
	ROWS=$((ROWS + 1))
}

# is_before_or_after: the commits of $BRANCH are.
is_before_or_after() {
	local count

	count=$(rows "$BRANCH" | wc -l)
	[ "$count" = "$ROWS" ] || [ "$count" = $((ROWS - 1)) ]
}

# finishes: the same again does, and what is there is whole and ours alone.
finishes() {
	is_before_or_after
	run git sk-task move WP01 "$LANE" --agent bob
	if [ "$status" = 128 ] && [[ $stderr$output == *".lock'"* ]]; then
		# what a git that was killed has left is a person's to remove
		find .git \( -name HEAD.lock -o -path '.git/refs/*.lock' \) \
			-delete
		run git sk-task move WP01 "$LANE" --agent bob
	fi
	echo "# $output"
	[ "$status" = 0 ]
	[ "$(rows "$BRANCH" | wc -l)" = "$ROWS" ]
	[ "$(lane WP01 "$BRANCH")" = "$LANE" ]
	is_right "$BRANCH"
	[ "$(git status --porcelain)" = 'M  other' ]
}

# begin [<branch>]: WP01 is in progress, and the user has something staged.
begin() {
	BRANCH=${1:-main}
	move WP01 in_progress
	LANE=in_progress
	ROWS=$(rows "$BRANCH" | wc -l)
	printf 'x\n' >other
	git add other
	git commit -q -m other
	printf 'staged\n' >>other
	git add other
}

# each_killed [-g <words>] <call>...: a move of WP01, or that git of it, at moments
# of these calls, one after the other, and finished each time. Sets KILLS.
each_killed() {
	local moment option=()

	[ "$1" != -g ] || option=(-g "$2")
	next_lane
	find_moments "$@" -- git-sk-task move WP01 "$LANE" --agent bob
	KILLS=0
	for moment in "${MOMENTS[@]}"; do
		next_lane
		# the last ones may not come: there are objects that git has
		! injected "${option[@]}" signal=KILL "${moment% *}" \
			"${moment#* }" git-sk-task move WP01 "$LANE" \
			--agent bob || KILLS=$((KILLS + 1))
		finishes
	done
	echo "# killed $KILLS times" >&3
}

@test "edit: killed at each write, it is before or after, and finished" {
	begin
	each_killed write pwrite64 rename link unlink ftruncate fsync sendto
	[ "$KILLS" -ge 10 ]
	# one line of activity for each move
	[ "$(activity WP01 | wc -l)" = $((ROWS - 4)) ]
	git fsck --strict
}

@test "edit: a git of it that is killed at each write harms nothing" {
	begin
	each_killed -g commit write rename link unlink
	[ "$KILLS" -ge 8 ]
	git fsck --strict
}

@test "edit: killed at each write to a branch that nobody has" {
	begin
	git switch -q -c topic
	each_killed write rename link unlink sendto
	[ "$KILLS" -ge 5 ]
	git fsck --strict
}

@test "edit: killed between the commits of a coordination branch" {
	git switch -q -c kitty/mission-m
	event m WP02 planned claimed
	commit 'under way'
	git switch -q main
	begin kitty/mission-m
	each_killed write rename link unlink
	[ "$KILLS" -ge 8 ]
	[ "$(activity WP01 | wc -l)" = $((ROWS - 5)) ]
	git fsck --strict
}

@test "edit: Ctrl-C leaves nothing that another try does not finish" {
	begin
	next_lane
	cat >.git/hooks/pre-commit <<-'SH'
		#!/bin/sh
		touch "$HOME/waits"
		sleep 5
	SH
	chmod +x .git/hooks/pre-commit
	setsid env --default-signal=INT git-sk-task move WP01 blocked \
		--agent bob >/dev/null 2>&1 3>&- &
	pid=$!
	wait_for test -e "$HOME/waits"
	kill -INT -- "-$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -gt 127 ]
	rm .git/hooks/pre-commit
	[ "$(rows | wc -l)" = $((ROWS - 1)) ]
	finishes
}

# agent <name> <WP> <count>: moves it to and fro, and sees each succeed.
agent() {
	local i lane=blocked

	for ((i = 0; i < $3; i++)); do
		git sk-task move "$2" "$lane" --agent "$1" >/dev/null || return 1
		[ "$lane" = blocked ] && lane=in_progress || lane=blocked
	done
}

@test "edit: moves of two agents at once, 200 at length: none lost, none mixed" {
	local each=${SK_LONG:+100} half

	each=${each:-20} half=$((${each:-20} / 2))
	move WP01 doing
	move WP02 doing
	git tag -f start
	agent ann WP01 "$each" 2>../errors1 &
	first=$!
	agent bob WP02 "$each" 2>../errors2 &
	second=$!
	wait "$first"
	wait "$second"
	[ ! -s ../errors1 ]
	[ ! -s ../errors2 ]
	[ "$(git log --format=%s start.. | sort | uniq -c | tr -s ' ')" = \
		" $half chore: Move WP01 to blocked on spec m [ann]
 $half chore: Move WP01 to in_progress on spec m [ann]
 $half chore: Move WP02 to blocked on spec m [bob]
 $half chore: Move WP02 to in_progress on spec m [bob]" ]
	# each commit has one line more in the log, and its own file
	[ "$(git log --format= --numstat start.. -- "$LOG" | sort | uniq -c |
		tr -s ' \t' ' ')" = " $((2 * each)) 1 0 $LOG" ]
	[ "$(git log --format='%s' --name-only start.. -- "$M/tasks" |
		sed -n 's/^chore: Move \(WP0.\).*/\1/p; s,.*/\(WP0.\)-x.md,\1,p' |
		paste - - | sort | uniq -c | tr -s ' \t' ' ')" = \
		" $each WP01 WP01
 $each WP02 WP02" ]
	[ "$(rows | wc -l)" = $((7 + 2 * each)) ]
	[ "$(activity WP01 | wc -l)/$(activity WP02 | wc -l)" = \
		"$((each + 1))/$((each + 1))" ]
	is_right
	[ -z "$(git status --porcelain)" ]
}

@test "edit: agents in two worktrees of one mission at once" {
	move WP01 doing
	move WP02 doing
	git worktree add -q ../lane -b kitty/mission-m-lane-a
	agent ann WP01 20 2>../errors1 &
	first=$!
	(cd ../lane && agent bob WP02 20 2>../errors2) &
	second=$!
	wait "$first"
	wait "$second"
	[ ! -s ../errors1 ]
	[ ! -s ../errors2 ]
	[ "$(git log --format=%s start.. | grep -c '^chore: ')" = 42 ]
	[ "$(git log --format= --name-only start.. | sort -u | xargs)" = \
		"$LOG $M/status.json $M/tasks/WP01-x.md $M/tasks/WP02-x.md" ]
	is_right
	[ -z "$(git status --porcelain)$(git -C ../lane status --porcelain)" ]
}
