#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Build, try, test or install git-sk on Debian 12, packages included. Each
# command it runs is printed first; it can be run again at any time.

set -eu

usage() {
	cat <<'END'
usage: ./install.sh [--demo] [--check] [--prefix <dir>] [--uninstall]
   or: ./install.sh --deps [build|demo|check|lint|bench|coexist]...

    --demo           build, and show the whole way of a mission to the server
    --check          build, and run all tests
    --prefix <dir>   where to install, or what to uninstall from; /usr/local
                     when there is no other option
    --uninstall      remove what was installed
    --deps           install the Debian packages that building (or the tasks
                     named) needs, and no more; coexist: hook managers from
                     npm too, into build/coexist
    -h, --help       this text

Without options: build and install. Packages that are missing are installed
with apt-get, as root or by sudo, and so are the programs where the prefix is
not yours to write to; nothing else needs root.
END
}

build='gcc make pkg-config libc6-dev libgit2-dev libsqlite3-dev
	libcurl4-openssl-dev libcjson-dev zlib1g-dev libyaml-dev libmd-dev
	libmicrohttpd-dev libcrypt-dev git ca-certificates'
demo='curl jq'
check='bats sqlite3 curl jq openssl strace python3 faketime bash-completion zsh
	fish'
lint='clang-14 clang-format-14 clang-tidy-14 shellcheck mandoc'
bench='python3 git-lfs'
coexist='git-lfs pre-commit'

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

warn() {
	printf 'install.sh: warning: %s\n' "$1" >&2
}

is_root() {
	[ "$(id -u)" -eq 0 ]
}

has() {
	command -v "$1" >/dev/null
}

# as_root <command>...
as_root() {
	if is_root; then
		run env DEBIAN_FRONTEND=noninteractive "$@"
	elif has sudo; then
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
	if ! has dpkg-query; then
		warn "this is not Debian; you need: $*"
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
		coexist)
			list="$list $coexist"
			has node || list="$list nodejs"
			has npm || list="$list npm"
			want_npm=1
			;;
		*) bad_usage "no packages are known for '$task'" ;;
		esac
	done
	# shellcheck disable=SC2086
	packages $list
	[ -z "$want_npm" ] || hook_managers
}

# Exactly the versions that package.json names; no script of theirs is run.
hook_managers() {
	mkdir -p build/coexist
	cp tests/coexist/package.json build/coexist
	run npm --prefix build/coexist install --ignore-scripts \
		--no-package-lock --no-audit --no-fund
}

# The prefix as a path from /. A shell leaves the tilde of --prefix=~/x to us.
absolute() {
	# shellcheck disable=SC2088 # a tilde that was not expanded is meant
	case $1 in
	/*) printf '%s\n' "$1" ;;
	'~') printf '%s\n' "$HOME" ;;
	'~/'*) printf '%s\n' "$HOME/${1#??}" ;;
	'~'*) die "cannot tell whose home '$1' is: use a path from /" ;;
	*) printf '%s\n' "$PWD/$1" ;;
	esac
}

# A prefix that cannot be written to is better known before the build. Sets
# by_sudo when sudo is what it takes.
can_write() {
	dir=$1
	while [ ! -e "$dir" ]; do
		dir=$(dirname "$dir")
	done
	[ ! -w "$dir" ] || return 0
	if ! is_root && has sudo; then
		by_sudo=1
		return
	fi
	die "cannot write to '$dir': run this as root, or with --prefix \
\$HOME/.local"
}

# make_prefix <target>: install into the prefix or uninstall from it.
make_prefix() {
	set -- make "$1" "PREFIX=$prefix"
	if [ -n "$by_sudo" ]; then # which keeps no variables
		run sudo "$@" ${BUILD:+"BUILD=$BUILD"}
	else
		run "$@"
	fi
}

# What the user does next.
say_next() {
	echo
	echo "git-sk is installed in $prefix."
	case :$PATH: in
	*:"$prefix/bin":*) ;;
	*)
		warn "'$prefix/bin' is not on your PATH"
		printf 'hint: add this line to ~/.profile, and type it here: %s\n' \
			"export PATH=\"$prefix/bin:\$PATH\"" >&2
		;;
	esac
	echo 'Next: cd <your repository> && git sk-setup'
}

# farewell <bin folder>: what a person should know whose git-sk there is about
# to be removed. Says nothing where none is; never fails.
farewell() {
	program=$1/git-sk-setup
	[ -x "$program" ] || return 0
	# by sudo it is still the repositories of the person who typed it
	set -- "$program" --list
	if is_root && [ -n "${SUDO_USER-}" ]; then
		set -- sudo -u "$SUDO_USER" -H "$@"
	fi
	if ! list=$("$@" </dev/null 2>/dev/null); then
		echo 'Which repositories of yours git-sk is set up in cannot be told.'
	elif [ -n "$list" ]; then
		echo 'git-sk is set up in these repositories of yours:'
		printf '%s\n' "$list" | sed 's/^/  /'
	else
		return 0
	fi
	cat <<'END'
Without git-sk they work on: the hooks that were there run as before, and
nothing is captured until git-sk is installed again. To take its files out, run
'git sk-setup --remove' in each, before git-sk is uninstalled.
END
}

want_demo=
want_check=
want_uninstall=
want_npm=
by_sudo=
prefix=
top=$(CDPATH="" cd "$(dirname "$0")" && pwd)
case ${1-} in
--deps)
	shift
	cd "$top"
	deps "$@"
	exit
	;;
--farewell) # for 'make uninstall'
	farewell "$2"
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
[ -z "$prefix" ] || prefix=$(absolute "$prefix")

# make is told to forget the flags of a make that may have called us
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$top"
jobs=$(getconf _NPROCESSORS_ONLN)
[ -z "$prefix$want_uninstall" ] || can_write "${prefix:=/usr/local}"

if [ -n "$want_uninstall" ]; then
	packages make
	make_prefix uninstall
	exit
fi
deps build ${want_demo:+demo} ${want_check:+check}
run make -j "$jobs"
[ -z "$want_check" ] || run make -j "$jobs" check
[ -z "$want_demo" ] || run make demo
if [ -n "$prefix" ]; then
	make_prefix install
	say_next
fi
