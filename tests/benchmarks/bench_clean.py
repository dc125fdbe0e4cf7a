"""How fast ``planparse clean`` is with one and two workers, against ``parse()`` in a loop, and what memory it takes.

Run: ``python tests/benchmarks/bench_clean.py [DOCUMENTS]``. Documents are generated plans of 3 KB (1,000 characters,
all different, by ``corpora/generate.py``) in one JSON lines file. ``parse()`` is measured before and after, the better
counts. Ratios within one run mean the same on a fast and on a slow machine. Memory is the most that was ever resident:
of the parent, and of the largest worker. Exit status 1 where a ratio or the memory is beyond its limit.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import planparse as pp

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "corpora"))
import generate  # noqa: E402

TWO_WORKERS, OF_PARSE = 1.8, 0.7
PARENT_MB, WORKER_MB = 600, 400
PARSED = 1000
CODE = """
import resource, sys, time
from planparse.batch.run import clean_inputs
start = time.perf_counter()
counts = clean_inputs([sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]), time_limit=60.0)
seconds = time.perf_counter() - start
peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(counts.documents, seconds, *peaks)
"""


def document(number: int) -> str:
    """A plan of 3 KB."""
    rng = random.Random(number)
    return generate.written(f"第{number}号工作计划", generate.clauses(rng, 1000), rng)


def write(path: Path, documents: int) -> None:
    """Write so many plans as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            file.write(json.dumps({"id": number, "text": document(number)}, ensure_ascii=False) + "\n")


def clean(records: Path, out: Path, workers: int) -> tuple[int, float, int, int]:
    """Documents, seconds, and the most megabytes that the parent and a worker held."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(records), str(out), str(workers)], check=True, capture_output=True, text=True
    )
    documents, seconds, parent, worker = done.stdout.split()
    return int(documents), float(seconds), int(parent), int(worker)


def parse_rate(texts: list[str]) -> float:
    """Documents a second of ``parse()`` alone."""
    start = time.perf_counter()
    for text in texts:
        pp.parse(text)
    return len(texts) / (time.perf_counter() - start)


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    texts = [document(n) for n in range(PARSED)]
    pp.parse(texts[0])
    alone = parse_rate(texts)
    rates, beyond = {}, False
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "plans.jsonl"
        write(records, number)
        for workers in (1, 2):
            documents, seconds, parent, worker = clean(records, Path(folder) / f"out{workers}", workers)
            assert documents == number
            rates[workers] = number / seconds
            beyond = beyond or parent > PARENT_MB or worker > WORKER_MB
            print(
                f"{workers} workers: {number:,} documents in {seconds:.1f} s, {rates[workers]:.1f}/s; "
                f"parent {parent} MB, worker {worker} MB at most",
                flush=True,
            )
    alone = max(alone, parse_rate(texts))
    print(f"parse(): {alone:.1f}/s")
    print(f"two workers against one: {rates[2] / rates[1]:.2f} (at least {TWO_WORKERS})")
    print(f"a worker against parse(): {rates[2] / 2 / alone:.2f} (at least {OF_PARSE})")
    return int(beyond or rates[2] < TWO_WORKERS * rates[1] or rates[2] / 2 < OF_PARSE * alone)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
