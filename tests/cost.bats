#!/usr/bin/env bats
# What a commit pays for what waits: counted in reads, programs and system
# calls, never in time.

load helper

setup() {
	sk_setup
	enter_repo
	mission 001-a
	git sk-setup >/dev/null
}

teardown() {
	sk_teardown
}

# wait_in_queue <n>: so many rows, captured just now.
wait_in_queue() {
	captures WP01
	query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
			SELECT i + 1 FROM n WHERE i < $1)
		INSERT OR IGNORE INTO queue(event_id, event_type, data, timestamp)
			SELECT printf('01KF%022d', i), 'T', '{}',
				strftime('%s') FROM n;
		PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
}

# traced <calls> <command>...: run it; what it called is in ./../trace.
traced() {
	# a leak check cannot run under strace
	ASAN_OPTIONS=detect_leaks=0 strace -f --seccomp-bpf -qq -y -o ../trace \
		-e trace="$1" "${@:2}"
}

# queue_reads <WP>: a commit of its transition; READS, of pages of the queue.
queue_reads() {
	event 001-a "$1" null planned
	traced pread64 git commit -qam "$1"
	READS=$(grep -c '/queue.db>' ../trace)
}

@test "cost: a commit reads no more of a long queue than of a short one" {
	local few

	wait_in_queue 10
	queue_reads WP02
	few=$READS
	wait_in_queue 20000
	queue_reads WP03
	echo "# $few pages of a short queue, $READS of a long one"
	[ "$(query 'SELECT count(*) FROM queue')" -gt 20000 ]
	# the trees are one or two pages deeper, the rows fill a thousand
	[ "$READS" -lt $((few + 30)) ]
}

@test "cost: a queue with room between its first and last row is counted" {
	printf '[sync]\nmax_queue_size = 50\n' >"$GIT_SK_HOME/config.toml"
	wait_in_queue 40
	query 'DELETE FROM queue WHERE id BETWEEN 3 AND 40'
	query 'UPDATE queue SET id = id + 100 WHERE id > 40'
	captures WP02
	captures WP03
	query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
			SELECT i + 1 FROM n WHERE i < 50)
		INSERT OR IGNORE INTO queue(event_id, event_type, data, timestamp)
			SELECT printf('01KG%022d', i), 'T', '{}', 1 FROM n"
	event 001-a WP04 null planned
	run -0 --separate-stderr git commit -qam more
	[[ $stderr == *'is full (5'[0-9]' events)'* ]]
}

# waited: milliseconds that the traced program slept for locks.
waited() {
	awk 'match($0, /tv_nsec=[0-9]+/) {
		sum += substr($0, RSTART + 8, RLENGTH - 8) / 1000000
	} END { print int(sum) }' ../trace
}

# commit_while_held <command>...: it is one warning, and 200 ms of waiting.
commit_while_held() {
	run -0 --separate-stderr traced clock_nanosleep "$@"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "warning: post-commit hook: "*"in use by process $HOLDER (sqlite3); nothing is lost: "* ]]
	[ "$(waited)" -gt 0 ]
	[ "$(waited)" -le 200 ]
}

@test "cost: a queue that somebody holds delays a commit by 200 ms at most" {
	local before

	captures WP01
	before=$(transitions)
	hold "$(queue_file)" 'BEGIN IMMEDIATE'
	event 001-a WP02 null planned
	commit_while_held git commit -qam held
	commit_while_held git commit -q --allow-empty -m 'touches none'
	let_go
	run -0 --separate-stderr git commit -q --allow-empty -m free
	[ -z "$output$stderr" ]
	[ "$(transitions)" = $((before + 1)) ]
}

@test "cost: one that is held for a reader too, and no log, is the same" {
	local before

	captures WP01
	before=$(transitions)
	[ "$(query 'PRAGMA journal_mode = DELETE')" = delete ]
	hold "$(queue_file)" 'BEGIN EXCLUSIVE'
	event 001-a WP02 null planned
	commit_while_held git commit -qam held
	let_go
	rm "$BATS_TEST_TMPDIR/hold"*
	hold "$(queue_file)" 'BEGIN; SELECT count(*) FROM queue'
	commit_while_held git commit -q --allow-empty -m 'touches none'
	let_go
	run -0 --separate-stderr git commit -q --allow-empty -m free
	[ -z "$output$stderr" ]
	[ "$(transitions)" = $((before + 1)) ]
}

@test "cost: a command waits for two seconds" {
	captures WP01
	hold "$(queue_file)" 'BEGIN IMMEDIATE'
	run -128 traced clock_nanosleep git-sk-sync backfill
	[ "$(waited)" -gt 1500 ]
	let_go
}

# queue_syncs: a commit of a new transition; SYNCS, of the files of the queue.
queue_syncs() {
	event 001-a WP02 null planned
	traced fsync,fdatasync git commit -qam work
	SYNCS=$(grep -c '/\.spec-kitty' ../trace) || true
}

@test "cost: a commit synchronises nothing of the queue, but for now and then" {
	local log i most=0 moved=0 all=0

	event 001-a WP01 null planned
	git commit -qam first
	log=$(queue_file)-wal
	queue_syncs
	[ "$SYNCS" = 0 ]
	for ((i = 0; i < 30; i++)); do
		queue_syncs
		all=$((all + SYNCS))
		if [ -e "$log" ]; then
			[ "$(stat -c %s "$log")" -le "$most" ] ||
				most=$(stat -c %s "$log")
		else
			moved=$((moved + 1))
		fi
	done
	echo "# $all synchronisations of 30 commits, log of $most bytes"
	[ "$moved" -gt 0 ]
	[ "$most" -lt 1200000 ]
	[ "$all" -lt 10 ]
	[ "$(transitions)" = 32 ]
	[ "$(query 'PRAGMA integrity_check')" = ok ]
}

@test "cost: a log that the machine lost is captured once more" {
	local i ids

	for i in 1 2 3; do
		event 001-a WP0$i null planned
		git commit -qam "$i"
	done
	cp -r "$GIT_SK_HOME" ../kept
	ids=$(query 'SELECT event_id FROM queue ORDER BY 1')
	rm -r "$GIT_SK_HOME"
	mv ../kept "$GIT_SK_HOME"
	rm "$GIT_SK_HOME"/queue.db-wal "$GIT_SK_HOME"/queue.db-shm
	event 001-a WP04 null planned
	run -0 --separate-stderr git commit -qam 4
	[ -z "$stderr" ]
	[ "$(transitions)" = 4 ]
	[ "$(query "SELECT count(*) FROM queue WHERE event_id IN
		('${ids//$'\n'/"', '"}')")" = "$(wc -l <<<"$ids")" ]
}

@test "cost: a command moves the log into the file" {
	captures WP01
	event 001-a WP02 null planned
	git commit -qam two
	[ -s "$GIT_SK_HOME/queue.db-wal" ]
	git sk-sync backfill >/dev/null
	[ ! -e "$GIT_SK_HOME/queue.db-wal" ]
	[ "$(transitions)" = 2 ]
}

# captures_started <command>...: it succeeds; STARTED, of the program capture.
captures_started() {
	traced execve "$@"
	STARTED=$(grep -c '/hooks/capture"' ../trace) || true
}

# idle_after_one: of commits that touch no mission the first may look, once.
idle_after_one() {
	git commit -q --allow-empty -m one
	captures_started git commit -q --allow-empty -m two
	[ "$STARTED" = 0 ]
	captures_started git commit -q --allow-empty -m three
	[ "$STARTED" = 0 ]
}

# something_due: somebody is logged in, and a delivery is due.
something_due() {
	start_ingestd
	log_in >/dev/null
	captures WP01
	mkdir -p "$GIT_SK_HOME/sync"
	touch -d '1 hour ago' "$GIT_SK_HOME/sync/backlog"
}

@test "cost: what is queued with sk.flush = off wakes no later commit" {
	start_ingestd
	log_in >/dev/null
	[ "$(git config sk.flush)" = off ]
	captures WP01
	captures_started git commit -q --allow-empty -m none
	[ "$STARTED" = 0 ]
	event 001-a WP02 null planned
	captures_started git commit -qam touches
	[ "$STARTED" = 1 ]
}

@test "cost: a marker that is due is put off where sk.flush is off" {
	something_due
	idle_after_one
	# not cleared: it may be another repository's
	[ -e "$GIT_SK_HOME/sync/backlog" ]
}

@test "cost: a marker that is due is put off where sk.sync is false" {
	something_due
	git config --global sk.flush background
	git config sk.sync false
	idle_after_one
	[ -e "$GIT_SK_HOME/sync/backlog" ]
	sent 0
}

@test "cost: after a logout nothing wakes, after a login what waits does" {
	something_due
	git sk-auth logout >/dev/null
	captures_started git commit -q --allow-empty -m none
	[ "$STARTED" = 0 ]
	# nor a marker that somebody set all the same
	touch -d '1 hour ago' "$GIT_SK_HOME/sync/backlog"
	idle_after_one
	log_in >/dev/null
	git config --global sk.flush background
	git commit -q --allow-empty -m again
	wait_for sent 1
	wait_for test ! -e "$GIT_SK_HOME/sync/backlog"
	captures_started git commit -q --allow-empty -m idle
	[ "$STARTED" = 0 ]
}

@test "cost: what is queued next wakes again where sending was put off" {
	something_due
	git commit -q --allow-empty -m none
	git config --global sk.flush background
	event 001-a WP02 null planned
	git commit -qam touches
	wait_for sent 2
}

@test "cost: a login to an empty queue wakes nothing" {
	start_ingestd
	git commit -q --allow-empty -m first
	git sk-auth logout >/dev/null
	query 'DELETE FROM queue'
	log_in >/dev/null
	[ ! -e "$GIT_SK_HOME/sync/backlog" ]
}
