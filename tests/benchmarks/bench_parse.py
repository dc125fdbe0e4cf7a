"""How long ``parse()`` takes, as a multiple of ``re.compile(r"\\d+").findall`` over the same text; and the import.

Run: ``python tests/benchmarks/bench_parse.py``. Ratios within one run mean the same on a fast and on a slow machine.
Exit status 1 where a ratio is over its limit.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import planparse as pp

ROOT = Path(__file__).parents[2]
REAL_PAGE = ROOT.parent / "shared" / "real" / "page.txt"
PARSE_LIMIT = 60.0
IMPORT_LIMIT = 0.2


def best(run: Callable[[], object], repeats: int = 7, at_least: float = 0.05) -> float:
    """Seconds of the fastest of several runs, each repeated until it lasts long enough to be timed."""
    number, fastest = 1, float("inf")
    while (elapsed := _time(run, number)) < at_least:
        number *= 2
    fastest = elapsed / number
    return min([fastest, *(_time(run, number) / number for _ in range(repeats))])


def _time(run: Callable[[], object], number: int) -> float:
    start = time.perf_counter()
    for _ in range(number):
        run()
    return time.perf_counter() - start


def parse_ratio(texts: list[str]) -> tuple[float, float]:
    """Seconds of ``parse`` over the texts, and the multiple of ``findall`` over them."""
    digits = re.compile(r"\d+")
    reference = best(lambda: [digits.findall(text) for text in texts])
    seconds = best(lambda: [pp.parse(text) for text in texts])
    return seconds, seconds / reference


def import_seconds() -> float:
    """Seconds that ``import planparse`` adds to a bare interpreter's start; the best of five."""

    def run(code: str) -> float:
        return best(lambda: subprocess.run([sys.executable, "-c", code], check=True), repeats=5, at_least=0.0)

    return max(0.0, run("import planparse") - run("pass"))


def main() -> int:
    sample = [pp.read(path).text for path in sorted((ROOT / "corpora" / "sample").glob("*.txt"))]
    cases = [("corpora/sample", sample)]
    if REAL_PAGE.exists():
        cases.append(("the real page", [REAL_PAGE.read_text("utf-8")]))
    late = False
    for name, texts in cases:
        seconds, ratio = parse_ratio(texts)
        late |= ratio > PARSE_LIMIT
        size = sum(map(len, texts))
        print(f"parse() on {name}: {1000 * seconds:.2f} ms for {size} characters, {ratio:.1f} x findall (limit 60)")
    seconds = import_seconds()
    late |= seconds > IMPORT_LIMIT
    print(f"import planparse: {seconds:.3f} s (limit {IMPORT_LIMIT})")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
