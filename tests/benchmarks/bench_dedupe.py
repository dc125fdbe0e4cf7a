"""What ``duplicates()`` finds in a generated corpus with known truth, how fast, and in how much memory.

Run: ``python tests/benchmarks/bench_dedupe.py [PLANS] [SEED]``. A planted pair counts where it fits a definition:
Jaccard ≥ 0.7, containment ≥ 0.8, a common run of at least 60 characters. Precision is measured on the first 20,000
pairs that were found: each is compared again by a slow reference.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from pathlib import Path

import planparse as pp
from planparse.dedupe.normalise import compared

sys.path.insert(0, str(Path(__file__).parents[2] / "corpora"))
from generate import corpus


def shingles(text: str) -> set[str]:
    """The 5-grams of a text as it is compared."""
    letters = "".join(map(chr, compared(text).codes.tolist()))
    return {letters[i : i + 5] for i in range(len(letters) - 4)}


def longest_run(a: str, b: str, least: int) -> bool:
    """Whether two texts, as they are compared, share a run of ``least`` characters."""
    first, second = ("".join(map(chr, compared(text).codes.tolist())) for text in (a, b))
    runs = {first[i : i + least] for i in range(len(first) - least + 1)}
    return any(second[i : i + least] in runs for i in range(len(second) - least + 1))


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261124
    made = list(corpus(number, seed))
    texts = {plan["id"]: plan["text"] for plan, _ in made}
    names = list(texts)
    start = time.perf_counter()
    found = pp.duplicates(texts.values())
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{number} plans: {seconds:.1f} s, {number / seconds:.0f} plans/s, {memory} MB at most")
    print(found.pairs["relation"].value_counts().to_dict())
    of = {f"text:{i}": name for i, name in enumerate(names)}
    given = {(of[a], of[b]): relation for a, b, relation in found.pairs[["a", "b", "relation"]].itertuples(index=False)}
    given |= {(b, a): relation for (a, b), relation in given.items()}
    planted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for _, truth in made:
        for one in truth:
            a, b = shingles(texts[one["a"]]), shingles(texts[one["b"]])
            common = len(a & b)
            relation = given.get((one["a"], one["b"]))
            if common / len(a | b) >= 0.7:
                planted["near"] += 1
                hits["near"] += relation in ("near", "exact")
            elif common / min(len(a), len(b)) >= 0.8:
                planted["contains"] += 1
                hits["contains"] += relation == "contains"
            elif longest_run(texts[one["a"]], texts[one["b"]], 60):
                planted["passage"] += 1
                hits["passage"] += relation == "shares"
    for kind in planted:
        print(f"recall {kind}: {hits[kind]} of {planted[kind]} = {hits[kind] / planted[kind]:.4f}")
    wrong = 0
    checked = found.pairs.head(20_000)
    for a, b, relation, jaccard in checked[["a", "b", "relation", "jaccard"]].itertuples(index=False):
        first, second = texts[of[a]], texts[of[b]]
        one, other = shingles(first), shingles(second)
        common = len(one & other)
        exact = common / len(one | other)
        wrong += abs(exact - jaccard) > 1e-9 or (
            (relation == "near") != (exact >= 0.7 and one != other) and relation != "exact"
        )
        wrong += relation == "contains" and not (exact < 0.7 and common / min(len(one), len(other)) >= 0.8)
        wrong += relation == "shares" and not longest_run(first, second, 50)
    print(f"precision: {len(checked) - wrong} of {len(checked)} pairs are what they are called")


if __name__ == "__main__":
    main()
