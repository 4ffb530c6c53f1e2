#!/usr/bin/env bats
# git sk-task implement, killed at any moment, and without room.

load helper
load implement

setup() {
	sk_setup
	implement_setup
	git config core.fsync none
	planned
}

teardown() {
	sk_teardown
}

# killed <call> <number> <WP> <option>...: implement, killed when it calls that
# for the n-th time. Fails when it never was.
killed() {
	local status=0

	# LeakSanitizer cannot work in what is traced
	ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e trace="$1" \
		-e inject="$1:signal=KILL:when=$2" \
		"$BUILD/bin/git-sk-task" implement "${@:3}" \
		>/dev/null 2>&1 || status=$?
	[ "$status" -ge 128 ]
} 2>/dev/null

# finishes <WP> <actor>: as before or as after, and then as after.
finishes() {
	case $(lane_of "$1") in
	'planned agent' | "in_progress $2") ;;
	*) return 1 ;;
	esac
	git fsck --strict --no-dangling
	run "$BUILD/bin/git-sk-task" implement "$1" --agent "$2"
	if [ "$status" = 128 ] && [[ $output == *".lock'"* ]]; then
		# what a git that was killed has left is a person's to remove
		find .git -name '*.lock' ! -name 'sk-*' ! -path '*locks/*' -delete
		run "$BUILD/bin/git-sk-task" implement "$1" --agent "$2"
	fi
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	[ "${lines[-1]}" = "$TREE" ]
	[ "$(lane_of "$1")" = "in_progress $2" ]
	[ "$(git show "main:$LOG" | grep -c "\"$2\"")" = 2 ]
	[ "$(git show "main:kitty-specs/001-a/tasks/$1-x.md" |
		grep -c "Z – $2 – shell_pid=.* – Started")" = 1 ]
	git show "main:kitty-specs/001-a/tasks/$1-x.md" | grep -qx "agent: \"$2\""
	[ "$(jq -r .current_wp .kittify/workspaces/001-a-lane-a.json)" = "$1" ]
	[ "$(git -C "$TREE" symbolic-ref HEAD)" = "refs/heads/$LANE" ]
	[ -z "$(git -C "$TREE" status --porcelain)" ]
	[ "$(git status --porcelain)" = 'A  staged' ]
	run -1 grep -q '^locked' <(git worktree list --porcelain)
}

# undone: as if WP01 had not been started, but for the log.
undone() {
	git worktree remove "$TREE"
	git update-ref -d "refs/heads/$LANE"
	git update-ref -d refs/heads/kitty/mission-001-a
	rm -r .kittify .git/info/exclude
	wp WP01
	jq 'del(.vcs, .vcs_locked_at)' kitty-specs/001-a/meta.json >x
	mv x kitty-specs/001-a/meta.json
	git commit -q -m again kitty-specs
	moved WP01 in_progress planned
}

@test "implement: killed at each write, it is before or after, and finished" {
	local n call step count=0 kills=0

	echo staged >staged
	git add staged
	# files are opened and programs started more often than they are written
	for call in write rename unlink mkdir clone3:3 openat:29; do
		step=${call#*:}
		[ "$step" != "$call" ] || step=1
		call=${call%:*}
		for ((n = 1; n < 300; n += step)); do
			count=$((count + 1))
			killed "$call" "$n" WP01 --agent "a$count" || break
			finishes WP01 "a$count"
			undone
			kills=$((kills + 1))
		done
		finishes WP01 "a$count"
		undone
	done
	echo "# killed $kills times" >&3
	[ "$kills" -ge 30 ]
}

# failed <call> <number> <error>: implement of WP01, whose n-th such call fails.
# Returns its status, 99 when there was none.
failed() {
	local status=0

	ASAN_OPTIONS=detect_leaks=0 strace -qq -o ../calls -e trace="$1" -e inject="$1:error=$3:when=$2" \
		"$BUILD/bin/git-sk-task" implement WP01 --agent claude \
		>../said 2>&1 || status=$?
	grep -q INJECTED ../calls || return 99
	return "$status"
}

@test "implement: when a write fails it is before or after, and said" {
	local n call error status

	while read -r call error; do
		for ((n = 1; n < 60; n++)); do
			status=0
			failed "$call" "$n" "$error" || status=$?
			[ "$status" != 99 ] || break
			[[ $status == @(0|128) ]] || {
				echo "$call $n: $status"
				cat ../said
				return 1
			}
			if [ "$status" = 128 ]; then
				grep -q 'error: ' ../said
				if [ "$(lane_of WP01)" = 'planned agent' ]; then
					# nothing is half done, and nothing left
					[ ! -e "$TREE" ]
					[ -z "$(git status --porcelain)" ]
				fi
			fi
			run -0 "$BUILD/bin/git-sk-task" implement WP01 --agent claude
			[ "$(lane_of WP01)" = 'in_progress claude' ]
			[ -z "$(git status --porcelain)" ]
			undone
		done
		[ "$n" -gt 1 ]
		undone
	done <<-END
		write ENOSPC
		rename EIO
		mkdir EROFS
	END
}
