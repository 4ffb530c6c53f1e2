# What the tests of tests/tool/mergetree share. Loaded behind helper.

TOOL=$BUILD/tests/tool/mergetree

# unmerged: the conflicts of the index here, as the tool tells them.
unmerged() {
	git ls-files -u -z | awk 'BEGIN { RS = "\0"; OFS = " " }
		function tell() {
			if (path != "")
				print "conflict", path, at[1], at[2], at[3]
			at[1] = at[2] = at[3] = "-"
		}
		{
			tab = index($0, "\t")
			split(substr($0, 1, tab - 1), words, " ")
			if (substr($0, tab + 1) != path) {
				tell()
				path = substr($0, tab + 1)
			}
			at[words[3]] = words[1] ":" words[2]
		}
		END { tell() }'
}

# state: whatever a merge in the object database has to leave as it is.
state() {
	git for-each-ref
	git symbolic-ref HEAD
	git rev-parse HEAD
	find .git -path .git/objects -prune -o -type f -print0 | sort -z |
		xargs -0 sha256sum
	find . -path ./.git -prune -o -type f -printf '%p %T@ %m\n' | sort
}

# git_merge <request> <ours> <theirs>: the tool's answer (in output and lines)
# is that of 'git merge' in a work tree, which is made and removed; sets IS_CLEAN.
git_merge() {
	local before want=

	before=$(state)
	run --separate-stderr "$TOOL" "$@"
	echo "$output"
	[ "$status" -le 1 ]
	[ "$(state)" = "$before" ]
	IS_CLEAN=$((1 - status))
	git worktree add -q --detach ../merged "$2"
	if git -C ../merged merge -q --no-ff --no-commit "$3" >/dev/null 2>&1; then
		want=0
		[ "${lines[0]}" = "tree $(git -C ../merged write-tree)" ]
	else
		want=1
	fi
	echo "git says $want"
	[ "$status" = "$want" ]
	# of a commit without a branch git says HEAD
	[ "$(grep ^conflict <<<"$output")" = \
		"$(cd ../merged && unmerged | sed "s/~HEAD /~$2 /")" ]
	git worktree remove -f ../merged
}

# driven <ours> <theirs>: the tree of 'git merge' in a clone that has our driver.
driven() {
	rm -rf ../driven
	git clone -q . ../driven
	(
		cd ../driven || exit
		driver
		git checkout -q --detach "origin/$1"
		git merge -q --no-ff --no-commit "origin/$2" >/dev/null 2>&1
		git write-tree 2>/dev/null
	) || :
}

# merges [<ours> <theirs>]: the tool's merge is clean, that of our driver, the
# same both ways round, and touches nothing; sets TREE. With ALONE the driver's
# is not compared.
merges() {
	local ours=${1:-main} theirs=${2:-side} before tree

	before=$(state)
	run -0 --separate-stderr "$TOOL" merge "$theirs" "$ours"
	TREE=${lines[0]#tree }
	run -0 --separate-stderr "$TOOL" merge "$ours" "$theirs"
	echo "$output"
	[ "$(state)" = "$before" ]
	[ "$output" = "${output/conflict/}" ]
	[ "${lines[0]}" = "tree $TREE" ]
	tree=$(driven "$ours" "$theirs")
	[ -n "$ALONE" ] || [ "$tree" = "$TREE" ]
}
