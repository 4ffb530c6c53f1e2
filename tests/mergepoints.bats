#!/usr/bin/env bats
# Points of a real history, merged in the object database both ways round and by
# git with our driver: some, with SK_LONG many. What failed is named by its commits.

load helper
load mergetree

DATA=$TOP/../shared/data

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "mergepoints: points of a real history merge alike, no event lost" {
	local count=12

	[ -e "$DATA/history.bundle" ] || skip "no ../shared/data here"
	[ -z "$SK_LONG" ] || count=400
	git clone -q -b main "$DATA/history.bundle" repo
	cd repo
	run python3 "$TOP/tests/random/mergepoints.py" "$TOOL" "$count" \
		"$(date +%j)"
	echo "${lines[-1]}" >&3
	echo "$output"
	[ "$status" = 0 ]
}
