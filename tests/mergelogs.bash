# What mergelogs.bats and mergeplaces.bats share. Loaded behind logmerge and
# mergetree.

STATUS=kitty-specs/001-a/status.json

# merge_setup: a repository of one mission, and into it.
merge_setup() {
	sk_setup
	enter_repo
	mission 001-a
	states 1 2
	git branch side
}

# states <n>[:<lane>]...: a commit of these rows, with their status.json.
states() {
	local n lane

	for n; do
		lane=${n#*:}
		[ "$lane" != "$n" ] || lane=
		row "${n%:*}" "$lane"
	done
	reduce "rows $*"
}

# reduce <message>: a commit of the log as it is, with its status.json.
reduce() {
	git sk-eventlog reduce "$LOG" >"$STATUS"
	git add -A
	git commit -qm "$1"
}

# on <branch> <command>...: a commit there of what it does, and of status.json.
on() {
	git checkout -q "$1"
	"${@:2}"
	git add -A
	git diff --cached --quiet || git commit -qm "$*"
	git checkout -q main
}

# diverge <rows of side> <rows of main>: a commit with these on each branch.
diverge() {
	# shellcheck disable=SC2086
	on side states $1
	# shellcheck disable=SC2086
	states $2
}

# moves <from> <to>: the folder of a mission.
moves() {
	rm -rf "kitty-specs/$2"
	git mv "kitty-specs/$1" "kitty-specs/$2"
}

# is_right <tree>: its status.json says what its log says.
is_right() {
	git show "$1:${LOG%/*}/meta.json" >../meta
	git show "$1:$LOG" | git sk-eventlog reduce --meta ../meta - >../want
	git show "$1:$STATUS" | cmp - ../want
}

# is_made <how>...: the files of the mission were, and none else.
is_made() {
	[ "$(grep ^made <<<"$output" | cut -d' ' -f2 | xargs)" = "$*" ]
}
