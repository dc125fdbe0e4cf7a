"""Duplicates of a whole corpus: candidates from sorted prints, compared exactly in batches (整库查重)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from planparse.dedupe import joins
from planparse.dedupe.candidates import RARE, SMALL
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.prints import prints
from planparse.dedupe.runs import Runs, shared_runs
from planparse.dedupe.templates import Templates, templates
from planparse.dedupe.verify import batches, figures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of contents in more copies than this not all pairs are listed.
MOST_COPIES = 400
# Keys of a partition, about: half a gigabyte.
_PARTITION = 2**26
NEAR, CONTAINS, SHARES = 0, 1, 2


class Options(NamedTuple):
    """The thresholds of ``duplicates()``."""

    near: float
    contains: float
    passage: int

    @property
    def share(self) -> float:
        """What the smaller of two related contents has in common with the other, at least.

        A Jaccard similarity of j means that at least 2j / (1 + j) of the smaller set is in the other.
        """
        return min(2 * self.near / (1 + self.near), self.contains)


@dataclass
class Found:
    """Related pairs of contents, with figures, and runs in the order of the pairs.

    ``first`` is the contained one of ``CONTAINS``, else the one whose first piece comes first. ``runs.pair`` are row
    numbers.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    relation: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    runs: Runs

    def near_edges(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The pairs of contents that are near."""
        near = self.relation == NEAR
        return self.first[near], self.second[near]


def related(
    corpus: Corpus, options: Options, folder: Path | None = None, candidates: NDArray[np.int64] | None = None
) -> tuple[Found, Templates]:
    """All related pairs of contents, and the template text.

    Near copies and containments are found first, since template text is what many pieces have that are not near; then
    passages, of which only what is no template makes a pair.

    Args:
        corpus: the pieces.
        options: the thresholds.
        folder: where prints go, in memory by default.
        candidates: the pairs that may be near or contained, ``i * total + j`` of contents ``i < j``, where they are
            known; found by their prints by default.
    """
    import numpy as np

    total = len(corpus.first)
    nothing = np.empty(0, dtype=np.int64)
    if not len(corpus.codes):
        nowhere = Templates(nothing, nothing, nothing, nothing.astype(np.uint64))
        return compare(corpus, nothing, nothing, options), nowhere
    partitions = 1
    while partitions * _PARTITION < len(corpus.codes) // 8 and partitions < 256:
        partitions *= 2
    made = prints(corpus, options.passage, folder, partitions)
    if candidates is None:
        sizes = np.diff(corpus.bounds)[corpus.first]
        sampled = joins.by_samples(made.samples, made.bits, total, options.share, folder)
        short = joins.by_short(made.short, made.bits, total, sizes < SMALL)
        candidates = np.union1d(sampled, short)
    made.samples.close()
    made.short.close()
    found = compare(corpus, nothing, candidates, options)
    popular = joins.popular_prints(made.long, made.bits)
    made_of = templates(corpus, labels(found, total), popular, options.passage, made.bits)
    passages = joins.by_passages(made.long, made.bits, total, made_of.keys)
    made.long.close()
    found = _joined(found, compare(corpus, _new(passages, found, total), nothing, options))
    found = _joined(found, compare(corpus, _new(_within(found, total), found, total), nothing, options))
    found = _joined(
        found,
        compare(
            corpus,
            _new(_between(found, popular.without(made_of.keys, made.bits), total), found, total),
            nothing,
            options,
        ),
    )
    return found, made_of


def _new(pairs: NDArray[np.int64], found: Found, total: int) -> NDArray[np.int64]:
    """The pairs that are not found yet."""
    import numpy as np

    low, high = np.minimum(found.first, found.second), np.maximum(found.first, found.second)
    return np.setdiff1d(pairs, low * total + high)


def labels(found: Found, total: int) -> NDArray[np.int64]:
    """For each content the number of its component over near edges."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = found.near_edges()
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(total, total))
    result: NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    return result


def members_of(numbers: NDArray[np.int64], least: int) -> Iterable[NDArray[np.int64]]:
    """The places of each number that is there at least so often, in the order of the numbers."""
    import numpy as np

    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    for i in np.flatnonzero(sizes >= least).tolist():
        yield order[starts[i] : starts[i] + sizes[i]]


def _within(found: Found, total: int) -> NDArray[np.int64]:
    """All pairs of each component of which the candidates were only some, if it is not too large."""
    import numpy as np

    parts = [np.empty(0, dtype=np.int64)]
    for members in members_of(labels(found, total), RARE + 1):
        if len(members) <= MOST_COPIES:
            first, second = np.triu_indices(len(members), 1)
            parts.append(members[first] * total + members[second])
    return np.concatenate(parts)


def _between(found: Found, popular: joins.Popular, total: int) -> NDArray[np.int64]:
    """The pairs of different components that share a print which is popular for its many near copies alone."""
    import numpy as np

    parts = [np.empty(0, dtype=np.int64)]
    component = labels(found, total)
    for owners in joins.different(popular.owners):
        of = component[owners]
        different, some = np.unique(of, return_index=True)
        if not 1 < len(different) <= RARE:
            continue
        if len(owners) > MOST_COPIES:
            owners, of = np.sort(owners[some]), component[np.sort(owners[some])]
        first, second = np.triu_indices(len(owners), 1)
        apart = of[first] != of[second]
        parts.append(owners[first[apart]] * total + owners[second[apart]])
    return np.unique(np.concatenate(parts))


def compare(corpus: Corpus, passages: NDArray[np.int64], others: NDArray[np.int64], options: Options) -> Found:
    """The related ones of pairs, ``i * total + j``; of ``others`` only those that are near or contained."""
    import numpy as np

    total = len(corpus.first)
    pairs = np.concatenate([passages, others])
    sharing = np.arange(len(pairs)) < len(passages)
    first, second = pairs // max(total, 1), pairs % max(total, 1)
    later = corpus.first[first] > corpus.first[second]
    first, second = np.where(later, second, first), np.where(later, first, second)
    parts = []
    before = 0
    for at, batch in batches(corpus, first, second):
        figured = figures(batch)
        jaccard, containment = figured.jaccard, figured.containment
        relation = np.where(jaccard >= options.near, NEAR, np.where(containment >= options.contains, CONTAINS, SHARES))
        keep = (figured.common > 0) & (sharing[at] | (relation != SHARES))
        swap = (relation == CONTAINS) & (figured.second < figured.first)
        one, other = first[at], second[at]
        one, other = np.where(swap, other, one), np.where(swap, one, other)
        runs = shared_runs(
            batch._replace(
                first=np.where(swap, batch.second, batch.first)[keep],
                second=np.where(swap, batch.first, batch.second)[keep],
            ),
            options.passage,
        )
        kept = np.flatnonzero(keep)
        # What has no run of that length shares nothing.
        has = np.bincount(runs.pair, minlength=len(kept)) > 0
        real = has | (relation[kept] != SHARES)
        rows = kept[real]
        number = np.cumsum(real) - 1 + before
        before += len(rows)
        runs = runs._replace(pair=number[runs.pair])
        parts.append(Found(one[rows], other[rows], relation[rows], jaccard[rows], containment[rows], runs))
    return _together(parts)


def _together(parts: Sequence[Found]) -> Found:
    import numpy as np

    def column(name: str, dtype: type) -> Any:
        return np.concatenate([np.empty(0, dtype=dtype), *(getattr(part, name) for part in parts)])

    integers, floats = ("first", "second", "relation"), ("jaccard", "containment")
    columns = {name: column(name, np.int64) for name in integers} | {name: column(name, np.float64) for name in floats}
    nothing = np.empty((4, 0), dtype=np.int64)
    return Found(**columns, runs=Runs(*np.concatenate([nothing, *(np.stack(part.runs) for part in parts)], axis=1)))


def _joined(found: Found, more: Found) -> Found:
    if not len(more.first):
        return found
    more.runs = more.runs._replace(pair=more.runs.pair + len(found.first))
    return _together([found, more])


def check_ids(ids: Iterable[str]) -> None:
    """Raises: ValueError where two pieces are called the same."""
    for id, times in Counter(ids).items():
        if times > 1:
            raise ValueError(f"two pieces are called {id!r}: give each document its own id")
