#!/usr/bin/env bats
# sk-ingestd: every endpoint, every refusal, and what it must never do.

load helper

setup() {
	sk_setup
	shopt -s lastpipe # 'events | send' sets STATUS here
}

teardown() {
	sk_teardown
}

# request <method> <path> [<curl option>...]: sets STATUS; body and headers in
# the files body and headers.
request() {
	local method=$1 path=$2

	shift 2
	STATUS=$(curl -s -m 20 -X "$method" -o body -D headers \
		-w '%{http_code}' "$@" "$SERVER$path") || true
}

post() {
	local path=$1

	shift
	request POST "$path" -H 'Content-Type: application/json' "$@"
}

# get_token: as dev; sets ACCESS and REFRESH.
get_token() {
	post /api/v1/token/ -d '{"username": "dev", "password": "secret"}'
	[ "$STATUS" = 200 ]
	read -r ACCESS REFRESH < <(jq -r '"\(.access) \(.refresh)"' body)
	AUTH="Authorization: Bearer $ACCESS"
}

serve() {
	start_ingestd "$@"
	get_token
}

# events <first> <count> [<jq filter>]: a batch of valid events of 1.0.0, each
# passed through the filter.
events() {
	jq -n -c --argjson first "$1" --argjson count "$2" '
		def id: "01KE" + ("0000000000000000000000" + tostring)[-22:];
		def event: {
			event_id: id, event_type: "WPStatusChanged",
			aggregate_id: "m-1/WP01", schema_version: "1.0.0",
			payload: {feature_slug: "m-1", wp_id: "WP01",
				from_lane: null, to_lane: "doing",
				actor: "agent", force: false, reason: null,
				execution_mode: "WORKTREE", review_ref: null,
				evidence: null},
			timestamp: "2026-05-01T10:00:00+00:00",
			node_id: "73a0c7874ba6", lamport_clock: .,
			causation_id: null, correlation_id: id,
			project_uuid: "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
			project_slug: "demo", data_tier: 0};
		{events: [range($first; $first + $count) | event'"${3:+ | $3}"']}'
}

# send [<curl option>...]: the batch on standard input, packed.
send() {
	gzip -1 >packed
	post /api/v1/events/batch/ -H "$AUTH" -H 'Content-Encoding: gzip' \
		--data-binary @packed "$@"
}

statuses() {
	jq -r '.results | group_by(.status)
		| map("\(length) \(.[0].status)") | join(", ")' body
}

# refused [<filter> <text>]...: events changed this way, each rejected with the
# text after it.
refused() {
	local filters=empty

	while [ $# -gt 0 ]; do
		filters+=", ($1)"
		printf 'rejected: %s\n' "$2" >>wanted
		shift 2
	done
	events 1 1 "($filters)" | send
	[ "$STATUS" = 200 ]
	jq -r '.results[] | "\(.status): \(.error)"' body | diff wanted -
	rm wanted
}

# third: turn an event into one of contract 3.0.0.
third='.schema_version = "3.0.0" | .payload = {mission_slug: "m-1"}'

stored() {
	server_query 'SELECT count(*) FROM events'
}

# As root, permissions mean nothing: give that privilege up.
bound_by_modes() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search \
			--inh-caps=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

@test "ingestd: events are stored, acknowledged and fed back in order" {
	serve
	events 1 3 | send
	[ "$STATUS" = 200 ]
	jq -e '.results | map(.status) == ["success", "success", "success"]' body
	[ "$(jq -r '.results[2].event_id' body)" = 01KE0000000000000000000003 ]
	[ "$(server_query 'SELECT event_type, project_uuid, username
		FROM events WHERE seq = 1')" = \
		'WPStatusChanged|6ba7b810-9dad-41d1-80b4-00c04fd430c8|dev' ]
	request GET '/api/v1/events/?after=1&limit=1' -H "$AUTH"
	[ "$STATUS" = 200 ]
	jq -e '.next == 2 and .events[0].seq == 2' body
	request GET '/api/v1/events/?after=2' -H "$AUTH"
	jq -e '.next == null and (.events | length) == 1' body
	diff <(jq -S '.events[0].event' body) \
		<(events 3 1 | jq -S '.events[0]')
}

@test "ingestd: the same event again is a duplicate, the first is kept" {
	serve
	events 1 2 | send
	events 1 3 '.payload.to_lane = "done"' | send
	jq -e '[.results[].status] == ["duplicate", "duplicate", "success"]' body
	[ "$(server_query "SELECT data LIKE '%\"to_lane\": \"doing\"%'
		FROM events WHERE seq = 1")" = 1 ]
}

@test "ingestd: an id twice in one batch is stored once" {
	serve
	events 1 2 '.event_id = "01KE0000000000000000000009"' | send
	jq -e '[.results[].status] == ["success", "duplicate"]' body
	[ "$(stored)" = 1 ]
}

@test "ingestd: two spellings of one UUID are one event" {
	serve
	events 1 1 '.event_id = "6BA7B8109DAD41D180B400C04FD430C8"' | send
	jq -e '.results[0] == {event_id: "6BA7B8109DAD41D180B400C04FD430C8",
		status: "success"}' body
	events 1 1 '.event_id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"' | send
	jq -e '.results[0].status == "duplicate"' body
	[ "$(server_query 'SELECT event_id FROM events')" = \
		6ba7b810-9dad-41d1-80b4-00c04fd430c8 ]
}

@test "ingestd: a bad event does not hold back its neighbours" {
	serve
	events 1 3 'if .lamport_clock == 2 then .payload.to_lane = "claimed"
		else . end' | send
	[ "$STATUS" = 200 ]
	jq -e '[.results[].status] == ["success", "rejected", "success"]' body
	[ "$(stored)" = 2 ]
}

@test "ingestd: every rejection names field, expectation and value" {
	serve
	refused \
		'.event_id = "x"' \
		"invalid field 'event_id': expected a ULID or UUID, got 'x'" \
		'del(.event_id)' \
		"missing field 'event_id': expected a ULID or UUID, got nothing" \
		'.event_type = ""' \
		"invalid field 'event_type': expected text that is not empty, got ''" \
		'.payload = [1]' \
		"invalid field 'payload': expected an object, got an array" \
		'.timestamp = "yesterday"' \
		"invalid field 'timestamp': expected an ISO 8601 date and time, got 'yesterday'" \
		'.schema_version = "2.0.0"' \
		"invalid field 'schema_version': expected 1.0.0 or 3.0.0, got '2.0.0'" \
		'.schema_version = 1' \
		"invalid field 'schema_version': expected 1.0.0 or 3.0.0, got 1" \
		'.node_id = null' \
		"invalid field 'node_id': expected text that is not empty, got null" \
		'.lamport_clock = -1' \
		"invalid field 'lamport_clock': expected an integer, 0 or more, got -1" \
		'.lamport_clock = 1.5' \
		"invalid field 'lamport_clock': expected an integer, 0 or more, got 1.5" \
		'del(.aggregate_id)' \
		"missing field 'aggregate_id': expected text that is not empty, got nothing" \
		'.correlation_id = "?"' \
		"invalid field 'correlation_id': expected a ULID or UUID, got '?'" \
		'.data_tier = 5' \
		"invalid field 'data_tier': expected an integer from 0 to 4, got 5" \
		'.project_uuid = {}' \
		"invalid field 'project_uuid': expected text, got an object" \
		'7' 'invalid event: expected an object, got 7'
	[ "$(stored)" = 0 ]
}

@test "ingestd: payloads of contract 1.0.0 are checked by type" {
	serve
	refused \
		'.event_type = "WPCreated"' \
		"invalid field 'event_type': expected WPStatusChanged, MissionStarted, MissionCompleted, PhaseEntered or ReviewRollback, got 'WPCreated'" \
		'.payload.to_lane = "claimed"' \
		"invalid field 'payload.to_lane': expected planned, doing, for_review or done, got 'claimed'" \
		'.payload.to_lane = null' \
		"invalid field 'payload.to_lane': expected planned, doing, for_review or done, got null" \
		'.payload.from_lane = "nowhere"' \
		"invalid field 'payload.from_lane': expected planned, doing, for_review or done, got 'nowhere'" \
		'.payload.force = "yes"' \
		"invalid field 'payload.force': expected true or false, got 'yes'" \
		'del(.payload.actor)' \
		"missing field 'payload.actor': expected text that is not empty, or an object, got nothing" \
		'.event_type = "MissionStarted"' \
		"missing field 'payload.mission_key': expected text that is not empty, got nothing" \
		'.event_type = "MissionCompleted" | .payload = {
			feature_slug: "m", mission_key: "k", completed_at: "never"}' \
		"invalid field 'payload.completed_at': expected an ISO 8601 date and time, got 'never'" \
		'.event_type = "PhaseEntered"' \
		"missing field 'payload.phase': expected text that is not empty, got nothing" \
		'.event_type = "ReviewRollback" | .payload.rolled_back_from = 3' \
		"invalid field 'payload.rolled_back_from': expected planned, doing, for_review or done, got 3"
	[ "$(stored)" = 0 ]
}

@test "ingestd: all five types of contract 1.0.0 are taken" {
	serve
	events 1 5 '.payload = ({
		"1": {feature_slug: "m", wp_id: "WP01", from_lane: "planned",
			to_lane: "doing", actor: {actor_id: "a"},
			execution_mode: "DIRECT_REPO"},
		"2": {feature_slug: "m", mission_key: "k", started_by: "a"},
		"3": {feature_slug: "m", mission_key: "k", wp_count: 2,
			completed_at: "2026-05-01T10:00:00Z", done_count: 2},
		"4": {feature_slug: "m", phase: "plan",
			entered_at: "2026-05-01T10:00:00.5+02:00"},
		"5": {feature_slug: "m", wp_id: "WP01", reason: null,
			rolled_back_from: "for_review", rolled_back_to: "doing"}
		})["\(.lamport_clock)"] | .event_type = ({
		"1": "WPStatusChanged", "2": "MissionStarted",
		"3": "MissionCompleted", "4": "PhaseEntered",
		"5": "ReviewRollback"})["\(.lamport_clock)"]' | send
	[ "$(statuses)" = '5 success' ]
}

@test "ingestd: contract 3.0.0 is taken, without names of the past" {
	serve
	events 1 1 "$third"' | .event_type = "WPCreated"' | send
	[ "$(statuses)" = '1 success' ]
	refused \
		"$third"' | .payload.a = [{mission_key: 1}]' \
		"invalid field 'mission_key': expected no key that contract 3.0.0 has left behind, got one" \
		"$third"' | .feature_slug = "m"' \
		"invalid field 'feature_slug': expected no key that contract 3.0.0 has left behind, got one" \
		"$third"' | .event_type = "FeatureCreated"' \
		"invalid field 'event_type': expected a type of contract 3.0.0, got 'FeatureCreated'" \
		"$third"' | .aggregate_id = "feature/m-1"' \
		"invalid field 'aggregate_id': expected an aggregate of contract 3.0.0, got 'feature/m-1'"
}

@test "ingestd: a hostile value is shown harmless and short" {
	serve
	refused '.timestamp = "\u001b[2J\n\u202e"' \
		"invalid field 'timestamp': expected an ISO 8601 date and time, got '\\x1b[2J\\n\\u{202e}'"
	events 1 1 '.event_id = "A" * 5000' | send
	[ "$(wc -c <body)" -lt 800 ]
}

@test "ingestd: an empty batch and a body that is none are 400" {
	serve
	for body in '{"events": []}' '{}'; do
		printf '%s' "$body" | send
		[ "$STATUS" = 400 ]
		[ "$(cat body)" = '{"error": "No events provided"}' ]
	done
	for body in '' '[]' '{"events": 1}' '{"events": [{}]' \
		'{"events": [], "events": []}' $'{"events": ["\xff"]}'; do
		printf '%s' "$body" | send
		[ "$STATUS" = 400 ]
		jq -e '.error | test("JSON|array")' body
	done
	head -c 5000 /dev/zero | tr '\0' '[' | send
	[ "$STATUS" = 400 ]
	jq -e '.error | test("deep|nest")' body
}

@test "ingestd: too many events are 413 with the limits" {
	serve --max-events 10
	events 1 11 | send
	[ "$STATUS" = 413 ]
	jq -e '.limits.max_events_per_batch == 10' body
	[ "$(stored)" = 0 ]
	events 1 10 | send
	[ "$(statuses)" = '10 success' ]
}

@test "ingestd: a batch past the byte limit is 413, packed or plain" {
	serve --max-bytes 4096
	events 1 20 | send
	[ "$STATUS" = 413 ]
	jq -e '.limits.max_decompressed_bytes_per_batch == 4096 and
		(.error | test("exceeds decompressed byte limit"))' body
	events 1 20 >plain
	post /api/v1/events/batch/ -H "$AUTH" --data-binary @plain
	[ "$STATUS" = 413 ]
	jq -e '.limits.max_decompressed_bytes_per_batch == 4096' body
	events 1 1 >plain
	post /api/v1/events/batch/ -H "$AUTH" --data-binary @plain
	[ "$(statuses)" = '1 success' ]
}

@test "ingestd: a gzip bomb is 413 and costs no memory" {
	serve
	head -c 200000000 /dev/zero | send
	[ "$STATUS" = 413 ]
	[ "$(awk '/VmHWM/ {print $2}' "/proc/$SERVER_PID/status")" -lt 100000 ]
}

@test "ingestd: an oversized body is 413 and the answer arrives" {
	serve
	head -c 3000000 /dev/urandom >big
	for option in 'Expect:' 'Transfer-Encoding: chunked'; do
		post /api/v1/events/batch/ -H "$AUTH" -H "$option" \
			-H 'Content-Encoding: gzip' --data-binary @big
		[ "$STATUS" = 413 ]
		jq -e .limits body
	done
	request GET /healthz
	[ "$STATUS" = 200 ]
}

@test "ingestd: a body announced as endless is refused at once" {
	serve
	exec 7<>"/dev/tcp/127.0.0.1/${SERVER##*:}"
	printf 'POST /api/v1/token/ HTTP/1.1\r\nHost: x\r\n' >&7
	printf 'Content-Type: text/plain\r\nContent-Length: 4294967296\r\n\r\n' >&7
	read -r -t 5 line <&7
	exec 7>&-
	[[ $line == 'HTTP/1.1 415 '* ]]
}

@test "ingestd: a torn gzip body is 400" {
	serve
	events 1 50 | gzip >whole
	head -c 200 whole >torn
	post /api/v1/events/batch/ -H "$AUTH" -H 'Content-Encoding: gzip' \
		--data-binary @torn
	[ "$STATUS" = 400 ]
	jq -e '.error | startswith("the body is not gzip")' body
	[ "$(stored)" = 0 ]
}

@test "ingestd: what is no such endpoint, method or type is named" {
	serve
	request GET /api/v1/nothing
	[ "$STATUS" = 404 ]
	[ "$(cat body)" = "{\"error\": \"there is no '/api/v1/nothing' here\"}" ]
	post /api/v1/events/batch -H "$AUTH" -d '{}'
	[ "$STATUS" = 404 ]
	request DELETE /api/v1/events/ -H "$AUTH"
	[ "$STATUS" = 405 ]
	grep -qi '^allow: GET, HEAD' headers
	request GET /api/v1/token/
	[ "$STATUS" = 405 ]
	grep -qi '^allow: POST' headers
	request POST /api/v1/token/ -H 'Content-Type: text/html' -d x
	[ "$STATUS" = 415 ]
	request POST /api/v1/token/ -H 'Content-Type;' -d x
	[ "$STATUS" = 415 ]
	post /api/v1/events/batch/ -H "$AUTH" -H 'Content-Encoding: br' -d '{}'
	[ "$STATUS" = 415 ]
	request POST /api/v1/token/ -H 'Content-Length:' \
		-H 'Content-Type: application/json'
	[ "$STATUS" = 411 ]
	request GET /healthz -H "X-Filler: $(head -c 20000 /dev/zero | tr '\0' x)"
	[ "$STATUS" = 431 ]
	jq -e .error body
}

@test "ingestd: without a token nothing is told and nothing is taken" {
	serve
	for path in /api/v1/sync/health/ /api/v1/events/; do
		request GET "$path"
		[ "$STATUS" = 401 ]
		grep -qix $'www-authenticate: Bearer\r' headers
		[ "$(jq -r .error body)" = \
			'Authentication credentials were not provided' ]
	done
	for token in x "$REFRESH" ''; do
		AUTH="Authorization: Bearer $token"
		events 1 1 | send
		[ "$STATUS" = 401 ]
		[ "$(jq -r .error body)" = 'Token expired or invalid' ] ||
			[ -z "$token" ]
	done
	[ "$(stored)" = 0 ]
}

@test "ingestd: an access token ends with its lifetime" {
	serve --access-lifetime 1
	is_over() {
		request GET /api/v1/sync/health/ -H "$AUTH"
		[ "$STATUS" = 401 ]
	}
	wait_for is_over
	[ "$(jq -r .error body)" = 'Token expired or invalid' ]
}

@test "ingestd: login answers tokens that are nowhere in the database" {
	serve --access-lifetime 100 --refresh-lifetime 200
	jq -e '.access_lifetime == 100 and .refresh_lifetime == 200 and
		.team_slug == "" and (.access | length) == 43' body
	run -1 grep -aqF -e "$ACCESS" -e "$REFRESH" -e secret "$SERVER_DB"*
	grep -aqF '$y$' "$SERVER_DB"*
	[ "$(stat -c %a "$SERVER_DB")" = 600 ]
	[ "$(stat -c %a "$SERVER_DB-wal")" = 600 ]
}

@test "ingestd: a wrong password and a wrong name get the same answer" {
	start_ingestd
	post /api/v1/token/ -d '{"username": "dev", "password": "wrong"}'
	[ "$STATUS" = 401 ]
	mv body first
	post /api/v1/token/ -d '{"username": "nobody", "password": ""}'
	[ "$STATUS" = 401 ]
	cmp first body
	[ "$(cat body)" = '{"error": "Invalid username or password"}' ]
	post /api/v1/token/ -d '{"username": "dev"}'
	[ "$STATUS" = 400 ]
	post /api/v1/token/ -d '{"username": 1, "password": "x"}'
	[ "$STATUS" = 400 ]
}

@test "ingestd: guessing passwords is slowed down, for others it is not" {
	start_ingestd
	printf 'secret\n' | sk-ingestd user add --db "$SERVER_DB" \
		--password-stdin other
	for i in 1 2 3 4 5; do
		post /api/v1/token/ -d '{"username": "dev", "password": "w"}'
		[ "$STATUS" = 401 ]
	done
	post /api/v1/token/ -d '{"username": "dev", "password": "secret"}'
	[ "$STATUS" = 429 ]
	grep -qiE '^retry-after: [1-9][0-9]?.$' headers
	post /api/v1/token/ -d '{"username": "other", "password": "secret"}'
	[ "$STATUS" = 200 ]
}

@test "ingestd: refresh gives a new pair; the old one has a grace" {
	serve
	old=$REFRESH
	for i in 1 2; do
		post /api/v1/token/refresh/ -d "{\"refresh\": \"$old\"}"
		[ "$STATUS" = 200 ]
		[ "$(jq -r .refresh body)" != "$old" ]
	done
	AUTH="Authorization: Bearer $(jq -r .access body)"
	request GET /api/v1/sync/health/ -H "$AUTH"
	[ "$STATUS" = 200 ]
	# the grace is 60 seconds: let them pass
	server_query 'UPDATE tokens SET expires_at = expires_at - 61'
	post /api/v1/token/refresh/ -d "{\"refresh\": \"$old\"}"
	[ "$STATUS" = 401 ]
	post /api/v1/token/refresh/ -d "{\"refresh\": \"$ACCESS\"}"
	[ "$STATUS" = 401 ]
	post /api/v1/token/refresh/ -d '{}'
	[ "$STATUS" = 400 ]
}

@test "ingestd: health tells limits and contracts, healthz only that it is up" {
	serve
	request GET /api/v1/sync/health/ -H "$AUTH"
	[ "$STATUS" = 200 ]
	jq -e '.status == "ok" and .server == "sk-ingestd" and
		.contracts == ["1.0.0", "3.0.0"] and
		.sync_ingress.limits == {
			max_events_per_batch: 1000,
			max_decompressed_bytes_per_batch: 1048576,
			retry_after_min_seconds: 1,
			retry_after_max_seconds: 60}' body
	request GET /healthz
	[ "$(cat body)" = '{"status": "ok"}' ]
	request HEAD /healthz -I
	[ "$STATUS" = 200 ]
}

@test "ingestd: the feed refuses parameters that are no such numbers" {
	serve
	for query in limit=0 limit=1001 limit=x after=-1 after= \
		after=99999999999999999999; do
		request GET "/api/v1/events/?$query" -H "$AUTH"
		[ "$STATUS" = 400 ]
		jq -e '.error | startswith("invalid parameter")' body
	done
	request GET '/api/v1/events/?after=9223372036854775807' -H "$AUTH"
	[ "$(cat body)" = '{"events": [], "next": null}' ]
}

@test "ingestd: the feed's pages together hold every event once" {
	serve
	events 1 250 | send
	after=0
	while [ "$after" != null ]; do
		request GET "/api/v1/events/?after=$after&limit=99" -H "$AUTH"
		jq -r '.events[].seq' body >>seen
		after=$(jq .next body)
	done
	cmp seen <(seq 250)
}

@test "ingestd: a client that dawdles is cut off, others are served" {
	serve --timeout 1
	exec 7<>"/dev/tcp/127.0.0.1/${SERVER##*:}"
	printf 'POST /api/v1/token/ HTTP/1.1\r\n' >&7
	closed=
	for i in 1 2 3 4 5 6 7 8; do
		# no answer within the time is above 128, the end is 1
		read -r -t 0.5 <&7 || [ $? -gt 128 ] || closed=yes
		[ -z "$closed" ] || break
		(printf 'X-%s: y\r\n' "$i" >&7) 2>/dev/null || true
		request GET /healthz
		[ "$STATUS" = 200 ]
	done
	[ -n "$closed" ]
	exec 7>&-
}

@test "ingestd: kill -9 under load loses nothing that was acknowledged" {
	serve
	for round in 1 2 3; do
		(
			trap - EXIT
			for n in $(seq 40); do
				events "$((round * 100000 + n * 100))" 50 |
					gzip -1 >"p$round"
				curl -sf -m 5 -o "answer-$round-$n" \
					-H "$AUTH" \
					-H 'Content-Type: application/json' \
					-H 'Content-Encoding: gzip' \
					--data-binary "@p$round" \
					"$SERVER/api/v1/events/batch/" || break
			done
		) 3>&- &
		load=$!
		wait_for test -s "answer-$round-$((round * 2))"
		kill -9 "$SERVER_PID"
		wait "$load" || true
		wait "$SERVER_PID" || true
		rm "$BATS_TEST_TMPDIR/port"
		start_ingestd
	done
	[ "$(server_query 'PRAGMA integrity_check')" = ok ]
	cat answer-* | jq -r '.results[]? | select(.status == "success")
		| .event_id' | sort >acknowledged
	[ "$(wc -l <acknowledged)" -ge 150 ]
	server_query 'SELECT event_id FROM events ORDER BY 1' >kept
	[ -z "$(comm -23 acknowledged kept)" ]
}

@test "ingestd: SIGTERM finishes the request in flight and leaves one file" {
	serve
	events 1 1 >plain
	# the body comes in two halves, with the signal between
	exec 7<>"/dev/tcp/127.0.0.1/${SERVER##*:}"
	{
		printf 'POST /api/v1/events/batch/ HTTP/1.1\r\nHost: x\r\n'
		printf 'Content-Type: application/json\r\n%s\r\n' "$AUTH"
		printf 'Content-Length: %s\r\n\r\n' "$(wc -c <plain)"
		head -c 100 plain
	} >&7
	sleep 0.3
	kill -TERM "$SERVER_PID"
	sleep 0.3
	tail -c +101 plain >&7
	read -r -t 5 line <&7
	exec 7>&-
	[[ $line == 'HTTP/1.1 200 '* ]]
	wait "$SERVER_PID"
	[ ! -e "$SERVER_DB-wal" ]
	[ ! -e "$BATS_TEST_TMPDIR/port" ]
	[ "$(stored)" = 1 ]
	grep -q 'stopping' "$BATS_TEST_TMPDIR/server.err"
	[ "$(cat "$BATS_TEST_TMPDIR/server.out")" = "$SERVER" ]
}

@test "ingestd: a locked database is 503 with Retry-After, and no lie" {
	serve
	hold "$SERVER_DB" 'BEGIN IMMEDIATE'
	events 1 1 | send
	[ "$STATUS" = 503 ]
	grep -qiE '^retry-after: [1-9][0-9]?.$' headers
	jq -e '.error | test("busy")' body
	let_go
	[ "$(stored)" = 0 ]
	events 1 1 | send
	[ "$(statuses)" = '1 success' ]
}

@test "ingestd: a disk that takes no more is 503, and serving goes on" {
	printf 'secret\n' | sk-ingestd user add --password-stdin \
		--db "$BATS_TEST_TMPDIR/server.db" dev
	( # files of at most 128 blocks of 1024 bytes
		ulimit -f 128
		exec sk-ingestd serve --db "$BATS_TEST_TMPDIR/server.db" \
			--port 0 --port-file "$BATS_TEST_TMPDIR/port" \
			>/dev/null 2>/dev/null 3>&-
	) &
	SK_SERVERS+=($!)
	wait_for test -s "$BATS_TEST_TMPDIR/port"
	SERVER=http://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/port")
	SERVER_DB=$BATS_TEST_TMPDIR/server.db
	get_token
	events 1 900 | send
	[ "$STATUS" = 503 ]
	grep -qi '^retry-after:' headers
	request GET /api/v1/events/ -H "$AUTH"
	[ "$STATUS" = 200 ]
	[ "$(jq '.events | length' body)" = 0 ]
	[ "$(server_query 'PRAGMA integrity_check')" = ok ]
}

@test "ingestd: a read-only database is refused at the start" {
	printf 'secret\n' | sk-ingestd user add --db s.db --password-stdin dev
	chmod 400 s.db
	chmod 500 .
	run -128 --separate-stderr bound_by_modes sk-ingestd serve --db s.db \
		--port 0
	chmod 700 .
	[ -z "$output" ]
	[[ $stderr == *"error: cannot use 's.db': "* ]]
}

@test "ingestd: a database that is not its own is left alone" {
	sqlite3 other.db 'CREATE TABLE t(x)'
	chmod 600 other.db
	cp other.db before.db
	run -128 --separate-stderr sk-ingestd user list --db other.db
	[[ $stderr == *"the database of another program"* ]]
	cmp other.db before.db
	chmod 644 other.db
	run -128 --separate-stderr sk-ingestd user list --db other.db
	[[ ${stderr_lines[0]} == *"open to others (mode 644)"* ]]
	[ "${stderr_lines[1]}" = "hint: run 'chmod 600 other.db'" ]
	echo 'no database at all, and longer than a header would be' >text.db
	chmod 600 text.db
	run -128 --separate-stderr sk-ingestd user list --db text.db
	sk-ingestd user list --db new.db
	sqlite3 new.db 'PRAGMA user_version = 99'
	run -128 --separate-stderr sk-ingestd user list --db new.db
	[[ $stderr == *"another version"* ]]
}

@test "ingestd: a taken port is named" {
	start_ingestd
	run -128 --separate-stderr sk-ingestd serve --db other.db \
		--port "${SERVER##*:}"
	[ "${stderr_lines[0]}" = "sk-ingestd serve: error: cannot listen on '127.0.0.1' port ${SERVER##*:}: Address already in use" ]
	run -128 --separate-stderr sk-ingestd serve --db other.db \
		--port 0 --listen 192.0.2.1
	[[ $stderr == *"cannot listen on '192.0.2.1'"* ]]
}

@test "ingestd: two servers on one database agree" {
	serve
	first=$SERVER
	rm "$BATS_TEST_TMPDIR/port"
	start_ingestd
	[ "$SERVER" != "$first" ]
	events 1 100 | send
	[ "$(statuses)" = '100 success' ]
	SERVER=$first
	events 51 100 | send
	[ "$(statuses)" = '50 duplicate, 50 success' ]
	[ "$(stored)" = 150 ]
}

@test "ingestd: twenty clients with the same events store each once" {
	serve
	events 1 500 | gzip >same
	for i in $(seq 20); do
		curl -s -m 30 -o "answer$i" -H "$AUTH" \
			-H 'Content-Type: application/json' \
			-H 'Content-Encoding: gzip' --data-binary @same \
			"$SERVER/api/v1/events/batch/" 3>&- &
		clients+=($!)
	done
	wait "${clients[@]}"
	[ "$(stored)" = 500 ]
	[ "$(cat answer* | jq -s '[.[].results[] | select(.status ==
		"success")] | length')" = 500 ]
	[ "$(cat answer* | jq -s '[.[].results[]] | length')" = 10000 ]
}

@test "ingestd: users are added, listed, changed and removed" {
	printf 'one\n' | sk-ingestd user add --db s.db --team crew \
		--password-stdin ann
	run -0 --separate-stderr sk-ingestd user list --db s.db
	[[ $output == $'ann\tcrew\t20'* ]]
	run -1 --separate-stderr sk-ingestd user add --db s.db \
		--password-stdin ann <<<two
	[ "${stderr_lines[1]}" = "hint: run 'sk-ingestd user passwd ann'" ]
	run -1 sk-ingestd user passwd --db s.db --password-stdin bob <<<two
	run -1 sk-ingestd user remove --db s.db bob
	run -129 sk-ingestd user add --db s.db --password-stdin ann2 <<<''
	run -129 sk-ingestd user add --db s.db --password-stdin 'a b' <<<x
	run -129 sk-ingestd user add --db s.db
	run -129 sk-ingestd user list --db s.db ann
	run -129 sk-ingestd user rename --db s.db ann
	run -0 sk-ingestd user remove --db s.db ann
	run -0 sk-ingestd user list --db s.db
	[ -z "$output" ]
}

@test "ingestd: a new password or a removal ends the user's sessions" {
	serve
	printf 'other\n' | sk-ingestd user passwd --db "$SERVER_DB" \
		--password-stdin dev
	request GET /api/v1/sync/health/ -H "$AUTH"
	[ "$STATUS" = 401 ]
	post /api/v1/token/refresh/ -d "{\"refresh\": \"$REFRESH\"}"
	[ "$STATUS" = 401 ]
	post /api/v1/token/ -d '{"username": "dev", "password": "other"}'
	[ "$STATUS" = 200 ]
	AUTH="Authorization: Bearer $(jq -r .access body)"
	sk-ingestd user remove --db "$SERVER_DB" dev
	request GET /api/v1/sync/health/ -H "$AUTH"
	[ "$STATUS" = 401 ]
	post /api/v1/token/ -d '{"username": "dev", "password": "other"}'
	[ "$STATUS" = 401 ]
}

@test "ingestd: the database may be made by many processes at once" {
	for i in 1 2 3 4 5 6 7 8; do
		printf 'x\n' | sk-ingestd user add --db s.db \
			--password-stdin "user$i" 3>&- &
		adders+=($!)
	done
	for pid in "${adders[@]}"; do wait "$pid"; done
	[ "$(sk-ingestd user list --db s.db | wc -l)" = 8 ]
}

@test "ingestd: the default database is private and in the data folder" {
	printf 'x\n' | sk-ingestd user add --password-stdin ann
	[ "$(stat -c %a "$HOME/.local/share/git-sk/ingestd.db")" = 600 ]
	[ "$(stat -c %a "$HOME/.local/share/git-sk")" = 700 ]
	printf 'x\n' | XDG_DATA_HOME=$PWD/data sk-ingestd user add \
		--password-stdin ann
	[ -f data/git-sk/ingestd.db ]
}

@test "ingestd: a command line that makes no sense is 129" {
	run -129 --separate-stderr sk-ingestd serve --frob
	[ "${stderr_lines[0]}" = "sk-ingestd serve: error: unknown option '--frob'" ]
	run -129 sk-ingestd
	run -129 sk-ingestd serve --db x.db --port 65536
	run -129 sk-ingestd serve --db x.db --max-events 0
	run -129 sk-ingestd serve --db x.db --max-bytes 1
	run -129 sk-ingestd serve --db x.db --access-lifetime 0
	[ ! -e x.db ]
	run -0 --separate-stderr sk-ingestd -h
	[ -z "$stderr" ]
	run -0 sk-ingestd serve -h
}

@test "ingestd: standard output that is full is an error" {
	run -128 --separate-stderr sh -c \
		'sk-ingestd serve --db s.db --port 0 >/dev/full'
	[[ $stderr == *"cannot write standard output"* ]]
}

@test "ingestd: without a terminal the password is not asked for" {
	run -128 --separate-stderr setsid -w sk-ingestd user add --db s.db \
		ann </dev/null
	[[ $stderr == *"there is no terminal to ask on"* ]]
	[[ $stderr == *"hint: use --password-stdin"* ]]
}
