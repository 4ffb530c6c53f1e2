#!/usr/bin/env bats
# Random missions to be merged: the dry run says ready where the merge succeeds, and
# what is in the way where it does not; it changes nothing, and the merge what it
# said. Some fixed ones; with SK_LONG 500, or as many as
# SK_MERGES says, and one of this second. What failed is named by its number, and
# tests/random/merges.py --seed <number> -v plays it again.

load helper

MERGES=$TOP/tests/random/merges.py

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "mergeproperty: the dry run of a mission is what its merge does" {
	local how=(--count 20 --seconds 40)

	if [ -n "$SK_MERGES$SK_LONG" ]; then
		how=(--count "${SK_MERGES:-500}" --jobs "$(nproc)")
	fi
	TMPDIR=$BATS_TEST_TMPDIR run "$MERGES" "${how[@]}"
	echo "# ${lines[-1]}" >&3
	echo "$output"
	[ "$status" = 0 ]
}

@test "mergeproperty: nor does it differ for a mission that nobody has seen before" {
	[ -n "$SK_MERGES$SK_LONG" ] || skip "new ones with SK_LONG alone"
	TMPDIR=$BATS_TEST_TMPDIR run "$MERGES" --first "$(date +%s)" --count 1
	echo "$output"
	[ "$status" = 0 ]
}

@test "mergeproperty: a fault that is planted is found" {
	local count=6

	[ -z "$SK_LONG" ] || count=0
	TMPDIR=$BATS_TEST_TMPDIR run "$MERGES" --faults "$count"
	echo "# ${lines[-1]}" >&3
	echo "$output"
	[ "$status" = 0 ]
}
