"""Shared passages (相同段落): maximal runs of equal compared characters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.shingles import K, winnow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Text that repeats itself meets itself on many diagonals; the first ones tell enough.
_MAX_DIAGONALS = 2000


class Passage(NamedTuple):
    """A run of ``length`` compared characters, at ``a`` in one unit and at ``b`` in the other."""

    a: int
    b: int
    length: int


def shared_passages(
    a: NDArray[np.unsignedinteger],
    b: NDArray[np.unsignedinteger],
    a_hashes: NDArray[np.uint64],
    b_hashes: NDArray[np.uint64],
    minimum: int,
) -> list[Passage]:
    """The maximal equal runs of at least ``minimum`` characters, longest first, none inside another on either side.

    Args:
        a, b: compared characters of both units.
        a_hashes, b_hashes: the hashes of their 5-grams.
        minimum: at least 5.
    """
    import numpy as np

    if min(len(a), len(b)) < max(minimum, K):
        return []
    # The selected hashes of one side meet all of the other's: every long run holds a selected one.
    anchors = winnow(a_hashes, minimum - K + 1)
    order = np.argsort(b_hashes, kind="stable")
    ordered = b_hashes[order]
    low = np.searchsorted(ordered, a_hashes[anchors], "left")
    high = np.searchsorted(ordered, a_hashes[anchors], "right")
    diagonals: dict[int, list[int]] = {}
    for place, first, last in zip(anchors.tolist(), low.tolist(), high.tolist(), strict=True):
        for other in order[first : min(last, first + _MAX_DIAGONALS)].tolist():
            if len(diagonals) < _MAX_DIAGONALS or place - other in diagonals:
                diagonals.setdefault(place - other, []).append(place)
    runs: list[Passage] = []
    for shift, places in diagonals.items():
        runs += _runs(a, b, shift, places, minimum)
    return without_inner(runs)


def without_inner(runs: Iterable[Passage]) -> list[Passage]:
    """The runs, longest first, without those inside a longer one on either side."""
    kept: list[Passage] = []
    for run in sorted(runs, key=lambda run: (-run.length, run.a, run.b)):
        if not any(_inside(run, other) for other in kept):
            kept.append(run)
    return kept


def _inside(run: Passage, other: Passage) -> bool:
    in_a = other.a <= run.a and run.a + run.length <= other.a + other.length
    in_b = other.b <= run.b and run.b + run.length <= other.b + other.length
    return in_a or in_b


def _runs(
    a: NDArray[np.unsignedinteger], b: NDArray[np.unsignedinteger], shift: int, places: list[int], minimum: int
) -> list[Passage]:
    """The equal runs on one diagonal (``a[i] == b[i - shift]``) that hold one of the places."""
    import numpy as np

    begin = max(0, shift)
    end = min(len(a), len(b) + shift)
    differs = np.flatnonzero(a[begin:end] != b[begin - shift : end - shift]) + begin
    found = set()
    for place in places:
        at = int(np.searchsorted(differs, place))
        first = int(differs[at - 1]) + 1 if at else begin
        last = int(differs[at]) if at < len(differs) else end
        if last - first >= minimum and first <= place < last:
            found.add((first, last))
    return [Passage(first, first - shift, last - first) for first, last in sorted(found)]
