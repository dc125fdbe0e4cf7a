"""The units of comparison: pieces of documents, or bare texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.dedupe.normalise import Compared, compared
from planparse.dedupe.shingles import shingle_hashes
from planparse.document import Document, Piece, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece (篇) as it is compared. ``source`` maps offsets of its text to the original text it comes from.

    ``heading`` is its heading line (the title of a page with one plan), with offsets in the original text; it does not
    count in a comparison.
    """

    id: str
    text: str
    compared: Compared
    source: Callable[[int], int]
    heading: Span | None = None

    @property
    def size(self) -> int:
        """How many characters count in a comparison."""
        return len(self.compared.codes)

    def hashes(self) -> NDArray[np.uint64]:
        """The hashes of the unit's 5-grams, in order."""
        return shingle_hashes(self.compared.codes)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that the compared characters ``[start, end)`` come from."""
        offsets = self.compared.offsets
        return self.source(int(offsets[start])), self.source(int(offsets[end - 1])) + 1


def units(items: Iterable[Document | str]) -> Iterator[Unit]:
    """The pieces of each document without their heading lines; a string is one unit, called ``text:<index>``.

    Raises:
        TypeError: for anything that is neither a document nor a string.
    """
    for index, item in enumerate(items):
        if isinstance(item, str):
            yield Unit(f"text:{index}", item, compared(item), int)
        elif isinstance(item, Document):
            yield from _pieces(item)
        else:
            raise TypeError(f"item {index} is a {type(item).__name__}, neither a Document nor a str")


def _pieces(doc: Document) -> Iterator[Unit]:
    for piece in doc.pieces:
        start = doc.to_clean(piece.heading_end)
        text = doc.clean_text[start : doc.to_clean(piece.end)]

        def source(offset: int, start: int = start) -> int:
            return doc.to_raw(start + offset)

        yield Unit(f"{doc.id}#{piece.n}", text, compared(text), source, _heading(doc, piece))


def _heading(doc: Document, piece: Piece) -> Span | None:
    text = doc.clean_text[doc.to_clean(piece.start) : doc.to_clean(piece.heading_end)].strip()
    if text:
        return Span(piece.start, piece.heading_end, text)
    return doc.title if len(doc.pieces) == 1 else None
