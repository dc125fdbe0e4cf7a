"""``duplicates()``: candidates, each compared exactly, then groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from planparse.dedupe.candidates import RARE, candidate_pairs
from planparse.dedupe.groups import components, group_table
from planparse.dedupe.merge import Group, kept
from planparse.dedupe.merge import group as group_of
from planparse.dedupe.passages import shared_passages
from planparse.dedupe.units import Unit, units
from planparse.document import Document

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

# A group of more copies than this is listed by its members and a few pairs each, not by all its pairs.
_MOST_COPIES = 400
PAIR_COLUMNS = ["a", "b", "relation", "jaccard", "containment", "shared_chars"]
# The row of a pair, and the rows of its passages.
Related = tuple[dict[str, Any], list[dict[str, Any]]]
PASSAGE_COLUMNS = ["a", "b", "length", "a_start", "a_end", "b_start", "b_end"]


@dataclass(frozen=True)
class Duplicates:
    """What ``duplicates()`` found, as DataFrames.

    ``pairs`` has a row for each related pair of pieces (``a`` is the one contained in ``contains``, else the earlier);
    ``groups`` a row for each member of a group of near copies, with the group's representative (代表) and why it is;
    ``passages`` a row for each shared run, with its ranges in the original text of both sides.
    """

    pairs: pd.DataFrame
    groups: pd.DataFrame
    passages: pd.DataFrame
    copies: Mapping[str, Unit] = field(default_factory=dict, repr=False, compare=False)
    """The pieces that are in groups, by id."""

    def group(self, name: int | str) -> Group:
        """One group, by its number or by the id of a member: ``members``, ``representative``, ``merged()``.

        Raises:
            KeyError: where there is none.
        """
        return group_of(self.groups, self.copies, name)


def duplicates(
    docs_or_texts: Iterable[Document | str], near: float = 0.7, contains: float = 0.8, passage: int = 50
) -> Duplicates:
    """Find exact, near and contained copies and shared passages among the pieces of documents, or among texts.

    Compared are letters and digits (NFKC, traditional folded to simplified) as sets of character 5-grams: ``exact``
    where they are equal, ``near`` at a Jaccard similarity of at least ``near``, ``contains`` where at least the share
    ``contains`` of the shorter one's 5-grams stand in the longer one, ``shares`` at a common run of at least
    ``passage`` characters. All figures are exact. Of a plan in more than 400 copies not all pairs are listed, but all
    copies are in its group.

    Args:
        docs_or_texts: documents, whose pieces are the units, or strings, each a unit.
        near, contains: between 0 and 1.
        passage: characters, at least 5.

    Raises:
        TypeError: for an item that is neither.
        ValueError: for a threshold out of range, or two units of one id.
    """
    if not (0 < near <= 1 and 0 < contains <= 1):
        raise ValueError(f"near and contains are shares between 0 and 1, not {near} and {contains}")
    if passage < 5:
        raise ValueError(f"passage is a number of characters of at least 5, not {passage}")
    found = list(units(docs_or_texts))
    ids = [unit.id for unit in found]
    if len(set(ids)) < len(ids):
        repeated = next(id for id, times in Counter(ids).items() if times > 1)
        raise ValueError(f"two pieces are called {repeated!r}: give each document its own id")
    return relate(found, near, contains, passage)


def relate(
    found: Sequence[Unit],
    near: float,
    contains: float,
    passage: int,
    known: Mapping[tuple[int, int], Related | None] | None = None,
) -> Duplicates:
    """As :func:`duplicates`, of units; what is ``known`` of a pair of them is not compared again."""
    import pandas as pd

    known = known or {}
    related: dict[tuple[int, int], Related] = {}
    sets: dict[int, NDArray[np.uint64]] = {}
    compared: set[tuple[int, int]] = set()

    def compare(candidates: Iterable[tuple[int, int]]) -> None:
        for i, j in candidates:
            compared.add((i, j))
            pair = known[i, j] if (i, j) in known else _compare(found, sets, i, j, near, contains, passage)
            if pair is not None:
                related[i, j] = pair

    compare(candidate_pairs(found, passage, min(near, contains)))
    # Of what is in very many copies the candidates are only a few of the pairs; the rest are within its group.
    for members in components(_near_edges(related), len(found)):
        if RARE < len(members) <= _MOST_COPIES:
            compare(pair for pair in combinations(members, 2) if pair not in compared)
    rows = [related[pair] for pair in sorted(related)]
    groups = group_table(found, _near_edges(related))
    return Duplicates(
        pairs=pd.DataFrame([row for row, _ in rows], columns=PAIR_COLUMNS),
        groups=groups,
        passages=pd.DataFrame([run for _, runs in rows for run in runs], columns=PASSAGE_COLUMNS),
        copies=kept(found, groups),
    )


def _near_edges(related: Mapping[tuple[int, int], Related]) -> list[tuple[int, int]]:
    return [pair for pair, (row, _) in sorted(related.items()) if row["relation"] in ("exact", "near")]


def _set(found: Sequence[Unit], sets: dict[int, NDArray[np.uint64]], i: int) -> NDArray[np.uint64]:
    import numpy as np

    if i not in sets:
        sets[i] = np.unique(found[i].hashes())
    return sets[i]


def _compare(
    found: Sequence[Unit],
    sets: dict[int, NDArray[np.uint64]],
    i: int,
    j: int,
    near: float,
    contains: float,
    passage: int,
) -> Related | None:
    """The row of a pair and the rows of its passages, or None where the two are not related."""
    import numpy as np

    a, b = found[i], found[j]
    first, second = _set(found, sets, i), _set(found, sets, j)
    common = len(np.intersect1d(first, second, assume_unique=True))
    if not common:
        return None
    jaccard = common / (len(first) + len(second) - common)
    containment = common / min(len(first), len(second))
    if np.array_equal(a.compared.codes, b.compared.codes):
        relation = "exact"
    elif jaccard >= near:
        relation = "near"
    elif containment >= contains:
        relation = "contains"
        if len(second) < len(first):
            a, b = b, a
    else:
        relation = "shares"
    runs = shared_passages(a.compared.codes, b.compared.codes, a.hashes(), b.hashes(), passage)
    if relation == "shares" and not runs:
        return None
    row = {
        "a": a.id,
        "b": b.id,
        "relation": relation,
        "jaccard": jaccard,
        "containment": containment,
        "shared_chars": sum(run.length for run in runs),
    }
    rows = []
    for run in sorted(runs, key=lambda run: run.a):
        a_start, a_end = a.original(run.a, run.a + run.length)
        b_start, b_end = b.original(run.b, run.b + run.length)
        rows.append(dict(zip(PASSAGE_COLUMNS, (a.id, b.id, run.length, a_start, a_end, b_start, b_end), strict=True)))
    return row, rows
