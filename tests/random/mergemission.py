# SPDX-License-Identifier: MIT
"""Missions as merges have them: their files, their events, and what people who
work on them at a time commit.
"""

import json
import time

from mergestore import START, put

SUFFIXES = (".c", ".c", ".h", " x.c", "'s.c", '".c', "$(x).c", "-ü.c", ";.c")
LINES = 6  # of a shared file for each who works on it


def log_of(slug):
    return f"kitty-specs/{slug}/status.events.jsonl"


class Mission:
    """One with its lanes and work packages."""

    def __init__(self, rng, number, target, is_main):
        self.rng, self.target = rng, target
        name = rng.choice(("login", "search", "report-all", "a"))
        self.id = f"01KQ4ARB{number:018d}"
        self.mid8 = f"01KQ4AR{number}"
        self.slug = f"{number:03d}-{name}"
        if rng.random() < 0.3:
            self.id = f"{self.mid8}{number:018d}"
            self.slug = f"{name}-{self.mid8}"
        self.branch = f"kitty/mission-{self.slug}"
        if is_main and rng.random() < 0.2:
            self.branch += f"-{self.mid8}"
        self.lanes = {}  # id: work packages
        self.behind = {}  # id: lanes that it depends on
        self.on = {}  # work package: those that it depends on
        self.wps = {}  # where each is
        self.count = 0
        count = rng.choices((1, 2, 3, 4, 5, 6), (3, 4, 3, 1, 1, 1))[0] if is_main else 0
        for i in range(count):
            lane = f"lane-{chr(ord('a') + i)}"
            self.lanes[lane] = [self.new_wp() for _ in range(rng.choice((1, 1, 2)))]
            others = list(self.lanes)[:-1]
            self.behind[lane] = [one for one in others if rng.random() < 0.25]
            for one in self.behind[lane]:
                self.on[self.lanes[lane][0]].append(self.lanes[one][0])
        if rng.random() < 0.4 or not count:
            self.lanes["lane-planning"] = [self.new_wp()]
            self.behind["lane-planning"] = []

    def new_wp(self):
        wp = f"WP{len(self.wps) + 1:02d}"
        self.wps[wp], self.on[wp] = "planned", []
        return wp

    def code_lanes(self):
        return [lane for lane in self.lanes if lane != "lane-planning"]

    def lane_branch(self, lane):
        return f"kitty/mission-{self.slug}-{lane}"

    def order(self):
        """In which lanes are merged: as listed, each behind those it depends on."""
        listed, out = self.shuffled, []
        while len(out) < len(listed):
            free = [
                lane
                for lane in listed
                if lane not in out and all(one in out for one in self.behind[lane])
            ]
            out.append(free[0])
        return out

    # -- files -------------------------------------------------------------

    def files(self):
        """As they were when it was planned."""
        top = f"kitty-specs/{self.slug}"
        self.shuffled = list(self.lanes)
        if self.rng.random() < 0.3:
            self.rng.shuffle(self.shuffled)
        lanes = [
            dict(
                lane_id=lane,
                wp_ids=self.lanes[lane],
                write_scope=[],
                predicted_surfaces=[],
                depends_on_lanes=self.behind[lane],
                parallel_group=0,
            )
            for lane in self.shuffled
        ]
        meta = dict(
            created_at="2026-05-01T10:00:00+00:00",
            friendly_name=self.slug,
            mission_id=self.id,
            mission_number=None,
            mission_slug=self.slug,
            mission_type="software-dev",
            slug=self.slug,
            target_branch=self.target,
        )
        plan = dict(
            version=1,
            mission_slug=self.slug,
            mission_id=self.id,
            mission_branch=self.branch,
            target_branch=self.target,
            lanes=lanes,
            computed_at="x",
            computed_from="x",
        )
        out = {
            f"{top}/meta.json": json.dumps(meta, indent=2) + "\n",
            f"{top}/lanes.json": json.dumps(plan, indent=2) + "\n",
            f"{top}/spec.md": "# What\n",
        }
        for wp, on in self.on.items():
            text = f'---\nwork_package_id: {wp}\ntitle: "The {wp}"\n'
            text += "dependencies:\n" + "".join(f"- {one}\n" for one in on) if on else ""
            text += "execution_mode: planning_artifact\n" if wp in self.lanes.get(
                "lane-planning", ()
            ) else ""
            out[f"{top}/tasks/{wp}-x.md"] = text + f"---\n\n# {wp}\n"
        out = {path: ("100644", text.encode()) for path, text in out.items()}
        rows = b"".join(self.row(wp_id=wp, to_lane="planned") for wp in self.wps)
        out[log_of(self.slug)] = ("100644", rows)
        if self.rng.random() < 0.4:
            out[f"{top}/status.json"] = ("100644", b'{"event_count": 0}\n')
        return out

    # -- events ------------------------------------------------------------

    def stamp(self):
        """A time and an id, later than all before."""
        self.count += 1
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(START + self.count))
        return at + "+00:00", f"01KE{int(self.id[-4:]):04d}{self.count:018d}"

    def row(self, **fields):
        """A line of the log."""
        at, oid = self.stamp()
        row = dict(
            actor=self.rng.choice(("agent", "J\u00f6rg")),
            at=at,
            event_id=oid,
            evidence=None,
            execution_mode="worktree",
            force=False,
            from_lane=None,
            mission_slug=self.slug,
            reason=None,
            review_ref=None,
        )
        row.update(fields)
        return json.dumps(row, sort_keys=True).encode() + b"\n"

    def moved(self, wp, lane):
        """The line of a transition."""
        was, self.wps[wp] = self.wps[wp], lane
        return self.row(wp_id=wp, from_lane=was, to_lane=lane)

    def odd_row(self):
        """One that is no transition, or does not look like one."""
        at, oid = self.stamp()
        row = self.rng.choice(
            (
                dict(event_type="PlanStarted", event_id=oid, timestamp=at, payload={}),
                dict(kind="annotation", event_id=oid, at=at, text="caf\u00e9"),
                dict(type="RetrospectiveCaptured", event_id=oid, wp_id=None, at=at),
                dict(event_name="retrospective.completed", event_id=oid, at=at, payload={}),
                dict(event_type="DecisionPointOpened", payload={"n": self.count}),
                dict(something="unknown", n=self.count),
            )
        )
        line = json.dumps(row, ensure_ascii=self.rng.random() < 0.5).encode()
        return line + self.rng.choice((b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b" \n"))

    def append(self, files, data):
        """Put it behind what a log has."""
        path = log_of(self.slug)
        text = files.get(path, ("", b""))[1]
        if text and not text.endswith(b"\n"):
            text += b"\n"
        files[path] = ("100644", text + data)

    def work(self, files):
        """Some events as they happen while it is worked on."""
        rng, data = self.rng, b""
        for _ in range(rng.choice((1, 1, 2, 3))):
            if rng.random() < 0.3:
                data += self.odd_row()
            else:
                lane = rng.choice(("claimed", "in_progress", "for_review", "blocked"))
                data += self.moved(rng.choice(sorted(self.wps)), lane)
        text = files.get(log_of(self.slug), ("", b""))[1].splitlines(True)
        if text and rng.random() < 0.1:
            data += text[0] if text[0].endswith(b"\n") else b""  # once more
        if rng.random() < 0.1:
            data = data.rstrip(b"\n")
        self.append(files, data)
        path = f"kitty-specs/{self.slug}/status.json"
        if path in files and rng.random() < 0.5:
            files[path] = ("100644", b'{"event_count": %d}\n' % self.count)

    def spoil(self, files):
        """Take lines out of its log, or write them anew."""
        path = log_of(self.slug)
        lines = files.get(path, ("", b""))[1].splitlines(True)
        if not lines:
            return ""
        at = self.rng.randrange(len(lines))
        kind = self.rng.choice(("lost", "anew"))
        if kind == "lost":
            del lines[at]
        else:
            lines[at] = lines[at].replace(b'"agent"', b'"agent %d"' % self.count)
        files[path] = ("100644", b"".join(lines))
        return kind


class Worker:
    """Somebody who commits: a folder of files, and lines of what all share."""

    def __init__(self, name, number):
        self.name, self.number, self.made = name, number, 0

    def files(self):
        """What there is of the worker's from the beginning."""
        out = {}
        for suffix in (".c", "2.c", "/deep.h"):
            text = "".join(f"{self.name} line {i}\n" for i in range(12))
            out[f"src/{self.name}/file{suffix}"] = ("100644", text.encode())
        return out

    def own(self, files):
        return [
            path
            for path in sorted(files)
            if path.startswith((f"src/{self.name}/", f"moved-{self.name}/"))
        ]

    def change(self, files, rng, clash):
        """Change something; with `clash` what others have changed, maybe."""
        kinds = ("edit", "edit", "share", "share", "add", "add", "drop", "move", "turn",
                 "folder", "mode", "link", "deep", "flat")
        kind = rng.choice(kinds)
        paths = self.own(files)
        if clash:
            paths = [path for path in sorted(files) if not path.startswith((".", "kitty-specs"))]
            kind = rng.choice(kinds + ("common",))
        self.made += 1
        if not paths:
            kind = "add"
        getattr(self, kind)(files, rng, rng.choice(paths) if paths else None, clash)

    def text(self, rng):
        return f"{self.name} {self.made} {rng.randrange(1000)}\n".encode()

    def edit(self, files, rng, path, _clash):
        mode, data = files[path]
        lines = data.splitlines(True) or [b""]
        if mode == "120000":
            data = self.text(rng).strip()
        else:
            lines[rng.randrange(len(lines))] = self.text(rng)
            data = b"".join(lines)
        files[path] = (mode, data)

    def share(self, files, rng, path, clash):
        if "shared.c" not in files or files["shared.c"][0] == "120000":
            self.edit(files, rng, path, clash)
            return
        mode, data = files["shared.c"]
        lines = data.splitlines(True)
        at = LINES * self.number + rng.randrange(3)
        if clash:
            at = rng.randrange(max(len(lines), 1))
        if at < len(lines):
            lines[at] = self.text(rng)
        files["shared.c"] = (mode, b"".join(lines))

    def add(self, files, rng, _path, _clash):
        put(files, f"src/{self.name}/new{self.made}{rng.choice(SUFFIXES)}",
            rng.choice(("100644", "100644", "100755")), self.text(rng) * 3)

    def common(self, files, rng, _path, _clash):
        put(files, rng.choice(("common.txt", "common dir/x")), "100644", self.text(rng))

    def drop(self, files, _rng, path, _clash):
        del files[path]

    def move(self, files, _rng, path, _clash):
        put(files, f"moved-{self.name}/{self.made}-{path.split('/')[-1]}", *files.pop(path))

    def turn(self, files, rng, path, clash):
        self.edit(files, rng, path, clash)
        self.move(files, rng, path, clash)

    def folder(self, files, _rng, path, _clash):
        top = "/".join(path.split("/")[:-1]) or path
        for one in [one for one in sorted(files) if one.startswith(top + "/")]:
            put(files, f"moved-{self.name}/{self.made}{one[len(top):]}", *files.pop(one))

    def mode(self, files, _rng, path, _clash):
        mode, data = files[path]
        if mode != "120000":
            files[path] = ("100755" if mode == "100644" else "100644", data)

    def link(self, files, rng, path, _clash):
        if files[path][0] != "120000":
            put(files, path, "120000", rng.choice((b"shared.c", b"../nowhere", b"src")))

    def deep(self, files, rng, path, _clash):
        put(files, f"{path}/inner{self.made}", "100644", self.text(rng))

    def flat(self, files, rng, path, _clash):
        top = "/".join(path.split("/")[:-1])
        if top.count("/") > 0:
            put(files, top, "100644", self.text(rng))
