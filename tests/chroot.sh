#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Does it work on other Debian releases? See usage() below. Each release has a
# chroot, made once and kept; what is tested is HEAD, with what apt-get and
# ./install.sh put there.
#
# Whatever runs in a chroot has mounts and processes of its own, which the
# kernel takes away with the first of them: nothing stays mounted or running
# here, however this script ends.

set -euo pipefail
export LC_ALL=C.UTF-8

usage() {
	cat <<'END'
usage: tests/chroot.sh [<option>...] [bookworm|trixie|unstable]...

    --dir <folder>    where the chroots are kept, 400 to 900 MB each;
                      ~/.cache/git-sk-chroot when not given
    --mirror <url>    where packages come from; this machine's own mirror when
                      not given
    --expired         accept a mirror whose lists are out of date
    --only <name>     run one bats file or unit test, like 'make check T=<name>'
    --demo            run 'make demo' too
    --run <command>   have a shell run this in the checkout instead of any test
    -h, --help        this text

Run every test in a chroot of each release; trixie and unstable when none is
named. Needs root, and debootstrap for a chroot that is not there yet. JOBS and
TEST_SECONDS of the environment count there too. All output is kept in
<folder>/<release>.log, the results of tests in <folder>/<release>.check. The
end is a line for each release, and below it what failed; exit status 1 when
anything did.
END
}

die() {
	printf 'chroot.sh: error: %s\n' "$1" >&2
	[[ $# -lt 2 ]] || printf 'hint: %s\n' "$2" >&2
	exit 128
}

bad_usage() {
	printf 'chroot.sh: error: %s\n' "$1" >&2
	usage >&2
	exit 129
}

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${XDG_CACHE_HOME:-$HOME/.cache}/git-sk-chroot
mirror=
expired=
only=
demo=
command=
releases=()
failed=0
summaries=
child=       # the process that waits for everything in the chroot
checkout=    # the folder in the chroot that HEAD is in
leftovers=() # what this run takes away again

parse() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--dir | --mirror | --only | --run)
			[[ ${2-} ]] || bad_usage "option '$1' needs a value"
			;;&
		--dir) dir=$2 && shift ;;
		--mirror) mirror=$2 && shift ;;
		--only) only=$2 && shift ;;
		--run) command=$2 && shift ;;
		--expired) expired=1 ;;
		--demo) demo=1 ;;
		-h | --help)
			usage
			exit
			;;
		-*) bad_usage "unknown option '$1'" ;;
		*[!a-z]* | '') bad_usage "'$1' is no name of a release" ;;
		*) releases+=("$1") ;;
		esac
		shift
	done
	[[ ${#releases[@]} -gt 0 ]] || releases=(trixie unstable)
	[[ -z $command || -z $only$demo ]] ||
		bad_usage "option '--run' goes without '--only' and '--demo'"
}

# end_child: with it the kernel ends the first process over there, which is its
# child, and with that one all the others.
end_child() {
	local first=

	[[ $child ]] || return 0
	{ read -r first <"/proc/$child/task/$child/children"; } 2>/dev/null ||
		true
	kill -KILL "$child" 2>/dev/null || true
	wait "$child" 2>/dev/null || true
	while [[ $first && -e /proc/$first ]]; do
		sleep 0.05
	done
	child=
}

clean_up() {
	end_child
	rm -rf "${leftovers[@]}"
	leftovers=()
}

# find_mirror: of this machine's sources, the first that holds Debian itself.
find_mirror() {
	# shellcheck disable=SC2016 # words of apt-get
	apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
		'Created-By: Packages' 'Origin: Debian' |
		awk '/^https?:/ && $2 !~ /-/ && !n++ { print $1 }'
}

# own <function> <argument>...: run it with mounts and processes of its own.
# Not in this process group, so that the traps below are the ones to end it.
own() {
	set -m
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
		bash -euc "$(declare -f "$1"); \"\$@\"" bash "$@" </dev/null &
	child=$!
	set +m
	local status=0
	wait "$child" || status=$?
	child=
	return "$status"
}

# debootstrap_in <folder> <release> <mirror>
debootstrap_in() {
	debootstrap --variant=minbase --include=git,ca-certificates \
		"$2" "$1" "$3"
}

# enter <root> <checkout> <shared> <command>: run it in git-sk of the checkout,
# beside which stands what stands beside this one.
enter() {
	local in=${2#"$1"} settings=()

	mount -t proc proc "$1/proc"
	mount --rbind /dev "$1/dev"
	if [[ -d $3 ]]; then
		mount --bind "$3" "$2/shared"
		mount -o remount,bind,ro "$2/shared"
	fi
	[[ ! ${JOBS-} ]] || settings+=("JOBS=$JOBS")
	[[ ! ${TEST_SECONDS-} ]] || settings+=("TEST_SECONDS=$TEST_SECONDS")
	# no exec: this shell is the one to reap what has lost its parent
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "${settings[@]}" \
		chroot "$1" sh -c "cd $in/git-sk && $4"
}

# in_chroot <release> <command>
in_chroot() {
	own enter "$dir/$1" "$checkout" "$top/../shared" "$2"
}

# make_root <release>: complete or not there at all.
make_root() {
	local root=$dir/$1 from=$mirror

	[[ ! -d $root ]] || return 0
	command -v debootstrap >/dev/null ||
		die "debootstrap is missing" "run 'apt-get install debootstrap'"
	[[ $from ]] || from=$(find_mirror)
	[[ $from ]] || die "no mirror of Debian in this machine's apt sources" \
		"run 'apt-get update', or name one with --mirror <url>"
	rm -rf "$root.new"
	leftovers+=("$root.new")
	own debootstrap_in "$root.new" "$1" "$from" >>"$dir/$1.log" 2>&1 || {
		tail -n 5 "$dir/$1.log" >&2
		die "cannot make a chroot of $1 from $from, see $dir/$1.log"
	}
	mv "$root.new" "$root"
}

# configure <release>: the network of this machine, as it is today.
configure() {
	local root=$dir/$1

	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	{
		apt-config dump | grep -E '^Acquire::(http|https)::' || true
		[[ -z $expired ]] || echo 'Acquire::Check-Valid-Until "false";'
	} >"$root/etc/apt/apt.conf.d/99git-sk"
	[[ -z $mirror ]] || printf 'deb %s %s main\n' "$mirror" "$1" \
		>"$root/etc/apt/sources.list"
	if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
		cp /usr/local/share/ca-certificates/*.crt \
			"$root/usr/local/share/ca-certificates/"
		chroot "$root" update-ca-certificates >/dev/null 2>&1
	fi
}

# check_out <release>: HEAD, and nothing that was not committed.
check_out() {
	rm -rf "$dir/$1"/checkout.* # of a run that was killed
	checkout=$(mktemp -d "$dir/$1/checkout.XXXXXX")
	leftovers+=("$checkout")
	chmod 755 "$checkout"
	mkdir "$checkout/git-sk"
	[[ ! -d $top/../shared ]] || mkdir "$checkout/shared"
	git -C "$top" archive HEAD | tar -x -C "$checkout/git-sk"
}

# what_to_run: the command line for the options given.
what_to_run() {
	if [[ $command ]]; then
		printf '%s\n' "$command"
	elif [[ $only ]]; then
		printf 'make -j %d check T=%q%s\n' "$(nproc)" "$only" \
			"${demo:+ && make demo}"
	else
		printf '%s\n' "./install.sh --check${demo:+ --demo}"
	fi
}

# versions <release>: on one line; to be run once the packages are there.
versions() {
	# shellcheck disable=SC2016 # for the shell over there
	in_chroot "$1" 'printf "git %s, gcc %s, libgit2 %s, curl %s\n" \
		"$(git version | cut -d " " -f 3)" "$(gcc -dumpfullversion)" \
		"$(pkg-config --modversion libgit2)" \
		"$(pkg-config --modversion libcurl)"' 2>/dev/null || echo "no versions"
}

# summary <release> <status>: its line, and the tests that failed.
summary() {
	local counts

	counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$dir/$1.log" |
		tail -n 1) || counts="no test ran"
	[[ $2 -eq 0 || $counts == *" "[1-9]*" failed"* ]] ||
		counts="$counts, status $2, see $dir/$1.log"
	printf '%s: %s (%s)\n' "$1" "$counts" "$(versions "$1")"
	grep -h '^not ok' "$dir/$1.check"/*.tap 2>/dev/null | sed 's/^/    /' ||
		true
}

# packages <release>: what is there as the mirror has it today, and what is not.
packages() {
	in_chroot "$1" 'apt-get -q update && apt-get -q -y \
		-o DPkg::Lock::Timeout=120 dist-upgrade &&
		./install.sh --deps check demo' >>"$dir/$1.log" 2>&1 || {
		tail -n 5 "$dir/$1.log" >&2
		die "apt-get failed in the chroot of $1, see $dir/$1.log" \
			"for a mirror whose lists have expired, give --expired"
	}
}

# check <release>: sets failed when it did.
check() {
	local status=0 tee

	printf '== %s\n' "$1"
	: >"$dir/$1.log"
	make_root "$1"
	configure "$1"
	check_out "$1"
	packages "$1"
	exec 8> >(exec tee -a "$dir/$1.log")
	tee=$!
	in_chroot "$1" "$(what_to_run)" >&8 2>&8 || status=$?
	exec 8>&-
	wait "$tee" || true
	[[ $status -eq 0 ]] || failed=1
	rm -rf "$dir/$1.check"
	[[ ! -d $checkout/git-sk/build/check ]] ||
		cp -r "$checkout/git-sk/build/check" "$dir/$1.check"
	[[ $command ]] || summaries+=$(summary "$1" "$status")$'\n'
	clean_up
}

finish() {
	clean_up
	printf '%s' "$summaries"
}

main() {
	local release

	parse "$@"
	[[ $(id -u) -eq 0 ]] || die "a chroot needs root" "run it with sudo"
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	trap finish EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	for release in "${releases[@]}"; do
		exec 9>"$dir/$release.lock"
		flock -n 9 || die "another run uses the chroot of $release" \
			"wait for it, or choose another folder with --dir"
		check "$release"
	done
	return "$failed"
}

main "$@"
