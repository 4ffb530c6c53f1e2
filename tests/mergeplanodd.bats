#!/usr/bin/env bats
# The plan of a merge (lib/merge/plan.h) beside the usual path: lanes that are
# not wanted, odd histories, configuration and environment.

load helper
load logmerge
load mergetree
load implement
load mergeplan

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

# lanes_with <filter of jq>: lanes.json changed by it, committed.
lanes_with() {
	jq "$1" kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am lanes
}

# rests: what is to be cleaned up.
rests() {
	get '[.cleanup[].name] | join(" ")'
}

@test "mergeplanodd: what was canceled is neither merged nor cleaned up" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	event 001-a WP01 approved canceled
	git commit -q -am canceled
	blocked unmet_dependency
	sed -i '/- WP01/d; /^dependencies/d' kitty-specs/001-a/tasks/WP03-x.md
	event 001-a WP02 approved canceled
	git commit -q -am canceled
	ready
	[ "$(get '.lanes[0] | .lane_id, .state' | xargs)" = 'lane-a canceled' ]
	brings b.c
	[ "$(rests)" = "$BRANCH-lane-b $BRANCH" ]
	git branch -q -f "$BRANCH" "$BRANCH-lane-a"
	ready
	[ "$(get '.lanes[0].state')" = included ]
	[ "$(rests)" = "$TREE $BRANCH-lane-a $BRANCH-lane-b $BRANCH" ]
}

@test "mergeplanodd: a lane without work packages is merged if it has commits" {
	lanes_with '.lanes[1].wp_ids = [] | .lanes[0].wp_ids += ["WP03"]'
	ready
	brings a.c b.c
}

@test "mergeplanodd: renamed, moved, made a link, executable, or of other case" {
	local made

	seq 20 >list
	seq 30 50 >run
	git add list run
	git commit -q -m list
	git branch -q -f "$BRANCH" main
	git checkout -q "$BRANCH-lane-a"
	git merge -q main
	mkdir deep
	git mv list deep/List
	git mv a.c A.c
	chmod +x run
	ln -s run link
	git add -A run link
	git commit -q -m renamed
	git checkout -q main
	sed -i 's/^1$/one/' list
	sed -i 's/^30$/thirty/' run
	git commit -q -am edited
	ready
	made=$(get .merge_tree)
	[ "$(git show "$made:deep/List" | head -n 1)" = one ]
	[ "$(git ls-tree "$made" run link | cut -c1-6 | xargs)" = \
		'120000 100755' ]
	[ "$(git ls-tree --name-only "$made" | grep -ci '^a.c$')" = 1 ]
	git checkout -q -b want
	git merge -q "$BRANCH-lane-a" "$BRANCH-lane-b" 2>/dev/null || {
		git merge -q "$BRANCH-lane-a"
		git merge -q "$BRANCH-lane-b"
	}
	[ "$made" = "$(git rev-parse 'want^{tree}')" ]
}

@test "mergeplanodd: histories that cross" {
	local first

	lane_commit lane-a code.c one
	first=$(git rev-parse "$BRANCH-lane-a")
	git checkout -q "$BRANCH"
	git commit -q --allow-empty -m mission
	git merge -q -m cross "$first"
	git checkout -q "$BRANCH-lane-a"
	git merge -q -m cross "$BRANCH~1"
	echo two >code.c
	git commit -q -am two
	git checkout -q main
	ready
	[ "$(git show "$(get .merge_tree):code.c")" = two ]
	ready --strategy merge
}

@test "mergeplanodd: configuration of all kinds changes nothing" {
	local made

	seq 20 >list
	git add list
	git commit -q -m list
	git branch -q -f "$BRANCH" main
	git checkout -q "$BRANCH-lane-a"
	git merge -q main
	git mv list 'älist'
	git commit -q -m renamed
	git checkout -q "$BRANCH"
	git merge -q --no-ff -m "Merge $BRANCH-lane-b into $BRANCH" \
		"$BRANCH-lane-b"
	git branch -q -D "$BRANCH-lane-b"
	git checkout -q main
	ready
	made=$(get '.merge_tree, .files[], .lanes[].state')
	while read -r key value; do
		echo "$key"
		git config "$key" "$value"
		ready
		[ "$(get '.merge_tree, .files[], .lanes[].state')" = "$made" ]
		git config --unset "$key"
	done <<-EOF
		color.ui always
		core.quotePath true
		core.quotePath false
		core.fsmonitor true
		core.preloadIndex false
		core.untrackedCache true
		status.showUntrackedFiles no
		status.branch true
		status.renames copies
		status.relativePaths true
		submodule.recurse true
		diff.ignoreSubmodules all
		diff.renames false
		diff.noprefix true
		diff.external false
		diff.orderFile list
		diff.relative true
		log.showSignature true
		log.showRoot true
		log.decorate full
		log.follow true
		format.pretty oneline
		i18n.logOutputEncoding ISO-8859-1
		push.default nothing
		pull.rebase true
		merge.ff only
		merge.log true
		merge.conflictStyle diff3
		merge.verbosity 5
		rebase.autoStash true
		commit.cleanup scissors
		commit.template /nowhere
		core.commentChar ;
		advice.detachedHead true
		core.hooksPath /nowhere
		core.editor false
		core.pager false
		gc.auto 1
		index.sparse true
		feature.manyFiles true
		core.splitIndex true
		fetch.prune true
		transfer.fsckObjects true
		log.excludeDecoration x
		uploadpack.hideRefs refs
		transfer.hideRefs refs
		core.logAllRefUpdates always
		core.abbrev 4
		core.warnAmbiguousRefs true
		notes.displayRef refs/notes/x
		extensions.worktreeConfig false
	EOF
}

@test "mergeplanodd: ends of lines, and normalization, are git's to merge" {
	printf 'one\ntwo\nthree\n' >text
	git add text
	git commit -q -m text
	git branch -q -f "$BRANCH" main
	git checkout -q "$BRANCH-lane-a"
	git merge -q main
	printf 'one\r\ntwo\r\nTHREE\r\n' >text
	git commit -q -am crlf
	git checkout -q main
	printf 'ONE\ntwo\nthree\n' >text
	git commit -q -am one
	blocked merge_conflict
	echo '* text=auto' >.gitattributes
	git add .gitattributes
	git commit -q -m attributes
	git config merge.renormalize true
	git config core.autocrlf input
	ready
	[ "$(git show "$(get .merge_tree):text" | xargs)" = 'ONE two THREE' ]
}

@test "mergeplanodd: the environment of a hook, a script, another language" {
	local made

	ready
	made=$(get .merge_tree)
	while read -r line; do
		echo "$line"
		run -0 --separate-stderr env "$line" "$PLAN" --dry-run --json
		[ "$(get .merge_tree)" = "$made" ]
	done <<-EOF
		GIT_INDEX_FILE=$PWD/.git/next-index
		GIT_DIR=$PWD/.git
		GIT_DIR=.git
		GIT_LITERAL_PATHSPECS=1
		GIT_ICASE_PATHSPECS=1
		GIT_GLOB_PATHSPECS=1
		GIT_NOGLOB_PATHSPECS=1
		GIT_PREFIX=kitty-specs/
		GIT_TRACE=1
		GIT_TRACE2=1
		GIT_SK=0
		GIT_SK_TRACE=1
		GIT_EXTERNAL_DIFF=false
		GIT_DIFF_OPTS=-u0
		GIT_PAGER=false
		GIT_EDITOR=false
		GIT_OPTIONAL_LOCKS=1
		GIT_DEFAULT_HASH=sha256
		GIT_MERGE_VERBOSITY=5
		GIT_CONFIG_PARAMETERS='color.ui=always'
		GIT_NAMESPACE=x
		LC_ALL=de_DE.UTF-8
		LANGUAGE=de
		TZ=Asia/Tokyo
		COLUMNS=1
		CDPATH=/tmp
		POSIXLY_CORRECT=1
	EOF
	[ ! -e .git/next-index ]
}

@test "mergeplanodd: lanes.json that names what it has not" {
	lanes_with '.lanes[1].depends_on_lanes = ["lane-z", "lane-b", "lane-a"]
		| .lanes[0].depends_on_lanes = ["lane-b"]'
	ready
	[ "$(get '[.lanes[].lane_id] | join(" ")')" = \
		'lane-planning lane-a lane-b' ]
	lanes_with '.lanes += [.lanes[1]]'
	blocked unreadable_lanes
	lanes_with '.lanes[3].wp_ids = ["WP05"]'
	blocked unreadable_lanes
	git reset -q --hard HEAD~2
	lanes_with '.mission_branch = "refs/heads/kitty/mission-001-a"'
	dry
	[ "$(get .ready)" = false ]
	git reset -q --hard HEAD~
	lanes_with '.mission_branch = "main"'
	dry
	[ "$(get .ready)" = false ]
	pastable
	git reset -q --hard HEAD~
	lanes_with '.lanes = []'
	ready
	[ "$(get '.warnings[].code' | xargs)" = 'unlisted_lane unlisted_lane' ]
}

@test "mergeplanodd: lane branches that lanes.json does not know are told of" {
	lane_commit lane-z z.c
	ready
	[ "$(get '.warnings[] | .code, .subject' | xargs)" = \
		"unlisted_lane $BRANCH-lane-z" ]
	brings a.c b.c
	[[ " $(rests) " != *lane-z* ]]
	git merge -q "$BRANCH-lane-z"
	ready
	[ "$(get '.warnings | length')" = 0 ]
}

@test "mergeplanodd: a mission that a remote alone has" {
	git clone -q . ../clone
	git checkout -q --orphan empty
	git rm -q -rf .
	git commit -q --allow-empty -m empty
	cd ../clone
	git checkout -q --orphan other
	git rm -q -rf .
	git commit -q --allow-empty -m other
	git branch -q -D main
	dry 001-a
	[ "$(get '.blockers[].code' | xargs)" = \
		'missing_target_branch missing_mission_branch missing_lane_branch missing_lane_branch' ]
	for i in 0 1 2 3; do
		remedy "$i"
	done
	ready 001-a
	brings a.c b.c
}

@test "mergeplanodd: a mission on a single branch has nothing to be merged" {
	git rm -q kitty-specs/001-a/lanes.json
	jq '.topology = "single_branch"' kitty-specs/001-a/meta.json >meta.json
	mv meta.json kitty-specs/001-a/meta.json
	git commit -q -am single
	git branch -q -D "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"
	ready
	[ "$(get '.merge_tree')" = "$(git rev-parse 'main^{tree}')" ]
	[ "$(get '.lanes, .cleanup | length' | xargs)" = '0 0' ]
	ready --strategy merge
	ready --strategy rebase
	event 001-a WP01 approved for_review
	git commit -q -am back
	dry
	[ "$(get .blocker)" = unapproved_work_package ]
	[[ " $(get '.blockers[].code' | xargs) " != *missing* ]]
}

@test "mergeplanodd: work packages whose ids differ in case are two" {
	sed 's/WP01/wp01/' kitty-specs/001-a/tasks/WP01-x.md \
		>kitty-specs/001-a/tasks/wp01-x.md
	lanes_with '.lanes[0].wp_ids += ["wp01"]'
	git add -A
	git commit -q -m case
	dry
	[ "$(get '.blockers[].subject' | xargs)" = wp01 ]
}

@test "mergeplanodd: 200 lanes are merged in one plan" {
	local n

	for ((n = 0; n < 200; n++)); do
		printf 'commit refs/heads/%s-lane-%s\n' "$BRANCH" "$n"
		printf 'committer T <t@example.com> 1 +0000\ndata 1\nx\n'
		printf 'from refs/heads/main^0\n'
		printf 'M 100644 inline f%s\ndata 1\nx\n' "$n"
	done | git fast-import --quiet
	git branch -q -D "$BRANCH-lane-a" "$BRANCH-lane-b"
	lanes_with '.lanes[1] as $one | .lanes = [range(200) |
		$one + {lane_id: "lane-\(.)", wp_ids: ["WP\(. + 10)"]}]'
	for ((n = 10; n < 210; n++)); do
		event 001-a "WP$n" planned approved
	done
	git rm -q -r kitty-specs/001-a/tasks
	git commit -q -am many
	ready
	[ "$(git ls-tree --name-only "$(get .merge_tree)" | grep -c '^f')" = 200 ]
	[ "$(get '.lanes | map(select(.state == "merged")) | length')" = 200 ]
}

@test "mergeplanodd: nothing to merge onto, and nowhere to be" {
	git checkout -q --orphan unborn
	git rm -q -r -f .
	ready 001-a
	git checkout -q -f main
	git symbolic-ref HEAD refs/heads/none
	dry 001-a
	[ "$(get '.blockers[].code' | xargs)" = dirty_worktree ]
	git init -q ../empty
	cd ../empty
	run -1 --separate-stderr "$PLAN" --dry-run --json
	[ "$(get .blocker)" = unresolved_mission ]
	run -1 --separate-stderr "$PLAN" --dry-run --json --into main
	[ "$(get '.blockers[].code' | xargs)" = \
		'unresolved_mission missing_target_branch' ]
}
