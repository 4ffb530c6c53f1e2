# SPDX-License-Identifier: MIT
"""What the gates add to a push and a merge, in repositories that have nothing
to do with missions, and in those that do."""

import os
import shutil
import subprocess

from events import event_line, plain_repository
from harness import (TOOLS, Sample, environment, free_copy, heading, play, row,
                     scratch, sh, write)

LOG = "kitty-specs/007-mission/status.events.jsonl"
NONE = "0" * 40


def hook(path, home, name, *args, text="", env=None):
    """A function that runs a hook as git would, told `text`."""
    feed = os.path.join(scratch, "feed")
    out = os.path.join(scratch, "sample")

    def run():
        write(feed, text)
        with open(feed) as given:
            subprocess.run(
                [os.path.join(TOOLS, "spawn"), out, ".git/hooks/" + name, *args],
                cwd=path, check=True, stdin=given, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment(home), **(env or {})})
        sample = Sample(open(out).read())
        assert sample.status == 0, (name, sample.status)
        return sample

    return run


class Clone:
    """A clone with a remote, a commit that is not there yet, and hooks."""

    def __init__(self, base, name, setup):
        self.path = os.path.join(scratch, "gate-" + name)
        self.home = self.path + "-home"
        os.makedirs(self.home)
        free_copy(base, self.path)
        sh("git remote add origin . && git update-ref refs/remotes/origin/main"
           " HEAD", self.path)
        if setup:
            sh(setup, self.path, self.home)

    def change(self, name, text):
        write(f"{self.path}/{name}", text, "a")
        sh(["git", "add", name], self.path)
        sh("GIT_SK=0 git commit -q --no-verify -m change", self.path, self.home)

    def push(self):
        now, old = (sh(["git", "rev-parse", rev], self.path).strip()
                    for rev in ("HEAD", "refs/remotes/origin/main"))
        return hook(self.path, self.home, "pre-push", "origin", "url",
                    text=f"refs/heads/main {now} refs/heads/main {old}\n")

    def merge(self):
        other = sh("git rev-parse HEAD", self.path).strip()
        sh("git checkout -q -b other HEAD~1", self.path)
        self.change("src/other.txt", "other\n")
        return hook(self.path, self.home, "pre-merge-commit",
                    env={f"GITHEAD_{other}": "topic",
                         "GIT_INDEX_FILE": ".git/index"})


def nothing(clone, name):
    shutil.copy(os.path.join(TOOLS, "nop"), f"{clone.path}/.git/hooks/{name}")


def bench_gate():
    base = os.path.join(scratch, "gate-base")
    plain_repository(base)
    ours = {}
    for name in ("plain", "mission", "merge"):
        ours[name] = Clone(base, name, "git sk-setup")
        ours[name].change(LOG if name == "mission" else "src/d1/f1.txt",
                          event_line("007-mission"))
    nop = Clone(base, "nop", None)
    nothing(nop, "pre-push")
    rows = {
        "pre-push that does nothing": nop.push(),
        "git-sk's pre-push, no mission touched": ours["plain"].push(),
        "git-sk's pre-push, mission touched": ours["mission"].push(),
        "git-sk's pre-merge-commit, none touched": ours["merge"].merge(),
    }
    many = Clone(base, "many", "git sk-setup")
    many.change("src/d1/f1.txt", "change\n")
    now = sh("git rev-parse HEAD", many.path).strip()
    rows["git-sk's pre-push, 10,000 new branches"] = hook(
        many.path, many.home, "pre-push", "origin", "url",
        text="".join(f"refs/heads/b{i} {now} refs/heads/b{i} {NONE}\n"
                     for i in range(10000)))
    if shutil.which("git-lfs"):
        lfs = Clone(base, "lfs", "git lfs install --local")
        lfs.change("src/d1/f1.txt", "change\n")
        rows["git-lfs's pre-push"] = lfs.push()
    samples = play(rows, 40)
    heading("gates, run as git runs them, 40 rounds; ms")
    for name in rows:
        row(name, [sample.wall for sample in samples[name]], 1e3)
    if "git-lfs's pre-push" not in rows:
        print("  git-lfs: not installed; ./install.sh --deps bench")
