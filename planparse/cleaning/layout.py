"""How a page sets its lines (版式): to a width, indented, so far apart; what a hard wrap is told by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from planparse.cleaning.page import Page
from planparse.lines import Line

TERMINAL = "。！？!?；;：:…"
CLOSERS = "”’』」）)】》〉"
# Lines of prose have this many characters, and a page with fewer of them has no habits.
_LONG, _LONG_NEEDED = 24, 6


class Habits(NamedTuple):
    """How this page sets its lines: width of the wrapped ones or 0, whether Latin counts half in it, paragraphs
    indented, usual number of breaks, whether nearly all lines stand so far apart, whether its long lines end with their
    sentences, and what lines lost, by their starts."""

    column: int
    halves: bool
    indented: bool
    gap: int
    even: bool
    ended: bool = False
    lost: Mapping[int, str] = MappingProxyType({})


def habits_of(page: Page, lost: Sequence[tuple[int, str]]) -> Habits:
    """The habits of a page, and what was taken out of its lines: ``lost`` says where and what."""
    return Habits(*_column(page), _indents(page), *_gap(page), _ends_lines(page), _by_line(page, lost))


def _column(page: Page) -> tuple[int, bool]:
    """The line width that unended lines pile up at (折行宽度) or 0, and whether what is half as wide counts half.

    Some exports count characters, some what they take in print; the measure under which more lines agree is right.
    """
    lines = [x for x in page.lines if x.end - x.start >= 12 and page.folded[x.end - 1] not in TERMINAL]
    if len(lines) < 4:
        return 0, False
    found = []
    for halves in (True, False):
        widths = Counter(_width(page, line, halves) for line in lines)
        best = max(widths, key=lambda w: (widths[w] + widths[w - 1] + widths[w + 1], w))
        found.append((widths[best] + widths[best - 1] + widths[best + 1], halves, best))
    piled, halves, best = max(found)
    if piled < 4 or piled * 2 < len(lines):
        return 0, False
    # A page with paragraphs on one line each is not set to a width.
    longer = 0
    for line in page.lines:
        if line.end - line.start + line.indent > best + 4 and _width(page, line, halves) > best + 4:
            longer += 1
            if longer * 6 > piled:
                return 0, False
    return best, halves


def _width(page: Page, line: Line, halves: bool) -> int:
    """A line's width with its indent, in characters, or in Chinese ones: what is half as wide counts half."""
    text = page.folded[line.start : line.end]
    return line.indent + len(text) - (_latin(text) // 2 if halves else 0)


def _latin(text: str) -> int:
    return len(text.encode("ascii", "ignore"))


def at_column(page: Page, line: Line, habits: Habits) -> bool:
    """Whether a line is as wide as the page's wrapped lines, what it lost counted."""
    if not habits.column:
        return False
    lost = habits.lost.get(line.start, "")
    width = _width(page, line, habits.halves) + len(lost) - (_latin(lost) // 2 if habits.halves else 0)
    return abs(width - habits.column) <= 2


def _indents(page: Page) -> bool:
    """Whether paragraphs of this page begin with blanks (首行缩进)."""
    return sum(line.indent >= 2 for line in page.lines) * 4 >= len(page.lines) and len(page.lines) >= 4


def breaks_between(page: Page, above: Line, below: Line) -> int:
    """The line breaks between two lines that follow each other."""
    return page.folded.count("\n", above.end, below.start)


def _gap(page: Page) -> tuple[int, bool]:
    """How many line breaks usually stand between two lines, and whether that is so nearly everywhere."""
    counts = Counter(breaks_between(page, above, below) for above, below in pairwise(page.lines[:400]))
    if not counts:
        return 1, False
    gap, times = counts.most_common(1)[0]
    return gap, times >= 8 and times * 5 >= counts.total() * 4


def _ends_lines(page: Page) -> bool:
    """Whether nearly all lines of some length end with a sentence: then one that does not is broken."""
    ends = [page.folded[x.end - 1] in TERMINAL + CLOSERS for x in page.lines if x.end - x.start >= _LONG]
    return len(ends) >= _LONG_NEEDED and sum(ends) * 5 >= len(ends) * 4


def _by_line(page: Page, lost: Sequence[tuple[int, str]]) -> dict[int, str]:
    taken: dict[int, str] = {}
    for at, words in lost:
        start = page.lines[page.line_of(at)].start
        taken[start] = taken.get(start, "") + words
    return taken
