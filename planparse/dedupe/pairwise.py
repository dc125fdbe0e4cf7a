"""Two units compared by themselves (两两比较), as the corpus engine compares batches: for pairs that travel alone."""

from __future__ import annotations

from typing import Any

from planparse.dedupe.passages import shared_passages
from planparse.dedupe.tables import PASSAGE_COLUMNS
from planparse.dedupe.units import Unit

# The row of a pair, and the rows of its passages.
Related = tuple[dict[str, Any], list[dict[str, Any]]]


def compare_pair(a: Unit, b: Unit, near: float, contains: float, passage: int) -> Related | None:
    """The row of a pair and the rows of its passages, or None where the two are not related."""
    import numpy as np

    first, second = np.unique(a.hashes()), np.unique(b.hashes())
    common = len(np.intersect1d(first, second, assume_unique=True))
    if not common:
        return None
    jaccard = common / (len(first) + len(second) - common)
    containment = common / min(len(first), len(second))
    if np.array_equal(a.compared.codes, b.compared.codes):
        relation = "exact"
    elif jaccard >= near:
        relation = "near"
    elif containment >= contains:
        relation = "contains"
        if len(second) < len(first):
            a, b = b, a
    else:
        relation = "shares"
    runs = shared_passages(a.compared.codes, b.compared.codes, a.hashes(), b.hashes(), passage)
    if relation == "shares" and not runs:
        return None
    row = {
        "a": a.id,
        "b": b.id,
        "relation": relation,
        "jaccard": jaccard,
        "containment": containment,
        "shared_chars": sum(run.length for run in runs),
    }
    rows = []
    for run in sorted(runs, key=lambda run: run.a):
        a_start, a_end = a.original(run.a, run.a + run.length)
        b_start, b_end = b.original(run.b, run.b + run.length)
        rows.append(dict(zip(PASSAGE_COLUMNS, (a.id, b.id, run.length, a_start, a_end, b_start, b_end), strict=True)))
    return row, rows
