"""Template text (套话, 模板段落): a passage in so many pieces that it is told once, with all that have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.candidates import RARE
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.joins import Popular, among, postings, ranges
from planparse.dedupe.prints import ordered
from planparse.dedupe.shingles import K, mixed, polynomials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Contents that are hashed together.
_AT_ONCE = 32


class Templates(NamedTuple):
    """Stretches ``[start, end)`` of contents that are template text, in the order of contents and places.

    ``keys`` are those of the long grams that touch one, in order: what these have in common is told once.
    """

    content: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    keys: NDArray[np.uint64]


def templates(corpus: Corpus, component: NDArray[np.int64], popular: Popular, passage: int, bits: int) -> Templates:
    """The stretches of at least ``passage`` characters of which each half a passage stands in more than ``RARE``
    contents that are not near copies of each other.

    Args:
        corpus: the texts.
        component: the number of each content's component over near edges.
        popular: the prints that many contents have.
        passage: characters.
        bits: the low bits of a key.
    """
    import numpy as np

    nothing = np.empty(0, dtype=np.int64)
    wide = [i for i, owners in enumerate(popular.owners) if len(np.unique(component[owners])) > RARE]
    if not wide:
        return Templates(nothing, nothing, nothing, np.empty(0, dtype=np.uint64))
    gram = max(K, passage // 2)
    contents = np.unique(np.concatenate([popular.owners[i] for i in wide]))
    wanted = np.sort(popular.hashes[wide])
    low = np.uint64(2**bits - 1)
    # All grams around a wide print, not only the printed ones: where a stretch ends is no matter of chance.
    parts = [_around(corpus, contents[at : at + _AT_ONCE], wanted, gram, passage, bits) for at in _steps(contents)]
    content, place, hashes = (np.concatenate(column) for column in zip(*parts, strict=True))
    many = postings(ordered((hashes << np.uint64(bits)) | component[content].astype(np.uint64)), bits)
    common = many.hashes[many.starts[many.sizes > RARE]]
    hit = among(hashes, common)
    content, place = content[hit], place[hit]
    new = np.ones(len(content), dtype=np.bool_)
    new[1:] = (np.diff(content) != 0) | (np.diff(place) > 1)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(content)) - 1
    long = place[last] + gram - place[first] >= passage if len(first) else new
    owner, start, end = content[first][long], place[first][long], place[last][long] + gram
    touching = [
        _touching(corpus, owner, start, end, at, min(at + _AT_ONCE, len(owner)), gram, low)
        for at in range(0, len(owner), _AT_ONCE)
    ]
    return Templates(owner, start, end, np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *touching])))


def _steps(contents: NDArray[np.int64]) -> range:
    return range(0, len(contents), _AT_ONCE)


def _around(
    corpus: Corpus, some: NDArray[np.int64], wanted: NDArray[np.uint64], gram: int, passage: int, bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Content, place and hash of each gram that begins less than a passage from a wanted one, in order."""
    import numpy as np

    codes, bounds = corpus.gathered(corpus.first[some])
    hashes = mixed(polynomials(codes, [gram])[0]) >> np.uint64(bits)
    starts, lasts = bounds[:-1], bounds[1:] - gram
    hit = np.flatnonzero(among(hashes, wanted))
    owner = np.searchsorted(bounds, hit, "right") - 1
    inside = hit <= lasts[owner]
    hit, owner = hit[inside], owner[inside]
    begin, end = np.maximum(hit - passage, starts[owner]), np.minimum(hit + passage, lasts[owner])
    around = np.unique(ranges(begin, end - begin + 1))
    owner = np.searchsorted(bounds, around, "right") - 1
    return some[owner], around - starts[owner], hashes[around]


def _touching(
    corpus: Corpus,
    owner: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    at: int,
    to: int,
    gram: int,
    low: np.uint64,
) -> NDArray[np.uint64]:
    """The grams of contents that touch their stretches ``at`` to ``to``, printed or not."""
    import numpy as np

    some, of = np.unique(owner[at:to], return_inverse=True)
    codes, bounds = corpus.gathered(corpus.first[some])
    hashes = mixed(polynomials(codes, [gram])[0])
    first = np.maximum(bounds[of] + start[at:to] - gram + 1, bounds[of])
    last = np.minimum(bounds[of] + end[at:to], bounds[of + 1] - gram + 1)
    places = ranges(first, last - first)
    number = np.repeat(owner[at:to], last - first).astype(np.uint64)
    return (hashes[places] & ~low) | number


def texts_of(corpus: Corpus, found: Templates) -> Sequence[bytes]:
    """The compared characters of each stretch."""
    begin = corpus.bounds[corpus.first[found.content]]
    spans = zip((begin + found.start).tolist(), (begin + found.end).tolist(), strict=True)
    return [corpus.codes[start:end].tobytes() for start, end in spans]
