#!/usr/bin/env bats
# Killed at any moment, and many at once: nothing lost, nothing twice.

load helper

setup() {
	sk_setup
	enter_repo
	git commit -q --allow-empty -m start
	start_ingestd
	log_in >/dev/null
	git sk-setup >/dev/null
}

teardown() {
	sk_teardown
}

# delivered: how many transitions the server has; it keeps each id once.
delivered() {
	server_query "SELECT count(*) FROM events WHERE event_type = 'WPStatusChanged'"
}

# kill_soon <milliseconds> <command>...: run it, and kill it with SIGKILL then.
kill_soon() {
	local ms=$1 pid

	shift
	"$@" >/dev/null 2>&1 &
	pid=$!
	sleep "$(printf '0.%03d' "$ms")"
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

@test "crash: a capture killed at any moment loses nothing, doubles nothing" {
	local i

	mission 001-a
	for i in $(seq 60); do
		event 001-a WP01 null planned
		GIT_SK=0 git commit -qam "$i"
		kill_soon $((i % 20)) "$BUILD/hooks/capture" post-commit 0
		if [ $((i % 10)) = 0 ]; then
			run -0 sqlite3 "$(queue_file)" 'PRAGMA integrity_check'
			[ "$output" = ok ]
		fi
	done
	git commit -q --allow-empty -m last
	[ "$(query "SELECT count(*) FROM queue WHERE event_type = 'WPStatusChanged'")" = 60 ]
	git sk-sync now >/dev/null
	[ "$(delivered)" = 60 ]
}

@test "crash: killed at each write, a capture is made whole by the next" {
	local i

	mission 001-a
	for i in $(seq 30); do
		event 001-a WP01 null planned
		GIT_SK=0 git commit -qam "$i"
		strace -f -qq -o /dev/null \
			-e trace=pwrite64,write,rename,fdatasync,ftruncate,unlink \
			-e inject=pwrite64,write,rename,fdatasync,ftruncate,unlink:signal=KILL:when="$i" \
			"$BUILD/hooks/capture" post-commit 0 >/dev/null 2>&1 || true
	done
	git commit -q --allow-empty -m last
	git sk-sync now >/dev/null
	[ "$(delivered)" = 30 ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
}

@test "crash: a sender killed at any moment loses nothing, doubles nothing" {
	local i

	mission 001-a
	for i in $(seq 50); do
		for _ in 1 2 3; do
			event 001-a WP01 null planned
		done
		git commit -qam "$i"
		kill_soon $((i % 25 + 5)) git-sk-sync now
	done
	git sk-sync now >/dev/null
	[ "$(delivered)" = 150 ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'queued'")" = 0 ]
}

@test "crash: what was half done before there was a log can be looked at" {
	# as spec-kitty writes, or we in a queue of its making until it has a log
	mission 001-a
	captures WP01
	git sk-sync status | grep -v ' ago$' >before
	sqlite3 "$(queue_file)" 'PRAGMA journal_mode = DELETE' >/dev/null
	hold "$(queue_file)" 'PRAGMA cache_size = 1; BEGIN; UPDATE queue
		SET data = hex(randomblob(50000))'
	kill -KILL "$HOLDER"
	wait "$HOLDER" || true
	[ -s "$(queue_file)-journal" ]
	run -0 --separate-stderr git sk-sync status
	[ "$(grep -v ' ago$' <<<"$output")" = "$(cat before)" ]
	[ -z "$stderr" ]
	[ ! -e "$(queue_file)-journal" ]
	git sk-sync now
	[ "$(delivered)" = 1 ]
}

@test "crash: a server killed in the middle keeps what it acknowledged" {
	local i

	mission 001-a
	for i in $(seq 10); do
		for _ in $(seq 20); do
			event 001-a WP01 null planned
		done
		git commit -qam "$i"
		git-sk-sync now >/dev/null 2>&1 &
		sleep "0.0$((i % 4 + 1))"
		kill -KILL "$SERVER_PID"
		wait
		SERVER_PID=
		start_ingestd --port "${SERVER##*:}"
	done
	git sk-sync now >/dev/null
	[ "$(delivered)" = 200 ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
}

@test "crash: 50 parallel commits in linked worktrees all arrive, once" {
	local i

	git config --global sk.flush background
	mission 001-a
	for i in $(seq 10); do
		git worktree add -q "../tree$i" -b "branch$i"
	done
	for i in $(seq 10); do
		(
			cd "../tree$i" || exit 1
			for n in $(seq 5); do
				event 001-a "WP$(printf %02d "$i")" null planned \
					"$(printf '01KE%022d' $((1000 * i + n)))"
				git commit -qam "$n" || exit 1
			done
		) 2>"../errors$i" &
		pids[i]=$!
	done
	for i in $(seq 10); do
		wait "${pids[i]}"
		# a hook that found the queue busy for too long has said so
		[ ! -s "../errors$i" ] || cat "../errors$i"
	done
	git commit -q --allow-empty -m last
	for i in $(seq 10); do
		git -C "../tree$i" commit -q --allow-empty -m last
	done
	wait_for eval '[ "$(delivered)" = 50 ]'
	wait_for eval '[ "$(query "SELECT count(*) FROM queue")" = 0 ]'
	[ "$(query 'SELECT count(*) FROM sk_ledger')" = \
		"$(server_query 'SELECT count(*) FROM events')" ]
}

@test "queue: plain sqlite3 opens it, with spec-kitty's tables" {
	mission 001-a
	run -0 query 'SELECT name FROM sqlite_schema ORDER BY name'
	for table in queue body_upload_queue body_upload_failure_log \
		idx_timestamp idx_retry idx_coalesce_key; do
		[[ $'\n'$output$'\n' == *$'\n'$table$'\n'* ]]
	done
	run -0 query "SELECT name FROM pragma_table_info('queue') ORDER BY cid"
	[ "$(tr '\n' ' ' <<<"$output")" = \
		"id event_id event_type data timestamp retry_count coalesce_key " ]
}

@test "queue: rows that another program wrote are sent too" {
	mission 001-a
	query "INSERT INTO queue (event_id, event_type, data, timestamp)
		SELECT '01KF0000000000000000000000', event_type,
		json_set(data, '$.event_id', '01KF0000000000000000000000'),
		timestamp FROM queue LIMIT 1"
	run -0 git sk-sync now
	[[ $output == "Synced: 2, "* ]]
	[ "$(server_query "SELECT count(*) FROM events WHERE event_id = '01KF0000000000000000000000'")" = 1 ]
}
