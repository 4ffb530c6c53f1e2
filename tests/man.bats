#!/usr/bin/env bats
# The manual says what the programs say, no less and no more.

load helper
load mergetree
load implement
load mergeplan

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

page_of() {
	local page

	for page in "$TOP/docs/$1".[1-8]; do
		[ -e "$page" ] && echo "$page"
	done
}

# subcommands <program>: the first words of its usage lines, one or two.
subcommands() {
	"$1" -h | sed -n -e "s/^usage: ${1/git-sk/git.sk} //p" \
		-e "s/^   or: ${1/git-sk/git.sk} //p" |
		sed -n 's/^\([a-z][a-z-]*\( [a-z]*\)\{0,1\}\).*/\1/p' |
		sed 's/ $//' | sort -u
}

# options_of <program> [<subcommand>]: from -h, "--name" or "--name <value>".
options_of() {
	"$@" -h | sed -n 's/^    \(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\( <[^>]*>\)\{0,1\}\).*/\2/p'
}

# usage_of <program>: "<subcommand>: <option>" for each, sorted.
usage_of() {
	local words

	# without a subcommand
	options_of "$1" | sed 's/^/: /'
	subcommands "$1" | while read -ra words; do
		echo "${words[*]}:"
		options_of "$1" "${words[@]}" | sed "s/^/${words[*]}: /"
	done
}

# mdoc <page>: "<subcommand>: <option>" for each in the synopsis, as usage_of
# writes them, and "<option>" for each that is explained after it.
mdoc() {
	awk '
		/^\.Sh / { synopsis = ($2 == "SYNOPSIS"); next }
		synopsis && $1 == ".Nm" { word = "" }
		synopsis && $1 == ".Cm" {
			word = $2 ($3 ? " " $3 : "")
			print word ":"
		}
		synopsis || $1 == ".It" {
			for (i = 1; i <= NF; i++) {
				name = ""
				if ($i ~ /^\.?Fl$/ && $(i + 1) == "Fl")
					name = "--" $(i + 2)
				else if ($i ~ /^\.?Fl$/ && $(i + 1) ~ /^-/)
					name = "-" $(i + 1)
				if (name == "")
					continue
				i += name == "--" $(i + 2) ? 2 : 1
				if ($(i + 1) == "Ar") {
					name = name " <" $(i + 2) ">"
					i += 2
				}
				print (synopsis ? word ": " : "") name
			}
		}' "$1" | sort -u
}

@test "man: every program has one page" {
	local program

	for program in $(programs); do
		echo "$program: $(page_of "$program")"
		[ "$(page_of "$program" | wc -l)" -eq 1 ]
	done
}

@test "man: a synopsis has the subcommands and options of -h" {
	local program

	for program in $(programs); do
		echo "$program, < -h, > page:"
		diff <(usage_of "$program" | sort -u) \
			<(mdoc "$(page_of "$program")" | grep ':')
	done
}

@test "man: the options explained are those of -h" {
	local program

	for program in $(programs); do
		echo "$program, < -h, > page:"
		diff <(usage_of "$program" | sed -n 's/^[^:]*: //p' | sort -u) \
			<(mdoc "$(page_of "$program")" | grep -v ':')
	done
}

@test "man: every page says what the exit status means" {
	local program

	for program in $(programs); do
		echo "$program"
		grep -q '^\.Sh EXIT STATUS' "$(page_of "$program")"
	done
}

# examples <page>: the command lines of its examples, one after the other.
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/ {
		s/^\.Dl //
		s/\\(aq/'\''/g; s/\\(dq/"/g; s/\\(rs/\\/g
		/^\$ /,/^\./ { /^\./!{ s/^\$ //; p; }; }
	}' "$(page_of "$1")"
}

@test "man: the examples of git-sk-merge work as they are" {
	local remote=$PWD/remote.git

	plan_setup
	git init -q --bare "$remote"
	git remote add origin "$remote"
	echo mine >code.c
	examples git-sk-merge | sed 's/\<login\>/001-a/' >../lines
	cat ../lines
	[ "$(grep -c 'git sk-merge' ../lines)" = 3 ]
	# what is in the way, and what the merge would make, before it is made
	csplit -q -f ../example. ../lines '/--push/' '/git diff/'
	run -0 sh ../example.00
	[ "${lines[1]}" = "git stash" ]
	git checkout -q code.c
	run -0 sh ../example.02
	[[ $output = *'+++ b/a.c'*'+lane-a'* ]]
	run -0 sh ../example.01
	[ "$(git ls-remote origin main | cut -f 1)" = "$(git rev-parse main)" ]
	git rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	[ "$(cat a.c)" = lane-a ]
}
