#!/usr/bin/env bats
# Repositories and commits of every kind that git can open.

load helper

setup() {
	sk_setup
	enter_repo
}

teardown() {
	sk_teardown
}

# wp <mission> <WP> <lane>: write a work package file with that lane.
wp() {
	mkdir -p "kitty-specs/$1/tasks"
	printf -- '---\nwork_package_id: %s\nlane: "%s"\n---\n' \
		"$2" "$3" >"kitty-specs/$1/tasks/$2-work.md"
	git add kitty-specs
}

# commit_raw <header>: what is staged, as one commit with the author line and
# whatever else the header holds, as the new HEAD.
commit_raw() {
	local head

	head=$(git rev-parse -q --verify HEAD) || true
	{
		printf 'tree %s\n' "$(git write-tree)"
		[ -z "$head" ] || printf 'parent %s\n' "$head"
		printf '%s\n\nwork\n' "$1"
	} >../commit
	git update-ref HEAD "$(git hash-object -t commit -w --literally --stdin \
		<../commit)"
}

# field <json path>: of every queued transition, in order.
field() {
	query "SELECT json_extract(data, '$1') FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id"
}

@test "repositories: a name is read in the encoding its commit names" {
	local tail='<j@example.com> 1700000000 +0000'

	wp 001-a WP01 planned
	commit_raw "author Jos"$'\xe9'" $tail
committer A $tail
encoding ISO-8859-1"
	wp 001-a WP01 doing
	commit_raw "author Zo"$'\xc3\xab'" $tail
committer A $tail"
	wp 001-a WP01 for_review
	commit_raw "author "$'\x82\xa0\xff'"x $tail
committer A $tail
encoding Shift_JIS"
	wp 001-a WP01 done
	commit_raw "author A"$'\xe9'" $tail
committer A $tail
encoding ../../no//such"
	git sk-sync backfill >/dev/null
	[ "$(field '$.payload.actor')" = $'José\nZoë\nあ\ufffdx\nA\ufffd' ]
}

@test "repositories: an author's time beyond the calendar is its end" {
	local person='A <a@example.com>'

	wp 001-a WP01 planned
	commit_raw "author $person 99999999999999 +0000
committer $person 1700000000 +0000"
	wp 001-a WP01 doing
	commit_raw "author $person 92233720368547758079999 +0000
committer $person 99999999999999999999999 +0000"
	wp 001-a WP01 for_review
	commit_raw "author $person -99999999999 +0000
committer $person -1 +0000"
	run -0 --separate-stderr git sk-sync backfill
	[ -z "$stderr" ]
	[ "$(field '$.timestamp' | cut -c 1-19)" = "9999-12-31T23:59:59
9999-12-31T23:59:59
1970-01-01T00:00:00" ]
}

# captures_quietly: what one new transition, committed here by git itself with its
# hooks, adds to the queue is that transition, in silence.
captures_quietly() {
	local before

	before=$(transitions)
	event 001-a WP01 null planned
	run -0 --separate-stderr git commit -qam "${1:-work}"
	[ -z "$output$stderr" ]
	[ "$(transitions)" = $((before + 1)) ]
}

# sha256: a repository with ids of that format, where this git makes one.
sha256() {
	git init -q --object-format=sha256 ../sha256 || skip "git has no sha256"
	cd ../sha256 || return 1
}

# set_up: with one mission, and hooks.
set_up() {
	git sk-setup >/dev/null
	mission 001-a
}

@test "repositories: a split index is no concern of who reads commits" {
	set_up
	git config core.splitIndex true
	git update-index --split-index
	captures_quietly
	ls .git/sharedindex.*
}

@test "repositories: nor is a sparse index" {
	set_up
	mkdir -p a/b c
	touch a/b/f c/f
	git add .
	git commit -qm files
	git sparse-checkout init --cone --sparse-index
	git sparse-checkout set kitty-specs
	captures_quietly
	grep -q sdir .git/index
}

@test "repositories: the work tree may be elsewhere" {
	git init -q --bare ../dotfiles
	git --git-dir=../dotfiles config core.bare false
	export GIT_DIR=$PWD/../dotfiles GIT_WORK_TREE=$PWD
	run -0 --separate-stderr git sk-setup
	mission 001-a
	captures_quietly
	run -0 git sk-sync backfill --json
	[ "$(jq .found <<<"$output")" -ge 2 ]
	# what goes on beside a hook knows of that
	rm -r "$GIT_SK_HOME"
	event 001-a WP02 null planned
	git commit -qam more
	[ "$(transitions)" = 1 ]
	wait_for eval '[ -n "$(query "SELECT 1 FROM sk_ledger
		WHERE state = '\''before'\''")" ]'
}

@test "repositories: core.worktree and a .git that is a file are followed" {
	git init -q --separate-git-dir=../apart ../separate
	cd ../separate
	set_up
	captures_quietly
	git init -q ../set
	cd ../set
	git config core.worktree "$PWD/../tree"
	mkdir ../tree
	cd .git
	run -0 git sk-setup
	cd ../../tree
	export GIT_DIR=$PWD/../set/.git
	mission 001-a
	captures_quietly
}

@test "repositories: the extensions git knows are no hindrance" {
	git config core.repositoryFormatVersion 1
	git config extensions.preciousObjects true
	git config extensions.worktreeConfig true
	git config extensions.partialClone origin
	git config remote.origin.url nowhere
	set_up
	captures_quietly
	git worktree add -q ../linked
	cd ../linked
	git config --worktree sk.flush off
	captures_quietly linked
}

@test "repositories: objects may be where only the environment knows" {
	set_up
	mkdir ../objects
	export GIT_OBJECT_DIRECTORY=$PWD/../objects
	export GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/.git/objects
	captures_quietly
	[ -n "$(find ../objects -type f)" ]
}

@test "repositories: the folder of all worktrees may be told" {
	set_up
	git worktree add -q ../linked
	cd ../linked
	export GIT_DIR=$PWD/../repo/.git/worktrees/linked
	export GIT_COMMON_DIR=$PWD/../repo/.git
	captures_quietly
	[ "$(query "SELECT ref FROM sk_cursor WHERE ref LIKE '%linked'")" = \
		refs/heads/linked ]
}

@test "repositories: alternates, packs and packed refs are read" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	git gc -q
	git clone -q --shared . ../shared
	cd ../shared
	[ ! -e .git/refs/heads/main ] || git pack-refs --all
	git sk-setup >/dev/null
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 1 ]
	captures_quietly
}

@test "repositories: alternates of alternates may be named from where they are" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	git clone -q --shared . ../near
	echo ../../../repo/.git/objects >../near/.git/objects/info/alternates
	git clone -q --shared ../near ../far
	cd ../far
	echo ../../../near/.git/objects >.git/objects/info/alternates
	run -0 --separate-stderr git sk-setup -q
	captures_quietly
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 1 ]
}

@test "repositories: a folder of alternates may be quoted, in the file or not" {
	local odd=$'with\ttab "and" \\ :colon\nline'

	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	event 001-a WP02 null planned
	git commit -qam packed
	git clone -q --shared . ../shared
	(cd .git && mv objects "../../$odd")
	cd ../shared
	mkdir '.git/objects/"not closed'
	cat >.git/objects/info/alternates <<-'TXT'
		# a comment
		"../../../with\ttab \042and\" \\ :colon\nline"
		"not closed
	TXT
	run -0 --separate-stderr git sk-setup -q
	captures_quietly
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 2 ]
	# and by the environment, where a colon would end it
	: >.git/objects/info/alternates
	rm "$(queue_file)"
	GIT_ALTERNATE_OBJECT_DIRECTORIES='/nowhere:"../with\ttab \"and\" \\ :colon\nline"' \
		run -0 --separate-stderr git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 3 ]
	[ -z "$stderr" ]
}

@test "repositories: a damaged file is no matter where a pack has the object" {
	local id file

	mission 001-a
	git sk-setup -q
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam work
	git repack -qad
	for id in $(git rev-list --objects HEAD | cut -d' ' -f1); do
		file=.git/objects/${id:0:2}/${id:2}
		mkdir -p "${file%/*}"
		: >"$file"
	done
	event 001-a WP02 null planned
	run -0 --separate-stderr git commit -qam more
	[ -z "$stderr" ]
	[ "$(transitions)" = 2 ]
}

# forged <id> [<git folder>]: its file there says that it is one byte.
forged() {
	local file=${2:-.git}/objects/${1:0:2}/${1:2}

	chmod u+w "$file"
	python3 - "$file" <<-'PY'
		import sys, zlib
		path = sys.argv[1]
		header, body = zlib.decompress(open(path, 'rb').read()).split(b'\0', 1)
		forged = header.split()[0] + b' 1\0' + body
		open(path, 'wb').write(zlib.compress(forged))
	PY
}

@test "repositories: an object with more than its header says is damaged" {
	local id

	set_up
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam work
	id=$(git rev-parse HEAD:kitty-specs/001-a/status.events.jsonl)
	forged "$id"
	run -1 --separate-stderr git sk-sync now
	[[ $stderr == *"object $id is damaged"* ]]
	run -0 git sk-sync backfill
	id=$(git rev-parse HEAD)
	forged "$id"
	run -1 --separate-stderr git sk-sync now
	run -128 --separate-stderr git sk-sync backfill
	[[ $stderr == *"object $id is damaged"* ]]
}

@test "repositories: so it is where the object is borrowed" {
	local id

	mission 001-a
	git clone -q --shared . ../shared
	cd ../shared
	id=$(git rev-parse HEAD)
	forged "$id" ../repo/.git
	run -128 --separate-stderr git sk-sync backfill
	[[ $stderr == *"object $id is damaged"* ]]
}

@test "repositories: there is none where git sees none" {
	mkdir -p ../plain/below ../torn/below
	echo 'gitdir: nowhere' >../torn/.git
	for folder in ../plain/below ../torn/below; do
		cd "$folder"
		run -128 --separate-stderr git-sk-sync backfill
		[[ $stderr == *"not a git repository"* ]]
		cd "$BATS_TEST_TMPDIR/work/repo"
	done
	mkdir below
	cd below
	GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR/work/repo \
		run -128 --separate-stderr git-sk-sync backfill
	[[ $stderr == *"not a git repository"* ]]
	GIT_DIR=$BATS_TEST_TMPDIR/work/plain run -128 git-sk-sync backfill
}

@test "repositories: a commit amended after a wrong clock is one event" {
	set_up
	event 001-a WP01 null planned
	git commit -qam before
	backdated=$(transitions)
	for clock in 1000000000 4000000000; do
		event 001-a WP02 null planned
		GIT_COMMITTER_DATE="$clock +0000" git commit -qam wrong
		git commit -q --amend --no-edit
		git commit -q --allow-empty -m next
		backdated=$((backdated + 1))
		[ "$(transitions)" = "$backdated" ]
	done
	[ "$(git rev-list --count HEAD)" = 6 ]
}

@test "repositories: ids of 64 digits are captured as those of 40 are" {
	sha256
	set_up
	captures_quietly
	tip=$(query "SELECT tip FROM sk_cursor WHERE ref = 'refs/heads/main'")
	[ "$tip" = "$(git rev-parse HEAD)" ]
	[ "${#tip}" = 64 ]
	wp 002-b WP01 planned
	git commit -qm files
	run -0 git sk-sync backfill --json
	[ "$(jq .queued <<<"$output")" = 0 ]
	git gc -q --prune=now
	captures_quietly packed
	git worktree add -q ../linked
	cd ../linked
	captures_quietly linked
}

@test "repositories: the glance tells with 64 digits too" {
	sha256
	set_up
	captures_quietly
	export GIT_SK_TRACE=$PWD/../trace
	run -0 --separate-stderr git commit -q --allow-empty -m nothing
	touch file
	git add file
	git commit -qm file
	: >>../trace
	run -1 grep ' walk: ' ../trace
	[ "$(cut -d ' ' -f 3 .git/sk-stamp)" = "$(git rev-parse HEAD)" ]
}

@test "repositories: an event's id does not depend on the ids of objects" {
	git config --global sk.projectUuid 11111111-2222-4333-8444-555555555555
	for format in sha1 sha256; do
		git init -q --object-format=$format ../$format ||
			skip "git has no sha256"
		cd ../$format
		wp 001-a WP01 planned
		GIT_AUTHOR_DATE='1700000000 +0000' git commit -qm one
		wp 001-a WP01 doing
		GIT_AUTHOR_DATE='1700000060 +0000' git commit -qm two
		GIT_SK_HOME=$HOME/$format git sk-sync backfill >/dev/null
		GIT_SK_HOME=$HOME/$format query \
			'SELECT event_id FROM queue ORDER BY id' >../$format.ids
	done
	[ "$(wc -l <../sha1.ids)" -ge 3 ]
	diff ../sha1.ids ../sha256.ids
}

@test "repositories: a git without --batch-command is asked in its way" {
	sha256
	set_up
	captures_quietly
	git gc -q --prune=now
	mkdir ../old
	cat >../old/git <<-SH
		#!/bin/sh
		case " \$* " in *batch-command*) exit 129 ;; esac
		echo "\$*" >>"$PWD/../asked"
		exec "$(command -v git)" "\$@"
	SH
	chmod +x ../old/git
	PATH=$PWD/../old:$PATH run -0 git-sk-sync backfill --json
	[ "$(jq .found <<<"$output")" -ge 2 ]
	grep -x 'cat-file --batch' ../asked
	grep -x 'cat-file --batch-check' ../asked
}

@test "repositories: a git that reads nothing is an error" {
	sha256
	set_up
	captures_quietly
	git gc -q --prune=now
	mkdir ../deaf
	cat >../deaf/git <<-SH
		#!/bin/sh
		[ "\$1" != cat-file ] || exit 1
		exec "$(command -v git)" "\$@"
	SH
	chmod +x ../deaf/git
	PATH=$PWD/../deaf:$PATH run -128 --separate-stderr git-sk-sync backfill
	[[ $stderr == *'git does not read object '* ]]
	[ -z "$output" ]
}

@test "repositories: refs in tables are read from git" {
	git init -q --ref-format=reftable ../tables 2>/dev/null ||
		skip "this git has no reftable"
	cd ../tables
	set_up
	captures_quietly
	git worktree add -q --detach ../linked
	cd ../linked
	captures_quietly linked
}
