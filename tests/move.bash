# What move.bats, edit.bats and editcrash.bats share. Loaded behind helper and
# board.

M=kitty-specs/m
LOG=$M/status.events.jsonl

# move_setup: a repository with mission m, of three work packages that are
# planned, committed to main.
move_setup() {
	sk_setup
	prepared three_packages
}

three_packages() {
	local n

	plan m
	for n in 1 2 3; do
		package m "WP0$n" "Title $n"
		event m "WP0$n" genesis planned
	done
	git sk-eventlog reduce "$LOG" >"$M/status.json"
	commit start
	git tag start
}

# move, review: of git sk-task, without their answer.
move() {
	git sk-task move "$@" >/dev/null
}
review() {
	git sk-task review "$@" >/dev/null
}

# refused <text>...: it was, by a rule, in one line and a hint, and nothing is
# written. Behind run -1.
refused() {
	local text

	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 2 ]
	[[ ${stderr_lines[1]} == 'hint: '* ]]
	for text; do
		[[ $stderr == *"$text"* ]]
	done
	[ -z "$(git status --porcelain)" ]
}

# rows [<branch>]: of what is committed, "WP01 planned claimed bob" each.
rows() {
	git show "${1:-main}:$LOG" |
		jq -r '[.wp_id, .from_lane, .to_lane, .actor] | join(" ")'
}

# row <filter>: of the last one.
row() {
	git show "main:$LOG" | tail -n 1 | jq -rc "$1"
}

# lane <WP> [<branch>]: by the status.json that is committed.
lane() {
	git show "${2:-main}:$M/status.json" | jq -r ".work_packages.$1.lane"
}

# is_right [<branch>]: its log can be read, has each id once, and its
# status.json is that of it.
is_right() {
	local branch=${1:-main}

	mkdir -p "$HOME/right"
	git show "$branch:$M/meta.json" >"$HOME/right/meta.json"
	git show "$branch:$LOG" >"$HOME/right/status.events.jsonl"
	git sk-eventlog check "$HOME/right/status.events.jsonl" &&
		[ -z "$(jq -r .event_id "$HOME/right/status.events.jsonl" |
			sort | uniq -d)" ] &&
		diff <(git show "$branch:$M/status.json") \
			<(git sk-eventlog reduce "$HOME/right/status.events.jsonl")
}

# activity <WP> [<branch>]: its entries as committed, without their times.
activity() {
	git show "${2:-main}:$M/tasks/$1-x.md" | sed -n 's/^- [^ ]* – //p'
}
