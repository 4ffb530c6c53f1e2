#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a hook is linked to decides how long a commit takes; prints TAP.
# BUILD names the build folder (default: build).

set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
count=0
failed=0

# never <program> <library>...: one test for each library.
never() {
	program=$1
	shift
	needed=$(readelf -d "$program")
	for library in "$@"; do
		count=$((count + 1))
		ok=ok
		case $needed in
		*"[$library"*)
			ok='not ok'
			failed=1
			;;
		esac
		echo "$ok $count - links: ${program##*/} does not need $library"
	done
}

for source in hooks/*.c; do
	name=${source##*/}
	name=${name%.c}
	case $name in
	post-*) never "$build/hooks/$name" libcurl libgit2 libsqlite3 ;;
	pre-push | pre-merge-commit)
		never "$build/hooks/$name" libcurl libgit2 libsqlite3
		;;
	pre-*) never "$build/hooks/$name" libcurl libgit2 libsqlite3 libz ;;
	commitguard) never "$build/hooks/$name" libcurl libgit2 libsqlite3 ;;
	*) never "$build/hooks/$name" libcurl libgit2 ;;
	esac
done
echo "1..$count"
exit "$failed"
