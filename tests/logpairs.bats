#!/usr/bin/env bats
# Versions of the event logs of a real history, merged by git with our driver:
# some pairs of them, with SK_LONG every one. What failed is named by its blobs.

load helper
load logmerge

DATA=$TOP/../shared/data

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "logpairs: versions of real logs merge the same both ways, none lost" {
	local count=60

	[ -e "$DATA/history.bundle" ] || skip "no ../shared/data here"
	[ -z "$SK_LONG" ] || count=0
	git clone -q -b main "$DATA/history.bundle" repo
	cd repo
	driver
	run python3 "$TOP/tests/random/logpairs.py" "$count" "$(date +%j)"
	echo "${lines[-1]}" >&3
	echo "$output"
	[ "$status" = 0 ]
}
