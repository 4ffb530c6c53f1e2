#!/usr/bin/env bats
# git sk-mission create: a new mission, committed where it belongs.

load helper
load moments
load fault
load planning

setup() {
	planning_setup
}

teardown() {
	sk_teardown
}

# log_lines: the log of MISSION as main has it.
log_lines() {
	git show "main:$DIR/status.events.jsonl"
}

# missions [<begin>]: how many folders there are that begin so.
missions() {
	compgen -G "kitty-specs/${1-}*" | wc -l
}

@test "create: its files are written, and committed in one commit" {
	run -0 --separate-stderr git sk-mission create login-page
	[ -z "$stderr" ]
	MISSION=$(ls kitty-specs)
	DIR=kitty-specs/$MISSION
	[[ $MISSION =~ ^login-page-[0-9A-HJKMNP-TV-Z]{8}$ ]]
	[[ $output == "Mission $MISSION created on main."* ]]
	[ "$(git log -1 --format=%s)" = "Add meta for feature $MISSION" ]
	[ "$(git show --format= --name-only | xargs)" = "$(echo "$DIR"/{meta.json,spec.md,status.events.jsonl,tasks/.gitkeep,tasks/README.md})" ]
	[ -z "$(git status --porcelain)" ]
	[ -d "$DIR/checklists" ]
	[ -d "$DIR/research" ]
	[ ! -s "$DIR/tasks/.gitkeep" ]
	jq -e --arg m "$MISSION" '.slug == $m and .mission_slug == $m and
		.mission_number == null and .target_branch == "main" and
		.friendly_name == "login page" and
		.mission_type == "software-dev" and
		(.mission_id | length == 26) and
		($m | endswith(.[-8:]))' "$DIR/meta.json"
	[ "$(jq -S . "$DIR/meta.json")" = "$(cat "$DIR/meta.json")" ]
	git sk-mission template spec-template.md | cmp - "$DIR/spec.md"
}

@test "create: its old name does the same" {
	run -0 git sk-mission create-feature login-page
	[[ $output == "Mission login-page-"*" created on main."* ]]
}

@test "create: the log begins with the rows that spec-kitty writes" {
	SPEC_KITTY_AGENT=claude begin login
	[ "$(log_lines | jq -r .event_type | xargs)" = \
		'MissionCreated SpecifyStarted' ]
	# sorted, spaced and escaped as Python does it, nulls and all
	python3 - "$DIR/status.events.jsonl" <<-'PY'
		import json, sys
		for line in open(sys.argv[1], encoding="ascii"):
		    row = json.loads(line)
		    assert json.dumps(row, sort_keys=True) + "\n" == line
		    assert sorted(row) == ["aggregate_id", "aggregate_type",
		        "event_id", "event_type", "payload", "project_slug",
		        "project_uuid", "schema_version", "timestamp"], row
		    assert row["schema_version"] == "5.0.0"
		    assert row["timestamp"].endswith("+00:00")
	PY
	log_lines | jq -es --arg m "$MISSION" '.[0].payload as $p |
		.[0].aggregate_id == $m and $p.mission_slug == $m and
		$p.wp_count == 0 and ($p.created_at | endswith("Z")) and
		($p | has("mission_number")) and
		.[1].payload.actor == "claude"'
	run -0 git sk-eventlog check "$DIR/status.events.jsonl"
	[ "$(git sk-mission list --json | jq -r .missions[0].mission_slug)" = \
		"$MISSION" ]
}

@test "create: a branch strategy is the one that asks nothing" {
	run -129 --separate-stderr git sk-mission create x --branch-strategy ask
	[[ $stderr == *"a branch strategy is 'already-confirmed', not 'ask'"* ]]
	[ ! -e kitty-specs ]
}

@test "create: what is said of it is in meta.json, and in the document" {
	run -0 --separate-stderr git sk-mission create 042-login --json \
		--friendly-name 'Log in' --purpose-tldr 'Let them in' \
		--purpose-context $'Because\nthey asked' --pr-bound \
		--branch-strategy already-confirmed --mission-type research
	jq -e '.schema_version == 1 and .result == "success" and
		.mission_number == null and .friendly_name == "Log in" and
		.purpose_tldr == "Let them in" and
		.purpose_context == "Because\nthey asked" and
		.mission_type == "research" and
		.write_mode == "update_existing_files" and
		(.created_files | length == 5) and
		.origin_binding == {attempted: false, succeeded: false,
			error: null} and
		.current_branch == "main" and .TARGET_BRANCH == "main" and
		.branch_matches_target and .branch_context.matches_target and
		.runtime_vars.now_utc_iso == .NOW_UTC_ISO' <<<"$output"
	DIR=$(jq -r .feature_dir <<<"$output")
	[[ ${DIR##*/} == login-* ]] # the number is not part of it
	cat "$(jq -r .spec_file <<<"$output")" >/dev/null
	jq -e '.pr_bound and .purpose_tldr == "Let them in"' "$DIR/meta.json"
	[ "$(jq -r .commit_hash <<<"$output")" = "$(git rev-parse HEAD)" ]
}

@test "create: all that is wrong is told at once, and nothing is written" {
	run -1 --separate-stderr git sk-mission create Bad--name \
		--mission-type ../x --purpose-tldr $'a\nb' --friendly-name ' ' \
		--target-branch nowhere
	[ "${#lines[@]}" = 5 ]
	[[ $output == *"'Bad--name' is no name"* ]]
	[[ $output == *"'../x' is no type"* ]]
	[[ $output == *"no branch 'nowhere'"* ]]
	[ "${#stderr_lines[@]}" = 1 ]
	run -1 --separate-stderr git sk-mission create Bad--name --json \
		--target-branch nowhere
	jq -e '.schema_version == 1 and .error and (.errors | length == 2) and
		.slug == ["Bad--name"] and .target_branch == ["nowhere"]' \
		<<<"$output"
	[ ! -e kitty-specs ]
	[ "$(git rev-list --count HEAD)" = 1 ]
	run -129 git sk-mission create
	run -129 git sk-mission create a b
	run -129 git sk-mission create a --frob
	cd ..
	run -128 --separate-stderr git sk-mission create a --json
	jq -e .error <<<"$output"
}

@test "create: a full disk for its answer is a failure" {
	run -128 bash -c 'git sk-mission create full-disk >/dev/full'
	[[ $output == *'No space left'* ]]
}

@test "create: not in a lane's worktree, nor for the branch of a mission" {
	begin first
	git branch "kitty/mission-$MISSION-lane-a"
	git worktree add -q ".worktrees/$MISSION-lane-a" \
		"kitty/mission-$MISSION-lane-a"
	run -1 git sk-mission create second \
		--target-branch "kitty/mission-$MISSION-lane-a"
	[[ $output == *'is the branch of a mission'* ]]
	cd ".worktrees/$MISSION-lane-a"
	run -1 git sk-mission create second
	[[ $output == *'worktree for the work of a mission'* ]]
	run -1 compgen -G 'kitty-specs/second*'
}

@test "create: from a folder below, a linked worktree, an unborn branch" {
	mkdir -p a/b && cd a/b
	begin below
	cd ../..
	[ -e "$DIR/meta.json" ]
	git worktree add -q ../tree -b topic
	cd ../tree
	begin there
	[ -e "$DIR/meta.json" ]
	[ "$(jq -r .target_branch "$DIR/meta.json")" = topic ]
	[ "$(git log -1 --format=%s topic)" = "Add meta for feature $MISSION" ]
	# the branch of another worktree is written there
	begin main-again --target-branch main
	[ ! -e "$DIR" ]
	[ -e "../repo/$DIR/spec.md" ]
	[ -z "$(git -C ../repo status --porcelain)" ]
	git init -q ../unborn
	cd ../unborn
	begin first
	[ "$(git rev-list --count main)" = 1 ]
	[ -z "$(git status --porcelain)" ]
}

@test "create: a branch that a remote alone has is told to be made of it" {
	git clone -q -o up . ../clone
	git branch release
	cd ../clone
	git fetch -q
	run -1 --separate-stderr git sk-mission create a --target-branch release
	[[ $output == *"branch 'release' is not in this clone yet: run 'git branch release up/release'" ]]
	git branch -q release up/release
	begin a --target-branch release
}

@test "create: a detached HEAD needs the name of a branch" {
	git checkout -q --detach
	run -1 git sk-mission create a
	[[ $output == *'HEAD is detached'*'--target-branch'* ]]
	begin a --target-branch main
	[ ! -e kitty-specs ]
	run -0 git sk-mission create b --target-branch main
	[ "${lines[1]}" = 'Check out main, which is checked out nowhere.' ]
	[ "$(git show "main:$DIR/meta.json" | jq -r .target_branch)" = main ]
	git cat-file -e "main:$DIR/tasks/README.md"
}

@test "create: in a bare repository it is a commit alone" {
	git clone -q --bare . ../bare
	cd ../bare
	run -0 --separate-stderr git sk-mission create a --json
	DIR=$(jq -r .feature_dir <<<"$output")
	[ "$(jq .is_checked_out <<<"$output")" = false ]
	git cat-file -e "main:$DIR/spec.md"
	git init -q --bare ../void
	cd ../void
	run -1 git sk-mission create a
	[[ $output == *'has no commit yet'* ]]
}

@test "create: in a repository of sha256" {
	git init -q --object-format=sha256 ../wide
	cd ../wide
	begin a
	begin b
	[ "$(git rev-list --count HEAD)" = 2 ]
	[ -z "$(git status --porcelain)" ]
}

@test "create: what the user has staged and edited stays as it is" {
	echo 1 >staged && echo 1 >edited && git add edited
	git commit -qm base
	echo 2 >edited
	git add staged
	begin a
	[ "$(git status --porcelain | xargs)" = 'M edited A staged' ]
	git log -1 --format= --name-only >files
	run -1 grep -v "^$DIR/" files
}

@test "create: a template of the team's is what spec.md is made from" {
	mkdir -p .kittify/overrides/templates
	echo '# Ours' >.kittify/overrides/templates/spec-template.md
	begin a
	[ "$(cat "$DIR/spec.md")" = '# Ours' ]
}

@test "create: two of one name within a second are two missions" {
	begin same
	local first=$MISSION

	begin same
	[ "$first" != "$MISSION" ]
	[ "$(missions)" = 2 ]
	[ "$(git sk-mission list --json | jq '.missions | length')" = 2 ]
	# the ends are handles, too
	begin other
	[ "$(printf '%s\n' kitty-specs/* | sed 's/.*-//' | sort -u |
		wc -l)" = 3 ]
	run -0 git sk-mission show "${MISSION##*-}"
}

@test "create: three at once are three missions, a commit each" {
	local pids=() name

	for name in one two three; do
		git sk-mission create "$name" >/dev/null &
		pids+=("$!")
	done
	for name in "${pids[@]}"; do
		wait "$name"
	done
	[ "$(git rev-list --count HEAD)" = 4 ]
	[ "$(missions)" = 3 ]
	[ -z "$(git status --porcelain)" ]
	for name in kitty-specs/*; do
		[ "$(git log --format=%s -- "$name" | wc -l)" = 1 ]
	done
}

@test "create: a commit that a hook refuses is made by the next run" {
	printf '#!/bin/sh\necho "not today" >&2\nexit 1\n' \
		>.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr git sk-mission create a
	[[ $stderr == *'is written, but not committed'*'not today'* ]]
	[[ $stderr == *'hint: mend that, and run the same command again' ]]
	[ "$(git rev-list --count HEAD)" = 1 ]
	MISSION=$(ls kitty-specs)
	echo '# mine' >"kitty-specs/$MISSION/spec.md"
	rm .git/hooks/pre-commit
	run -0 --separate-stderr git sk-mission create a --friendly-name A
	[ "$(ls kitty-specs)" = "$MISSION" ]
	[ -z "$(git status --porcelain)" ]
	# what was filled in meanwhile stays, what is said now counts
	[ "$(git show "HEAD:kitty-specs/$MISSION/spec.md")" = '# mine' ]
	[ "$(jq -r .friendly_name "kitty-specs/$MISSION/meta.json")" = A ]
	# it is done: the next is another one
	begin a
	[ "$(missions)" = 2 ]
	# one that was given up is not finished
	cp .git/hooks/pre-commit.sample .git/hooks/pre-commit
	printf '#!/bin/sh\nexit 1\n' >.git/hooks/pre-commit
	run -128 git sk-mission create gone
	rm -r kitty-specs/gone-* .git/hooks/pre-commit
	run -0 --separate-stderr git sk-mission create gone --json
	[ "$(jq .is_resumed <<<"$output")" = false ]
}

@test "create: in the middle of a merge it refuses before it writes" {
	git checkout -q -b side
	git commit -q --allow-empty -m side
	git checkout -q main
	git commit -q --allow-empty -m more
	git merge -q --no-commit --no-ff side
	run -1 git sk-mission create a
	[[ $output == *'a merge is under way'* ]]
	[ ! -e kitty-specs ]
}

@test "create: what cannot be written is a failure, and nothing is committed" {
	local call error

	begin before # so that the lock is there
	for call in mkdir:EROFS fsync:EIO rename:ENOSPC; do
		error=${call#*:}
		# LeakSanitizer cannot work in what is traced
		ASAN_OPTIONS=detect_leaks=0 run -128 --separate-stderr \
			strace -qq -o /dev/null \
			-e trace="${call%:*}" \
			-e inject="${call%:*}:error=$error" \
			"$BUILD/bin/git-sk-mission" create "a-${error,,}" --json
		jq -es 'length == 1 and .[0].error' <<<"$output"
		[[ $stderr == *error:*cannot* ]]
		[ "$(git rev-list --count HEAD)" = 2 ]
		begin "a-${error,,}"
		[ "$(missions "a-${error,,}-")" = 1 ]
		git reset -q --hard HEAD~
	done
	rm -r kitty-specs && echo >kitty-specs
	run -128 --separate-stderr git sk-mission create b
	[[ $stderr == *'cannot create'*'Not a directory'* ]]
}

# is_created: mission m is there, or another run makes it so; undone behind it.
is_created() {
	# killed when it had only to tell, it is done
	if [ "$(git rev-list --count HEAD)" = 1 ] ||
		compgen -G '.git/sk-create-*' >/dev/null; then
		git sk-mission create m
	fi
	MISSION=$(cd kitty-specs && echo m-*)
	DIR=kitty-specs/$MISSION
	[ -d "$DIR" ] # there is one alone
	[ -z "$(git status --porcelain)" ]
	[ "$(rows MissionCreated)" = 1 ]
	[ "$(rows SpecifyStarted)" = 1 ]
	[ "$(git rev-list --count HEAD)" = 2 ]
	run -1 compgen -G '.git/sk-create-*'
	git reset -q --hard root
	rm -rf kitty-specs
}

@test "create: killed at each write, the next run finishes that one mission" {
	git tag root
	git config core.fsync none
	killed_at is_created mkdir openat write rename unlink sendto -- \
		git-sk-mission create m
	[ "$KILLS" -ge 12 ]
}

@test "create: the identity boundary refuses before anything is written" {
	git sk-setup >/dev/null
	start_fault ok
	stranger
	run -2 --separate-stderr git sk-mission create a
	[ -z "$output" ]
	[[ $stderr == *'Sync boundary refused'* ]]
	[ ! -e kitty-specs ]
	[ "$(git rev-list --count HEAD)" = 1 ]
	run -2 --separate-stderr git sk-mission create a --json
	jq -e '.schema_version == 1 and .error' <<<"$output"
	[ ! -e kitty-specs ]
}

@test "create: its events are sent, by a commit of a branch elsewhere too" {
	git sk-setup >/dev/null
	start_ingestd
	log_in
	run -0 --separate-stderr git sk-mission create a --json
	[ -z "$stderr" ]
	[ "$(server_query "SELECT count(*) FROM events
		WHERE event_type = 'MissionStarted'")" = 1 ]
	git branch release
	run -0 --separate-stderr git sk-mission create b --json \
		--target-branch release
	[ -z "$stderr" ]
	[ "$(server_query "SELECT count(*) FROM events
		WHERE event_type = 'MissionStarted'")" = 2 ]
}

@test "create: without a setup, and with GIT_SK=0, it works and queues nothing" {
	begin a
	git sk-setup >/dev/null
	GIT_SK=0 begin b
	[ "$(git rev-list --count HEAD)" = 3 ]
}
