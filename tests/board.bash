# Missions on several branches, for those tests that look at them.

# plan <mission> [<key> <value>]: its folder with a meta.json whose target is
# main unless said otherwise, and an empty event log; not committed.
plan() {
	local dir=kitty-specs/$1

	mkdir -p "$dir/tasks"
	jq -n '$ARGS.positional as [$slug, $key, $value] | {mission_slug: $slug,
		mission_type: "software-dev", target_branch: "main"} +
		if $key then {($key): $value} else {} end' \
		--args -- "$@" >"$dir/meta.json"
	: >"$dir/status.events.jsonl"
}

# package <mission> <WP> <title>: a work package file.
package() {
	printf -- '---\nwork_package_id: %s\ntitle: "%s"\n---\n' "$2" "$3" \
		>"kitty-specs/$1/tasks/$2-x.md"
}

# commit: everything there is.
commit() {
	git add -A && git commit -q -m "${1:-more}"
}

# moved <mission> <WP> <lane> [<id>]: an event, committed.
moved() {
	event "$1" "$2" planned "$3" ${4+"$4"}
	commit "$2: $3"
}

# of_mission <filter>: of 'git sk-mission list --json', for mission m.
of_mission() {
	git sk-mission list --json |
		jq -r '.missions[] | select(.mission_slug == "m") | '"$1"
}

# of_package <WP> <filter>: of 'git sk-mission show --json', for mission m.
of_package() {
	git sk-mission show m --json | jq -r '.work_packages[] |
		select(.wp_id == "'"$1"'") | '"$2"
}

# home_of <filter>: where the status of mission m is written.
home_of() {
	git sk-mission show m --json | jq -r ".status_home$1"
}

# on_terminal <columns> <command>...: what it prints on one of that width.
on_terminal() {
	local columns=$1

	shift
	TERM=xterm script -qec "stty cols $columns rows 50; $*" /dev/null |
		tr -d '\r'
}

# plain: standard input without colours.
plain() {
	sed 's/\x1b\[[0-9;]*m//g'
}
