#!/usr/bin/env bats
# A worktree that goes from one commit to another (lib/git/advance.h).

load helper

TOOL=$BUILD/tests/tool/advance

setup() {
	sk_setup
	enter_repo
	mkdir gone folder
	printf 'one\ntwo\nthree\n' >edited
	echo x >gone/file
	echo x >folder/file
	echo x >becomes-folder
	echo '#!/bin/sh' >script
	ln -s edited link
	echo same >same
	git add .
	git commit -qm from
	FROM=$(git rev-parse HEAD)
	printf 'one\n2\nthree\nfour\n' >edited
	git rm -qr gone becomes-folder folder
	mkdir becomes-folder new
	echo y >becomes-folder/file
	echo y >folder
	echo y >'new/a "b"'
	chmod +x script
	ln -sf script link
	git add .
	git commit -qm to
	TO=$(git rev-parse HEAD)
	PATHS=(edited gone/file becomes-folder becomes-folder/file folder
		folder/file 'new/a "b"' script link)
	git reset -q --hard "$FROM"
}

teardown() {
	sk_teardown
}

# is_at <commit>: index and files are that commit's, and nothing of ours stays.
is_at() {
	git update-ref --no-deref HEAD "$1"
	git status --porcelain
	[ -z "$(git status --porcelain)" ]
	[ "$(git write-tree)" = "$(git rev-parse "$1^{tree}")" ]
	[ -z "$(find .git -name '*.lock' ! -name sk-record.lock -o \
		-name 'sk-index*')" ]
}

# as <commit> <path>: have the file as that commit has it, or not at all.
as() {
	rm -rf "$2"
	if git cat-file -e "$1:$2" 2>/dev/null &&
		[ "$(git cat-file -t "$1:$2")" = blob ]; then
		GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git read-tree "$1"
		GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git checkout-index -qf "$2"
	fi
}

@test "advance: goes there, and back" {
	"$TOOL" run "$PWD" "$FROM" "$TO"
	is_at "$TO"
	"$TOOL" run "$PWD" "$TO" "$FROM"
	is_at "$FROM"
}

@test "advance: what is edited, staged or not known elsewhere stays" {
	echo mine >>same
	echo mine >other
	echo mine >ignored
	echo ignored >.git/info/exclude
	echo staged >staged
	git add staged
	"$TOOL" run "$PWD" "$FROM" "$TO"
	git update-ref --no-deref HEAD "$TO"
	[ "$(git status --porcelain | xargs)" = 'M same A staged ?? other' ]
	[ "$(cat same other ignored | xargs)" = 'same mine mine mine' ]
}

@test "advance: nothing moves where something is in the way" {
	local before

	for what in 'echo mine >>edited' 'echo mine >>edited; git add edited' \
		'rm script; git add -u' 'mkdir new; echo mine >"new/a \"b\""' \
		'mkdir new; echo mine >"new/a \"b\""; echo new >.git/info/exclude' \
		'echo mine >folder/mine'; do
		eval "$what"
		echo "$what"
		before=$(git status --porcelain --ignored; git ls-files -s; cat edited)
		run -128 --separate-stderr "$TOOL" run "$PWD" "$FROM" "$TO"
		[[ $stderr == "error: '$PWD': the work tree cannot follow: "* ]]
		[ "$(git status --porcelain --ignored; git ls-files -s
			cat edited)" = "$before" ]
		git reset -q --hard
		git clean -qfdx
		: >.git/info/exclude
	done
	is_at "$FROM"
}

@test "advance: another git at the index is waited for, and named" {
	: >.git/index.lock
	run -2 --separate-stderr "$TOOL" run "$PWD" "$FROM" "$TO"
	[[ $stderr == *"index.lock' exists: another git is writing"* ]]
	rm .git/index.lock
	(: >.git/index.lock && sleep 1 && rm .git/index.lock) &
	sleep 0.2
	"$TOOL" run "$PWD" "$FROM" "$TO"
	wait
	is_at "$TO"
}

@test "advance: nobody commits meanwhile" {
	echo 'edited filter=slow' >.git/info/attributes
	git config filter.slow.smudge \
		"env -u GIT_INDEX_FILE git commit -qam inside >'$BATS_TEST_TMPDIR/said' 2>&1; cat"
	"$TOOL" run "$PWD" "$FROM" "$TO"
	grep -q 'index.lock' "$BATS_TEST_TMPDIR/said"
	is_at "$TO"
}

@test "advance settle: from whatever mixture, either way" {
	local round path

	RANDOM=$((10#${SK_SEED:-$(date +%N)}))
	echo "seed $RANDOM"
	for round in 1 2 3 4 5 6; do
		[ $((round % 2)) = 1 ] || git read-tree "$TO"
		for path in "${PATHS[@]}"; do
			case $((RANDOM % 4)) in
			0) as "$FROM" "$path" 2>/dev/null || : ;;
			1) as "$TO" "$path" 2>/dev/null || : ;;
			2) [ -d "$path" ] || rm -f "$path" ;;
			esac
		done
		if [ "$round" -lt 4 ]; then
			"$TOOL" settle "$PWD" "$FROM" "$TO"
			is_at "$TO"
		else
			"$TOOL" settle "$PWD" "$TO" "$FROM"
			is_at "$FROM"
		fi
		git reset -q --hard "$FROM"
		git clean -qfdx
	done
}

@test "advance settle: the beginning of a file is written anew" {
	printf 'one\n2\nth' >edited
	"$TOOL" settle "$PWD" "$FROM" "$TO"
	is_at "$TO"
	mkdir -p new
	: >'new/a "b"'
	"$TOOL" settle "$PWD" "$TO" "$FROM"
	is_at "$FROM"
}

@test "advance settle: an edit is named, and nothing moves" {
	echo mine >edited
	run -3 --separate-stderr "$TOOL" settle "$PWD" "$FROM" "$TO"
	[[ $stderr == *"'edited' has been edited meanwhile"$'\n'"hint: put it aside"* ]]
	[ "$(git status --porcelain)" = ' M edited' ]
	[ "$(cat edited)" = mine ]
}

@test "advance settle: an edit where all the rest is done stays" {
	"$TOOL" run "$PWD" "$FROM" "$TO"
	echo mine >>edited
	"$TOOL" settle "$PWD" "$FROM" "$TO"
	git update-ref --no-deref HEAD "$TO"
	[ "$(git status --porcelain)" = ' M edited' ]
	git reset -q --hard "$FROM"
	git clean -qfdx
	echo mine >edited
	"$TOOL" settle "$PWD" "$TO" "$FROM"
	git update-ref --no-deref HEAD "$FROM"
	[ "$(git status --porcelain)" = ' M edited' ]
	[ "$(cat edited)" = mine ]
}

@test "advance: a filter that fails half-way is settled" {
	echo 'script filter=fails' >.git/info/attributes
	git config filter.fails.clean cat
	git config filter.fails.required true
	git config filter.fails.smudge false
	run -128 "$TOOL" run "$PWD" "$FROM" "$TO"
	git config filter.fails.smudge cat
	"$TOOL" settle "$PWD" "$TO" "$FROM"
	is_at "$FROM"
	"$TOOL" settle "$PWD" "$FROM" "$TO"
	is_at "$TO"
}
