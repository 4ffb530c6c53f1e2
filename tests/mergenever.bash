# What the tests of 'git sk-merge' share that say what must not happen. Loaded
# behind helper, mergetree, implement and mergeplan.

# everything: what a merge that is refused leaves as it is: refs, reflogs,
# indexes, and every file with its time and its bytes, here and in worktrees; but
# for the files that stand for a lock, and stay.
everything() {
	local tree

	state | grep -vE ' \.git/(sk-(merge|record)|spec-kitty-locks/.*)\.lock$'
	git worktree list --porcelain
	git worktree list --porcelain | sed -n 's/^worktree //p' |
		while read -r tree; do
			(cd "$tree" && find . -path ./.git -prune -o -type f \
				-print0 | sort -z | xargs -0r sha256sum)
		done
}

# refuses <code>... [-- <option>...]: the merge does, for these reasons, and has
# changed nothing; its dry run has said the same, word for word. Its document is
# in output.
refuses() {
	local before codes=() said

	while [ $# != 0 ] && [ "$1" != -- ]; do
		codes+=("$1")
		shift
	done
	shift || :
	before=$(everything)
	run --separate-stderr git sk-merge --dry-run --json "$@"
	echo "$output$stderr"
	[ "$status" = 1 ]
	said=$output
	[ "$(get '.blockers[].code' | xargs)" = "${codes[*]}" ]
	run -1 --separate-stderr git sk-merge "$@"
	[ "$(everything)" = "$before" ]
	run -1 --separate-stderr git sk-merge --json "$@"
	echo "$output"
	[ "$(everything)" = "$before" ]
	[ "$(get '.ready, .merged // false' | xargs)" = 'false false' ]
	[ "$(get '[.blockers, .merge_tree, .warnings]')" = \
		"$(jq '[.blockers, .merge_tree, .warnings]' <<<"$said")" ]
}

# merges [<option>...]: the merge does, as the dry run has said: the target is at
# the commit that the answer names, everything on the list is there, done is what
# was approved, and its events are all in the log. Sets INTO, MADE and ANSWER.
merges() {
	local before rows tree

	before=$(everything)
	run --separate-stderr git sk-merge --dry-run --json "$@"
	echo "$output$stderr"
	[ "$status" = 0 ]
	[ "$(everything)" = "$before" ]
	tree=$(get .merge_tree)
	INTO=$(get .target_branch)
	rows=$(rows_of "$INTO" "$BRANCH")
	run --separate-stderr git sk-merge --json "$@"
	echo "$output$stderr"
	[ "$status" = 0 ]
	ANSWER=$output
	MADE=$(git rev-parse "refs/heads/$INTO")
	[ "$(get '.merged, .commit' | xargs)" = "true $MADE" ]
	# but for the mission's own files it is the tree that was promised
	[ -z "$(git diff-tree -r --name-only "$tree" "$MADE" -- . ":!$LOG" \
		:!kitty-specs/001-a/status.json :!kitty-specs/001-a/meta.json)" ]
	# no row of any side is missing
	[ -z "$(comm -23 <(echo "$rows") <(rows_of "$INTO"))" ]
	all_done "$INTO"
}

# rows_of <branch>...: those of the mission's log there, each once; one that is
# no branch any more has none.
rows_of() {
	local name

	for name; do
		git cat-file -p "refs/heads/$name:$LOG" 2>/dev/null || :
	done | sort -u
}

# lanes_on <branch>: "WP01=done ..." as the log there says, by the program that
# makes a status.json of it.
lanes_on() {
	git cat-file -p "refs/heads/$1:$LOG" | git sk-eventlog reduce - |
		jq -r '[.work_packages | to_entries[] |
			.key + "=" + .value.lane] | join(" ")'
}

# all_done <branch>: every work package is done there, and its status.json says
# so too.
all_done() {
	[ "$(lanes_on "$1")" = 'WP01=done WP02=done WP03=done WP04=done' ]
	[ "$(git cat-file -p "refs/heads/$1:kitty-specs/001-a/status.json" |
		jq '.summary.done')" = 4 ]
}

# at <branch> <path>: the file's bytes there.
at() {
	git cat-file -p "refs/heads/$1:$2"
}
