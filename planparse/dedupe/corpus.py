"""What is compared, in a form that whole slices of a corpus can be computed on at once (比较文本的存放).

All pieces' compared characters stand in one array, in memory or in a file; a piece is a range of it. Equal pieces are
one *content* (内容): contents are numbered by a digest of their characters, so that nothing that is done in the order
of these numbers depends on the order of the input.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.dedupe.groups import masks
from planparse.dedupe.normalise import Comparison, compared_many
from planparse.dedupe.units import WHOLE, Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Characters that are computed on together: their 64-bit hashes fit a core's cache.
SLICE = 24_576
# Texts that are normalised together when their offsets are asked for.
_TEXTS = 32
_STEP = 0x9E3779B97F4A7C15


class Texts:
    """The texts of pieces, with the pieces themselves or, where a folder is given, in a file there."""

    def __init__(self, folder: Path | None) -> None:
        self._file = (folder / "texts").open("w+b") if folder else None
        self._ends = array("q", [0])

    def taken(self, piece: Piece) -> Piece:
        """The piece as it is kept."""
        if self._file is None:
            return piece
        self._ends.append(self._ends[-1] + self._file.write(piece.text.encode("utf-8", "surrogatepass")))
        return replace(piece, text="")

    def of(self, pieces: Sequence[Piece], numbers: Iterable[int]) -> list[str]:
        """The texts of the pieces of these numbers."""
        if self._file is None:
            return [pieces[i].text for i in numbers]
        found = []
        for i in numbers:
            self._file.seek(self._ends[i])
            found.append(self._file.read(self._ends[i + 1] - self._ends[i]).decode("utf-8", "surrogatepass"))
        return found

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True)
class Corpus:
    """The pieces of a corpus.

    ``codes[bounds[i]:bounds[i + 1]]`` is what is compared of piece ``i``; ``content[i]`` is its content's number, and
    ``first[c]`` the first piece of content ``c``.
    """

    pieces: list[Piece]
    texts: Texts
    codes: NDArray[np.unsignedinteger]
    bounds: NDArray[np.int64]
    content: NDArray[np.int64]
    first: NDArray[np.int64]
    comparison: Comparison

    def size(self, piece: int) -> int:
        """How many characters of a piece count."""
        return int(self.bounds[piece + 1] - self.bounds[piece])

    def masks(self, piece: int) -> int:
        """How many parts of a piece are masked."""
        return masks(self.texts.of(self.pieces, [piece])[0])

    def originals(self, pieces: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
        """For places among the compared characters of pieces, the offsets in the original text."""
        import numpy as np

        result = np.empty(len(pieces), dtype=np.int64)
        order = np.argsort(pieces, kind="stable")
        ordered = pieces[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        ends = np.append(starts[1:], len(ordered))
        for at in range(0, len(starts), _TEXTS):
            numbers = ordered[starts[at : at + _TEXTS]]
            texts = self.texts.of(self.pieces, numbers.tolist())
            _, counts, offsets = compared_many(texts, self.comparison)
            take = order[starts[at] : ends[min(at + _TEXTS, len(ends)) - 1]]
            begin = np.repeat(np.cumsum(counts) - counts, (ends - starts)[at : at + _TEXTS])
            result[take] = offsets[begin + places[take]]
            for i, number in enumerate(numbers.tolist(), at):
                if self.pieces[number].raws != WHOLE:
                    mine = order[starts[i] : ends[i]]
                    result[mine] = self.pieces[number].originals(result[mine])
        return result

    def slices(self) -> Iterator[tuple[int, int]]:
        """Ranges of pieces of about ``SLICE`` characters."""
        import numpy as np

        at, last = 0, len(self.pieces)
        while at < last:
            end = int(np.searchsorted(self.bounds, self.bounds[at] + SLICE, "right")) - 1
            end = min(max(end, at + 1), last)
            yield at, end
            at = end

    def gathered(self, pieces: NDArray[np.int64]) -> tuple[NDArray[np.unsignedinteger], NDArray[np.int64]]:
        """The compared characters of some pieces one after the other, and the bounds of each."""
        import numpy as np

        sizes = self.bounds[pieces + 1] - self.bounds[pieces]
        bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        if len(pieces) == 0:
            return self.codes[:0], bounds
        spans = zip(self.bounds[pieces].tolist(), self.bounds[pieces + 1].tolist(), strict=True)
        return np.concatenate([self.codes[start:end] for start, end in spans]), bounds


def stored(pieces: Iterable[Piece], comparison: Comparison, folder: Path | None = None) -> Corpus:
    """Normalise all pieces.

    Args:
        pieces: in input order.
        comparison: what counts as equal.
        folder: where given, the compared characters go to a file in it instead of memory.
    """
    import numpy as np

    kept: list[Piece] = []
    texts = Texts(folder)
    parts: list[NDArray[np.unsignedinteger]] = []
    counts: list[NDArray[np.int64]] = []
    digests: list[NDArray[np.uint64]] = []
    waiting: list[Piece] = []
    powers, inverses = _powers(SLICE)
    file = (folder / "codes").open("wb") if folder else None

    def take() -> None:
        nonlocal powers, inverses
        codes, sizes, _ = compared_many([piece.text for piece in waiting], comparison)
        if len(codes) > len(powers):
            powers, inverses = _powers(2 * len(codes))
        counts.append(sizes)
        digests.append(_digests(codes, sizes, powers, inverses))
        kept.extend(texts.taken(piece) for piece in waiting)
        if file:
            file.write(codes.astype(np.uint32).tobytes())
        else:
            parts.append(codes.astype(np.uint16) if not len(codes) or codes.max() < 2**16 else codes)
        waiting.clear()

    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece.text)
        if size >= SLICE:
            take()
            size = 0
    if waiting:
        take()
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
    codes: NDArray[np.unsignedinteger]
    if file:
        file.close()
        codes = np.memmap(file.name, np.uint32, "r") if bounds[-1] else np.empty(0, dtype=np.uint32)
    else:
        codes = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint16)
    parts.clear()
    digest = np.concatenate(digests) if digests else np.empty(0, dtype=np.uint64)
    content, first = _contents(codes, bounds, digest)
    return Corpus(kept, texts, codes, bounds, content, first, comparison)


def digests(corpus: Corpus) -> NDArray[np.uint64]:
    """What contents are numbered by, of each piece: a digest of its compared characters alone."""
    import numpy as np

    return _digests(corpus.codes.astype(np.uint32), np.diff(corpus.bounds), *_powers(max(1, len(corpus.codes))))


def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The powers of an odd number modulo 2^64, and their inverses."""
    import numpy as np

    found = []
    for step in (_STEP, pow(_STEP, -1, 2**64)):
        powers = np.full(size, step, dtype=np.uint64)
        powers[:1] = 1
        found.append(np.multiply.accumulate(powers))
    return found[0], found[1]


def _digests(
    codes: NDArray[np.uint32], sizes: NDArray[np.int64], powers: NDArray[np.uint64], inverses: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """A polynomial of the characters of each piece."""
    import numpy as np

    starts = np.cumsum(sizes) - sizes
    sums = np.zeros(len(sizes), dtype=np.uint64)
    some = np.flatnonzero(sizes)
    if len(some):
        sums[some] = np.add.reduceat(codes * powers[: len(codes)], starts[some]) * inverses[starts[some]]
    # The splitmix64 finaliser, so that the order of contents has nothing to do with their characters.
    sums += sizes.astype(np.uint64)
    sums = (sums ^ (sums >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    sums = (sums ^ (sums >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return sums ^ (sums >> np.uint64(31))


def _contents(
    codes: NDArray[np.unsignedinteger], bounds: NDArray[np.int64], digest: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The content number of each piece and the first piece of each content."""
    import numpy as np

    order = np.argsort(digest, kind="stable")
    ordered = digest[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    # Equal digests are looked at: only equal characters make one content.
    for at in np.flatnonzero(~new).tolist():
        one, other = int(order[at - 1]), int(order[at])
        a, b = codes[bounds[one] : bounds[one + 1]], codes[bounds[other] : bounds[other + 1]]
        new[at] = len(a) != len(b) or bool((a != b).any())
    content = np.empty(len(order), dtype=np.int64)
    content[order] = np.cumsum(new) - 1
    return content, order[new]
