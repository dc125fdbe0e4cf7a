"""An amount in its place (数值的位置): what its role is weighed from."""

from __future__ import annotations

from typing import NamedTuple

from planparse.document import Piece, Section
from planparse.measures.sentence import Sentence

# Behind it stand the parts of a whole.
PART = "其中"


class Spot(NamedTuple):
    """The amount at ``[start, end)`` of a folded text, in its sentence, section and piece.

    ``clause_start`` and ``clause_end`` are those of its clause; ``head`` is the span of its table column's head;
    ``year`` is the plan's; ``group`` its unit's.
    """

    folded: str
    sentence: Sentence
    start: int
    end: int
    clause_start: int
    clause_end: int
    head: tuple[int, int] | None
    section: Section | None
    piece: Piece | None
    year: int | None
    group: str


def semicolon(spot: Spot) -> int:
    """Where the next semicolon stands behind the clause, or the sentence's end."""
    folded, low, high = spot.folded, spot.clause_end, spot.sentence.end
    return min((at for at in (folded.find("；", low, high), folded.find(";", low, high)) if at >= 0), default=high)
