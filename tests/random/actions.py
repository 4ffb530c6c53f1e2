# SPDX-License-Identifier: MIT
"""What people do to a repository: commits, branches, merges, worktrees, other
clones. Whatever git makes of it, refusals too, it must do so on both sides.
"""

import os

import missions
from world import START

# Dates that somebody's clock, or a program, once wrote.
ODD_DATES = (1, 86400, 946684800, 2147483648, 4102444800, 253402300799, 99999999999, 10**14)


class Actions:
    """One step of a history: where it happens and what it may use."""

    def __init__(self, world, rng, place, step):
        self.world, self.rng, self.place, self.step = world, rng, place, step

    def git(self, *args, **kwargs):
        return self.world.git(self.place, *args, **kwargs)

    def fresh(self, kind):
        return f"{kind}{self.step}"

    def target(self):
        """Something to merge, to reset to, to build on: mostly a branch."""
        kinds = ["HEAD~1", "HEAD~2", "HEAD^2", "HEAD@{1}", "origin/main"]
        if self.rng.random() < 0.8:
            here = self.world.head(self.place)[0]
            kinds = [name for name in self.world.branches() if name != here]
        return self.rng.choice(kinds or ["HEAD"])

    def edit(self, code_share=0.25):
        """Change files; returns whether missions were touched."""
        kind = self.rng.random()
        if kind < code_share:
            name = self.rng.choice(("code.txt", "src/main.txt"))
            old = self.world.read(self.place, name) or b""
            self.world.write(self.place, name, old + b"line %d\n" % self.step)
            return False
        missions.edit(self.world, self.rng, self.place, self.step)
        return True

    def commit(self, *options):
        self.git("add", "-A")
        return self.git("commit", *options, "-m", f"step {self.step}")

    # -- commits -----------------------------------------------------------

    def act_commit(self):
        self.edit()
        self.commit()

    def act_empty(self):
        self.git("commit", "--allow-empty", "-q", "-m", f"empty {self.step}")

    def act_amend(self):
        if self.rng.random() < 0.6:
            self.edit()
        self.git("add", "-A")
        option = self.rng.choice(("--no-edit", "--reset-author", "--date=@1700000000 +0000"))
        self.git("commit", "--amend", "--no-edit", option)

    def act_part(self):
        """Several files changed, some of them committed, the others after."""
        self.edit(0)
        self.edit(1)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"part {self.step}", "--", "kitty-specs")
        self.git("commit", "-q", "-m", f"rest {self.step}", "-a")

    def act_stash(self):
        self.edit()
        self.git("stash", "push", "-u")
        if self.rng.random() < 0.4:
            self.edit(1)
            self.commit()
        if self.git("stash", "pop").status:
            self.git("reset", "-q", "--hard")
        if self.rng.random() < 0.6:
            self.commit()

    def act_locked(self):
        """Commits while another program holds the queue."""
        self.world.lock()
        self.edit(0)
        self.commit()
        if self.rng.random() < 0.3:
            self.git("switch", self.rng.choice(self.world.branches() or ["main"]))
        self.world.unlock()

    # -- branches and where HEAD is ----------------------------------------

    def act_branch(self):
        name = self.fresh("b")
        self.git("switch", "-c", name, *([self.target()] if self.rng.random() < 0.4 else []))
        if self.rng.random() < 0.7:
            self.edit(0.2)
            self.commit()

    def act_switch(self):
        self.git("switch", self.rng.choice(self.world.branches() or ["main"]))
        if self.rng.random() < 0.4:
            self.edit()
            self.commit()

    def act_detach(self):
        self.git("checkout", "-q", "--detach", self.target())
        if self.rng.random() < 0.6:
            self.edit(0.2)
            self.commit()
        if self.rng.random() < 0.5:
            self.git("switch", "-c", self.fresh("d"))

    def act_orphan(self):
        self.git("switch", "--orphan", self.fresh("o"))
        self.edit(0.2)
        self.commit()

    def act_forget(self):
        """A branch goes, or gets another name, or another tip."""
        names = self.world.branches() or ["main"]
        name = self.rng.choice(names)
        new = self.fresh("n")
        words = (("-D", name), ("-d", name), ("-m", name, new), ("-f", name, "HEAD"))
        self.git("branch", *self.rng.choice(words + (("-c", name, new),)))

    def act_reset(self):
        kind = self.rng.choice(("--soft", "--mixed", "--hard", "--hard"))
        self.git("reset", "-q", kind, self.target())
        if kind != "--hard" and self.rng.random() < 0.7:
            self.commit()

    def act_tag(self):
        self.git("tag", "-a", "-m", "a tag", self.fresh("t"))

    # -- merges ------------------------------------------------------------

    def act_merge(self):
        options = self.rng.choice(
            (
                ("--no-ff",),
                ("--ff",),
                ("--ff-only",),
                ("--squash",),
                ("--no-commit", "--no-ff"),
                ("-s", "ours"),
                ("-X", "theirs"),
                ("-X", "ours", "--no-ff"),
            )
        )
        self.git("merge", "--no-edit", "--allow-unrelated-histories", *options, self.target())
        if options[0] == "--squash":
            self.commit()
        elif options[0] == "--no-commit" and self.rng.random() < 0.8:
            if self.rng.random() < 0.4:
                self.edit(0.1)
            self.commit()

    def act_octopus(self):
        names = self.world.branches()
        picked = self.rng.sample(names, min(len(names), 3))
        if self.git("merge", "--no-edit", *picked).status:
            # what is left of a conflict has names of temporary files in it
            self.git("reset", "-q", "--hard")

    def act_feature(self):
        """A branch that is squashed into this one and thrown away."""
        name, (here, _) = self.fresh("f"), self.world.head(self.place)
        self.git("switch", "-c", name)
        for _ in range(2):
            self.edit(0.2)
            self.commit()
        self.git("switch", here or "main")
        if self.rng.random() < 0.4:
            self.edit(0.5)
            self.commit()
        self.git("merge", "--squash", name)
        self.commit()
        if self.rng.random() < 0.8:
            self.git("branch", "-D", name)

    # -- worktrees ---------------------------------------------------------

    def act_worktree(self):
        name = self.fresh("w")
        kind = self.rng.choice((("-b", name), ("--detach",), ("-q", "-b", name)))
        tip = [self.target()] if self.rng.random() < 0.4 else []
        made = self.world.git("repo", "worktree", "add", *kind, f"../{name}", *tip)
        if not made.status:
            Actions(self.world, self.rng, name, self.step).act_commit()

    def act_no_worktree(self):
        names = self.world.worktrees()
        if not names:
            return
        name = self.rng.choice(names)
        if self.rng.random() < 0.5:
            self.world.git("repo", "worktree", "remove", "--force", f"../{name}")
        else:
            self.world.remove(".", name)
            self.world.git("repo", "worktree", "prune", "-v")

    # -- other clones ------------------------------------------------------

    def other_commits(self):
        """Somebody else commits and pushes, without hooks."""
        if not os.path.exists(self.world.path("origin.git", "refs", "heads", "main")):
            self.git("push", "-q", "origin", "HEAD:refs/heads/main")
        other = Actions(self.world, self.rng, "other", self.step)
        other.git("pull", "-q", "--no-edit", "origin", "main")
        for _ in range(self.rng.choice((1, 1, 2))):
            other.edit(0.1)
            other.commit("-q")
        other.git("push", "-q", "origin", "HEAD:refs/heads/main")

    def act_other(self):
        if not self.world.has("other", "HEAD"):
            return
        if self.rng.random() < 0.9:
            self.other_commits()
        if self.rng.random() < 0.5:
            self.edit(0.5)
            self.commit()
        kind = self.rng.choice(("pull", "pull", "pull", "rebase", "fetch", "merge"))
        if kind == "pull":
            how = self.rng.choice(((), ("--no-ff",), ("--allow-unrelated-histories",)))
            self.git("pull", "--no-edit", *how, "origin", "main")
        elif kind == "rebase":
            self.git("pull", "--rebase", "origin", "main")
        else:
            self.git("fetch", "origin")
            if kind == "merge":
                self.git("merge", "--no-edit", "origin/main")

    def act_push(self):
        force = ["--force"] if self.rng.random() < 0.3 else []
        self.git("push", *force, "origin", "HEAD:refs/heads/main")

    # -- the machine -------------------------------------------------------

    def act_pack(self):
        kind = self.rng.choice(("gc", "prune", "repack", "refs"))
        if kind == "prune":
            self.git("reflog", "expire", "--expire=now", "--all")
            self.git("gc", "-q", "--prune=now")
        elif kind == "gc":
            self.git("gc", "-q")
        elif kind == "repack":
            self.git("repack", "-adq")
        else:
            self.git("pack-refs", "--all")

    def act_clock(self):
        """The clock goes wrong, or is put right, or an author's always was."""
        kind, world = self.rng.random(), self.world
        if kind < 0.5:
            world.now = max(1, world.now + self.rng.randrange(-10**6, 10**6))
        elif kind < 0.7:
            world.now = START + self.step * 100
            world.author_shift = 0
        elif kind < 0.85:
            world.now = self.rng.choice(ODD_DATES)
        else:
            world.author_shift = self.rng.choice((-3600, 10**5, -(10**8)))
        world.zone = self.rng.choice(("+0000", "+0530", "-1200"))
