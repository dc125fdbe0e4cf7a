"""What ``duplicates()`` and two peers find in a generated corpus with known truth, how fast, and in how much memory.

Run: ``python tests/benchmarks/bench_dedupe.py [PLANS] [SEED] [--no-peers]``. The peers (datasketch, rensa) get a
virtual environment of their own in ``~/.cache/planparse-peers``. Each of the three runs in a process of its own, one
after the other, from texts in memory to pairs; planparse's time holds exact figures, groups and passages too, the
peers' only candidates.

A planted pair counts where it fits a definition, by a reference on sets of strings: Jaccard ≥ 0.7, containment ≥ 0.8, a
common run of at least 60 characters. Precision is measured on up to 20,000 found pairs: each is compared again.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import planparse as pp
from planparse.dedupe.normalise import compared

HERE = Path(__file__).parent
ENVIRONMENT = Path.home() / ".cache" / "planparse-peers"
PEERS = ("datasketch", "rensa")
CHECKED = 20_000


def letters(text: str) -> str:
    """A text as it is compared."""
    return "".join(map(chr, compared(text).codes.tolist()))


def grams(text: str) -> set[str]:
    """The 5-grams of a text as it is compared."""
    return {text[i : i + 5] for i in range(len(text) - 4)}


def share_run(a: str, b: str, least: int) -> bool:
    """Whether two texts, as they are compared, share a run of ``least`` characters."""
    runs = {a[i : i + least] for i in range(len(a) - least + 1)}
    return any(b[i : i + least] in runs for i in range(len(b) - least + 1))


def environment() -> Path:
    """The Python of the peers' environment, made where it is not there."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    return python


def ours(plans: str, out: str) -> None:
    """In a process of its own: ``duplicates()`` over the plans."""
    with Path(plans).open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    start, cpu = time.perf_counter(), time.process_time()
    found = pp.duplicates(texts)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found.pairs.to_parquet(f"{out}.pairs")
    counts = {"passages": len(found.passages), "template places": len(found.templates)}
    Path(out).write_text(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, **counts}))


def planted(texts: dict[str, str], truth: Path) -> Iterator[tuple[str, str, str]]:
    """The kinds that each planted pair is of, with its plans."""
    for line in truth.read_text("utf-8").splitlines():
        one = json.loads(line)
        first, second = letters(texts[one["a"]]), letters(texts[one["b"]])
        a, b = grams(first), grams(second)
        common = len(a & b)
        jaccard = common / len(a | b)
        if jaccard >= 0.7:
            yield "jaccard ≥ 0.7", one["a"], one["b"]
            yield f"jaccard {int(jaccard * 10) / 10:.1f}–", one["a"], one["b"]
        elif common / min(len(a), len(b)) >= 0.8:
            yield "containment ≥ 0.8", one["a"], one["b"]
            if jaccard < 0.4:
                yield "containment ≥ 0.8, jaccard < 0.4", one["a"], one["b"]
        elif share_run(first, second, 60):
            yield "passage ≥ 60", one["a"], one["b"]


def right(row: Any, first: str, second: str) -> bool:
    """Whether a found pair is what it is called, with the figures that are given."""
    first, second = letters(first), letters(second)
    a, b = grams(first), grams(second)
    common = len(a & b)
    jaccard, containment = common / len(a | b), common / min(len(a), len(b))
    if abs(jaccard - row.jaccard) > 1e-12 or abs(containment - row.containment) > 1e-12:
        return False
    if first == second:
        return bool(row.relation == "exact")
    if jaccard >= 0.7:
        return bool(row.relation == "near")
    if containment >= 0.8:
        return bool(row.relation == "contains")
    return bool(row.relation == "shares") and share_run(first, second, 50)


def main() -> None:
    parser = argparse.ArgumentParser(description="planparse, datasketch and rensa on one generated corpus.")
    parser.add_argument("plans", type=int, nargs="?", default=5000)
    parser.add_argument("seed", type=int, nargs="?", default=20261124)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the best counts")
    parser.add_argument("--ours", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        ours(*given.ours)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        generate = HERE.parents[1] / "corpora" / "generate.py"
        size = ["--plans", str(given.plans), "--seed", str(given.seed), "--out", folder]
        subprocess.run([sys.executable, generate, *size], check=True)
        measure(out, given.plans, () if given.no_peers else PEERS, given.repeat)


def measure(out: Path, number: int, peers: tuple[str, ...], repeat: int) -> None:
    """Run all and print what each gave."""
    plans = out / "plans.jsonl"
    best: dict[str, dict[str, Any]] = {}
    for _ in range(repeat):
        for name in ("planparse", *peers):
            result = out / name
            if name == "planparse":
                command = [sys.executable, __file__, "--ours", str(plans), str(result)]
            else:
                command = [str(environment()), str(HERE / "peers.py"), name, str(plans), str(result)]
            subprocess.run(command, check=True)
            one = json.loads(result.read_text())
            if name not in best or one["seconds"] < best[name]["seconds"]:
                best[name] = one
    mine = best["planparse"]
    for name, one in best.items():
        ratio = "" if name == "planparse" else f", planparse is {one['seconds'] / mine['seconds']:.1f} times as fast"
        ratio += "" if name == "planparse" else f" ({one['cpu'] / mine['cpu']:.1f} by processor time)"
        print(f"{name}: {number} plans in {one['seconds']:.1f} s ({one['cpu']:.1f} s cpu), {one['memory']} MB{ratio}")
    import pandas as pd

    pairs = pd.read_parquet(out / "planparse.pairs")
    print(pairs["relation"].value_counts().to_dict(), {k: v for k, v in mine.items() if k.startswith(("pass", "temp"))})
    with plans.open(encoding="utf-8") as lines:
        texts = {one["id"]: one["text"] for one in map(json.loads, lines)}
    names = list(texts)
    found = {name: {frozenset((names[a], names[b])) for a, b in best[name]["pairs"]} for name in peers}
    of = {f"text:{i}": name for i, name in enumerate(names)}
    related = {frozenset((of[a], of[b])): r for a, b, r in zip(pairs.a, pairs.b, pairs.relation, strict=True)}
    wanted = {"jaccard": ("near", "exact"), "containment": ("contains",), "passage": ("shares",)}
    total: Counter[str] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for kind, a, b in planted(texts, out / "truth.jsonl"):
        total[kind] += 1
        hits["planparse", kind] += related.get(frozenset((a, b))) in wanted[kind.split(" ")[0]]
        for name in peers:
            hits[name, kind] += frozenset((a, b)) in found[name]
    for kind in sorted(total):
        recalls = ", ".join(f"{name} {hits[name, kind] / total[kind]:.4f}" for name in best)
        print(f"recall, {kind} ({total[kind]} planted): {recalls}")
    rows = list(pairs.itertuples())
    checked = random.Random(1).sample(rows, min(CHECKED, len(rows)))
    good = sum(right(row, texts[of[row.a]], texts[of[row.b]]) for row in checked)
    print(f"precision: {good} of {len(checked)} pairs are what they are called = {good / max(1, len(checked)):.6f}")


if __name__ == "__main__":
    main()
