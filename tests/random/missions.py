# SPDX-License-Identifier: MIT
"""What people and programs write below kitty-specs/: event logs, work package
files, whole missions that come, move and go; most of it as it should be.
"""

import json
import time

from oracle import LANES

PLAN = "kitty-specs"
NAMES = ("001-login", "002-search", "003-report", "new-01KE8Q2M")
LOG = "status.events.jsonl"


def log_name(mission):
    return f"{PLAN}/{mission}/{LOG}"


def missions(world, place):
    return world.listing(place, PLAN)


def with_logs(world, place):
    return [m for m in missions(world, place) if world.read(place, log_name(m)) is not None]


def wp_files(world, place, mission):
    """Every file in tasks/ and the folders there, and what is deeper by its folder."""
    tasks = f"{PLAN}/{mission}/tasks"
    found = []
    for name in world.listing(place, tasks):
        inner = world.listing(place, f"{tasks}/{name}")
        found += [f"{tasks}/{name}/{one}" for one in inner] or [f"{tasks}/{name}"]
    return found


def edit(world, rng, place, step):
    """Change something below kitty-specs; returns what was done."""
    kinds = dict(
        rows=9,
        lane=10,
        new=4,
        many=2,
        wp=4,
        odd_wp=3,
        torn=1,
        crlf=1,
        others=1,
        no_log=1,
        again=2,
        empty_log=1,
        move=1.5,
        archive=1,
        join=1,
        drop_wp=1,
        folder=1,
    )
    if not missions(world, place):
        kinds = dict(new=1)
    kind = rng.choices(list(kinds), kinds.values())[0]
    Edit(world, rng, place, step).run(kind)
    return kind


class Edit:
    def __init__(self, world, rng, place, step):
        self.world, self.rng, self.place, self.step = world, rng, place, step
        self.made = 0

    def run(self, kind):
        getattr(self, kind)()

    def read(self, name):
        return self.world.read(self.place, name)

    def write(self, name, data):
        self.world.write(self.place, name, data)

    def mission(self):
        return self.rng.choice(missions(self.world, self.place))

    def logged(self):
        """A mission with a log; any where there is none."""
        names = with_logs(self.world, self.place)
        return self.rng.choice(names) if names else self.mission()

    # -- logs --------------------------------------------------------------

    def row(self, mission, **fields):
        """A line of a log. Ids name the step, so that no step makes one twice."""
        rng = self.rng
        self.made += 1
        oid = f"01KE{rng.getrandbits(60):013d}"[:17] + f"{self.step:05d}{self.made:04d}"
        seconds = self.world.now + self.made
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(min(max(seconds, 0), 4e9)))
        row = {
            "actor": rng.choice(("agent", "claude:opus", "J\u00f6rg")),
            "at": at + "+00:00",
            "event_id": oid,
            "evidence": None,
            "execution_mode": "worktree",
            "force": rng.random() < 0.1,
            "from_lane": rng.choice((None, "genesis", "doing") + tuple(LANES)),
            "mission_slug": mission,
            "reason": None,
            "review_ref": None,
            "to_lane": rng.choice(LANES),
            "wp_id": f"WP{rng.randrange(1, 5):02d}",
        }
        row.update(fields)
        return json.dumps(row).encode() + b"\n"

    def append(self, mission, data):
        self.write(log_name(mission), (self.read(log_name(mission)) or b"") + data)

    def rows(self):
        mission = self.logged()
        count = self.rng.choice((1, 1, 1, 2, 3))
        self.append(mission, b"".join(self.row(mission) for _ in range(count)))

    def torn(self):
        """Lines that cannot be read, between some that can."""
        mission, rng = self.logged(), self.rng
        bad = rng.choice(
            (
                b'{"event_id": "01KE\n',
                b'{"wp_id": "WP01", "to_lane": "done", "event_id": "short"}\n',
                self.row(mission, to_lane="nowhere"),
                self.row(mission, wp_id=17),
                b"\xff\xfe not text\n",
                b"[1, 2]\n",
                self.row(mission)[:-1] + b" trailing\n",
            )
        )
        self.append(mission, self.row(mission) + bad + self.row(mission))

    def crlf(self):
        mission = self.logged()
        data = self.read(log_name(mission)) or b""
        self.write(log_name(mission), data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def others(self):
        """Rows of other kinds, blank lines, a last line without an end."""
        mission = self.logged()
        life = {"event_type": "SpecifyStarted", "event_id": "01KE" + "0" * 22, "payload": {}}
        name = {"event_name": "retrospective.captured", "at": "2026-05-01T10:00:00Z"}
        late = {"type": "RetrospectiveCaptured", "wp_id": None, "to_lane": "done", "event_id": "x"}
        lines = [json.dumps(one).encode() for one in (life, name, late)] + [b"", b" \t"]
        self.rng.shuffle(lines)
        last = self.row(mission)
        if self.rng.random() < 0.3:
            last = last.rstrip(b"\n")
        self.append(mission, b"\n".join(lines) + b"\n" + last)

    def no_log(self):
        self.world.remove(self.place, log_name(self.logged()))

    def empty_log(self):
        self.write(log_name(self.logged()), self.rng.choice((b"", b"\n", b" \n\r\n")))

    def again(self):
        """A log written anew: without its first lines, or with them turned round."""
        mission = self.logged()
        lines = (self.read(log_name(mission)) or b"").splitlines(True)
        if self.rng.random() < 0.5:
            lines = lines[len(lines) // 2 :]
        else:
            lines = lines[::-1]
        lines = [line if line.endswith(b"\n") else line + b"\n" for line in lines]
        self.write(log_name(mission), b"".join(lines) + self.row(mission))

    def join(self):
        """Two missions made one: the rows of the first go to the other's log."""
        old, new = self.logged(), self.mission()
        rows = self.read(log_name(old)) or b""
        if old != new:
            if rows and not rows.endswith(b"\n"):
                rows += b"\n"
            self.append(new, rows)
            if self.rng.random() < 0.7:
                self.world.remove(self.place, f"{PLAN}/{old}")

    # -- work package files ------------------------------------------------

    def front_matter(self, wp, lane):
        quote = self.rng.choice(("", '"', "'"))
        note = self.rng.choice(("", "", '  # DO NOT EDIT: "lane"'))
        return (
            f"---\nwork_package_id: {quote}{wp}{quote}\ntitle: Some work\n"
            f"lane: {quote}{lane}{quote}{note}\nhistory:\n- lane: planned\n---\n\n# {wp}\n"
        ).encode()

    def wp(self):
        mission, rng = self.mission(), self.rng
        wp = f"WP{rng.randrange(1, 6):02d}"
        name = f"{PLAN}/{mission}/tasks/{wp}-work.md"
        self.write(name, self.front_matter(wp, rng.choice(LANES)))

    def lane(self):
        """Move some work packages of one mission on."""
        mission, rng = self.mission(), self.rng
        names = [name for name in wp_files(self.world, self.place, mission) if name[-3:] == ".md"]
        if not names:
            return self.wp()
        for name in rng.sample(names, min(len(names), rng.choice((1, 1, 2)))):
            wp = name.rsplit("/", 1)[1][:4]
            lane = rng.choice(LANES + ["doing", "Done"])
            self.write(name, self.front_matter(wp, lane))
        return None

    def odd_wp(self):
        """Names, lanes and forms that a reader has to tell apart."""
        mission, rng = self.mission(), self.rng
        tasks = f"{PLAN}/{mission}/tasks"
        good = self.front_matter("WP02", "for_review")
        name, data = rng.choice(
            (
                ("WP02.md", good),
                ("WP02b.md", good),
                ("WP2-one.md", good),
                ("WP02_under.md", good.replace(b"\n", b"\r\n")),
                ("WP02.dot.md", b"\xef\xbb\xbf" + good),
                ("WP03-other-id.md", good),
                ("WP03-bad-id.md", good.replace(b"WP02", b"WP2")),
                ("WP04-lane-a.md", self.front_matter("WP04", "lane-a")),
                ("WP04-none.md", b"# no front matter\nlane: done\n"),
                ("WP04-open.md", good.replace(b"\n---\n", b"\n", 1)),
                ("WP05-twice.md", good.replace(b"title: Some work", b"lane: blocked")),
                ("WP05-hash.md", good.replace(b"for_review", b"done#not")),
                ("README.md", good),
                ("deep/er/WP06-deep.md", self.front_matter("WP06", "claimed")),
                ("doing/WP07-old.md", b"# in a folder of the old layout\n"),
                ("done/WP07-old.md", b"---\ntitle: x\n---\n"),
                ("planned/WP01-two.md", self.front_matter("WP01", "approved")),
                ("zz/WP01-two.md", self.front_matter("WP01", "canceled")),
                ("WP100-many.md", self.front_matter("WP100", "in_review")),
            )
        )
        self.write(f"{tasks}/{name}", data)

    def drop_wp(self):
        names = wp_files(self.world, self.place, self.mission())
        if names:
            self.world.remove(self.place, self.rng.choice(names))

    def folder(self):
        """The old layout: a work package goes from folder to folder."""
        mission = self.mission()
        names = wp_files(self.world, self.place, mission)
        if names:
            name = self.rng.choice(names)
            lane = self.rng.choice(("planned", "doing", "for_review", "done", "elsewhere"))
            self.write(f"{PLAN}/{mission}/tasks/{lane}/{name.rsplit('/', 1)[1]}", b"# moved\n")
            self.world.remove(self.place, name)

    # -- missions ----------------------------------------------------------

    def new(self):
        free = [name for name in NAMES if name not in missions(self.world, self.place)]
        mission = self.rng.choice(free or NAMES)
        meta = {"mission_slug": mission, "mission_type": "software-dev"}
        meta["created_at"] = "2026-05-01T10:00:00+00:00"
        self.write(f"{PLAN}/{mission}/meta.json", json.dumps(meta).encode() + b"\n")
        if self.rng.random() < 0.5:
            self.append(mission, b"".join(self.row(mission) for _ in range(2)))
        if self.rng.random() < 0.8:
            for wp in ("WP01", "WP02"):
                lane = self.rng.choice(LANES)
                name = f"{PLAN}/{mission}/tasks/{wp}-work.md"
                self.write(name, self.front_matter(wp, lane))

    def many(self):
        self.rows()
        self.lane()
        self.new()

    def move(self):
        old = self.mission()
        new = f"{old[:12]}-m{self.step}"
        self.world.move(self.place, f"{PLAN}/{old}", f"{PLAN}/{new}")
        if self.rng.random() < 0.4:
            self.append(new, self.row(new))

    def archive(self):
        old = self.mission()
        self.world.move(self.place, f"{PLAN}/{old}", f"archive/{old}-{self.step}")
