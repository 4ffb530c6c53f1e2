#!/usr/bin/env bats
# git sk-sync migrate: rows that waited without an account, and whose they are.

load helper
load fault

setup() {
	sk_setup
	LEGACY=$GIT_SK_HOME/queue.db
}

teardown() {
	sk_teardown
}

# rows <file> <table>: how many.
rows() {
	sqlite3 -cmd '.timeout 5000' "$1" "SELECT count(*) FROM $2"
}

# log_in_as <user>: at the server of the test.
log_in_as() {
	printf 'secret\n' | git sk-auth login --server "$SERVER" \
		--username "$1" --password-stdin
}

# foreign_rows <n>: as spec-kitty leaves them in the queue without an account,
# of all three tables, in rollback journal mode.
foreign_rows() {
	git sk-auth logout >/dev/null
	seed "$1"
	sqlite3 "$LEGACY" "$(<"$TOP/tests/data/bodies.sql")"
	[ "$(sqlite3 "$LEGACY" 'PRAGMA journal_mode')" = delete ]
}

# captured_rows <n>: as our own capture leaves them while nobody is logged in.
captured_rows() {
	git sk-auth logout >/dev/null
	seed "$@"
	sqlite3 "$LEGACY" "
		CREATE TABLE IF NOT EXISTS sk_ledger(event_id TEXT PRIMARY KEY,
			state TEXT NOT NULL, commit_id TEXT,
			captured_at INTEGER, settled_at INTEGER, account TEXT)
			WITHOUT ROWID;
		INSERT OR IGNORE INTO sk_ledger(event_id, state, captured_at)
			SELECT event_id, 'queued', timestamp FROM queue"
}

@test "migrate: what another program queued waits for a word" {
	start_fault ok
	foreign_rows 3
	log_in
	run -1 --separate-stderr git sk-sync migrate --json
	jq -e '.migrated.total == 0 and .of_unknown_account == {events: 3,
		body_uploads: 1, failure_log: 1, total: 5}' <<<"$output"
	[ "$stderr" = \
		"hint: run 'git sk-sync migrate --adopt' to make them yours" ]
	[ "$(rows "$LEGACY" queue)" = 3 ]
	run -0 --separate-stderr git sk-sync migrate --adopt
	[ -z "$stderr" ]
	[[ $output == "Migrated 5 rows from '$LEGACY' to "* ]]
	[[ $output == *'events:        3'*'body uploads:  1'*'failure log:   1' ]]
	[ "$(rows "$LEGACY" queue)" = 0 ]
	[ "$(rows "$LEGACY" body_upload_queue)" = 0 ]
	[ "$(rows "$LEGACY" body_upload_failure_log)" = 0 ]
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated.total == 0' <<<"$output"
	git sk-sync now
	[ "$(arrived)" = 3 ]
}

@test "migrate: a dry run is the plan of the real one, and moves nothing" {
	local plan

	start_fault ok
	foreign_rows 4
	log_in
	sha256sum "$LEGACY" >before
	run -1 --separate-stderr git sk-sync migrate --dry-run
	[[ ${lines[0]} == 'Would migrate 0 rows from '* ]]
	run -0 git sk-sync migrate --dry-run --adopt --json
	plan=$(jq -c .migrated <<<"$output")
	sha256sum -c before
	[ "$(sqlite3 "$LEGACY" 'PRAGMA journal_mode')" = delete ]
	run -0 git sk-sync migrate --adopt --json
	[ "$(jq -c .migrated <<<"$output")" = "$plan" ]
}

@test "migrate: what was captured by nobody goes along with now" {
	start_fault ok
	log_in
	captured_rows 3
	# logged in without taking them along, as by spec-kitty's own login
	mv "$LEGACY" aside.db
	log_in
	mv aside.db "$LEGACY"
	run -2 git sk-sync status --check
	[[ $output == *"run 'git sk-sync now', which takes 3 rows along"* ]]
	run -0 --separate-stderr git sk-sync now
	[ "$output" = 'Synced: 3, Duplicates: 0, Failed: 0' ]
	[ -z "$stderr" ]
	run -0 git sk-sync status --check
}

@test "migrate: the background sender takes them along as well" {
	start_fault ok
	log_in
	captured_rows 2
	mv "$LEGACY" aside.db
	log_in
	mv aside.db "$LEGACY"
	git sk-sync flush
	[ "$(arrived)" = 2 ]
}

@test "migrate: two accounts' rows never mix" {
	local a b

	start_fault ok
	log_in_as anna
	a=$(member queue)
	captured_rows 2
	log_in_as anna
	[ "$(rows "$a" queue)" = 2 ]
	# rows that say whose they are come back into the queue of nobody
	git sk-auth logout
	sqlite3 "$LEGACY" "ATTACH '$a' AS a;
		INSERT INTO queue SELECT * FROM a.queue;
		INSERT INTO sk_ledger SELECT * FROM a.sk_ledger;
		DELETE FROM a.queue; DELETE FROM a.sk_ledger"
	captured_rows 1 10
	log_in_as bert
	b=$(member queue)
	[ "$(sqlite3 "$b" 'SELECT event_id FROM queue')" = "$(id 10)" ]
	[ "$(rows "$LEGACY" queue)" = 2 ]
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated.total == 0 and .of_other_accounts.events == 2' \
		<<<"$output"
	# they are no obstacle for bert, and not sent by him
	git sk-sync now
	[ "$(arrived)" = 1 ]
	log_in_as anna
	git sk-sync now
	[ "$(arrived)" = 3 ]
	[ "$(rows "$LEGACY" queue)" = 0 ]
}

@test "migrate: the account that captures an event is remembered" {
	start_ingestd
	log_in
	git init -q
	git sk-setup
	mission m-1
	event m-1 WP01 null planned
	git commit -qam one
	[ "$(query "SELECT count(*) FROM sk_ledger
		WHERE account = '$SERVER|dev|dev'")" -gt 0 ] ||
		query 'SELECT DISTINCT account FROM sk_ledger' >&2
	[ "$(query 'SELECT count(*) FROM sk_ledger
		WHERE account IS NULL')" = 0 ]
	git sk-auth logout
	event m-1 WP01 planned claimed
	git commit -qam two
	[ "$(sqlite3 -cmd '.timeout 5000' "$LEGACY" 'SELECT count(*) FROM sk_ledger
		WHERE account IS NOT NULL')" = 0 ]
}

@test "migrate: an old file's sync_events and column names go over" {
	start_fault ok
	log_in
	sqlite3 "$LEGACY" "
		CREATE TABLE sync_events(id INTEGER PRIMARY KEY,
			event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,
			data TEXT NOT NULL, timestamp INTEGER NOT NULL,
			retry_count INTEGER DEFAULT 0);
		INSERT INTO sync_events(event_id, event_type, data, timestamp)
			VALUES('$(id 1)', 'WPStatusChanged',
			'{\"event_id\": \"$(id 1)\"}', 5);
		CREATE TABLE body_upload_queue(id INTEGER PRIMARY KEY,
			project_uuid TEXT, feature_slug TEXT, target_branch TEXT,
			mission_key TEXT, manifest_version TEXT,
			artifact_path TEXT, content_hash TEXT, content_body TEXT,
			size_bytes INTEGER, created_at REAL);
		INSERT INTO body_upload_queue VALUES(1, 'u', 'slug', 'main',
			'key', '1', 'p', 'h', 'b', 1, 2.5)"
	chmod 600 "$LEGACY"
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated == {events: 1, body_uploads: 1, failure_log: 0,
		total: 2}' <<<"$output"
	[ "$(query 'SELECT mission_slug, mission_type
		FROM body_upload_queue')" = 'slug|key' ]
	[ "$(rows "$LEGACY" sync_events)" = 0 ]
	git sk-sync now
	[ "$(arrived)" = 1 ]
}

# kill_at_each <n>: kill a migration of what is in ./full at every nth of its
# writes, each time from the start, and let another one finish the work.
kill_at_each() {
	local n scoped

	scoped=$(member queue)
	for ((n = 1; n < 400; n += $1)); do
		rm -f "$LEGACY"* "$scoped"*
		cp full/legacy "$LEGACY"
		[ ! -e full/scoped ] || cp full/scoped "$scoped"
		chmod 600 "$LEGACY"
		# a leak check cannot run under strace
		ASAN_OPTIONS=detect_leaks=0 run strace -f -qq -o trace \
			-e trace=pwrite64,fdatasync,unlink \
			-e inject=pwrite64,fdatasync,unlink:signal=KILL:when=$n \
			git-sk-sync migrate --adopt
		# no event is in neither file; there may be no table for it yet
		[ "$(sqlite3 "$LEGACY" "ATTACH '$scoped' AS scoped;
			SELECT count(*) FROM (SELECT event_id FROM queue
				UNION SELECT event_id FROM scoped.queue)" ||
			sqlite3 "$LEGACY" 'SELECT count(*) FROM queue')" = 20 ]
		[ "$status" -ne 0 ] || break
		[ "$status" -eq 137 ]
		git-sk-sync migrate --adopt >/dev/null
		[ "$(sqlite3 "$scoped" "ATTACH '$LEGACY' AS legacy;
			SELECT (SELECT count(*) FROM legacy.queue),
				(SELECT count(*) FROM queue),
				(SELECT count(*) FROM body_upload_queue),
				(SELECT count(*) FROM body_upload_failure_log)
			")" = '0|20|1|1' ]
	done
	echo "# up to write $n"
	[ "$status" -eq 0 ]
	[ "$n" -gt 10 ]
}

# full_files: what is in the legacy file, and an empty queue, in ./full, both
# with all their tables: every write of a migration is one of rows.
full_files() {
	mkdir full
	cp "$LEGACY" rows
	git sk-sync migrate --adopt
	sqlite3 rows "ATTACH '$LEGACY' AS legacy;
		INSERT INTO legacy.queue SELECT * FROM queue;
		INSERT INTO legacy.body_upload_queue
			SELECT * FROM body_upload_queue;
		INSERT INTO legacy.body_upload_failure_log
			SELECT * FROM body_upload_failure_log"
	cp "$LEGACY" full/legacy
	sqlite3 "$(member queue)" 'DELETE FROM queue;
		DELETE FROM body_upload_queue;
		DELETE FROM body_upload_failure_log; VACUUM'
	cp "$(member queue)" full/scoped
}

@test "migrate: killed at each of its writes, it loses and doubles nothing" {
	start_fault ok
	foreign_rows 20
	log_in
	full_files
	kill_at_each 1
}

# trace_migration [inject]: migrate what is in ./full, its writes in ./trace.
trace_migration() {
	rm -f "$LEGACY"* "$SCOPED"-*
	# in place: somebody has it open
	sqlite3 "$SCOPED" 'DELETE FROM queue; DELETE FROM body_upload_queue;
		DELETE FROM body_upload_failure_log'
	cp full/legacy "$LEGACY"
	chmod 600 "$LEGACY"
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -y -o trace \
		-e trace=pwrite64,fdatasync ${1:+-e "inject=$1"} \
		git-sk-sync migrate --adopt
}

@test "migrate: the copies are on disk before a row is removed" {
	local SCOPED first

	start_fault ok
	foreign_rows 20
	log_in
	full_files
	SCOPED=$(member queue)
	# whoever has the queue open keeps its log from being checkpointed
	mkfifo fifo
	sqlite3 "$SCOPED" <fifo 3>&- >opened &
	exec 4>fifo
	echo 'SELECT count(*) FROM queue;' >&4
	wait_for test -s opened
	run -0 trace_migration
	run -0 awk '/pwrite64.*\/queues\/.*-wal>/ { dirty = 1 }
		/fdatasync.*\/queues\/.*-wal>/ { dirty = 0 }
		/pwrite64.*\/queue.db-wal>/ { removed = 1; early += dirty }
		END { exit !removed || early }' trace
	# killed there, both have the rows; the next one finishes the work
	first=$(grep pwrite64 trace | grep -n '/queue.db-wal>' | head -n 1)
	run -137 trace_migration "pwrite64:signal=KILL:when=${first%%:*}"
	[ "$(rows "$LEGACY" queue)" = 20 ]
	[ "$(rows "$SCOPED" queue)" = 20 ]
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated.events == 20' <<<"$output"
	[ "$(rows "$LEGACY" queue)" = 0 ]
	[ "$(rows "$SCOPED" queue)" = 20 ]
	exec 4>&-
	wait $!
}

@test "migrate: a file from before the last columns goes over" {
	start_fault ok
	log_in
	sqlite3 "$LEGACY" "
		CREATE TABLE queue(id INTEGER PRIMARY KEY AUTOINCREMENT,
			event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,
			data TEXT NOT NULL, timestamp INTEGER NOT NULL,
			retry_count INTEGER DEFAULT 0);
		INSERT INTO queue(event_id, event_type, data, timestamp,
			retry_count) VALUES('$(id 1)', 'WPStatusChanged',
			'{\"event_id\": \"$(id 1)\"}', 5, 2);
		CREATE TABLE body_upload_failure_log(
			project_uuid TEXT, mission_slug TEXT, target_branch TEXT,
			mission_type TEXT, manifest_version TEXT,
			artifact_path TEXT, content_hash TEXT, size_bytes INTEGER,
			failure_reason TEXT, first_failed_at REAL,
			last_failed_at REAL);
		INSERT INTO body_upload_failure_log VALUES('u', 'slug', 'main',
			'type', '1', 'p', 'h', 7, 'r', 1.5, 2.5)"
	chmod 600 "$LEGACY"
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated == {events: 1, body_uploads: 0, failure_log: 1,
		total: 2}' <<<"$output"
	[ "$(query 'SELECT event_id, timestamp, retry_count, coalesce_key IS NULL
		FROM queue')" = "$(id 1)|5|2|1" ]
	[ "$(query 'SELECT hash_algorithm, size_bytes, failure_count
		FROM body_upload_failure_log')" = 'sha256|7|1' ]
	[ "$(rows "$LEGACY" queue)" = 0 ]
	[ "$(rows "$LEGACY" body_upload_failure_log)" = 0 ]
}

@test "migrate: a row that no column takes stops all, and stays" {
	start_fault ok
	foreign_rows 3
	log_in
	sqlite3 "$LEGACY" "CREATE TABLE sync_events(event_id TEXT,
			event_type TEXT, data TEXT, timestamp INTEGER);
		INSERT INTO sync_events VALUES('$(id 7)', 'T', '{}', 1),
			('$(id 8)', 'T', NULL, 1)"
	run -128 --separate-stderr git sk-sync migrate --adopt
	[[ $stderr == *"a row of table 'sync_events' in '$LEGACY' does not fit"* ]]
	[ "$(rows "$LEGACY" sync_events)" = 2 ]
	[ "$(rows "$LEGACY" queue)" = 3 ]
	[ "$(rows "$(member queue)" queue)" = 0 ]
}

@test "migrate: 100,000 rows go over at once" {
	local start

	start_fault ok
	log_in
	seed 1
	mv "$(queue_file)" "$LEGACY"
	sqlite3 "$LEGACY" "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL
			SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO queue(event_id, event_type, data, timestamp)
			SELECT printf('01KE%022d', i), 'WPStatusChanged',
				printf('{\"event_id\": \"01KE%022d\"}', i), i FROM n"
	start=$(date +%s%N)
	run -0 git sk-sync migrate --adopt --json
	echo "# 100,000 rows: $((($(date +%s%N) - start) / 1000000)) ms" >&3
	jq -e '.migrated.events == 100000' <<<"$output"
	[ "$(rows "$LEGACY" queue)" = 0 ]
	[ "$(rows "$(member queue)" queue)" = 100000 ]
}

@test "migrate: killed while it makes the tables, it loses nothing either" {
	start_fault ok
	foreign_rows 20
	log_in
	mkdir full
	cp "$LEGACY" full/legacy
	kill_at_each 13
}

@test "migrate: what was delivered between two tries is not queued again" {
	start_fault ok
	foreign_rows 3
	log_in
	cp "$LEGACY" full.db
	git sk-sync migrate --adopt
	git sk-sync now
	# as if the mover had been killed before its second commit
	rm -f "$LEGACY"*
	cp full.db "$LEGACY"
	chmod 600 "$LEGACY"
	run -0 git sk-sync migrate --adopt --json
	jq -e '.migrated.events == 3' <<<"$output"
	[ "$(member depth)" = 0 ]
	[ "$(rows "$LEGACY" queue)" = 0 ]
}

@test "migrate: who has the file locked is said, after two seconds at most" {
	local start

	start_fault ok
	foreign_rows 1
	log_in
	hold "$LEGACY" 'BEGIN EXCLUSIVE'
	start=$(date +%s%N)
	run -128 --separate-stderr git sk-sync migrate --adopt
	[ $((($(date +%s%N) - start) / 1000000)) -lt 3500 ]
	[[ ${stderr_lines[0]} == \
		*"queue.db' is in use by process $HOLDER (sqlite3)" ]]
	let_go
	git sk-sync migrate --adopt
}

@test "migrate: a reader with a lock does not stop a delivery" {
	start_fault ok
	seed 5
	[ "$(query 'PRAGMA journal_mode')" = delete ]
	hold "$(queue_file)" 'BEGIN; SELECT count(*) FROM queue'
	# a rollback journal lets no writer commit while somebody reads
	run -128 --separate-stderr git sk-sync now
	[[ $stderr == *"is in use by process $HOLDER (sqlite3)"* ]]
	let_go
	git sk-sync now
	[ "$(arrived)" = 5 ]
	[ "$(member depth)" = 0 ]
}

@test "migrate: without an account there is nothing to migrate to" {
	seed 2
	run -2 --separate-stderr git sk-sync migrate
	[ -z "$output" ]
	[[ $stderr == *'nobody is logged in'* ]]
	run -129 --separate-stderr git sk-sync migrate extra
}

@test "migrate: a full disk is an error, not silence" {
	start_fault ok
	run -128 --separate-stderr sh -c 'git sk-sync migrate >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
}
