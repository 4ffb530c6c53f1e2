# SPDX-License-Identifier: MIT
"""Runs that are timed, steps that are not, and tables of both."""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, sys.argv[1])
TOOLS = os.path.join(BUILD, "tests", "bench")

scratch = tempfile.mkdtemp(prefix="git-sk-bench-")


class Sample:
    """One run: wall time and CPU time in seconds, peak memory in bytes."""

    def __init__(self, line):
        wall, cpu, rss, self.status = map(int, line.split())
        self.wall, self.cpu, self.rss = wall / 1e9, cpu / 1e6, rss * 1024


def environment(home):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "SPEC_"))}
    env.update(
        HOME=home,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_GLOBAL=os.path.join(scratch, "gitconfig"),
        LC_ALL="C.UTF-8",
        TZ="UTC",
        PATH=os.path.join(BUILD, "bin") + ":" + os.environ["PATH"],
    )
    return env


def sh(command, cwd=scratch, home=None, **kwargs):
    """A step that is not timed; its output is shown only when it fails."""
    result = subprocess.run(
        command, cwd=cwd, env=environment(home or scratch),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        shell=isinstance(command, str), **kwargs,
    )
    if result.returncode != 0:
        sys.exit(f"bench: {command} failed:\n{result.stdout}")
    return result.stdout


def timed(command, cwd=scratch, home=None):
    out = os.path.join(scratch, "sample")
    subprocess.run(
        [os.path.join(TOOLS, "spawn"), out, *command], cwd=cwd, check=True,
        env=environment(home or scratch), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(out + ".err", "w"),
    )
    sample = Sample(open(out).read())
    if sample.status != 0:
        sys.exit(f"bench: {command} failed:\n{open(out + '.err').read()}")
    return sample


def play(variants, rounds):
    """{name: function making one Sample} -> {name: [one Sample a round]}"""
    samples = {name: [] for name in variants}
    for number in range(rounds + 1):
        order = list(variants)
        random.shuffle(order)
        for name in order:
            sample = variants[name]()
            if number > 0:  # the first round warms caches
                samples[name].append(sample)
    return samples


def row(name, walls, unit, *more):
    """One line: median, p10 and p90 of wall times, and what else there is."""
    walls = sorted(wall * unit for wall in walls)
    tenth = len(walls) // 10
    digits = 2 if unit > 1 else 3
    print(f"  {name:42}{statistics.median(walls):9.{digits}f}"
          f"{walls[tenth]:9.{digits}f}{walls[-1 - tenth]:9.{digits}f}"
          + "".join(f"{text:>9}" for text in more), flush=True)


def heading(title, *columns):
    print(f"\n{title}\n\n  {'':42}" + "".join(
        f"{text:>9}" for text in ("median", "p10", "p90", *columns)), flush=True)


def free_copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def write(path, text, mode="w"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, mode) as file:
        file.write(text)
