"""Pairs worth an exact comparison (候选对): units that share enough sampled 5-grams, or one long sampled run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from planparse.dedupe import shingles
from planparse.dedupe.shingles import K, sketch
from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A print in at most RARE units gives all pairs of them; in at most POPULAR, each with a few of its successors, so that
# clusters of many copies stay connected at linear cost; above that it is template text.
RARE = 33
POPULAR = 5000
SUCCESSORS = 3
# Units with fewer 5-grams than this have too few in a sample; they are looked for by shorter runs of characters.
SMALL = 400
SMALL_GRAM, SMALL_RUN = 8, 12
# Grams that are sampled for near copies and containments: longer than what is compared, so that few meet by chance.
SAMPLE_GRAM = 8
# Of two units that are to be near or contained at least this share of the smaller one's 5-grams is common; so many
# standard deviations below what a sample then holds is enough to compare them.
_LEAST_SHARE, _DEVIATIONS = 0.8, 5.0


def candidate_pairs(found: Sequence[Unit], passage: int, share: float = _LEAST_SHARE) -> list[tuple[int, int]]:
    """Index pairs ``(i, j)`` with ``i < j`` of units that may be related, sorted.

    Two units with a common run of ``passage`` characters share a winnowed gram of half that length, always. Two units
    of which the smaller has at least ``share`` of its 5-grams in the other share as many of the sampled ones, but for
    chance; where one of them is small, a common run of 12 characters is enough.

    Args:
        found: the units.
        passage: characters of the shortest passage wanted.
        share: the least containment wanted.
    """
    import numpy as np

    if not found:
        return []
    gram = max(K, passage // 2)
    parts = [_by_prints(found, lambda unit: winnowed(unit, gram, passage))]
    small = np.array([unit.size < SMALL for unit in found])
    if small.any():
        pairs = _by_prints(found, lambda unit: winnowed(unit, SMALL_GRAM, SMALL_RUN), small)
        parts.append(pairs)
    parts.append(_by_samples(found, share))
    tiny = np.array([unit.size < SMALL_RUN for unit in found])
    if tiny.any():
        # Too short for a window: every 5-gram of theirs is looked for.
        wanted = np.unique(np.concatenate([unit.hashes() for unit in found if unit.size < SMALL_RUN]))
        parts.append(_by_prints(found, lambda unit: np.intersect1d(unit.hashes(), wanted), tiny))
    pairs = np.unique(np.concatenate(parts))
    total = len(found)
    return list(zip((pairs // total).tolist(), (pairs % total).tolist(), strict=True))


def winnowed(unit: Unit, gram: int, run: int) -> NDArray[np.uint64]:
    """The winnowed grams of a unit: any two units with a common run of ``run`` characters have one in common."""
    return shingles.winnowed(unit.compared.codes, gram, run)


def _postings(
    found: Sequence[Unit], prints: Callable[[Unit], NDArray[np.uint64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Owners in the order of their prints, where each print's run starts, and its size."""
    import numpy as np

    per_unit = [prints(unit) for unit in found]
    counts = np.array([len(p) for p in per_unit], dtype=np.int64)
    owners = np.repeat(np.arange(len(per_unit), dtype=np.int64), counts)
    hashes = np.concatenate(per_unit) if per_unit else np.empty(0, dtype=np.uint64)
    # Units come in order, so that a stable sort keeps the owners of one print in order too.
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.empty(0, dtype=np.int64)
    return owners, starts, np.diff(np.r_[starts, len(hashes)])


def _pairs_of(
    owners: NDArray[np.int64], starts: NDArray[np.int64], sizes: NDArray[np.int64], total: int
) -> list[NDArray[np.int64]]:
    """The pairs that each print gives, as ``i * total + j``, a part for each size of runs."""
    import numpy as np

    parts: list[NDArray[np.int64]] = []
    for size in np.unique(sizes[(sizes > 1) & (sizes <= RARE)]).tolist():
        group = owners[starts[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        parts.append((group[:, first] * total + group[:, second]).ravel())
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if RARE < size <= POPULAR:
            group = owners[start : start + size]
            parts += [group[:-step] * total + group[step:] for step in range(1, SUCCESSORS + 1)]
    return parts


def _by_prints(
    found: Sequence[Unit], prints: Callable[[Unit], NDArray[np.uint64]], of: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """The pairs that share one print; where ``of`` is given, those with one of these units."""
    import numpy as np

    total = len(found)
    owners, starts, sizes = _postings(found, prints)
    kept = []
    for part in _pairs_of(owners, starts, sizes, total):
        wanted = part if of is None else part[of[part // total] | of[part % total]]
        kept.append(np.unique(wanted))
    return np.unique(np.concatenate(kept)) if kept else np.empty(0, dtype=np.int64)


def _by_samples(found: Sequence[Unit], share: float) -> NDArray[np.int64]:
    """The pairs that share as many sampled 5-grams as units do that have ``share`` of the smaller one's in common."""
    import numpy as np

    total = len(found)
    owners, starts, sizes = _postings(found, lambda unit: sketch(unit.hashes()))
    parts = _pairs_of(owners, starts, sizes, total)
    if not parts:
        return np.empty(0, dtype=np.int64)
    pairs, shared = np.unique(np.concatenate(parts), return_counts=True)
    # What is too popular to give pairs is in no sample of either.
    rare = np.zeros(total, dtype=np.int64)
    np.add.at(rare, owners[np.repeat(sizes <= RARE, sizes)], 1)
    smaller = np.minimum(rare[pairs // total], rare[pairs % total])
    least = share * smaller - _DEVIATIONS * np.sqrt(share * (1 - share) * np.maximum(smaller, 1))
    return pairs[shared >= np.maximum(least, 1)]
