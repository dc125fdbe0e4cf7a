"""The units of comparison: pieces of documents, or bare texts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.document import Document, Span
from planparse.document import Piece as DocumentPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece (篇) before it is normalised.

    ``places`` and ``raws`` are the places of its text where the original text jumps, and the original offsets of these;
    between two of them both run side by side. ``heading`` is its heading line (the title of a page with one plan), with
    offsets in the original text; it does not count in a comparison.
    """

    id: str
    text: str
    places: tuple[int, ...]
    raws: tuple[int, ...]
    heading: Span | None = None

    def source(self, offset: int) -> int:
        """The original offset of an offset of the text."""
        at = bisect_right(self.places, offset) - 1
        return self.raws[at] + offset - self.places[at]

    def originals(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """The original offsets of offsets of the text."""
        import numpy as np

        places, raws = np.array(self.places, dtype=np.int64), np.array(self.raws, dtype=np.int64)
        at = np.searchsorted(places, offsets, "right") - 1
        result: NDArray[np.int64] = raws[at] + offsets - places[at]
        return result


# The map of a text that is the original text.
WHOLE = (0,)


def pieces(items: Iterable[Document | str]) -> Iterator[Piece]:
    """The pieces of each document without their heading lines; a string is one, called ``text:<index>``.

    No document is held on to.

    Raises:
        TypeError: for anything that is neither a document nor a string.
    """
    for index, item in enumerate(items):
        if isinstance(item, str):
            yield Piece(f"text:{index}", item, WHOLE, WHOLE)
        elif isinstance(item, Document):
            # A document without pieces need not say where its edits are.
            changes = sorted(_changes(item)) if item.pieces else []
            for piece in item.pieces:
                start, text = _text(item, piece)
                places = [0, *(at - start for at in changes if start < at < start + len(text))]
                raws = [item.to_raw(start + place) for place in places]
                yield Piece(f"{item.id}#{piece.n}", text, tuple(places), tuple(raws), _heading(item, piece))
        else:
            raise TypeError(f"item {index} is a {type(item).__name__}, neither a Document nor a str")


def _changes(doc: Document) -> set[int]:
    """The clean offsets at edits: between two edits original offsets run beside the clean ones."""
    return {at for edit in doc.edits for at in range(doc.to_clean(edit.start), doc.to_clean(edit.end) + 1)}


def _text(doc: Document, piece: DocumentPiece) -> tuple[int, str]:
    """Where a piece's text without its heading line begins in the clean text, and the text."""
    start = doc.to_clean(piece.heading_end)
    return start, doc.clean_text[start : doc.to_clean(piece.end)]


def _heading(doc: Document, piece: DocumentPiece) -> Span | None:
    text = doc.clean_text[doc.to_clean(piece.start) : doc.to_clean(piece.heading_end)].strip()
    if text:
        return Span(piece.start, piece.heading_end, text)
    return doc.title if len(doc.pieces) == 1 else None
