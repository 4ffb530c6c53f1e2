#!/usr/bin/env bats
# Commits beside whatever else is going on: killed at any moment, many at once.

load helper
load moments
load record

setup() {
	record_setup
	git config core.fsync none
	GITWRITE=$BUILD/tests/tool/gitwrite
}

teardown() {
	sk_teardown
}

# is_whole <lines>: the log has them all, each committed once and by itself;
# what the user staged is staged; nothing of ours is left.
is_whole() {
	[ "$(git show HEAD:d/log)" = "$(seq "$1")" ]
	[ "$(git rev-list --count start..HEAD)" = $(($1 - 1)) ]
	[ "$(git log --format= --name-only start.. | sort -u)" = d/log ]
	[ "$(git status --porcelain)" = 'M  other' ]
	is_left_clean
}

# finishes <lines>: the next run does.
finishes() {
	# as before or as after, and never on its way back
	[[ $(git show HEAD:d/log | tail -n 1) == @("$1"|$(($1 - 1))) ]]
	run "$GITWRITE" commit refs/heads/main "$PWD" - message d/log=d/log
	if [ "$status" = 128 ] && [[ $stderr$output == *".lock'"* ]]; then
		# what a git that was killed has left is a person's to remove
		rm -f .git/HEAD.lock .git/refs/heads/*.lock
		run "$GITWRITE" commit refs/heads/main "$PWD" - message d/log=d/log
	fi
	[[ $status = [01] ]]
	is_whole "$1"
}

# each_killed [-g <words>] <call>...: a commit of a line more, or that git of it, at
# moments of these calls, one after the other, and finished each time. Sets KILLS.
each_killed() {
	local moment count=2 option=()

	[ "$1" != -g ] || option=(-g "$2")
	git tag start
	printf 'staged\n' >>other
	git add other
	seq "$count" >d/log
	find_moments "$@" -- "$GITWRITE" commit refs/heads/main "$PWD" - \
		message d/log=d/log
	KILLS=0
	for moment in "${MOMENTS[@]}"; do
		seq "$((count += 1))" >d/log
		# the last ones may not come: there are objects that git has
		! injected "${option[@]}" signal=KILL "${moment% *}" \
			"${moment#* }" "$GITWRITE" commit refs/heads/main \
			"$PWD" - message d/log=d/log || KILLS=$((KILLS + 1))
		finishes "$count"
	done
	echo "# killed $KILLS times" >&3
}

@test "record: killed at each write, it is before or after, and mended" {
	each_killed write pwrite64 sendto link rename unlink openat
	[ "$KILLS" -ge 10 ]
}

@test "record: a git of it that is killed at each write harms nothing" {
	each_killed -g commit write rename link unlink
	[ "$KILLS" -ge 8 ]
}

@test "record: a lock of the dead keeps a stale index from being committed" {
	cat >.git/hooks/post-commit <<-'SH'
		#!/bin/sh
		kill -KILL $(cat "$HOME/pid")
	SH
	chmod +x .git/hooks/post-commit
	printf 'staged\n' >>other
	git add other
	printf '1\n2\n' >d/log
	run sh -c 'echo $$ >"$HOME/pid"
		exec "$1" commit refs/heads/main "$PWD" - message d/log=d/log' \
		sh "$GITWRITE"
	[ "$status" = 137 ]
	rm .git/hooks/post-commit
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
	run -128 --separate-stderr git commit -q -m user
	[[ $stderr == *"index.lock': File exists"* ]]
	grep -q git-sk .git/index.lock
	run -0 "$GITWRITE" mend "$PWD"
	[ "$(git status --porcelain)" = 'M  other' ]
	is_left_clean
	run -0 git commit -q -m user
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
}

@test "record: a git that outlives us is waited for, then mended after" {
	cat >.git/hooks/commit-msg <<-'SH'
		#!/bin/sh
		kill -KILL $(cat "$HOME/pid")
		sleep 0.3
	SH
	chmod +x .git/hooks/commit-msg
	printf '1\n2\n' >d/log
	run sh -c 'echo $$ >"$HOME/pid"
		exec "$1" commit refs/heads/main "$PWD" - message d/log=d/log' \
		sh "$GITWRITE"
	[ "$status" = 137 ]
	run -0 "$GITWRITE" mend "$PWD"
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
	[ -z "$(git status --porcelain)" ]
	is_left_clean
}

@test "record: killed before HEAD moves, what was staged is as it was" {
	cat >.git/hooks/commit-msg <<-'SH'
		#!/bin/sh
		kill -KILL $(cat "$HOME/pid")
		exit 1
	SH
	chmod +x .git/hooks/commit-msg
	printf 'user\n' >d/log
	printf 'staged\n' >>other
	git add d/log other
	staged=$(git ls-files -s)
	printf '1\n2\n' >"$OURS"
	run sh -c 'echo $$ >"$HOME/pid"; exec "$@"' sh "$GITWRITE" commit \
		refs/heads/main "$PWD" - message d/log="$OURS"
	[ "$status" = 137 ]
	[ "$(git ls-files -s)" != "$staged" ]
	run -0 "$GITWRITE" mend "$PWD"
	[ "$(git rev-list --count HEAD)" = 1 ]
	[ "$(git ls-files -s)" = "$staged" ]
	is_left_clean
}

# user_commits: a plain commit, held up between its look at the index and its
# lock until ours should be done. Run in a hook of ours; returns when it waits.
user_commits() {
	rm -f "$HOME/calls"
	env -u GIT_DIR -u GIT_INDEX_FILE -u GIT_EDITOR ITS=user strace -f -qq \
		-o "$HOME/calls" -e trace=openat -P "$PWD/.git/index.lock" \
		-e inject=openat:delay_enter=2s git commit -q -m user \
		>"$HOME/said" 2>&1 3>&- &
	echo $! >"$HOME/user"
	wait_for grep -q index.lock "$HOME/calls"
}

@test "record: a user's commit that looked while ours was made undoes nothing" {
	local hook

	export -f user_commits wait_for
	for hook in pre-commit commit-msg post-commit; do
		cat >".git/hooks/$hook" <<-'SH'
			#!/bin/bash
			[ "$ITS" = user ] || user_commits
		SH
		chmod +x ".git/hooks/$hook"
		date +%N >>other
		git add other
		date +%N >>d/log
		run -0 "$GITWRITE" commit refs/heads/main "$PWD" - message \
			d/log=d/log
		wait_for is_gone "$(cat "$HOME/user")"
		cat "$HOME/said"
		rm ".git/hooks/$hook"
		git show HEAD:d/log | cmp - d/log
		[ "$(git show --format= --name-only ":/^message")" = d/log ]
		[ -z "$(git diff HEAD --name-only -- d/log)" ]
	done
}

@test "record: a user's commit whose hook takes long has nothing of ours" {
	cat >.git/hooks/pre-commit <<-'SH'
		#!/bin/bash
		case $GIT_INDEX_FILE in
		*sk-index*) touch "$HOME/ours"; wait_for test -e "$HOME/done" ;;
		*) touch "$HOME/user"; wait_for test -e "$HOME/ours" ;;
		esac
	SH
	chmod +x .git/hooks/pre-commit
	export -f wait_for
	printf 'staged\n' >>other
	git add other
	(git commit -q -m user && touch "$HOME/done") 3>&- &
	wait_for test -e "$HOME/user"
	printf '1\n2\n' >d/log
	run -0 "$GITWRITE" commit refs/heads/main "$PWD" - message d/log=d/log
	[ "$(git log --format=%s)" = $'message\nuser\nstart' ]
	[ "$(git show --format= --name-only HEAD^)" = other ]
	[ "$(git show --format= --name-only HEAD)" = d/log ]
	[ -z "$(git status --porcelain)" ]
}

@test "record: another program's lock is never taken for ours" {
	printf 'DIRC and more' >.git/index.lock
	run -0 "$GITWRITE" mend "$PWD"
	[ "$(cat .git/index.lock)" = 'DIRC and more' ]
}

@test "record: a person's Ctrl-C leaves nothing behind" {
	cat >.git/hooks/pre-commit <<-'SH'
		#!/bin/sh
		touch "$HOME/waits"
		sleep 5
	SH
	chmod +x .git/hooks/pre-commit
	printf '1\n2\n' >d/log
	head=$(git rev-parse HEAD)
	# a group of its own, as a terminal has it
	setsid sh -c 'trap - INT; exec "$@"' sh env --default-signal=INT \
		"$GITWRITE" commit refs/heads/main "$PWD" - m d/log=d/log \
		>/dev/null 2>&1 3>&- &
	pid=$!
	wait_for test -e "$HOME/waits"
	kill -INT -- "-$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -gt 128 ]
	[ "$(git rev-parse HEAD)" = "$head" ]
	is_left_clean
}

@test "record: what comes between our look and git's own is not undone" {
	local real

	real=$(command -v git)
	mkdir "$HOME/bin"
	# the branch moves just before the commit is made, twice
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		case " \$* " in
		*" --cleanup="*)
			echo x >>"$HOME/times"
			if [ "\$(wc -l <"$HOME/times")" -le 2 ]; then
				(unset GIT_INDEX_FILE
				cd "$PWD/../between" &&
				wc -l <"$HOME/times" >between &&
				"$real" add between &&
				"$real" commit -q -m between &&
				"$real" update-ref refs/heads/main HEAD) >&2
			fi ;;
		esac
		exec "$real" "\$@"
	SH
	chmod +x "$HOME/bin/git"
	git tag start
	git worktree add -q ../between -b between
	printf '1\n2\n' >d/log
	run -0 env PATH="$HOME/bin:$PATH" "$GITWRITE" commit refs/heads/main \
		"$PWD" - message d/log=d/log
	[ "$(wc -l <"$HOME/times")" = 3 ]
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
	[ "$(git show HEAD:between)" = 2 ]
	[ "$(git log --format=%s start..)" = $'message\nbetween\nbetween' ]
	[ "$(git show --name-only --format= HEAD)" = d/log ]
}

# moves_main <file>: one more commit on main, with that file, by plumbing alone;
# for a hook.
moves_main() {
	local tree

	export GIT_INDEX_FILE=$HOME/index
	git read-tree main
	git update-index --add --cacheinfo \
		"100644,$(git hash-object -w --stdin <<<"$1"),$1"
	tree=$(git write-tree)
	git update-ref refs/heads/main \
		"$(git commit-tree "$tree" -p main -m "$1" </dev/null)"
}

@test "record: what a hook commits in between is beneath ours" {
	export -f moves_main
	cat >.git/hooks/pre-commit <<-'SH'
		#!/bin/bash
		echo x >>"$HOME/times"
		[ "$(wc -l <"$HOME/times")" -gt 2 ] || (moves_main "hook$RANDOM")
	SH
	chmod +x .git/hooks/pre-commit
	git tag start
	printf '1\n2\n' >d/log
	run -0 --separate-stderr "$GITWRITE" commit refs/heads/main "$PWD" - \
		message d/log=d/log
	[ "$output" = "$(git rev-parse main)" ]
	[ "$(wc -l <"$HOME/times")" = 3 ]
	[ "$(git rev-list --count start..)" = 3 ]
	[ "$(git show --name-only --format= HEAD)" = d/log ]
	[ "$(git diff --name-only --diff-filter=A start HEAD | grep -c hook)" = 2 ]
	[ -z "$(git diff --cached --name-only -- d/log)" ]
	is_left_clean
}

@test "record: ours that undoes another, and is built on, is named" {
	local real

	export -f moves_main
	real=$(command -v git)
	mkdir "$HOME/bin"
	# the branch moves behind our look, and again when the commit is made
	cat >"$HOME/bin/git" <<-SH
		#!/bin/bash
		case " \$* " in
		*" --cleanup="*) (PATH=${real%/*}:\$PATH; moves_main between) ;;
		esac
		exec "$real" "\$@"
	SH
	cat >.git/hooks/post-commit <<-'SH'
		#!/bin/bash
		moves_main after
	SH
	chmod +x "$HOME/bin/git" .git/hooks/post-commit
	printf '1\n2\n' >d/log
	run -128 --separate-stderr env PATH="$HOME/bin:$PATH" "$GITWRITE" \
		commit refs/heads/main "$PWD" - message d/log=d/log
	[ "$(git log --format=%s)" = $'after\nmessage\nbetween\nstart' ]
	[[ $stderr == *"hint: commit $(git rev-parse --short=12 HEAD^) undoes"* ]]
	is_left_clean
}

# writes <branch> <folder|-> <file> <count>: so many commits, a line each.
writes() {
	local n

	for ((n = 1; n <= $4; n++)); do
		echo "$n" >>"$HOME/$3"
		"$GITWRITE" commit "refs/heads/$1" "$2" - "$3" \
			"$3=$HOME/$3" >/dev/null || return 1
	done
}

@test "record: commits of two at once, and a user's between: none mixed" {
	local n each=${SK_LONG:+100}

	each=${each:-20}
	git tag start
	writes main "$PWD" one "$each" 2>"$HOME/errors1" &
	first=$!
	writes main "$PWD" two "$each" 2>"$HOME/errors2" &
	second=$!
	for n in $(seq 20); do
		echo "$n" >>notes
		until git add notes 2>/dev/null; do sleep 0.01; done
		until git commit -q -m notes 2>/dev/null; do sleep 0.01; done
	done
	wait "$first"
	wait "$second"
	[ ! -s "$HOME/errors1" ]
	[ ! -s "$HOME/errors2" ]
	[ "$(git log --format=%s start.. | sort | uniq -c | tr -s ' ')" = \
		" 20 notes
 $each one
 $each two" ]
	for n in one two notes; do
		# each touches its own file, by one line more
		[ "$(git log --format= --numstat --grep="^$n\$" start.. | sort -u)" = \
			"1	0	$n" ]
	done
	[ "$(git show HEAD:one)" = "$(seq "$each")" ]
	[ "$(git show HEAD:two)" = "$(seq "$each")" ]
	is_left_clean
	[ -z "$(git diff --cached)" ]
}

@test "record: 60 commits of three at once to a branch nobody has: all there" {
	local n

	git branch side
	for n in one two three; do
		writes side - "$n" 20 2>"$HOME/errors-$n" &
		pids[${#pids[@]}]=$!
	done
	for n in 0 1 2; do
		wait "${pids[n]}"
	done
	[ "$(git rev-list --count main..side)" = 60 ]
	for n in one two three; do
		[ "$(git show "side:$n")" = "$(seq 20)" ]
	done
	git fsck --strict
}
