"""One side of a comparison (比对的一方): a document, one of its pieces or a text, cut into passages."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from planparse.dedupe.align import keys, passages
from planparse.document import Document, Measure, Piece, Section
from planparse.pipeline import parse

Comparable = str | Document | tuple[Document, Piece | int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a heading line. Offsets are of the original text; ``key`` is what is compared, without label.

    ``label`` is how many characters of the text are the number of an item.
    """

    text: str
    label: int
    key: str
    start: int
    end: int
    sections: tuple[Section, ...]
    """The sections it is in, outermost first."""
    measures: tuple[Measure, ...]

    @property
    def section(self) -> Section | None:
        """The innermost of them."""
        return self.sections[-1] if self.sections else None


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared: its name, its passages, and its sections with a label or title of their own."""

    name: str
    passages: tuple[Passage, ...]
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]


def side(given: Comparable, name: str) -> Side:
    """Cut up what was given.

    Raises:
        TypeError: for anything but a text, a document or (document, piece).
        KeyError: for a piece that the document does not have.
    """
    piece = None
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], Document):
        doc, wanted = given
        n = wanted.n if isinstance(wanted, Piece) else wanted
        piece = next((p for p in doc.pieces if p.n == n), None)
        if piece is None:
            raise KeyError(f"{doc.id} has no piece {n}")
    elif isinstance(given, Document):
        doc = given
    elif isinstance(given, str):
        doc = parse(given, id=name)
    else:
        raise TypeError(f"compare() takes texts, documents or (document, piece), not {type(given).__name__}")
    start, end = (piece.start, piece.end) if piece else (0, len(doc.text))
    called = f"{doc.id}#{piece.n}" if piece else doc.id
    sections = tuple(s for s in doc.sections if start <= s.start < end and not s.implied)
    measures = tuple(m for m in doc.measures if start <= m.start < end)
    return Side(called, tuple(_passages(doc, start, end, sections, measures)), sections, measures)


def _passages(
    doc: Document, start: int, end: int, sections: tuple[Section, ...], measures: tuple[Measure, ...]
) -> list[Passage]:
    low, high = doc.to_clean(start), doc.to_clean(end)
    text = doc.clean_text[low:high]

    def place(offset: int) -> int:
        return min(max(doc.to_clean(offset) - low, 0), len(text))

    labels = {place(s.start): place(s.label_end) for s in sections}
    cuts = sorted({*labels, *(place(p) for piece in doc.pieces for p in (piece.start, piece.heading_end))})
    ranges = passages(text, cuts)
    # The number of an item is not what it says: one more item before it is no change.
    behind = [(min(labels.get(first, first), last), last) for first, last in ranges]
    found: list[Passage] = []
    starts = [m.start for m in measures]
    around: list[Section] = []
    waiting = list(reversed(sections))
    for (first, last), (words, _), key in zip(ranges, behind, keys(text, behind), strict=True):
        raw, raw_end = doc.to_raw(low + first), doc.to_raw(low + last - 1) + 1
        while waiting and waiting[-1].start <= raw:
            around.append(waiting.pop())
        around = [s for s in around if s.end > raw]
        held = measures[bisect_right(starts, raw - 1) : bisect_right(starts, raw_end - 1)]
        if key:
            found.append(Passage(text[first:last], words - first, key, raw, raw_end, tuple(around), held))
    return found
