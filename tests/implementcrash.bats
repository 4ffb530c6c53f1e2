#!/usr/bin/env bats
# git sk-task implement, killed at any moment, and without room.

load helper
load moments
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

# finishes <WP> <actor>: as before or as after, and then as after.
finishes() {
	case $(lane_of "$1") in
	'planned agent' | "in_progress $2") ;;
	*) return 1 ;;
	esac
	git fsck --strict --no-dangling
	run git-sk-task implement "$1" --agent "$2"
	if [ "$status" = 128 ] && [[ $output == *".lock'"* ]]; then
		# what a git that was killed has left is a person's to remove
		find .git -name '*.lock' ! -name 'sk-*' ! -path '*locks/*' -delete
		run git-sk-task implement "$1" --agent "$2"
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
	local moment count=0 kills=0

	echo staged >staged
	git add staged
	# files are opened and programs started more often than they are written
	find_moments write rename unlink mkdir clone3 openat -- \
		git-sk-task implement WP01 --agent a0
	undone
	for moment in "${MOMENTS[@]}"; do
		count=$((count + 1))
		! injected signal=KILL "${moment% *}" "${moment#* }" \
			git-sk-task implement WP01 --agent "a$count" ||
			kills=$((kills + 1))
		finishes WP01 "a$count"
		undone
	done
	echo "# killed $kills times" >&3
	[ "$kills" = "${#MOMENTS[@]}" ]
	[ "$kills" -ge 15 ]
}

# fails <error> <call>...: implement of WP01, of which such a call fails, at
# moments of each.
fails() {
	local moment

	find_moments "${@:2}" -- git-sk-task implement WP01 --agent claude
	[ -n "${MOMENTS[*]}" ]
	undone
	for moment in "${MOMENTS[@]}"; do
		injected "error=$1" "${moment% *}" "${moment#* }" \
			git-sk-task implement WP01 --agent claude
		# shellcheck disable=SC2153 # of traced()
		[[ $STATUS == @(0|128) ]] || {
			echo "$moment: $STATUS"
			cat "$SAID"
			return 1
		}
		if [ "$STATUS" = 128 ]; then
			grep -q 'error: ' "$SAID"
			if [ "$(lane_of WP01)" = 'planned agent' ]; then
				# nothing is half done, and nothing left
				[ ! -e "$TREE" ]
				[ -z "$(git status --porcelain)" ]
			fi
		fi
		run -0 git-sk-task implement WP01 --agent claude
		[ "$(lane_of WP01)" = 'in_progress claude' ]
		[ -z "$(git status --porcelain)" ]
		undone
	done
}

@test "implement: when a write fails it is before or after, and said" {
	fails ENOSPC write
	fails EIO rename
	fails EROFS mkdir
}
