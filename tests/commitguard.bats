#!/usr/bin/env bats
# pre-commit: on the branch of a lane it says what is not the lane's, and with
# sk.guard=block refuses it; anywhere else it costs nothing.

load helper

SLUG=001-guarded-01KBM5ZQ
LANE=kitty/mission-$SLUG-lane-a

setup() {
	sk_setup
	only_files
	enter_repo
	guarded
	lane
	git sk-setup >/dev/null
}

teardown() {
	chmod -R u+w "$HOME" 2>/dev/null
	sk_teardown
}

# wp <id> <line>...: the file of a work package with these lines in front.
wp() {
	local id=$1

	shift
	mkdir -p "kitty-specs/$SLUG/tasks"
	printf '%s\n' --- "work_package_id: $id" "title: Part $id" "$@" --- \
		'' "# $id" >"kitty-specs/$SLUG/tasks/$id-part.md"
}

# lanes <lane>=<WP>...: lanes.json with these lanes; a lane's second work
# package and further ones stand behind '", "'.
lanes() {
	local lane list=

	for lane in "$@"; do
		list+="${list:+, }$(printf '{"lane_id": "%s", "wp_ids": ["%s"],
			"write_scope": [], "predicted_surfaces": [],
			"depends_on_lanes": [], "parallel_group": 0}' \
			"${lane%=*}" "${lane#*=}")"
	done
	printf '{"version": 1, "mission_slug": "%s", "mission_id": "%s",
		"mission_branch": "kitty/mission-%s", "target_branch": "main",
		"lanes": [%s], "computed_at": "2026-05-01T10:00:00+00:00",
		"computed_from": "dependency_graph+ownership"}\n' \
		"$SLUG" "$SLUG" "$SLUG" "$list" \
		>"kitty-specs/$SLUG/lanes.json"
}

# guarded: a mission of two lanes; WP01 of lane-a is in progress and owns
# src/one/ and "a name".
guarded() {
	mission "$SLUG"
	sed -i 's/"mission_slug"/"target_branch": "main", &/' \
		"kitty-specs/$SLUG/meta.json"
	wp WP01 'owned_files:' '- src/one/**' "- 'a name'"
	wp WP02 'owned_files: [src/two/**]'
	wp WP03 'owned_files: [src/three/**]'
	lanes 'lane-a=WP01", "WP03' lane-b=WP02
	event "$SLUG" WP01 planned claimed
	event "$SLUG" WP01 claimed in_progress
	git add -A
	git commit -qm plan
	git branch "kitty/mission-$SLUG"
}

# lane: its worktree, and into it.
lane() {
	git worktree add -q "../lane" -b "$LANE" "kitty/mission-$SLUG"
	cd ../lane || return 1
}

# stage <path>...: each as a new file.
stage() {
	local path

	for path in "$@"; do
		mkdir -p "$(dirname "./$path")"
		date +%N >"./$path"
		git add -- ":(literal)$path"
	done
}

# quietly <command>...: it must succeed and print nothing at all.
quietly() {
	run -0 --separate-stderr "$@"
	[ -z "$output" ]
	[ -z "$stderr" ]
}

# warned <words>: of the last command, in its only warning.
warned() {
	[ "$(grep -c '^warning: ' <<<"$stderr")" = 1 ]
	[[ ${stderr_lines[0]} == "warning: pre-commit hook: $1" ]]
}

# advice <n>: what the hint says to type, up to the next words.
advice() {
	local hint

	hint=$(grep '^hint: ' <<<"$stderr")
	sed 's/^hint: //; s/; [^;]*: /\n/g; s/^[^:]*: //' <<<"$hint" | sed -n "$1p"
}

@test "guard: what the work package owns is committed in silence" {
	stage src/one/a src/one/deep/b 'a name'
	quietly git commit -qm work
	stage src/one/c
	git config sk.guard block
	quietly git commit -qm work
	quietly git commit -q --amend -m again
	quietly git commit -q --allow-empty -m nothing
}

@test "guard: files of others are named, with whose they should be" {
	stage src/one/a src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
	[[ ${stderr_lines[1]} == "hint: "* ]]
	[ "${#stderr_lines[@]}" = 2 ]
	[ "$(git log -1 --format=%s)" = work ]
}

@test "guard: three paths are named, the others counted" {
	stage src/{1,2,3,4,5}
	run -0 --separate-stderr git commit -qm work
	warned "'src/1', 'src/2', 'src/3' and 2 more: not among the owned_files of WP01"
	[[ $stderr == *" -- <path>..."* ]]
}

@test "guard: the files of a mission are no lane's, removed ones neither" {
	stage "kitty-specs/$SLUG/spec.md"
	run -0 --separate-stderr git commit -qm work
	warned "'kitty-specs/$SLUG/spec.md': the files of a mission are not changed on the branch of a lane"
	git rm -q "kitty-specs/$SLUG/lanes.json"
	run -0 --separate-stderr git commit -qm work
	warned "'kitty-specs/$SLUG/lanes.json': the files of a mission are not changed on the branch of a lane"
	stage kitty-specs.txt
	run -0 --separate-stderr git commit -qm work
	warned "'kitty-specs.txt': not among the owned_files of WP01"
}

@test "guard: with block the commit is refused, and nothing else happens" {
	git config sk.guard block
	stage src/one/a src/two/b "kitty-specs/$SLUG/spec.md"
	before=$(git rev-parse HEAD)
	run -1 --separate-stderr git commit -qm work
	[ "${stderr_lines[0]}" = "error: pre-commit hook: 'kitty-specs/$SLUG/spec.md': the files of a mission are not changed on the branch of a lane" ]
	[ "${stderr_lines[1]}" = "error: pre-commit hook: 'src/two/b': not among the owned_files of WP01" ]
	[[ ${stderr_lines[2]} == "hint: "* ]]
	[ "${#stderr_lines[@]}" = 3 ]
	[ "$(git rev-parse HEAD)" = "$before" ]
	[ "$(git diff --cached --name-only | wc -l)" = 3 ]
}

@test "guard: each advice of a refusal does what it says" {
	git config sk.guard block
	stage src/one/a 'src/it'\''s two/b' "kitty-specs/$SLUG/spec.md"
	run -1 --separate-stderr git commit -qm work
	restore=$(advice 1) warn=$(advice 2) past=$(advice 3)
	[[ $restore == "git restore --staged -- "* ]]
	[ "$warn" = "git config sk.guard warn" ]
	[ "$past" = "GIT_SK_SKIP=pre-commit git commit" ]
	quietly bash -c "$past -qm past"
	git reset -q --soft HEAD~1
	quietly bash -c "$restore"
	quietly git commit -qm mine
	[ "$(git show --name-only --format=)" = src/one/a ]
	git add -A
	eval "$warn"
	run -0 --separate-stderr git commit -qm all
	[[ $stderr == "warning: "* ]]
}

@test "guard: each advice of a warning does what it says" {
	stage src/one/a 'src/two/b c' "kitty-specs/$SLUG/spec.md"
	run -0 --separate-stderr git commit -qm work
	take=$(advice 1) off=$(advice 2)
	[[ $take == "git restore --staged --source=HEAD~1 -- "*" && git commit --amend" ]]
	[ "$off" = "git config sk.guard off" ]
	GIT_EDITOR=true quietly bash -c "$take -q"
	[ "$(git show --name-only --format=)" = src/one/a ]
	eval "$off"
	git add -A
	quietly git commit -qm all
}

@test "guard: what undoes a change is never in the way" {
	stage src/two/b
	GIT_SK=0 git commit -qm wrong
	stage src/one/a
	GIT_SK=0 git commit -qm right
	git config sk.guard block
	git rm -q src/two/b
	quietly git commit -qm back
	echo x >>"kitty-specs/$SLUG/meta.json"
	GIT_SK=0 git commit -qam wrong
	git checkout -q HEAD~1 -- kitty-specs
	quietly git commit -qm back
}

@test "guard: of commit -a and commit with paths that commit is judged" {
	stage src/one/a src/two/b
	GIT_SK=0 git commit -qm both
	git config sk.guard block
	echo x | tee src/one/a >src/two/b
	quietly git commit -qm mine src/one/a
	echo y >src/one/a
	run -1 --separate-stderr git commit -qam all
	[[ $stderr == *"'src/two/b': not among"* ]]
	[[ $(advice 1) == "git add your own files, and git commit without -a or paths" ]]
	git add src/one/a
	quietly git commit -qm mine
	run -1 git commit -qm other src/two/b
}

@test "guard: a path is shown as one line, and git has it as it is" {
	stage $'src/two/l\nine' $'src/two/\xff'
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/l\\nine', 'src/two/\\xff': not among the owned_files of WP01"
	[[ $stderr == *" -- <path>..."* ]]
	stage 'src/two/with space'
	run -0 --separate-stderr git commit -qm work
	[[ $stderr == *" -- 'src/two/with space' "* ]]
}

@test "guard: off, GIT_SK=0 and GIT_SK_SKIP switch it off" {
	git config sk.guard block
	stage src/two/b
	quietly env GIT_SK=0 git commit -qm work
	git reset -q --soft HEAD~1
	quietly env GIT_SK_SKIP=post-merge,pre-commit git commit -qm work
	git reset -q --soft HEAD~1
	quietly git commit -q --no-verify -m work
	git reset -q --soft HEAD~1
	quietly git -c sk.guard=off commit -qm work
}

@test "guard: a setting that is none of the three is named, and warns" {
	git config sk.guard blok
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	[ "${stderr_lines[0]}" = "warning: pre-commit hook: sk.guard is 'blok'; set it to warn, block or off" ]
	[[ ${stderr_lines[1]} == "warning: pre-commit hook: 'src/two/b': "* ]]
}

@test "guard: other branches and no branch at all are no business of it" {
	git config sk.guard block
	for branch in main "kitty/mission-$SLUG" kitty/mission-x-lane-ab \
		kitty/mission-x-lane-A other/kitty/mission-x-lane-a; do
		git checkout -q --ignore-other-worktrees -B "$branch" 2>/dev/null ||
			git checkout -q --ignore-other-worktrees "$branch"
		stage "kitty-specs/$SLUG/notes"
		quietly git commit -qm "$branch"
	done
	git checkout -q --detach
	stage "kitty-specs/$SLUG/spec.md"
	quietly git commit -qm detached
}

@test "guard: on other branches the hook file starts no program at all" {
	cd ../repo
	stage src/two/b
	run -0 strace -f -qq -e trace=execve -o ../trace .git/hooks/pre-commit
	[ "$(grep -c 'execve(.*= 0$' ../trace)" = 1 ]
	# nor does what git runs by configuration start another
	run -0 env ASAN_OPTIONS=detect_leaks=0 strace -f -qq \
		-e trace=execve,clone,vfork -o ../trace \
		"$BUILD/hooks/pre-commit"
	[ "$(wc -l <../trace)" = 1 ]
	cd ../lane
	run -0 env GIT_DIR="$(git rev-parse --git-dir)" \
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq \
		-e trace=execve -o ../trace ../repo/.git/hooks/pre-commit
	grep -q commitguard ../trace
}

# asks <HEAD>: the hook file asks its program when HEAD is that.
asks() {
	printf %b "$1" >../head/HEAD
	run -0 --separate-stderr env GIT_DIR=../head ../repo/.git/hooks/pre-commit
	[ -z "$stderr" ]
	[ "$output" = asked ]
}

@test "guard: the hook file asks wherever HEAD may be on a lane" {
	mkdir ../head
	printf '#!/bin/sh\necho asked\n' >../asked
	chmod +x ../asked
	sed -i "s,^sk_program=.*,sk_program='$(cd .. && pwd)/asked'," \
		../repo/.git/hooks/pre-commit
	asks 'ref: refs/heads/kitty/mission-x-lane-a\n'
	asks 'ref: refs/heads/kitty/mission-x-lane-a' # no end of line
	asks 'ref:refs/heads/kitty/mission-x-lane-a\n'
	asks 'ref: refs/heads/.invalid\n'
	asks ''
	rm ../head/HEAD
	ln -s refs/heads/kitty/mission-x-lane-a ../head/HEAD
	run -0 --separate-stderr env GIT_DIR=../head ../repo/.git/hooks/pre-commit
	[ "$output$stderr" = asked ]
	rm ../head/HEAD
	for head in 'ref: refs/heads/main' 'ref: refs/heads/kitty/mission-x' \
		'ref: refs/heads/a*b [c' 1234567890123456789012345678901234567890; do
		run -1 asks "$head\n"
		[ -z "$output" ]
	done
}

@test "guard: without the program it runs, commits work and one line tells" {
	cp -r "$BUILD/hooks" ../hooks
	sed -i "s,$BUILD/hooks,$(cd .. && pwd)/hooks," ../repo/.git/hooks/pre-commit
	git config sk.guard block
	stage src/two/b
	run -1 --separate-stderr git commit -qm refused
	rm ../hooks/commitguard
	run -0 --separate-stderr git commit -qm work
	[[ $stderr == "warning: pre-commit hook: what is staged is not looked at: "* ]]
	[[ $stderr == *"'commitguard'"* ]]
	[ "${#stderr_lines[@]}" = 1 ]
	printf '#!/bin/sh\nkill -SEGV $$\n' >../hooks/commitguard
	chmod +x ../hooks/commitguard
	stage src/two/c
	run -0 --separate-stderr git commit -qm work
	[[ $stderr == "warning: pre-commit hook: what is staged is not looked at: "*" ended with status 139" ]]
	rm ../hooks/pre-commit
	stage src/two/d
	quietly git commit -qm work
}

@test "guard: a clone that was never set up is left alone" {
	git config --unset sk.clone
	git config sk.guard block
	stage src/two/b
	quietly git commit -qm work
}

# told <why> [<end>]: a commit of a file that is nobody's passes, with that
# warning, or one that begins and ends so.
told() {
	stage src/nobody
	run -0 --separate-stderr git commit -qm work
	[ "$(grep -c '^warning: ' <<<"$stderr")" = 1 ]
	[[ ${stderr_lines[0]} == "warning: pre-commit hook: whose files these are is not looked at: $1"*"$2" ]]
	[ "${#stderr_lines[@]}" = 1 ]
}

# plan: the mission as edited in the main checkout is committed there.
plan() {
	git -C ../repo add -A
	GIT_SK=0 git -C ../repo commit -qm plan
}

@test "guard: what cannot be told is no reason to refuse, and says why" {
	git config sk.guard block
	cd ../repo
	event "$SLUG" WP01 in_progress for_review
	plan
	cd ../lane
	told "no work package of lane-a is in progress or claimed (ACTIVE_WP_CONTEXT_MISSING)"
	cd ../repo
	event "$SLUG" WP03 planned in_progress
	event "$SLUG" WP01 for_review in_progress
	plan
	cd ../lane
	told "2 work packages of lane-a are at work at a time (ACTIVE_WP_CONTEXT_AMBIGUOUS)"
	# but the files of a mission are refused all the same
	stage "kitty-specs/$SLUG/spec.md" src/other
	run -1 --separate-stderr git commit -qm work
	[[ ${stderr_lines[0]} == "error: pre-commit hook: 'kitty-specs/"* ]]
	[[ ${stderr_lines[1]} == "warning: "*"(ACTIVE_WP_CONTEXT_AMBIGUOUS)" ]]
}

@test "guard: files of a mission that are missing or damaged are named" {
	local tasks=../repo/kitty-specs/$SLUG/tasks

	git config sk.guard block
	git branch -qD "kitty/mission-$SLUG"
	sed -i /owned_files/,/name/d "$tasks/WP01-part.md"
	told "the file of WP01 has no owned_files (ACTIVE_WP_OWNERSHIP_MISSING)"
	printf -- '---\na: [\n---\n' >"$tasks/WP01-part.md"
	told "the file of WP01:" "(ACTIVE_WP_METADATA_UNREADABLE)"
	git -C ../repo rm -q -f --cached "kitty-specs/$SLUG/tasks/WP01-part.md"
	rm "$tasks/WP01-part.md"
	GIT_SK=0 git -C ../repo commit -qam gone
	told "WP01 has no file in tasks/ (ACTIVE_WP_METADATA_MISSING)"
	: >"../repo/kitty-specs/$SLUG/lanes.json"
	told "lanes.json of '$SLUG':" "(ACTIVE_WP_METADATA_UNREADABLE)"
	(cd ../repo && lanes lane-b=WP02)
	told "lanes.json of '$SLUG' has no work packages in lane-a (ACTIVE_WP_CONTEXT_MISSING)"
	git -C ../repo rm -qrf kitty-specs
	GIT_SK=0 git -C ../repo commit -qm gone
	told "mission '$SLUG' has no lanes.json outside of this branch (ACTIVE_WP_CONTEXT_MISSING)"
}

@test "guard: a work package of the whole code base owns all" {
	sed -i 's/^title/scope: codebase-wide\n&/' \
		"../repo/kitty-specs/$SLUG/tasks/WP01-part.md"
	git config sk.guard block
	stage src/nobody
	quietly git commit -qm work
}

@test "guard: what the lane says of itself does not count" {
	wp WP01 'owned_files: ["**"]'
	event "$SLUG" WP01 in_progress for_review
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
	git add -A
	GIT_SK=0 git commit -qm mine
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
}

@test "guard: the status is that of the coordination branch, committed or not" {
	local coord=../repo/.worktrees/$SLUG-coord

	git -C ../repo worktree add -q ".worktrees/$SLUG-coord" \
		"kitty/mission-$SLUG"
	for move in 'WP01 in_progress for_review' 'WP03 planned in_progress'; do
		# shellcheck disable=SC2086 # words
		event "$SLUG" $move
		tail -n 1 "kitty-specs/$SLUG/status.events.jsonl" \
			>>"$coord/kitty-specs/$SLUG/status.events.jsonl"
	done
	git checkout -q kitty-specs
	stage src/one/a
	run -0 --separate-stderr git commit -qm work
	warned "'src/one/a': not among the owned_files of WP03"
	GIT_SK=0 git -C "$coord" commit -qam moved
	git -C ../repo worktree remove "$coord"
	stage src/one/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/one/b': not among the owned_files of WP03"
}

@test "guard: the target branch counts where the main checkout is elsewhere" {
	git branch -qD "kitty/mission-$SLUG"
	git -C ../repo checkout -q --orphan other
	git -C ../repo rm -rqf .
	GIT_SK=0 git -C ../repo commit -q --allow-empty -m other
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	# which branch that is the lane alone says
	warned "'src/two/b': not among the owned_files of WP01"
	git branch -q "kitty/mission-$SLUG" main
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
	# the newer plan is on the target
	git worktree add -q ../main main
	cd ../main
	wp WP01 'owned_files: [src/two/**]'
	git add -A
	GIT_SK=0 git commit -qm plan
	cd ../lane
	stage src/two/b
	quietly git commit -qm work
}

@test "guard: a target branch that is not there is no obstacle" {
	sed -i 's/"target_branch": "main"/"target_branch": "gone"/' \
		"../repo/kitty-specs/$SLUG/meta.json"
	stage src/one/a
	quietly git commit -qm work
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
}

@test "guard: the lane itself may be in the main checkout" {
	git worktree add -q --detach ../aside
	git checkout -q --detach
	cd ../repo
	git checkout -q "$LANE"
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
}

@test "guard: the lane may be in the main checkout, its mission on the target" {
	git branch -qD "kitty/mission-$SLUG"
	git checkout -q --detach
	git -C ../repo checkout -q "$LANE"
	cd ../repo
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
	# what it says of the mission beside that does not count
	sed -i 's/"target_branch": "main"/"target_branch": "gone"/' \
		"kitty-specs/$SLUG/meta.json"
	GIT_SK=0 git commit -qam gone
	stage src/two/b
	told "mission '$SLUG' has no lanes.json outside of this branch (ACTIVE_WP_CONTEXT_MISSING)"
	sed -i 's/"target_branch": "gone", //' "kitty-specs/$SLUG/meta.json"
	GIT_SK=0 git commit -qam none
	stage src/two/b
	told "mission '$SLUG' has no lanes.json outside of this branch (ACTIVE_WP_CONTEXT_MISSING)"
	git rm -q "kitty-specs/$SLUG/meta.json"
	GIT_SK=0 git commit -qm missing
	stage src/two/b
	told "mission '$SLUG' has no lanes.json outside of this branch (ACTIVE_WP_CONTEXT_MISSING)"
}

@test "guard: a merge brings what it brings, and no more" {
	cd ../repo
	stage other shared
	event "$SLUG" WP02 planned claimed
	plan
	cd ../lane
	stage src/one/a
	echo lane >shared
	git add shared
	GIT_SK=0 git commit -qm lane
	git config sk.guard block
	run -1 git merge -q main
	echo both >shared
	git add shared
	stage src/two/b
	run -1 --separate-stderr git commit -qm merged
	[ "${stderr_lines[0]}" = "error: pre-commit hook: 'src/two/b': not among the owned_files of WP01" ]
	[ "${#stderr_lines[@]}" = 2 ]
	git restore --staged src/two/b
	quietly git commit -qm merged
	git rev-parse -q --verify HEAD^2
}

@test "guard: pre-merge-commit may run it, as git's own sample does" {
	printf '#!/bin/sh\nexec "$(dirname "$0")/pre-commit"\n' \
		>../repo/.git/hooks/pre-merge-commit
	chmod +x ../repo/.git/hooks/pre-merge-commit
	cd ../repo
	stage other
	event "$SLUG" WP02 planned claimed
	plan
	cd ../lane
	stage src/one/a
	quietly git commit -qm lane
	git config sk.guard block
	quietly git merge -q -m merged main
	git checkout -q --orphan alone
	git rm -rqf .
	stage elsewhere
	quietly git commit -qm alone
	git checkout -q "$LANE"
	quietly git merge -q --allow-unrelated-histories -m unrelated alone
}

@test "guard: what rebase, cherry-pick and revert make anew passes" {
	git config sk.guard block
	stage src/two/b shared
	quietly env GIT_SK=0 git commit -qm wrong
	git checkout -q -b side HEAD~1
	stage shared src/two/c
	git commit -qm side
	git checkout -q "$LANE"
	run -1 git cherry-pick side
	git checkout -q --theirs shared
	git add shared
	quietly git commit -qm picked
	run -1 git revert --no-edit HEAD~1
	git checkout -q --ours shared
	git add -A
	quietly git commit -qm reverted
	run -1 git rebase -q side
	git checkout -q --theirs shared
	git add -A
	GIT_EDITOR=true run -0 git -c core.editor=true rebase --continue
}

@test "guard: the environment of git may be odd" {
	local git_dir

	git_dir=$(git rev-parse --git-dir)
	git config sk.guard block
	stage src/two/b
	run -1 bash -c 'git commit -qm work <&-'
	run -1 bash -c 'git commit -qm work <&- >&- 2>&-'
	run -1 --separate-stderr env GIT_DIR="$git_dir" GIT_WORK_TREE="$PWD" \
		git -C .. commit -qm work
	[[ $stderr == *"'src/two/b': not among"* ]]
	run -1 --separate-stderr env GIT_DIR="$git_dir" \
		../repo/.git/hooks/pre-commit
	[[ $stderr == *"'src/two/b': not among"* ]]
	run -1 --separate-stderr env -C src GIT_DIR="$git_dir" \
		GIT_WORK_TREE=.. ../../repo/.git/hooks/pre-commit
	[[ $stderr == *"'src/two/b': not among"* ]]
	git config diff.relative true
	git config diff.external false
	git config diff.noprefix true
	mkdir -p deep
	run -1 --separate-stderr git -C deep commit -qm work
	[[ $stderr == *"'src/two/b': not among"* ]]
	# an index of its own, by a name from the top
	git reset -q
	GIT_INDEX_FILE=odd git read-tree HEAD
	GIT_INDEX_FILE=odd git add src/two/b
	run -1 env GIT_INDEX_FILE=odd git commit -qm work
	rm -f odd
	stage src/one/a
	quietly git commit -qm work
}

@test "guard: a warning that nobody reads stops nothing" {
	stage src/two/b
	run -0 bash -c 'exec 2> >(exec true); sleep .2; git commit -qm work'
	[ "$(git log -1 --format=%s)" = work ]
}

@test "guard: a hook that was there goes first, and its refusal is its own" {
	git sk-setup --remove -q
	cat >../repo/.git/hooks/pre-commit <<-'SH'
		#!/bin/sh
		echo mine >&2
		exit ${MINE:-0}
	SH
	chmod +x ../repo/.git/hooks/pre-commit
	git sk-setup -q
	git config sk.guard block
	stage src/two/b
	run -1 --separate-stderr git commit -qm work
	[ "${stderr_lines[0]}" = mine ]
	[[ ${stderr_lines[1]} == "error: pre-commit hook: 'src/two/b': "* ]]
	MINE=7 run -1 --separate-stderr git commit -qm work
	[ "$stderr" = mine ]
	MINE=7 run -7 ../repo/.git/hooks/pre-commit
	git restore --staged src/two/b
	stage src/one/a
	run -0 --separate-stderr git commit -qm work
	[ "$stderr" = mine ]
	# and alone where git-sk is gone
	sed -i "s,$BUILD/hooks,/nowhere," ../repo/.git/hooks/pre-commit
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	[ "$stderr" = mine ]
}

# shim: what spec-kitty puts into the hooks folder, over what is there.
shim() {
	printf '%s\n' '#!/bin/sh' '# Generated by spec-kitty; do not edit' \
		'# Installed: 2026-05-01T10:00:00+00:00' "# Interpreter: $1" \
		'set -e' "exec '$1' -c 'echo shim >&2; exit 0'" \
		>../repo/.git/hooks/pre-commit
	chmod 700 ../repo/.git/hooks/pre-commit
}

@test "guard: spec-kitty's own hook beside it speaks, too, and is kept" {
	shim /bin/sh
	run -1 git sk-setup --check
	[[ $output == *"pre-commit       spec-kitty's"* ]]
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "warning: hook pre-commit is spec-kitty's: commits on lanes are not looked at; run 'git sk-setup'" ]
	git sk-setup -q
	run -0 git sk-setup --check
	stage src/two/b
	run -0 --separate-stderr git commit -qm work
	[ "${stderr_lines[0]}" = shim ]
	[[ ${stderr_lines[1]} == "warning: pre-commit hook: 'src/two/b': "* ]]
	# written anew over ours, it is kept in the place of the former
	shim /bin/sh
	git sk-setup -q
	run -0 git sk-setup --check
	git sk-setup --remove -q
	[ "$(sed -n 2p ../repo/.git/hooks/pre-commit)" = '# Generated by spec-kitty; do not edit' ]
}

@test "guard: ten thousand staged files are looked at, and three named" {
	mkdir -p src/two src/one
	(cd src/two && seq 9000 | xargs touch)
	(cd src/one && seq 1000 | xargs touch)
	git add -A
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/1', 'src/two/10', 'src/two/100' and 8997 more: not among the owned_files of WP01"
}

@test "guard: a sparse index hides nothing" {
	stage src/one/a src/two/b
	GIT_SK=0 git commit -qm both
	git sparse-checkout set --cone --sparse-index src/one
	git config sk.guard block
	echo x >src/one/a
	quietly git commit -qam work
	git rm -q --cached --sparse src/two/b
	run -0 git commit -qm undone
	git update-index --add --cacheinfo \
		"100644,$(git rev-parse HEAD:src/one/a),src/two/c"
	run -1 --separate-stderr git commit -qm work
	[[ $stderr == *"'src/two/c': not among"* ]]
}

@test "guard: ids may be of sha256, and the repository bare" {
	rm -rf ../repo ../lane
	git init -q --object-format=sha256 ../seed
	cd ../seed
	guarded
	git clone -q --bare . ../hub.git
	cd ../hub.git
	git branch -f "kitty/mission-$SLUG" main
	lane
	git sk-setup >/dev/null
	stage src/one/a src/two/b
	run -0 --separate-stderr git commit -qm work
	warned "'src/two/b': not among the owned_files of WP01"
	cd ../hub.git
	git worktree add -q ../main main
	cd ../main
	event "$SLUG" WP01 in_progress for_review
	GIT_SK=0 git commit -qam moved
	cd ../lane
	told "no work package of lane-a is in progress or claimed (ACTIVE_WP_CONTEXT_MISSING)"
}

@test "guard: a home that cannot be written, or none, is no hindrance" {
	chmod a-w "$HOME" "$GIT_SK_HOME"
	git config sk.guard block
	stage src/two/b
	run -1 --separate-stderr git commit -qm work
	[[ $stderr == "error: pre-commit hook: "* ]]
	[ "${#stderr_lines[@]}" = 2 ]
	run -1 --separate-stderr env -u HOME -u GIT_SK_HOME -u GIT_CONFIG_GLOBAL \
		git -c user.name=x -c user.email=x@y commit -qm work
	[[ ${stderr_lines[0]} == "error: pre-commit hook: 'src/two/b': not among"* ]]
}
