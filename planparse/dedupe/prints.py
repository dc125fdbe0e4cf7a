"""Fingerprints (指纹) of a corpus: sampled and winnowed grams of whole slices at a time, each in one 64-bit word.

A key is a hash with its low bits replaced by the number of the content it is of: one sort brings equal prints together,
their owners in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.candidates import SAMPLE_GRAM, SMALL, SMALL_GRAM, SMALL_RUN, long_gram
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.shingles import SCALE, K, mixed, polynomials, winnow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOOKUP_BITS = 22


@dataclass
class Prints:
    """Keys of three kinds: ``long`` ones of passages, ``samples``, and ``short`` ones that small pieces have too."""

    long: Keys
    samples: Keys
    short: Keys
    bits: int


class Keys:
    """Keys that are collected, and given back in partitions by their highest bits; from files where a folder is given.

    One partition holds all keys with the same highest bits, so that pairs can be made partition by partition.
    """

    def __init__(self, folder: Path | None = None, name: str = "", partitions: int = 1) -> None:
        self._parts: list[NDArray[np.uint64]] = []
        self._ordered = False
        self._partitions = partitions if folder else 1
        self._files = [(folder / f"{name}-{i}").open("wb") for i in range(partitions)] if folder else []

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Take some keys."""
        import numpy as np

        if not self._files:
            self._parts.append(keys)
            return
        # A shift by 64 bits is undefined; partitions are a power of two above one.
        part = (keys >> np.uint64(64 - (self._partitions.bit_length() - 1))).astype(np.intp)
        for i in np.unique(part).tolist():
            self._files[i].write(keys[part == i].tobytes())

    def partitions(self) -> list[Callable[[], NDArray[np.uint64]]]:
        """What loads each partition: its different keys in order."""
        import numpy as np

        for file in self._files:
            file.flush()
        if self._files:
            return [lambda name=file.name: ordered(np.fromfile(name, dtype=np.uint64)) for file in self._files]  # type: ignore[misc]
        if len(self._parts) != 1 or not self._ordered:
            joined = np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.uint64)
            self._parts.clear()
            self._parts, self._ordered = [ordered(joined)], True
        return [lambda: self._parts[0]]

    def close(self) -> None:
        """Let go of keys and files."""
        self._parts = []
        for file in self._files:
            file.close()
            Path(file.name).unlink()


def ordered(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The different keys in order; they are sorted in place."""
    import numpy as np

    keys.sort()
    new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    result: NDArray[np.uint64] = keys[new]
    return result


def prints(corpus: Corpus, passage: int, folder: Path | None = None, partitions: int = 1) -> Prints:
    """The prints of all contents of a corpus.

    Args:
        corpus: the corpus.
        passage: characters of the shortest passage wanted.
        folder, partitions: where to put the keys, and in how many parts, a power of two; in memory by default.
    """
    import numpy as np

    bits = max(1, len(corpus.first).bit_length())
    long, samples, short = (Keys(folder, name, partitions) for name in ("long", "samples", "short"))
    made = Prints(long, samples, short, bits)
    gram = long_gram(passage)
    wanted = _small_prints(corpus)
    first = np.zeros(len(corpus.pieces), dtype=np.bool_)
    first[corpus.first] = True
    grams = [gram, SAMPLE_GRAM, K] if wanted.tiny else [gram, SAMPLE_GRAM]
    limit = np.uint64(2**64 // SCALE)
    for start, end in corpus.slices():
        codes = corpus.codes[corpus.bounds[start] : corpus.bounds[end]]
        bounds = corpus.bounds[start : end + 1] - corpus.bounds[start]
        owner = np.repeat(np.arange(end - start, dtype=np.int32), np.diff(bounds))
        piece = _Slice(bounds, owner, corpus.content[start:end], first[start:end], bits)
        hashes = polynomials(codes, grams)
        wide, medium = mixed(hashes[0]), mixed(hashes[1])
        made.long.add(piece.keys(*piece.minima(wide, gram, passage)))
        some = np.flatnonzero(medium < limit)
        made.samples.add(piece.keys(some, medium[some], SAMPLE_GRAM))
        if wanted.any:
            at, found, width = piece.minima(medium, SMALL_GRAM, SMALL_RUN)
            with_small = wanted.of(found)
            made.short.add(piece.keys(at[with_small], found[with_small], width))
        if wanted.tiny:
            found = mixed(hashes[2])
            at = np.flatnonzero(wanted.tiny_of(found))
            made.short.add(piece.keys(at, found[at] ^ np.uint64(_TINY), K))
    return made


# Keeps the 5-grams of tiny pieces apart from other short grams.
_TINY = 0x5DEECE66D0000000


@dataclass(frozen=True)
class _Slice:
    """Some pieces whose characters stand one after the other."""

    bounds: NDArray[np.int64]
    owner: NDArray[np.int32]
    content: NDArray[np.int64]
    first: NDArray[np.bool_]
    bits: int

    def keys(self, at: NDArray[np.int64], hashes: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
        """Keys of the grams at some places that end within their piece; a content is printed once."""
        import numpy as np

        owner = self.owner[at]
        inside = (at + width <= self.bounds[1:][owner]) & self.first[owner]
        low = np.uint64(2**self.bits - 1)
        keys: NDArray[np.uint64] = (hashes[inside] & ~low) | self.content[owner[inside]].astype(np.uint64)
        return keys

    def minima(
        self, hashes: NDArray[np.uint64], gram: int, run: int
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64], int]:
        """Where the least hash of a window changes, these hashes, and the characters that a window stands for."""
        import numpy as np

        window = run - gram + 1
        if len(hashes) < window:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64), run
        least = window_minima(hashes, window)
        changes = np.ones(len(least), dtype=np.bool_)
        np.not_equal(least[1:], least[:-1], out=changes[1:])
        starts = self.bounds[:-1]
        changes[starts[starts < len(least)]] = True
        at = np.flatnonzero(changes)
        return at, least[at], run


class PiecePrints(NamedTuple):
    """The prints of one piece, each kind's distinct hashes in order; ``fives`` are all its 5-grams."""

    long: NDArray[np.uint64]
    samples: NDArray[np.uint64]
    short: NDArray[np.uint64]
    fives: NDArray[np.uint64]


def piece_prints(codes: NDArray[np.unsignedinteger], passage: int) -> PiecePrints:
    """What :func:`prints` makes of a piece, whichever other pieces there are."""
    import numpy as np

    gram = long_gram(passage)
    wide, medium, fives = (mixed(found) for found in polynomials(codes, [gram, SAMPLE_GRAM, K]))

    def minima(hashes: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
        return np.unique(window_minima(hashes, window)) if len(hashes) >= window else hashes[:0]

    samples = np.unique(medium[medium < np.uint64(2**64 // SCALE)])
    short = minima(medium, SMALL_RUN - SMALL_GRAM + 1)
    return PiecePrints(minima(wide, passage - gram + 1), samples, short, np.unique(fives))


def window_minima(hashes: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """The least hash of every window, by doubling."""
    import numpy as np

    width = 1
    while 2 * width <= window:
        hashes = np.minimum(hashes[:-width], hashes[width:])
        width *= 2
    rest = window - width
    return np.minimum(hashes[:-rest], hashes[rest:]) if rest else hashes


class _Wanted:
    """The short prints that small pieces have; those of others are of use only where they are among these."""

    def __init__(self, hashes: NDArray[np.uint64], tiny: NDArray[np.uint64]) -> None:
        self._hashes, self._tiny = _Lookup(hashes), _Lookup(tiny)
        self.any, self.tiny = len(hashes) > 0, len(tiny) > 0

    def of(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return self._hashes.has(hashes)

    def tiny_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return self._tiny.has(hashes)


def slots(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The places of hashes in a table of ``2**LOOKUP_BITS``."""
    import numpy as np

    return (hashes >> np.uint64(64 - LOOKUP_BITS)).astype(np.intp)


class _Lookup:
    """Whether hashes are among given ones: a bit table first, then the sorted hashes."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        import numpy as np

        self._hashes = np.unique(hashes)
        self._table = np.zeros(2**LOOKUP_BITS if len(hashes) else 1, dtype=np.bool_)
        if len(hashes):
            self._table[slots(self._hashes)] = True

    def has(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        import numpy as np

        found = np.zeros(len(hashes), dtype=np.bool_)
        if len(self._hashes):
            maybe = np.flatnonzero(self._table[slots(hashes)])
            at = np.minimum(np.searchsorted(self._hashes, hashes[maybe]), len(self._hashes) - 1)
            found[maybe] = self._hashes[at] == hashes[maybe]
        return found


def _small_prints(corpus: Corpus) -> _Wanted:
    import numpy as np

    sizes = np.diff(corpus.bounds)[corpus.first]
    short, tiny = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.uint64)]
    # A piece shorter than a gram is equal to another or nothing.
    for i in corpus.first[(sizes >= K) & (sizes < SMALL)].tolist():
        codes = corpus.codes[corpus.bounds[i] : corpus.bounds[i + 1]]
        if len(codes) < SMALL_RUN:
            tiny.append(mixed(polynomials(codes, [K])[0]))
        else:
            hashes = mixed(polynomials(codes, [SMALL_GRAM])[0])
            short.append(hashes[winnow(hashes, SMALL_RUN - SMALL_GRAM + 1)])
    return _Wanted(np.concatenate(short), np.concatenate(tiny))
