# Programs that are killed, or of which a call fails, at one moment after the
# other. Loaded behind helper.

# traced [-g <words>] <strace option>... -- <program>...: run it so, with -g not
# itself but the git that it starts with these words ('commit', 'worktree add').
# Sets STATUS, and the files CALLS, what was called, and SAID, what the program
# said on standard error.
traced() {
	local with git words

	CALLS=$BATS_TEST_TMPDIR/calls
	SAID=$BATS_TEST_TMPDIR/said
	with=(strace -qq -o "$CALLS")
	if [ "$1" = -g ]; then
		words=$2
		shift 2
	fi
	while [ "$1" != -- ]; do
		with+=("$1")
		shift
	done
	shift
	: >"$CALLS"
	if [ -n "$words" ]; then
		git=$(command -v git)
		mkdir -p "$BATS_TEST_TMPDIR/traced"
		cat >"$BATS_TEST_TMPDIR/traced/git" <<-SH
			#!/bin/sh
			case " \$* " in
			*" $words "*) exec ${with[*]@Q} ${git@Q} "\$@" ;;
			esac
			exec ${git@Q} "\$@"
		SH
		chmod +x "$BATS_TEST_TMPDIR/traced/git"
		with=(env PATH="$BATS_TEST_TMPDIR/traced:$PATH")
	fi
	STATUS=0
	# LeakSanitizer cannot work in what is traced
	ASAN_OPTIONS=detect_leaks=0 "${with[@]}" "$@" >/dev/null 2>"$SAID" ||
		STATUS=$?
} 2>/dev/null

# find_moments [-g <words>] <call>... -- <program>...: run it to its end, and set
# MOMENTS: "<call> <n>" of the first call of each kind, one in the middle and the
# last; of every one with SK_LONG.
find_moments() {
	local calls='' option=()

	if [ "$1" = -g ]; then
		option=(-g "$2")
		shift 2
	fi
	while [ "$1" != -- ]; do
		calls+=${calls:+,}$1
		shift
	done
	traced "${option[@]}" -e trace="$calls" "$@"
	if [ "$STATUS" != 0 ]; then
		cat "$SAID"
		return 1
	fi
	mapfile -t MOMENTS < <(awk -F '(' -v each="$SK_LONG" -v calls="$calls" '
		{ count[$1]++ }
		END {
			split(calls, call, ",")
			for (i = 1; i in call; i++) {
				last = count[call[i]]
				middle = int((last + 1) / 2)
				for (n = 1; n <= last; n++)
					if (each || n == 1 || n == middle || n == last)
						print call[i], n
			}
		}' "$CALLS")
	echo "at ${MOMENTS[*]}"
}

# injected [-g <words>] <what> <call> <n> <program>...: run it, with that
# (signal=KILL, error=EIO) at its n-th such call, as traced() does. Fails when
# there was none.
injected() {
	local option=()

	if [ "$1" = -g ]; then
		option=(-g "$2")
		shift 2
	fi
	traced "${option[@]}" -e trace="$2" -e inject="$2:$1:when=$3" -- "${@:4}"
	grep -qE 'INJECTED|killed by SIGKILL' "$CALLS"
}

# killed_at <function> [-g <words>] <call>... -- <program>...: it is killed at
# moments of these calls, or that git of it, and each time the function looks what
# became of it, and undoes it. Sets KILLS.
killed_at() {
	local look=$1 moment option=()

	shift
	[ "$1" != -g ] || option=(-g "$2")
	find_moments "$@"
	"$look"
	while [ "$1" != -- ]; do
		shift
	done
	KILLS=0
	for moment in "${MOMENTS[@]}"; do
		! injected "${option[@]}" signal=KILL "${moment% *}" \
			"${moment#* }" "${@:2}" || KILLS=$((KILLS + 1))
		"$look"
	done
	echo "# killed $KILLS times" >&3
	[ "$KILLS" = "${#MOMENTS[@]}" ]
}
