#!/usr/bin/env bats
# Delivery when things go wrong; each title says what must not happen.

load helper
load fault

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

# now <status>: send; stdout in $output, stderr in $stderr.
now() {
	run "-$1" --separate-stderr git sk-sync now "${@:2}"
}

# --- the batch fails, not the events

@test "deliver: a failed batch blames no event" {
	local way

	start_fault ok
	seed 3
	for way in 'status 403 {"error": "no"}' 'status 408' 'status 429' \
		'status 500' 'status 502 <html>' 'status 503' 'reset' \
		'close' 'cut-headers' 'cut-body' 'garbage' 'html' \
		'redirect 302 http://127.0.0.1:1/' 'status 200 hello' \
		'status 200 {}' 'results empty' 'status 204' \
		'results unknown-id' 'status 418' 'huge-header' 'bomb'; do
		echo "# $way"
		restart_fault "$way"
		now 1
		[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 0' ]
		[ "${lines[1]}" = 'Still queued: 3' ]
		[ "$(retries)" = '0 0 0' ]
	done
	restart_fault ok
	now 0
	[ "$output" = 'Synced: 3, Duplicates: 0, Failed: 0' ]
}

@test "deliver: each kind of failure has its own category and remedy" {
	local way category

	start_fault ok
	seed 2
	while IFS='|' read -r way category; do
		echo "# $way"
		restart_fault "$way"
		now 1
		[[ ${lines[2]} == "  $category: 2  -- "* ]]
	done <<-'END'
		status 403 {"error": "no"}|unauthorized
		status 403 {"error": "Private Teamspace required"}|direct_ingress_missing_private_team
		status 408|retryable_transport
		reset|retryable_transport
		status 429|throttled
		status 500|server_error
		status 503 {"error": "service unavailable"}|server_error
		html|misconfigured
		redirect 301 https://example.com/|misconfigured
		results empty|server_error
	END
}

@test "deliver: a 401 is answered by one refresh, not by a storm" {
	start_fault 'auth ok'
	seed 3
	sed -i 's/^access_token = .*/access_token = "stale"/;
		s/^access = .*/access = "stale"/' "$GIT_SK_HOME/credentials"
	grep -q stale "$GIT_SK_HOME/credentials"
	now 0
	[ "$output" = 'Synced: 3, Duplicates: 0, Failed: 0' ]
	[ "$(grep -c token/refresh "$FAULT_LOG")" -eq 1 ]
	[ "$(batches)" = '3 3' ]
}

@test "deliver: a login that expired is not called a failed event" {
	start_fault 'status 401 {"error": "Token expired or invalid"}' \
		'refresh: status 401'
	seed 3
	now 1
	[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 0' ]
	[ "${lines[1]}" = 'Still queued: 3' ]
	[[ ${lines[2]} == "  auth_expired: 3  -- run 'git sk-auth login'"* ]]
	[ "$(retries)" = '0 0 0' ]
	# once the login is known to be dead nobody asks the server again
	now 1
	now 1
	[ "$(grep -c token/refresh "$FAULT_LOG")" -eq 1 ]
}

@test "deliver: a 401 after the refresh ends the run" {
	start_fault 'status 401'
	seed 3
	now 1
	[ "$(batches)" = '3 3' ]
	[[ ${lines[2]} == '  auth_expired: 3'* ]]
}

@test "deliver: a failure is not recorded as a delivery" {
	start_fault 'status 503'
	seed 2
	now 1
	[ "$(member last_delivery)" = null ]
	[ "$(member failures_in_a_row)" = 1 ]
	[ "$(member last_category)" = server_error ]
	now 1
	[ "$(member failures_in_a_row)" = 2 ]
	restart_fault ok
	now 0
	[ "$(member last_delivery)" != null ]
	[ "$(member failures_in_a_row)" = 0 ]
	[ "$(member next_attempt)" = null ]
}

@test "deliver: Retry-After is honoured, but not for years" {
	local wait

	start_fault 'header Retry-After: 120' 'status 429'
	seed 2
	now 1
	wait=$(query "SELECT value / 1000 - strftime('%s', 'now')
		FROM sk_state WHERE key = 'next_attempt_ms'")
	[ "$wait" -ge 110 ] && [ "$wait" -le 130 ]
	restart_fault 'header Retry-After: 1000000000' 'status 503'
	now 1
	wait=$(query "SELECT value / 1000 - strftime('%s', 'now')
		FROM sk_state WHERE key = 'next_attempt_ms'")
	[ "$wait" -ge 3590 ] && [ "$wait" -le 3700 ]
	# the background waits, a person does not
	git sk-sync flush
	[ "$(batches)" = 2 ]
	now 1
	[ "$(batches)" = '2 2' ]
}

# --- some events fail

@test "deliver: pending is neither a failure nor silence" {
	start_fault pending
	seed 4
	now 0
	[ "$output" = 'Synced: 0, Duplicates: 0, Pending: 4, Failed: 0' ]
	[ "$(retries)" = '0 0 0 0' ]
	restart_fault 'results queued'
	now 0 --json
	[ "$(jq .summary.pending <<<"$output")" = 4 ]
}

@test "deliver: counts are those of the answer, event by event" {
	start_fault 'results mixed'
	seed 8
	now 1
	[ "${lines[0]}" = 'Synced: 4, Duplicates: 0, Pending: 2, Failed: 2' ]
	[ "$(retries)" = '0 1 0 1' ]
}

@test "deliver: synonyms of success are success" {
	local way

	start_fault ok
	for way in success accepted warning; do
		seed 2
		restart_fault "results $way"
		now 0
		[ "$output" = 'Synced: 2, Duplicates: 0, Failed: 0' ]
	done
}

@test "deliver: an unknown status is no success" {
	start_fault 'results processed'
	seed 2
	now 1
	[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 2' ]
	[ "$(retries)" = '1 1' ]
}

@test "deliver: an event the answer leaves out stays" {
	start_fault 'results missing'
	seed 4
	now 1
	[ "${lines[0]}" = 'Synced: 2, Duplicates: 0, Failed: 0' ]
	[ "${lines[1]}" = 'Still queued: 2' ]
	[ "$(retries)" = '0 0' ]
}

@test "deliver: an answer that contradicts itself acknowledges nothing" {
	start_fault 'results twice'
	seed 2
	now 1
	[ "$(retries)" = '0 0' ]
}

@test "deliver: a rejection about tokens is no expired login" {
	start_fault 'results reject:Token expired or invalid'
	seed 2
	now 1
	[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 2' ]
	[ "$(grep -c token/refresh "$FAULT_LOG")" -eq 0 ]
	[ "$(member failures_in_a_row)" = 0 ]
}

@test "deliver: details are matched by id, never by place" {
	start_fault "poison $(id 3) details"
	seed 5
	now 1
	[ "${lines[0]}" = 'Synced: 4, Duplicates: 0, Failed: 1' ]
	[ "$(query 'SELECT event_id FROM queue')" = "$(id 3)" ]
	[ "$(retries)" = 1 ]
	# the innocent go at once, without the guilty
	[ "$(batches)" = '5 3 1' ]
}

@test "deliver: a 400 without details rejects the guilty alone" {
	start_fault "poison $(id 2),$(id 5)"
	seed 9
	now 1
	[ "${lines[0]}" = 'Synced: 7, Duplicates: 0, Failed: 2' ]
	[ "$(retries)" = '1 1' ]
	[ "$(query 'SELECT group_concat(event_id) FROM queue')" = \
		"$(id 2),$(id 5)" ]
	[ "$(arrived)" -eq 7 ]
}

@test "deliver: halving keeps the order" {
	start_fault "poison $(id 6)"
	seed 8
	now 1
	jq -r '.stored[]' "$FAULT_LOG" >arrived
	sort -C arrived
	[ "$(wc -l <arrived)" -eq 7 ]
}

@test "deliver: rejected rows never block what is behind them" {
	start_fault "limits 10 100000"
	seed 40
	# the first batches are all rejected, in one run the rest arrives
	restart_fault 'health: limits 10 100000' 'results reject:bad type' \
		'results reject:bad type' 'ok'
	now 1
	[ "${lines[0]}" = 'Synced: 20, Duplicates: 0, Failed: 20' ]
	[ "$(batches)" = '10 10 10 10' ]
	[ "$(retries | tr ' ' '\n' | sort -u)" = 1 ]
}

@test "deliver: a row rejected five times is held, shown and freed" {
	local i

	start_fault "poison $(id 1) details"
	seed 2
	now 1
	[ "${lines[0]}" = 'Synced: 1, Duplicates: 0, Failed: 1' ]
	for i in 2 3 4 5; do
		now 1
		[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 1' ]
	done
	[ "$(member held)" = 1 ]
	[ "$(batches 'select(.ids | index("'"$(id 1)"'")) | 1' | wc -w)" -eq 5 ]
	now 1
	[ -z "$output" ]
	[[ $stderr == *"refused too often"* ]]
	run -0 --separate-stderr git sk-sync status
	[[ $output == *"Held:           1"*"$(id 1)  "* ]]
	restart_fault ok
	run -0 --separate-stderr git sk-sync retry "$(id 1)"
	[ "$output" = 'Freed 1 event.' ]
	now 0
	[ "$output" = 'Synced: 1, Duplicates: 0, Failed: 0' ]
}

# --- rows that cannot be sent

@test "deliver: one unreadable row never stops the rest" {
	start_fault ok
	seed 5
	query "UPDATE queue SET data = '{\"torn' WHERE event_id = '$(id 0)';
		UPDATE queue SET data = '[1]' WHERE event_id = '$(id 1)';
		UPDATE queue SET data = replace(data, '$(id 2)', 'another')
		WHERE event_id = '$(id 2)'"
	now 1
	[ "${lines[0]}" = 'Synced: 2, Duplicates: 0, Failed: 3' ]
	[[ ${lines[1]} == '  schema_mismatch: 3'* ]]
	[ "$(member parked)" = 3 ]
	[ "$(member depth)" = 0 ]
	run -0 --separate-stderr git sk-sync status
	[[ $output == *"$(id 1)  schema_mismatch: is not a JSON object"* ]]
	[[ $output == *"its event_id is 'another'"* ]]
	now 0
	[ "$output" = 'Queue is empty, nothing to sync.' ]
}

@test "deliver: an oversized event is parked with its size, not deleted" {
	start_fault '413 100000'
	seed 2
	seed 1 2 150000
	seed 2 3
	now 1
	[ "${lines[0]}" = 'Synced: 4, Duplicates: 0, Failed: 1' ]
	[[ ${lines[1]} == '  oversized_event: 1'* ]]
	[ "$(member 'stuck[0].state')" = parked ]
	[[ $(member 'stuck[0].error') == *'(1'*' bytes)' ]]
	[ "$(query 'SELECT length(data) > 150000 FROM sk_parked')" = 1 ]
	restart_fault ok
	run -0 --separate-stderr git sk-sync retry --all
	now 0
	[ "$output" = 'Synced: 1, Duplicates: 0, Failed: 0' ]
}

@test "deliver: a proxy's 413 for a small event is not believed" {
	start_fault 'status 413 <html>nginx'
	seed 3
	now 1
	[ "${lines[0]}" = 'Synced: 0, Duplicates: 0, Failed: 0' ]
	[ "${lines[1]}" = 'Still queued: 3' ]
	[ "$(member parked)" = 0 ]
	[ "$(retries)" = '0 0 0' ]
}

@test "deliver: a 413 halves the batch, and that has an end" {
	start_fault '413 3000'
	seed 60
	now 0
	[ "$output" = 'Synced: 60, Duplicates: 0, Failed: 0' ]
	# the smaller size stays: no large batch comes after a small one
	[ "$(batches '.bytes' | tr ' ' '\n' | sort -nrc 2>&1)" = '' ] ||
		[ "$(batches '.bytes' | tr ' ' '\n' | awk '$1 > 3000' | wc -l)" -le 3 ]
}

@test "deliver: batches stay below what the server advertises" {
	start_fault 'health: limits 7 2000' ok
	seed 30
	now 0
	[ "$(batches | tr ' ' '\n' | sort -n | tail -n 1)" -le 7 ]
	[ "$(batches .bytes | tr ' ' '\n' | sort -n | tail -n 1)" -le 1800 ]
	[ "$(arrived)" -eq 30 ]
}

@test "deliver: batches stay below what proxies take" {
	start_fault ok
	seed 300 0 4000
	now 0
	[ "$(batches .bytes | tr ' ' '\n' | sort -n | tail -n 1)" -le 235929 ]
	[ "$(arrived)" -eq 300 ]
}

@test "deliver: the limits are asked once a run" {
	start_fault 'health: limits 5 100000' ok
	: >"$FAULT_LOG"
	seed 30
	now 0
	[ "$(batches | wc -w)" -eq 6 ]
	[ "$(grep -c sync/health "$FAULT_LOG")" -eq 1 ]
}

@test "deliver: a note for the client itself is not sent" {
	start_fault ok
	seed 2
	query "UPDATE queue SET data = replace(data, '\"payload\"',
		'\"drain_blocked_reason\": \"no_auth\", \"payload\"')"
	now 0
	[ "$output" = 'Synced: 2, Duplicates: 0, Failed: 0' ]
	[ "$(member depth)" = 0 ]
}

# --- nothing is lost on the way

@test "deliver: a lost answer leads to duplicates, not to doubles" {
	start_fault lost lost ok
	seed 5
	now 1
	[ "$(member depth)" = 5 ]
	# the connection itself may have tried again
	git sk-sync now >out || git sk-sync now >out
	[ "$(cat out)" = 'Synced: 0, Duplicates: 5, Failed: 0' ]
	[ "$(arrived)" -eq 5 ]
}

@test "deliver: killed at any moment, nothing is lost or doubled" {
	local i

	start_fault 'health: limits 10 100000' ok
	seed 400
	for ((i = 0; i < 12; i++)); do
		timeout -s KILL "0.0$((i * 7 % 10))5" git sk-sync now \
			>/dev/null 2>&1 || true
	done
	now 0
	[ "$(arrived)" -eq 400 ]
	[ "$(jq -r '.stored[]' "$FAULT_LOG" | wc -l)" -eq 400 ]
	[ "$(member depth)" = 0 ]
}

@test "deliver: a row replaced meanwhile is not deleted by the old answer" {
	start_fault 'delay 700 ok'
	seed 2
	git sk-sync now >out 2>&1 &
	wait_for grep -q health "$FAULT_LOG"
	sleep 0.3
	query "UPDATE queue SET data = replace(data, 'payload', 'payloaD')
		WHERE event_id = '$(id 0)'"
	wait $!
	[ "$(cat out)" = 'Synced: 2, Duplicates: 0, Failed: 0' ]
	[ "$(query 'SELECT group_concat(event_id) FROM queue')" = "$(id 0)" ]
}

@test "deliver: two senders never send the same rows" {
	start_fault 'delay 500 ok'
	seed 5
	git sk-sync now >out 2>&1 &
	wait_for grep -q health "$FAULT_LOG"
	now 0
	[ -z "$output" ] && [ -z "$stderr" ]
	wait $!
	[ "$(batches)" = 5 ]
}

@test "deliver: Ctrl-C ends after the batch in flight, whose answer counts" {
	local status=0 synced

	start_fault 'health: limits 10 100000' 'delay 400 ok'
	seed 200
	git-sk-sync now >out 2>err &
	# one was answered: the next is in flight, or about to be
	wait_for grep -q batch "$FAULT_LOG"
	kill -INT $!
	wait $! || status=$?
	[ "$status" -eq 1 ]
	synced=$(arrived)
	[ "$synced" -ge 10 ]
	[ "$synced" -lt 200 ]
	[ "$(head -n 1 out)" = "Synced: $synced, Duplicates: 0, Failed: 0" ]
	[ "$(cat err)" = "warning: interrupted: $((200 - synced)) \
events stay in the queue" ]
	[ "$(member depth)" = $((200 - synced)) ]
	[ "$(member failures_in_a_row)" = 0 ]
}

@test "deliver: while one batch is answered the next one is ready" {
	start_fault 'health: limits 10 100000' 'delay 100 ok'
	seed 30
	now 0
	[ "$(batches)" = '10 10 10' ]
	[ "$(arrived)" -eq 30 ]
}

@test "deliver: the server's words cannot write to the terminal" {
	start_fault "$(printf 'results reject:a\x1b[31mred\r\nb')"
	seed 1
	now 1
	[[ $output != *$'\x1b'* ]] && [[ $output != *$'\r'* ]]
	[[ $output == *'\x1b[31mred'* ]]
}

# --- the final sync

@test "deliver: the background sender never prints and never fails" {
	start_fault 'status 500'
	seed 2
	run -0 --separate-stderr git sk-sync flush
	[ -z "$output" ] && [ -z "$stderr" ]
	# three attempts, a second apart
	[ "$(batches)" = '2 2 2' ]
	[ "$(wc -l <"$GIT_SK_HOME/sync/flush.log")" -eq 1 ]
	grep -q 'sync_diagnostic severity=warning diagnostic_code=sync.server_error fatal=false sync_phase=final_sync message=' \
		"$GIT_SK_HOME/sync/flush.log"
}

@test "deliver: a refused login is not tried three times" {
	start_fault 'status 403'
	seed 2
	git sk-sync flush
	[ "$(batches)" = 2 ]
}

@test "deliver: a network that is down is no authentication failure" {
	start_fault ok
	seed 2
	kill "$FAULT_PID"
	git sk-sync flush
	grep -q 'diagnostic_code=sync.network_unavailable ' \
		"$GIT_SK_HOME/sync/flush.log"
}

@test "deliver: the flush log does not grow for ever" {
	local log=$GIT_SK_HOME/sync/flush.log

	start_fault 'status 403'
	seed 1
	mkdir -p "${log%/*}"
	head -c 300000 /dev/zero | tr '\0' x >"$log"
	git sk-sync flush
	[ "$(wc -l <"$log")" -eq 1 ]
	[ "$(stat -c %s "$log.1")" -eq 300000 ]
}

@test "deliver: the wake-up marker is there while something waits" {
	start_fault 'status 429' ok
	seed 2
	now 1
	[ -e "$GIT_SK_HOME/sync/backlog" ]
	[ "$(stat -c %Y "$GIT_SK_HOME/sync/backlog")" -ge "$(date +%s)" ] ||
		[ "$(stat -c %Y "$GIT_SK_HOME/sync/backlog")" -ge \
			$(($(date +%s) - 3)) ]
	now 0
	[ ! -e "$GIT_SK_HOME/sync/backlog" ]
}
