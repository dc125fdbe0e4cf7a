"""Pairs of contents compared exactly, many at a time (精确比较): sets of 5-grams first, then shared passages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.corpus import Corpus
from planparse.dedupe.shingles import K, mixed, polynomials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Characters of a batch of pairs, and how many pairs at most: their number is written into the hashes.
_BATCH, _PAIR_BITS = 65_536, 8


class Figures(NamedTuple):
    """For each pair the sizes of both sets of 5-grams and of what they have in common."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    common: NDArray[np.int64]

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """Common 5-grams over all of both; 0 where there are none."""
        import numpy as np

        result: NDArray[np.float64] = self.common / np.maximum(self.first + self.second - self.common, 1)
        return result

    @property
    def containment(self) -> NDArray[np.float64]:
        """Common 5-grams over those of the smaller one; 0 where there are none."""
        import numpy as np

        result: NDArray[np.float64] = self.common / np.maximum(np.minimum(self.first, self.second), 1)
        return result


class Batch(NamedTuple):
    """Some pairs of contents: their characters one content after the other, and which two each pair is of.

    ``hashes`` are of the 5-grams that begin at each character but the last ones of all.
    """

    codes: NDArray[np.unsignedinteger]
    hashes: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def batches(corpus: Corpus, first: NDArray[np.int64], second: NDArray[np.int64]) -> Iterator[tuple[slice, Batch]]:
    """Pairs of contents in batches, with the range of pairs that each is of."""
    import numpy as np

    sizes = np.diff(corpus.bounds)[corpus.first]
    ends = np.cumsum(sizes[first] + sizes[second])
    at = 0
    while at < len(first):
        before = int(ends[at - 1]) if at else 0
        end = int(np.searchsorted(ends, before + _BATCH, "right"))
        end = min(max(end, at + 1), at + 2**_PAIR_BITS, len(first))
        contents, both = np.unique(np.concatenate([first[at:end], second[at:end]]), return_inverse=True)
        codes, bounds = corpus.gathered(corpus.first[contents])
        yield (
            slice(at, end),
            Batch(codes, mixed(polynomials(codes, [K])[0]), bounds, both[: end - at], both[end - at :]),
        )
        at = end


def figures(batch: Batch) -> Figures:
    """The exact figures of the pairs of a batch, from the full sets of 5-grams."""
    import numpy as np

    pairs = len(batch.first)
    hashes = batch.hashes >> np.uint64(_PAIR_BITS)
    hashes &= ~np.uint64(1)
    starts = batch.bounds[:-1].tolist()
    ends = np.maximum(batch.bounds[1:] - K + 1, batch.bounds[:-1]).tolist()
    sides = np.stack([batch.first, batch.second], axis=1).ravel().tolist()
    # One sort of (pair, 5-gram, side): a gram of both sides stands there twice in a row.
    keys = np.concatenate([hashes[starts[side] : ends[side]] for side in sides] or [hashes[:0]])
    number = np.arange(2 * pairs, dtype=np.uint64)
    marks = (number >> np.uint64(1) << np.uint64(64 - _PAIR_BITS)) | (number & np.uint64(1))
    keys |= np.repeat(marks, [ends[side] - starts[side] for side in sides])
    keys.sort()
    apart = keys[1:] ^ keys[:-1]
    new = np.flatnonzero(apart)
    keys = np.concatenate([keys[:1], keys[1:][new]])
    # Of two different neighbours only the side differs: then the gram is in both.
    both = np.concatenate([np.zeros(min(1, len(keys)), dtype=np.uint64), apart[new]]) == 1
    edges = np.searchsorted(keys, marks[0::2]) if pairs else np.empty(0, dtype=np.int64)
    edges = np.append(edges, len(keys))
    second, common = (
        np.diff(np.concatenate([[0], np.cumsum(some, dtype=np.int64)])[edges]) for some in (keys & np.uint64(1), both)
    )
    return Figures(np.diff(edges) - second, second, common)
