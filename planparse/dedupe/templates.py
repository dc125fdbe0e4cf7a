"""Template text (套话, 模板段落): a passage in so many pieces that it is told once, with all that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.bulk import Found, Popular, labels
from planparse.dedupe.candidates import RARE
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.shingles import K, finished, polynomials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Contents that are hashed together.
_AT_ONCE = 64
# Members at which a print is looked up among the templates that are already there.
_LOOKED_AT = 16


class Template(NamedTuple):
    """A run of ``length`` characters, at ``places`` in the contents ``members``."""

    members: NDArray[np.int64]
    places: NDArray[np.int64]
    length: int


def templates(corpus: Corpus, found: Found, popular: Popular, passage: int) -> list[Template]:
    """The runs of at least ``passage`` characters that stand in more than ``RARE`` contents which are not near copies.

    A run is as long as all that are told of have it; that it may be long enough, up to half of those that have its
    beginning are left out.
    """
    import numpy as np

    component = labels(found, len(corpus.first))
    wide = [i for i, owners in enumerate(popular.owners) if len(np.unique(component[owners])) > RARE]
    if not wide:
        return []
    contents = np.unique(np.concatenate([popular.owners[i] for i in wide]))
    wanted = np.sort(popular.hashes[wide])
    gram = max(K, passage // 2)
    prints, owners, places = _places(corpus, contents, wanted, gram)
    # The first place of each content; the print that most have comes first.
    _, first = np.unique(prints * np.int64(len(corpus.first)) + owners, return_index=True)
    prints, owners, places = prints[first], owners[first], places[first]
    ends = np.searchsorted(prints, np.arange(len(wanted) + 1))
    order = np.lexsort((wanted, -np.diff(ends)))
    made: list[Template] = []
    covered: dict[int, list[tuple[int, int]]] = {}
    for number in order.tolist():
        members, at = owners[ends[number] : ends[number + 1]], places[ends[number] : ends[number + 1]]
        if _is_covered(members, at, covered):
            continue
        template = _extended(corpus, members, at, gram, passage)
        if template is None or len(np.unique(component[template.members])) <= RARE:
            continue
        made.append(template)
        for member, place in zip(template.members.tolist(), template.places.tolist(), strict=True):
            covered.setdefault(member, []).append((place, place + template.length))
    return made


def _places(
    corpus: Corpus, contents: NDArray[np.int64], wanted: NDArray[np.uint64], gram: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The number of the print, the content and the place of every occurrence of the wanted prints, in this order."""
    import numpy as np

    bits = np.uint64(max(1, len(corpus.first).bit_length()))
    parts = []
    for at in range(0, len(contents), _AT_ONCE):
        some = contents[at : at + _AT_ONCE]
        codes, bounds = corpus.gathered(corpus.first[some])
        hashes = finished(polynomials(codes, [gram])[0], gram) >> bits
        number = np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)
        hit = np.flatnonzero(wanted[number] == hashes)
        owner = np.searchsorted(bounds, hit, "right") - 1
        inside = hit + gram <= bounds[owner + 1]
        hit, owner = hit[inside], owner[inside]
        parts.append(np.stack([number[hit], some[owner], hit - bounds[owner]]))
    prints, owners, places = np.concatenate(parts, axis=1)
    order = np.lexsort((places, owners, prints))
    return prints[order], owners[order], places[order]


def _is_covered(
    members: NDArray[np.int64], at: NDArray[np.int64], covered: dict[int, list[tuple[int, int]]]
) -> bool:
    some = list(zip(members[:_LOOKED_AT].tolist(), at[:_LOOKED_AT].tolist(), strict=True))
    hits = sum(any(start <= place < end for start, end in covered.get(member, ())) for member, place in some)
    return 2 * hits > len(some)


def _extended(
    corpus: Corpus, members: NDArray[np.int64], at: NDArray[np.int64], gram: int, passage: int
) -> Template | None:
    """The run around equal grams that all members have; of shorter than a passage, that more than half of them have."""
    import numpy as np

    least = max(RARE, len(members) // 2)
    pieces = corpus.first[members]
    starts, ends = corpus.bounds[pieces], corpus.bounds[pieces + 1]
    kept = np.arange(len(members))
    left, right = 0, gram

    def agreeing(reach: int) -> NDArray[np.int64]:
        """Those of the kept whose character there is the most common one."""
        place = starts[kept] + at[kept] + reach
        room = (place < ends[kept]) & (place >= starts[kept])
        if not room.any():
            return kept[:0]
        values, of, counts = np.unique(corpus.codes[place[room]], return_inverse=True, return_counts=True)
        return kept[room][of == counts.argmax()]

    while True:
        after = agreeing(right)
        if len(after) == len(kept):
            right += 1
            continue
        before = agreeing(left - 1)
        if len(before) == len(kept):
            left -= 1
        elif right - left >= passage or max(len(before), len(after)) <= least:
            break
        elif len(after) >= len(before):
            kept, right = after, right + 1
        else:
            kept, left = before, left - 1
    if right - left < passage:
        return None
    return Template(members[kept], at[kept] + left, right - left)
