"""How fast ``planparse clean`` is with one and two workers, against ``parse()`` in a loop, and what memory it takes.

Run: ``python tests/benchmarks/bench_clean.py [PAGES]``. Pages are made from ``corpora/sample``, about 1,000 characters
each, all different. Ratios within one run mean the same on a fast and on a slow machine. Exit status 1 where a ratio is
under its limit.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import planparse as pp

ROOT = Path(__file__).parents[2]
TWO_WORKERS, OF_PARSE = 1.8, 0.7
CODE = """
import resource, sys, time
from planparse.batch.run import clean_inputs
start = time.perf_counter()
clean_inputs([sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]), time_limit=60.0)
seconds = time.perf_counter() - start
print(seconds, *(resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


def pages(number: int) -> list[str]:
    """Texts of about 1,000 characters, each with a number of its own."""
    sample = [pp.read(path).text for path in sorted((ROOT / "corpora" / "sample").glob("*.txt"))]
    return [f"第{n}号\n{sample[n % len(sample)]}" for n in range(number)]


def clean(records: Path, out: Path, workers: int) -> tuple[float, int, int]:
    """Seconds, and the most megabytes that the parent and a worker held."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(records), str(out), str(workers)], check=True, capture_output=True, text=True
    )
    seconds, parent, worker = done.stdout.split()
    return float(seconds), int(parent), int(worker)


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    texts = pages(number)
    pp.parse(texts[0])
    start = time.perf_counter()
    for text in texts[: number // 4]:
        pp.parse(text)
    parse_rate = (number // 4) / (time.perf_counter() - start)
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "pages.jsonl"
        with records.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
        for workers in (1, 2):
            seconds, parent, worker = clean(records, Path(folder) / f"out{workers}", workers)
            rates[workers] = number / seconds
            print(f"{workers} workers: {rates[workers]:.0f} pages/s; parent {parent} MB, worker {worker} MB at most")
    print(f"parse(): {parse_rate:.0f} pages/s")
    print(f"two workers against one: {rates[2] / rates[1]:.2f} (at least {TWO_WORKERS})")
    print(f"a worker against parse(): {rates[2] / 2 / parse_rate:.2f} (at least {OF_PARSE})")
    return int(rates[2] < TWO_WORKERS * rates[1] or rates[2] / 2 < OF_PARSE * parse_rate)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
