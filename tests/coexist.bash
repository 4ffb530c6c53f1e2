# The twins of tests/coexist.bats: two repositories with the same commits, in
# which the same is done with a hook manager; git-sk is set up in one of them.

# have <tool>: skip the test where it is not installed.
have() {
	NODE_BIN=$(cd "$BUILD/.." && pwd)/build/coexist/node_modules/.bin
	with_node command -v "$1" >/dev/null ||
		skip "there is no $1: ./install.sh --deps coexist"
	TOOL=$1
}

# with_node <command>...: as 'npm run' does, with its programs on PATH.
with_node() {
	PATH=$NODE_BIN:$PATH "$@"
}

# The hooks of the tool: what they were called with goes to ../seen.<twin>.
write_job() {
	cat >job <<'SH'
#!/bin/sh
# job <event> <argument>...: fails with what ../fail holds
echo "$*" >>"../seen.${PWD##*/}"
[ "$1" != post-rewrite ] || cat >>"../seen.${PWD##*/}"
[ ! -f ../fail ] || exit "$(cat ../fail)"
SH
	chmod +x job
}

# twins: made side by side, in the folder of the test.
twins() {
	local twin

	write_job
	COUNT=0 DRIVES=0
	DONE=$BATS_FILE_TMPDIR/$TOOL
	next_minute
	for twin in ours twin; do
		git init -q "$twin"
		cd "$twin" || return 1
		configure >/dev/null
		mkdir -p kitty-specs/001-a/tasks
		printf -- '---\nwork_package_id: WP01\nlane: planned\n---\n' \
			>kitty-specs/001-a/tasks/WP01.md
		echo 0 >a.bin
		git add .
		git commit -q -m first
		cd ..
	done
	PROGRAMS=$(programs_as_they_are)
}

# programs_as_they_are: a line for each, another one after it has been written to.
programs_as_they_are() {
	stat -c '%n %i %a %s %y' "$BUILD"/hooks/* "$BUILD"/bin/*
}

# The time is the same for both, so that their commits have the same names. One
# event after the other is the only one that git-sk may see.
next_minute() {
	local only=("post-rewrite,post-merge" "post-commit,post-merge"
		"post-commit,post-rewrite")

	DRIVES=$((DRIVES + 1))
	export GIT_SK_SKIP=post-checkout,${only[DRIVES % 3]}
	export GIT_AUTHOR_DATE="@$((1780000000 + DRIVES * 60)) +0000"
	export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
}

# each_event <format>: printed for each, with the name wherever it says %s.
each_event() {
	local event

	for event in post-commit post-merge post-rewrite post-checkout; do
		printf '%b' "${1//%s/$event}"
	done
}

# configure: what the tool is to run, in files of the repository.
configure() {
	case $TOOL in
	husky)
		echo '{"name": "x", "scripts": {"prepare": "husky"}}' \
			>package.json
		echo node_modules >.gitignore
		ln -s "${NODE_BIN%/.bin}" node_modules
		mkdir .husky
		for event in post-commit post-merge post-rewrite post-checkout; do
			echo "../job $event \"\$@\"" >".husky/$event"
		done
		;;
	lefthook)
		each_event '%s:\n  jobs:\n    - run: ../job %s {0}\n      use_stdin: true\n' \
			>lefthook.yml
		;;
	pre-commit | prek)
		echo 'default_install_hook_types: [post-commit, post-merge, post-rewrite, post-checkout]
repos:
  - repo: local
    hooks:' >.pre-commit-config.yaml
		each_event '      - id: %s
        name: job
        language: system
        entry: sh -c "../job %s $PRE_COMMIT_REWRITE_COMMAND"
        stages: [%s]
        always_run: true
        pass_filenames: false
' >>.pre-commit-config.yaml
		;;
	git-lfs) echo '*.bin lockable' >.gitattributes ;;
	simple-git-hooks) # post-merge is left to others, and so is deleted
		echo '{"name": "x", "simple-git-hooks": {
"post-commit": "../job post-commit \"$@\"",
"post-checkout": "../job post-checkout \"$@\"",
"post-rewrite": "../job post-rewrite \"$@\""}}' >package.json
		;;
	esac
}

# The commands of the tools, as a person types them or 'npm install' runs them.
tool_install() {
	case $TOOL in
	husky) with_node npm run prepare ;;
	simple-git-hooks) with_node simple-git-hooks ;;
	git-lfs) git lfs install --local ;;
	*) with_node "$TOOL" install ;;
	esac
}
tool_uninstall() {
	case $TOOL in
	husky) git config --unset core.hooksPath && rm -r .husky/_ ;;
	simple-git-hooks)
		node "${NODE_BIN%/.bin}/simple-git-hooks/uninstall.js"
		;;
	git-lfs) git lfs uninstall --local ;;
	*) with_node "$TOOL" uninstall ;;
	esac
}

# in_twin <twin> <command>...: its output in out.<twin>, its status in STATUS.
in_twin() {
	STATUS=0
	cd "$1" || return 1
	"${@:2}" >>"../out.$1" 2>&1 3>&- || STATUS=$?
	cd ..
}

# in_the_twin <command>...: as in_twin; but git-sk is not there, so that what the
# same commands made of the twin of an earlier test is taken as it was. DONE is
# where that is kept: a folder for each command, in that of the one before.
in_the_twin() {
	local file

	DONE+=/${*// /-}$(cat fail 2>/dev/null || true)
	if [ -e "$DONE/status" ]; then
		rm -rf twin seen.twin out.twin
		cp -a "$DONE/kept/." .
		STATUS=$(cat "$DONE/status")
		return
	fi
	in_twin twin "$@"
	mkdir -p "$DONE/kept"
	for file in twin seen.twin out.twin; do
		[ ! -e "$file" ] || cp -a "$file" "$DONE/kept"
	done
	echo "$STATUS" >"$DONE/status"
}

# in_both <command>...: it must end the same and say the same.
in_both() {
	local wanted

	rm -f out.ours out.twin
	in_the_twin "$@"
	wanted=$STATUS
	in_twin ours "$@"
	if [ "$STATUS" -ne "$wanted" ]; then
		echo "$*: status $STATUS, not $wanted:"
		cat out.ours
		return 1
	fi
}

# What a tool said, without what differs from one call to the next.
plain() {
	sed -E 's/\x1b\[[0-9;]*m//g; s/[0-9.]+ ?m?s(econds)?\b/- seconds/g
		s,/ours(/|\b),/twin\1,g' "$1"
}

# commits: one of each kind, with a lane that moves; what the tool's hooks did.
commits() {
	local wp=kitty-specs/001-a/tasks/WP01.md lane=claimed

	[ $((DRIVES % 2)) -eq 0 ] || lane=for_review
	sed -i "s/^lane: .*/lane: $lane/" "$wp" &&
		unhooked checkout -q -b "side$DRIVES" &&
		echo "$DRIVES" >side &&
		git add side &&
		unhooked commit -q -m "side $DRIVES" side &&
		unhooked checkout -q main &&
		chmod u+w a.bin &&
		echo "$DRIVES" >>a.bin &&
		git commit -q -a -m "$lane $DRIVES" &&
		modes &&
		git commit -q --amend -m "amended $DRIVES" &&
		chmod u+w a.bin &&
		git merge -q --no-ff -m "merged $DRIVES" "side$DRIVES" &&
		modes
}

unhooked() {
	git -c core.hooksPath=/dev/null "$@"
}

# git-lfs takes away the leave to write to what can be locked.
modes() {
	stat -c '%n %a' a.bin >>"../seen.${PWD##*/}"
}

# The hook as git runs it, but for a status that git keeps to itself.
run_hook() {
	local hook

	hook=$(git rev-parse --git-path hooks)/post-rewrite
	[ ! -x "$hook" ] || echo 'old new' | "$hook" rebase
}

# drive: commits in both; every hook of the tool must have done the same, and
# what git printed must be the same.
drive() {
	rm -f seen.ours seen.twin
	next_minute
	in_both commits
	[ "$STATUS" -eq 0 ]
	diff <(plain out.twin) <(plain out.ours)
	diff seen.twin seen.ours
	[ "$(git -C twin rev-parse HEAD)" = "$(git -C ours rev-parse HEAD)" ]
	for STATUS in 3 0; do
		echo "$STATUS" >fail
		in_both run_hook
		rm fail
	done
	diff seen.twin seen.ours
}

# captured: has a transition been queued since it was last asked?
captured() {
	local before=$COUNT

	COUNT=$(query "SELECT count(*) FROM queue
		WHERE event_type = 'WPStatusChanged'" 2>/dev/null || echo 0)
	[ "$COUNT" -gt "$before" ]
}

# snapshot <twin>: the folders that hooks are run from.
snapshot() {
	(
		cd "$1" || exit
		git config --local core.hooksPath || echo none
		for dir in .git/hooks .husky; do
			[ -d "$dir" ] || continue
			find "$dir" -printf '%p %y %m %l\n' | sort
			find "$dir" -type f -print0 | sort -z |
				xargs -0r sha256sum
		done
	)
}

# is_over_lfs: git-lfs refuses to touch a hook of ours.
is_over_lfs() {
	[ "$TOOL" = git-lfs ] && [ -e ours/.git/hooks/post-commit ] &&
		! grep -q '^git lfs' ours/.git/hooks/post-commit
}

# refused_by_lfs: as it refuses any hook that it did not write, with the text of
# that hook, which has to be one. --force is its advice.
refused_by_lfs() {
	rm -f out.ours
	in_twin ours git lfs install --local
	[ "$STATUS" -eq 2 ]
	grep -q '^Hook already exists: p' out.ours
	run -1 env LC_ALL=C grep -n '[^[:print:][:space:]]' out.ours
}

# play <step>...: what is done, and what must hold then.
play() {
	local step

	twins
	for step; do
		echo "step: $step"
		"step_${step//-/_}"
		[ "$PROGRAMS" = "$(programs_as_they_are)" ]
	done
}

# A hook of the user's own was there before everything.
step_mine() {
	local twin event

	DONE+=/mine
	for twin in ours twin; do
		for event in post-commit post-rewrite; do
			printf '#!/bin/sh\n../job mine %s "$@"\n' "$event" \
				>"$twin/.git/hooks/$event"
			chmod +x "$twin/.git/hooks/$event"
		done
	done
}
step_install() {
	if is_over_lfs; then
		refused_by_lfs
		in_the_twin tool_install
	else
		in_both tool_install
	fi
	[ "$STATUS" -eq 0 ] || [ "$TOOL" = git-lfs ]
}
step_force() {
	in_both git lfs update --force
	[ "$STATUS" -eq 0 ]
}
step_uninstall() {
	in_both tool_uninstall
	[ "$STATUS" -eq 0 ]
}
# lefthook installs again by itself when its configuration has changed.
step_edit() {
	DONE+=/edit
	echo '# changed' | tee -a ours/lefthook.yml >>twin/lefthook.yml
}
step_setup() {
	run -0 git -C ours sk-setup
	run -0 git -C ours sk-setup --check
}
step_remove() {
	run -0 git -C ours sk-setup --remove
	run -1 git -C ours config --local --get-regexp '^sk\.'
}
step_works() {
	drive
	captured
}
# ... or the user is told what to do about it
step_works_or_tells() {
	drive
	captured && return
	run -1 git -C ours sk-setup --check
	[[ $output == *"git sk-setup"* ]]
}
step_same() {
	diff <(snapshot twin) <(snapshot ours)
}
# The twins would not be twins if the tool did nothing in them.
step_seen() {
	cat seen.twin
	[ "$TOOL" = git-lfs ] || grep -q '^post-commit' seen.twin
	case $TOOL in
	husky | lefthook)
		grep -q '^post-merge 0' seen.twin
		grep -A 1 '^post-rewrite amend' seen.twin |
			grep -qE '^[0-9a-f]{40} [0-9a-f]{40}$'
		;;
	simple-git-hooks)
		grep -A 1 '^post-rewrite amend' seen.twin |
			grep -qE '^[0-9a-f]{40} [0-9a-f]{40}$'
		;;
	prek | pre-commit) grep -q '^post-rewrite amend' seen.twin ;;
	git-lfs) [ "$(grep -c 'a.bin 444' seen.twin)" = 2 ] ;;
	esac
}

# configure_other: the tool is used here, and not for our events.
configure_other() {
	case $TOOL in
	husky)
		configure
		rm .husky/*
		echo true >.husky/pre-commit
		;;
	lefthook)
		printf 'pre-commit:\n  jobs:\n    - run: "true"\n' >lefthook.yml
		;;
	pre-commit | prek) echo 'repos:' >.pre-commit-config.yaml ;;
	simple-git-hooks)
		printf '{"name": "x", "simple-git-hooks": {\n%s\n}}\n' \
			'"pre-commit": "true"' >package.json
		echo node_modules >.gitignore
		ln -s "${NODE_BIN%/.bin}" node_modules
		;;
	esac
}

# put <where> <line>: into the file that <where> names, at the place it names.
put() {
	local file word number above

	IFS=\' read -r _ file _ word _ above _ <<<"$1"
	case $1 in
	*"', below 'jobs:' of '"* | *"', below 'p"*) # the end of these lines
		number=$(grep -n "^${above:-$word}" "$file" | cut -d : -f 1)
		[ -z "$above" ] ||
			number=$(awk -v n="$number" 'NR > n && /^  jobs:/ {
				print NR; exit }' "$file")
		number=$(awk -v n="$number" -v to="$((${#above} ? 3 : 2))" '
			NR > n && substr($0, 1, to) !~ /^ +$/ {
				print NR - 1; exit }
			END { print NR }' "$file" | head -n 1)
		sed -i "${number}r /dev/stdin" "$file" <<<"$2"
		;;
	*"', at the end of '"*) # a text in JSON
		LINE=$2 perl -pi -e \
			's/("'"$word"'": ".*)("[,}]*)$/$1$ENV{LINE}$2/' "$file"
		;;
	*" below 'simple-git-hooks':")
		sed -i "/simple-git-hooks/r /dev/stdin" "$file" <<<"$2"
		;;
	*) printf '%s\n' "$2" >>"$file" ;;
	esac
}

# by_hand: do what 'git sk-setup --manual' says, to the letter.
by_hand() {
	local where='' line command

	run -0 --separate-stderr git sk-setup --manual
	printf '%s\n' "$output"
	while IFS= read -r line; do
		case $line in
		"In '"*) where=$line ;;
		'    '*) put "$where" "${line#    }" ;;
		"Then run '"*)
			command=${line#*\'}
			command=${command%%\'*}
			[ "$TOOL" != prek ] || command=${command/pre-commit/prek}
			# shellcheck disable=SC2086
			with_node $command
			;;
		esac
	done <<<"$output"
}

# configure_all: the tool runs something of its own for each of our events.
configure_all() {
	configure
	case $TOOL in
	husky) echo "../job pre-commit" >.husky/pre-commit ;;
	lefthook)
		# a list in the middle, and the older way without one
		printf '%s\n' 'pre-commit:' '  commands:' '    theirs:' \
			'      run: ../job pre-commit' \
			"$(cat lefthook.yml)" >lefthook.yml
		;;
	pre-commit | prek)
		# a list as deep as what is advised
		sed -i '1s/]$/, pre-commit]/; s/^  //' \
			.pre-commit-config.yaml
		printf '%s\n' '    - id: pre-commit' '      name: job' \
			'      language: system' \
			'      entry: ../job pre-commit' \
			'      always_run: true' '      stages: [commit]' \
			'      pass_filenames: false' >>.pre-commit-config.yaml
		;;
	simple-git-hooks)
		sed -i 's/^"post-commit"/"pre-commit": "..\/job pre-commit",\n&/' \
			package.json
		echo node_modules >.gitignore
		ln -s "${NODE_BIN%/.bin}" node_modules
		;;
	esac
}

# play_beside: the same where each event has something to run, and a lane.
play_beside() {
	write_job
	git init -q ours
	cd ours || return 1
	configure_all
	[ "$TOOL" = pre-commit ] || [ "$TOOL" = prek ] || tool_install
	mission 001-a
	git branch kitty/mission-001-a-lane-a
	by_hand
	run -0 git sk-setup --check
	git add .
	git commit -q -m lines
	COUNT=0
	rm -f ../seen.ours
	event 001-a WP01 null planned
	GIT_SK_SKIP=post-merge,post-rewrite git commit -q -a -m planned
	captured
	[ "$(sort -u ../seen.ours | xargs)" = 'post-commit pre-commit' ]
	unhooked checkout -q kitty/mission-001-a-lane-a
	unhooked checkout -q main -- .
	echo more >kitty-specs/001-a/more
	git add .
	git config sk.guard block
	run -1 git commit -q -m astray
	[[ $output == *"error: pre-commit hook: "*"'kitty-specs/001-a/more'"* ]]
	# theirs refuses, too, and first where there is an order
	git config sk.guard off
	echo 1 >../fail
	run -1 git commit -q -m theirs
	rm ../fail
	git commit -q -m both
	# nothing is to be added twice
	run -0 git sk-setup --manual
	[[ ${lines[0]} == 'All lines are there already.' ]]
	[[ $output != *git-sk* ]]
}

# play_by_hand: the lines capture, each by itself, and hurt nobody who has no
# git-sk.
play_by_hand() {
	git init -q ours
	cd ours || return 1
	configure_other
	[ "$TOOL" = pre-commit ] || [ "$TOOL" = prek ] || tool_install
	by_hand
	run -0 git sk-setup --check
	git add .
	git commit -q -m lines
	COUNT=0
	mission 001-a
	event 001-a WP01 null planned
	GIT_SK_SKIP=post-merge,post-rewrite git commit -q -a -m planned
	captured
	event 001-a WP01 planned claimed
	unhooked commit -q -a -m claimed
	GIT_SK_SKIP=post-merge,post-commit git commit -q --amend -m amended
	captured
	GIT_SK_SKIP=post-checkout git checkout -q -b side
	event 001-a WP01 claimed for_review
	unhooked commit -q -a -m review
	GIT_SK_SKIP=post-checkout git checkout -q main
	GIT_SK_SKIP=post-rewrite,post-commit git merge -q side
	captured
	event 001-a WP01 for_review done
	unhooked commit -q -a -m done
	git checkout -q side
	captured
	run -0 env PATH="${PATH//"$BUILD/bin:"/}" \
		git commit -q --allow-empty -m 'from a colleague'
	printf '%s\n' "$output"
	[[ $output != *git-sk*[Ff]ailed* && $output != *"not found"* ]]
	run -0 git sk-setup --remove
	run -0 git status --porcelain
	[ -z "$output" ]
}
