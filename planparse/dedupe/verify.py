"""Pairs of contents compared exactly, many at a time (精确比较): sets of 5-grams first, then shared passages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.corpus import Corpus
from planparse.dedupe.joins import ranges
from planparse.dedupe.shingles import K, finished, polynomials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Characters of a batch of pairs, and how many pairs at most: their number is written into the hashes.
_BATCH, _PAIR_BITS = 262_144, 8


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
    """Some pairs of contents: their characters one content after the other, and which two each pair is of."""

    codes: NDArray[np.unsignedinteger]
    bounds: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def batches(
    corpus: Corpus, first: NDArray[np.int64], second: NDArray[np.int64]
) -> Iterator[tuple[slice, Batch]]:
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
        yield slice(at, end), Batch(codes, bounds, both[: end - at], both[end - at :])
        at = end


def figures(batch: Batch) -> Figures:
    """The exact figures of the pairs of a batch, from the full sets of 5-grams."""
    import numpy as np

    pairs = len(batch.first)
    hashes = np.zeros(len(batch.codes), dtype=np.uint64)
    found = finished(polynomials(batch.codes, [K])[0], K)
    hashes[: len(found)] = found
    starts = batch.bounds[:-1]
    sizes = np.maximum(np.diff(batch.bounds) - K + 1, 0)
    # One sort of (pair, 5-gram, side): a gram of both sides stands there twice in a row.
    sides = np.stack([batch.first, batch.second], axis=1).ravel()
    lengths = sizes[sides]
    keys = hashes[ranges(starts[sides], lengths)]
    keys >>= np.uint64(_PAIR_BITS + 1)
    keys <<= np.uint64(1)
    number = np.arange(2 * pairs, dtype=np.uint64)
    marks = (number >> np.uint64(1) << np.uint64(64 - _PAIR_BITS)) | (number & np.uint64(1))
    keys |= np.repeat(marks, lengths)
    keys.sort()
    keys = keys[np.concatenate([np.ones(min(1, len(keys)), dtype=np.bool_), keys[1:] != keys[:-1]])]
    twice = (keys[1:] ^ keys[:-1]) == 1
    of = (keys >> np.uint64(64 - _PAIR_BITS)).astype(np.int64)
    side = (keys & np.uint64(1)).astype(np.int64)
    counts = np.bincount(2 * of + side, minlength=2 * pairs)
    return Figures(counts[0::2], counts[1::2], np.bincount(of[1:][twice], minlength=pairs))
