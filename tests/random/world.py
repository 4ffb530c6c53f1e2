# SPDX-License-Identifier: MIT
"""Two sides of one history: every git command runs in both, with git-sk's hooks
on one of them. They must not differ in anything a person can see.

A side is a folder with a repository `repo`, its linked worktrees, the bare
repository `origin.git` and a second clone `other`, all reached by relative
paths: what the two sides print differs in the name of the side alone.
"""

import glob
import os
import re
import shutil
import sqlite3
import subprocess
from collections import namedtuple

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, os.environ.get("BUILD", "build"))

OURS, TWIN = "sk", "tw"  # of one length: git lays some of its output out
NOBODY = "0" * 40
START = 1777600000  # May 2026, where the clock of every history begins

CONFIG = """[user]
	name = Tester
	email = tester@example.com
[init]
	defaultBranch = main
[core]
	abbrev = 12
[advice]
	detachedHead = false
[gc]
	auto = 0
	reflogExpire = never
	reflogExpireUnreachable = never
[maintenance]
	auto = false
[pull]
	rebase = false
[sk]
	flush = off
"""

# How a step runs without the hooks: environment, options of git.
HOOKS = {
    "on": ({}, ()),
    "off": ({"GIT_SK": "0"}, ()),
    "path": ({}, ("-c", "core.hooksPath=/dev/null")),
    "skip": ({"GIT_SK_SKIP": "post-commit,post-merge,post-rewrite,post-checkout"}, ()),
}

HOOK_LINE = re.compile(r"(?:warning: post-[a-z]+ hook|git-sk): .*\n")
UNREADABLE = re.compile(r"commit ([0-9a-f]+): (\S+):([0-9]+) cannot be read")

Result = namedtuple("Result", "status out err")


class Difference(Exception):
    """The sides went apart; nothing after this would mean anything."""


class World:
    def __init__(self, folder, say):
        self.folder = folder
        self.say = say
        self.now = START
        self.zone = "+0000"
        self.author_shift = 0
        self.hooks = "on"
        self.is_set_up = False
        self.locked = None
        self.is_unreadable = None  # asked for a commit, path and line
        self.failed = False  # the last command of git did
        self.on_git = None  # called after each command, with its words
        self.noise = []  # what hooks said for no reason
        for side in (OURS, TWIN):
            os.makedirs(os.path.join(folder, side, "home"))
        with open(os.path.join(folder, "gitconfig"), "w") as file:
            file.write(CONFIG)
        drop = ("GIT_", "SPEC_", "XDG_")
        self.base = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
        self.base.update(
            GIT_CONFIG_NOSYSTEM="1",
            GIT_CONFIG_GLOBAL=os.path.join(folder, "gitconfig"),
            GIT_EDITOR=":",
            GIT_TERMINAL_PROMPT="0",
            TZ="UTC",
            LC_ALL="C.UTF-8",
            PATH=os.path.join(BUILD, "bin") + ":" + os.environ["PATH"],
        )

    # -- paths and files ---------------------------------------------------

    def path(self, *parts, side=OURS):
        return os.path.join(self.folder, side, *parts)

    def git_dir(self, place):
        """Of a worktree: `repo`, or the name of a linked one."""
        if place in ("repo", "other"):
            return self.path(place, ".git")
        return self.path("repo", ".git", "worktrees", place)

    def has(self, place, name):
        return os.path.exists(os.path.join(self.git_dir(place), name))

    def worktrees(self):
        """The linked ones that are there, by name."""
        found = glob.glob(self.path("repo", ".git", "worktrees", "*"))
        names = sorted(os.path.basename(path) for path in found)
        return [name for name in names if os.path.isdir(self.path(name))]

    def read(self, place, name):
        try:
            with open(self.path(place, name), "rb") as file:
                return file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def write(self, place, name, data):
        self.say(f"  write {place}/{name} {data!r}")
        for side in (OURS, TWIN):
            path = self.path(place, name, side=side)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)

    def remove(self, place, name):
        self.say(f"  rm -rf {place}/{name}")
        for side in (OURS, TWIN):
            path = self.path(place, name, side=side)
            if os.path.isdir(path):
                shutil.rmtree(path)
            elif os.path.exists(path):
                os.remove(path)

    def move(self, place, old, new):
        self.say(f"  mv {place}/{old} {place}/{new}")
        for side in (OURS, TWIN):
            target = self.path(place, new, side=side)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(self.path(place, old, side=side), target)

    def listing(self, place, folder):
        """The names in a folder of a work tree; none when it is not there."""
        try:
            return sorted(os.listdir(self.path(place, folder)))
        except (FileNotFoundError, NotADirectoryError):
            return []

    # -- commands ----------------------------------------------------------

    def environment(self, side, extra=None):
        date = f"@{self.now} {self.zone}"
        author = f"@{max(0, self.now + self.author_shift)} {self.zone}"
        home = self.path("home", side=side)
        env = dict(self.base, HOME=home, GIT_SK_HOME=os.path.join(home, ".spec-kitty"))
        env.update(GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=author)
        env.update(extra or {})
        return env

    def start(self, side, place, args, env):
        return subprocess.Popen(
            ["git", *args],
            cwd=self.path(place, side=side),
            env=self.environment(side, env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def finish(self, side, process):
        out, err = process.communicate(timeout=60)
        root = self.path(side=side).rstrip("/")
        texts = [text.decode("utf-8", "replace").replace(root, "<side>") for text in (out, err)]
        return Result(process.returncode, *texts)

    def git(self, place, *args, env=None):
        """Run in both sides; what the first one said, without our hooks' lines."""
        extra, options = HOOKS[self.hooks]
        extra = dict(extra, **(env or {}))
        words = " ".join(f"{k}={v!r}" for k, v in extra.items())
        self.say(f"  {place}: @{self.now}{self.author_shift:+d} {words} git {' '.join(args)}")
        args = options + args
        running = [(side, self.start(side, place, args, extra)) for side in (OURS, TWIN)]
        ours, twin = [self.finish(side, process) for side, process in running]
        ours = self.without_warnings(ours)
        if ours != twin:
            raise Difference(f"git {' '.join(args)}: with hooks {ours}, without {twin}")
        self.compare_refs(place, args)
        self.failed = ours.status != 0
        if self.failed:
            self.say(f"    status {ours.status}: {(ours.err or ours.out).strip()[:100]!r}")
        if ours.status > 128:
            self.say(f"    {ours.err!r}")
        if self.on_git and place != "other":
            self.on_git(place, args[len(options) :], ours)
        self.now += 1 + len(args[-1]) % 3
        return ours

    def compare_refs(self, place, args):
        """Whatever it did quietly, it must have come to the same commits."""
        for clone in ("repo", "other"):
            ours, twin = [set(self.refs(clone, side).items()) for side in (OURS, TWIN)]
            if ours != twin:
                words = " ".join(args)
                raise Difference(f"{place}: git {words}: {clone} differs in {sorted(ours ^ twin)}")

    def without_warnings(self, result):
        """What a hook says is no difference; what it need not say is noted."""
        for line in HOOK_LINE.findall(result.err):
            self.say(f"    {line.strip()}")
            fault = UNREADABLE.search(line)
            is_due = self.locked and "is in use" in line
            if fault and self.is_unreadable:
                is_due = self.is_unreadable(*fault.groups())
            if not is_due:
                self.noise.append(line.strip())
            result = result._replace(err=result.err.replace(line, "", 1))
        return result

    def sk(self, place, *args, home=None):
        """A command of ours, in the side with the hooks alone."""
        self.say(f"  {place}: git {' '.join(args)}")
        env = {"GIT_SK_HOME": home} if home else {}
        return self.finish(OURS, self.start(OURS, place, args, env))

    # -- the queue ---------------------------------------------------------

    def queue_path(self, home=None):
        return os.path.join(home or self.path("home", ".spec-kitty"), "queue.db")

    def lock(self):
        """Another program is writing to the queue, until unlock()."""
        if self.locked or not os.path.exists(self.queue_path()):
            return
        self.say("  the queue is locked")
        self.locked = sqlite3.connect(self.queue_path(), isolation_level=None)
        self.locked.execute("BEGIN IMMEDIATE")

    def unlock(self):
        if self.locked:
            self.say("  the queue is free")
            self.locked.execute("ROLLBACK")
            self.locked.close()
            self.locked = None

    # -- where git stands --------------------------------------------------

    def refs(self, clone="repo", side=OURS):
        """Every ref of a repository, by default that with hooks: name -> id."""
        top = self.path(clone, ".git", side=side)
        found = {}
        packed = os.path.join(top, "packed-refs")
        if os.path.exists(packed):
            with open(packed) as file:
                for line in file:
                    if line[0] not in "#^":
                        oid, name = line.split()
                        found[name] = oid
        for folder, _, names in os.walk(os.path.join(top, "refs")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path) as file:
                    text = file.read().strip()
                if not text.startswith("ref:"):
                    found[os.path.relpath(path, top)] = text
        return found

    def branches(self):
        names = sorted(name for name in self.refs() if name.startswith("refs/heads/"))
        return [name[len("refs/heads/") :] for name in names]

    def head(self, place, refs=None):
        """(branch or None, id or None) of a worktree."""
        with open(os.path.join(self.git_dir(place), "HEAD")) as file:
            text = file.read().strip()
        if not text.startswith("ref: "):
            return None, text
        refs = self.refs() if refs is None else refs
        return text[len("ref: refs/heads/") :], refs.get(text[len("ref: ") :])

    def passed(self):
        """Every commit that any HEAD was ever moved to, by the reflogs."""
        top = self.path("repo", ".git")
        logs = [os.path.join(top, "logs", "HEAD")]
        logs += glob.glob(os.path.join(top, "worktrees", "*", "logs", "HEAD"))
        found = set()
        for path in logs:
            if os.path.exists(path):
                with open(path, "rb") as file:
                    found.update(line.split(b" ", 2)[1].decode() for line in file)
        return found - {NOBODY}
