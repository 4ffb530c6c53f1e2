# SPDX-License-Identifier: MIT
"""What a case of a merge finds besides its history: branches that are gone, a
remote, worktrees, files that nobody committed, and how the merge is asked for.
"""

import os

from mergedirt import Dirt


class Scene:
    """Set up around the history of a case."""

    def __init__(self, case):
        self.case, self.rng, self.git = case, case.rng, case.git
        self.mission, self.target = case.mission, case.target

    def make(self):
        self.lose_branches()
        case = self.case
        case.look_at_packages()
        case.git("update-ref", "--stdin", data="".join(
            f"create refs/heads/{name} {tip}\n" for name, tip in case.refs.items()).encode())
        self.add_remote()
        self.add_tools()
        self.check_out()
        Dirt(case).make()
        self.choose_options()

    def has(self, chance):
        return self.rng.random() < chance

    # -- branches ----------------------------------------------------------

    def lose_branches(self):
        """Some are gone: merged before, or not."""
        case, mission = self.case, self.mission
        if self.has(0.03):
            self.land()
            return
        for lane in mission.code_lanes():
            branch = mission.lane_branch(lane)
            merges = [commit for name in case.store.ancestors(case.refs[mission.branch])
                      for commit in [case.store.commits[name]]
                      if commit.subject.startswith((f"Merge {branch} into {mission.branch}",
                                                    f"Merge branch '{branch}'"))]
            is_in = case.refs[branch] in case.store.ancestors(case.refs[mission.branch])
            if merges and is_in and self.has(0.4):
                del case.refs[branch]
                case.included = case.included | {lane}
            elif not merges and self.has(0.015):
                del case.refs[branch]
                case.missing = case.missing | {lane}
        if self.has(0.06):
            del case.refs[mission.branch]
            case.certain.add("missing_mission_branch")
            case.missing, case.included = case.missing | case.included, set()
        state = case.state()
        for lane in case.missing:
            if any(state[wp] != "canceled" for wp in mission.lanes[lane]):
                case.by_lane.add("missing_lane_branch")

    def land(self):
        """It was merged, and cleaned up."""
        case, mission = self.case, self.mission
        for branch in (*case.lane_branches(), mission.branch):
            case.merge(self.target, branch)
            del case.refs[branch]
        files, rows = case.files_at(self.target), b""
        for wp in mission.wps:
            rows += mission.moved(wp, "done")
        mission.append(files, rows)
        case.commit(self.target, files, "done")
        case.maybe.add("rejected_review")  # that is told of a result
        case.is_landed = True

    # -- a remote ----------------------------------------------------------

    def add_remote(self):
        """A bare one, that has the target as it is, as it was, or as it will be."""
        case = self.case
        if not self.has(0.4):
            return
        case.remote = os.path.join(case.folder, "remote.git")
        os.mkdir(case.remote)
        case.git("init", "-q", "--bare", f"--object-format={case.algorithm}", ".",
                 where=case.remote)
        objects = os.path.join(case.remote, "objects")
        with open(os.path.join(objects, "info", "alternates"), "w", encoding="utf-8") as file:
            file.write(os.path.join(case.main, ".git", "objects") + "\n")
        name = self.rng.choice(("origin", "origin", "upstream"))
        tip = case.refs[self.target]
        how = self.rng.choices(("same", "ahead", "behind", "diverged", "unfetched"),
                               (5, 4, 0.7, 0.7, 1))[0]
        old = case.store.commits[tip].parents[0]
        there, known = tip, tip
        if how == "ahead":
            there = known = old
        elif how == "behind":
            there = known = self.more(tip)
        elif how == "diverged":
            there = known = self.more(old)
        elif how == "unfetched":
            there = self.more(tip, objects)
        follows = name == "origin" or self.has(0.8)
        case.git("update-ref", f"refs/heads/{self.target}", there, where=case.remote)
        case.git("update-ref", f"refs/remotes/{name}/{self.target}", known)
        self.git("config", f"remote.{name}.url", case.remote)
        self.git("config", f"remote.{name}.fetch", f"+refs/heads/*:refs/remotes/{name}/*")
        if self.has(0.5) or name != "origin" and follows:
            self.git("config", f"branch.{self.target}.remote", name)
            self.git("config", f"branch.{self.target}.merge", f"refs/heads/{self.target}")
            follows = True
        case.there, case.remote_name = there, name
        if follows and how in ("behind", "diverged"):
            case.certain.add(f"target_{how}")
        if self.has(0.3):
            case.options.append("--fetch")
            if follows and how == "unfetched":
                case.certain.add("target_behind")
        case.follows, case.is_unfetched = follows, how == "unfetched"
        case.note("remote", how=how, name=name, follows=follows)

    def more(self, tip, where=None):
        """A commit that somebody else has made."""
        case = self.case
        files = dict(case.store.commits[tip].files)
        files["theirs.txt"] = ("100644", b"theirs\n")
        return case.store.commit(files, [tip], "theirs", where)

    # -- our own programs --------------------------------------------------

    def add_tools(self):
        how = self.rng.choices(("none", "setup", "filters"), (6, 2, 1))[0]
        if how != "none":
            self.git("sk-setup", "-q", *(["--no-filters"] if how == "filters" else []))
        self.case.tools = how

    # -- worktrees ---------------------------------------------------------

    def check_out(self):
        """HEAD here, and linked ones."""
        case, rng, refs = self.case, self.rng, self.case.refs
        ways = ["target"] * 7 + ["detached", "elsewhere", "lane", "mission", "linked"]
        way = rng.choice(ways)
        lanes = [branch for branch in case.lane_branches() if branch in refs]
        here = {"target": self.target, "lane": lanes[0] if lanes else None,
                "mission": self.mission.branch, "elsewhere": "elsewhere"}.get(way)
        if here not in refs:
            here = None
        at = ["--detach", refs[self.target]] if here is None else []
        if here is None:
            self.git("checkout", "-q", *at)
        else:
            self.git("symbolic-ref", "HEAD", f"refs/heads/{here}")
            self.git("reset", "-q", "--hard")
        case.places[case.main] = here
        if self.has(0.5):
            with open(os.path.join(case.main, ".git/info/exclude"), "a", encoding="utf-8") as file:
                file.write(".worktrees/\n*.secret\n")
        for lane in self.mission.code_lanes():
            branch = self.mission.lane_branch(lane)
            if branch in refs and branch != here and self.has(0.5):
                name = f"{self.mission.slug}-{lane}"
                folder = os.path.join(case.main, ".worktrees", name)
                if self.has(0.08):
                    folder = os.path.join(case.folder, "elsewhere", f"a b's {lane}")
                self.link(folder, branch)
        if self.mission.branch in refs and here != self.mission.branch and self.has(0.3):
            self.link(os.path.join(case.main, ".worktrees", f"{self.mission.slug}-coord"),
                      self.mission.branch)
        if way == "linked":
            self.link(os.path.join(case.folder, "linked"), self.target)
        if self.has(0.1):
            self.link(os.path.join(case.folder, "bystander"), None)
        case.note("places", way=way, **{os.path.basename(p): b for p, b in case.places.items()})

    def link(self, folder, branch):
        case = self.case
        at = [branch] if branch else ["--detach", case.refs[self.target]]
        if branch and branch.startswith("-"):
            at = ["--detach", f"refs/heads/{branch}"]
        self.git("worktree", "add", "-q", folder, *at)
        if branch and branch.startswith("-"):
            self.git("symbolic-ref", "HEAD", f"refs/heads/{branch}", where=folder)
        case.places[folder] = branch

    # -- how it is asked for -----------------------------------------------

    def choose_options(self):
        case, rng = self.case, self.rng
        handles = [self.mission.slug] * 6 + [self.mission.id]
        case.handle = [rng.choice(handles)]
        if self.has(0.01):
            case.handle = ["no-such"]
            case.certain &= {"dirty_worktree", "under_way", "sparse_checkout"}
            case.certain.add("unresolved_mission")
            case.is_loose = True
        case.strategy = rng.choices(("squash", "merge", "rebase"), (6, 3, 2))[0]
        if case.strategy != "squash" or self.has(0.3):
            case.options += ["--strategy", case.strategy]
        if case.strategy == "rebase":
            case.maybe |= {"rebase_differs", "merge_conflict"}
        if self.has(0.02):
            case.options += ["--into", "no-such"]
            case.certain -= {"target_behind", "target_diverged", "rejected_review"}
            case.certain.add("missing_target_branch")
            case.is_loose = True
        elif self.has(0.15):
            case.options += ["--into", self.rng.choice(("", "refs/heads/")) + self.target]
        case.where = rng.choice([case.main] * 8 + list(case.places))
        below = os.path.join(case.where, "kitty-specs")
        if self.has(0.1) and os.path.isdir(below):
            case.where = below
        if self.has(0.2):
            case.options.append("--keep-branch")
        if self.has(0.2):
            case.options.append("--keep-worktree")
        if case.remote and case.follows and not case.is_unfetched and self.has(0.4):
            case.options.append("--push")
        case.note("asked", options=case.options, where=case.where,
                  handle=case.handle, tools=case.tools)
