#!/usr/bin/env bats
# Clones that have not everything: what they lack is noted, and looked at when
# it has come.

load helper

setup() {
	sk_setup
	git config --global sk.projectUuid 11111111-2222-4333-8444-555555555555
	git config --global protocol.file.allow always
	git config --global uploadpack.allowFilter true
	git config --global uploadpack.allowAnySHA1InWant true
	git init -q up
	cd up || return 1
	mission 001-a
	for i in 1 2 3; do
		event 001-a "WP0$i" null planned
		git commit -qam "$i"
	done
}

teardown() {
	sk_teardown
}

# upstream <WP>...: a commit for each, made by somebody else.
upstream() {
	local wp

	for wp; do
		event 001-a "$wp" null planned
		GIT_SK=0 git commit -qam "$wp"
	done
}

# filtered <filter>: a clone of it that leaves out what the filter says.
filtered() {
	git clone -q --filter="$1" "file://$PWD" ../clone
	cd ../clone || return 1
}

# lacks: how many objects of its history are not here.
lacks() {
	git rev-list --objects --all --missing=print | grep -c '^?'
}

# all_queued <count>: transitions, by now
all_queued() {
	[ "$(transitions)" = "$1" ]
}

@test "partial: setup fetches what the missions of a blobless clone lack" {
	filtered blob:none
	[ "$(lacks)" -ge 3 ]
	run -0 --separate-stderr git sk-setup
	[ -z "$stderr" ]
	[ "$(lacks)" = 0 ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 3 ]
}

@test "partial: backfill fetches for a treeless clone, too" {
	filtered tree:0
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 3 ]
}
