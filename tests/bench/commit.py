# SPDX-License-Identifier: MIT
"""What a hook adds to git commit, in states that make it slow."""

import os
import random
import shutil
import statistics
import time

from events import event_line, plain_repository
from harness import (TOOLS, free_copy, heading, play, row, scratch, sh, timed, write)
from server import Server
from states import STATES, prepare


LOG = "kitty-specs/007-mission/status.events.jsonl"


class Committer:
    pause = 0.02  # what a hook left behind must not disturb the next commit

    def __init__(self, base, name, prepare=None):
        self.path = os.path.join(scratch, "commit-" + name)
        self.home = self.path + "-home"
        os.makedirs(self.home)
        free_copy(base, self.path)
        if prepare:
            prepare(self)

    def commit(self, mission):
        if mission:
            name, text = LOG, event_line("007-mission")
        else:
            name, text = "src/d1/f1.txt", f"{random.random()}\n"
        write(f"{self.path}/{name}", text, "a")
        sh(["git", "add", name], self.path, self.home)
        sample = timed(["git", "commit", "-q", "-m", "change"], self.path,
                       self.home)
        time.sleep(self.pause)
        return sample


def nop_hook(committer):
    shutil.copy(os.path.join(TOOLS, "nop"), committer.path + "/.git/hooks/post-commit")


def our_hooks(committer):
    sh(["git", "sk-setup"], committer.path, committer.home)


def our_hooks_and_a_login(server):
    def prepare(committer):
        our_hooks(committer)
        server.login(committer.home)
        committer.pause = 0.1

    return prepare


def lfs_hooks(committer):
    sh("git lfs install --local && git lfs track '*.bin' &&"
       " git add .gitattributes && git commit -q -m lfs",
       committer.path, committer.home)


def play_commits(rows, rounds):
    """{name: (committer, does the commit touch a mission)} -> samples"""
    return play({name: lambda c=c, m=m: c.commit(m)
                 for name, (c, m) in rows.items()}, rounds)


def add_row(name, samples, floor):
    added = [a.wall - b.wall for a, b in zip(samples, floor)]
    row(name, [sample.wall for sample in samples], 1e3,
        f"{statistics.median(added) * 1e3:+.2f}")


def bench_plain(base):
    bare, again = Committer(base, "bare"), Committer(base, "again")
    nop, ours = Committer(base, "nop", nop_hook), Committer(base, "ours", our_hooks)
    server = Server(Server.new_db(os.path.join(scratch, "commit-server.db")))
    sending = Committer(base, "sending", our_hooks_and_a_login(server))
    rows = {  # name: (committer, does the commit touch a mission)
        "no hook": (bare, False),
        "no hook, the same again": (again, False),
        "a static C hook that does nothing": (nop, False),
        "git-sk, no mission touched": (ours, False),
        "no hook, mission touched": (bare, True),
        "git-sk, mission touched": (ours, True),
        "git-sk, mission touched, and a sender": (sending, True),
    }
    if shutil.which("git-lfs"):
        rows["git-lfs"] = (Committer(base, "lfs", lfs_hooks), False)
    samples = play_commits(rows, 40)
    server.stop()
    heading("git commit, 40 rounds; ms; what is added is the median of the rounds",
            "added")
    for name, (_, mission) in rows.items():
        add_row(name, samples[name],
                samples["no hook, mission touched" if mission else "no hook"])
    if "git-lfs" not in rows:
        print("  git-lfs: not installed; ./install.sh --deps bench")


def bench_state(base, state, rounds):
    """The same commits with and without us, where there is much of something."""
    fill_queue = STATES[state][1]
    name = state.replace(" ", "-")
    ready = os.path.join(scratch, name)
    prepare(base, ready, state)
    bare, ours = Committer(ready, name + "-bare"), Committer(ready, name, our_hooks)
    if fill_queue:
        fill_queue(ours.home)
    rows = {"no hook": (bare, False), "git-sk, no mission touched": (ours, False),
            "no hook, mission touched": (bare, True),
            "git-sk, mission touched": (ours, True)}
    samples = play_commits(rows, rounds)
    heading(f"git commit with {state}, {rounds} rounds; ms", "added")
    for name, (_, mission) in rows.items():
        add_row(name, samples[name],
                samples["no hook, mission touched" if mission else "no hook"])
    for path in (ready, bare.path, ours.path):
        shutil.rmtree(path, ignore_errors=True)  # a hook may be at it


def bench_commit():
    base = os.path.join(scratch, "base")
    plain_repository(base)
    bench_plain(base)
    for state in STATES:
        bench_state(base, state, 20)
