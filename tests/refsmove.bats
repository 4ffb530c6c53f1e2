#!/usr/bin/env bats
# Refs that move together, or not at all (lib/git/refsmove.h).

load helper
load mergetree

setup() {
	sk_setup
	enter_repo
	echo x >file
	git add .
	git commit -qm base
	git commit -q --allow-empty -m next
	BASE=$(git rev-parse main~1)
	NEXT=$(git rev-parse main)
	git branch a "$BASE"
	git branch b "$BASE"
}

teardown() {
	sk_teardown
}

# stays <status> <move>...: nothing moves, HEAD and the logs neither.
stays() {
	local status=$1 before

	before=$(git for-each-ref && cat .git/HEAD && ls -R .git/logs .git/refs &&
		cat .git/logs/HEAD .git/logs/refs/heads/*)
	run -"$status" --separate-stderr "$TOOL" move why "${@:2}"
	[ "$(git for-each-ref && cat .git/HEAD && ls -R .git/logs .git/refs &&
		cat .git/logs/HEAD .git/logs/refs/heads/*)" = "$before" ]
}

@test "refsmove: refs move, come and go together, with the reason" {
	run -0 --separate-stderr "$TOOL" move 'merge: a and b' \
		"refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=-" \
		"refs/heads/c=-=$NEXT" "refs/heads/main=$NEXT=$NEXT" \
		"refs/heads/d=-=-"
	[ -z "$output$stderr" ]
	[ "$(git for-each-ref --format='%(refname:short) %(objectname)' | xargs)" = \
		"a $NEXT c $NEXT main $NEXT" ]
	[ "$(git reflog -1 --format=%gs a)" = 'merge: a and b' ]
	[ "$(git reflog -1 --format=%gs c)" = 'merge: a and b' ]
	[ "$(git reflog main | wc -l)" = 2 ]
	[ "$(git symbolic-ref HEAD)" = refs/heads/main ]
}

@test "refsmove: one that has moved is named, and none moves" {
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$NEXT=$BASE"
	[[ $stderr == "error: 'refs/heads/b' has moved meanwhile"* ]]
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/gone=$NEXT=$BASE"
	[[ $stderr == "error: 'refs/heads/gone' has moved meanwhile"* ]]
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=-=$NEXT"
	[[ $stderr == "error: 'refs/heads/b' is there already"* ]]
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$NEXT=-"
	[[ $stderr == "error: 'refs/heads/b' has moved meanwhile"* ]]
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$NEXT=$NEXT"
	[[ $stderr == "error: 'refs/heads/b' has moved meanwhile"* ]]
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=-=-"
	[[ $stderr == "error: 'refs/heads/b' is there already"* ]]
}

@test "refsmove: a lock, a hook and a name in the way stop all of it" {
	touch .git/refs/heads/b.lock
	stays 2 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=$NEXT"
	[[ $stderr == *'error: cannot move the refs: '*"b.lock'"* ]]
	[[ $stderr == *'hint: wait for the git that works here'* ]]
	rm .git/refs/heads/b.lock
	stays 128 "refs/heads/a=$BASE=$NEXT" "refs/heads/b/c=-=$NEXT"
	[[ $stderr == *'error: cannot move the refs: '*'refs/heads/b'* ]]
	printf '#!/bin/sh\n[ "$1" != prepared ]\n' >.git/hooks/reference-transaction
	chmod +x .git/hooks/reference-transaction
	stays 128 "refs/heads/a=$BASE=$NEXT"
	[[ $stderr == *'error: cannot move the refs: '*'hook'* ]]
}

@test "refsmove: a name in short, and one of two words, are refused" {
	stays 128 "refs/heads/a=$BASE=$NEXT" "HEAD=$NEXT=$BASE"
	[[ $stderr == *"error: 'HEAD' is no full name of a ref"* ]]
	stays 128 "refs/heads/a=$BASE=$NEXT" "refs/heads/c d=-=$NEXT"
	stays 128 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=$(git rev-parse main:)"
	stays 128 "refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=${BASE//?/1}"
}

@test "refsmove: packed refs, a symbolic one and other worktrees move" {
	git pack-refs --all
	git symbolic-ref refs/heads/alias refs/heads/a
	git worktree add -q ../linked b
	run -0 "$TOOL" move why "refs/heads/alias=$BASE=$NEXT" \
		"refs/heads/b=$BASE=$NEXT"
	[ "$(git symbolic-ref refs/heads/alias)" = refs/heads/a ]
	[ "$(git rev-parse a b | xargs)" = "$NEXT $NEXT" ]
	[ "$(git -C ../linked symbolic-ref HEAD)" = refs/heads/b ]
	git init -q --bare ../bare
	git push -q ../bare main a
	cd ../bare
	run -0 "$TOOL" move why "refs/heads/a=$NEXT=$BASE" "refs/heads/z=-=$NEXT"
	[ "$(git rev-parse a z | xargs)" = "$BASE $NEXT" ]
}

@test "refsmove: SHA-256 and thousands of refs are one transaction" {
	local refs=() i

	rm -rf .git
	git init -q --object-format=sha256 .
	git add .
	git commit -qm base
	BASE=$(git rev-parse HEAD)
	for ((i = 0; i < 3000; i++)); do
		refs+=("refs/sk/$i=-=$BASE")
	done
	run -0 "$TOOL" move why "${refs[@]}"
	[ "$(git for-each-ref refs/sk | wc -l)" = 3000 ]
	stays 2 "${refs[@]}"
}

@test "refsmove: what is done between is done under the locks, before any moves" {
	local what='git rev-parse a; git update-ref refs/heads/a main ||
		echo locked; git update-ref refs/heads/b main || echo locked'

	run -0 --separate-stderr "$TOOL" move-with "$what" \
		"refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=$BASE"
	[ "$output" = "$BASE"$'\nlocked\nlocked' ]
	[ "$(git rev-parse a b | xargs)" = "$NEXT $BASE" ]
}

@test "refsmove: what fails between moves nothing, and is not begun for nothing" {
	local before

	before=$(git for-each-ref)
	run -128 --separate-stderr "$TOOL" move-with false \
		"refs/heads/a=$BASE=$NEXT" "refs/heads/b=$BASE=-"
	[ "$stderr" = 'error: it failed' ]
	[ "$(git for-each-ref)" = "$before" ]
	[ -z "$(find .git -name '*.lock')" ]
	run -2 --separate-stderr "$TOOL" move-with 'touch ran' \
		"refs/heads/a=$BASE=$NEXT" "refs/heads/b=$NEXT=$BASE"
	[ ! -e ran ]
	[ "$(git for-each-ref)" = "$before" ]
}
