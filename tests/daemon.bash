# For tests of the daemon: what its file says, requests to its port, and events
# for it to send. It is ended after each test.

setup() {
	sk_setup
	STATE=$GIT_SK_HOME/sync-daemon
	LOG=$GIT_SK_HOME/sync-daemon.log
}

teardown() {
	git sk-daemon stop >/dev/null 2>&1
	sk_teardown
}

url() {
	sed -n 1p "$STATE"
}

token() {
	sed -n 3p "$STATE"
}

daemon_pid() {
	sed -n 4p "$STATE"
}

# ask <curl argument>... <path>: prints status and body.
ask() {
	curl -s -w '%{http_code} ' -o body "${@:1:$#-1}" "$(url)${*: -1}"
	cat body
	rm -f body
}

trigger() {
	ask -X POST -H "Authorization: Bearer $(token)" /api/sync/trigger
}

# whether the server has this many of them, each once
server_has() {
	[ "$(server_query "SELECT count(*) || ' ' || count(DISTINCT event_id)
		FROM events WHERE event_type = 'WPStatusChanged'")" = "$1 $1" ]
}

# events_waiting <count>: a repository with this many transitions in the queue,
# and an account to send them, of a good server unless there is another.
events_waiting() {
	[ -n "$SERVER" ] || start_ingestd
	log_in
	git init -q repo
	cd repo || return 1
	git sk-setup >/dev/null
	mission 001-a
	event 001-a WP01 planned claimed
	awk -v n="$1" '{
		for (i = 1; i <= n; i++) {
			line = $0
			sub(/01KE[0-9]*/, sprintf("01KE%022d", i), line)
			print line
		}
	}' kitty-specs/001-a/status.events.jsonl >log
	mv log kitty-specs/001-a/status.events.jsonl
	git commit -qam work
}
