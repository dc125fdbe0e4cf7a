"""Template text (套话, 模板段落): a passage in so many pieces that it is told once, with all that have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.candidates import RARE, long_gram
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.joins import Popular, among, postings, ranges
from planparse.dedupe.prints import ordered
from planparse.dedupe.shingles import mixed, polynomials

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
    gram = long_gram(passage)
    contents = np.unique(np.concatenate([popular.owners[i] for i in wide]))
    wanted = np.sort(popular.hashes[wide])
    # All grams around a wide print, not only the printed ones: where a stretch ends is no matter of chance.
    content, place, hashes = around(corpus, contents, wanted, gram, passage, bits)
    many = postings(ordered((hashes << np.uint64(bits)) | component[content].astype(np.uint64)), bits)
    hit = among(hashes, many.hashes[many.starts[many.sizes > RARE]])
    owner, start, end = stretches(content[hit], place[hit], gram, passage)
    touch, of = touching(corpus, owner, start, end, gram)
    keys = (touch & ~np.uint64(2**bits - 1)) | of.astype(np.uint64)
    return Templates(owner, start, end, np.unique(keys))


def around(
    corpus: Corpus, contents: NDArray[np.int64], wanted: NDArray[np.uint64], gram: int, passage: int, bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Content, place and hash of each gram of contents that begins less than a passage from a wanted one, in order.

    Hashes are without their low ``bits``, and so are the wanted ones, which are in order.
    """
    import numpy as np

    nothing = np.empty(0, dtype=np.int64)
    parts = [(nothing, nothing, np.empty(0, dtype=np.uint64))]
    for at in range(0, len(contents), _AT_ONCE):
        some = contents[at : at + _AT_ONCE]
        codes, bounds = corpus.gathered(corpus.first[some])
        hashes = mixed(polynomials(codes, [gram])[0]) >> np.uint64(bits)
        starts, lasts = bounds[:-1], bounds[1:] - gram
        hit = np.flatnonzero(among(hashes, wanted))
        owner = np.searchsorted(bounds, hit, "right") - 1
        inside = hit <= lasts[owner]
        hit, owner = hit[inside], owner[inside]
        begin, end = np.maximum(hit - passage, starts[owner]), np.minimum(hit + passage, lasts[owner])
        found = np.unique(ranges(begin, end - begin + 1))
        owner = np.searchsorted(bounds, found, "right") - 1
        parts.append((some[owner], found - starts[owner], hashes[found]))
    content, place, hashes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return content, place, hashes


def stretches(
    content: NDArray[np.int64], place: NDArray[np.int64], gram: int, passage: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Content, start and end of what grams next to each other cover, of at least a passage; all in order."""
    import numpy as np

    new = np.ones(len(content), dtype=np.bool_)
    new[1:] = (np.diff(content) != 0) | (np.diff(place) > 1)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(content)) - 1
    long = place[last] + gram - place[first] >= passage if len(first) else new
    return content[first][long], place[first][long], place[last][long] + gram


def touching(
    corpus: Corpus, content: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], gram: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash and content of each gram that touches one of some stretches, printed or not."""
    import numpy as np

    parts = [(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))]
    for at in range(0, len(content), _AT_ONCE):
        here = slice(at, at + _AT_ONCE)
        some, of = np.unique(content[here], return_inverse=True)
        codes, bounds = corpus.gathered(corpus.first[some])
        hashes = mixed(polynomials(codes, [gram])[0])
        first = np.maximum(bounds[of] + start[here] - gram + 1, bounds[of])
        last = np.minimum(bounds[of] + end[here], bounds[of + 1] - gram + 1)
        parts.append((hashes[ranges(first, last - first)], np.repeat(content[here], last - first)))
    found, owner = (np.concatenate(column) for column in zip(*parts, strict=True))
    return found, owner


def texts_of(
    corpus: Corpus, content: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> Sequence[bytes]:
    """The compared characters of each stretch."""
    begin = corpus.bounds[corpus.first[content]]
    spans = zip((begin + start).tolist(), (begin + end).tolist(), strict=True)
    return [corpus.codes[one:other].tobytes() for one, other in spans]
