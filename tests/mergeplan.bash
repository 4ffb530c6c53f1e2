# What the tests of the plan of a merge share. Loaded behind helper, mergetree
# and implement.

PLAN=$BUILD/bin/git-sk-merge
BRANCH=kitty/mission-001-a

# lane_commit <lane> <file> [<text>]: a commit on its branch, which begins at main.
lane_commit() {
	local name=$BRANCH-$1

	git show-ref -q --verify "refs/heads/$name" ||
		git branch -q "$name" main
	commit_on "$name" "$2" "${3:-$1}"
}

# commit_on <branch> <file> [<text>]: whatever is checked out.
commit_on() {
	local scratch=$BATS_TEST_TMPDIR/scratch

	git worktree add -q -f --detach "$scratch" "refs/heads/$1"
	mkdir -p "$(dirname "$scratch/$2")"
	echo "${3:-$1}" >"$scratch/$2"
	git -C "$scratch" add -f "$2"
	git -C "$scratch" commit -q -m "$2 on $1"
	git update-ref "refs/heads/$1" "$(git -C "$scratch" rev-parse HEAD)"
	git worktree remove -f "$scratch"
}

# approved: mission 001-a, all of it approved; a branch of its own, one of
# lane-a (WP01, WP02) with a.c and one of lane-b (WP03) with b.c. On main.
approved() {
	local n

	git init -q .
	echo code >code.c
	git add code.c
	git commit -q -m start
	plan
	for n in 1 2 3 4; do
		event 001-a "WP0$n" planned approved
	done
	git add kitty-specs
	git commit -q -m plan
	git branch "$BRANCH"
	lane_commit lane-a a.c
	lane_commit lane-b b.c
}

# plan_setup: that, and into it.
plan_setup() {
	sk_setup
	if [ ! -e "$BATS_FILE_TMPDIR/approved" ]; then
		mkdir repo
		cd repo || return 1
		approved
		cp -a . "$BATS_FILE_TMPDIR/approved"
	else
		cp -a "$BATS_FILE_TMPDIR/approved" repo
		cd repo || return 1
		git update-index -q --refresh
	fi
	SK_EVENTS=8
	LOG=kitty-specs/001-a/status.events.jsonl
	TREE=$PWD/.worktrees/001-a-lane-a
}

# everything: all that a plan leaves as it is, be one in a subfolder, a linked
# worktree or a bare repository: refs, reflogs, indexes, what git has written
# down, files; folders, too, to the nanosecond. Objects alone may be new.
everything() {
	local common folder

	common=$(git rev-parse --path-format=absolute --git-common-dir)
	git for-each-ref
	{
		echo "$common"
		git worktree list --porcelain | sed -n 's/^worktree //p'
	} | sort -u | while read -r folder; do
		[ -d "$folder" ] || continue
		find "$folder" -path "$common/objects" -prune -o \
			-printf '%p %y %m %i %s %T@ %C@ %l\n' | sort
		find "$folder" -path "$common/objects" -prune -o -type f -print0 |
			sort -z | xargs -0r sha256sum
	done
}

# dry <option>...: the plan as JSON, in output; it has changed nothing.
dry() {
	local before

	before=$(everything)
	run --separate-stderr "$PLAN" --dry-run --json "$@"
	echo "$output"
	echo "$stderr"
	[ "$status" -le 1 ]
	unchanged "$before"
	[ "$status" = "$([ "$(get .ready)" = true ] && echo 0 || echo 1)" ]
}

# unchanged <before>: what everything has said before it says now.
unchanged() {
	local now

	now=$(everything)
	[ "$now" = "$1" ] || {
		diff <(echo "$1") <(echo "$now")
		return 1
	}
}

# get <filter>: of the plan.
get() {
	jq -r "$1" <<<"$output"
}

# brings <file>...: these change on the target, beside what the mission's own
# files say of the merge.
brings() {
	[ "$(get '.files[]' | grep -vxE \
		'kitty-specs/001-a/(meta|status)\.(json|events\.jsonl)' |
		xargs)" = "$*" ]
}

# ready [<option>]...: nothing is in the way.
ready() {
	dry "$@"
	[ "$(get '.ready, (.blockers | length)' | xargs)" = 'true 0' ]
	[ "$(get 'has("blocker"), has("remediation")' | xargs)" = \
		'false false' ]
}

# blocked <code>...: exactly these are, in this order; the first is told twice.
blocked() {
	dry
	[ "$(get .ready)" = false ]
	[ "$(get '.blockers[].code' | xargs)" = "$*" ]
	pastable
	[ "$(get .blocker)" = "$1" ]
	[ "$(get .remediation)" = "$(get '.blockers[0].remediation')" ]
	[ "$(get 'has("expected_branch")')" = \
		"$([[ " $* " = *' missing_mission_branch '* ]] && echo true || echo false)" ]
}

# pastable: each remedy is a command line, though it may not be the last.
pastable() {
	local remedy

	while read -r remedy; do
		[[ $remedy =~ ^(git|mv|df|rm)\  ]] || return 1
		sh -nc "$remedy" || return 1
		[[ $remedy != *'<'* ]] || return 1
	done < <(get '.blockers[].remediation')
}

# remedied: paste remedies until nothing is in the way, once for each.
remedied() {
	local i

	for i in 1 2 3 4 5 6; do
		dry "$@"
		[ "$(get .ready)" = false ] || return 0
		remedy 0
	done
	return 1
}

# remedy <n>: paste what the n-th blocker, from 0, is told to be mended by.
remedy() {
	get ".blockers[$1].remediation" >"$BATS_TEST_TMPDIR/remedy"
	cat "$BATS_TEST_TMPDIR/remedy"
	GIT_EDITOR='echo message >' sh -e "$BATS_TEST_TMPDIR/remedy"
}
