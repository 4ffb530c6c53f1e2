# SPDX-License-Identifier: MIT
"""One history of a repository, made of a number: what happens in it, step by
step, and what must be in the queue at its end.
"""

import json
import os
import random
import re
import shutil
import tempfile
import traceback

from oracle import Oracle, project_of_root
from rewriting import Rewriting, state
from verdict import Book, Problem, Verdict
from world import OURS, TWIN, Difference, World

WEIGHTS = dict(
    commit=14,
    empty=2,
    amend=4,
    part=1,
    stash=2,
    locked=0.7,
    branch=5,
    switch=6,
    detach=2,
    orphan=0.5,
    forget=2,
    reset=3,
    tag=0.5,
    merge=7,
    octopus=1,
    feature=2,
    worktree=2,
    no_worktree=1,
    other=9,
    push=2,
    pack=2,
    clock=1.5,
    rebase=4,
    list=3,
    fixup=2,
    cherry_pick=4,
    revert=2,
    am=2,
)

PROJECT = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


class History:
    def __init__(self, seed, steps=None, say=lambda line: None):
        self.seed, self.steps, self.say = seed, steps, say
        self.folder = tempfile.mkdtemp(prefix=f"git-sk-history-{seed}-")
        self.world = World(self.folder, say)
        self.world.on_git = self.after_git
        self.oracle = None
        self.before = set()  # commits that were there at setup
        self.passed_before = set()
        self.wanted = set()  # commits that a wake-up must have captured
        self.possible = set()  # commits made since the setup
        self.at_head, self.at_tips = set(), set()
        self.heads = {}
        self.project = None
        self.is_declared = False  # in a file, which not every branch has
        self.problems = []

    def random(self, what):
        """Each step has its own: one may be left out, the others stay."""
        return random.Random(f"{self.seed}/{what}")

    def run(self):
        """Play it; returns the problems. The folder stays until clean()."""
        try:
            self.play()
        except Difference as difference:
            self.problems.append(Problem("twin", str(difference)))
        except Exception:
            self.problems.append(Problem("driver", traceback.format_exc()))
        finally:
            self.world.unlock()
            if self.oracle:
                self.oracle.close()
        return self.problems

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- the course of it --------------------------------------------------

    def play(self):
        rng = self.random("plan")
        count = rng.randrange(10, 26)
        setup_at = 0 if rng.random() < 0.1 else rng.randrange(1, count - 4)
        self.begin(rng)
        for step in range(1, count + 1):
            if step > setup_at and not self.world.is_set_up:
                self.set_up(self.random("setup"))
            if self.steps is None or step in self.steps:
                self.step(step)
        self.end()

    def begin(self, rng):
        world = self.world
        for side in (OURS, TWIN):
            os.mkdir(world.path("repo", side=side))
        world.git("repo", "init", "-q")
        self.oracle = Oracle(world.path("repo"), world.environment(OURS))
        world.is_unreadable = self.oracle.is_unreadable
        kind = rng.choice(("config", "file", "root"))
        if kind == "config":
            world.git("repo", "config", "sk.projectUuid", PROJECT)
        elif kind == "file":
            self.is_declared = True
            text = f"project:\n  uuid: {PROJECT}\n  slug: some-project\n"
            world.write("repo", ".kittify/config.yaml", text.encode())
        if rng.random() < 0.75:
            world.git(".", "init", "-q", "--bare", "origin.git")
            world.git("repo", "remote", "add", "origin", "../origin.git")
            world.git(".", "clone", "-q", "origin.git", "other")
            # clone makes it absolute, and the messages of merges name it
            world.git("other", "config", "remote.origin.url", "../origin.git")

    def pick_place(self, rng):
        linked = self.world.worktrees()
        return rng.choice(linked) if linked and rng.random() < 0.35 else "repo"

    def step(self, number):
        rng, world = self.random(number), self.world
        place = self.pick_place(rng)
        world.hooks = rng.choices(("on", "off", "path", "skip"), (80, 8, 6, 6))[0]
        act = Rewriting(world, rng, place, number)
        if world.is_set_up and rng.random() < 0.04:
            self.set_up_hooks(place, "again")
        if state(world, place) and rng.random() < 0.7:
            self.say(f"step {number} in {place}: settle")
            act.settle()
            return
        if world.failed and rng.random() < 0.5:
            act.git("reset", "-q", "--hard")
        kinds = ["commit"]
        if self.world.head(place)[1]:
            kinds = list(WEIGHTS)
        kind = rng.choices(kinds, [WEIGHTS[one] for one in kinds])[0]
        self.say(f"step {number} in {place}: {kind}, hooks {world.hooks}")
        getattr(act, "act_" + kind)()

    def set_up(self, rng):
        """Everything that any ref or worktree reaches now was before; what is only
        stashed was not: it is still to be committed.
        """
        world, refs = self.world, self.world.refs()
        place = self.pick_place(rng)
        self.project = self.find_project("repo")  # the main worktree decides
        if self.is_declared and self.project != PROJECT:
            return  # set up where it is: what was derived gives way to it later
        self.say(f"setup in {place}")
        tips = [oid for name, oid in refs.items() if name != "refs/stash"]
        tips += [world.head(name, refs)[1] for name in ["repo"] + world.worktrees()]
        self.before = self.oracle.ancestors(filter(None, tips))
        for commit in self.before:
            self.oracle.transitions(commit)
        self.passed_before = world.passed()
        self.set_up_hooks(place, "setup")
        world.is_set_up = True

    def set_up_hooks(self, place, what):
        """Those that watch: what else we do to merges and pushes is no accident,
        and the other side has not got it.
        """
        for command in (("config", "sk.preflight.mission", "off"),
                        ("sk-setup", "-q", "--no-filters")):
            said = self.world.sk(place, *command)
            if said.status or said.out or said.err:
                self.problems.append(Problem("setup", f"{what}: {said}"))

    def find_project(self, place):
        """As it is settled at setup; None when nothing tells yet."""
        text = self.world.read(place, ".kittify/config.yaml")
        tip = self.world.head(place)[1]
        if text is None and tip:
            text = self.blob(tip, b".kittify", b"config.yaml")
        found = re.search(rb"uuid: (\S+)", text or b"")
        if found:
            return found.group(1).decode()
        with open(self.world.path("repo", ".git", "config")) as file:
            if PROJECT in file.read():
                return PROJECT
        if not tip:
            return None
        commits = [self.oracle.commit(one) for one in self.oracle.ancestors([tip])]
        roots = [(commit.time, commit.id) for commit in commits if not commit.parents]
        return project_of_root(min(roots)[1])

    def blob(self, commit, *path):
        oid = self.oracle.commit(commit).tree
        for part in path:
            entries = {name: entry for _, name, entry in self.oracle.tree(oid)}
            if part not in entries:
                return None
            oid = entries[part]
        return self.oracle.read(oid)[1]

    # -- what has to be captured -------------------------------------------

    def after_git(self, place, args, result):
        """Look at git after each command, before anything can be pruned."""
        world = self.world
        if not world.is_set_up:
            return
        refs = world.refs()
        old, heads = self.heads, {}
        for name in ["repo"] + world.worktrees():
            heads[name] = world.head(name, refs)[1]
        tips = {oid for name, oid in refs.items() if name.startswith("refs/heads/")}
        passed = world.passed() - self.passed_before
        passed |= set(filter(None, heads.values()))
        self.possible |= self.oracle.ancestors(tips | passed) - self.before
        # one in the middle of a rebase goes where no branch may ever go
        tips |= {oid for name, oid in heads.items() if oid and not state(world, name)}
        for commit in self.possible:
            self.oracle.transitions(commit)
        self.heads = heads
        head = heads.get(place)
        if head and result.status == 0 and self.is_wake_up(place, args, old.get(place), head):
            is_move = args[0] in ("switch", "checkout")
            if is_move or not self.touches_missions(old.get(place), head):
                tips = {head}
            wanted = self.oracle.ancestors(tips) - self.before
            if self.project and wanted - self.wanted:
                self.compare_now(wanted - self.wanted, " ".join(args))
            self.wanted |= wanted

    def compare_now(self, wanted, words):
        """What a wake-up must have captured is in the queue when git is done."""
        missing = set(self.oracle.ids(wanted, self.project))
        missing -= set(self.oracle.ids(self.before, self.project))
        missing -= set(Book(self.world.queue_path()).events)
        if missing:
            self.problems.append(Problem("late", f"after 'git {words}': {sorted(missing)}"))

    def is_wake_up(self, place, args, old, head):
        world = self.world
        if world.hooks != "on" or world.locked or state(world, place):
            return False
        if args[0] == "commit":
            return True
        if "--rebase" in args or head == old:
            return False
        return args[0] in ("merge", "pull", "switch", "checkout")

    def touches_missions(self, old, head):
        """A commit that does not may be passed at a glance, with all other tips."""
        commit = self.oracle.commit(head)
        sides = list(commit.parents) + ([old] if old and self.oracle.commit(old) else [])
        plans = [self.oracle.plan(one) for one in sides if self.oracle.commit(one)]
        return any(plan != self.oracle.plan(head) for plan in plans)

    def end(self):
        world, rng = self.world, self.random("end")
        if not world.is_set_up:
            self.set_up(rng)
        if not world.is_set_up:
            return
        for place in ["repo"] + world.worktrees():
            world.hooks = "on"
            Rewriting(world, rng, place, 900).settle(for_good=True)
        self.wake_up(rng)
        refs = world.refs()
        heads = [world.head(name, refs)[1] for name in ["repo"] + world.worktrees()]
        tips = {oid for name, oid in refs.items() if name.startswith("refs/heads/")}
        self.at_tips = self.oracle.ancestors(tips | set(filter(None, heads)))
        self.at_head = self.oracle.ancestors(filter(None, heads[:1]))
        self.wanted |= self.at_tips - self.before
        for name in ["repo"] + world.worktrees():
            world.git(name, "status", "--porcelain", "--branch")
        world.git("repo", "for-each-ref")
        self.judge(rng)

    def wake_up(self, rng):
        """The last one: after it nothing that a branch reaches is missing."""
        if rng.random() < 0.5:
            act = Rewriting(self.world, rng, "repo", 901)
            act.git("reset", "-q", "--hard")
            tip = self.world.head("repo")[1]
            act.edit(0)
            act.commit()
            made = self.world.head("repo")[1]
            if made != tip and self.touches_missions(tip, made):
                return
        said = self.world.sk("repo", "sk-sync", "now", "--json")
        if said.status not in (0, 1) or not json.loads(said.out):
            self.problems.append(Problem("now", str(said)))

    def judge(self, rng):
        self.problems += [Problem("hook said", line) for line in self.world.noise]
        verdict = Verdict(self)
        if not verdict.has_other_project:  # or every derived id differs
            verdict.compare()
        if not verdict.problems and self.at_tips:
            verdict.backfill()
            if rng.random() < 0.3 and verdict.project and not verdict.problems:
                verdict.second_clone()
        self.problems += verdict.problems
