"""Where an amount stands: its piece, its section, its sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from planparse.document import Piece, Section
from planparse.measures.masked import masked
from planparse.measures.scan import Amount
from planparse.measures.sentence import SENTENCE_ENDS, Sentence
from planparse.measures.tables import Tables

_BACK, _AHEAD = 260, 160


class Context:
    """One text with its structure, asked from left to right."""

    def __init__(
        self, text: str, folded: str, pieces: Sequence[Piece], sections: Sequence[Section], tables: Tables
    ) -> None:
        self.text = text
        self.folded = folded
        self.pieces = pieces
        self.sections = sections
        self.tables = tables
        self.piece_starts = [piece.start for piece in pieces]
        self.section_starts = [section.start for section in sections]
        self.by_id = {section.id: section for section in sections}
        self.sentence: Sentence | None = None

    def piece_at(self, at: int) -> Piece | None:
        """The piece around an offset."""
        i = bisect_right(self.piece_starts, at) - 1
        if i < 0 or at >= max(self.pieces[i].end, self.pieces[i].heading_end):
            return None
        return self.pieces[i]

    def section_at(self, at: int) -> tuple[Section | None, int]:
        """The innermost section around an offset, and where the next label starts."""
        i = bisect_right(self.section_starts, at)
        following = self.section_starts[i] if i < len(self.section_starts) else len(self.folded)
        section: Section | None = self.sections[i - 1] if i else None
        while section is not None and section.end <= at:
            section = self.by_id.get(section.parent) if section.parent is not None else None
        return section, following

    def sentence_at(self, at: int, section: Section | None, next_label: int) -> Sentence:
        """The sentence around an offset of a section; a label ends a sentence, and so does a great distance."""
        current = self.sentence
        if current is not None and current.start <= at < current.end:
            return current
        folded = self.folded
        low = max(0, at - _BACK)
        if section is not None and section.label_end <= at:
            low = max(low, section.label_end)
        if current is not None:
            low = max(low, min(current.end, at))
        start = max([low, *(folded.rfind(stop, low, at) + 1 for stop in SENTENCE_ENDS)])
        high = min(len(folded), at + _AHEAD, max(next_label, at + 1))
        ends = [found for stop in SENTENCE_ENDS if (found := folded.find(stop, at, high)) >= 0]
        end = min(ends, default=high)
        self.sentence = Sentence(folded, start, max(end, at + 1), self.tables)
        return self.sentence


def all_amounts(folded: str, tables: Tables) -> Iterator[Amount]:
    """Whole and destroyed amounts, merged in text order."""
    whole = tables.scanner.amounts(folded)
    broken = iter(masked(folded, tables.units))
    next_broken = next(broken, None)
    done = 0
    for amount in whole:
        while next_broken is not None and next_broken.start < amount.start:
            if next_broken.start >= done and next_broken.end <= amount.start:
                yield next_broken
            next_broken = next(broken, None)
        done = amount.end
        yield amount
    while next_broken is not None:
        if next_broken.start >= done:
            yield next_broken
        next_broken = next(broken, None)
