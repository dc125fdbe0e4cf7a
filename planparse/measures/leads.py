"""The sentences that introduce lists (引导句): 今年购置：, 现从以下几方面入手。"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from planparse.document import Section

# 现将工作情况和安排如下: the report comes first.
BOTH = re.compile("情况|总结|回顾|完成")
# 来年，拟从以下几处着力。 needs no colon.
_FOLLOWING = re.compile("(?:以下|如下|下列|下面|这|几)[一-鿿]{0,8}[。.]$")
# It stands close before its list.
_LEAD_LIMIT, _LEAD_SPAN = 90, 4000


class Leads:
    """The lead-ins of one text's lists, each looked for once."""

    def __init__(self, folded: str, sections: Sequence[Section], section_starts: Sequence[int]) -> None:
        self.folded = folded
        self.sections = sections
        self.section_starts = section_starts
        self._known: dict[tuple[int | None, int | None, str | None], tuple[int, int] | None] = {}

    def lead(self, section: Section) -> tuple[int, int] | None:
        """The sentence that introduces the list a section is an item of (今年购置：), None where there is none."""
        key = (section.piece, section.parent, section.style)
        if key not in self._known:
            self._known[key] = self._find(section)
        return self._known[key]

    def _find(self, section: Section) -> tuple[int, int] | None:
        first = section.start
        i = bisect_left(self.section_starts, section.start)
        while i > 0 and self.sections[i - 1].start > section.start - _LEAD_SPAN:
            i -= 1
            other = self.sections[i]
            if (other.piece, other.parent) == (section.piece, section.parent):
                if other.style != section.style:
                    # 第一，…第三，… above 一、 is a list of its own.
                    break
                first = other.start
        end = len(self.folded[max(0, first - _LEAD_LIMIT) : first].rstrip()) + max(0, first - _LEAD_LIMIT)
        low = max(0, end - _LEAD_LIMIT)
        start = max(low, *(self.folded.rfind(stop, low, end - 1) + 1 for stop in "。！？；\n")) if end else 0
        if end and self.folded[end - 1] in ":：":
            return start, end
        following = _FOLLOWING.search(self.folded, start, end) if end else None
        return (start, end) if following is not None and not BOTH.search(self.folded, start, end) else None
