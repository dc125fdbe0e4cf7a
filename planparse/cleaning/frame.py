"""What stands around a text (页框): words there that may be its title, and the lists under a site's own headings."""

from __future__ import annotations

import re

from planparse.cleaning.page import Page

# A page whose title nobody knows may have it here.
FRAME = frozenset({"navigation", "page_metadata"})
_LONGEST_TITLE = 60
_TITLE_AT_END = re.compile(
    r"([^，。；：:>|｜/_—\- \n]{4,50}(?:计[划画]|总结|方案|要点|规划))(?:[（(【][^）)】]{1,12}[)）】])?"
    r"(?:\.(?:docx?|pdf|wps|txt)(?:VIP)?)?\Z"
)
# The items under a heading of the site's, such as its hints on writing.
_COUNTED = re.compile(r"[(（]?(\d|[一二三四五六七八九])[、.．)）]")
_NUMERALS = "一二三四五六七八九"
_LONGEST_ITEM = 60


def is_only_title(page: Page, start: int, end: int) -> bool:
    """Whether words end like a title, perhaps with its file's ending, and the page has no such words elsewhere."""
    words = page.folded[max(start, end - _LONGEST_TITLE) : end]
    match = _TITLE_AT_END.search(words)
    if match is None:
        return False
    return page.title is None or (match.start() == 0 and page.folded.count(match[1]) < 2)


def end_of_list(page: Page, number: int) -> int:
    """Where the numbered lines end that follow a line at once and count up from one; short, and not the last line."""
    for counted, last in enumerate(range(number, len(page.lines) - 1)):
        line, below = page.lines[last], page.lines[last + 1]
        label = _COUNTED.match(page.folded, below.start, below.end)
        if (
            label is None
            or _value(label[1]) != counted + 1
            or below.end - below.start > _LONGEST_ITEM
            or page.folded.count("\n", line.end, below.start) > 1
        ):
            return line.end
    return page.lines[number].end


def _value(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else _NUMERALS.find(numeral) + 1
