#!/usr/bin/env bats
# A transition of a work package file has an id made of what it is and of its
# author's time: commits that are made again keep it, or not.

load helper

setup() {
	sk_setup
	enter_repo
	git commit -q --allow-empty -m before
	git sk-setup -q
}

teardown() {
	sk_teardown
}

# lane <lane>: WP09 of a mission without a log stands in it, uncommitted.
lane() {
	mkdir -p kitty-specs/002-b/tasks
	printf -- '---\nwork_package_id: WP09\nlane: %s\n---\n' "$1" \
		>kitty-specs/002-b/tasks/WP09.md
	git add kitty-specs
}

@test "rewritten: what is made again with its author's time is one event" {
	lane planned
	git commit -q -m planned
	lane doing
	git commit -q -m doing
	[ "$(queued)" = 'WP09 WP09' ]
	git commit -q --amend -m 'said otherwise'
	git -c user.email=other@example.com commit -q --amend \
		--author 'Other <other@example.com>' --no-edit
	git rebase -q -f HEAD~
	git switch -q -c picked HEAD~
	git commit -q --allow-empty -m base
	git cherry-pick main >../said
	git switch -q main
	[ "$(queued)" = 'WP09 WP09' ]
}

@test "rewritten: what is made again with a time of its own is two" {
	lane planned
	git commit -q -m planned
	lane doing
	GIT_AUTHOR_DATE='2021-01-01 00:00:00 +0000' git commit -q -m doing
	git commit -q --amend --no-edit --date '2020-01-01 00:00:00 +0000'
	[ "$(queued)" = 'WP09 WP09 WP09' ]
	git rebase -q -f --ignore-date HEAD~
	[ "$(queued)" = 'WP09 WP09 WP09 WP09' ]
	# the same time, but to another lane
	lane for_review
	git commit -q --amend --no-edit
	[ "$(query "SELECT group_concat(lane, ' ') FROM (SELECT
		json_extract(data, '\$.payload.to_lane') AS lane FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id)")" = \
		'planned doing doing doing for_review' ]
}
