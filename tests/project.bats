#!/usr/bin/env bats
# One project for one clone: settled once, and nobody but a person changes it.

load helper

A=11111111-1111-4111-8111-111111111111
B=22222222-2222-4222-8222-222222222222
DERIVED='derived from the first commit'
DECLARED="declared in '.kittify/config.yaml'"

setup() {
	sk_setup
	enter_repo
	git commit -q --allow-empty -m root
}

teardown() {
	sk_teardown
}

# declare <uuid> [<slug>]: in the work tree.
declare_project() {
	mkdir -p .kittify
	printf 'project:\n  uuid: %s\n' "$1" >.kittify/config.yaml
	[ -z "${2:-}" ] || printf '  slug: %s\n' "$2" >>.kittify/config.yaml
}

# lane <WP> <lane>: by front matter, so that the id is made of the project's;
# committed, ten seconds after the one before.
lane() {
	local dir=kitty-specs/007-f/tasks

	CLOCK=$((${CLOCK:-1770000000} + 10))
	mkdir -p "$dir"
	printf -- '---\nwork_package_id: %s\nlane: %s\n---\n' "$1" "$2" \
		>"$dir/$1.md"
	git add kitty-specs
	GIT_AUTHOR_DATE="$CLOCK +0000" git commit -qm "$1 $2"
}

# projects: uuid and slug of each project, and how many transitions of it wait.
projects() {
	sqlite3 -separator ' ' "$(queue_file)" "
		SELECT json_extract(data, '\$.project_uuid') AS uuid,
		json_extract(data, '\$.project_slug') AS slug, count(*)
		FROM queue WHERE event_type = 'WPStatusChanged'
		GROUP BY uuid, slug ORDER BY min(id)"
}

# derived: the uuid made of the oldest root of HEAD or <rev>.
derived() {
	local hash

	hash=$(printf 'git-sk project %s' \
		"$(git rev-list --max-parents=0 "${1:-HEAD}" | tail -n 1)" |
		sha256sum)
	printf '%s-%s-4%s-%x%s-%s\n' "${hash:0:8}" "${hash:8:4}" \
		"${hash:13:3}" $((0x${hash:16:1} & 3 | 8)) "${hash:17:3}" \
		"${hash:20:12}"
}

# settled: what the configuration says.
settled() {
	echo "$(git config sk.settledUuid)" "$(git config sk.settledBy)" \
		"$(git config sk.settledSlug)"
}

# queues_nothing_more: however far back it walks.
queues_nothing_more() {
	run -0 --separate-stderr git sk-sync backfill HEAD
	[[ $output == 'Queued 0 events '* ]]
}

@test "project: setup settles uuid and slug in the configuration" {
	git sk-setup -q
	[ "$(settled)" = "$(derived) derived repo" ]
	git sk-setup --remove -q
	git remote add origin ssh://host/team/My_Shop.git
	git sk-setup -q
	[ "$(settled)" = "$(derived) derived my-shop" ]
	git sk-setup --remove -q
	for url in /srv/My_Shop.git/ ../my\ shop host:my-shop.git/. my-shop; do
		git remote set-url origin "$url"
		git sk-setup -q
		[ "$(git config sk.settledSlug)" = my-shop ]
		git sk-setup --remove -q
	done
	git config sk.projectUuid $A
	git sk-setup -q
	[ "$(settled)" = "$A set my-shop" ]
	git sk-setup --remove -q
	declare_project $B demo
	git sk-setup -q
	[ "$(settled)" = "$B declared demo" ]
}

@test "project: what is settled is kept, whatever the origin and HEAD say" {
	git sk-setup -q
	want=$(settled)
	git remote add origin ssh://host/other.git
	git checkout -q --orphan fresh
	lane WP01 planned
	[ "$(settled)" = "$want" ]
	[ "$(projects)" = "$(derived main) repo 1" ]
	git sk-setup -q
	[ "$(settled)" = "$want" ]
}

@test "project: --remove forgets it" {
	git sk-setup -q
	declare_project $A
	lane WP01 planned
	[ "$(git config --get-all sk.formerUuid)" = "$(derived)" ]
	git sk-setup --remove -q
	run -1 git config --get-regexp '^sk\.(settled|former|derived)'
}

@test "project: a declared uuid replaces a derived one once, with one line" {
	git sk-setup -q
	lane WP01 planned
	lane WP01 for_review
	lane WP01 in_progress
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam log
	old=$(derived)
	[ "$(projects)" = "$old repo 4" ]
	declare_project $A demo
	# nothing to capture, nothing to say
	run -0 --separate-stderr git commit -q --allow-empty -m nothing
	[ -z "$stderr" ]
	run -0 --separate-stderr lane WP02 planned
	[ "$stderr" = "warning: post-commit hook: the project is now $A, $DECLARED, no longer $old, $DERIVED; nothing is sent twice" ]
	[ "$(projects)" = "$old repo 4
$A demo 1" ]
	[ "$(settled)" = "$A declared demo" ]
	run -0 --separate-stderr lane WP02 claimed
	[ -z "$stderr" ]
	[ "$(projects)" = "$old repo 4
$A demo 2" ]
	[ "$(query 'SELECT DISTINCT project_uuid FROM sk_ledger ORDER BY 1')" = \
		"$(printf '%s\n' "$A" "$old" | sort)" ]
}

@test "project: what a replaced uuid captured is not captured again" {
	git sk-setup -q
	lane WP01 planned
	lane WP01 for_review
	lane WP01 in_progress
	lane WP01 done
	before=$(query 'SELECT count(*) FROM queue')
	declare_project $A
	run -0 --separate-stderr git sk-sync backfill
	[[ $output == 'Queued 0 events '* ]]
	[[ $stderr == "warning: the project is now $A, "* ]]
	# in another queue, after a rebase, and beside another branch
	lane WP02 planned
	git rebase -q --force-rebase --root
	query "DELETE FROM sk_cursor"
	lane WP03 planned
	queues_nothing_more
	[ "$(query 'SELECT count(*) FROM queue')" = $((before + 2)) ]
}

@test "project: what was there before stays so, and can be published once" {
	lane WP01 planned
	lane WP01 claimed
	git sk-setup -q
	lane WP02 planned
	declare_project $A
	lane WP03 planned
	query "DELETE FROM sk_cursor"
	lane WP04 planned
	[ "$(query 'SELECT count(*) FROM queue')" = 3 ]
	run -0 git sk-sync backfill
	[[ $output == 'Queued 2 events '* ]]
	queues_nothing_more
	# a baseline made anew takes nothing back
	git sk-setup -q
	queues_nothing_more
}

@test "project: delivered before, it is asked for under its own uuid" {
	start_ingestd
	git sk-setup -q
	log_in >/dev/null
	lane WP01 planned
	lane WP01 claimed
	old=$(derived)
	git sk-sync now -q
	declare_project $A
	lane WP01 done
	git sk-sync backfill -q
	git sk-sync now -q
	# each event is there once, under the uuid that the ledger names
	[ "$(query "SELECT event_id, project_uuid FROM sk_ledger
		WHERE state = 'delivered' ORDER BY 1")" = \
		"$(server_query 'SELECT event_id, project_uuid FROM events
		ORDER BY event_id')" ]
	[ "$(server_query "SELECT project_uuid, count(*) FROM events
		WHERE event_type = 'WPStatusChanged' GROUP BY 1
		ORDER BY 2 DESC")" = "$old|2
$A|1" ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
}

@test "project: set up again, or cloned again, it captures nothing twice" {
	git sk-setup -q
	lane WP01 planned
	lane WP01 in_progress
	declare_project $A
	git add .kittify
	git commit -qm declared
	lane WP02 planned
	git clone -q . ../clone
	git sk-setup --remove -q
	git sk-setup -q
	queues_nothing_more
	cd ../clone
	git sk-setup -q
	[ "$(settled)" = "$A declared repo" ]
	queues_nothing_more
}

@test "project: a new queue knows the former uuid, too" {
	git sk-setup -q
	lane WP01 planned
	sqlite3 "$(queue_file)" ".backup $BATS_TEST_TMPDIR/kept.db"
	declare_project $A
	lane WP02 planned
	# the ledger of that time comes into use again
	rm -r "$GIT_SK_HOME"/queue*
	cp "$BATS_TEST_TMPDIR/kept.db" "$GIT_SK_HOME/queue.db"
	run -0 git sk-sync backfill
	[[ $output == 'Queued 1 event '* ]]
}

@test "project: a pull brings the declaration, in HEAD or in the work tree" {
	git clone -q . ../clone
	declare_project $A demo
	git add .kittify
	git commit -qm declared
	lane WP01 planned
	cd ../clone
	git sk-setup -q
	run -0 --separate-stderr git pull -q
	[[ $stderr == "warning: post-merge hook: the project is now $A, $DECLARED, no longer "* ]]
	[ "$(projects)" = "$A demo 1" ]
	git sk-setup --remove -q
	rm .kittify/config.yaml
	git sk-setup -q
	[ "$(settled)" = "$A declared demo" ]
}

@test "project: one that is set replaces a derived one, and what was set" {
	git sk-setup -q
	lane WP01 planned
	git config sk.projectUuid $A
	run -0 --separate-stderr lane WP02 planned
	[[ $stderr == *"the project is now $A, set as sk.projectUuid, no longer $(derived), $DERIVED; "* ]]
	git config sk.projectUuid $B
	run -0 --separate-stderr lane WP03 planned
	[[ $stderr == *"is now $B, set as sk.projectUuid, no longer $A, set as sk.projectUuid; "* ]]
	git config sk.projectUuid $A
	run -0 --separate-stderr lane WP04 planned
	[[ $stderr == *"is now $A, "*" no longer $B, "* ]]
	queues_nothing_more
	[ "$(git config --get-all sk.formerUuid)" = "$(derived)
$A
$B" ]
	git config --unset sk.projectUuid
	run -0 --separate-stderr lane WP05 planned
	[ -z "$stderr" ]
	[ "$(settled)" = "$A set repo" ]
	git config sk.projectUuid nonsense
	run -0 --separate-stderr lane WP06 planned
	[ "$stderr" = "warning: post-commit hook: sk.projectUuid is no UUID: 'nonsense'; run 'git config --unset sk.projectUuid', or set it to one" ]
}

@test "project: without an own uuid an unborn clone settles at its first commit" {
	git init -q ../new
	cd ../new
	git sk-setup -q
	[ -z "$(git config sk.settledUuid)" ]
	lane WP01 planned
	[ "$(settled)" = "$(derived) derived new" ]
	want=$(settled)
	git checkout -q --orphan other
	lane WP02 planned
	[ "$(settled)" = "$want" ]
	[ "$(projects)" = "$(derived main) new 3" ]
}

@test "project: older history merged in changes nothing that is settled" {
	git init -q ../old
	(cd ../old && GIT_AUTHOR_DATE='1000000000 +0000' \
		GIT_COMMITTER_DATE='1000000000 +0000' \
		git commit -q --allow-empty -m old)
	git sk-setup -q
	lane WP01 planned
	want=$(settled)
	git fetch -q ../old main
	git merge -q --allow-unrelated-histories -m subtree FETCH_HEAD
	lane WP02 planned
	[ "$(settled)" = "$want" ]
	[ "$(projects)" = "${want% * *} repo 2" ]
	# who is set up after that derives another one
	git clone -q . ../late
	cd ../late
	git sk-setup -q
	[ "$(git config sk.settledUuid)" = \
		"$(git rev-list --max-parents=0 HEAD | while read -r root; do
			git log -1 --format='%ct %H' "$root"
		done | sort -n | head -n 1 | cut -d' ' -f2 | while read -r root; do
			derived "$root"
		done)" ]
	[ "$(git config sk.settledUuid)" != "${want% * *}" ]
}

@test "project: of roots that are equally old the smallest id counts" {
	export GIT_AUTHOR_DATE='1000000000 +0000'
	export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
	for i in 1 2 3 4; do
		git checkout -q --orphan "root-$i"
		git commit -q --allow-empty -m "$i"
	done
	for i in 1 2 3; do
		git merge -q --allow-unrelated-histories -m "$i" "root-$i"
	done
	git sk-setup -q
	[ "$(git config sk.settledUuid)" = "$(derived "$(
		git rev-list --max-parents=0 HEAD | sort | head -n 1)")" ]
	# from the other side, too
	git sk-setup --remove -q
	git checkout -q -b other root-1
	for i in 4 3 2; do
		git merge -q --allow-unrelated-histories -m "$i" "root-$i"
	done
	git sk-setup -q
	[ "$(git config sk.settledUuid)" = "$(derived "$(
		git rev-list --max-parents=0 HEAD | sort | head -n 1)")" ]
}

@test "project: ten worktrees are one project, that of the main one" {
	declare_project $A
	echo .kittify >.git/info/exclude
	git sk-setup -q
	git config --unset sk.settledUuid
	for i in 1 2 3 4 5 6 7 8 9 10; do
		git worktree add -q "../w$i" -b "lane-$i"
		(cd "../w$i" && lane "WP1$i" planned)
	done
	[ "$(projects)" = "$A repo 10" ]
	[ "$(settled)" = "$A declared repo" ]
}

@test "project: a linked worktree's own declaration does not count" {
	git worktree add -q ../tree
	cd ../tree
	declare_project $B tree
	git add .kittify
	git commit -qm declared
	git checkout -q --orphan bare-root
	git commit -q --allow-empty -m 'another root'
	git sk-setup -q
	[ "$(settled)" = "$(derived main) derived repo" ]
	run -0 --separate-stderr lane WP01 planned
	[ -z "$stderr" ]
	[ "$(projects)" = "$(derived main) repo 1" ]
	# on main it does, be it in HEAD alone
	cd ../repo
	GIT_SK=0 git merge -q tree
	rm -r .kittify
	cd ../tree
	run -0 --separate-stderr lane WP02 planned
	[[ $stderr == *"the project is now $B, $DECLARED, no longer "* ]]
	[ "$(settled)" = "$B declared tree" ]
}

@test "project: a bare repository with worktrees has its folder's name" {
	git clone -q --bare . ../shop.git
	git clone -q --bare . ../shop/.bare
	for bare in shop.git shop/.bare; do
		cd "$BATS_TEST_TMPDIR/work/$bare"
		git remote remove origin
		git worktree add -q "../tree-${bare#*.}"
		cd "../tree-${bare#*.}"
		git sk-setup -q
		[ "$(settled)" = "$(derived) derived shop" ]
		declare_project $B tree
		lane WP01 planned
		[ "$(settled)" = "$(derived) derived shop" ]
		git add .kittify
		git commit -qm declared
		git push -q .. HEAD:main 2>/dev/null ||
			git update-ref refs/heads/main HEAD
		lane WP02 planned
		[ "$(settled)" = "$B declared tree" ]
	done
}

@test "project: a submodule's worktrees belong to the submodule" {
	git init -q ../lib
	(cd ../lib && git commit -q --allow-empty -m lib)
	git -c protocol.file.allow=always submodule -q add ../lib sub
	cd sub
	git remote remove origin
	declare_project $A
	git worktree add -q ../../tree -b lane
	cd ../../tree
	git sk-setup -q
	[ "$(settled)" = "$A declared sub" ]
}

@test "project: a shallow clone is told what to set" {
	lane WP01 planned
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	run -128 --separate-stderr git sk-setup
	[[ ${stderr_lines[0]} == *'a shallow clone does not know which project it is' ]]
	[[ ${stderr_lines[1]} == 'hint: '*"'git config sk.projectUuid <uuid>'" ]]
	git config sk.projectUuid $A
	git sk-setup -q
	[ "$(settled)" = "$A set repo" ]
	lane WP02 planned
	[ "$(projects)" = "$A repo 1" ]
}

@test "project: what git-sk 0.1.0 had derived is what is settled" {
	git sk-setup -q
	lane WP01 planned
	git config --unset sk.settledUuid
	git config --unset sk.settledBy
	git config --unset sk.settledSlug
	git config sk.derivedUuid $A
	run -0 --separate-stderr git sk-sync status
	[[ $output == *"Project:        $A, derived "* ]]
	lane WP02 planned
	[ "$(settled)" = "$A derived repo" ]
	run -1 git config sk.derivedUuid
	# what is taken out by hand comes back
	git config --unset sk.settledSlug
	lane WP03 planned
	[ "$(settled)" = "$A derived repo" ]
	git config --unset sk.settledUuid
	lane WP04 planned
	[ "$(settled)" = "$(derived) derived repo" ]
}

@test "project: a configuration that cannot be written stops nothing" {
	git sk-setup -q
	lane WP01 planned
	git config sk.projectUuid $A
	touch .git/config.lock
	run -0 --separate-stderr lane WP02 planned
	[[ $stderr == 'warning: post-commit hook: the project cannot be settled: '*'config'* ]]
	rm .git/config.lock
	run -0 --separate-stderr lane WP03 planned
	[[ $stderr == *"the project is now $A, "* ]]
	[ "$(query 'SELECT count(*) FROM queue')" = 3 ]
	queues_nothing_more
}

# differs: what every command says of A settled and B declared.
differs="warning: '.kittify/config.yaml' declares project $B, and this clone is $A: run 'git sk-setup --project' to change that"

@test "project: one declared uuid never becomes another by itself" {
	declare_project $A one
	git sk-setup -q
	lane WP01 planned
	declare_project $B two
	run -0 --separate-stderr lane WP02 planned
	[ -z "$stderr" ]
	[ "$(projects)" = "$A one 2" ]
	git sk-setup -q 2>/dev/null
	[ "$(settled)" = "$A declared one" ]
	for command in 'sk-sync status' 'sk-sync status --json' \
		'sk-sync backfill' 'sk-sync now' 'sk-auth status' \
		'sk-setup' 'sk-setup --check' 'sk-setup --dry-run' \
		'sk-doctor --offline' 'sk-daemon status'; do
		# shellcheck disable=SC2086
		run --separate-stderr git $command
		echo "$command: $stderr"
		[ "$(grep -cxF "$differs" <<<"$stderr")" = 1 ]
	done
	# a linked worktree is asked about the main one
	git worktree add -q ../tree
	cd ../tree
	run --separate-stderr git sk-sync status
	[ "$stderr" = "$differs" ]
}

@test "project: --project adopts what is declared, --dry-run only says so" {
	declare_project $A one
	git sk-setup -q
	lane WP01 planned
	run -0 --separate-stderr git sk-setup --project
	[ "$output" = "Nothing to change: the project is 'one', $A, $DECLARED." ]
	declare_project $B two
	run -0 --separate-stderr git sk-setup --project --dry-run
	[ "$output" = "change the project to 'two', $B, $DECLARED" ]
	[ "$stderr" = "$differs" ]
	run -0 --separate-stderr git sk-setup --project --dry-run --json
	[ "$(jq -c . <<<"$output")" = "{\"schema_version\":1,\"project\":{\"uuid\":\"$B\",\"slug\":\"two\",\"source\":\"declared\"},\"replaced\":\"$A\",\"changed\":true}" ]
	[ "$(settled)" = "$A declared one" ]
	run -0 --separate-stderr git sk-setup --project
	[ "$output" = "The project is now 'two', $B, $DECLARED.
What was captured as $A is not sent again." ]
	[ -z "$stderr" ]
	[ "$(settled)" = "$B declared two" ]
	queues_nothing_more
	[ -z "$stderr" ]
	lane WP02 planned
	[ "$(projects)" = "$A one 1
$B two 1" ]
	# a slug alone is adopted, too
	declare_project $B three
	git sk-setup --project -q
	[ "$(settled)" = "$B declared three" ]
	run -0 git sk-setup --project --json
	[ "$(jq -c '[.replaced, .changed]' <<<"$output")" = '[null,false]' ]
	# and back again
	declare_project $A one
	git sk-setup --project -q
	lane WP03 planned
	queues_nothing_more
	[ "$(projects)" = "$A one 2
$B two 1" ]
}

@test "project: --project wants a clone that is set up, and a declaration" {
	run -128 --separate-stderr git sk-setup --project
	[[ $stderr == *"this clone is not set up
hint: run 'git sk-setup'" ]]
	git sk-setup -q
	run -128 --separate-stderr git sk-setup --project
	[[ $stderr == *"'.kittify/config.yaml' declares no project.uuid
hint: add it there, or run 'git config sk.projectUuid <uuid>'" ]]
	git config sk.projectUuid $A
	run -0 git sk-setup --project
	[[ $output == "The project is now 'repo', $A, set as sk.projectUuid."* ]]
	declare_project nonsense
	run -128 --separate-stderr git sk-setup --project
	[[ $stderr == *"'.kittify/config.yaml': project.uuid is no UUID" ]]
	for other in --check --remove --list --manual --files --worktree --global; do
		run -129 --separate-stderr git sk-setup --project $other
		[ -z "$output" ]
	done
}

@test "project: one that is set does not make way for one that is declared" {
	git config sk.projectUuid $A
	git sk-setup -q
	declare_project $B
	run -0 --separate-stderr lane WP01 planned
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "$differs" ]
	git sk-setup --project -q
	[ "$(settled)" = "$B declared repo" ]
	# of which sk.projectUuid has no say any more
	run -0 --separate-stderr lane WP02 planned
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
}

@test "project: a declaration that is to be taken over is no difference" {
	git sk-setup -q
	declare_project $A
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-setup
	[[ $stderr == "warning: the project is now $A, "* ]]
	[ "$(settled)" = "$A declared repo" ]
	# nor is another way to write it
	declare_project "${A^^}"
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
}

@test "project: a declaration that cannot be read stops no capture" {
	git sk-setup -q
	for text in 'project: {uuid: x}' 'project: [' '	'; do
		mkdir -p .kittify
		echo "$text" >.kittify/config.yaml
		run -0 --separate-stderr lane "WP0$((++n))" planned
		[ -z "$stderr" ]
		run -0 --separate-stderr git sk-sync status
		[[ $stderr == "warning: '.kittify/config.yaml': "* ]]
	done
	[ "$(projects)" = "$(derived) repo 3" ]
}

@test "project: setup, --check and status show it" {
	run -0 --separate-stderr git sk-setup
	[[ $output == *"No project.uuid is declared in .kittify/config.yaml: it is derived from the first commit."* ]]
	run -0 git sk-setup --check
	[[ $output == *"Project 'repo', $(derived), $DERIVED"* ]]
	run -0 git sk-setup --check --json
	[ "$(jq -c .project <<<"$output")" = "{\"uuid\":\"$(derived)\",\"slug\":\"repo\",\"source\":\"derived\"}" ]
	run -0 git sk-sync status
	[[ $output == *"Project:        'repo', $(derived), $DERIVED"* ]]
	declare_project $A demo
	run -0 --separate-stderr git sk-setup --json
	[ "$(jq -c .project <<<"$output")" = "{\"uuid\":\"$A\",\"slug\":\"demo\",\"source\":\"declared\"}" ]
	run -0 --separate-stderr git sk-setup
	run -1 grep 'No project.uuid' <<<"$output"
	run -0 git sk-sync status --json
	[ "$(jq -c '[.project_uuid, .project_slug]' <<<"$output")" = "[\"$A\",\"demo\"]" ]
	git sk-setup --remove -q
	run -1 git sk-setup --check --json
	[ "$(jq -c .project <<<"$output")" = null ]
	run -0 git sk-sync status
	[[ $output != *Project:* ]]
}
