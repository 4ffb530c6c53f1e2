#!/usr/bin/env bats
# git sk-daemon as a sender: all of it, once, and whatever happens.

load helper
load fault
load daemon

queue_is_empty() {
	[ "$(query 'SELECT count(*) FROM queue')" -eq 0 ]
}

@test "daemon: sends when it is asked to" {
	git sk-daemon start
	events_waiting 3
	server_has 0
	[[ $(trigger) == 202* ]]
	wait_for server_has 3
	wait_for queue_is_empty
	wait_for grep -q ' delivered$' "$LOG"
	run -0 git sk-daemon status --json
	[[ $(jq -r .last_sync <<<"$output") == 20* ]]
}

@test "daemon: sends by itself after sk.daemonInterval seconds" {
	git config --global sk.daemonInterval 1
	git sk-daemon start
	events_waiting 3
	wait_for server_has 3
}

@test "daemon: sends nothing while sending is switched off" {
	events_waiting 2
	git config --global sk.sync false
	git sk-daemon start
	[[ $(trigger) == 202* ]]
	sleep 0.5
	server_has 0
	git config --global sk.sync true
	[[ $(trigger) == 202* ]]
	wait_for server_has 2
}

@test "daemon: whoever logs in while it runs, the next round is theirs" {
	git sk-daemon start
	events_waiting 2
	printf 'secret\n' | sk-ingestd user add --db "$SERVER_DB" \
		--password-stdin other
	printf 'secret\n' | git sk-auth login --server "$SERVER" \
		--username other --password-stdin --force
	event 001-a WP02 null planned 01KE0000000000000000000077
	git commit -qam theirs
	[[ $(trigger) == 202* ]]
	wait_for server_has 1
	[ "$(server_query "SELECT event_id FROM events
		WHERE event_type = 'WPStatusChanged'")" = \
		01KE0000000000000000000077 ]
	log_in
	[[ $(trigger) == 202* ]]
	wait_for server_has 3
}

@test "daemon: run in the foreground says where, sends, and ends with 0" {
	events_waiting 3
	git-sk-daemon run >"$HOME/out" 2>"$HOME/err" 3>&- &
	pid=$!
	wait_for server_has 3
	[[ $(trigger) == 202* ]]
	[[ $(ask /api/health) == 200* ]]
	[ "$(readlink "/proc/$pid/cwd")" = / ]
	kill "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 0 ]
	[ ! -s "$HOME/err" ]
	[[ $(<"$HOME/out") == "Started: process $pid, http://127.0.0.1:"*"
Ended: asked to." ]]
}

@test "daemon: others send while it idles" {
	git sk-daemon start
	events_waiting 2
	run -0 git sk-sync now
	server_has 2
	[ ! -e "$GIT_SK_HOME/sync/daemon/owner.json" ]
}

@test "daemon: a server that is away is failures in a row, and no loss" {
	events_waiting 2
	stop_ingestd
	git config --global sk.daemonInterval 1
	git sk-daemon start
	failed() {
		[ "$(git sk-daemon status --json |
			jq .consecutive_failures)" -ge 1 ]
	}
	wait_for failed
	[ "$(query "SELECT count(*) FROM queue
		WHERE event_type = 'WPStatusChanged'")" -eq 2 ]
	[ "$(query 'SELECT max(retry_count) FROM queue')" -eq 0 ]
}

@test "daemon: killed, it is not running, and the next start goes on" {
	git sk-daemon start
	pid=$(daemon_pid)
	kill -9 "$pid"
	wait_for is_gone "$pid"
	run -1 git sk-daemon status
	[[ $output == "No daemon is running; the last one was killed."* ]]
	events_waiting 2
	run -0 git sk-daemon start
	[[ $output == "Started: "* ]]
	[ "$(daemon_pid)" != "$pid" ]
	wait_for server_has 2
}

@test "daemon: 10,000 events, a kill every so often, none lost" {
	git sk-daemon start
	events_waiting 10000
	for delay in 0.05 0.1 0.15 0.2 0.25; do
		trigger
		sleep "$delay"
		kill -9 "$(daemon_pid)"
		git sk-daemon start
	done
	wait_for server_has 10000
	wait_for queue_is_empty
}

@test "daemon: 10,000 events queued while it runs arrive, memory stays" {
	git config --global sk.daemonInterval 1
	git sk-daemon start
	events_waiting 10000
	wait_for server_has 10000
	peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$(daemon_pid)/status")
	echo "peak: $peak kB"
	[[ $BUILD == *san* ]] || [ "$peak" -lt 65536 ]
}

# slow_server: one that takes long for what is waiting, in small batches.
slow_server() {
	start_fault 'health: limits 10 100000' 'delay 200 ok'
	events_waiting 300
}

is_sending() {
	[ -n "$(batches)" ]
}

@test "daemon: asked to end, it ends after the batch in flight" {
	slow_server
	git sk-daemon start
	wait_for is_sending
	run -0 git sk-daemon stop
	[[ $output == "Stopped: "* ]]
	left=$(query 'SELECT count(*) FROM queue')
	echo "batches: $(batches), $left left"
	[ "$left" -gt 0 ]
	[ "$left" -lt 301 ]
	[ "$left" -eq $((301 - $(arrived))) ]
}

@test "daemon: while it sends the owner record names it, then nobody" {
	slow_server
	git sk-daemon start
	owner=$GIT_SK_HOME/sync/daemon/owner.json
	wait_for test -e "$owner"
	announced() {
		[ "$(jq .port "$owner")" = "$(sed -n 2p "$STATE")" ]
	}
	wait_for announced
	[ "$(jq .pid "$owner")" = "$(daemon_pid)" ]
	[ "$(jq -r .token "$owner")" = "$(token)" ]
	[ "$(stat -c %a "$owner")" = 600 ]
	run -0 git sk-doctor orphan-daemons
	git sk-daemon stop
	[ ! -e "$owner" ]
}

@test "daemon: killed while it sends, the next sender goes on" {
	slow_server
	git sk-daemon start
	owner=$GIT_SK_HOME/sync/daemon/owner.json
	wait_for test -e "$owner"
	wait_for is_sending
	pid=$(daemon_pid)
	kill -9 "$pid"
	wait_for is_gone "$pid"
	run -1 git sk-doctor orphan-daemons
	restart_fault ok
	run -0 git sk-sync now
	queue_is_empty
	run -0 git sk-doctor orphan-daemons
	[ ! -e "$owner" ]
}
