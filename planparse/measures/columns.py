"""The column of a table that an amount stands in (表列): what its head says of time and role.

A table set as lines: cells apart by blanks, no sentence in them, as many in each line as in the line above.
"""

from __future__ import annotations

import re

_APART = re.compile(r"[ \t|｜]+")
_CELL = re.compile(r"[^ \t|｜]+")
_SENTENCE = re.compile("[，。；：]")
_NUMBER = re.compile("[0-9.%％]*[0-9%％]")
_LONGEST_LINE = 120
_MOST_LINES = 40
_FEWEST_CELLS = 2


def column_head(folded: str, start: int) -> tuple[int, int] | None:
    """The span of the head above the amount at ``start``, None where it stands in no table.

    The head is the cell of the same place in the nearest line above that has no amount there.
    """
    line = _line_start(folded, start)
    if line < 0 or _APART.search(folded, line, start) is None:
        return None
    cells = _cells(folded, line)
    place = sum(1 for cell in cells if cell[1] <= start)
    if place == 0 or len(cells) < _FEWEST_CELLS:
        return None
    for _ in range(_MOST_LINES):
        end = line
        while end and folded[end - 1] == "\n":
            end -= 1
        if not end:
            return None
        line = _line_start(folded, end)
        above = _cells(folded, line) if line >= 0 else []
        if len(above) != len(cells):
            return None
        begin, close = above[place]
        if _NUMBER.match(folded, begin, close) is None or "年" in folded[begin:close]:
            return begin, close
    return None


def _line_start(folded: str, at: int) -> int:
    """Where the line around ``at`` starts, -1 where that is too far."""
    low = max(0, at - _LONGEST_LINE)
    found = folded.rfind("\n", low, at)
    return found + 1 if found >= 0 or low == 0 else -1


def _cells(folded: str, line: int) -> list[tuple[int, int]]:
    """The cells of the line that starts at ``line``; none where it is a sentence."""
    end = folded.find("\n", line, line + _LONGEST_LINE)
    if end < 0:
        end = min(len(folded), line + _LONGEST_LINE)
    if _SENTENCE.search(folded, line, end) is not None:
        return []
    return [match.span() for match in _CELL.finditer(folded, line, end)]
