#!/usr/bin/env bats
# What commits say becomes events: both sources, every shape of history.

load helper

setup() {
	sk_setup
	enter_repo
}

teardown() {
	sk_teardown
}

# backfill [<option>...]: quietly, failing the test when it fails.
backfill() {
	git sk-sync backfill "$@" >/dev/null
}

# transitions: "<aggregate> <from>-><to>" of the queue, in order.
transitions() {
	query "SELECT json_extract(data, '$.aggregate_id') || ' ' ||
		coalesce(json_extract(data, '$.payload.from_lane'), 'null') ||
		'->' || json_extract(data, '$.payload.to_lane')
		FROM queue WHERE event_type = 'WPStatusChanged' ORDER BY id"
}

# count [<type>]: rows of the queue.
count() {
	query "SELECT count(*) FROM queue WHERE event_type LIKE '${1:-%}'"
}

# wp <mission> <WP> <lane>: write a work package file with that lane.
wp() {
	mkdir -p "kitty-specs/$1/tasks"
	printf -- '---\nwork_package_id: %s\nlane: "%s"  # set by hand\n---\n' \
		"$2" "$3" >"kitty-specs/$1/tasks/$2-work.md"
}

# commit_at <seconds> <message>: all changes, with that author time.
commit_at() {
	git add -A
	GIT_AUTHOR_DATE="$1 +0000" git commit -q --allow-empty -m "$2"
}

@test "capture: a line of an event log keeps its id and is queued once" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	backfill
	[ "$(transitions)" = "001-a/WP01 null->planned" ]
	[ "$(query "SELECT event_id FROM queue WHERE event_type = 'WPStatusChanged'")" = \
		01KE0000000000000000000001 ]
	before=$(count)
	backfill
	[ "$(count)" = "$before" ]
}

@test "capture: lines with the older key and both forms of time are read" {
	mission 001-a
	printf '%s\n' '{"event_id": "01KE0000000000000000000001", "feature_slug": "001-old", "wp_id": "WP01", "from_lane": null, "to_lane": "planned", "at": "2026-05-01T10:00:00Z", "actor": "a"}' \
		'{"event_id": "01KE0000000000000000000002", "mission_slug": "001-a", "wp_id": "WP01", "from_lane": "planned", "to_lane": "claimed", "at": "2026-05-01T10:00:01.5+00:00", "actor": "a"}' \
		>>kitty-specs/001-a/status.events.jsonl
	git commit -qam work
	backfill
	[ "$(transitions)" = "001-old/WP01 null->planned
001-a/WP01 planned->doing" ]
	[ "$(query "SELECT json_extract(data, '$.timestamp') FROM queue WHERE event_type = 'WPStatusChanged' ORDER BY id")" = \
		"2026-05-01T10:00:00+00:00
2026-05-01T10:00:01.500000+00:00" ]
}

@test "capture: front matter tells the lanes of a mission without a log" {
	wp 001-a WP01 planned
	commit_at 1700000000 one
	wp 001-a WP01 doing
	wp 001-a WP02 planned
	commit_at 1700000060 two
	backfill
	[ "$(transitions)" = "001-a/WP01 null->planned
001-a/WP01 planned->doing
001-a/WP02 null->planned" ]
	[ "$(query "SELECT DISTINCT json_extract(data, '$.payload.actor') FROM queue WHERE event_type = 'WPStatusChanged'")" = Tester ]
}

@test "capture: old lane folders are lanes, the front matter goes before them" {
	mkdir -p kitty-specs/001-a/tasks/{planned,doing}
	echo '# no front matter' >kitty-specs/001-a/tasks/planned/WP01-x.md
	printf -- '---\nlane: done\n---\n' >kitty-specs/001-a/tasks/doing/WP02.md
	commit_at 1700000000 one
	git mv kitty-specs/001-a/tasks/planned/WP01-x.md kitty-specs/001-a/tasks/doing/
	commit_at 1700000060 two
	backfill
	# in git's tree order: doing/ stands before planned/
	[ "$(transitions)" = "001-a/WP02 null->done
001-a/WP01 null->planned
001-a/WP01 planned->doing" ]
}

@test "capture: a log decides alone where it is not empty" {
	mission 001-a
	wp 001-a WP01 done
	event 001-a WP01 null planned
	commit_at 1700000000 one
	backfill
	[ "$(transitions)" = "001-a/WP01 null->planned" ]
}

@test "capture: when a log is deleted the files speak again" {
	mission 001-a
	event 001-a WP01 null planned
	wp 001-a WP01 planned
	commit_at 1700000000 one
	rm kitty-specs/001-a/status.events.jsonl
	wp 001-a WP01 done
	commit_at 1700000060 two
	backfill
	[ "$(transitions)" = "001-a/WP01 null->planned
001-a/WP01 planned->done" ]
}

@test "capture: a line taken out and put back is one event" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	: >kitty-specs/001-a/status.events.jsonl
	git commit -qam two
	event 001-a WP01 null planned 01KE0000000000000000000001
	git commit -qam three
	backfill
	[ "$(count WPStatusChanged)" = 1 ]
}

@test "capture: a mission that moves brings no event along" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	git sk-setup >/dev/null
	git mv kitty-specs/001-a kitty-specs/002-b
	GIT_SK=0 git commit -qm moved
	event 002-b WP01 planned claimed
	git commit -qam two
	[ "$(transitions)" = "002-b/WP01 planned->doing" ]
}

@test "capture: a vanished work package or lane is no transition" {
	wp 001-a WP01 planned
	wp 001-a WP02 planned
	commit_at 1700000000 one
	rm kitty-specs/001-a/tasks/WP01-work.md
	wp 001-a WP02 lane-a
	commit_at 1700000060 two
	backfill
	[ "$(count WPStatusChanged)" = 2 ]
}

@test "capture: a merge adds what neither parent had, and no more" {
	mission 001-a
	git checkout -qb side
	event 001-a WP01 null planned
	git commit -qam side
	git checkout -q main
	event 001-a WP02 null planned
	git commit -qam main
	git merge -q side >/dev/null 2>&1 || true
	git show side:kitty-specs/001-a/status.events.jsonl \
		>kitty-specs/001-a/status.events.jsonl
	event 001-a WP02 null planned 01KE0000000000000000000002
	event 001-a WP03 null planned
	git commit -qam merged
	[ "$(git rev-list --parents -n 1 HEAD | wc -w)" = 3 ]
	backfill
	[ "$(transitions | sort)" = "001-a/WP01 null->planned
001-a/WP02 null->planned
001-a/WP03 null->planned" ]
}

@test "capture: a merge tells nothing by front matter" {
	wp 001-a WP01 planned
	commit_at 1700000000 one
	git checkout -qb side
	wp 001-a WP01 done
	commit_at 1700000060 side
	git checkout -q main
	commit_at 1700000120 main
	git merge -q side -m merge
	backfill
	[ "$(count WPStatusChanged)" = 2 ]
}

@test "capture: the same change made twice, by a rebase, is one event" {
	wp 001-a WP01 planned
	commit_at 1700000000 one
	git checkout -qb side
	wp 001-a WP01 done
	commit_at 1700000060 two
	git checkout -q main
	commit_at 1700000070 other
	git cherry-pick side >/dev/null
	git merge -q side -m merge
	backfill
	[ "$(count WPStatusChanged)" = 2 ]
}

@test "capture: milestones of a mission, each once" {
	mission 001-a
	echo spec >kitty-specs/001-a/spec.md
	commit_at 1700000000 spec
	echo plan >kitty-specs/001-a/plan.md
	echo tasks >kitty-specs/001-a/tasks.md
	commit_at 1700000060 plan
	for to in planned claimed in_progress for_review in_progress for_review done; do
		event 001-a WP01 "${from:-null}" "$to"
		from=$to
		git commit -qam "$to"
	done
	backfill
	run -0 query "SELECT event_type || coalesce(' ' ||
		json_extract(data, '$.payload.phase'), '') FROM queue
		WHERE event_type != 'WPStatusChanged' ORDER BY id"
	[ "$output" = "MissionStarted
PhaseEntered specify
PhaseEntered plan
PhaseEntered tasks
PhaseEntered implement
PhaseEntered review
ReviewRollback
MissionCompleted" ]
}

@test "capture: a mission is complete when all its work packages are" {
	mission 001-a
	event 001-a WP01 null planned
	event 001-a WP02 null planned
	git commit -qam one
	event 001-a WP01 planned done
	git commit -qam two
	git sk-setup >/dev/null
	event 001-a WP02 planned canceled
	git commit -qam three
	run -0 query "SELECT json_extract(data, '$.payload.wp_count') || ' ' ||
		json_extract(data, '$.payload.done_count') FROM queue
		WHERE event_type = 'MissionCompleted'"
	[ "$output" = "2 1" ]
}

@test "capture: an unreadable line is one warning, the others go on" {
	git sk-setup >/dev/null
	mission 001-a
	event 001-a WP01 null planned
	printf '{"event_id": "01KE\n' >>kitty-specs/001-a/status.events.jsonl
	event 001-a WP02 null planned
	run -0 --separate-stderr git commit -qam work
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "warning: post-commit hook: commit $(git rev-parse HEAD | cut -c 1-12): kitty-specs/001-a/status.events.jsonl:2 cannot be read: "* ]]
	[ "$(count WPStatusChanged)" = 2 ]
	run -0 git sk-sync status
	[[ $output == *"Unreadable"*1* ]]
	# and it is not told again
	event 001-a WP02 planned claimed
	run -0 --separate-stderr git commit -qam more
	[ -z "$stderr" ]
}

@test "capture: every kind of bad line is told with its reason" {
	mission 001-a
	log=kitty-specs/001-a/status.events.jsonl
	{
		echo 'not json'
		printf '{"event_id": "01KE0000000000000000000001", "wp_id": "WP01", "to_lane": "nowhere"}\n'
		printf '{"x": "\377"}\n'
		head -c 100000 /dev/zero | tr '\0' '['
		echo
		printf '{"x": "'
		head -c 1100000 /dev/zero | tr '\0' x
		printf '"}\n'
	} >"$log"
	git add -A
	git commit -qm bad
	run -0 --separate-stderr git sk-sync backfill --json
	[ "$(jq '.unreadable | length' <<<"$output")" = 5 ]
	[ "$(jq -r '[.unreadable[].line] | @csv' <<<"$output")" = 1,2,3,4,5 ]
	[ "$(grep -c '^warning: commit ' <<<"$stderr")" = 5 ]
	[[ $stderr == *"unknown lane 'nowhere' in to_lane"* ]]
}

@test "capture: blobs are read from commits, never from the work tree" {
	mission 001-a
	git sk-setup >/dev/null
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam one
	event 001-a WP02 null planned
	backfill
	[ "$(transitions)" = "001-a/WP01 null->planned" ]
}

@test "capture: symbolic links are not followed" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	mkdir -p kitty-specs/002-b
	ln -s ../001-a/status.events.jsonl kitty-specs/002-b/status.events.jsonl
	ln -s 001-a kitty-specs/003-c
	git add -A
	git commit -qm links
	backfill
	[ "$(count WPStatusChanged)" = 1 ]
}

@test "capture: a log anywhere else does not count" {
	mission 001-a
	event 001-a WP01 null planned
	mkdir -p kitty-specs/001-a/deep other/001-a
	cp kitty-specs/001-a/status.events.jsonl kitty-specs/001-a/deep/
	cp kitty-specs/001-a/status.events.jsonl kitty-specs/
	cp kitty-specs/001-a/status.events.jsonl other/001-a/
	git rm -q --cached kitty-specs/001-a/status.events.jsonl
	rm kitty-specs/001-a/status.events.jsonl
	git add -A
	git commit -qm elsewhere
	backfill
	[ "$(count WPStatusChanged)" = 0 ]
}

@test "capture: the project is the same in every clone" {
	mission 001-a
	git clone -q . ../other
	backfill
	first=$(query "SELECT DISTINCT json_extract(data, '$.project_uuid') FROM queue")
	cd ../other
	GIT_SK_HOME=$HOME/other git sk-sync backfill >/dev/null
	second=$(sqlite3 "$HOME/other/queue.db" \
		"SELECT DISTINCT json_extract(data, '$.project_uuid') FROM queue")
	[ "$first" = "$second" ]
	root=$(git rev-list --max-parents=0 HEAD)
	hash=$(printf 'git-sk project %s' "$root" | sha256sum)
	[ "${first:0:8}" = "${hash:0:8}" ]
	[ "${first:14:1}" = 4 ]
}

@test "capture: the uuid of .kittify/config.yaml goes first, then the setting" {
	mission 001-a
	git config sk.projectUuid 11111111-1111-4111-8111-111111111111
	backfill
	[ "$(query "SELECT DISTINCT json_extract(data, '$.project_uuid') FROM queue")" = \
		11111111-1111-4111-8111-111111111111 ]
	mkdir .kittify
	printf 'project:\n  uuid: 22222222-2222-4222-8222-222222222222\n  slug: demo\n' \
		>.kittify/config.yaml
	rm -r "$GIT_SK_HOME"
	backfill
	[ "$(query "SELECT DISTINCT json_extract(data, '$.project_uuid') || ' ' || json_extract(data, '$.project_slug') FROM queue")" = \
		"22222222-2222-4222-8222-222222222222 demo" ]
}

@test "capture: a broken config.yaml is named, and nothing is queued" {
	mission 001-a
	mkdir .kittify
	printf 'project:\n  uuid: not-a-uuid\n' >.kittify/config.yaml
	run -128 --separate-stderr git sk-sync backfill
	[[ $stderr == *".kittify/config.yaml': project.uuid is no UUID"* ]]
}

@test "capture: the Lamport clock counts up, also when its file is lost" {
	git sk-setup >/dev/null
	mission 001-a
	for i in 1 2 3; do
		event 001-a WP01 null planned
		git commit -qam "$i"
		case $i in
		1) rm "$GIT_SK_HOME/clock.json" ;;
		2) echo '{"value": -5' >"$GIT_SK_HOME/clock.json" ;;
		esac
	done
	run -0 query "SELECT json_extract(data, '$.lamport_clock') FROM queue ORDER BY id"
	[ "$(sort -nu <<<"$output")" = "$output" ]
	[ "$(jq .value "$GIT_SK_HOME/clock.json")" = "${lines[-1]}" ]
}

@test "capture: a clock that spec-kitty moved on is followed" {
	mkdir -p "$GIT_SK_HOME"
	echo '{"value": 1000, "node_id": "abcdefabcdef", "updated_at": "x"}' \
		>"$GIT_SK_HOME/clock.json"
	mission 001-a
	backfill
	[ "$(query "SELECT json_extract(data, '$.lamport_clock') || ' ' || json_extract(data, '$.node_id') FROM queue")" = \
		"1001 abcdefabcdef" ]
}

@test "backfill: --dry-run counts and changes nothing" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	run -0 git sk-sync backfill --dry-run
	[[ $output == "Would queue 2 events from 2 commits: "* ]]
	[ ! -e "$GIT_SK_HOME" ]
	run -0 git sk-sync backfill --dry-run --json
	[ "$(jq .queued <<<"$output")" = 2 ]
}

@test "backfill: takes a revision" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	event 001-a WP02 null planned
	git commit -qam two
	backfill HEAD~
	[ "$(transitions)" = "001-a/WP01 null->planned" ]
	run -129 --separate-stderr git sk-sync backfill nonsense
	[[ $stderr == *"'nonsense' names no commit"* ]]
}

@test "backfill: an unborn branch has nothing, a bare repository its history" {
	run -0 git sk-sync backfill
	[ "$output" = "There is no commit yet, nothing to queue." ]
	mission 001-a
	git clone -q --bare . ../bare.git
	cd ../bare.git
	run -0 git sk-sync backfill
	[[ $output == "Queued 1 event from 1 commit: 1 MissionStarted."* ]]
}

@test "backfill: a shallow clone needs to be told its project" {
	mission 001-a
	wp 001-a WP01 done
	commit_at 1700000000 two
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	run -128 --separate-stderr git sk-sync backfill
	[[ $stderr == *"a shallow clone does not know"*"git config sk.projectUuid"* ]]
	git config sk.projectUuid 11111111-1111-4111-8111-111111111111
	run -0 --separate-stderr git sk-sync backfill
	[[ $output == "Queued 0 events from 1 commit"* ]]
	[[ $stderr == "warning: history is cut off below 1 commit"*"hint: run 'git fetch --unshallow'"* ]]
}

@test "backfill: a full queue keeps what fits, says so, and goes on later" {
	mission 001-a
	for i in $(seq 6); do
		event 001-a "WP0$i" null planned
	done
	git commit -qam work
	mkdir -p "$GIT_SK_HOME"
	printf '[sync]\nmax_queue_size = 4\n' >"$GIT_SK_HOME/config.toml"
	run -128 --separate-stderr git sk-sync backfill
	[[ $stderr == *"full"*"hint: "* ]]
	[ "$(count)" = 4 ]
	query 'DELETE FROM queue'
	backfill
	[ "$(count)" = 3 ]
	[ "$(query 'SELECT count(*) FROM sk_ledger')" = 7 ]
}
