#!/usr/bin/env bats
# git sk-setup in repositories of every shape, and what it knows of them all.

load helper

setup() {
	sk_setup
	only_files
	enter_repo
	rm -f .git/hooks/*.sample
}

teardown() {
	sk_teardown
}

@test "places: a linked worktree is served, set up from either side" {
	mission 001-a
	git worktree add -q ../tree
	(cd ../tree && git sk-setup -q && git sk-setup --check)
	git sk-setup --check
	captures WP01
	cd ../tree
	event 001-a WP02 null planned
	git commit -qam two
	[ "$(transitions)" = 2 ]
	git sk-setup --remove -q
	[ -z "$(ls ../repo/.git/hooks)" ]
	run -1 git -C ../repo sk-setup --check
	[ -z "$(find ../repo/.git -name sk-stamp)" ]
}

@test "places: a relative hooks folder is each worktree's own, and said so" {
	mission 001-a
	git config core.hooksPath .husky/_
	git sk-setup -q
	git worktree add -q ../tree
	run -0 git sk-setup --check
	cd ../tree
	run -1 git sk-setup --check
	[[ $output == "Hooks in $PWD/.husky/_"*"post-commit      missing"* ]]
	git sk-setup -q
	run -0 git sk-setup --check
}

@test "places: a submodule is a repository of its own" {
	git init -q ../part
	git -C ../part commit -q --allow-empty -m start
	git -c protocol.file.allow=always submodule add -q ../part part
	git commit -qm part
	git sk-setup -q
	cd part
	run -1 git sk-setup --check
	[[ $output == *"This clone is not set up."* ]]
	git sk-setup -q
	[ -x ../.git/modules/part/hooks/post-commit ]
	captures WP01
	[ "$(git config sk.clone)" != "$(git -C .. config sk.clone)" ]
	git sk-setup --remove -q
	git -C .. sk-setup --check
}

@test "places: a bare repository counts once it has worktrees" {
	mission 001-a
	git clone -q --bare . ../bare.git
	cd ../bare.git
	git config user.email tester@example.com
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"this is a bare repository"* ]]
	git worktree add -q ../tree
	git sk-setup -q
	[ -x hooks/post-commit ]
	cd ../tree
	git sk-setup --check
	captures WP01
	git sk-setup --remove -q
	[ ! -e ../bare.git/hooks/post-commit ]
}

@test "places: a git folder that stands apart is served" {
	git init -q --separate-git-dir ../apart.git ../far
	cd ../far
	git sk-setup -q
	[ -x ../apart.git/hooks/post-commit ]
	captures WP01
	git sk-setup --check
}

@test "places: a moved repository runs its own hooks, ours and kept" {
	printf '#!/bin/sh\necho "$0" >>../ran\n' >.git/hooks/post-commit
	chmod +x .git/hooks/post-commit
	printf '#!/usr/bin/perl\nprint STDERR "perl\\n";' >.git/hooks/post-merge
	chmod +x .git/hooks/post-merge
	git sk-setup -q
	captures WP01
	mv ../repo ../moved
	cd ../moved
	rm ../ran
	captures WP02
	[ "$(cat ../ran)" = .git/hooks/post-commit ]
	git sk-setup --check
	git sk-setup --remove -q
	[ "$(ls .git/hooks)" = 'post-commit
post-merge' ]
}

@test "places: a hooks folder that was not there goes again" {
	rm -r .git/hooks
	git sk-setup -q
	captures WP01
	git sk-setup --remove -q
	[ ! -e .git/hooks ]
	git config core.hooksPath "$PWD/../a/b/c"
	git sk-setup -q
	[ -x ../a/b/c/post-commit ]
	git sk-setup --remove -q
	[ ! -e ../a/b/c ]
}

@test "places: .git/config is byte for byte what it was after removal" {
	local before

	before=$(cat .git/config)
	git sk-setup -q
	git config core.hooksPath .h
	git sk-setup -q
	git config --unset core.hooksPath
	git sk-setup -q --manual >../lines
	git sk-setup --remove -q
	[ "$before" = "$(cat .git/config)" ]
}

@test "places: folder names may hold anything" {
	local name

	for name in "it's" 'two  spaces' '$(touch x)' $'new\nline' '-dash' \
		$'\xff'; do
		git init -q "../$name"
		cd "../$name"
		git sk-setup -q
		git sk-setup --check >../check
		captures WP01
		git sk-setup --remove -q
		cd ../repo
	done
}

@test "places: --dry-run says what would be done and changes nothing" {
	local before

	printf '#!/bin/sh\n' >.git/hooks/post-commit
	before=$(listing .git)
	run -0 --separate-stderr git sk-setup --dry-run
	[ -z "$stderr" ]
	[ "$output" = "keep '$PWD/.git/hooks/post-commit' as '$PWD/.git/hooks/post-commit.sk-orig'
write '$PWD/.git/hooks/post-commit'
write '$PWD/.git/hooks/post-merge'
write '$PWD/.git/hooks/post-rewrite'
write '$PWD/.git/hooks/post-checkout'
write '$PWD/.git/hooks/pre-merge-commit'
write '$PWD/.git/hooks/pre-push'
have git show event logs in words
have git merge event logs row by row
register this clone" ]
	[ "$before" = "$(listing .git)" ]
	[ ! -e "$GIT_SK_HOME" ]
	run -0 git sk-setup -n --json
	[ "$(jq '.steps | length' <<<"$output")" = 10 ]
	run -0 git sk-setup -n --manual
	[[ $output == "In the hook 'post-commit'"*"register this clone" ]]
	[ "$before" = "$(listing .git)" ]
	git sk-setup -q
	run -0 git sk-setup -n
	[ "$output" = "nothing: all is as it would be" ]
	before=$(listing .git)
	run -0 git sk-setup --remove --dry-run
	[ "${lines[0]}" = "move '$PWD/.git/hooks/post-commit.sk-orig' to '$PWD/.git/hooks/post-commit'" ]
	[ "${#lines[@]}" = 9 ]
	[ "${lines[6]}" = "have git show event logs as they are" ]
	[ "${lines[7]}" = "have git merge event logs line by line" ]
	[ "${lines[8]}" = "forget this clone" ]
	[ "$before" = "$(listing .git)" ]
}

@test "places: --list shows what this account has set up, and what became of it" {
	run -0 --separate-stderr git sk-setup --list
	[ -z "$output" ]
	[ "$stderr" = "hint: no repository was set up by this account" ]
	git sk-setup -q
	git init -q $'../odd\n\\name'
	(cd $'../odd\n\\name' && git sk-setup -q)
	git init -q ../gone
	(cd ../gone && git sk-setup -q)
	git init -q ../forgot
	(cd ../forgot && git sk-setup -q && git config --unset sk.clone)
	git init -q ../removed
	(cd ../removed && git sk-setup -q && git sk-setup --remove -q)
	rm -r ../gone
	git sk-setup -q
	top=$(cd .. && pwd)
	run -0 git sk-setup --list
	[ "$output" = "$top/repo
$top/odd\\n\\name
$top/gone  (not there any more)
$top/forgot  (not set up any more)" ]
	run -0 git sk-setup --list --json
	[ "$(jq -r '.repositories[1].path' <<<"$output")" = "$top/odd"$'\n\\name' ]
	[ "$(jq -c '[.schema_version, .global, [.repositories[].state]]' \
		<<<"$output")" = '[1,false,["set up","set up","not there any more","not set up any more"]]' ]
	cd /
	run -0 git sk-setup --list
	[ "${#lines[@]}" = 4 ]
}

@test "places: every form has its document" {
	run -0 --separate-stderr git sk-setup --json
	[ "$(jq -c '[.schema_version, .files, .config_file, .manual, .logged_in, .unpublished]' \
		<<<"$output")" = '[1,true,null,null,false,0]' ]
	[ "$(jq -r .hooks_dir <<<"$output")" = "$PWD/.git/hooks" ]
	run -0 git sk-setup --check --json
	[ "$(jq -c '[.ok, .hooks["post-merge"]]' <<<"$output")" = '[true,{"state":"in place","owner":"git-sk","is_reached":true,"runs_kept":false,"note":null}]' ]
	run -0 git sk-setup --manual --json
	[[ $(jq -r .manual <<<"$output") == *'git-sk hook post-rewrite "$@"'* ]]
	run -0 git sk-setup --remove --json
	[ "$(jq -c '[.schema_version, .removed, .config]' <<<"$output")" = \
		'[1,6,false]' ]
	has_config_hooks && return
	run -128 --separate-stderr git sk-setup --worktree --json
	[[ $(jq -r .error <<<"$output") == "hooks by configuration need git 2.54"* ]]
}

@test "places: forms that exclude each other are told so" {
	local options

	for options in '--check --remove' '--list --check' '--manual --list' \
		'--local --global' '--worktree --global' '--global --manual' \
		'--global --files' '--worktree --files'; do
		# shellcheck disable=SC2086 # words
		run -129 --separate-stderr git sk-setup $options
		[[ ${stderr_lines[0]} == "git sk-setup: error: --"* ]]
	done
}

@test "places: lines for a manager go where it reads them" {
	local dir

	touch lefthook.yml
	run -0 git sk-setup --manual
	[[ $output == "In 'lefthook.yml':"*"post-rewrite {0}"*"pre-push {0}"*"use_stdin: true"*"Then run 'lefthook install'."* ]]
	rm lefthook.yml
	mkdir -p .husky/_
	run -0 git sk-setup --manual
	[[ $output == "In '.husky/post-commit':"* ]]
	rm -r .husky
	touch .pre-commit-config.yaml
	run -0 git sk-setup --manual
	[[ $output == "In '.pre-commit-config.yaml'"*'post-rewrite "$PRE_COMMIT_REWRITE_COMMAND"'*'post-checkout "$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"'*'"$PRE_COMMIT_REMOTE_NAME"'*'stages: [push]'*"-t post-checkout -t pre-merge-commit -t pre-push', or "* ]]
	[[ $output != *'-t pre-commit'[!-]* ]]
	printf '#!/bin/sh\nif [ "$SKIP_SIMPLE_GIT_HOOKS" = "1" ]; then\nexit 0\nfi\n' \
		>.git/hooks/post-commit
	run -0 git sk-setup --manual
	[[ $output == "In 'package.json'"* ]]
}

@test "places: lines go beside what a manager runs for an event already" {
	printf '%s\n' '# post-merge:' 'post-commit:' '  jobs:' '  - run: x' \
		'post-merges:' '  jobs: []' 'post-rewrite:' '  commands:' \
		'    a: &a' '      run: x' '    b: *a' >.lefthook.yml
	printf '#!/bin/sh\n: LEFTHOOK\ncall_lefthook run "x"\n' \
		>.git/hooks/post-commit
	run -0 git sk-setup --manual
	[ "$(grep -A 1 '^In ' <<<"$output")" = "In '.lefthook.yml':
    post-merge:
--
In '.lefthook.yml', below 'post-rewrite:':
      jobs:
--
In '.lefthook.yml', below 'jobs:' of 'post-commit:':
        - name: git-sk" ]
	rm .git/hooks/post-commit .lefthook.yml
	echo '{"simple-git-hooks": {"post-merge": "x"}, "post-commit": 1}' \
		>package.json
	run -0 git sk-setup --manual
	[[ ${lines[0]} == "In 'package.json', below 'simple-git-hooks':" ]]
	[[ ${lines[1]} == '    "post-commit": "! '* ]]
	[ "${lines[6]}" = "In 'package.json', at the end of 'post-merge' below 'simple-git-hooks':" ]
	[ "${lines[7]}" = '    \n! command -v git-sk >/dev/null || git-sk hook post-merge \"$@\"' ]
}

@test "places: lines that are there already are not advised again" {
	local event

	mkdir -p .husky/_
	for event in post-commit post-merge post-rewrite pre-merge-commit \
		pre-push; do
		echo "git-sk hook $event" >".husky/$event"
	done
	run -0 git sk-setup --manual
	[[ ${lines[0]} == "In '.husky/post-checkout':" ]]
	[ "$(grep -c 'git-sk hook' <<<"$output")" = 1 ]
	echo "git-sk hook post-checkout" >.husky/post-checkout
	run -0 git sk-setup --manual
	[ "${lines[0]}" = 'All lines are there already.' ]
	mission 001-a
	git branch kitty/mission-001-a-lane-a
	run -0 git sk-setup --manual
	[ "${lines[0]} ${lines[1]}" = "In '.husky/pre-commit':     ! command -v git-sk >/dev/null || git-sk hook pre-commit || exit" ]
	[[ ${lines[2]} != *git-sk\ hook* ]]
	# a hook that git does not run is none
	rm -r .husky
	echo 'git-sk hook post-commit' >.git/hooks/post-commit
	run -0 git sk-setup --manual
	[[ ${lines[0]} == "In the hook 'post-commit', which has to be executable:" ]]
}

@test "places: a line that is a comment, or of another event, is none" {
	local text

	for text in '# git-sk hook post-commit' '  #git-sk hook post-commit' \
		'git-sk hook post-commits' 'git-sk hook post-merge' ''; do
		printf '#!/bin/sh\n%s\n' "$text" >.git/hooks/post-commit
		chmod +x .git/hooks/post-commit
		run -1 git sk-setup --check
		[[ $output == *"post-commit      another program's"* ]]
	done
	for text in 'git-sk hook post-commit' \
		'	true; git-sk hook post-commit "$@"' \
		"sh -c 'git-sk hook post-commit'"; do
		printf '#!/bin/sh\n%s\n' "$text" >.git/hooks/post-commit
		run -1 git sk-setup --check
		[[ $output == *"post-commit      in place, by a line in '$PWD/.git/hooks/post-commit'"* ]]
	done
	chmod -x .git/hooks/post-commit
	run -1 git sk-setup --check
	[[ $output == *"post-commit      another program's"* ]]
}

@test "places: a folder that cannot be written to is a clear error" {
	[ "$(id -u)" -ne 0 ] || skip "root may write there"
	chmod 555 .git/hooks
	run -128 --separate-stderr git sk-setup
	[[ $stderr == *"cannot create '$PWD/.git/hooks/post-commit': Permission denied"* ]]
	[ -z "$(ls .git/hooks)" ]
}

@test "places: a home that cannot be made is said with the reason" {
	run -128 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f \
		-qq -o /dev/null -e trace=mkdir -e inject=mkdir:error=EROFS \
		git-sk-setup
	[ "$stderr" = "git sk-setup: error: cannot create '$GIT_SK_HOME': Read-only file system" ]
	[ -z "$(ls .git/hooks)" ]
	[ -z "$(git config --local --get-regexp '^sk\.')" ]
}

@test "places: a full disk leaves the user's hook in place" {
	printf '#!/bin/sh\necho mine >>../ran\n' >.git/hooks/post-commit
	chmod +x .git/hooks/post-commit
	git sk-setup -q
	clone=$(git config sk.clone)
	git sk-setup --remove -q
	git config sk.clone "$clone" # the queue has nothing to write
	run -128 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f \
		-qq -o /dev/null -e trace=fsync,fdatasync \
		-e inject=fsync,fdatasync:error=ENOSPC git-sk-setup
	[[ $stderr == *"No space left on device"* ]]
	git commit -q --allow-empty -m one
	[ "$(cat ../ran)" = mine ]
	git sk-setup -q
	git sk-setup --check
	git sk-setup --remove -q
	[ "$(ls .git/hooks)" = post-commit ]
}
