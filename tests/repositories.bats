#!/usr/bin/env bats
# Repositories and commits of every kind that git can open.

load helper

setup() {
	sk_setup
	git init -q repo
	cd repo || return 1
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
