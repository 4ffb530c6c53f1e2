#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Build, try, test or install git-sk on Debian 12, packages included. Each
# command it runs is printed first; it can be run again at any time.

set -eu

usage() {
	cat <<'END'
usage: ./install.sh [--demo] [--check] [--prefix <dir>] [--uninstall]
   or: ./install.sh --deps [build|demo|check|lint|bench]...

    --demo           build, and show the whole way from a commit to a server
    --check          build, and run all tests
    --prefix <dir>   where to install, or what to uninstall from; /usr/local
                     when there is no other option
    --uninstall      remove what was installed
    --deps           install the Debian packages that building (or the tasks
                     named) needs, and no more
    -h, --help       this text

Without options: build and install. Packages that are missing are installed
with apt-get, as root or by sudo; nothing else needs root, unless the prefix
does.
END
}

build='gcc make pkg-config libc6-dev libgit2-dev libsqlite3-dev
	libcurl4-openssl-dev libcjson-dev zlib1g-dev libyaml-dev libmd-dev
	libmicrohttpd-dev libcrypt-dev git ca-certificates'
demo='curl jq'
check='bats sqlite3 curl jq openssl strace python3 faketime'
lint='clang-14 clang-format-14 clang-tidy-14 shellcheck mandoc'
bench='python3 git-lfs'

die() {
	printf 'install.sh: error: %s\n' "$1" >&2
	exit 128
}

bad_usage() {
	printf 'install.sh: error: %s\n' "$1" >&2
	usage >&2
	exit 129
}

run() {
	printf '+ %s\n' "$*"
	"$@"
}

# as_root <command>...
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		run env DEBIAN_FRONTEND=noninteractive "$@"
	elif command -v sudo >/dev/null; then
		run sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		die "neither root nor sudo; run this as root: $*"
	fi
}

missing() {
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" \
			2>/dev/null | grep -qx installed ||
			printf '%s ' "$package"
	done
}

# packages <package>...: have them installed.
packages() {
	if ! command -v dpkg-query >/dev/null; then
		echo "install.sh: warning: this is not Debian; you need:" "$@" >&2
		return
	fi
	wanted=$(missing "$@")
	[ -n "$wanted" ] || return 0
	as_root apt-get -q update
	# shellcheck disable=SC2086 # one word a package
	as_root apt-get -q -o DPkg::Lock::Timeout=120 install -y \
		--no-install-recommends $wanted
}

# deps <task>...: the packages for building, and for these tasks.
deps() {
	list=$build
	for task in "$@"; do
		case $task in
		build) ;;
		demo) list="$list $demo" ;;
		check) list="$list $check" ;;
		lint) list="$list $lint" ;;
		bench) list="$list $bench" ;;
		*) bad_usage "no packages are known for '$task'" ;;
		esac
	done
	# shellcheck disable=SC2086
	packages $list
}

# A prefix that cannot be written to is better known before the build.
can_write() {
	dir=$1
	while [ ! -e "$dir" ]; do
		dir=$(dirname "$dir")
	done
	[ -w "$dir" ] || die "cannot write to '$dir': run this as root, or with \
--prefix \$HOME/.local"
}

want_demo=
want_check=
want_uninstall=
prefix=
case ${1-} in
--deps)
	shift
	deps "$@"
	exit
	;;
*) ;;
esac
[ $# -gt 0 ] || prefix=/usr/local
while [ $# -gt 0 ]; do
	case $1 in
	--demo) want_demo=1 ;;
	--check) want_check=1 ;;
	--uninstall) want_uninstall=1 ;;
	--prefix=*) prefix=${1#*=} ;;
	--prefix)
		[ $# -gt 1 ] || bad_usage "option '--prefix' needs a value"
		prefix=$2
		shift
		;;
	-h | --help)
		usage
		exit
		;;
	*) bad_usage "unknown option '$1'" ;;
	esac
	shift
done
[ -z "$want_uninstall" ] || [ -z "$want_demo$want_check" ] ||
	bad_usage "option '--uninstall' goes with '--prefix' alone"
case $prefix in
'' | /*) ;;
*) prefix=$PWD/$prefix ;;
esac

# make is told to forget the flags of a make that may have called us
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$(dirname "$0")"
jobs=$(getconf _NPROCESSORS_ONLN)
[ -z "$prefix$want_uninstall" ] || can_write "${prefix:=/usr/local}"

if [ -n "$want_uninstall" ]; then
	packages make
	run make uninstall "PREFIX=$prefix"
	exit
fi
deps build ${want_demo:+demo} ${want_check:+check}
run make -j "$jobs"
[ -z "$want_check" ] || run make -j "$jobs" check
[ -z "$want_demo" ] || run make demo
[ -z "$prefix" ] || run make install "PREFIX=$prefix"
