"""``compare()``: two plans side by side (两份计划比对)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planparse.dedupe.align import align
from planparse.differences.sides import Comparable, side
from planparse.differences.tables import (
    MEASURES,
    PASSAGES,
    SECTIONS,
    Pair,
    Row,
    measure_row,
    pairs,
    passage_row,
    rows,
    section_rows,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Comparison:
    """What :func:`compare` found. ``print`` shows it side by side in a terminal, a notebook as HTML.

    ``passages``: a row for each sentence, in the order of ``b``: ``change`` is ``same``, ``moved``, ``reworded``,
    ``added`` or ``removed``; a reworded one may be ``moved`` as well; ``similarity`` (0 to 1) is Dice's coefficient of
    the character pairs. ``sections``: a row for each labelled section: ``same``, ``moved``, ``changed``, ``added`` or
    ``removed``, with the numbers of its own passages. ``measures``: a row for each amount: ``same``, ``changed``
    (``value_a`` to ``value_b`` in ``unit``), ``added`` or ``removed``. ``start_a`` … ``end_b`` are offsets in the
    original texts, ``section_a`` and ``section_b`` ids of sections.
    """

    a: str
    b: str
    sections: pd.DataFrame
    passages: pd.DataFrame
    measures: pd.DataFrame
    rows: Sequence[Row] = field(repr=False)
    pairs: Sequence[Pair] = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether nothing differs but blanks, punctuation, script and the numbers of items."""
        return not len(self.passages) or bool((self.passages["change"] == "same").all())

    def to_text(self, *, width: int = 100, all: bool = False) -> str:
        """Side by side for a terminal.

        Args:
            width: columns; taken as 60 where it is less.
            all: also the passages that did not change.
        """
        from planparse.differences.terminal import to_text

        return to_text(self, width=width, all=all)

    def counts(self) -> Counter[str]:
        """How many passages there are of each kind of change."""
        return Counter(row.change for row in self.rows)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        counts = self.counts()
        facts = ", ".join(f"{counts[kind]} {kind}" for kind in ("same", "moved", "reworded", "added", "removed"))
        changed = sum(pair.change != "same" for pair in self.pairs)
        return f"Comparison({self.a!r}, {self.b!r}: {facts}; {changed} measures differ)"

    def _repr_html_(self) -> str:
        from planparse.differences.html import to_html

        return to_html(self)


def compare(a: Comparable, b: Comparable) -> Comparison:
    """Align two plans passage by passage, and say what was added, removed and reworded, and which measures changed.

    Compared are letters and digits (NFKC, traditional folded to simplified) of the clean text; labels of sections,
    blanks and punctuation inside a sentence make no difference. Passages are aligned by the heaviest chain of equal and
    similar ones, sections by the passages they share, measures by their place in passages and by their indicators.

    Args:
        a: a document, a piece as ``(document, n)`` or ``(document, piece)``, or a text.
        b: the other one, usually the later.

    Raises:
        TypeError: for anything else.
        KeyError: for a piece that the document does not have.
    """
    import pandas as pd

    one, other = side(a, "a"), side(b, "b")
    found = rows(one, other, align([p.key for p in one.passages], [p.key for p in other.passages]))
    measured = pairs(one, other, found)
    # A section is missing on one side of what was added or removed.
    places = dict.fromkeys(["section_a", "section_b"], "Int64")
    spans = dict.fromkeys(["start_a", "end_a", "start_b", "end_b"], "Int64")
    return Comparison(
        a=one.name,
        b=other.name,
        sections=pd.DataFrame(section_rows(one, other, found), columns=SECTIONS).astype(places),
        passages=pd.DataFrame([passage_row(row) for row in found], columns=PASSAGES).astype(places | spans),
        measures=pd.DataFrame([measure_row(pair) for pair in measured], columns=MEASURES).astype(places | spans),
        rows=tuple(found),
        pairs=tuple(measured),
    )
