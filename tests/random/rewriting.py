# SPDX-License-Identifier: MIT
"""What people do to commits that are there already: rebase, cherry-pick, revert,
am, and getting out of what one of these stopped at.
"""

from actions import Actions

# (what git has in its folder, what goes on)
STATES = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("MERGE_HEAD", "merge"),
)

# Changes of the list of `rebase -i`, by sed.
TODOS = (
    "1s/^pick/drop/",
    "2s/^pick/drop/",
    "2s/^pick/squash/",
    "2s/^pick/fixup/",
    "2s/^pick/fixup -C/",
    "1{h;d};2{G}",
    "1s/^pick/edit/",
    "2s/^pick/edit/",
    "1a break",
    "1s/^pick/reword/",
    "1a exec git commit --allow-empty -q -m within",
)


def state(world, place):
    """What goes on in a worktree: rebase, am, ...; None for nothing."""
    for name, what in STATES:
        if world.has(place, name):
            return what
    return None


class Rewriting(Actions):
    def resolve(self):
        """Keep both sides of every conflict."""
        listed = self.git("diff", "--name-only", "--diff-filter=U", "-z")
        for name in filter(None, listed.out.split("\0")):
            data = self.world.read(self.place, name)
            if data is not None:
                marks = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
                lines = [one for one in data.splitlines(True) if not one.startswith(marks)]
                self.world.write(self.place, name, b"".join(lines))
        self.git("add", "-A")

    def settle(self, for_good=False):
        """Get out of what goes on here, in one of the ways there are."""
        for _ in range(6):
            what = state(self.world, self.place)
            if not what:
                return
            ways = ["resolve", "resolve", "resolve", "abort"]
            if not for_good:
                ways += ["leave", "leave", "hard"]
            if what not in ("merge",):
                ways += ["skip", "quit"]
            way = self.rng.choice(ways)
            if way == "leave":
                return
            if way == "hard":
                self.git("reset", "-q", "--hard")
                return
            if way == "resolve":
                self.resolve()
                self.git(what, "--continue")
            else:
                self.git(what, "--" + way)
        if state(self.world, self.place):
            self.git(state(self.world, self.place), "--quit")
            self.git("reset", "-q", "--hard")

    def onto(self, *args, env=None):
        """rebase, and what comes of it."""
        self.git("rebase", *args, env=env)
        if state(self.world, self.place) and self.rng.random() < 0.3:
            self.edit()
            self.commit()
        self.settle()

    def act_rebase(self):
        kind = self.rng.choice(("plain", "plain", "onto", "merges", "apply", "force", "dates"))
        target = self.target()
        if kind == "onto":
            self.onto("--onto", target, f"HEAD~{self.rng.randrange(1, 4)}")
        elif kind == "merges":
            self.onto("--rebase-merges", target)
        elif kind == "apply":
            self.onto("--apply", target)
        elif kind == "force":
            self.onto("-f", f"HEAD~{self.rng.randrange(1, 4)}")
        elif kind == "dates":
            self.onto("--committer-date-is-author-date", "-f", "HEAD~2")
        else:
            self.onto(target)

    def act_list(self):
        todo = self.rng.choice(TODOS)
        editor = {"GIT_SEQUENCE_EDITOR": f"sed -i -e '{todo}'"}
        self.onto("-i", f"HEAD~{self.rng.randrange(2, 4)}", env=editor)

    def act_fixup(self):
        self.edit()
        self.git("add", "-A")
        self.git("commit", "-q", "--fixup", f"HEAD~{self.rng.randrange(0, 2)}")
        if self.rng.random() < 0.8:
            self.onto("-i", "--autosquash", f"HEAD~{self.rng.randrange(2, 4)}")

    def act_cherry_pick(self):
        one = self.target()
        what = one if self.rng.random() < 0.5 else f"HEAD..{one}"
        if self.rng.random() < 0.2:
            what = f"{one}~2..{one}"
        self.git("cherry-pick", *(["-x"] if self.rng.random() < 0.3 else []), what)
        self.settle()

    def act_revert(self):
        what = self.rng.choice(("HEAD", "HEAD~1", "HEAD~2..HEAD", "HEAD~3..HEAD~1"))
        self.git("revert", "--no-edit", what)
        self.settle()

    def act_am(self):
        count = self.rng.randrange(1, 3)
        made = self.git("format-patch", f"-{count}", "--stdout", self.target())
        self.world.write(".", "patch.mbox", made.out.encode("utf-8", "replace"))
        self.git("am", *(["-3"] if self.rng.random() < 0.5 else []), "../patch.mbox")
        self.settle()
