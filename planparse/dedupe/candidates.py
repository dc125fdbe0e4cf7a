"""Pairs worth an exact comparison: units that share a sampled 5-gram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planparse.dedupe.shingles import K, sketch, winnow
from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A print in at most RARE units gives all pairs of them; in at most POPULAR, each with a few of its successors, so that
# clusters of many copies stay connected at linear cost; above that it is template text.
RARE = 33
POPULAR = 5000
SUCCESSORS = 3


def prints(unit: Unit, passage: int) -> NDArray[np.uint64]:
    """The distinct hashes that stand for a unit in the index: sampled for containment, winnowed for passages."""
    import numpy as np

    hashes = unit.hashes()
    window = max(1, passage - K + 1)
    return np.union1d(sketch(hashes), hashes[winnow(hashes, window)])


def candidate_pairs(found: Sequence[Unit], passage: int) -> list[tuple[int, int]]:
    """Index pairs ``(i, j)`` with ``i < j`` of units that share a print, sorted."""
    import numpy as np

    per_unit = [prints(unit, passage) for unit in found]
    if not per_unit:
        return []
    owners = np.repeat(np.arange(len(per_unit), dtype=np.int64), [len(p) for p in per_unit])
    hashes = np.concatenate(per_unit)
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(hashes)])
    parts: list[NDArray[np.int64]] = []
    total = len(found)
    for size in np.unique(sizes[(sizes > 1) & (sizes <= RARE)]).tolist():
        group = owners[starts[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        parts.append(np.unique(group[:, first].ravel() * total + group[:, second].ravel()))
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if RARE < size <= POPULAR:
            group = owners[start : start + size]
            parts += [group[:-step] * total + group[step:] for step in range(1, SUCCESSORS + 1)]
    if not parts:
        return []
    pairs = np.unique(np.concatenate(parts))
    return list(zip((pairs // total).tolist(), (pairs % total).tolist(), strict=True))
