# SPDX-License-Identifier: MIT
"""What lies in the worktrees of a case and is in no commit: changes of files
that git knows, files that it does not, what is under way there.
"""

import os


class Dirt:
    """What is put there; what has to be said of it goes to the case."""

    def __init__(self, case):
        self.case, self.rng = case, case.rng

    def has(self, chance):
        return self.rng.random() < chance

    def make(self):
        case = self.case
        for folder, branch in case.places.items():
            # the main one counts for all; others if the merge has to do with them
            counts = folder == case.main or branch is not None
            told = case.certain if folder == case.main else case.by_lane if counts else set()
            if self.has(0.035):
                self.change(folder)
                told.add("dirty_worktree")
            if self.has(0.015):
                self.begin(folder)
                told.add("under_way")
            if self.has(0.2):
                self.leave(folder)
            if branch == case.target and self.has(0.12):
                self.stand_in_the_way(folder)
            if self.has(0.01):
                self.hide(folder)
            if counts and self.has(0.015):
                case.git("sparse-checkout", "init", "--cone", where=folder)
                told.add("sparse_checkout")
                case.maybe.add("dirty_worktree")
            if counts and folder != case.main and self.has(0.02):
                case.git("worktree", "lock", "--reason", "mine", folder)

    def write(self, folder, name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def tracked(self, folder):
        """A file that is there as it was checked out."""
        names = self.case.git("ls-files", "-z", where=folder).split("\0")[:-1]
        names = [one for one in names if os.path.isfile(os.path.join(folder, one))
                 and not os.path.islink(os.path.join(folder, one))]
        return self.rng.choice(names)

    # -- changes -----------------------------------------------------------

    def change(self, folder):
        """Of what git knows; each makes it dirty."""
        git, name = self.case.git, self.tracked(folder)
        path = os.path.join(folder, name)
        kind = self.rng.choice(("edit", "stage", "both", "drop", "new", "intent", "mode",
                                "forget", "move", "link"))
        if kind in ("edit", "stage", "both"):
            self.write(folder, name, f"mine, {self.case.seed}\n")
            if kind != "edit":
                git("add", "--", name, where=folder)
            if kind == "both":
                self.write(folder, name, f"mine again, {self.case.seed}\n")
        elif kind == "drop":
            os.remove(path)
        elif kind in ("new", "intent"):
            self.write(folder, "staged new.c", "mine\n")
            git("add", *(["-N"] if kind == "intent" else []), "staged new.c", where=folder)
        elif kind == "mode":
            os.chmod(path, os.stat(path).st_mode ^ 0o111)
        elif kind == "forget":
            git("rm", "-q", "--cached", "--", name, where=folder)
            self.case.maybe.add("untracked_file")
        elif kind == "move":
            git("mv", "--", name, "moved by me", where=folder)
        else:
            os.remove(path)
            os.symlink("shared.c", path)
        self.case.note("dirty", folder=folder, kind=kind, name=name)

    def begin(self, folder):
        """Something that git has yet to finish."""
        case = self.case
        if self.has(0.5):
            case.git("bisect", "start", where=folder)
        else:
            tip = case.git("rev-parse", "HEAD", where=folder).strip()
            files = dict(case.store.commits[tip].files) if tip in case.store.commits else {}
            files["side.txt"] = ("100644", b"side\n")
            parent = case.store.commits[tip].parents[:1]
            side = case.store.commit(files, parent or [tip], "side")
            case.git("merge", "-q", "--no-ff", "--no-commit", side, where=folder, ok=(0, 1, 2, 128))
            if not os.path.exists(os.path.join(self.git_dir(folder), "MERGE_HEAD")):
                case.git("bisect", "start", where=folder)
            case.maybe |= {"dirty_worktree", "untracked_file"}
        case.note("under way", folder=folder)

    def git_dir(self, folder):
        return self.case.git("rev-parse", "--absolute-git-dir", where=folder).strip()

    # -- files that git does not know --------------------------------------

    def leave(self, folder):
        """Some that are in nobody's way."""
        for _ in range(self.rng.choice((1, 2))):
            name = self.rng.choice(("notes mine.txt", "build/out.o", "my folder/deep/it's",
                                    "src/w0/mine.o", "key.secret", "kitty-specs/mine.txt"))
            path = os.path.join(folder, name)
            above = os.path.realpath(os.path.dirname(path))
            try:
                os.makedirs(above, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                continue  # a file, or a link
            if not os.path.lexists(path) and above.startswith(os.path.realpath(folder)):
                self.write(folder, name, f"mine, {self.case.seed}\n")
        if self.has(0.3) and not os.path.lexists(os.path.join(folder, "empty")):
            os.mkdir(os.path.join(folder, "empty"))
        self.case.note("untracked", folder=folder)

    def stand_in_the_way(self, folder):
        """One where the merge writes, if it gets so far: the case is told where."""
        case = self.case
        have = case.files_at(case.target)
        new = sorted({path for branch in (case.mission.branch, *case.lane_branches())
                      if branch in case.refs for path in case.files_at(branch)} - set(have))
        new = [path for path in new if not os.path.lexists(os.path.join(folder, path))]
        if not new:
            return
        path = self.rng.choice(new)
        kind = self.rng.choice(("file", "file", "ignored", "folder", "above", "link"))
        name = path
        if kind in ("above", "link") and "/" in path:
            name = path.rsplit("/", 1)[0]
            while "/" in name and not os.path.isdir(os.path.join(folder, os.path.dirname(name))):
                name = os.path.dirname(name)
        full = os.path.join(folder, name)
        if os.path.lexists(full) or not os.path.isdir(os.path.dirname(full) or folder):
            name, full = path, os.path.join(folder, path)
        try:
            if kind == "folder":
                self.write(folder, f"{name}/mine", "mine\n")
            elif kind == "link":
                os.makedirs(os.path.dirname(full), exist_ok=True)
                os.symlink(case.env["HOME"], full)
            else:
                self.write(folder, name, "mine\n")
        except (FileExistsError, NotADirectoryError):
            return
        if kind == "ignored":
            case.ignore(f"/{name}".replace("\\", "\\\\").replace("[", "\\["))
        case.in_the_way.append((folder, path))
        case.note("in the way", folder=folder, path=path, name=name, kind=kind)

    def hide(self, folder):
        """A change that git was told not to look at."""
        name = self.tracked(folder)
        how = self.rng.choice(("--assume-unchanged", "--skip-worktree"))
        self.case.git("update-index", how, "--", name, where=folder)
        self.write(folder, name, "hidden\n")
        self.case.hidden.add((folder, name))
        self.case.maybe.add("hidden_change")
        self.case.note("hidden", folder=folder, name=name, how=how)
