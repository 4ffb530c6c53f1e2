#!/usr/bin/env bats
# Hooks by configuration. Git 2.54 runs them; with an older one, what setup
# writes, reads and says is tested all the same, and what it takes to run them
# is skipped.

load helper

setup() {
	sk_setup
	enter_repo
	rm -f .git/hooks/*.sample
	GIT=$(command -v git)
}

teardown() {
	sk_teardown
}

needs_config_hooks() {
	has_config_hooks || skip "git 2.54 or newer is needed"
}

# say_version <number>: the git in use says it were that one, and is itself in
# all else. Not below git itself, which puts its own folder in front of PATH.
say_version() {
	mkdir -p ../says
	cat >../says/git <<-SH
		#!/bin/sh
		[ "\$1" != --version ] || { echo "git version $1"; exit; }
		exec '$GIT' "\$@"
	SH
	chmod +x ../says/git
	PATH=$(cd .. && pwd)/says:$PATH
}

# keys: what is configured here of hooks of ours.
keys() {
	git config --local --get-regexp '^hook\.sk-' | sort
}

@test "config: setup writes command and event of each, and files beside them" {
	say_version 2.54.0
	run -0 --separate-stderr git-sk-setup
	[[ ${lines[0]} == "Hooks are in place in $PWD/.git/hooks: "* ]]
	[[ ${lines[1]} == "Hooks are in place by configuration, in $PWD/.git/config: post-commit, post-merge, post-rewrite, post-checkout, pre-merge-commit, pre-push." ]]
	[ "$(keys)" = "hook.sk-post-checkout.command [ ! -x '$BUILD/hooks/post-checkout' ] || '$BUILD/hooks/post-checkout'
hook.sk-post-checkout.event post-checkout
hook.sk-post-commit.command [ ! -x '$BUILD/hooks/post-commit' ] || '$BUILD/hooks/post-commit'
hook.sk-post-commit.event post-commit
hook.sk-post-merge.command [ ! -x '$BUILD/hooks/post-merge' ] || '$BUILD/hooks/post-merge'
hook.sk-post-merge.event post-merge
hook.sk-post-rewrite.command [ ! -x '$BUILD/hooks/post-rewrite' ] || '$BUILD/hooks/post-rewrite'
hook.sk-post-rewrite.event post-rewrite
hook.sk-pre-merge-commit.command [ ! -x '$BUILD/hooks/pre-merge-commit' ] || '$BUILD/hooks/pre-merge-commit'
hook.sk-pre-merge-commit.event pre-merge-commit
hook.sk-pre-push.command [ ! -x '$BUILD/hooks/pre-push' ] || '$BUILD/hooks/pre-push'
hook.sk-pre-push.event pre-push" ]
	run -0 git-sk-setup --check
	[[ $output == *"post-commit      in place, as a file and by configuration"* ]]
	captures WP01
}

@test "config: what can refuse is run once, also where it was a file before" {
	say_version 2.54.0
	mission 001-a
	git branch kitty/mission-001-a-lane-a
	run -0 --separate-stderr git-sk-setup
	[[ ${lines[0]} == *": post-commit, post-merge, post-rewrite, post-checkout." ]]
	[[ ${lines[1]} == *": post-commit, post-merge, post-rewrite, post-checkout, pre-commit, pre-merge-commit, pre-push." ]]
	[ "$(keys | grep sk-pre-commit)" = "hook.sk-pre-commit.command [ ! -x '$BUILD/hooks/pre-commit' ] || '$BUILD/hooks/pre-commit'
hook.sk-pre-commit.event pre-commit" ]
	run -0 git-sk-setup --check
	[[ $output == *"pre-commit       in place, by configuration"* ]]
	[ ! -e .git/hooks/pre-commit ]
	printf '#!/bin/sh\necho mine\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	say_version 2.53.9
	git-sk-setup -q
	[ "$(find .git/hooks -name 'pre-commit*' | wc -l)" = 2 ]
	say_version 2.54.0
	git-sk-setup -q
	[ "$(find .git/hooks -name 'pre-commit*')" = .git/hooks/pre-commit ]
	[ "$(.git/hooks/pre-commit)" = mine ]
	# the last lane goes: what is installed stays, and is kept up
	git branch -q -D kitty/mission-001-a-lane-a
	git config hook.sk-pre-commit.command /elsewhere/pre-commit
	run -1 git-sk-setup --check
	git-sk-setup -q
	[[ $(git config hook.sk-pre-commit.command) == *"'$BUILD/hooks/pre-commit'" ]]
	git-sk-setup -q --remove
	[ -z "$(keys)" ]
}

@test "config: an older git gets files alone, and --files always does" {
	say_version 2.53.9
	git-sk-setup -q
	[ -z "$(keys)" ]
	[ -x .git/hooks/post-commit ]
	git-sk-setup --remove -q
	say_version 3.0
	git-sk-setup -q --files
	[ -z "$(keys)" ]
	run -0 git-sk-setup --check
	[[ $output == *"post-commit      in place"* ]]
	[[ $output != *configuration* ]]
}

@test "config: removal takes both keys of each out, and nothing else" {
	local before

	git config hook.theirs.command true
	git config hook.theirs.event pre-push
	before=$(cat .git/config)
	say_version 2.54.0
	git-sk-setup -q
	run -0 git-sk-setup --remove
	[[ $output == *"Removed the hooks by configuration."* ]]
	[ "$before" = "$(cat .git/config)" ]
	# also by an older git that came back
	git-sk-setup -q
	say_version 2.39.5
	git-sk-setup --remove -q
	[ "$before" = "$(cat .git/config)" ]
}

@test "config: twice is the same as once" {
	local before

	say_version 2.54.0
	git-sk-setup -q
	git config hook.sk-post-merge.enabled true
	before=$(cat .git/config)
	git-sk-setup -q
	[ "$before" = "$(cat .git/config)" ]
}

@test "config: a folder that others own is no obstacle" {
	say_version 2.54.0
	mkdir .githooks
	touch .githooks/post-commit
	git add .githooks
	git config core.hooksPath .githooks
	run -0 git-sk-setup
	[[ $output == *"No files: git tracks the files in '$PWD/.githooks'."* ]]
	[ "$(ls .githooks)" = post-commit ]
	run -0 git-sk-setup --check
	[[ $output == *"post-commit      in place, by configuration"* ]]
	! has_config_hooks || captures WP01
	git config core.hooksPath /dev/null
	run -0 git-sk-setup --check
	! has_config_hooks || captures WP02
}

@test "config: a git on PATH that would not run them is named" {
	mkdir ../old
	printf '#!/bin/sh\necho git version 2.40.1\n' >../old/git
	chmod +x ../old/git
	say_version 2.54.0
	git config core.hooksPath /dev/null
	git-sk-setup -q
	PATH=$PATH:$(cd .. && pwd)/old
	run -0 git-sk-setup --check
	[[ $output == *"git 2."*" at '/"*"/git' runs no hooks by configuration: what it commits is captured later."* ]]
	git config --unset core.hooksPath
	git-sk-setup -q
	run -0 git-sk-setup --check
	[[ $output != *"runs no hooks"* ]]
}

@test "config: what is switched off, or another's, is not called in place" {
	say_version 2.54.0
	git config core.hooksPath /dev/null
	git-sk-setup -q
	git config hook.sk-post-merge.enabled false
	git config hook.post-rewrite.enabled no
	run -1 git-sk-setup --check
	[[ $output == *"post-commit      in place"*"post-merge       missing"*"(hook.sk-post-merge.enabled or hook.post-merge.enabled is false)"*"post-rewrite     missing"* ]]
	git config --unset hook.sk-post-merge.enabled
	git config --unset hook.post-rewrite.enabled
	git config hook.sk-post-commit.command true
	run -1 git-sk-setup --check
	[[ $output == *"(hook.sk-post-commit.command is of another git-sk)"* ]]
	git config --unset hook.sk-post-merge.event
	run -1 git-sk-setup --check
	git-sk-setup -q
	run -0 git-sk-setup --check
}

@test "config: while another git writes the file nothing is changed" {
	say_version 2.54.0
	touch .git/config.lock
	run -128 --separate-stderr git-sk-setup --worktree
	[[ $stderr == *"could not lock config file"* ]]
	[ -z "$(keys)" ]
	rm .git/config.lock
	git-sk-setup -q --worktree
	[ "$(keys | wc -l)" = 12 ]
}

@test "config: killed at any moment, no event is without its command" {
	local i

	say_version 2.54.0
	git-sk-setup -q --files
	for i in $(seq 2 30); do
		ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null \
			-e trace=openat,rename,unlink,write \
			-e inject=openat,rename,unlink,write:signal=KILL:when="$i" \
			git-sk-setup -q 2>/dev/null || true
		rm -f .git/config.lock
		[ "$(keys | grep -c '\.event ')" = \
			"$(keys | grep -c '\.command ')" ]
	done
	git-sk-setup -q
	[ "$(keys | wc -l)" = 12 ]
}

@test "config: removal takes them out of every scope of the repository" {
	say_version 2.54.0
	git config extensions.worktreeConfig true
	git-sk-setup -q
	git-sk-setup -q --worktree
	git-sk-setup --remove -q
	[ -z "$(keys)" ]
	run -1 git config --worktree --get-regexp '^hook\.'
}

@test "config: what --files and --manual were asked for is advised again" {
	say_version 2.54.0
	git-sk-setup -q --files
	rm .git/hooks/post-merge
	run -1 git-sk-setup --check
	[[ $output == *"Run 'git sk-setup --files' to put them in place." ]]
	git-sk-setup -q --manual
	run -1 git-sk-setup --check
	[[ $output == *"Run 'git sk-setup --manual' to put them in place." ]]
	git-sk-setup -q
	[ -z "$(git config sk.hooks)" ]
	rm .git/hooks/post-merge
	git config --remove-section hook.sk-post-merge
	run -1 git-sk-setup --check
	[[ $output == *"Run 'git sk-setup' to put them in place." ]]
}

@test "config: --worktree needs a configuration of its own beside others" {
	say_version 2.54.0
	git commit -q --allow-empty -m start
	git worktree add -q ../tree
	run -128 --separate-stderr git-sk-setup --worktree
	[[ $stderr == *"have one configuration"*"hint: run 'git config extensions.worktreeConfig true'"* ]]
	git config extensions.worktreeConfig true
	git-sk-setup -q --worktree
	[ -z "$(ls .git/hooks)" ]
	[ -z "$(keys)" ]
	run -0 git-sk-setup --check
	run -1 env -C ../tree git-sk-setup --check
	git-sk-setup --remove -q
	run -1 git config --worktree --get-regexp '^hook\.'
}

@test "config: --global needs such a git, and no repository" {
	cd ..
	say_version 2.53.0
	run -128 --separate-stderr git-sk-setup --global
	[[ $stderr == *"hooks for all repositories need git 2.54, this is 2.53"*"hint: run 'git sk-setup' in each repository"* ]]
	run -1 git-sk-setup --global --check
	say_version 2.54.1
	run -0 git-sk-setup --global --dry-run
	[ "$output" = "change hook.sk-* in '$GIT_CONFIG_GLOBAL'" ]
	run -1 git-sk-setup --global --check
	before=$(cat "$GIT_CONFIG_GLOBAL")
	git-sk-setup --global
	run -0 git-sk-setup --global --check
	[[ $(git config --global hook.sk-post-commit.command) == *"|| GIT_SK_SCOPE=global '"* ]]
	run -0 git-sk-setup --list
	[ "$output" = "All repositories of this account that hold kitty-specs (git sk-setup --global)." ]
	# a pre-commit would be one of every repository, lanes or none; where
	# it is installed already it is kept up
	run -1 git config --global --get-regexp '^hook.sk-pre-commit'
	git config --global hook.sk-pre-commit.command /elsewhere/pre-commit
	git config --global hook.sk-pre-commit.event pre-commit
	git-sk-setup --global
	[[ $(git config --global hook.sk-pre-commit.command) == *"'$BUILD/hooks/pre-commit'" ]]
	run -0 git-sk-setup --global --remove
	[ "$before" = "$(cat "$GIT_CONFIG_GLOBAL")" ]
	run -0 git-sk-setup --global --remove
	[[ ${lines[0]} == "Hooks for all repositories were not in place." ]]
}

@test "config: a link to the global file stays a link" {
	say_version 2.54.0
	mv "$GIT_CONFIG_GLOBAL" ../dotfile
	ln -s "$PWD/../dotfile" "$GIT_CONFIG_GLOBAL"
	chmod 640 ../dotfile
	git-sk-setup --global
	[ -L "$GIT_CONFIG_GLOBAL" ]
	grep -q sk-post-commit ../dotfile
	[ "$(stat -c %a ../dotfile)" = 640 ]
}

# wake_as_global <event>: what the hook by configuration does, with any git.
wake_as_global() {
	GIT_SK_SCOPE=global "$BUILD/hooks/$1"
}

@test "config: a repository registers itself at its first commit, and says so" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam before
	git branch other
	event 001-a WP02 null planned
	git commit -qam first
	for event in post-merge post-rewrite post-checkout; do
		run -0 --separate-stderr wake_as_global "$event"
		[ -z "$output$stderr$(git config --local sk.clone)" ]
	done
	run -0 --separate-stderr wake_as_global post-commit
	[ "$stderr" = "git-sk: lane transitions of this repository are queued from this commit on; 'git sk-setup --remove' ends that" ]
	[ "$(transitions)" = 1 ]
	[ "$(git-sk-setup --list)" = "$PWD" ]
	# what was there before on other branches is not news, what comes is
	git switch -q other
	git commit -q --allow-empty -m other
	run -0 --separate-stderr wake_as_global post-commit
	[ -z "$stderr" ]
	[ "$(transitions)" = 1 ]
	event 001-a WP03 null planned
	git commit -qam more
	wake_as_global post-commit
	[ "$(transitions)" = 2 ]
}

@test "config: a merge that is the first commit brings no history" {
	mission 001-a
	git switch -qc side
	event 001-a WP01 null planned
	git commit -qam side
	git switch -q main
	git merge -q --no-ff --no-commit side
	event 001-a WP02 null planned
	git add -A
	git commit -qm merged
	git branch -qD side
	wake_as_global post-commit 2>../said
	[ "$(transitions)" = 1 ]
	[ "$(query "SELECT count(*) FROM queue WHERE data LIKE '%WP02%'")" = 1 ]
}

@test "config: the very first commit of a repository counts" {
	mkdir -p kitty-specs/001-a/tasks
	printf -- '---\nwork_package_id: WP01\nlane: planned\n---\n' \
		>kitty-specs/001-a/tasks/WP01.md
	git add .
	git commit -qm first
	wake_as_global post-commit 2>../said
	[ "$(transitions)" = 1 ]
}

@test "config: repositories without missions are left alone, at no cost" {
	git commit -q --allow-empty -m one
	GIT_SK_TRACE=$PWD/../trace run -0 --separate-stderr \
		wake_as_global post-commit
	[ -z "$output$stderr$(git config --local sk.clone)" ]
	[ ! -e ../trace ]
	[ ! -e .git/sk-stamp ]
	[ ! -e "$GIT_SK_HOME" ]
}

# work <WP>: a commit that touches a mission, seen by the global hook.
work() {
	event 001-a "$1" null planned
	git commit -qam "$1"
	wake_as_global post-commit
}

# asks_first <file>: the git in use answers what is configured as it was, but not
# before the file is there, and says with <file>.asked that it was asked.
asks_first() {
	mkdir ../slow
	cat >../slow/git <<-SH
		#!/bin/sh
		[ "\$1 \$2" = 'config -z' ] || exec '$GIT' "\$@"
		said=\$('$GIT' "\$@" | tr '\\0' '\\1')
		: >'$1.asked'
		until [ -e '$1' ]; do sleep 0.01; done
		printf %s "\$said" | tr '\\1' '\\0'
	SH
	chmod +x ../slow/git
}

# two_worktrees: each with a first commit that no hook has seen.
two_worktrees() {
	mission 001-a
	git branch lane
	git worktree add -q ../tree lane
	event 001-a WP01 null planned
	git commit -qam here
	(cd ../tree && event 001-a WP02 null planned \
		01KE9999999999999999999999 &&
		git commit -qam there)
}

# both_count: the commits of both are queued, of one clone.
both_count() {
	[ "$(query 'SELECT DISTINCT clone FROM sk_cursor')" = \
		"$(git config --local --get-all sk.clone)" ]
	[ "$(query "SELECT json_extract(data, '$.payload.wp_id') FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY 1" |
		xargs)" = 'WP01 WP02' ]
	baseline_is_filled
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 1 ]
}

baseline_is_filled() {
	wait_for eval '[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE '\''baseline/%'\''")" = 0 ]'
}

@test "config: of two first commits at once both count, in one clone" {
	two_worktrees
	go=$(cd .. && pwd)/go
	asks_first "$go"
	(cd ../tree && PATH=${go%/*}/slow:$PATH wake_as_global post-commit) \
		2>../said 3>&- &
	SK_OTHERS+=("$!")
	wait_for test -e "$go.asked"
	run -0 --separate-stderr wake_as_global post-commit
	[[ $stderr == "git-sk: lane transitions"* ]]
	: >"$go"
	wait "${SK_OTHERS[-1]}"
	[ ! -s ../said ]
	both_count
}

@test "config: also where the second is behind what the first calls history" {
	two_worktrees
	wake_as_global post-commit 2>../said
	baseline_is_filled
	cd ../tree
	run -0 --separate-stderr wake_as_global post-commit
	[ -z "$stderr" ]
	both_count
}

@test "config: sk.allow and sk.capture decide who registers" {
	mission 001-a
	git config --global --add sk.allow 'git@example.com:*'
	git config --global --add sk.allow 'https://example.com/team/*'
	work WP01
	git remote add origin https://example.org/team/x
	work WP02
	[ -z "$(git config --local sk.clone)" ]
	git remote add up https://example.com/team/x
	git config sk.capture false
	work WP03
	[ -z "$(git config --local sk.clone)" ]
	git config sk.capture sometimes
	work WP04 2>../said
	[[ $(cat ../said) == "warning: post-commit hook: "*"sk.capture"* ]]
	git config --unset sk.capture
	work WP05 2>../said
	[ -n "$(git config --local sk.clone)" ]
	[ "$(transitions)" = 1 ]
}

@test "config: one that does not register is looked at once, and no more" {
	mission 001-a
	git config sk.capture false
	wake_as_global post-commit
	echo x >file
	git add file
	git commit -qm other
	ASAN_OPTIONS=detect_leaks=0 GIT_SK_SCOPE=global strace -f -qq \
		-e trace=execve -o ../calls "$BUILD/hooks/post-commit"
	[ "$(grep -c execve ../calls)" = 1 ]
	git sk-setup --remove >../said
	[ -z "$(find .git -name sk-stamp)" ]
}

@test "config: one that was taken out is not registered again" {
	say_version 2.54.0
	mission 001-a
	git-sk-setup --global >../said
	wake_as_global post-commit 2>../said
	run -0 git-sk-setup --check
	run -0 git-sk-setup --remove
	[[ $output == *"The hooks for all repositories leave this one alone from now on (sk.capture = false)."* ]]
	event 001-a WP01 null planned
	git commit -qam work
	run -0 --separate-stderr wake_as_global post-commit
	[ -z "$stderr$(git config --local sk.clone)" ]
	[ "$(transitions)" = 0 ]
	git-sk-setup -q
	[ -z "$(git config --local sk.capture)" ]
}

@test "config: git 2.54 runs them, in any folder, with or without the program" {
	needs_config_hooks
	git config core.hooksPath /dev/null
	mkdir ../prefix
	cp -r "$BUILD/bin" "$BUILD/hooks" ../prefix
	../prefix/bin/git-sk-setup -q
	captures WP01
	git switch -qc side
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam side
	git switch -q main
	run -0 --separate-stderr git merge -q --ff-only side
	[ -z "$output$stderr" ]
	[ "$(transitions)" = 2 ]
	git init -q --bare ../up.git
	rm -r ../prefix
	run -0 --separate-stderr git commit -q --allow-empty -m gone
	[ -z "$output$stderr" ]
	run -0 git push -q ../up.git main
}

@test "config: beside a hook file that fails, and one that is husky's" {
	needs_config_hooks
	git config core.hooksPath .husky/_
	mkdir -p .husky/_
	printf '#!/bin/sh\necho theirs >>../ran\nexit 3\n' >.husky/_/post-commit
	chmod +x .husky/_/post-commit
	git-sk-setup -q
	# husky writes its own anew
	printf '#!/bin/sh\necho theirs >>../ran\nexit 3\n' >.husky/_/post-commit
	rm -f .husky/_/post-commit.sk-orig
	captures WP01
	[ "$(wc -l <../ran)" = 2 ]
	run -0 git-sk-setup --check
	[[ $output == *"post-commit      in place, by configuration"* ]]
}

@test "config: --global for real: one line at the first commit, then silence" {
	needs_config_hooks
	git-sk-setup --global >../said
	git commit -q --allow-empty -m none
	[ -z "$(git config --local sk.clone)" ]
	run -0 --separate-stderr mission 001-a
	[[ $stderr == "git-sk: lane transitions of this repository are queued"* ]]
	captures WP01 2>../said
	[ ! -s ../said ]
	git -c hook.sk-post-commit.enabled=false commit -q --allow-empty -m off
	# set up by hand as well: once is enough
	git-sk-setup -q
	GIT_SK_TRACE=$PWD/../trace captures WP02
	[ "$(grep -c ' walk: ' ../trace)" = 1 ]
}
