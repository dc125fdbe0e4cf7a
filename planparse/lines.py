"""Lines of a folded text, without the blanks at either side and without the empty ones."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Line(NamedTuple):
    """A line that is not empty: ``[start, end)`` without blanks at its sides, ``indent`` blanks before it (缩进)."""

    start: int
    end: int
    indent: int


def split_lines(folded: str) -> list[Line]:
    """The lines of a folded text (see :mod:`planparse.fold`) that hold more than blanks, in text order."""
    lines: list[Line] = []
    # This runs several times over every page: tuples are made without the detour over Line's own constructor.
    make, append = tuple.__new__, lines.append
    at = 0
    for part in folded.split("\n"):
        if size := len(part):
            stripped = part.strip(" ")
            width = len(stripped)
            if width == size:
                append(make(Line, (at, at + size, 0)))
            elif width:
                indent = size - len(part.lstrip(" "))
                append(make(Line, (at + indent, at + indent + width, indent)))
        at += size + 1
    return lines


def line_at(starts: list[int], offset: int) -> int:
    """The index of the last line that starts at or before ``offset``, -1 where there is none."""
    return bisect_right(starts, offset) - 1
