"""How fast ``planparse clean`` is with one and two workers, against ``parse()`` in a loop, and what memory it takes.

Run: ``python tests/benchmarks/bench_clean.py [DOCUMENTS]``. Documents are generated plans of 3 KB (1,000
characters, by ``corpora/generate.py``) in one JSON lines file. ``parse()`` is measured before and after, the better
counts. Ratios within one run mean the same on a fast and on a slow machine. Memory is the most that was ever resident:
of the parent, and of the largest worker. Exit status 1 where a ratio or the memory is beyond its limit.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import planparse as pp

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "corpora"))
import generate  # noqa: E402

TWO_WORKERS, OF_PARSE = 1.8, 0.7
PARENT_MB, WORKER_MB = 600, 400
PARSED = 1000
SEED = 11
CODE = """
import resource, sys, time
from planparse.batch.run import clean_inputs
start = time.perf_counter()
counts = clean_inputs([sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]), time_limit=60.0)
seconds = time.perf_counter() - start
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
peaks, times = [one.ru_maxrss // 1024 for one in used], [one.ru_utime + one.ru_stime for one in used]
print(counts.documents, seconds, *peaks, *times)
"""


def document(number: int) -> str:
    """A plan of 3 KB."""
    text, _ = generate.plan(SEED, number)
    return text


def write(path: Path, documents: int) -> None:
    """Write so many plans as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            file.write(json.dumps({"id": number, "text": document(number)}, ensure_ascii=False) + "\n")


class Run(NamedTuple):
    """Documents, seconds, the most megabytes that the parent and a worker held, their seconds of processor time."""

    documents: int
    seconds: float
    parent_mb: int
    worker_mb: int
    parent_cpu: float
    workers_cpu: float


def clean(records: Path, out: Path, workers: int) -> Run:
    """One run of ``clean`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(records), str(out), str(workers)], check=True, capture_output=True, text=True
    )
    documents, seconds, parent, worker, parent_cpu, workers_cpu = done.stdout.split()
    return Run(int(documents), float(seconds), int(parent), int(worker), float(parent_cpu), float(workers_cpu))


def parse_rates(texts: list[str]) -> tuple[float, float]:
    """Documents of ``parse()`` alone a second, and a second of processor time."""
    start, used = time.perf_counter(), time.process_time()
    for text in texts:
        pp.parse(text)
    return len(texts) / (time.perf_counter() - start), len(texts) / (time.process_time() - used)


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    texts = [document(n) for n in range(PARSED)]
    pp.parse(texts[0])
    alone, by_processor = parse_rates(texts)
    rates, runs, beyond = {}, {}, False
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "plans.jsonl"
        write(records, number)
        for workers in (1, 2):
            run = clean(records, Path(folder) / f"out{workers}", workers)
            assert run.documents == number
            runs[workers] = run
            rates[workers] = number / run.seconds
            beyond = beyond or run.parent_mb > PARENT_MB or run.worker_mb > WORKER_MB
            print(
                f"{workers} workers: {number:,} documents in {run.seconds:.1f} s, {rates[workers]:.1f}/s; "
                f"parent {run.parent_mb} MB, {run.parent_cpu:.1f} s of processor; "
                f"workers {run.worker_mb} MB at most, {run.workers_cpu:.1f} s",
                flush=True,
            )
    alone, by_processor = map(max, zip((alone, by_processor), parse_rates(texts), strict=True))
    # Where others use the machine, only processor time can be compared: what two cores would do if they were free.
    free = 2 / (runs[2].parent_cpu + runs[2].workers_cpu)
    print(f"by processor time: parse() {by_processor:.1f}/s; two workers against one, on two free cores: ", end="")
    print(f"{free * runs[1].parent_cpu:.2f}; a worker against parse(): {free * number / 2 / by_processor:.2f}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"parse(): {alone:.1f}/s")
    print(f"two workers against one: {rates[2] / rates[1]:.2f} (at least {TWO_WORKERS})")
    print(f"a worker against parse(): {rates[2] / 2 / alone:.2f} (at least {OF_PARSE})")
    return int(beyond or rates[2] < TWO_WORKERS * rates[1] or rates[2] / 2 < OF_PARSE * alone)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
