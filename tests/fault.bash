# For tests of sending: a server that misbehaves on request, and a queue that
# another program has filled.

FAULT_ID='01KE%022d'

# start_fault <line>...: run the fault server with this script, log in. Sets
# SERVER, FAULT_SCRIPT, FAULT_LOG. Its lines are told in tests/fault.
start_fault() {
	FAULT_SCRIPT=$BATS_TEST_TMPDIR/script
	FAULT_LOG=$BATS_TEST_TMPDIR/log
	: >"$FAULT_LOG"
	printf '%s\n' "$@" >"$FAULT_SCRIPT"
	"$BUILD/tests/fault-server" --port-file "$BATS_TEST_TMPDIR/port" \
		--port "${FAULT_PORT:-0}" --script "$FAULT_SCRIPT" --log "$FAULT_LOG" 3>&- &
	FAULT_PID=$!
	SK_SERVERS+=("$FAULT_PID")
	wait_for test -s "$BATS_TEST_TMPDIR/port"
	FAULT_PORT=$(cat "$BATS_TEST_TMPDIR/port")
	SERVER=http://127.0.0.1:$FAULT_PORT
	log_in >/dev/null
}

# restart_fault <line>...: another script at the same address; what had been
# stored is forgotten, as is the log.
restart_fault() {
	kill "$FAULT_PID"
	wait "$FAULT_PID" || true
	rm -f "$BATS_TEST_TMPDIR/port"
	start_fault "$@"
}

# member <name>: of the document of `git sk-sync status --json`.
member() {
	git sk-sync status --json | jq -r ".$1"
}

# seed <n> [<first> [<payload bytes>]]: rows in the queue of whoever is logged
# in, made as spec-kitty makes them.
seed() {
	local queue first=${2:-0} pad=${3:-10}

	queue=$(member queue)
	(umask 077 && mkdir -p "${queue%/*}")
	sqlite3 "$queue" "
		CREATE TABLE IF NOT EXISTS queue (
			id INTEGER PRIMARY KEY AUTOINCREMENT,
			event_id TEXT UNIQUE NOT NULL,
			event_type TEXT NOT NULL, data TEXT NOT NULL,
			timestamp INTEGER NOT NULL,
			retry_count INTEGER DEFAULT 0, coalesce_key TEXT);
		WITH RECURSIVE n(i) AS (SELECT $first UNION ALL
			SELECT i + 1 FROM n WHERE i < $first + $1 - 1)
		INSERT INTO queue (event_id, event_type, data, timestamp)
		SELECT printf('$FAULT_ID', i), 'WPStatusChanged',
			printf('{\"event_id\": \"$FAULT_ID\", \"event_type\":'
			|| ' \"WPStatusChanged\", \"payload\": {\"n\": %d,'
			|| ' \"pad\": \"%s\"}}', i, i,
			substr(hex(randomblob($pad)), 1, $pad)),
			strftime('%s', 'now') FROM n"
}

# id <n>: of the event that seed made as number n.
id() {
	# shellcheck disable=SC2059 # it is a format
	printf "$FAULT_ID" "$1"
}

# retries: how often each row was rejected, in order, joined by spaces.
retries() {
	query 'SELECT retry_count FROM queue ORDER BY timestamp, id' | xargs
}

# batches [<filter>]: how many events each batch had, or what jq's filter says.
batches() {
	jq -r "select(.path | endswith(\"/batch/\")) | ${1:-.ids | length}" \
		"$FAULT_LOG" | xargs
}

# arrived: how many different events the server has stored.
arrived() {
	jq -r '.stored[]' "$FAULT_LOG" | sort -u | wc -l
}
