#!/usr/bin/env bats
# Which lines of event logs are events: what spec-kitty reads, each once,
# wherever it went; and what becomes of those that cannot be read.

load helper

setup() {
	sk_setup
	enter_repo
}

teardown() {
	sk_teardown
}

# row <id> <members>: append a row of 001-a with these members besides.
row() {
	printf '{"event_id": "%s", "mission_slug": "001-a", "wp_id": "WP01", "from_lane": null, "to_lane": "planned", "at": "2026-05-01T10:00:00Z", %s}\n' \
		"$1" "$2" >>kitty-specs/001-a/status.events.jsonl
}

# payload <path>: of the queued transitions, in order.
payload() {
	query "SELECT quote(json_extract(data, '$.payload.$1')) FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id"
}

@test "lines: what nobody sends may be what Python alone reads" {
	git sk-setup >/dev/null
	mission 001-a
	row 01KE0000000000000000000001 '"policy_metadata": {"n": 12345678901234567890}'
	row 01KE0000000000000000000002 '"note": "\ud800 \u0000", "actor": "a"'
	row 01KE0000000000000000000003 '"n": [NaN, 1e999], "actor": "x", "actor": "b"'
	run -0 --separate-stderr git commit -qam work
	[ -z "$stderr" ]
	[ "$(payload actor)" = "'unknown'
'a'
'b'" ]
}

@test "lines: what is sent can be read by everyone" {
	git sk-setup >/dev/null
	mission 001-a
	row 01KE0000000000000000000001 '"reason": "a\ud800b\u0000c"'
	row 01KE0000000000000000000002 '"evidence": {"n": 12345678901234567890, "\udc00": NaN}'
	run -0 --separate-stderr git commit -qam work
	[ -z "$stderr" ]
	[ "$(payload reason)" = "'a�b�c'
NULL" ]
	run -0 query "SELECT data FROM queue WHERE data LIKE '%evidence\": {%'"
	[[ $output == *'"evidence": {"n": 1.2345678901234567e+19, "\ufffd": null}'* ]]
}

@test "lines: evidence that nobody can be sent is named" {
	git sk-setup >/dev/null
	mission 001-a
	row 01KE0000000000000000000001 '"evidence": {"a": 1, "a": 2}'
	row 01KE0000000000000000000002 '"actor": "b"'
	run -0 --separate-stderr git commit -qam work
	[[ $stderr == *"status.events.jsonl:1 cannot be read: evidence: not valid JSON: the same key twice"* ]]
	[ "$(payload actor)" = "'b'" ]
}

@test "lines: a transition without an id is named" {
	git sk-setup >/dev/null
	mission 001-a
	printf '%s\n' '{"wp_id": "WP01", "from_lane": null, "to_lane": "planned"}' \
		'{"event_type": "WPCreated", "wp_id": "WP01", "to_lane": "planned"}' \
		>>kitty-specs/001-a/status.events.jsonl
	run -0 --separate-stderr git commit -qam work
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"status.events.jsonl:1 cannot be read: event_id is missing;"* ]]
}

# unreadable: how many status counts.
unreadable() {
	git sk-sync status --json | jq .unreadable
}

@test "lines: a torn line is told once, and forgotten when it is mended" {
	mission 001-a
	git sk-setup >/dev/null
	log=kitty-specs/001-a/status.events.jsonl
	echo '{"event_id": "01KE' >>$log
	run -0 --separate-stderr git commit -qam torn
	[[ $stderr == *"$log:1 cannot be read"* ]]
	for message in again more; do
		run -0 --separate-stderr git commit -q --amend -m $message
		[ -z "$stderr" ]
		[ "$(unreadable)" = 1 ]
	done
	# further down it is the same
	event 001-a WP01 null planned
	sort -o $log $log
	run -0 --separate-stderr git commit -qam moved
	[ -z "$stderr" ]
	[ "$(unreadable)" = 1 ]
	run -0 git sk-sync status
	[[ $output == *"$(git rev-parse --short=12 HEAD~):$log:1: not valid JSON"* ]]
	sed -i '/01KE$/d' $log
	run -0 --separate-stderr git commit -qam mended
	[ -z "$stderr" ]
	[ "$(unreadable)" = 0 ]
}

@test "lines: a torn line is forgotten when HEAD goes back" {
	mission 001-a
	git sk-setup >/dev/null
	echo torn >>kitty-specs/001-a/status.events.jsonl
	git commit -qam torn 2>/dev/null
	[ "$(unreadable)" = 1 ]
	git reset -q --hard HEAD~
	run -0 git sk-sync now
	[ "$(unreadable)" = 0 ]
}

@test "lines: a torn line of one worktree is not forgotten in another" {
	mission 001-a
	git sk-setup >/dev/null
	git worktree add -q ../lane
	echo torn >>kitty-specs/001-a/status.events.jsonl
	git commit -qam torn 2>/dev/null
	cd ../lane
	event 001-a WP01 null planned
	git commit -qam lane
	[ "$(unreadable)" = 1 ]
	echo worse >>kitty-specs/001-a/status.events.jsonl
	git commit -qam worse 2>/dev/null
	[ "$(unreadable)" = 2 ]
	cd ../repo
	git reset -q --hard HEAD~
	event 001-a WP02 null planned
	git commit -qam mended
	[ "$(unreadable)" = 1 ]
}

@test "lines: an id that stands in two missions is said in status" {
	git sk-setup >/dev/null
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	run -0 git sk-sync status
	[[ $output != *"Twins:"* ]]
	cp -r kitty-specs/001-a kitty-specs/002-b
	cp -r kitty-specs/001-a kitty-specs/003-c
	event 001-a WP02 null planned
	cat kitty-specs/003-c/*.jsonl kitty-specs/003-c/*.jsonl >c
	mv c kitty-specs/003-c/status.events.jsonl
	git add kitty-specs
	git commit -qm copied
	[ "$(transitions)" = 2 ]
	run -0 git sk-sync status
	[[ $output == *"
Twins:          1  ids stand in two missions; an id is one event
  01KE0000000000000000000001  001-a, 002-b, 003-c"* ]]
	run -0 git sk-sync status --json
	[ "$(jq -c '[.twins, .twin_ids]' <<<"$output")" = \
		'[1,[{"event_id":"01KE0000000000000000000001","missions":"001-a, 002-b, 003-c"}]]' ]
	git rm -qr kitty-specs/00[23]-*
	git commit -qm gone
	[ "$(git sk-sync status --json | jq .twins)" = 0 ]
}

@test "lines: rows that went to a log that was there already are not new" {
	for mission in 001-a 002-b 003-c; do
		mission $mission
		event $mission WP01 null planned
		git commit -qam $mission
	done
	git config --global sk.projectUuid 11111111-1111-4111-8111-111111111111
	# what the clone was cut off at is in nobody's ledger
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	# one mission goes into another, one is copied there and stays
	cat kitty-specs/00[13]-*/status.events.jsonl \
		>>kitty-specs/002-b/status.events.jsonl
	git rm -qr kitty-specs/001-a
	git commit -qam merged
	event 002-b WP01 planned claimed
	git commit -qam next
	git sk-sync backfill >/dev/null
	[ "$(payload to_lane)" = "'doing'" ]
}

@test "lines: what vanished or was a file before stops no mission behind it" {
	mission 001-a
	echo file >kitty-specs/002-b
	git add -A
	git commit -qm file
	git sk-setup >/dev/null
	git rm -qr kitty-specs/001-a
	rm kitty-specs/002-b
	for mission in 002-b 003-c; do
		mkdir -p kitty-specs/$mission
		event $mission WP01 null planned
	done
	echo file >kitty-specs/002-file
	git add -A
	run -0 --separate-stderr git commit -qm work
	[ -z "$stderr" ]
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id")" = "002-b/WP01
003-c/WP01" ]
}

@test "lines: a row put between others is new, those behind it are not" {
	mission 001-a
	event 001-a WP01 null planned
	event 001-a WP02 null planned
	git commit -qam one
	git sk-setup >/dev/null
	event 001-a WP03 null planned
	sort -r -o kitty-specs/001-a/status.events.jsonl \
		kitty-specs/001-a/status.events.jsonl
	git commit -qam sorted
	[ "$(payload wp_id)" = "'WP03'" ]
}

@test "lines: a last line without its end that goes on is another line" {
	mission 001-a
	event 001-a WP01 null planned
	truncate -s -1 kitty-specs/001-a/status.events.jsonl
	git commit -qam one
	git sk-setup >/dev/null
	printf ' x\n' >>kitty-specs/001-a/status.events.jsonl
	event 001-a WP02 null planned
	run -0 --separate-stderr git commit -qam two
	[[ $stderr == *"status.events.jsonl:1 cannot be read: not valid JSON: bytes behind the value"* ]]
	[ "$(payload wp_id)" = "'WP02'" ]
}

@test "lines: two branches that grew from one log, and their merge" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	git checkout -qb side
	event 001-a WP02 null planned
	git commit -qam side
	git checkout -q main
	event 001-a WP03 null planned
	git commit -qam main
	echo 'kitty-specs/**/*.jsonl merge=union' >.git/info/attributes
	git merge -q side -m merge
	event 001-a WP04 null planned
	git commit -qam last
	git sk-sync backfill >/dev/null
	[ "$(payload wp_id | sort)" = "'WP01'
'WP02'
'WP03'
'WP04'" ]
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 0 ]
}
