# What the tests of 'git sk-task implement' share. Loaded behind helper.

# implement_setup [<option of git init>]: a repository with one commit.
implement_setup() {
	git init -q "$@" repo
	cd repo || return 1
	echo code >code.c
	git add code.c
	git commit -q -m start
	LOG=kitty-specs/001-a/status.events.jsonl
	LANE=kitty/mission-001-a-lane-a
	TREE=$PWD/.worktrees/001-a-lane-a
}

# wp <WP> [<line of its front matter>]...: its file in mission 001-a.
wp() {
	{
		printf -- '---\nwork_package_id: %s # its id\n' "$1"
		printf 'title: "The %s"\n' "$1"
		[ $# = 1 ] || printf '%s\n' "${@:2}"
		printf -- '---\n\n# %s\n\nWhat is to be done.\n' "$1"
	} >"kitty-specs/001-a/tasks/$1-x.md"
}

# lane <id> <WP>...: as lanes.json has it.
lane() {
	jq -n --arg id "$1" '{lane_id: $id, wp_ids: $ARGS.positional,
		write_scope: [], predicted_surfaces: [], depends_on_lanes: [],
		parallel_group: 0}' --args -- "${@:2}"
}

# planned [<option of jq>...]: mission 001-a, finalized and committed: WP01 and
# WP02 in lane-a, WP03 in lane-b behind WP01, WP04 plans. Its files are made once.
planned() {
	local made=$BATS_FILE_TMPDIR/planned

	if [ $# != 0 ] || [ ! -e "$made" ]; then
		plan "$@"
		[ $# != 0 ] || cp -r kitty-specs "$made"
	else
		cp -r "$made" kitty-specs
		SK_EVENTS=4
	fi
	git add kitty-specs
	git commit -q -m plan
}

plan() {
	local n dir=kitty-specs/001-a

	mkdir -p "$dir/tasks"
	jq -n '{mission_slug: "001-a", slug: "001-a", friendly_name: "a",
		mission_type: "software-dev", target_branch: "main",
		mission_number: null, created_at: "2026-05-01T10:00:00+00:00",
		mission_id: "01KQ4ARB0000000000000000AA"} + $ARGS.named' \
		"$@" | jq -S . >"$dir/meta.json"
	: >"$dir/status.events.jsonl"
	wp WP01
	wp WP02
	wp WP03 'dependencies:' '- WP01'
	wp WP04 'execution_mode: planning_artifact'
	{
		lane lane-a WP01 WP02
		lane lane-b WP03
		lane lane-planning WP04
	} | jq -s '{version: 1, mission_slug: "001-a",
		mission_id: "01KQ4ARB0000000000000000AA",
		mission_branch: "kitty/mission-001-a", target_branch: "main",
		lanes: ., computed_at: "x", computed_from: "x"}' \
		>"$dir/lanes.json"
	for n in 1 2 3 4; do
		event 001-a "WP0$n" planned planned
	done
}

# implement <WP> [<option>]...: as agent claude.
implement() {
	git sk-task implement "$1" --agent claude "${@:2}"
}

# moved <WP> <from> <to>...: behind all others, and committed.
moved() {
	local wp=$1 at

	while [ $# -ge 3 ]; do
		event 001-a "$wp" "$2" "$3"
		at=2999-01-01T$(printf '%02d:%02d' $((SK_EVENTS / 60)) \
			$((SK_EVENTS % 60))):00
		sed -i '$s/"at": "[^"]*"/"at": "'"$at"'+00:00"/' "$LOG"
		shift
	done
	git commit -q -m "moved $wp" kitty-specs
}

# lane_of <WP>: by the newest transition in the log as committed on main, with
# who made it.
lane_of() {
	git show "main:$LOG" | jq -r --arg wp "$1" \
		'select(.wp_id == $wp) | "\(.to_lane) \(.actor)"' | tail -n 1
}

# all: refs, worktrees, and every file but those of git.
all() {
	git for-each-ref
	git worktree list --porcelain
	git status --porcelain
	find . -path ./.git -prune -o -type f -print0 | sort -z |
		xargs -0 sha256sum
}

# refuses <status> <words> <WP> [<option>]...: it does, and nothing is changed.
refuses() {
	local before

	before=$(all)
	run "-$1" --separate-stderr implement "${@:3}"
	[[ $stderr == *"$2"* ]] || {
		echo "$stderr"
		return 1
	}
	[ -z "$output" ]
	[ "$(all)" = "$before" ]
}
