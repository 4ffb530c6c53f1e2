# SPDX-License-Identifier: MIT
"""One repository with a mission to be merged, made of a number, and what has to
stand in the way of that: `certain` does, `maybe` may, nothing else does.
"""

import json
import os
import random
import subprocess

from mergemission import LINES, Mission, Worker, log_of
from mergestore import Store, put

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, os.environ.get("BUILD", "build"))

CONFIG = """[user]
	name = Tester
	email = tester@example.com
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
[maintenance]
	auto = false
[core]
	fsync = none
[sk]
	flush = off
"""

# Names of the target that a shell minds.
TARGETS = ("main",) * 12 + ("release/1.0", "it's", 'a"b', "-dash", "$(touch${IFS}x)")
FOLDERS = ("repo",) * 8 + ("a repo's", 'the "repo"')


class Case:
    def __init__(self, seed, folder, say=lambda line: None):
        self.seed, self.folder, self.say = seed, folder, say
        self.rng = random.Random(f"merge/{seed}")
        self.certain, self.maybe = set(), set()
        self.by_lane = set()  # certain as well, where it is known which lanes there are
        self.is_loose = False  # anything else may be in the way, too
        self.places = {}  # folders of worktrees: the branch there, or None
        self.hidden = set()  # worktrees, and changed files that git does not look at
        self.in_the_way = []  # where nobody may write: worktree and path there
        self.refs, self.included, self.missing = {}, set(), set()
        self.options = []
        self.remote = self.remote_name = self.rejected = None
        self.follows = self.is_unfetched = self.is_landed = False
        home = os.path.join(folder, "home")
        os.makedirs(home)
        with open(os.path.join(folder, "gitconfig"), "w", encoding="utf-8") as file:
            file.write(CONFIG)
        drop = ("GIT_", "SPEC_", "XDG_")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
        self.env.update(
            HOME=home,
            GIT_CONFIG_NOSYSTEM="1",
            GIT_CONFIG_GLOBAL=os.path.join(folder, "gitconfig"),
            GIT_SK_HOME=os.path.join(home, ".spec-kitty"),
            GIT_EDITOR=":",
            GIT_TERMINAL_PROMPT="0",
            TZ="UTC",
            LC_ALL="C.UTF-8",
            PATH=os.path.join(BUILD, "bin") + ":" + os.environ["PATH"],
        )

    # -- git ---------------------------------------------------------------

    def run(self, args, where=None, data=None, env=None):
        """What became of a command."""
        return subprocess.run(args, cwd=where or self.main, input=data, env=env or self.env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def git(self, *args, where=None, data=None, ok=(0,)):
        """What it prints."""
        done = self.run(["git", *args], where, data)
        if done.returncode not in ok:
            raise RuntimeError(f"git {args}: {done.returncode} {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape")

    def ignore(self, pattern):
        """In all worktrees."""
        path = os.path.join(self.main, ".git", "info", "exclude")
        with open(path, "a", encoding="utf-8") as file:
            file.write(pattern + "\n")

    def has(self, chance):
        return self.rng.random() < chance

    # -- history -----------------------------------------------------------

    def make(self):
        """All of it."""
        rng = self.rng
        self.main = os.path.join(self.folder, rng.choice(FOLDERS))
        self.algorithm = "sha256" if self.has(0.06) else "sha1"
        os.mkdir(self.main)
        self.git("init", "-q", f"--object-format={self.algorithm}", ".")
        self.store = Store(os.path.join(self.main, ".git", "objects"), self.algorithm)
        self.target = rng.choice(TARGETS)
        self.mission = Mission(rng, 1, self.target, True)
        self.others = [Mission(rng, n, self.target, False)
                       for n in range(2, rng.choices((2, 3, 4), (6, 3, 1))[0])]
        lanes = [self.mission.lane_branch(lane) for lane in self.mission.code_lanes()]
        names = [self.target, self.mission.branch, *lanes]
        self.workers = {name: Worker(f"w{i}", i) for i, name in enumerate(names)}
        self.clashes = rng.choice((0, 0, 0, 0.05, 0.2))
        self.is_coordinated = self.has(0.5)
        self.begin(lanes)
        self.work(names)
        self.decide()
        self.note("history", lanes=len(lanes), commits=len(self.store.commits),
                  coord=self.is_coordinated, clashes=self.clashes)

    def note(self, what, **more):
        self.say(f"{what}: " + " ".join(f"{k}={v}" for k, v in more.items()))

    def begin(self, lanes):
        rng = self.rng
        files = {".gitignore": ("100644", b"*.o\n"), "code.c": ("100644", b"code\n" * 9)}
        lines = "".join(f"shared {i}\n" for i in range(LINES * len(self.workers)))
        files["shared.c"] = ("100644", lines.encode())
        files["run.sh"] = ("100755", b"#!/bin/sh\n")
        files["data.bin"] = ("100644", bytes(range(256)))
        for worker in self.workers.values():
            files.update(worker.files())
        first = self.store.commit(files, [], "start")
        for mission in (self.mission, *self.others):
            files.update(mission.files())
        self.start_logs = files[log_of(self.mission.slug)]
        plan = self.store.commit(files, [first], "plan")
        self.refs[self.target] = self.refs[self.mission.branch] = plan
        if self.has(0.2):
            self.refs["elsewhere"] = first
        for lane in lanes:
            self.refs[lane] = rng.choice((self.refs[self.target], self.refs[self.mission.branch]))

    def commit(self, branch, files, subject, *parents):
        parents = [self.refs[branch], *parents]
        if files != self.store.commits[parents[0]].files or len(parents) > 1:
            self.refs[branch] = self.store.commit(files, parents, subject)

    def files_at(self, branch):
        return dict(self.store.commits[self.refs[branch]].files)

    def work(self, names):
        """People work at a time, and merge from one another."""
        rng = self.rng
        target, mission, lanes = names[0], names[1], names[2:]
        for _ in range(rng.randrange(4, 10 + 3 * len(lanes))):
            who = rng.choice(names)
            kind = rng.choices(("commit", "merge", "squash"), (10, 4, 0.3))[0]
            if kind == "commit":
                self.commit_some(who)
            elif kind == "squash":
                files = self.store.merged(rng, self.refs[target], self.refs[rng.choice(names[1:])])
                self.commit(target, files, "squashed")
            else:
                source = rng.choice([mission] * 3 + [target] * 2 + lanes)
                if who == target and not self.has(0.2):
                    continue
                self.merge(who, source)
        if self.has(0.07):  # each knows the other as it was
            one, other = self.refs[target], self.refs[mission]
            self.merge(target, mission, other)
            self.merge(mission, target, one)
            self.commit_some(target)
            self.commit_some(mission)

    def merge(self, who, source, tip=None):
        tip = tip or self.refs[source]
        if tip in self.store.ancestors(self.refs[who]):
            return
        files = self.store.merged(self.rng, self.refs[who], tip)
        subject = self.rng.choice((f"Merge {source} into {who}",
                                   f"Merge branch '{source}' into {who}"))
        self.commit(who, files, subject, tip)

    def commit_some(self, who):
        rng, files = self.rng, self.files_at(who)
        worker = self.workers[who]
        for _ in range(rng.choice((1, 1, 2, 3))):
            worker.change(files, rng, self.has(self.clashes))
        is_home = (who == self.mission.branch) if self.is_coordinated else who == self.target
        if self.has(0.5 if is_home else 0.15):
            self.mission.work(files)
        if self.others and self.has(0.1):
            rng.choice(self.others).work(files)
        if self.others and self.has(0.02):
            self.move_mission(files, f"kitty-specs/{rng.choice(self.others).slug}")
        if self.clashes and self.has(0.04):
            mission = rng.choice([self.mission] * 3 + self.others)
            kind = mission.spoil(files)
            self.maybe |= {"lost_events", "merge_conflict"} if kind else set()
        self.commit(who, files, f"work of {worker.name}")

    def move_mission(self, files, old):
        """Another one, with all that it has."""
        for path in [path for path in sorted(files) if path.startswith(old + "/")]:
            put(files, old + "-moved" + path[len(old):], *files.pop(path))
            self.maybe |= {"lost_events", "merge_conflict"}

    # -- how it ended ------------------------------------------------------

    def decide(self):
        """What became of the work packages, and of some files of the mission."""
        rng, mission = self.rng, self.mission
        home = mission.branch if self.is_coordinated else self.target
        if self.has(0.15):
            home = rng.choice((mission.branch, self.target))
        files, rows = self.files_at(home), b""
        for wp in sorted(mission.wps):
            lane = rng.choices(("approved", "done"), (8, 1))[0]
            if wp != "WP01" and self.has(0.02):
                lane = rng.choice(("canceled", "in_progress", "for_review", "blocked"))
            rows += mission.moved(wp, lane)
        mission.append(files, rows)
        self.review(files, home)
        self.commit(home, files, "decided")
        if self.has(0.01):
            path = f"kitty-specs/{mission.slug}/lanes.json"
            text = rng.choice((None, b"{\n"))
            for branch in (self.target, mission.branch, *self.lane_branches()):
                files = self.files_at(branch)
                files[path] = ("100644", text)
                if not text:
                    del files[path]
                self.commit(branch, files, "no lanes")
            self.certain.add("unreadable_lanes" if text else "missing_lanes")
            self.is_loose = True

    def lane_branches(self):
        return [self.mission.lane_branch(lane) for lane in self.mission.code_lanes()]

    def review(self, files, home):
        rng, mission = self.rng, self.mission
        wp = rng.choice(sorted(mission.wps))
        if not self.has(0.15):
            return
        verdict = "rejected" if self.has(0.3) else "approved"
        over = "review_artifact_override_actor: me\n" if self.has(0.4) else ""
        text = f"---\nverdict: {verdict}\n{over}---\n"
        put(files, f"kitty-specs/{mission.slug}/tasks/{wp}-x/review-cycle-2.md", "100644",
            text.encode())
        put(files, f"kitty-specs/{mission.slug}/tasks/{wp}-x/review-cycle-1.md", "100644",
            b"---\nverdict: rejected\n---\n")
        if verdict == "rejected" and not over:
            self.rejected = wp, home

    # -- what that means ---------------------------------------------------

    def state(self):
        """Where each work package is by all logs of what is merged."""
        rows = {}
        for branch in (self.target, self.mission.branch, *self.lane_branches()):
            commit = self.store.commits.get(self.refs.get(branch))
            text = commit.files.get(log_of(self.mission.slug), ("", b""))[1] if commit else b""
            for line in text.splitlines():
                row = json.loads(line) if line.strip() else {}
                if row.get("to_lane"):
                    rows.setdefault(row["event_id"], row)
        state = dict.fromkeys(self.mission.wps, "planned")
        for row in sorted(rows.values(), key=lambda row: (row["at"], row["event_id"])):
            state[row["wp_id"]] = row["to_lane"]
        return state

    def is_canceled(self, lane):
        """Whether nothing of it is wanted."""
        return all(self.state_now[wp] == "canceled" for wp in self.mission.lanes[lane])

    def look_at_packages(self):
        """What is to be said of them."""
        state, good = self.state(), ("approved", "done")
        self.state_now = state
        for wp, lane in state.items():
            if lane not in good + ("canceled",):
                self.certain.add("unapproved_work_package")
            for on in self.mission.on[wp] if lane != "canceled" else ():
                if state[on] not in good:
                    self.certain.add("unmet_dependency")
        if self.rejected and state[self.rejected[0]] in good:
            # of one that the mission alone has nobody knows before it is merged
            self.maybe.add("rejected_review")
            if self.rejected[1] == self.target:
                self.certain.add("rejected_review")
