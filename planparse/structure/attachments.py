"""Attachments inside a piece (附件, 附送): a document of its own, whose numbering is its own."""

from __future__ import annotations

import re

_ATTACHMENT = re.compile(
    r"(?:(?<=[。；！？!?;\n])|\A) {0,40}+(附 ?(?:送|件|录|属档案)? ?[一二三四五六七八九十\d]{0,2} ?[:：]"
    r"|附 ?(?:件|属档案) ?[一二三四五六七八九十\d]{0,2}(?= {0,9}(?:\n|\Z)))"
)


def find_attachments(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the words that open an attachment in ``folded[start:end]``."""
    if folded.find("附", start, end) < 0:
        return []
    return [(start + m.start(1), start + m.end(1)) for m in _ATTACHMENT.finditer(folded[start:end])]
