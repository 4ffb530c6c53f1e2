#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random repositories with a mission to be merged: whether the dry run tells the
truth of them, and the merge does what it said.

    merges.py [--first N] [--count N] [--seconds S] [--jobs N]
    merges.py --seed N [-v] [--keep] [--fault NAME]
    merges.py --faults N [--jobs N]

A repository is made of its number alone: --seed plays it again, -v shows what is
in it. The last line counts; the exit status is 1 when anything was wrong.
A fault spoils what was done before it is looked at, and has to be found.
"""

import argparse
import collections
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True  # the sources may lie where nobody may write

from mergecase import BUILD, Case  # noqa: E402
from mergefaults import FAULTS, Fault  # noqa: E402
from mergelanding import Landing  # noqa: E402
from mergescene import Scene  # noqa: E402
from mergeverdict import Dry, Problem  # noqa: E402

MERGE = os.path.join(BUILD, "bin", "git-sk-merge")


def play(seed, fault=None, say=lambda line: None, keep=False):
    """Returns the problems, and the document."""
    folder = tempfile.mkdtemp(prefix=f"git-sk-merge-{seed}-")
    problems, doc = [], None
    try:
        case = Case(seed, folder, say)
        case.make()
        Scene(case).make()
        say(f"certain: {sorted(case.certain)} maybe: {sorted(case.maybe)}")
        dry = Dry(case, [MERGE], fault or Fault(None))
        problems = dry.problems
        doc = dry.run()
        if doc:
            Landing(case, dry, doc).run()
    except Exception:  # of any kind: it is one of these programs, or of git
        problems.append(Problem("broke off", traceback.format_exc()))
    if keep:
        say(f"kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return problems, doc


def play_one(seed):
    problems, doc = play(seed)
    codes = [one["code"] for one in doc["blockers"]] if doc else None
    return seed, problems, codes


def report(seed, problems):
    for problem in problems[:12]:
        print(f"{seed}: {problem.kind}: {problem.text[:1500]}")
    if len(problems) > 5:
        print(f"{seed}: and {len(problems) - 5} more")


def play_many(args, seeds):
    began, found, codes = time.monotonic(), collections.Counter(), collections.Counter()
    played = bad = ready = 0
    with multiprocessing.Pool(args.jobs) as pool:
        for seed, problems, told in pool.imap(play_one, seeds):
            played += 1
            bad += bool(problems)
            ready += told == []
            codes.update(set(told or ()))
            report(seed, problems)
            found.update({problem.kind for problem in problems})
            if args.seconds and time.monotonic() - began > args.seconds:
                pool.terminate()
                break
    for kind, times in found.most_common():
        print(f"in {times} of them: {kind}")
    if args.verbose:
        print(dict(codes.most_common()))
    print(f"ran {played} merges in {time.monotonic() - began:.0f} s, {ready} ready,"
          f" wrong were {bad}")
    return 1 if bad or not played else 0


def plant(name):
    """A fault into the first repository where it can be. Returns what is wrong."""
    for seed in range(1, 200):
        fault = Fault(name)
        problems, _ = play(seed, fault)
        if fault.is_planted:
            return None if problems else f"{name}: planted into {seed}, and not found"
    return f"{name}: there is nothing to plant it into"


def plant_many(names, jobs):
    """Each has to be found."""
    with multiprocessing.Pool(jobs) as pool:
        wrong = [one for one in pool.imap(plant, names) if one]
    print("\n".join(wrong + [f"ran {len(names)} planted faults, not found were {len(wrong)}"]))
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description="Random missions to be merged.")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seconds", type=float, help="begin no more after that")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the repositories there")
    parser.add_argument("--fault", choices=FAULTS, help="plant it into --seed")
    parser.add_argument("--faults", type=int, metavar="N",
                        help="plant any N of them, 0: each, and look for it")
    args = parser.parse_args()
    if args.faults is not None:
        names = random.sample(sorted(FAULTS), args.faults or len(FAULTS))
        return plant_many(names, args.jobs)
    if args.seed is None:
        return play_many(args, range(args.first, args.first + args.count))
    say = print if args.verbose or args.keep else lambda line: None
    problems, doc = play(args.seed, Fault(args.fault), say, args.keep)
    say(doc)
    report(args.seed, problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
