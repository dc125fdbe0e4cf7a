"""A document cut up for showing (版面): its pieces and sections as nested blocks, its text as runs of one treatment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from planparse.document import Document, Edit, Measure, Piece, Section

_LONGEST_HEADING = 60


@dataclass(slots=True)
class Block:
    """A piece, a section, or (with neither) the page itself."""

    start: int
    end: int
    piece: Piece | None = None
    section: Section | None = None


class Opening(NamedTuple):
    """A block begins."""

    block: Block


class Closing(NamedTuple):
    """A block ends."""

    block: Block


class Text(NamedTuple):
    """Text that belongs to a block itself, not to one inside it. ``first`` says that nothing of it came before."""

    start: int
    end: int
    block: Block
    first: bool


class Run(NamedTuple):
    """A stretch of text that one edit, one measure, both or neither of them covers."""

    start: int
    end: int
    edit: Edit | None
    measure: Measure | None


def events(doc: Document) -> Iterator[Opening | Closing | Text]:
    """The page from its first character to its last: every character is in exactly one :class:`Text`."""
    blocks = [Block(p.start, p.end, piece=p) for p in doc.pieces]
    blocks += [Block(s.start, s.end, section=s) for s in doc.sections]
    # An implied section begins where its first item does.
    blocks.sort(key=lambda b: (b.start, b.section.level if b.section else 0, b.section.id if b.section else 0))
    page = Block(0, len(doc.text))
    open_blocks, at, first = [page], 0, True
    yield Opening(page)
    for block in blocks:
        while len(open_blocks) > 1 and block.start >= open_blocks[-1].end:
            top = open_blocks.pop()
            if at < top.end:
                yield Text(at, top.end, top, first)
            at, first = top.end, False
            yield Closing(top)
        top = open_blocks[-1]
        if at < block.start:
            yield Text(at, block.start, top, first)
            at = block.start
        block.end = min(block.end, top.end)
        open_blocks.append(block)
        first = True
        yield Opening(block)
    while open_blocks:
        top = open_blocks.pop()
        if at < top.end:
            yield Text(at, top.end, top, first)
        at, first = max(at, top.end), False
        yield Closing(top)


class Runs:
    """Cuts any range of a document's text into runs."""

    def __init__(self, doc: Document) -> None:
        self._edits = doc.edits
        self._edit_ends = [edit.end for edit in doc.edits]
        self._measures = doc.measures
        self._measure_ends = [measure.end for measure in doc.measures]

    def between(self, start: int, end: int) -> Iterator[Run]:
        """The runs of ``[start, end)``, in order and without gap."""
        i = bisect_right(self._edit_ends, start)
        j = bisect_right(self._measure_ends, start)
        while start < end:
            edit = self._edits[i] if i < len(self._edits) else None
            measure = self._measures[j] if j < len(self._measures) else None
            stop = end
            inside: list[Edit | Measure | None] = []
            for one in (edit, measure):
                if one is None or one.start >= end:
                    inside.append(None)
                elif one.start > start:
                    stop = min(stop, one.start)
                    inside.append(None)
                else:
                    stop = min(stop, one.end)
                    inside.append(one)
            covering_edit, covering_measure = inside
            yield Run(
                start,
                stop,
                covering_edit if isinstance(covering_edit, Edit) else None,
                covering_measure if isinstance(covering_measure, Measure) else None,
            )
            start = stop
            i += edit is not None and edit.end <= start
            j += measure is not None and measure.end <= start


def heading_end(doc: Document, block: Block) -> int:
    """Where the heading line of a block ends, or its start where it has none.

    A section has one where label and title are a line of their own and no sentence; else its label opens running text.
    """
    if block.piece is not None:
        return min(block.piece.heading_end, block.end)
    section = block.section
    if section is None or section.implied:
        return block.start
    end = min(max(section.title_end, section.label_end), block.end)
    # No further than this on either side, for the sake of pages that are one long line.
    before = doc.text[max(0, block.start - _LONGEST_HEADING) : block.start].rpartition("\n")[2]
    rest = doc.text[end : end + _LONGEST_HEADING].partition("\n")[0]
    if before.strip() or rest.strip(" \t\r\u3000:：") or end - block.start > _LONGEST_HEADING:
        return block.start
    if doc.text[end - 1 : end] in tuple("。！？；，!?;,"):
        return block.start
    return min(end + len(rest.rstrip()), block.end)


def showable(text: str) -> str:
    """A text with U+FFFD for what XML and HTML cannot hold: control characters, lone surrogates, noncharacters."""
    return text if text.isprintable() else "".join("\ufffd" if _is_illegal(c) else c for c in text)


def _is_illegal(character: str) -> bool:
    code = ord(character)
    return (code < 0x20 and character not in "\t\n\r") or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)
