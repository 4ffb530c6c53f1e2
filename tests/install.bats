#!/usr/bin/env bats
# Building and installing: the Makefile and install.sh.

load helper

setup() {
	sk_setup
	STUBS=$BATS_TEST_TMPDIR/stubs
	mkdir "$STUBS"
}

# build_with <make argument>...: make as 'make check' runs it, in the project.
build_with() {
	make --no-print-directory -C "$TOP" BUILD="${BUILD#"$TOP"/}" "$@"
}

# stub <name> [<line of sh>...]: a program that notes its call in the file
# calls, with the variable that keeps apt-get from asking.
stub() {
	local name=$1

	shift
	{
		echo '#!/bin/sh'
		echo "echo \"$name \$* \$DEBIAN_FRONTEND\" >>'$STUBS/calls'"
		printf '%s\n' "$@"
	} >"$STUBS/$name"
	chmod +x "$STUBS/$name"
}

# install_sh <argument>...: with the stubs in front.
install_sh() {
	PATH=$STUBS:$PATH BUILD=${BUILD#"$TOP"/} "$TOP/install.sh" "$@"
}

# bare <program>...: a folder that has just these; BARE is a PATH with it.
bare() {
	local name

	mkdir bare
	for name; do
		ln -s "$(command -v "$name")" "bare/$name"
	done
	BARE=$STUBS:$PWD/bare
}

# weak <command>...: run it without root's leave to write everywhere.
weak() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- setpriv --bounding-set \
			"-dac_override,-dac_read_search" "$@"
	fi
	"$@"
}

@test "install: make puts programs, hooks and pages below DESTDIR" {
	local page

	build_with install DESTDIR="$PWD/stage" PREFIX=/opt/sk
	[ -x stage/opt/sk/bin/git-sk-setup ]
	[ -x stage/opt/sk/bin/sk-ingestd ]
	[ -x stage/opt/sk/libexec/git-sk/post-commit ]
	for page in "$TOP"/docs/*.1; do
		cmp "$page" "stage/opt/sk/share/man/man1/${page##*/}"
	done
	cmp "$TOP/docs/sk-ingestd.8" stage/opt/sk/share/man/man8/sk-ingestd.8
}

@test "install: make puts completions where each shell looks" {
	local program share=stage/opt/sk/share

	build_with install DESTDIR="$PWD/stage" PREFIX=/opt/sk
	# again, over what is there
	build_with install DESTDIR="$PWD/stage" PREFIX=/opt/sk
	for program in git-sk git-sk-sync git-sk-setup sk-ingestd; do
		[ -s "$share/bash-completion/completions/$program" ]
		[ -s "$share/zsh/site-functions/_$program" ]
		[ -s "$share/fish/vendor_completions.d/$program.fish" ]
	done
	[ -s "$share/fish/vendor_conf.d/git-sk.fish" ]
	# links that hold wherever the tree goes
	[ "$(find "$share" -type l ! -lname 'git-sk')" = '' ]
}

@test "install: make uninstall leaves the files of others, and no more" {
	mkdir -p stage/usr/local/bin
	echo theirs >stage/usr/local/bin/theirs
	build_with install DESTDIR="$PWD/stage"
	build_with uninstall DESTDIR="$PWD/stage"
	[ "$(find stage ! -type d)" = stage/usr/local/bin/theirs ]
	[ ! -e stage/usr/local/libexec/git-sk ]
}

@test "install: make uninstall again is no error" {
	build_with uninstall DESTDIR="$PWD/stage"
}

@test "install: a name that git-sk never had is not removed" {
	build_with install DESTDIR="$PWD/stage"
	echo theirs >stage/usr/local/libexec/git-sk/theirs
	run -2 build_with uninstall DESTDIR="$PWD/stage"
	[ -e stage/usr/local/libexec/git-sk/theirs ]
}

@test "install: installed programs find their hooks" {
	build_with install PREFIX="$PWD/prefix"
	git init -q repo
	cd repo
	PATH=$BATS_TEST_TMPDIR/work/prefix/bin:$PATH
	git sk-setup
	grep -q "^sk_program='.*/work/prefix/libexec/git-sk/post-commit'\$" \
		.git/hooks/post-commit
	mission 001-login
	event 001-login WP01 null planned
	run -0 --separate-stderr git commit -q -a -m planned
	[ -z "$stderr" ]
	[ "$(query "SELECT count(*) FROM queue
		WHERE event_type = 'WPStatusChanged'")" = 1 ]
}

@test "make: uninstall names the repositories that have its hooks" {
	build_with install PREFIX="$PWD/prefix"
	git init -q 'a shop'
	printf '#!/bin/sh\necho mine\n' >'a shop/.git/hooks/post-commit'
	chmod +x 'a shop/.git/hooks/post-commit'
	(cd 'a shop' && PATH=$OLDPWD/prefix/bin:$PATH git sk-setup)
	run -0 --separate-stderr build_with uninstall PREFIX="$PWD/prefix"
	[[ $output == *"git-sk is set up in these repositories of yours:
  $PWD/a shop
Without git-sk they work on: "*"'git sk-setup --remove' in each, before "* ]]
	[ -z "$(find prefix ! -type d)" ]
	# and so they do
	run -0 git -C 'a shop' commit -q --allow-empty -m without
	[ "$output" = mine ]
}

@test "make: uninstall says so when it cannot tell them" {
	build_with install PREFIX="$PWD/prefix"
	printf '#!/bin/sh\nexit 129\n' >prefix/bin/git-sk-setup
	run -0 --separate-stderr build_with uninstall PREFIX="$PWD/prefix"
	[[ $output == *"cannot be told."*"Without git-sk they work on: "* ]]
	[ -z "$(find prefix ! -type d)" ]
}

@test "make: uninstall has nothing to say where no repository is set up" {
	build_with install PREFIX="$PWD/prefix"
	printf '#!/bin/sh\n' >prefix/bin/git-sk-setup
	run -0 --separate-stderr build_with uninstall PREFIX="$PWD/prefix"
	[[ $output != *"Without git-sk"* ]]
	# nor for a package, whose repositories are not here
	build_with install DESTDIR="$PWD/stage"
	printf '#!/bin/sh\necho /shop\n' >stage/usr/local/bin/git-sk-setup
	run -0 --separate-stderr build_with uninstall DESTDIR="$PWD/stage"
	[[ $output != *"/shop"* ]]
}

@test "make: uninstall by sudo asks for the repositories of its user" {
	stub id 'echo 0'
	stub sudo 'shift 3 && exec "$@"'
	mkdir bin
	printf '#!/bin/sh\necho /shop\n' >bin/git-sk-setup
	chmod +x bin/git-sk-setup
	SUDO_USER=ada PATH=$STUBS:$PATH run -0 --separate-stderr \
		"$TOP/install.sh" --farewell "$PWD/bin"
	[[ ${lines[1]} == "  /shop" ]]
	grep -q "^sudo -u ada -H $PWD/bin/git-sk-setup --list" "$STUBS/calls"
}

@test "make: a changed header rebuilds what includes it" {
	local object=${BUILD#"$TOP"/}/lib/base/err.o

	run -0 build_with -n "$object"
	[[ $output == *"up to date"* ]]
	run -0 build_with -n V=1 -W lib/base/err.h "$object"
	[[ $output == *" -o $object "* ]]
}

@test "make: a user's flags are added to what the project needs" {
	run -0 build_with -n V=1 -B CFLAGS=-O0 CPPFLAGS=-DMINE CC=mycc \
		"${BUILD#"$TOP"/}/lib/base/err.o"
	[[ $output == *"mycc -std=c11 "*" -DMINE -O0 -MMD "* ]]
}

@test "make: missing libraries are named with the way to get them" {
	run -2 build_with -n -B PKG_CONFIG=false all
	[[ $output == *"libraries are missing: run ./install.sh --deps"* ]]
}

@test "make: help needs no libraries" {
	run -0 build_with PKG_CONFIG=false help
	[[ $output == *"make check "* && $output == *"make install "* ]]
}

@test "install.sh: -h is the answer, on stdout" {
	run -0 --separate-stderr install_sh -h
	[[ $output == "usage: ./install.sh "* ]]
	[ -z "$stderr" ]
}

@test "install.sh: a mistake is named, with usage, and nothing is run" {
	stub make
	run -129 --separate-stderr install_sh --frob
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == *"error: unknown option '--frob'" ]]
	run -129 --separate-stderr install_sh --prefix
	[[ ${stderr_lines[0]} == *"error: option '--prefix' needs a value" ]]
	run -129 --separate-stderr install_sh --deps all
	run -129 --separate-stderr install_sh --uninstall --check
	[ ! -e "$STUBS/calls" ]
}

@test "install.sh: when nothing is missing, nothing is installed" {
	stub dpkg-query 'echo installed'
	stub apt-get
	stub sudo
	stub make
	run -0 --separate-stderr install_sh --check
	run -1 grep -e apt-get -e sudo "$STUBS/calls"
	grep -q '^make .*check' "$STUBS/calls"
}

@test "install.sh: root installs what is missing, and only that" {
	stub dpkg-query '[ "$4" = jq ] || echo installed'
	stub apt-get
	stub id 'echo 0'
	run -0 --separate-stderr install_sh --deps check
	[ "$(grep apt-get "$STUBS/calls")" = "apt-get -q update noninteractive
apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends jq noninteractive" ]
	[[ $output == *"+ env DEBIAN_FRONTEND=noninteractive apt-get"* ]]
}

@test "install.sh: others use sudo for that" {
	stub dpkg-query '[ "$4" = jq ] || echo installed'
	stub apt-get
	stub id 'echo 1000'
	stub sudo 'exec "$@"'
	run -0 --separate-stderr install_sh --deps check
	[[ $output == *"+ sudo env DEBIAN_FRONTEND=noninteractive apt-get"* ]]
	grep -q '^apt-get .*install -y .* jq' "$STUBS/calls"
}

@test "install.sh: a package that cannot be had ends it" {
	stub dpkg-query
	stub apt-get '[ "$2" = update ] || exit 100'
	stub id 'echo 0'
	stub make
	run -100 --separate-stderr install_sh --demo
	run -1 grep '^make' "$STUBS/calls"
}

@test "install.sh: a prefix is absolute when make sees it" {
	stub dpkg-query 'echo installed'
	stub make
	run -0 install_sh --prefix here
	grep -q "^make install PREFIX=$PWD/here " "$STUBS/calls"
	run -0 install_sh --uninstall --prefix="$PWD/here"
	grep -q "^make uninstall PREFIX=$PWD/here " "$STUBS/calls"
}

@test "install.sh: a tilde that the shell left alone is the home" {
	stub dpkg-query 'echo installed'
	stub make
	run -0 install_sh '--prefix=~/.local'
	grep -q "^make install PREFIX=$HOME/.local " "$STUBS/calls"
	run -0 install_sh --uninstall --prefix '~'
	grep -q "^make uninstall PREFIX=$HOME " "$STUBS/calls"
	rm "$STUBS/calls"
	run -128 --separate-stderr install_sh '--prefix=~ada/x'
	[[ $stderr == *"cannot tell whose home '~ada/x' is"* ]]
	[ ! -e "$STUBS/calls" ]
}

@test "install.sh: installs, says what is next, and uninstalls" {
	stub dpkg-query 'echo installed'
	run -0 --separate-stderr install_sh "--prefix=$PWD/prefix"
	[ -x prefix/bin/git-sk-setup ]
	[ -x prefix/libexec/git-sk/post-commit ]
	[[ ${lines[-1]} == "Next: cd <your repository> && git sk-setup" ]]
	[[ $stderr == *"warning: '$PWD/prefix/bin' is not on your PATH
hint: "*"export PATH=\"$PWD/prefix/bin:\$PATH\"" ]]
	# the line does what it is for
	eval "${stderr#*type it here: }"
	[ "$(command -v git-sk-setup)" = "$PWD/prefix/bin/git-sk-setup" ]
	run -0 --separate-stderr install_sh "--prefix=$PWD/prefix"
	[[ $stderr != *PATH* ]]
	run -0 --separate-stderr install_sh --uninstall "--prefix=$PWD/prefix"
	[ -z "$(find prefix ! -type d)" ]
}

@test "install.sh: sudo installs where the user may not write" {
	weak true 2>/dev/null || skip "root cannot be made to obey modes here"
	mkdir -m 555 prefix
	stub dpkg-query 'echo installed'
	stub id 'echo 1000'
	stub sudo "chmod u+w '$PWD/prefix'" 'exec "$@"'
	export -f install_sh
	export STUBS TOP BUILD PATH
	run -0 --separate-stderr weak bash -c 'install_sh --prefix "$PWD/prefix"'
	[[ $output == *"+ sudo make install PREFIX=$PWD/prefix"* ]]
	[ -x prefix/bin/git-sk-setup ]
	# to build it nobody has to be root
	[ "$(grep -c '^sudo' "$STUBS/calls")" = 1 ]
	chmod 555 prefix
	run -0 weak bash -c 'install_sh --uninstall --prefix "$PWD/prefix"'
	[[ $output == *"+ sudo make uninstall PREFIX=$PWD/prefix"* ]]
	[ ! -e prefix/bin/git-sk-setup ]
}

@test "install.sh: without sudo it says what else there is, and builds nothing" {
	weak true 2>/dev/null || skip "root cannot be made to obey modes here"
	mkdir -m 555 prefix
	stub id 'echo 1000'
	stub make
	bare dirname getconf
	run -128 --separate-stderr weak env PATH="$BARE" "$TOP/install.sh" \
		--prefix "$PWD/prefix"
	[[ $stderr == *"error: cannot write to '$PWD/prefix': run this as root, or \
with --prefix \$HOME/.local" ]]
	run -1 grep '^make' "$STUBS/calls"
}

@test "install.sh: the hook managers are the pinned ones, none of them run" {
	stub dpkg-query 'echo installed'
	stub npm
	stub node
	run -0 --separate-stderr install_sh --deps coexist
	grep -q '^npm --prefix build/coexist install --ignore-scripts ' \
		"$STUBS/calls"
	run -1 grep '^node' "$STUBS/calls"
	cmp "$TOP/tests/coexist/package.json" "$TOP/build/coexist/package.json"
	# a range of versions would be another test each week
	run -1 grep -E '"[~^*<>]|latest' "$TOP/tests/coexist/package.json"
}

@test "install.sh: node and npm come from Debian where there are none" {
	stub dpkg-query '[ "$4" != nodejs ] && [ "$4" != npm ] && echo installed'
	stub apt-get
	stub id 'echo 0'
	bare dirname grep env mkdir cp
	# 127: apt-get is a stub, so there is no npm afterwards
	run -127 --separate-stderr env PATH="$BARE" "$TOP/install.sh" \
		--deps coexist
	grep -q 'install -y .* nodejs npm ' "$STUBS/calls"
	stub node
	stub npm
	: >"$STUBS/calls"
	run -0 env PATH="$BARE" "$TOP/install.sh" --deps coexist
	run -1 grep apt-get "$STUBS/calls"
}
