# What the tests of merging event logs share: rows by number, which is their time
# as well, on two branches, and the driver in the configuration.

LOG=kitty-specs/001-a/status.events.jsonl

# driver: ours for the missions of this repository.
driver() {
	git config merge.sk-eventlog.driver \
		'git-sk-eventlog merge -- %O %A %B %P %L'
	mkdir -p .git/info
	printf '%s merge=sk-eventlog\n' 'kitty-specs/**/status.events.jsonl' \
		'kitty-specs/**/status.json' >.git/info/attributes
}

# row <n> [<lane>]: the row of that number, which is its time as well.
row() {
	SK_EVENTS=$1
	event 001-a WP01 null "${2:-planned}" "$(printf '01KE%022d' "$1")"
}

# appends <n>...: a commit of these rows.
appends() {
	local n

	for n; do
		row "$n"
	done
	git commit -qam "rows $*"
}

# sided <rows of side> <rows of main>: a commit with these on each branch.
sided() {
	git checkout -q side
	# shellcheck disable=SC2086
	appends $1
	git checkout -q main
	# shellcheck disable=SC2086
	appends $2
}

# without <n>...: take these rows out of the log.
without() {
	local n

	for n; do
		sed -i "/\"01KE0*$n\"/d" "$LOG"
	done
}

# rows [<revision>]: the numbers of the rows, in order, or what is no row.
rows() {
	git show "${1:-HEAD}:$LOG" |
		sed 's/.*"event_id": "01KE0*\([0-9]*\)".*/\1/' | tr -d '"' | xargs
}

# log_rows: the same of the log of the work tree.
log_rows() {
	sed 's/.*"event_id": "01KE0*\([0-9]*\)".*/\1/' "$LOG" | xargs
}
