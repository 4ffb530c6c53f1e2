#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random histories of git, each with hooks and without, and an oracle that says
what the queue must hold at their end.

    histories.py [--first N] [--count N] [--seconds S] [--jobs N]
    histories.py --seed N [-v] [--keep] [--steps 1,2,...] [--shrink]
    histories.py --repository DIR

A history is made of its number alone: --seed plays it again, -v shows what it
does, --steps leaves out all other steps, --shrink looks for the fewest that
still go wrong in the same ways. The last line counts; the exit status is 1 when
anything was wrong. --repository has the oracle count what a repository says.
"""

import argparse
import collections
import multiprocessing
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the sources may lie where nobody may write

from history import History  # noqa: E402
from oracle import Oracle  # noqa: E402


def play(seed, steps=None, say=lambda line: None, keep=False):
    history = History(seed, steps, say)
    problems = history.run()
    if keep:
        say(f"kept in {history.folder}")
    else:
        history.clean()
    return problems


def play_one(seed):
    return seed, play(seed)


def report(seed, problems):
    for problem in problems[:5]:
        print(f"{seed}: {problem.kind}: {problem.text[:1500]}")
    if len(problems) > 5:
        print(f"{seed}: and {len(problems) - 5} more")


def shrink(seed):
    """Leave out whatever is not needed for the same kinds of problems."""

    def kinds(steps):
        return {problem.kind for problem in play(seed, steps)}

    steps = set(range(1, 40))
    want = kinds(steps)
    if not want:
        sys.exit(f"{seed}: nothing is wrong")
    for size in (8, 4, 2, 1, 1):
        for at in range(1, 40, size):
            fewer = steps - set(range(at, at + size))
            if fewer != steps and kinds(fewer) == want:
                steps = fewer
    return sorted(steps)


def count(repository):
    """Transitions that all branches of a repository tell of, each id once."""
    oracle = Oracle(repository, None)
    listed = ["git", "-C", repository, "rev-list", "--branches"]
    commits = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    ids = oracle.ids(commits, "")
    oracle.close()
    logged = sum(said[0][1].id is not None for said in ids.values())
    print(f"{logged} in event logs, {len(ids) - logged} in front matter")
    return 0


def play_many(args):
    began, found, played, bad = time.monotonic(), collections.Counter(), 0, 0
    seeds = range(args.first, args.first + args.count)
    with multiprocessing.Pool(args.jobs) as pool:
        for seed, problems in pool.imap(play_one, seeds):
            played += 1
            bad += bool(problems)
            report(seed, problems)
            found.update({problem.kind for problem in problems})
            if args.seconds and time.monotonic() - began > args.seconds:
                pool.terminate()
                break
    seconds = time.monotonic() - began
    for kind, times in found.most_common():
        print(f"in {times} of them: {kind}")
    print(f"ran {played} histories in {seconds:.0f} s, wrong were {bad}")
    return 1 if bad or not played else 0


def main():
    parser = argparse.ArgumentParser(description="Random histories of git.")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seconds", type=float, help="begin no more histories after that")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the repositories there")
    parser.add_argument("--steps", type=lambda text: {int(one) for one in text.split(",")})
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--repository", help="have the oracle count what it says")
    args = parser.parse_args()
    if args.repository:
        return count(args.repository)
    if args.seed is None:
        return play_many(args)
    if args.shrink:
        args.steps = set(shrink(args.seed))
        print("--steps", ",".join(map(str, sorted(args.steps))))
    say = print if args.verbose or args.keep else lambda line: None
    problems = play(args.seed, args.steps, say, args.keep)
    report(args.seed, problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
