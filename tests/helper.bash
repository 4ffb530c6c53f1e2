# What every bats file loads: a private home, no system configuration, a fixed
# time zone and locale, programs from the build, and servers that go away.
#
# BUILD names the build folder under test (default: build).

bats_require_minimum_version 1.5.0

TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac

# Called from setup(): the test runs in an empty folder of its own.
sk_setup() {
	export HOME=$BATS_TEST_TMPDIR/home
	export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$HOME/.gitconfig
	export GIT_SK_HOME=$HOME/.spec-kitty
	export TZ=UTC LC_ALL=C.UTF-8
	export PATH=$BUILD/bin:$PATH
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_SK GIT_SK_SKIP \
		GIT_SK_TRACE SPEC_KITTY_ENABLE_SAAS_SYNC \
		http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY \
		GIT_SSL_CAINFO SSL_CERT_FILE CURL_CA_BUNDLE
	mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
	# background senders would outlive the test; tests that want one say so
	printf '%s\n' >"$GIT_CONFIG_GLOBAL" \
		'[user]' 'name = Tester' 'email = tester@example.com' \
		'[init]' 'defaultBranch = main' \
		'[gc]' 'auto = 0' \
		'[sk]' 'flush = off'
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

# enter_repo: an empty repository, and into it.
enter_repo() {
	git init -q repo
	cd repo || return 1
}

# prepared <command>: into the repository that it makes in an empty folder; the
# first test of a file makes it, the others copy that, with the events it counted.
prepared() {
	local made=$BATS_FILE_TMPDIR/$1

	if [ ! -e "$made" ]; then
		enter_repo
		"$1"
		echo "${SK_EVENTS:-0}" >"$made.events"
		cp -a . "$made.new" && mv "$made.new" "$made"
	else
		cp -a "$made" repo
		cd repo || return 1
		git update-index -q --refresh
		SK_EVENTS=$(<"$made.events")
	fi
}

# Called from teardown(): end every server and program this test started.
sk_teardown() {
	local pid

	for pid in "${SK_SERVERS[@]}" "${SK_OTHERS[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	return 0
}

# other <program>...: run it beside us; sets OTHER, its process id.
other() {
	"$@" >/dev/null 2>&1 3>&- &
	OTHER=$!
	SK_OTHERS+=("$OTHER")
}

# start_ingestd [<option>...]: run sk-ingestd on a free port with a database in
# the test's folder and a user "dev" with the password "secret"; sets SERVER
# (its URL), SERVER_DB and SERVER_PID. The first test of a file makes the
# database: passwords are slow to hash.
start_ingestd() {
	local made=$BATS_FILE_TMPDIR/server.db

	SERVER_DB=$BATS_TEST_TMPDIR/server.db
	if [ ! -e "$made" ]; then
		printf 'secret\n' | sk-ingestd user add --db "$made" \
			--password-stdin dev
	fi
	[ -e "$SERVER_DB" ] || cp -p "$made" "$SERVER_DB"
	rm -f "$BATS_TEST_TMPDIR/port"
	sk-ingestd serve --db "$SERVER_DB" --port 0 \
		--port-file "$BATS_TEST_TMPDIR/port" "$@" \
		>"$BATS_TEST_TMPDIR/server.out" \
		2>"$BATS_TEST_TMPDIR/server.err" 3>&- &
	SERVER_PID=$!
	SK_SERVERS+=("$SERVER_PID")
	wait_for test -s "$BATS_TEST_TMPDIR/port"
	SERVER=http://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/port")
}

stop_ingestd() {
	kill "$SERVER_PID" && wait "$SERVER_PID"
	rm -f "$BATS_TEST_TMPDIR/port"
}

# log_in: as user dev at $SERVER.
log_in() {
	printf 'secret\n' | git sk-auth login --server "$SERVER" \
		--username dev --password-stdin
}

# wait_for <command>...: until it succeeds, at most ten seconds and a bit.
wait_for() {
	local i

	for ((i = 0; i < 220; i++)); do
		"$@" && return 0
		sleep "$((i < 20 ? 1 : 5))e-2" # what is quick is not waited for
	done
	echo "gave up waiting for: $*" >&2
	return 1
}

# is_gone <pid>: the process has ended, be it that its parent has yet to notice.
is_gone() {
	local stat

	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
	[[ ${stat##*) } == [ZX]* ]]
}

# start_of <pid>: when it began, in ticks since the machine did.
start_of() {
	awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat"
}

# hold <database> <sql>: in a sqlite3 that has run it and waits, HOLDER.
hold() {
	local fifo=$BATS_TEST_TMPDIR/hold

	mkfifo "$fifo"
	sqlite3 "$1" <"$fifo" >"$fifo.said" 3>&- &
	HOLDER=$!
	SK_OTHERS+=("$HOLDER")
	exec 4>"$fifo"
	echo "$2; SELECT 'held';" >&4
	wait_for grep -q held "$fifo.said"
}

# let_go: HOLDER ends, with what it has begun undone.
let_go() {
	exec 4>&-
	wait "$HOLDER"
}

# programs: each that a person runs, one a line.
programs() {
	local file

	for file in "$TOP"/bin/*.c; do
		basename "$file" .c
	done
	echo sk-ingestd
}

# queue_file: the queue database in use (there is one in these tests).
queue_file() {
	local file last=

	for file in "$GIT_SK_HOME"/queue*.db "$GIT_SK_HOME"/queues/queue*.db; do
		[ ! -s "$file" ] || last=$file
	done
	echo "$last"
}

# query <sql> [<database>]: of the queue in use, or of that one; server_query
# <sql>: of the server's. All wait for who writes there in the background.
query() {
	sqlite3 -cmd '.timeout 5000' "${2:-$(queue_file)}" "$1"
}
server_query() {
	query "$1" "$SERVER_DB"
}

# mission <name>: a mission with a meta.json and an empty event log, committed.
mission() {
	local dir=kitty-specs/$1

	mkdir -p "$dir/tasks"
	printf '{"mission_slug": "%s", "mission_type": "software-dev", %s}\n' \
		"$1" '"created_at": "2026-05-01T10:00:00+00:00"' \
		>"$dir/meta.json"
	: >"$dir/status.events.jsonl"
	git add kitty-specs
	git commit -q -m "mission $1"
}

# event <mission> <WP> <from|null> <to> [<id>]: append one line to its log.
# Ids count up within a test: 01KE and 22 digits, a valid ULID.
event() {
	local from=$3 id=$5

	[ "$from" = null ] || from="\"$from\""
	if [ -z "$id" ]; then
		SK_EVENTS=$((${SK_EVENTS:-0} + 1))
		printf -v id '01KE%022d' "$SK_EVENTS"
	fi
	printf '{"actor": "agent", "at": "2026-05-01T10:%02d:%02d+00:00", "event_id": "%s", "evidence": null, "execution_mode": "worktree", "force": false, "from_lane": %s, "mission_slug": "%s", "reason": null, "review_ref": null, "to_lane": "%s", "wp_id": "%s"}\n' \
		$((${SK_EVENTS:-0} / 60 % 60)) $((${SK_EVENTS:-0} % 60)) \
		"$id" "$from" "$1" "$4" "$2" \
		>>"kitty-specs/$1/status.events.jsonl"
}

# transitions: how many are queued.
transitions() {
	query "SELECT count(*) FROM queue WHERE event_type = 'WPStatusChanged'"
}

# queued: the work packages whose transitions wait, in order.
queued() {
	query "SELECT json_extract(data, '\$.payload.wp_id') FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id" | xargs
}

# sent <n>: the server has so many transitions.
sent() {
	[ "$(server_query "SELECT count(*) FROM events
		WHERE event_type = 'WPStatusChanged'")" = "$1" ]
}

# news <WP>: a transition is committed, whose id is that of its work package.
news() {
	event 001-a "$1" null planned "01KF0000000000000000000${1#WP}A"
	git commit -qam "$1"
}

# captures <WP>: a commit of a new transition reaches the queue.
captures() {
	local before

	[ -d kitty-specs/001-a ] || mission 001-a
	before=$(transitions)
	event 001-a "$1" null planned
	git commit -qam "$1" || return 1
	[ "$(transitions)" = $((before + 1)) ]
}

# listing <folder>: every file in it with mode, link target and content.
listing() {
	(cd "$1" && find . -printf '%p %m %l\n' | sort &&
		find . -type f -print0 | sort -z | xargs -0r sha256sum)
}

# has_config_hooks: does the git in use run hooks by configuration?
has_config_hooks() {
	local version

	version=$(git version | tr -dc '0-9.')
	[ "$(printf '%s\n' 2.54 "$version" | sort -V | head -n 1)" = 2.54 ]
}

# only_files: git sk-setup writes files alone, as it does with an older git;
# sets BY_HAND, what it says to type where it may write none.
only_files() {
	BY_HAND='git sk-setup --manual'
	has_config_hooks || return 0
	BY_HAND='git sk-setup'
	mkdir "$BATS_TEST_TMPDIR/files"
	cat >"$BATS_TEST_TMPDIR/files/git-sk-setup" <<-SH
		#!/bin/sh
		case " \$* " in
		*\ --check\ * | *\ --remove\ * | *\ --list\ * | *\ --global\ * | \
			*\ --worktree\ * | *\ --files\ * | *\ -h\ *) ;;
		*) set -- "\$@" --files ;;
		esac
		exec '$BUILD/bin/git-sk-setup' "\$@"
	SH
	chmod +x "$BATS_TEST_TMPDIR/files/git-sk-setup"
	PATH=$BATS_TEST_TMPDIR/files:$PATH
}
