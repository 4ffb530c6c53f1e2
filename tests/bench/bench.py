# SPDX-License-Identifier: MIT
"""What a commit, the gates, a merge, the backfill and the delivery cost, beside peers
that ran in the same minutes. Variants run once a round, in an order shuffled anew, so
that a machine that slows down slows all of them; what is compared is the
difference within a round. Milliseconds belong to this machine, ratios travel.

    bench.py <build folder> [commit|gate|merge|backfill|drain|task]...
"""

import os
import shutil
import sys
import time

from backfill import bench_backfill
from commit import bench_commit
from drain import bench_drain
from gate import bench_gate
from harness import scratch, write
from merge import bench_merge
from server import Server
from task import bench_task


def main():
    parts = {"commit": bench_commit, "gate": bench_gate,
             "merge": bench_merge, "backfill": bench_backfill,
             "drain": bench_drain, "task": bench_task}
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
