# SPDX-License-Identifier: MIT
"""What a commit, the backfill and the delivery cost, beside peers that ran in
the same minutes. Variants run once a round, in an order shuffled anew, so that
a machine that slows down slows all of them; what is compared is the difference
within a round. Milliseconds belong to this machine, ratios travel.

    bench.py <build folder> [commit|backfill|drain]...
"""

import glob
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, sys.argv[1])
TOOLS = os.path.join(BUILD, "tests", "bench")
BUNDLE = os.path.join(TOP, "..", "shared", "data", "history.bundle")
GZIP_LEVEL = "6"

scratch = tempfile.mkdtemp(prefix="git-sk-bench-")


class Sample:
    """One run: wall time and CPU time in seconds, peak memory in bytes."""

    def __init__(self, line):
        wall, cpu, rss, self.status = map(int, line.split())
        self.wall, self.cpu, self.rss = wall / 1e9, cpu / 1e6, rss * 1024


def environment(home):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "SPEC_"))}
    env.update(
        HOME=home,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_GLOBAL=os.path.join(scratch, "gitconfig"),
        LC_ALL="C.UTF-8",
        TZ="UTC",
        PATH=os.path.join(BUILD, "bin") + ":" + os.environ["PATH"],
    )
    return env


def sh(command, cwd=scratch, home=None, **kwargs):
    """A step that is not timed; its output is shown only when it fails."""
    result = subprocess.run(
        command, cwd=cwd, env=environment(home or scratch),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        shell=isinstance(command, str), **kwargs,
    )
    if result.returncode != 0:
        sys.exit(f"bench: {command} failed:\n{result.stdout}")
    return result.stdout


def timed(command, cwd=scratch, home=None):
    out = os.path.join(scratch, "sample")
    subprocess.run(
        [os.path.join(TOOLS, "spawn"), out, *command], cwd=cwd, check=True,
        env=environment(home or scratch), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(out + ".err", "w"),
    )
    sample = Sample(open(out).read())
    if sample.status != 0:
        sys.exit(f"bench: {command} failed:\n{open(out + '.err').read()}")
    return sample


def play(variants, rounds):
    """{name: function making one Sample} -> {name: [one Sample a round]}"""
    samples = {name: [] for name in variants}
    for number in range(rounds + 1):
        order = list(variants)
        random.shuffle(order)
        for name in order:
            sample = variants[name]()
            if number > 0:  # the first round warms caches
                samples[name].append(sample)
    return samples


def row(name, walls, unit, *more):
    """One line: median, p10 and p90 of wall times, and what else there is."""
    walls = sorted(wall * unit for wall in walls)
    tenth = len(walls) // 10
    digits = 2 if unit > 1 else 3
    print(f"  {name:42}{statistics.median(walls):9.{digits}f}"
          f"{walls[tenth]:9.{digits}f}{walls[-1 - tenth]:9.{digits}f}"
          + "".join(f"{text:>9}" for text in more), flush=True)


def heading(title, *columns):
    print(f"\n{title}\n\n  {'':42}" + "".join(
        f"{text:>9}" for text in ("median", "p10", "p90", *columns)), flush=True)


def free_copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


# -- git commit --------------------------------------------------------------

EVENT = {
    "actor": "bench", "at": "", "event_id": "", "evidence": None,
    "execution_mode": "worktree", "force": False, "from_lane": "planned",
    "mission_slug": "", "reason": None, "review_ref": None,
    "to_lane": "claimed", "wp_id": "WP01",
}
LANES = ["planned", "claimed", "in_progress", "for_review", "done"]
counter = 0


def event_line(mission):
    """A line of an event log, a new id each time."""
    global counter
    step = counter % 4
    event = dict(
        EVENT, mission_slug=mission, event_id="01KE%022d" % counter,
        at="2026-05-%02dT10:%02d:%02d+00:00"
        % (counter // 3600 % 28 + 1, counter // 60 % 60, counter % 60),
        wp_id="WP%02d" % (counter // 4 % 20 + 1),
        from_lane=LANES[step], to_lane=LANES[step + 1])
    counter += 1
    return json.dumps(event) + "\n"


def write(path, text, mode="w"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, mode) as file:
        file.write(text)


def plain_repository(path):
    """600 files, 40 missions, packed."""
    for i in range(600):
        write(f"{path}/src/d{i % 20}/f{i}.txt", f"{i}\n" * 20)
    for i in range(40):
        mission = f"{path}/kitty-specs/{i:03}-mission"
        write(f"{mission}/meta.json", json.dumps({
            "mission_slug": f"{i:03}-mission", "mission_type": "software-dev",
            "created_at": "2026-05-01T10:00:00+00:00"}))
        write(f"{mission}/status.events.jsonl",
              "".join(event_line(f"{i:03}-mission") for _ in range(40)))
    sh("git init -q && git add . && git commit -q -m base && git gc -q", path)


class Committer:
    pause = 0.02  # what a hook left behind must not disturb the next commit

    def __init__(self, base, name, prepare=None):
        self.path = os.path.join(scratch, "commit-" + name)
        self.home = self.path + "-home"
        os.makedirs(self.home)
        free_copy(base, self.path)
        if prepare:
            prepare(self)

    def commit(self, mission):
        if mission:
            write(f"{self.path}/kitty-specs/007-mission/status.events.jsonl",
                  event_line("007-mission"), "a")
        else:
            write(f"{self.path}/src/d1/f1.txt", f"{random.random()}\n", "a")
        sh(["git", "add", "-u"], self.path, self.home)
        sample = timed(["git", "commit", "-q", "-m", "change"], self.path,
                       self.home)
        time.sleep(self.pause)
        return sample


def nop_hook(committer):
    shutil.copy(os.path.join(TOOLS, "nop"), committer.path + "/.git/hooks/post-commit")


def our_hooks(committer):
    sh(["git", "sk-setup"], committer.path, committer.home)


def our_hooks_and_a_login(server):
    def prepare(committer):
        our_hooks(committer)
        server.login(committer.home)
        committer.pause = 0.1

    return prepare


def lfs_hooks(committer):
    sh("git lfs install --local && git lfs track '*.bin' &&"
       " git add .gitattributes && git commit -q -m lfs",
       committer.path, committer.home)


def bench_commit():
    base = os.path.join(scratch, "base")
    plain_repository(base)
    bare, again = Committer(base, "bare"), Committer(base, "again")
    nop, ours = Committer(base, "nop", nop_hook), Committer(base, "ours", our_hooks)
    server = Server(Server.new_db(os.path.join(scratch, "commit-server.db")))
    sending = Committer(base, "sending", our_hooks_and_a_login(server))
    rows = {  # name: (committer, does the commit touch a mission)
        "no hook": (bare, False),
        "no hook, the same again": (again, False),
        "a static C hook that does nothing": (nop, False),
        "git-sk, no mission touched": (ours, False),
        "no hook, mission touched": (bare, True),
        "git-sk, mission touched": (ours, True),
        "git-sk, mission touched, and a sender": (sending, True),
    }
    if shutil.which("git-lfs"):
        rows["git-lfs"] = (Committer(base, "lfs", lfs_hooks), False)
    samples = play({name: lambda c=c, m=m: c.commit(m)
                    for name, (c, m) in rows.items()}, 40)
    server.stop()
    heading("git commit, 40 rounds; ms; what is added is the median of the rounds",
            "added")
    for name, (_, mission) in rows.items():
        floor = samples["no hook, mission touched" if mission else "no hook"]
        added = [a.wall - b.wall for a, b in zip(samples[name], floor)]
        row(name, [s.wall for s in samples[name]], 1e3,
            f"{statistics.median(added) * 1e3:+.2f}")
    if "git-lfs" not in rows:
        print("  git-lfs: not installed; ./install.sh --deps bench")


# -- backfill ----------------------------------------------------------------

def history(path, commits, lines):
    """Commits that append `lines` events each, to missions in turn."""
    logs, stream = {}, []
    for i in range(commits):
        mission = f"{i % 100:03}-mission"
        log = logs[mission] = logs.get(mission, "") + "".join(
            event_line(mission) for _ in range(lines))
        stream.append(
            f"commit refs/heads/main\ncommitter A <a@example.com> {1777000000 + i}"
            f" +0000\ndata 0\nM 644 inline kitty-specs/{mission}/"
            f"status.events.jsonl\ndata {len(log)}\n{log}\n")
    sh(["git", "init", "-q", path])
    sh(["git", "fast-import", "--quiet"], path, input="".join(stream))
    sh(["git", "checkout", "-q", "-f", "main"], path)


def queue_of(home):
    found = sorted(glob.glob(home + "/.spec-kitty/queues/*.db")
                   or glob.glob(home + "/.spec-kitty/queue.db"))
    return found[-1]


def bench_backfill():
    repo, home = os.path.join(scratch, "history"), os.path.join(scratch, "history-home")
    os.makedirs(home)
    if os.path.exists(BUNDLE):
        sh(["git", "clone", "-q", "-b", "main", BUNDLE, repo])
    else:
        history(repo, 2000, 2)
    sh(["git", "sk-setup"], repo, home)
    fresh = home + "-now"

    def publish(*options):
        free_copy(home, fresh)
        return timed(["git-sk-sync", "backfill", *options], repo, fresh)

    commits = sh(["git", "rev-list", "--count", "HEAD"], repo).strip()
    rows = {
        "git log --raw --no-renames -- kitty-specs": lambda: timed(
            ["git", "log", "--raw", "--no-renames", "--", "kitty-specs"], repo),
        "git sk-sync backfill --dry-run": lambda: publish("--dry-run"),
        "git sk-sync backfill": lambda: publish(),
    }
    samples = play(rows, 9)
    publish()
    with sqlite3.connect(queue_of(fresh)) as db:
        events = db.execute("SELECT count(*) FROM queue").fetchone()[0]
    heading(f"backfill: {events} events of {commits} commits, 9 rounds; ms", "MiB")
    for name, list_ in samples.items():
        row(name, [s.wall for s in list_], 1e3,
            f"{max(s.rss for s in list_) / 2**20:.1f}")


# -- drain -------------------------------------------------------------------

class Server:
    """sk-ingestd on a port it keeps: the port is part of a queue's name."""

    port = 0
    running = None

    def __init__(self, db):
        port_file = os.path.join(scratch, "port")
        if os.path.exists(port_file):
            os.remove(port_file)
        self.process = subprocess.Popen(
            ["sk-ingestd", "serve", "--db", db, "--port", str(Server.port),
             "--port-file", port_file], env=environment(scratch), cwd=scratch,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(port_file) or not os.path.getsize(port_file):
            time.sleep(0.01)
            if self.process.poll() is not None:
                sys.exit("bench: sk-ingestd does not start")
        Server.running = self
        Server.port = int(open(port_file).read())
        self.url = f"http://127.0.0.1:{Server.port}"

    @staticmethod
    def new_db(path):
        sh(["sk-ingestd", "user", "add", "--db", path, "--password-stdin", "dev"],
           input="secret\n")
        return path

    def login(self, home):
        sh(["git", "sk-auth", "login", "--server", self.url, "--username", "dev",
            "--password-stdin"], home=home, input="secret\n")

    def ask(self, path, token=None, body=None):
        request = urllib.request.Request(self.url + path, data=body)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", "Bearer " + token)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                request) as response:
            return json.load(response)

    def stop(self):
        Server.running = None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Drain:
    """`count` events in the queue of somebody logged in, kept to be copied."""

    def __init__(self, count):
        self.count = count
        self.kept = os.path.join(scratch, f"drain-{count}")
        self.now = os.path.join(scratch, "drain-now")
        home, repo = self.kept + "/home", self.kept + "/repo"
        os.makedirs(home)
        server = Server(Server.new_db(self.kept + "/server.db"))
        server.login(home)
        self.token = server.ask(
            "/api/v1/token/", body=b'{"username": "dev", "password": "secret"}'
        )["access"]
        limits = server.ask("/api/v1/sync/health/", self.token)["sync_ingress"]["limits"]
        self.max_events = limits["max_events_per_batch"]
        self.max_bytes = min(
            limits["max_decompressed_bytes_per_batch"] * 9 // 10, 512 << 10)
        server.stop()
        write(home + "/.spec-kitty/config.toml", "[sync]\nmax_queue_size = 1000000\n")
        history(repo, 100, count // 100)
        sh(["git", "sk-setup"], repo, home)
        sh(["git", "sk-sync", "backfill"], repo, home)
        db = sqlite3.connect(queue_of(home))
        db.execute("DELETE FROM queue WHERE id NOT IN"
                   " (SELECT id FROM queue ORDER BY timestamp, id LIMIT ?)", (count,))
        db.commit()
        self.bytes = db.execute("SELECT avg(length(data)) FROM queue").fetchone()[0]
        db.close()
        shutil.rmtree(repo)

    def run(self, *command):
        free_copy(self.kept, self.now)
        server = Server(self.now + "/server.db")
        home = self.now + "/home"
        values = {
            "QUEUE": queue_of(home), "URL": server.url, "TOKEN": self.token,
            "EVENTS": str(self.max_events), "BYTES": str(self.max_bytes),
            "LEVEL": GZIP_LEVEL,
        }
        sample = timed([values.get(word, word) for word in command],
                       self.now, home)
        server.stop()
        for path, table, want in (("/server.db", "events", self.count),
                                  (queue_of(home)[len(self.now):], "queue", 0)):
            with sqlite3.connect(self.now + path) as db:
                got = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            if got != want:
                sys.exit(f"bench: {command[0]}: {got} rows in {table}, not {want}")
        return sample


def bench_drain():
    arguments = ["QUEUE", "URL", "TOKEN", "EVENTS", "BYTES", "LEVEL"]
    for count, rounds in ((1000, 7), (10000, 5), (100000, 3)):
        drain = Drain(count)
        rows = {
            "the least in C": [os.path.join(TOOLS, "floor"), *arguments],
            "git sk-sync now": ["git-sk-sync", "now"],
            "Python's own library": [
                sys.executable, os.path.join(TOP, "tests/bench/peer.py"), *arguments],
        }
        samples = play({name: lambda command=command: drain.run(*command)
                        for name, command in rows.items()}, rounds)
        heading(f"drain: {count} events of {drain.bytes:.0f} bytes, at most"
                f" {drain.max_events} or {drain.max_bytes} bytes at once,"
                f" {rounds} rounds; s", "times C", "CPU", "MiB")
        floor = samples["the least in C"]
        for name, list_ in samples.items():
            ratio = statistics.median(
                a.wall / b.wall for a, b in zip(list_, floor))
            row(name, [s.wall for s in list_], 1, f"{ratio:.2f}",
                f"{statistics.median(s.cpu for s in list_):.3f}",
                f"{max(s.rss for s in list_) / 2**20:.1f}")
        shutil.rmtree(drain.kept)


def main():
    parts = {"commit": bench_commit, "backfill": bench_backfill, "drain": bench_drain}
    wanted = sys.argv[2:] or list(parts)
    write(os.path.join(scratch, "gitconfig"),
          "[user]\nname = Bench\nemail = bench@example.com\n"
          "[init]\ndefaultBranch = main\n[gc]\nauto = 0\n")
    try:
        for part in wanted:
            parts[part]()
    finally:
        if Server.running:
            Server.running.stop()
        time.sleep(0.5)  # senders in the background end by themselves
        shutil.rmtree(scratch, ignore_errors=True)


main()
